//! A candidate: one section that the cluster proposes, evaluated and scored by its own words.

use std::collections::BTreeSet;
use std::convert::Infallible;

use crate::analysis::{Language, Words, parts};
use crate::article::FilterFacts;
use crate::engine::ranking::{Counts, Evidence, Score, ScoreBuffers, Scorer};
use crate::query::{
    Field, Filter, FormKind, Leaves, Query, QueryWord, Term, WordMatcher, evaluate, occurrences,
};

/// Scores the candidates of one query: no form is compared or stemmed twice.
pub(super) struct CandidateScorer<'q> {
    query: &'q Query,
    scorer: Scorer,
    /// The words of each term, negated ones among them, as the evaluator meets the terms.
    terms: Vec<TermWords>,
    matcher: WordMatcher<'q>,
    buffers: ScoreBuffers,
}

/// The numbers of a term's words.
#[derive(Debug, Clone)]
struct TermWords {
    words: std::ops::Range<usize>,
    joined: Option<usize>,
}

/// A candidate: its texts, and what filters ask of its article.
pub(super) struct ProposedSection<'a> {
    pub(super) order: u32,
    pub(super) told: Option<Language>,
    /// Title, headings, body and name.
    pub(super) texts: [&'a str; Field::COUNT],
    pub(super) facts: FilterFacts<'a>,
}

impl<'q> CandidateScorer<'q> {
    pub(super) fn new(query: &'q Query, scorer: Scorer) -> CandidateScorer<'q> {
        let (mut words, mut terms) = (Vec::new(), Vec::new());
        for (term, _) in query.all_terms() {
            let first = words.len();
            words.extend(&term.words);
            let behind = words.len();
            words.extend(&term.joined);
            terms.push(TermWords {
                words: first..behind,
                joined: term.joined.as_ref().map(|_| behind),
            });
        }
        CandidateScorer {
            query,
            buffers: scorer.buffers(),
            scorer,
            terms,
            matcher: WordMatcher::new(words),
        }
    }

    /// What each term weighs, in the order of the query.
    pub(super) fn weights(&self) -> Vec<f64> {
        self.scorer.terms().iter().map(|term| term.weight).collect()
    }

    /// The score of a candidate, where it is a hit.
    pub(super) fn score(&mut self, candidate: &ProposedSection<'_>) -> Option<f64> {
        let (found, lens) = self.read(candidate);
        let mut looked = Looked {
            found: &found,
            terms: &self.terms,
            next: 0,
            candidate,
        };
        let Ok(evaluated) = evaluate(&self.query.root, &mut looked);
        if !evaluated.matches {
            return None;
        }
        let mut terms = Vec::new();
        evaluated.satisfied(&mut |place, stands: &Stands| terms.push((place, stands)));
        let mut matched = Matched {
            order: candidate.order,
            lens,
            terms,
        };
        match self.scorer.score(&mut matched, &mut self.buffers, |_| true) {
            Score::Hit { score, .. } => Some(score),
            Score::NoHit | Score::Below(_) => None,
        }
    }

    /// Where each word of the query stands in the candidate, and how many words each field has.
    fn read(&mut self, candidate: &ProposedSection<'_>) -> (Vec<FoundWord>, [u64; Field::COUNT]) {
        let mut found = vec![FoundWord::default(); self.matcher.count()];
        let mut lens = [0; Field::COUNT];
        let words: Vec<&QueryWord> = (0..self.matcher.count())
            .filter_map(|number| self.matcher.word(number))
            .collect();
        let takes_parts = self.matcher.takes_parts();
        let mut told = self.matcher.in_sections_told(candidate.told);
        for (f, text) in candidate.texts.into_iter().enumerate() {
            let mut take = |form: &str, position: u32| {
                for &number in told.matching(form) {
                    let (Some(own), Some(word)) = (found.get_mut(number), words.get(number)) else {
                        continue;
                    };
                    own.take(f, word.kind_of(form), form, position);
                }
            };
            let mut stream = Words::new(text);
            while stream.advance() {
                lens[f] += 1;
                take(stream.form(), stream.position());
            }
            if takes_parts {
                for part in parts(text) {
                    take(&part.form, part.position);
                }
            }
        }
        for positions in found.iter_mut().flat_map(|own| &mut own.positions) {
            positions.sort_unstable();
        }
        (found, lens)
    }
}

/// Where a word of the query stands.
#[derive(Debug, Clone, Default)]
struct FoundWord {
    /// In each field, parts of other words left out.
    positions: [Vec<u32>; Field::COUNT],
    written: [u32; Field::COUNT],
    others: [u32; Field::COUNT],
    parts: [BTreeSet<String>; Field::COUNT],
}

impl FoundWord {
    fn take(&mut self, field: usize, kind: FormKind, form: &str, position: u32) {
        match kind {
            FormKind::Written => self.written[field] += 1,
            FormKind::Other => self.others[field] += 1,
            // Each part counts once.
            FormKind::Part => {
                self.parts[field].insert(form.to_string());
                return;
            }
        }
        self.positions[field].push(position);
    }
}

/// Where a term stands in each field.
#[derive(Debug, Clone, Default)]
struct Stands {
    counts: Counts,
    positions: [Vec<u32>; Field::COUNT],
}

/// The terms of a query looked up in one candidate.
struct Looked<'a, 'c> {
    found: &'a [FoundWord],
    terms: &'a [TermWords],
    /// The place of the term that comes next.
    next: usize,
    candidate: &'a ProposedSection<'c>,
}

impl Looked<'_, '_> {
    fn stands(&self, term: &Term, own: &TermWords, f: usize) -> ([u32; 3], Vec<u32>) {
        let words = self.found.get(own.words.clone()).unwrap_or_default();
        if let [word] = words {
            let parts = word.parts[f].len() as u32;
            let counts = [word.written[f], word.others[f], parts];
            return (counts, word.positions[f].clone());
        }
        let lists: Vec<&[u32]> = words.iter().map(|w| w.positions[f].as_slice()).collect();
        let written = match lists.iter().all(|list| !list.is_empty()) {
            true => occurrences(&lists, term.slop).len() as u32,
            false => 0,
        };
        let joined = own.joined.and_then(|joined| self.found.get(joined));
        let others = joined.map_or(0, |word| word.positions[f].len() as u32);
        ([written, others, 0], Vec::new())
    }
}

impl Leaves for Looked<'_, '_> {
    type Found = Stands;
    type Error = Infallible;

