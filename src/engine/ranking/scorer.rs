//! The scorer: adds the ingredients up, for every engine alike.

use super::nearness::{NEAREST, WINDOW, pairs};
use super::totals::{Norms, Totals};
use crate::query::{Field, FormKind, Query, Term, nearness};

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
        const OWN: [Field; 3] = [Field::Heading, Field::Body, Field::Name];
        let is_here = |field: usize| self.all(field) > 0 && !self.misspelled[field];
        OWN.iter().any(|field| is_here(field.index()))
    }
}

/// One matching section, as the scorer asks it.
pub trait Evidence {
    /// Its order in the article, 0-based.
    fn order(&self) -> u32;

    /// The words of a field that has a length.
    fn len(&self, field: usize) -> u64;

    /// Adds the terms that satisfy the query, in its order: the place of each among [`Query::terms`], and how often it
    /// occurs.
    fn terms(&mut self, out: &mut Vec<(usize, Counts)>);

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
    /// What the first terms that nearness asks for count in each field, all forms alike: pairs of them count no more.
    near: [[f64; Field::COUNT]; NEAR_TERMS],
}

/// Room for what scoring reads of a section: [`Scorer::buffers`].
#[derive(Debug, Clone)]
pub struct ScoreBuffers {
    /// The terms that satisfy the query, and how often each occurs.
    terms: Vec<(usize, Counts)>,
    /// The positions of each term in each field, for nearness.
    positions: Vec<[Vec<u32>; Field::COUNT]>,
}

/// The lengths of the fields of a section in which terms stand, and what occurrences there are divided by. Those of the
/// other fields are not read.
struct FieldLengths {
    lens: [u64; Field::MEASURED],
    norms: Norms,
}

impl FieldLengths {
    /// Reads those of the fields in which a term stands.
    fn read(&mut self, section: &impl Evidence, totals: &Totals, counts: &Counts) {
        for (field, len) in self.lens.iter_mut().enumerate() {
            // A field that holds a term has a length.
            if *len == 0 && counts.all(field) > 0 {
                *len = section.len(field);
                self.norms[field] = totals.norm(field, *len);
            }
        }
    }
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

    /// Room for what scoring reads of a section.
    #[must_use]
    pub fn buffers(&self) -> ScoreBuffers {
        let mut positions = Vec::new();
        positions.resize_with(self.terms.len(), Default::default);
        ScoreBuffers {
            terms: Vec::new(),
            positions,
        }
    }

    /// Whether a section that matches is a hit.
    pub fn is_hit(&self, section: &mut impl Evidence, buffers: &mut ScoreBuffers) -> bool {
        buffers.terms.clear();
        section.terms(&mut buffers.terms);
        self.is_own(&buffers.terms) || section.order() == 0
    }

    /// Scores a section that matches; `may_take` tells whether a score of at most so much is still asked for.
    pub fn score(
        &self,
        section: &mut impl Evidence,
        buffers: &mut ScoreBuffers,
        may_take: impl Fn(f64) -> bool,
    ) -> Score {
        if !self.is_hit(section, buffers) {
            return Score::NoHit;
        }
        let (sums, lengths) = self.sums(section, &buffers.terms);
        let cover = self.cover(&sums, section, &lengths.lens);
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
        Score::Hit(score(self.near(
            section,
            &lengths.norms,
            &mut buffers.positions,
        )))
    }

    /// Whether one of these terms makes a section a hit; that of a query without terms is one.
    fn is_own(&self, terms: &[(usize, Counts)]) -> bool {
        let is_own = |&(place, ref counts): &(usize, Counts)| {
            self.terms[place].is_required && counts.is_own()
        };
        self.terms.is_empty() || terms.iter().any(is_own)
    }

