//! Looks a quotation up: the sections that hold its words in a row, else those that hold its rarest words; what it is
//! beside each of them is told by laying it over their words.

use std::collections::HashMap;

use super::classify::{Piece, Standing};
use super::extract::Quotation;
use super::languages::Languages;
use super::matching::{Match, SearchedText};
use super::omission::Omission;
use super::pattern::{Fragment, Pattern, Readings};
use super::sections::{KeptSection, Sections};
use super::work::{Limit, Work};
use crate::article::Place;
use crate::engine::{EngineError, Hit};
use crate::query::{Field, Node};
use crate::search::{Citation, Error, Index, SectionReader, Selection, SourceState, exact};
use crate::source::StoredPath;

/// How many sections that hold all the words in a row are looked at: signs, marks and case are told only there.
const MAX_EXACT: usize = 200;
/// How many sections that hold the rarest words are looked at.
const MAX_SIMILAR: usize = 10;
/// The fewest words of half a fragment that are looked for in a row.
const MIN_HALF: usize = 2;
/// How many of the rarest words are looked for.
const MAX_RARE: usize = 8;
/// How many words of a fragment are looked for in a row; the others are told in the section.
const MAX_ROW: usize = 64;
/// How many halves of fragments are looked for.
const MAX_HALVES: usize = 32;
/// Up to which share of its characters a quotation may differ and still be near: one in so many.
const NEAR: usize = 4;
/// A quotation of more words is not looked for: no section is as long as twice that.
const MAX_WORDS: usize = 5_000;
/// A quotation with more gaps and brackets is not looked for.
const MAX_MARKS: usize = 100;
/// What reading and searching a section takes beside its text, in steps.
const SEARCH_STEPS: usize = 2_000;

/// A quotation and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedQuotation {
    /// The quotation.
    pub quotation: Quotation,
    /// How it stands to the sources.
    pub standing: Standing,
    /// Where it stands, unless it is absent.
    pub found: Option<FoundQuotation>,
    /// The limit that was met, where it is unchecked.
    pub limit: Option<Limit>,
}

/// Where a quotation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundQuotation {
    /// The section's id.
    pub id: String,
    /// The path of its source.
    pub path: StoredPath,
    /// Where the first quoted word stands in the source.
    pub start: Place,
    /// Where the last one ends, exclusive.
    pub end: Place,
    /// What the source says; `[…]` where the quotation leaves something out.
    pub text: String,
    /// By how many characters they differ.
    pub distance: usize,
    /// Both beside each other.
    pub pieces: Vec<Piece>,
    /// What the gaps and brackets of the quotation leave out or replace.
    pub left_out: Vec<Omission>,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

/// Judges quotations against an index.
#[derive(Debug)]
pub struct Judge<'a> {
    reader: SectionReader<'a>,
    /// How many sections hold each form that was looked up.
    dfs: HashMap<String, u64>,
    languages: Languages,
    work: Work,
    sections: Sections,
    /// What was judged in the selected sources, by the quotation's text.
    judged: HashMap<String, Judgement>,
}

/// How a quotation stands, where, and which limit it met.
type Judgement = (Standing, Option<FoundQuotation>, Option<Limit>);

/// Why a quotation could not be judged.
enum Stop {
    Error(Error),
    Limit(Limit),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        match error {
            Error::Engine(EngineError::Limit(_)) => Stop::Limit(Limit::Query),
            error => Stop::Error(error),
        }
    }
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Stop {
        Stop::Limit(limit)
    }
}

/// The best section so far.
struct BestMatch {
    matched: Match,
    pattern: Pattern,
    kept: KeptSection,
    /// Where it was found.
    field: Field,
}

impl BestMatch {
    fn holds(&self) -> bool {
        self.matched.standing <= Standing::Normalised
    }
}

