//! The scorer: adds the ingredients up, for every engine alike.

use super::alike::{AlikeSections, Likeness};
use super::counts::Counts;
use super::nearness::{NEAREST, WINDOW, pairs};
use super::totals::{Norms, Totals};
use crate::query::{Field, Query, Term, nearness};

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
    /// It is a hit that scores so much at most, and surely less than was asked for.
    Below(f64),
    /// It is a hit.
    Hit {
        /// What it scores.
        score: f64,
        /// The most that a section like it scores, wherever the words stand.
        most: f64,
    },
}

impl Score {
    /// The most that a section like it scores; `None` where it is no hit.
    #[must_use]
    pub fn most(self) -> Option<f64> {
        match self {
            Score::NoHit => None,
            Score::Below(most) | Score::Hit { most, .. } => Some(most),
        }
    }
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
    /// Whether one that nearness asks for occurs more than [`FEW`] times in a field.
    has_many: bool,
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
    /// What was scored before.
    alike: AlikeSections,
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

    /// Room for what scoring reads of a section.
    #[must_use]
    pub fn buffers(&self) -> ScoreBuffers {
        let mut positions = Vec::new();
        positions.resize_with(self.terms.len(), Default::default);
        ScoreBuffers {
            terms: Vec::new(),
            positions,
            alike: AlikeSections::default(),
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
        let likeness = Likeness::of(
            &buffers.terms,
            |field| section.len(field),
            || section.order(),
        );
        let known = likeness.and_then(|own| buffers.alike.most_of(own));
        if let Some(most) = known.filter(|&most| !may_take(most)) {
            return Score::Below(most);
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
        let most = score(self.near_bound_in(&sums));
        if let Some(likeness) = likeness {
            buffers.alike.keep(likeness, most);
        }
        if !may_take(most) {
            return Score::Below(most);
        }
        let near = self.near(section, &lengths.norms, &mut buffers.positions);
        Score::Hit {
            score: score(near),
            most,
        }
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
                let whole = whole(counts);
                sums.has_many |= whole.iter().any(|&count| count > FEW);
                *near = self.totals.weighted(whole, norms);
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
