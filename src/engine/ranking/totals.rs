//! What scores depend on beside the section: N, mean lengths, and the rarity of words (idf).

use super::values::Ranking;
use crate::query::Field;

/// What the frequencies of a term earn of its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Earned {
    /// The frequency over all fields.
    pub tf: f64,
    /// s(tf).
    pub saturation: f64,
    /// What title and heading add by themselves.
    pub alone: f64,
}

impl Earned {
    /// What a term of this weight contributes.
    #[must_use]
    pub fn of(&self, weight: f64) -> f64 {
        weight * (self.saturation + self.alone)
    }
}

/// What the frequencies of a term add up to, field by field.
#[derive(Default)]
pub(super) struct FieldSums {
    tf: f64,
    /// What those of title and heading earn by themselves.
    alone: f64,
}

impl FieldSums {
    /// Adds x, the frequency in a field.
    #[inline]
    pub(super) fn add(&mut self, ranking: &Ranking, field: usize, x: f64) {
        self.tf += ranking.field_weights[field] * x;
        if field < 2 {
            self.alone += ranking.saturation(x);
        }
    }

    #[inline]
    pub(super) fn earned(&self, ranking: &Ranking) -> Earned {
        Earned {
            tf: self.tf,
            saturation: ranking.saturation(self.tf),
            alone: ranking.alone(self.alone),
        }
    }
}

/// What occurrences in each field of a section are divided by.
pub type Norms = [f64; Field::COUNT];

/// What scores depend on beside the section: the live sections of the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// The values that were chosen.
    pub ranking: Ranking,
    /// N.
    pub sections: u64,
    /// The mean number of words of each field that has a length.
    pub average_len: [f64; Field::MEASURED],
}

impl Totals {
    /// From the sums over all live sections.
    #[must_use]
    pub fn new(ranking: Ranking, sections: u64, words: [u64; Field::MEASURED]) -> Totals {
        let average = |sum: u64| {
            if sections == 0 {
                0.0
            } else {
                sum as f64 / sections as f64
            }
        };
        Totals {
            ranking,
            sections,
            average_len: words.map(average),
        }
    }

    /// The rarity of a word that `df` sections hold.
    #[must_use]
    pub fn idf(&self, df: u64) -> f64 {
        let n = self.sections as f64;
        let df = df.min(self.sections) as f64;
        libm::log(1.0 + (n - df + 0.5) / (df + 0.5))
    }

    /// norm: what occurrences in a field are divided by that has a length, of so many words.
    #[must_use]
    pub fn norm(&self, field: usize, len: u64) -> f64 {
        let average = self.average_len[field];
        self.ranking.norm(field, len, average)
    }

    /// What occurrences in each field of a section are divided by; `len` tells the words of those that have a length.
    #[must_use]
    pub fn norms(&self, len: impl Fn(usize) -> u64) -> Norms {
        let mut norms = [1.0; Field::COUNT];
        for (f, norm) in norms.iter_mut().take(Field::MEASURED).enumerate() {
            *norm = self.norm(f, len(f));
        }
        norms
    }

    /// What a term earns that is counted so in each field.
    #[must_use]
    pub fn earned(&self, per_field: [f64; Field::COUNT], norms: &Norms) -> Earned {
        let mut sums = FieldSums::default();
        for (f, n) in per_field.into_iter().enumerate() {
            if n > 0.0 {
                sums.add(&self.ranking, f, n / norms[f]);
            }
        }
        sums.earned(&self.ranking)
    }

    /// tf: the frequency over all fields, from that of each field.
    #[must_use]
    pub fn frequency(&self, per_field: [f64; Field::COUNT], norms: &Norms) -> f64 {
        let mut sum = 0.0;
        for weighted in self.weighted(per_field, norms) {
            sum += weighted;
        }
        sum
    }

    /// w · x: what each field adds to the frequency.
    #[must_use]
    pub fn weighted(&self, per_field: [f64; Field::COUNT], norms: &Norms) -> [f64; Field::COUNT] {
        let mut weighted = [0.0; Field::COUNT];
        for (f, n) in per_field.into_iter().enumerate() {
            if n > 0.0 {
                weighted[f] = self.ranking.field_weights[f] * (n / norms[f]);
            }
        }
        weighted
    }
}
