//! Looks a quotation up: the sections that hold its words in a row, else those that hold its rarest words; what it is
//! beside each of them is told by laying it over their words.

use std::collections::HashMap;
use std::ops::Range;

use super::align::align;
use super::classify::{Piece, Standing, pieces, standing};
use super::extract::Quotation;
use super::pattern::{Pattern, Token};
use crate::analysis::{Word, words};
use crate::article::Place;
use crate::engine::Hit;
use crate::query::{Field, Node};
use crate::search::{Citation, Error, Index, ReadSection, SectionReader, exact};
use crate::source::StoredPath;

/// How many sections that hold all the words in a row are looked at.
const MAX_EXACT: usize = 5;
/// How many sections that hold the rarest words are looked at.
const MAX_SIMILAR: usize = 10;
/// The fewest words of half a fragment that are looked for in a row.
const MIN_HALF: usize = 2;
/// How many of the rarest words are looked for.
const MAX_RARE: usize = 8;
/// Up to which share of its characters a quotation may differ and still be near: one in so many.
const NEAR: usize = 4;
/// How many cells the table of an alignment has at most; a longer section is not compared.
const MAX_CELLS: usize = 50_000_000;

/// A quotation and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedQuotation {
    /// The quotation.
    pub quotation: Quotation,
    /// How it stands to the sources.
    pub standing: Standing,
    /// Where it stands, unless it is absent.
    pub found: Option<Found>,
}

/// Where a quotation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
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
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

/// Judges quotations against an index.
#[derive(Debug)]
pub struct Judge<'a> {
    reader: SectionReader<'a>,
    /// How many sections hold each form that was looked up.
    dfs: HashMap<String, u64>,
}

/// The best section so far.
struct Best {
    standing: Standing,
    distance: usize,
    read: ReadSection,
    /// Where it was found.
    field: Field,
    /// The stretch of that field's text that each fragment lies on.
    ranges: Vec<Option<Range<usize>>>,
}

impl<'a> Judge<'a> {
    /// Judges against `index`.
    #[must_use]
    pub fn new(index: &'a Index) -> Judge<'a> {
        Judge {
            reader: SectionReader::new(index),
            dfs: HashMap::new(),
        }
    }

    /// Looks a quotation up.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn judge(&mut self, quotation: Quotation) -> Result<JudgedQuotation, Error> {
        let pattern = Pattern::new(&quotation.text);
        let mut best = None;
        if !pattern.tokens.is_empty() {
            // A headline may be quoted too.
            for field in [Field::Body, Field::Heading, Field::Title] {
                if !holds(&best) {
                    let in_a_row = self.in_a_row(&pattern, field)?;
                    self.look_at(&pattern, &in_a_row, field, &mut best)?;
                }
            }
            if !holds(&best) {
                let similar = self.similar(&pattern)?;
                self.look_at(&pattern, &similar, Field::Body, &mut best)?;
            }
        }
        let Some(best) = best else {
            return Ok(JudgedQuotation {
                quotation,
                standing: Standing::Absent,
                found: None,
            });
        };
        let standing = best.standing;
        let found = Some(self.found(&pattern, best));
        Ok(JudgedQuotation {
            quotation,
            standing,
            found,
        })
    }

    /// The sections that hold each fragment's words in a row.
    fn in_a_row(&self, pattern: &Pattern, field: Field) -> Result<Vec<Hit>, Error> {
        let fragments = 0..pattern.fragments.len();
        let terms = fragments.map(|fragment| Node::Term(exact(&pattern.words_of(fragment), field)));
        self.reader.find(Node::And(terms.collect()), MAX_EXACT)
    }

    /// The sections that hold most of the rarest words, and halves of the fragments in a row.
    fn similar(&mut self, pattern: &Pattern) -> Result<Vec<Hit>, Error> {
        let mut forms: Vec<&str> = pattern.tokens.iter().filter_map(Token::form).collect();
        forms.sort_unstable();
        forms.dedup();
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
        self.reader.find(Node::Or(terms), MAX_SIMILAR)
    }

