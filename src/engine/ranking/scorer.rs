//! The scorer: adds the ingredients up, for every engine alike.

use super::nearness::{WINDOW, pairs};
use super::totals::Totals;
use crate::query::{Field, FormKind, Query, Term, nearness};

/// The indexes of the fields that have lengths.
const MEASURED: [usize; Field::MEASURED] = [0, 1, 2];

/// How often a term occurs in each field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// As it was written.
    pub exact: [u32; Field::COUNT],
    /// In other forms.
    pub others: [u32; Field::COUNT],
    /// As a part of other words: the number of these parts, each counted once.
    pub parts: [u32; Field::COUNT],
    /// In which fields it occurs, but not in the spelling that is asked for.
    pub misspelled: [bool; Field::COUNT],
}

impl Counts {
    /// The occurrences of this kind in each field.
    pub fn of_kind(&mut self, kind: FormKind) -> &mut [u32; Field::COUNT] {
        match kind {
            FormKind::Written => &mut self.exact,
            FormKind::Other => &mut self.others,
            FormKind::Part => &mut self.parts,
        }
    }

    /// All occurrences in a field.
    #[must_use]
    pub fn all(&self, field: usize) -> u32 {
        self.whole(field) + self.parts[field]
    }

    /// The occurrences in a field that are no parts of other words.
    #[must_use]
    pub fn whole(&self, field: usize) -> u32 {
        self.exact[field] + self.others[field]
    }

    /// Whether it occurs in the heading, the text or the name, in the spelling that is asked for.
    #[must_use]
    pub fn is_own(&self) -> bool {
        [Field::Heading, Field::Body, Field::Name]
            .map(Field::index)
            .into_iter()
            .any(|field| self.all(field) > 0 && !self.misspelled[field])
    }
}

/// One matching section, as the scorer asks it.
pub trait Evidence {
    /// Its order in the article, 0-based.
    fn order(&self) -> u32;

    /// The words of a field that has a length.
    fn len(&self, field: usize) -> u64;

    /// Calls `each` for the terms that satisfy the query, in its order: its place among [`Query::terms`], and how often it
    /// occurs.
    fn terms(&mut self, each: &mut impl FnMut(usize, Counts));

    /// Adds the positions of the terms that nearness asks for, each in its place, for each field.
    fn positions(&mut self, scorer: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]);
}

/// What became of a section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Score {
    /// It matches through its article's title alone, and is no hit.
    NoHit,
    /// It is a hit, and surely below what was asked for.
    Below,
    /// It is a hit with this score.
    Hit(f64),
}

/// A term as it is scored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredTerm {
    /// W.
    pub weight: f64,
    /// Whether a section has to hold it.
    pub is_required: bool,
    /// Whether an earlier term is the same.
    pub is_again: bool,
    /// Whether nearness asks for its positions.
    pub is_paired: bool,
    /// Its words.
    pub words: u64,
}

/// Scores sections for one query.
#[derive(Debug, Clone)]
pub struct Scorer {
    totals: Totals,
    terms: Vec<ScoredTerm>,
    pairs: Vec<(usize, usize)>,
    /// The sum of the weights.
    weight: f64,
}

/// What the terms of a section add up to.
#[derive(Default)]
struct TermSums {
    base: f64,
    /// The weight of the terms that count.
    weight: f64,
    /// That of those in the title and in the heading.
    field_weight: [f64; 2],
    /// How many words of the title and the heading those are.
    field_words: [u64; 2],
    /// Whether a required term stands in the heading or the text.
    is_own: bool,
    /// The frequencies of the first terms that nearness asks for, all forms alike: pairs of them have no more.
    near: [f64; NEAR_TERMS],
}

/// So many terms have their own bound of nearness in a section.
const NEAR_TERMS: usize = 12;

impl Scorer {
    /// The scorer of a query; `idfs` are those of its terms, each the sum over its words.
    #[must_use]
    pub fn new(totals: Totals, query: &Query, idfs: &[f64]) -> Scorer {
        let (all, pairs) = (query.terms(), pairs(query));
        let term = |(place, (term, &idf)): (usize, (&&Term, &f64))| ScoredTerm {
            weight: totals.ranking.weight(term, idf),
            is_required: term.is_required(),
            is_again: all.iter().take(place).any(|earlier| earlier.is_again(term)),
            is_paired: pairs.iter().any(|&(i, j)| i == place || j == place),
            words: term.words.len() as u64,
        };
        let terms: Vec<ScoredTerm> = all.iter().zip(idfs).enumerate().map(term).collect();
        Scorer {
            totals,
            weight: terms.iter().map(|term| term.weight).sum(),
            terms,
            pairs,
        }
    }