impl<'a> Judge<'a> {
    /// Judges against `index`.
    #[must_use]
    pub fn new(index: &'a Index) -> Judge<'a> {
        Judge {
            reader: SectionReader::new(index),
            dfs: HashMap::new(),
            languages: Languages::new(index),
            work: Work::new(),
            sections: Sections::default(),
            judged: HashMap::new(),
        }
    }

    /// Looks the next quotations up in these sources only.
    pub fn select(&mut self, sources: Selection) {
        self.reader.select(sources);
        self.judged.clear();
    }

    /// Looks a quotation up.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn judge(&mut self, quotation: Quotation) -> Result<JudgedQuotation, Error> {
        if !self.judged.contains_key(&quotation.text) {
            let verdict = self.verdict(&quotation.text)?;
            self.judged.insert(quotation.text.clone(), verdict);
        }
        let verdict = self.judged.get(&quotation.text).cloned();
        let (standing, found, limit) = verdict.unwrap_or((Standing::Absent, None, None));
        Ok(JudgedQuotation {
            quotation,
            standing,
            found,
            limit,
        })
    }

    fn verdict(&mut self, text: &str) -> Result<Judgement, Error> {
        self.work.begin();
        let mut best = None;
        let limit = match self.look_up(text, &mut best) {
            Ok(()) => None,
            Err(Stop::Limit(limit)) => Some(limit),
            Err(Stop::Error(error)) => return Err(error),
        };
        Ok(match (best, limit) {
            (Some(best), limit) if limit.is_none() || best.holds() => {
                (best.matched.standing, Some(self.found(&best)), None)
            }
            (_, Some(limit)) => (Standing::Unchecked, None, Some(limit)),
            (_, None) => (Standing::Absent, None, None),
        })
    }

    /// Looks for the best section.
    fn look_up(&mut self, text: &str, best: &mut Option<BestMatch>) -> Result<(), Stop> {
        let readings = Readings::new(text);
        if readings.marks() > MAX_MARKS {
            return Err(Limit::Gaps.into());
        }
        let (literal, whole) = (readings.literal(), readings.whole());
        if literal.words() > MAX_WORDS {
            return Err(Limit::Words.into());
        }
        for pattern in readings.all() {
            // A headline may be quoted too.
            for field in [Field::Body, Field::Heading, Field::Title] {
                if !best.as_ref().is_some_and(BestMatch::holds) {
                    let in_a_row = self.in_a_row(&pattern, field)?;
                    self.look_at(&pattern, &in_a_row, field, best, false)?;
                }
            }
        }
        let is_found = best
            .as_ref()
            .is_some_and(|best| best.matched.standing <= Standing::Elided);
        if is_found || whole.fragments.is_empty() {
            return Ok(());
        }
        let similar = self.similar(&whole)?;
        if whole != literal {
            self.look_at(&literal, &similar, Field::Body, best, true)?;
        }
        self.look_at(&whole, &similar, Field::Body, best, true)
    }

    /// The sections that hold each fragment's words in a row.
    fn in_a_row(&mut self, pattern: &Pattern, field: Field) -> Result<Vec<Hit>, Stop> {
        self.work.spend(SEARCH_STEPS)?;
        let term = |fragment: &Fragment| {
            let forms = fragment.forms.iter().take(MAX_ROW).map(String::as_str);
            Node::Term(exact(&forms.collect::<Vec<_>>(), field))
        };
        let terms = pattern.fragments.iter().map(term);
        Ok(self.reader.find(Node::And(terms.collect()), MAX_EXACT)?)
    }

    /// The sections that hold most of the rarest words, and halves of the fragments in a row.
    fn similar(&mut self, pattern: &Pattern) -> Result<Vec<Hit>, Stop> {
        let mut forms: Vec<&str> = pattern
            .fragments
            .iter()
            .flat_map(|own| &own.forms)
            .map(String::as_str)
            .collect();
        forms.sort_unstable();
        forms.dedup();
        self.work.spend(SEARCH_STEPS + forms.len())?;
        let mut rare = Vec::new();
        for form in forms {
            let df = match self.dfs.get(form) {
                Some(&df) => df,
                None => {
                    let df = self.reader.df(form)?;
                    self.dfs.insert(form.to_string(), df);
                    df
                }
            };
            if df > 0 {
                rare.push((df, form));
            }
        }
        rare.sort_unstable();
        rare.truncate(MAX_RARE);
        if rare.is_empty() {
            return Ok(Vec::new());
        }
        let mut terms: Vec<Node> = rare
            .iter()
            .map(|(_, form)| Node::Term(exact(&[form], Field::Body)))
            .collect();
        terms.extend(halves(pattern));
        Ok(self.reader.find(Node::Or(terms), MAX_SIMILAR)?)
    }