    fn look_at(
        &self,
        pattern: &Pattern,
        hits: &[Hit],
        field: Field,
        best: &mut Option<Best>,
    ) -> Result<(), Error> {
        for hit in hits {
            if best
                .as_ref()
                .is_some_and(|best| best.standing == Standing::Verbatim)
            {
                break;
            }
            let read = self.reader.read(hit)?;
            let Some((standing, distance, ranges)) = compare(pattern, text_of(&read, field)) else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|best| (standing, distance) < (best.standing, best.distance))
            {
                *best = Some(Best {
                    standing,
                    distance,
                    read,
                    field,
                    ranges,
                });
            }
        }
        Ok(())
    }

    fn found(&mut self, pattern: &Pattern, best: Best) -> Found {
        let text = text_of(&best.read, best.field);
        let covered = best.ranges.iter().flatten();
        let start = covered.clone().map(|range| range.start).min().unwrap_or(0);
        let end = covered.map(|range| range.end).max().unwrap_or(start);
        let citation = match best.field {
            Field::Body => self.reader.cite(&best.read, &(start..end)),
            // No place in the line of a headline is kept.
            Field::Heading | Field::Title => Citation {
                start: best.read.section.start,
                end: best.read.section.start,
                verified: None,
            },
        };
        let mut shown = Vec::new();
        let mut all = Vec::new();
        for (fragment, range) in pattern.fragments.iter().zip(&best.ranges) {
            let source = range.clone().map_or("", |range| &text[range]);
            shown.push(source.split_whitespace().collect::<Vec<_>>().join(" "));
            if !all.is_empty() {
                all.push(Piece::Gap);
            }
            all.extend(pieces(&fragment.text, source));
        }
        Found {
            id: best.read.id,
            path: best.read.record.path,
            start: citation.start,
            end: citation.end,
            text: shown.join(" […] "),
            distance: best.distance,
            pieces: all,
            verified: citation.verified,
        }
    }
}

/// The halves of each fragment in a row: one word that differs leaves one of them whole, however common its words are.
fn halves(pattern: &Pattern) -> Vec<Node> {
    let mut terms = Vec::new();
    for fragment in 0..pattern.fragments.len() {
        let words = pattern.words_of(fragment);
        if words.len() >= 2 * MIN_HALF {
            let (first, second) = words.split_at(words.len() / 2);
            terms.extend([first, second].map(|half| Node::Term(exact(half, Field::Body))));
        }
    }
    terms
}

fn holds(best: &Option<Best>) -> bool {
    best.as_ref()
        .is_some_and(|best| best.standing <= Standing::Normalised)
}

/// The text of a field; of the headings only the section's own.
fn text_of(read: &ReadSection, field: Field) -> &str {
    let text = match field {
        Field::Body => Some(&read.section.text),
        Field::Heading => read.section.headings.last(),
        Field::Title => read.record.metadata.title.as_ref(),
    };
    text.map_or("", String::as_str)
}

type Compared = (Standing, usize, Vec<Option<Range<usize>>>);

/// What the quotation is beside a section; `None` where they have too little in common.
fn compare(pattern: &Pattern, text: &str) -> Option<Compared> {
    let section: Vec<Word> = words(text);
    if (pattern.tokens.len() + 1).saturating_mul(section.len() + 1) > MAX_CELLS {
        return None;
    }
    let spans = align(pattern, &section).spans;
    let range = |(first, last): (usize, usize)| section[first].range.start..section[last].range.end;
    let ranges: Vec<Option<Range<usize>>> = spans.into_iter().map(|span| span.map(range)).collect();
    let mut worst = Standing::Verbatim;
    let (mut sum, mut chars) = (0, 0);
    for (fragment, range) in pattern.fragments.iter().zip(&ranges) {
        let source = range.clone().map_or("", |range| &text[range]);
        let (standing, distance) = standing(fragment, source);
        worst = worst.max(standing);
        sum += distance;
        chars += fragment.text.chars().count();
    }
    (worst < Standing::Near || sum * NEAR <= chars).then_some((worst, sum, ranges))
}
