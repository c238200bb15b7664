//! The ingredient *frequency*: how often terms occur, field by field, saturated (BM25F).
//!
//! Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6.

use super::values::{Ranking, RankingSetting};
use crate::query::Field;

/// How soon more occurrences stop to count.
pub const K1: f64 = 1.5;
/// What an occurrence counts in the title, the heading path, the text and the name.
pub const FIELD_WEIGHTS: [f64; Field::COUNT] = [1.5, 3.5, 1.0, 1.5];
/// How much longer fields weaken an occurrence, from 0 (not) to 1 (in proportion).
pub const FIELD_B: [f64; Field::MEASURED] = [0.75, 0.75, 0.75];

pub(super) static SETTINGS: [RankingSetting; 5] = [
    RankingSetting {
        key: "k1",
        bounds: (0.01, 100.0),
        default: "1.5",
        set: |ranking, value| ranking.k1 = value,
    },
    RankingSetting {
        key: "b",
        bounds: (0.0, 1.0),
        default: "0.75",
        set: |ranking, value| ranking.field_b = [value; Field::MEASURED],
    },
    RankingSetting {
        key: "title-weight",
        bounds: (0.0, 1000.0),
        default: "1.5",
        set: |ranking, value| ranking.field_weights[0] = value,
    },
    RankingSetting {
        key: "heading-weight",
        bounds: (0.0, 1000.0),
        default: "3.5",
        set: |ranking, value| ranking.field_weights[1] = value,
    },
    RankingSetting {
        key: "name-weight",
        bounds: (0.0, 1000.0),
        default: "1.5",
        set: |ranking, value| ranking.field_weights[3] = value,
    },
];

impl Ranking {
    /// s: the share of `k1 + 1` that a frequency earns.
    #[must_use]
    pub fn saturation(&self, tf: f64) -> f64 {
        tf * (self.k1 + 1.0) / (tf + self.k1)
    }

    /// More than any frequency earns.
    #[must_use]
    pub fn saturation_bound(&self) -> f64 {
        self.k1 + 1.0
    }

    /// norm: what occurrences in a field of `len` words are divided by, whose mean is `average`.
    #[must_use]
    pub fn norm(&self, field: usize, len: u64, average: f64) -> f64 {
        if average == 0.0 {
            1.0
        } else {
            let b = self.field_b[field];
            1.0 - b + b * (len as f64 / average)
        }
    }
}
