//! What the sections in a range of a segment can score at most, before any of them is looked at.

use super::asked_ranges::AskedRanges;
use super::hit_set::HitSet;
use super::query::{Flat, SegmentLists};
use super::word_ranges::{SLACK, WordRanges, factors};
use crate::engine::embedded::scorer::Context;
use crate::engine::ranking::{Ranking, Totals};
use crate::query::Field;

/// Ranges of a segment and the words of a query; all by the slots of the ranges.
pub(super) struct SegmentBounds {
    /// The ranges that are bounded.
    pub(super) asked: AskedRanges,
    pub(super) words: Vec<WordRanges>,
    /// The most that a section of each range can score; 0 where none is a hit.
    pub(super) most: Vec<f32>,
    /// What [`share_factors`] gives.
    pub(super) shares: [f32; 2],
}

impl SegmentBounds {
    /// The bounds of a segment, by these lists of it, for the ranges of these hits or for all; `None` where it has no table,
    /// or that tells nothing for these settings.
    pub(super) fn of(
        flat: &Flat<'_>,
        context: &Context<'_>,
        lists: &SegmentLists<'_>,
        hits: Option<&HitSet>,
    ) -> tantivy::Result<Option<SegmentBounds>> {
        let segment = lists.segment;
        let Some(table) = segment.bounds() else {
            return Ok(None);
        };
        let totals = context.scorer.totals();
        // Shorter numbers would not hold others.
        let is_plain = |weight: f64| (1e-20..1e20).contains(&weight);
        if !context
            .scorer
            .terms()
            .iter()
            .all(|term| is_plain(term.weight))
        {
            return Ok(None);
        }
        let Some(factors) = factors(table, totals) else {
            return Ok(None);
        };
        let asked = match hits {
            Some(hits) => AskedRanges::of(hits.ranges(), segment),
            None => AskedRanges::all(segment),
        };
        let mut words = Vec::with_capacity(lists.words.len());
        for word in &lists.words {
            let places = (segment, table);
            words.push(WordRanges::of(word, places, (totals, &factors), &asked)?);
        }
        let mut bounds = SegmentBounds {
            words,
            most: vec![0.0; asked.len()],
            asked,
            shares: share_factors(totals),
        };
        bounds.add_up(flat, context);
        Ok(Some(bounds))
    }

    /// Whether a list of the word's may have a document in a range, which is bounded.
    pub(super) fn has(&self, word: usize, field: usize, range: usize) -> bool {
        let x = &self.words[word].x[field];
        let x = self.asked.slot(range).and_then(|slot| x.get(slot));
        x.is_some_and(|&x| x > 0.0)
    }

    /// Adds up what the words of each range make.
    fn add_up(&mut self, flat: &Flat<'_>, context: &Context<'_>) {
        let (scorer, ranking) = (&context.scorer, &context.scorer.totals().ranking);
        let count = self.most.len();
        let (mut base, mut counted) = (vec![0.0_f32; count], vec![0.0_f32; count]);
        let mut covers = [const { Vec::new() }; 2];
        let mut near = Vec::with_capacity(self.words.len());
        let mut matches = vec![u8::from(flat.all); count];
        for (i, word) in self.words.iter().enumerate() {
            let weight = scorer.terms()[i].weight as f32;
            let tf = weighted(&word.x, ranking, count);
            let k1 = ranking.k1 as f32;
            for (base, tf) in base.iter_mut().zip(&tf) {
                *base += weight * saturated(*tf, k1);
            }
            let alone = weight * ranking.alone as f32;
            for x in word.x.iter().take(2) {
                for (base, x) in base.iter_mut().zip(x) {
                    *base += alone * saturated(*x, k1);
                }
            }
            let mut is_here = vec![0_u8; count];
            for x in &word.x {
                for (is_here, x) in is_here.iter_mut().zip(x) {
                    *is_here |= u8::from(*x > 0.0);
                }
            }
            for (counted, is_here) in counted.iter_mut().zip(&is_here) {
                *counted += weight * f32::from(*is_here);
            }
            match (flat.is_required(i), flat.all) {
                (false, _) => {}
                (_, true) => matches
                    .iter_mut()
                    .zip(&is_here)
                    .for_each(|(all, own)| *all &= own),
                (_, false) => matches
                    .iter_mut()
                    .zip(&is_here)
                    .for_each(|(any, own)| *any |= own),
            }
            for (field, cover) in covers.iter_mut().enumerate() {
                let parts = (word.x[field].as_slice(), word.whole[field].as_slice());
                cover_of(cover, parts, (weight, self.shares[field]), count);
            }
            near.push(match scorer.terms()[i].is_paired {
                true => weighted(&word.whole, ranking, count),
                false => Vec::new(),
            });
        }
        self.finish((base, counted), &covers, &near, context);
        for (most, matches) in self.most.iter_mut().zip(matches) {
            // What matches is a hit, also where its score is nothing.
            *most = (*most * SLACK).max(f32::MIN_POSITIVE) * f32::from(matches);
        }
    }

