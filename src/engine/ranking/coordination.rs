//! The ingredient *coordination*: it is worth to hold more of the query.
//!
//! Source: after Lucene's `TFIDFSimilarity`, by weight instead of number.

use super::values::{Ranking, RankingSetting};

/// What it is worth to hold more of the query.
pub const COORDINATION: f64 = 0.5;

pub(super) static SETTINGS: [RankingSetting; 1] = [RankingSetting {
    key: "coordination",
    bounds: (0.0, 100.0),
    default: "0.5",
    set: |ranking, value| ranking.coordination = value,
}];

impl Ranking {
    /// What a score is multiplied by where terms of the weight `counted` out of `all` count.
    #[must_use]
    pub fn coordination(&self, counted: f64, all: f64) -> f64 {
        1.0 + self.coordination * (counted / all)
    }
}
