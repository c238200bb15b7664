//! The scorer: adds the ingredients up, for every engine alike.

use super::counts::Counts;
use super::nearness::{NEAREST, WINDOW, pairs};
use super::totals::{FieldSums, Norms, Totals};
use crate::query::{Field, Query, Term, nearness};

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
    /// Whether one that nearness asks for occurs more than [`FEW`] times in a field.
    has_many: bool,
    /// What the first terms that nearness asks for count in each field, all forms alike: pairs of them count no more.
    near: [[f64; Field::COUNT]; NEAR_TERMS],
}

/// What the terms of a section score, but for their nearness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeighedTerms {
    coordination: f64,
    /// What the terms and the covers add up to.
    sum: f64,
    norms: Norms,
    /// The most that the section scores, wherever the terms stand.
    pub most: f64,
}

impl WeighedTerms {
    /// The score where the nearness of the terms adds so much.
    #[must_use]
    pub fn with(&self, near: f64) -> f64 {
        self.coordination * (self.sum + near)
    }

    /// The least that the section scores, wherever the terms stand; where it is the most, that is its score.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.with(0.0)
    }
}

/// The lengths of the fields of a section in which terms stand, and what occurrences there are divided by. Those of the
/// other fields are not read.
struct FieldLengths {
    lens: [u64; Field::MEASURED],
    norms: Norms,
}

impl FieldLengths {
    /// What occurrences in a field are divided by, in which a term stands.
    #[inline]
    fn norm(&mut self, field: usize, len: &impl Fn(usize) -> u64, totals: &Totals) -> f64 {
        // A field that holds a term has a length.
        if self.lens.get(field) == Some(&0) {
            self.lens[field] = len(field);
            self.norms[field] = totals.norm(field, self.lens[field]);
        }
        self.norms[field]
    }
}

/// So many terms have their own bound of nearness in a section: all of a query that is scored by ranges.
const NEAR_TERMS: usize = 16;