    /// What scores depend on beside the section.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The terms, in query order.
    #[must_use]
    pub fn terms(&self) -> &[ScoredTerm] {
        &self.terms
    }

    /// The pairs of near words, as indexes into the terms.
    #[must_use]
    pub fn pairs(&self) -> &[(usize, usize)] {
        &self.pairs
    }

    /// The sum of the terms' weights.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The smaller weight of a pair.
    #[must_use]
    pub fn pair_idf(&self, (i, j): (usize, usize)) -> f64 {
        self.terms[i].weight.min(self.terms[j].weight)
    }

    /// Scores a section that matches; `may_take` tells whether a score of at most so much is still asked for. `positions`
    /// has room for each term.
    pub fn score(
        &self,
        section: &mut impl Evidence,
        positions: &mut [[Vec<u32>; Field::COUNT]],
        may_take: impl Fn(f64) -> bool,
    ) -> Score {
        let sums = self.sums(section);
        let order = section.order();
        if !sums.is_own && order > 0 && !self.terms.is_empty() {
            return Score::NoHit;
        }
        let cover = self.cover(&sums, section, order);
        let score = |near: f64| match self.terms.is_empty() {
            true => 0.0,
            false => {
                let coordination = self.totals.ranking.coordination(sums.weight, self.weight);
                coordination * ((sums.base + cover) + near)
            }
        };
        if !may_take(score(self.near_bound_in(&sums))) {
            return Score::Below;
        }
        Score::Hit(score(self.near(section, positions)))
    }

    /// The most that nearness adds in a section.
    fn near_bound_in(&self, sums: &TermSums) -> f64 {
        let ranking = &self.totals.ranking;
        let of = |&(i, j): &(usize, usize)| {
            let idf = self.pair_idf((i, j));
            match (sums.near.get(i), sums.near.get(j)) {
                (Some(&first), Some(&second)) if first > 0.0 && second > 0.0 => {
                    // It is no nearer than at each occurrence of its first word; the sums may round otherwise.
                    ranking.pair_earning(idf, ranking.saturation(first)) * (1.0 + 1e-9)
                }
                (Some(_), Some(_)) => 0.0,
                _ => ranking.pair_bound(idf),
            }
        };
        self.pairs.iter().map(of).sum()
    }

    /// Adds up the terms that count in a section.
    fn sums(&self, section: &mut impl Evidence) -> TermSums {
        let totals = &self.totals;
        let mut sums = TermSums::default();
        let lens = MEASURED.map(|field| section.len(field));
        section.terms(&mut |place, counts| {
            let term = &self.terms[place];
            let count = |f| {
                let kinds = [counts.exact[f], counts.others[f], counts.parts[f]];
                totals.ranking.count(kinds.map(u64::from))
            };
            let earned = totals.earned(Field::INDEXES.map(count), |f| lens[f]);
            sums.base += earned.of(term.weight);
            sums.weight += term.weight;
            if let Some(near) = sums.near.get_mut(place).filter(|_| term.is_paired) {
                let whole = |f| f64::from(counts.whole(f));
                *near = totals.frequency(Field::INDEXES.map(whole), |f| lens[f]);
            }
            sums.is_own |= term.is_required && counts.is_own();
            for field in [0, 1] {
                let occurrences = u64::from(counts.whole(field));
                if occurrences > 0 {
                    sums.field_weight[field] += term.weight;
                    if !term.is_again {
                        sums.field_words[field] += occurrences * term.words;
                    }
                }
            }
        });
        sums
    }

    /// What title and heading add that the query's words make up.
    fn cover(&self, sums: &TermSums, section: &impl Evidence, order: u32) -> f64 {
        let ranking = &self.totals.ranking;
        let mut cover = 0.0;
        for field in [0, 1] {
            let words = sums.field_words[field];
            if words > 0 {
                let factor = ranking.cover_factor(field, order);
                cover += ranking.cover(factor, sums.field_weight[field], words, section.len(field));
            }
        }
        cover
    }

    /// What the nearness of the query's words adds.
    fn near(&self, section: &mut impl Evidence, positions: &mut [[Vec<u32>; Field::COUNT]]) -> f64 {
        if self.pairs.is_empty() {
            return 0.0;
        }
        positions.iter_mut().flatten().for_each(Vec::clear);
        section.positions(self, positions);
        let mut sum = 0.0;
        for &(i, j) in &self.pairs {
            let per_field =
                Field::INDEXES.map(|f| nearness(&positions[i][f], &positions[j][f], WINDOW));
            let tf = self.totals.frequency(per_field, |field| section.len(field));
            if tf > 0.0 {
                sum += self.totals.ranking.pair(self.pair_idf((i, j)), tf);
            }
        }
        sum
    }
}