    fn finish(
        &mut self,
        (mut base, counted): (Vec<f32>, Vec<f32>),
        covers: &[Vec<[f32; 2]>; 2],
        near: &[Vec<f32>],
        context: &Context<'_>,
    ) {
        let (scorer, ranking) = (&context.scorer, &context.scorer.totals().ranking);
        for (field, cover) in covers.iter().enumerate() {
            let factor = ranking.cover_factor(field, 0) as f32;
            for (base, [weight, share]) in base.iter_mut().zip(cover) {
                let share = share.min(1.0);
                *base += factor * weight * (share * share);
            }
        }
        let k1 = ranking.k1 as f32;
        for &(i, j) in scorer.pairs() {
            let factor = ranking.pair_earning(scorer.pair_idf((i, j)), 1.0) as f32;
            for ((base, a), b) in base.iter_mut().zip(&near[i]).zip(&near[j]) {
                // A pair is no nearer than at each occurrence of either word.
                *base += factor * saturated(near_tf(*a, *b), k1);
            }
        }
        let all = scorer.weight() as f32;
        let coordination = ranking.coordination as f32;
        for ((most, base), counted) in self.most.iter_mut().zip(base).zip(counted) {
            *most = (1.0 + coordination * (counted / all)) * base;
        }
    }
}

/// The frequency of a pair at most, from those of its words: it is no nearer than at each occurrence of the first one.
fn near_tf(first: f32, second: f32) -> f32 {
    match first > 0.0 && second > 0.0 {
        true => first,
        false => 0.0,
    }
}

pub(super) fn saturated(tf: f32, k1: f32) -> f32 {
    tf * (k1 + 1.0) / (tf + k1)
}

/// Σ w_f · x_f, by slot.
fn weighted(by_field: &[Vec<f32>; Field::COUNT], ranking: &Ranking, count: usize) -> Vec<f32> {
    let mut all = vec![0.0; count];
    for (field, x) in by_field.iter().enumerate() {
        let weight = ranking.field_weights[field] as f32;
        for (sum, x) in all.iter_mut().zip(x) {
            *sum += weight * x;
        }
    }
    all
}

/// Adds the weight of a word that stands in a title or heading, and its share of the field's words at most.
fn cover_of(
    cover: &mut Vec<[f32; 2]>,
    (x, whole): (&[f32], &[f32]),
    (weight, share): (f32, f32),
    count: usize,
) {
    if x.is_empty() {
        return;
    }
    cover.resize(count, [0.0; 2]);
    for ((cover, x), whole) in cover.iter_mut().zip(x).zip(whole) {
        if *x > 0.0 {
            cover[0] += weight;
            cover[1] += whole * share;
        }
    }
}

/// By how much x of title and heading bounds the share of n in the field's words: n / len = x · norm / len, which is largest
/// for a field of one word.
fn share_factors(totals: &Totals) -> [f32; 2] {
    [0, 1].map(|f| totals.ranking.norm(f, 1, totals.average_len[f]) as f32 * SLACK)
}