    fn term(&mut self, term: &Term, _: Option<usize>) -> Result<Stands, Infallible> {
        let own = self.terms.get(self.next).cloned();
        self.next += 1;
        let mut stands = Stands::default();
        let Some(own) = own else {
            return Ok(stands);
        };
        for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
            let f = field.index();
            let ([written, others, parts], positions) = self.stands(term, &own, f);
            stands.counts.exact[f] = written;
            stands.counts.others[f] = others;
            stands.counts.parts[f] = parts;
            stands.positions[f] = positions;
            stands.counts.misspelled[f] = written + others + parts > 0
                && term.has_spelling()
                && !term.occurs_spelled(self.candidate.texts[f], self.candidate.told);
        }
        Ok(stands)
    }

    fn occurs(&self, found: &Stands) -> bool {
        Field::INDEXES
            .into_iter()
            .any(|f| found.counts.all(f) > 0 && !found.counts.misspelled[f])
    }

    fn passes(&mut self, filter: &Filter) -> bool {
        filter.passes(&self.candidate.facts)
    }
}

/// The terms of a matching candidate that count.
struct Matched<'a> {
    order: u32,
    lens: [u64; Field::COUNT],
    terms: Vec<(usize, &'a Stands)>,
}

impl Evidence for Matched<'_> {
    fn order(&self) -> u32 {
        self.order
    }

    fn len(&self, field: usize) -> u64 {
        self.lens[field]
    }

    fn terms(&mut self, out: &mut Vec<(usize, Counts)>) {
        let terms = self.terms.iter();
        out.extend(terms.map(|(place, stands)| (*place, stands.counts)));
    }

    fn positions(&mut self, _: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]) {
        for (place, stands) in &self.terms {
            if let Some(own) = out.get_mut(*place) {
                own.clone_from(&stands.positions);
            }
        }
    }
}
