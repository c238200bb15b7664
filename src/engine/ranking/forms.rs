//! The ingredient *forms*: occurrences in other forms than the query's count less.

use super::values::{Ranking, RankingSetting};

/// What an occurrence in another form than the query's counts.
pub const OTHER_FORM: f64 = 0.55;

pub(super) static SETTINGS: [RankingSetting; 1] = [RankingSetting {
    key: "other-form",
    bounds: (0.0, 1.0),
    default: "0.55",
    set: |ranking, value| ranking.other_form = value,
}];

impl Ranking {
    /// n: how much so many occurrences as written, and so many in other forms, count.
    #[must_use]
    pub fn count(&self, exact: u64, others: u64) -> f64 {
        exact as f64 + self.other_form * others as f64
    }
}
