//! What the sections of one range can score at most, by the words that stand in them.
//!
//! A range has few sums of a word's fields, and of a pair's, but many of all words: the sums are made once each and added up for
//! each mask.

use super::bounds::{SegmentBounds, saturated};
use super::word_ranges::SLACK;
use crate::engine::embedded::lists::{ALL_FIELDS, fields_of};
use crate::engine::embedded::scorer::Context;
use crate::engine::ranking::{NEAREST, spread};
use crate::query::Field;

/// How many sets of fields there are.
const FIELD_SETS: usize = 1 << Field::COUNT;
/// A sum that is not made yet.
const UNKNOWN: f32 = -1.0;
/// How many bounds are kept, a power of two: the sections of a range have few masks.
const KNOWN: usize = 32;
/// In place of a bound: of no words nothing is known.
const NOT_KNOWN: (u64, f64) = (0, f64::INFINITY);

/// The bounds of a range.
pub(super) struct MaskBounds<'b> {
    bounds: &'b SegmentBounds,
    context: &'b Context<'b>,
    /// Its slot.
    slot: usize,
    words: Vec<WordSums>,
    /// What the pairs earn that stand in the same fields, by these.
    pairs: Vec<[f32; FIELD_SETS]>,
    /// The bounds that were made last, each at the place that its mask gives.
    known: [(u64, f64); KNOWN],
}

/// What a word adds in a range.
struct WordSums {
    /// The fields in which it stands anywhere in the range.
    fields: u64,
    weight: f32,
    /// What it earns by itself, by the fields in which it stands.
    earned: [f32; FIELD_SETS],
    /// Its share of the title's words and of the heading's.
    shares: [f32; 2],
    /// Its frequency in each field, all forms alike, parts of other words left out.
    near: [f32; Field::COUNT],
}

impl<'b> MaskBounds<'b> {
    pub(super) fn new(bounds: &'b SegmentBounds, context: &'b Context<'b>) -> MaskBounds<'b> {
        let word = |(i, _): (usize, _)| WordSums {
            fields: 0,
            weight: context.scorer.terms()[i].weight as f32,
            earned: [UNKNOWN; FIELD_SETS],
            shares: [0.0; 2],
            near: [0.0; Field::COUNT],
        };
        MaskBounds {
            bounds,
            context,
            slot: usize::MAX,
            words: bounds.words.iter().enumerate().map(word).collect(),
            pairs: vec![[UNKNOWN; FIELD_SETS]; context.scorer.pairs().len()],
            known: [NOT_KNOWN; KNOWN],
        }
    }

    /// Goes to a range, which is bounded.
    pub(super) fn begin(&mut self, range: usize) {
        let ranking = &self.context.scorer.totals().ranking;
        let slot = self.bounds.asked.slot(range);
        debug_assert!(slot.is_some(), "{range}");
        let slot = slot.unwrap_or(usize::MAX);
        self.slot = slot;
        self.known = [NOT_KNOWN; KNOWN];
        self.pairs.fill([UNKNOWN; FIELD_SETS]);
        for (own, ranges) in self.words.iter_mut().zip(&self.bounds.words) {
            own.fields = 0;
            own.earned = [UNKNOWN; FIELD_SETS];
            own.shares = [0.0; 2];
            own.near = [0.0; Field::COUNT];
            for field in Field::INDEXES {
                if ranges.x[field].get(slot).is_none_or(|&x| x == 0.0) {
                    continue;
                }
                own.fields |= 1 << field;
                let whole = ranges.whole[field].get(slot).copied().unwrap_or(0.0);
                own.near[field] = ranking.field_weights[field] as f32 * whole;
                if let Some(share) = own.shares.get_mut(field) {
                    *share = whole * self.bounds.shares[field];
                }
            }
        }
    }

    /// The most that a section of the range can score with the words of this mask.
    pub(super) fn most(&mut self, mask: u64) -> f64 {
        let at = spread(mask, KNOWN);
        if self.known[at].0 != mask {
            self.known[at] = (mask, self.sum(mask));
        }
        self.known[at].1
    }

    fn sum(&mut self, mask: u64) -> f64 {
        let (scorer, ranking) = (&self.context.scorer, &self.context.scorer.totals().ranking);
        let (mut base, mut counted) = (0.0_f32, 0.0_f32);
        let (mut cover_weight, mut share) = ([0.0_f32; 2], [0.0_f32; 2]);
        for (i, word) in self.words.iter_mut().enumerate() {
            let fields = fields_of(mask, i) & word.fields;
            if fields == 0 {
                continue;
            }
            let earned = &mut word.earned[fields as usize];
            if *earned == UNKNOWN {
                let of_range = |field: usize| self.bounds.words[i].x[field][self.slot];
                *earned = word.weight * earnings(fields, of_range, self.context);
            }
            base += *earned;
            counted += word.weight;
            for field in [0, 1] {
                if fields & 1 << field != 0 {
                    cover_weight[field] += word.weight;
                    share[field] += word.shares[field];
                }
            }
        }
        for field in [0, 1] {
            let share = share[field].min(1.0);
            let factor = ranking.cover_factor(field, 0) as f32;
            base += factor * cover_weight[field] * (share * share);
        }
        for (&(i, j), earned) in scorer.pairs().iter().zip(&mut self.pairs) {
            let [first, second] = [i, j].map(|i| &self.words[i]);
            let both = fields_of(mask, i) & fields_of(mask, j) & first.fields & second.fields;
            if both == 0 {
                continue;
            }
            let earned = &mut earned[both as usize];
            if *earned == UNKNOWN {
                let most = |f: usize| first.near[f].min(NEAREST as f32 * second.near[f]);
                let tf: f32 = in_fields(both).map(most).sum();
                let factor = ranking.pair_earning(scorer.pair_idf((i, j)), 1.0) as f32;
                *earned = factor * saturated(tf, ranking.k1 as f32);
            }
            base += *earned;
        }
        let coordination = ranking.coordination(f64::from(counted), scorer.weight());
        // Weights may be too small for these numbers.
        coordination * f64::from((base * SLACK).max(f32::MIN_POSITIVE))
    }
}

fn in_fields(fields: u64) -> impl Iterator<Item = usize> {
    debug_assert!(fields & !ALL_FIELDS == 0);
    Field::INDEXES
        .into_iter()
        .filter(move |field| fields & 1 << field != 0)
}

/// What a word of weight 1 earns that stands in these fields, with x of each.
fn earnings(fields: u64, x: impl Fn(usize) -> f32, context: &Context<'_>) -> f32 {
    let ranking = &context.scorer.totals().ranking;
    let k1 = ranking.k1 as f32;
    let (mut tf, mut alone) = (0.0, 0.0);
    for field in in_fields(fields) {
        let x = x(field);
        tf += ranking.field_weights[field] as f32 * x;
        if field < 2 {
            alone += ranking.alone as f32 * saturated(x, k1);
        }
    }
    saturated(tf, k1) + alone
}
