//! The ingredient *forms*: occurrences in other forms than the query's, and as parts of other words, count less.

use super::values::{Ranking, RankingSetting};

/// What an occurrence in another form than the query's counts.
pub const OTHER_FORM: f64 = 0.55;

/// What a part of other words counts, however often it occurs (`view` in `ListView`). As much as another form it would cost .014 of
/// nDCG@10 on documentation whose headings are full of such names.
pub const PART: f64 = 0.1;

pub(super) static SETTINGS: [RankingSetting; 2] = [
    RankingSetting {
        key: "other-form",
        bounds: (0.0, 1.0),
        default: "0.55",
        set: |ranking, value| ranking.other_form = value,
    },
    RankingSetting {
        key: "part",
        bounds: (0.0, 1.0),
        default: "0.1",
        set: |ranking, value| ranking.part = value,
    },
];

impl Ranking {
    /// n: how much so many occurrences as written, in other forms, and as parts of other words count.
    #[must_use]
    pub fn count(&self, [exact, others, parts]: [u64; 3]) -> f64 {
        (exact as f64 + self.other_form * others as f64) + self.part * parts as f64
    }
}