    /// Compares a reading with sections, also where no place has all its words if it `may_differ`.
    fn look_at(
        &mut self,
        pattern: &Pattern,
        hits: &[Hit],
        field: Field,
        best: &mut Option<BestMatch>,
        may_differ: bool,
    ) -> Result<(), Stop> {
        for hit in hits {
            if best
                .as_ref()
                .is_some_and(|best| best.matched.standing == Standing::Verbatim)
            {
                break;
            }
            self.work.spend(SEARCH_STEPS)?;
            let kept = self.sections.of(&self.reader, hit)?;
            let section = SearchedText::new(&kept, field, self.languages.of(&kept, pattern));
            let mut matched = section.find(pattern, &mut self.work)?;
            if matched.is_none() && may_differ {
                let (nearest, cost) = section.nearest(pattern, &mut self.work)?;
                matched = Some(nearest).filter(|own| cost == 0 || is_near(own, pattern));
            }
            let rank = |matched: &Match| (matched.standing, matched.distance);
            let is_better = |own: &Match| {
                best.as_ref()
                    .is_none_or(|best| rank(own) < rank(&best.matched))
            };
            if let Some(matched) = matched.filter(is_better) {
                let pattern = pattern.clone();
                *best = Some(BestMatch {
                    matched,
                    pattern,
                    kept,
                    field,
                });
            }
        }
        Ok(())
    }

    fn found(&mut self, best: &BestMatch) -> FoundQuotation {
        let BestMatch {
            matched,
            pattern,
            kept,
            field,
        } = best;
        let read = kept.read.as_ref();
        let covered = matched.ranges.iter().flatten();
        let start = covered.clone().map(|range| range.start).min().unwrap_or(0);
        let end = covered.map(|range| range.end).max().unwrap_or(start);
        let citation = match field {
            Field::Body => self.reader.cite(read, &(start..end)),
            // No place in the line of a headline is kept.
            Field::Heading | Field::Title | Field::Name => Citation {
                start: read.section.start,
                end: read.section.start,
                verified: match self.reader.state(read) {
                    SourceState::Same => Some(true),
                    SourceState::Changed | SourceState::Gone => Some(false),
                    SourceState::Unknown => None,
                },
            },
        };
        let section = SearchedText::new(kept, *field, self.languages.of(kept, pattern));
        FoundQuotation {
            id: read.id.clone(),
            path: read.record.source.path.clone(),
            start: citation.start,
            end: citation.end,
            text: section.quoted_text(matched),
            distance: matched.distance,
            pieces: section.pieces(pattern, matched),
            left_out: matched.left_out(),
            verified: citation.verified,
        }
    }
}

/// Whether a match differs in few enough characters.
fn is_near(matched: &Match, pattern: &Pattern) -> bool {
    let chars: usize = pattern
        .fragments
        .iter()
        .map(|own| own.text.chars().count())
        .sum();
    matched.standing < Standing::Near || matched.distance * NEAR <= chars
}

/// The halves of each fragment in a row: one word that differs leaves one of them whole, however common its words are.
fn halves(pattern: &Pattern) -> Vec<Node> {
    let mut terms = Vec::new();
    for fragment in &pattern.fragments {
        let words: Vec<&str> = fragment.forms.iter().map(String::as_str).collect();
        if words.len() >= 2 * MIN_HALF {
            let (first, second) = words.split_at(words.len() / 2);
            terms.extend([first, second].map(|half| {
                let row = half.get(..MAX_ROW).unwrap_or(half);
                Node::Term(exact(row, Field::Body))
            }));
        }
    }
    terms.truncate(MAX_HALVES);
    terms
}
