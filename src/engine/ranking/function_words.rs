//! The ingredient *function words*: "the", "of" and the like weigh less.

use super::values::{Ranking, RankingSetting};
use crate::query::Term;

/// What the weight of a function word is multiplied by.
pub const FUNCTION_WORDS: f64 = 0.2;

pub(super) static SETTINGS: [RankingSetting; 1] = [RankingSetting {
    key: "function-words",
    bounds: (0.001, 1.0),
    default: "0.2",
    set: |ranking, value| ranking.function_words = value,
}];

impl Ranking {
    /// W: the weight of a term whose words' idf add up to `idf`.
    #[must_use]
    pub fn weight(&self, term: &Term, idf: f64) -> f64 {
        let weight = term.weight * idf;
        match term.is_function {
            true => weight * self.function_words,
            false => weight,
        }
    }
}
