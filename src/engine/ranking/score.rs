//! Scores sections one by one, for every engine alike.

use super::alike::{AlikeSections, Likeness};
use super::counts::Counts;
use super::scorer::{Positions, Scorer, SectionMeasures};

/// One matching section, as it is asked for its score.
pub trait Evidence: SectionMeasures {
    /// Adds the terms that satisfy the query, in its order: the place of each among [`crate::query::Query::terms`], and how
    /// often it occurs.
    fn terms(&mut self, out: &mut Vec<(usize, Counts)>);

    /// Adds the positions of the terms that nearness asks for, each in its place, for each field.
    fn positions(&mut self, scorer: &Scorer, out: &mut Positions);
}

/// What became of a section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Score {
    /// It matches through its article's title alone, and is no hit.
    NoHit,
    /// It is a hit that surely scores less than was asked for.
    Below,
    /// It is a hit that scores so much.
    Hit(f64),
}

/// Room for what scoring reads of a section.
#[derive(Debug, Clone)]
pub struct ScoreBuffers {
    /// The terms that satisfy the query, and how often each occurs.
    terms: Vec<(usize, Counts)>,
    positions: Positions,
    /// What was scored before.
    alike: AlikeSections,
}

impl ScoreBuffers {
    /// Room for the terms of a query.
    #[must_use]
    pub fn of(scorer: &Scorer) -> ScoreBuffers {
        ScoreBuffers {
            terms: Vec::new(),
            positions: scorer.positions(),
            alike: AlikeSections::default(),
        }
    }
}

impl Scorer {
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
        if known.is_some_and(|most| !may_take(most)) {
            return Score::Below;
        }
        let weighed = self.weigh(section, &buffers.terms);
        if let Some(likeness) = likeness {
            buffers.alike.keep(likeness, weighed.most);
        }
        if !may_take(weighed.most) {
            return Score::Below;
        }
        if self.pairs().is_empty() {
            return Score::Hit(weighed.least());
        }
        buffers.positions.iter_mut().flatten().for_each(Vec::clear);
        section.positions(self, &mut buffers.positions);
        let near = self.near(&weighed, &buffers.positions);
        Score::Hit(weighed.with(near))
    }
}