/// Of so many occurrences one that is not next to its pair lowers the frequency by at least 1/200: it counts 1/4 at most instead
/// of 1.
const FEW: f64 = 100.0;
/// Frequencies from the first up to k1 times the second change what they earn, when they do by so much, by more than what
/// sums round.
const LEAST_TF: f64 = 1e-200;
const MOST_TF: f64 = 1e5;

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

    /// Room for the positions of each term in each field.
    #[must_use]
    pub fn positions(&self) -> Vec<[Vec<u32>; Field::COUNT]> {
        let mut positions = Vec::new();
        positions.resize_with(self.terms.len(), Default::default);
        positions
    }

    /// Whether one of these terms, of which there are so many occurrences, makes a section a hit; that of a query without
    /// terms is one.
    #[must_use]
    pub fn is_own(&self, terms: &[(usize, Counts)]) -> bool {
        let is_own = |&(place, ref counts): &(usize, Counts)| {
            self.terms[place].is_required && counts.is_own()
        };
        self.terms.is_empty() || terms.iter().any(is_own)
    }

    /// What these terms, of which a section has so many occurrences, score there without their nearness; `len` tells the words of
    /// a field of the section, `order` its order in the article.
    #[must_use]
    pub fn weigh(
        &self,
        terms: &[(usize, Counts)],
        len: impl Fn(usize) -> u64,
        order: impl Fn() -> u32,
    ) -> WeighedTerms {
        let (sums, lengths) = self.sums(terms, len);
        let coordination = match self.terms.is_empty() {
            true => 0.0,
            false => self.totals.ranking.coordination(sums.weight, self.weight),
        };
        let mut weighed = WeighedTerms {
            coordination,
            sum: sums.base + self.cover(&sums, &lengths.lens, order),
            norms: lengths.norms,
            most: 0.0,
        };
        weighed.most = weighed.with(self.near_bound_in(&sums));
        weighed
    }

    /// What the nearness of the terms adds in a section, of which these are the positions.
    #[must_use]
    pub fn near(&self, weighed: &WeighedTerms, positions: &[[Vec<u32>; Field::COUNT]]) -> f64 {
        let mut sum = 0.0;
        for &(i, j) in &self.pairs {
            let mut per_field = [0.0; Field::COUNT];
            for (f, near) in per_field.iter_mut().enumerate() {
                *near = nearness(&positions[i][f], &positions[j][f], WINDOW);
            }
            let tf = self.totals.frequency(per_field, &weighed.norms);
            if tf > 0.0 {
                sum += self.totals.ranking.pair(self.pair_idf((i, j)), tf);
            }
        }
        sum
    }

    /// The most that nearness adds in a section.
    fn near_bound_in(&self, sums: &TermSums) -> f64 {
        let ranking = &self.totals.ranking;
        let of = |&(i, j): &(usize, usize)| {
            let idf = self.pair_idf((i, j));
            let (Some(first), Some(second)) = (sums.near.get(i), sums.near.get(j)) else {
                return ranking.pair_bound(idf);
            };
            let (mut tf, mut fields) = (0.0, 0);
            for (first, second) in first.iter().zip(second) {
                let most = first.min(NEAREST * second);
                tf += most;
                fields += usize::from(most > 0.0);
            }
            let most = ranking.pair_earning(idf, ranking.saturation(tf));
            match fields {
                0 => 0.0,
                // Just what words side by side add, so that sections that score as much are told to be equal: where they do not
                // stand so, they add less by more than what sums round.
                1 if !sums.has_many && (LEAST_TF..MOST_TF * ranking.k1).contains(&tf) => most,
                _ => most * (1.0 + 1e-9),
            }
        };
        self.pairs.iter().map(of).sum()
    }

    /// Adds up the terms that count in a section.
    fn sums(
        &self,
        terms: &[(usize, Counts)],
        len: impl Fn(usize) -> u64,
    ) -> (TermSums, FieldLengths) {
        let mut sums = TermSums::default();
        let mut lengths = FieldLengths {
            lens: [0; Field::MEASURED],
            norms: [1.0; Field::COUNT],
        };
        for &(place, ref counts) in terms {
            let (term, mut earned, mut near) = (
                &self.terms[place],
                FieldSums::default(),
                [0.0; Field::COUNT],
            );
            for (field, near) in near.iter_mut().enumerate() {
                let kinds = [
                    counts.exact[field],
                    counts.others[field],
                    counts.parts[field],
                ];
                if kinds[0] | kinds[1] | kinds[2] == 0 {
                    continue;
                }
                let norm = lengths.norm(field, &len, &self.totals);
                let (n, whole) = (self.counted(kinds), f64::from(counts.whole(field)));
                let x = n / norm;
                earned.add(&self.totals.ranking, field, x);
                if whole == 0.0 {
                    continue;
                }
                if term.is_paired {
                    let x = if whole == n { x } else { whole / norm };
                    *near = self.totals.ranking.field_weights[field] * x;
                    sums.has_many |= whole > FEW;
                }
                if field < 2 {
                    sums.field_weight[field] += term.weight;
                    if !term.is_again {
                        sums.field_words[field] += u64::from(counts.whole(field)) * term.words;
                    }
                }
            }
            sums.base += earned.earned(&self.totals.ranking).of(term.weight);
            sums.weight += term.weight;
            if let Some(own) = sums.near.get_mut(place) {
                *own = near;
            }
        }
        (sums, lengths)
    }

    /// n: how much so many occurrences of each kind count in a field.
    #[inline]
    fn counted(&self, kinds: [u32; 3]) -> f64 {
        match kinds {
            // Most stand as they are written.
            [exact, 0, 0] => f64::from(exact),
            kinds => self.totals.ranking.count(kinds.map(u64::from)),
        }
    }

    /// What title and heading add that the query's words make up.
    fn cover(
        &self,
        sums: &TermSums,
        lens: &[u64; Field::MEASURED],
        order: impl Fn() -> u32,
    ) -> f64 {
        let ranking = &self.totals.ranking;
        let mut cover = 0.0;
        for field in [0, 1] {
            let words = sums.field_words[field];
            if words > 0 {
                let factor = ranking.cover_factor(field, order());
                cover += ranking.cover(factor, sums.field_weight[field], words, lens[field]);
            }
        }
        cover
    }
}
