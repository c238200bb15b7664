//! The ingredient *alone*: what title and heading say counts once more, each by itself.

use super::values::{Ranking, RankingSetting};

/// What the title and the heading count once more, each by itself.
pub const ALONE: f64 = 0.6;

pub(super) static SETTINGS: [RankingSetting; 1] = [RankingSetting {
    key: "alone",
    bounds: (0.0, 100.0),
    default: "0.6",
    set: |ranking, value| ranking.alone = value,
}];

impl Ranking {
    /// What title and heading add whose frequencies earn `saturations` in all.
    #[must_use]
    pub fn alone(&self, saturations: f64) -> f64 {
        self.alone * saturations
    }
}
