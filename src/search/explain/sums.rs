//! What a score is made of, added up in the order that the definition says.

use super::facts::{CoverFacts, PairFacts, ScoreFacts};
use super::section_words::SectionWords;
use crate::engine::ranking::{Totals, WINDOW, pairs};
use crate::query::{Field, Query, Term, nearness};

/// What a score is made of.
pub(super) struct ScoreSums {
    base: f64,
    /// The weight of the terms that count.
    weight: f64,
    /// The weight of all terms.
    of: f64,
    cover: f64,
    covers: Vec<CoverFacts>,
    near: f64,
    pairs: Vec<PairFacts>,
}

impl ScoreSums {
    pub(super) fn facts(self, totals: &Totals, place: Option<usize>) -> ScoreFacts {
        let has_terms = self.of > 0.0;
        let (coordination, counted) = match has_terms {
            true => (
                totals.ranking.coordination(self.weight, self.of),
                self.weight / self.of,
            ),
            false => (1.0, 1.0),
        };
        ScoreFacts {
            score: coordination * ((self.base + self.cover) + self.near),
            coordination,
            counted,
            base: self.base,
            cover: self.cover,
            near: self.near,
            rank: place.map(|i| i + 1),
            covers: self.covers,
            pairs: self.pairs,
        }
    }
}

/// A term that scores, as it stands in the section.
pub(super) struct Counted {
    /// Its place among all of the query.
    pub(super) index: usize,
    pub(super) weight: f64,
    /// How often it occurs in each field, parts of other words left out.
    pub(super) whole: [u64; Field::COUNT],
    /// In which fields it is spelled as the query asks for.
    pub(super) spelled: [bool; Field::COUNT],
    pub(super) contribution: f64,
}

/// The terms of a query while they are looked at in its order.
pub(super) struct TermTally<'q> {
    pub(super) terms: Vec<&'q Term>,
    /// How many were looked at.
    pub(super) at: usize,
    /// Their weight.
    pub(super) weight: f64,
    /// Those that count.
    pub(super) counted: Vec<Counted>,
}

/// The words of a section and what its score is made with.
pub(super) struct SectionScore<'a> {
    pub(super) words: &'a SectionWords<'a>,
    pub(super) totals: &'a Totals,
    /// The order of the section in its article, 0-based.
    pub(super) order: u32,
}

impl SectionScore<'_> {
    /// Base, cover and nearness, added up in the order that the definition says.
    pub(super) fn sums(&self, query: &Query, tally: &TermTally<'_>) -> ScoreSums {
        let TermTally { terms, counted, .. } = tally;
        let (mut base, mut weight) = (0.0, 0.0);
        for term in counted {
            base += term.contribution;
            weight += term.weight;
        }
        let covers = self.covers(terms, counted);
        let mut cover = 0.0;
        for facts in &covers {
            cover += facts.contribution;
        }
        let of = |index: usize| counted.iter().find(|c| c.index == index);
        let (mut near, mut found) = (0.0, Vec::new());
        for (i, j) in pairs(query) {
            let (Some(first), Some(second)) = (of(i), of(j)) else {
                continue;
            };
            let both = [terms[i], terms[j]];
            if let Some(pair) = self.pair(both, first.weight.min(second.weight)) {
                near += pair.contribution;
                found.push(pair);
            }
        }
        ScoreSums {
            base,
            weight,
            of: tally.weight,
            cover,
            covers,
            near,
            pairs: found,
        }
    }

    /// The title and the heading, where terms that count stand in them.
    fn covers(&self, terms: &[&Term], counted: &[Counted]) -> Vec<CoverFacts> {
        let ranking = &self.totals.ranking;
        let mut covers = Vec::new();
        for field in [Field::Title, Field::Heading] {
            let f = field.index();
            let (mut weight, mut words) = (0.0, 0);
            for term in counted.iter().filter(|term| term.whole[f] > 0) {
                let own = terms[term.index];
                weight += term.weight;
                if !terms[..term.index]
                    .iter()
                    .any(|earlier| earlier.is_again(own))
                {
                    words += term.whole[f] * own.words.len() as u64;
                }
            }
            if words > 0 {
                let len = self.words.lens()[f];
                let factor = ranking.cover_factor(f, self.order);
                covers.push(CoverFacts {
                    field,
                    weight,
                    words,
                    len,
                    factor,
                    contribution: ranking.cover(factor, weight, words, len),
                });
            }
        }
        covers
    }

    fn pair(&self, [first, second]: [&Term; 2], idf: f64) -> Option<PairFacts> {
        let nearness = Field::ALL.map(|field| {
            let positions = |term: &Term| match term.covers(field) {
                true => self.words.positions(&term.words[0], field),
                false => Vec::new(),
            };
            nearness(&positions(first), &positions(second), WINDOW)
        });
        let lens = self.words.lens();
        let tf = (self.totals).frequency(nearness, &self.totals.norms(|field| lens[field]));
        let saturation = self.totals.ranking.saturation(tf);
        (tf > 0.0).then(|| PairFacts {
            words: [first.to_string(), second.to_string()],
            nearness,
            idf,
            tf,
            saturation,
            factor: self.totals.ranking.nearness,
            contribution: self.totals.ranking.pair(idf, tf),
        })
    }
}
