//! The ingredient *cover*: a title or heading that the query's words make up is what was asked for.

use super::values::{Ranking, RankingSetting};

/// What a title, and a heading path, count that the query's words make up.
pub const COVER: [f64; 2] = [1.75, 0.4];
/// What such a title counts more for the article's first section.
pub const FIRST: f64 = 0.4;

pub(super) static SETTINGS: [RankingSetting; 3] = [
    RankingSetting {
        key: "title-cover",
        bounds: (0.0, 100.0),
        default: "1.75",
        set: |ranking, value| ranking.cover[0] = value,
    },
    RankingSetting {
        key: "first-cover",
        bounds: (0.0, 100.0),
        default: "0.4",
        set: |ranking, value| ranking.first = value,
    },
    RankingSetting {
        key: "heading-cover",
        bounds: (0.0, 100.0),
        default: "0.4",
        set: |ranking, value| ranking.cover[1] = value,
    },
];

impl Ranking {
    /// What the title (0) or the heading (1) counts that the query's words make up, in a section of this order.
    #[must_use]
    pub fn cover_factor(&self, field: usize, order: u32) -> f64 {
        match (field, order) {
            (0, 0) => self.cover[0] + self.first,
            _ => self.cover[field],
        }
    }

    /// What a title or heading of `len` words adds that counts so, where terms of this weight make up `words` of it.
    #[must_use]
    pub fn cover(&self, factor: f64, weight: f64, words: u64, len: u64) -> f64 {
        let share = (words as f64 / len as f64).min(1.0);
        factor * weight * (share * share)
    }
}