    /// The most that nearness adds in a section.
    fn near_bound_in(&self, sums: &TermSums) -> f64 {
        let ranking = &self.totals.ranking;
        let of = |&(i, j): &(usize, usize)| {
            let idf = self.pair_idf((i, j));
            let (Some(first), Some(second)) = (sums.near.get(i), sums.near.get(j)) else {
                return ranking.pair_bound(idf);
            };
            let mut tf = 0.0;
            for (first, second) in first.iter().zip(second) {
                tf += first.min(NEAREST * second);
            }
            match tf > 0.0 {
                // The sums may round otherwise.
                true => ranking.pair_earning(idf, ranking.saturation(tf)) * (1.0 + 1e-9),
                false => 0.0,
            }
        };
        self.pairs.iter().map(of).sum()
    }

    /// Adds up the terms that count in a section.
    fn sums(&self, section: &impl Evidence, terms: &[(usize, Counts)]) -> (TermSums, FieldLengths) {
        let mut sums = TermSums::default();
        let mut lengths = FieldLengths {
            lens: [0; Field::MEASURED],
            norms: [1.0; Field::COUNT],
        };
        for &(place, ref counts) in terms {
            let term = &self.terms[place];
            lengths.read(section, &self.totals, counts);
            let norms = &lengths.norms;
            let earned = self.totals.earned(self.counted(counts), norms);
            sums.base += earned.of(term.weight);
            sums.weight += term.weight;
            if let Some(near) = sums.near.get_mut(place).filter(|_| term.is_paired) {
                *near = self.totals.weighted(whole(counts), norms);
            }
            for field in [0, 1] {
                let occurrences = u64::from(counts.whole(field));
                if occurrences > 0 {
                    sums.field_weight[field] += term.weight;
                    if !term.is_again {
                        sums.field_words[field] += occurrences * term.words;
                    }
                }
            }
        }
        (sums, lengths)
    }

    /// n: how much the occurrences of a term count in each field.
    fn counted(&self, counts: &Counts) -> [f64; Field::COUNT] {
        // A loop: a closure for each field is not inlined, and takes twice as long.
        let mut counted = [0.0; Field::COUNT];
        for (f, counted) in counted.iter_mut().enumerate() {
            let (exact, others) = (u64::from(counts.exact[f]), u64::from(counts.others[f]));
            let kinds = [exact, others, u64::from(counts.parts[f])];
            *counted = self.totals.ranking.count(kinds);
        }
        counted
    }

    /// What title and heading add that the query's words make up.
    fn cover(
        &self,
        sums: &TermSums,
        section: &impl Evidence,
        lens: &[u64; Field::MEASURED],
    ) -> f64 {
        let ranking = &self.totals.ranking;
        let mut cover = 0.0;
        for field in [0, 1] {
            let words = sums.field_words[field];
            if words > 0 {
                let factor = ranking.cover_factor(field, section.order());
                cover += ranking.cover(factor, sums.field_weight[field], words, lens[field]);
            }
        }
        cover
    }

    /// What the nearness of the query's words adds.
    fn near(
        &self,
        section: &mut impl Evidence,
        norms: &Norms,
        positions: &mut [[Vec<u32>; Field::COUNT]],
    ) -> f64 {
        if self.pairs.is_empty() {
            return 0.0;
        }
        positions.iter_mut().flatten().for_each(Vec::clear);
        section.positions(self, positions);
        let mut sum = 0.0;
        for &(i, j) in &self.pairs {
            let mut per_field = [0.0; Field::COUNT];
            for (f, near) in per_field.iter_mut().enumerate() {
                *near = nearness(&positions[i][f], &positions[j][f], WINDOW);
            }
            let tf = self.totals.frequency(per_field, norms);
            if tf > 0.0 {
                sum += self.totals.ranking.pair(self.pair_idf((i, j)), tf);
            }
        }
        sum
    }
}

/// The occurrences in each field, those as parts of other words left out.
fn whole(counts: &Counts) -> [f64; Field::COUNT] {
    let mut whole = [0.0; Field::COUNT];
    for (f, whole) in whole.iter_mut().enumerate() {
        *whole = f64::from(counts.whole(f));
    }
    whole
}
