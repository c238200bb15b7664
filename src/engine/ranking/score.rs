//! Scores sections one by one, for every engine alike.

use super::alike::{AlikeSections, Likeness};
use super::counts::Counts;
use super::scorer::Scorer;
use crate::query::Field;

/// One matching section, as the scorer asks it.
pub trait Evidence {
    /// Its order in the article, 0-based.
    fn order(&self) -> u32;

    /// The words of a field that has a length.
    fn len(&self, field: usize) -> u64;

    /// Adds the terms that satisfy the query, in its order: the place of each among [`crate::query::Query::terms`], and how
    /// often it occurs.
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

impl Scorer {
    /// Room for what scoring reads of a section.
    #[must_use]
    pub fn buffers(&self) -> ScoreBuffers {
        ScoreBuffers {
            terms: Vec::new(),
            positions: self.positions(),
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
        let weighed = self.weigh(
            &buffers.terms,
            |field| section.len(field),
            || section.order(),
        );
        let most = weighed.most;
        if let Some(likeness) = likeness {
            buffers.alike.keep(likeness, most);
        }
        if !may_take(most) {
            return Score::Below(most);
        }
        if self.pairs().is_empty() {
            let score = weighed.least();
            return Score::Hit { score, most };
        }
        buffers.positions.iter_mut().flatten().for_each(Vec::clear);
        section.positions(self, &mut buffers.positions);
        let score = weighed.with(self.near(&weighed, &buffers.positions));
        Score::Hit { score, most }
    }
}
