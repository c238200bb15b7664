//! What the sections in a range of a segment can score at most, before any of them is looked at.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::flat::Flat;
use super::mask::fields_of;
use crate::engine::embedded::bounds::{BoundTable, RANGE};
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::scorer::Context;
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::ranking::{Ranking, Totals};
use crate::query::{Field, FormKind};

/// What is added for the rounding of the numbers here, which are shorter than those of scores.
const SLACK: f32 = 1.0 + 1e-4;

/// By range, the most that a word can count in each field; empty where no list of the segment has it there.
#[derive(Default)]
struct WordRanges {
    /// Σ of x over the lists, each by its kind.
    x: [Vec<f32>; Field::COUNT],
    /// The same, all kinds alike, parts of other words left out.
    whole: [Vec<f32>; Field::COUNT],
}

/// The ranges of a segment and the words of a query.
pub(super) struct SegmentBounds {
    words: Vec<WordRanges>,
    /// The most that a section of each range can score; 0 where none is a hit, or all were looked at.
    pub(super) most: Vec<f32>,
    /// What [`share_factors`] gives.
    shares: [f32; 2],
}

impl SegmentBounds {
    /// The bounds of the `index`-th segment; `None` where it has no table, or that tells nothing for these settings.
    pub(super) fn of(
        flat: &Flat<'_>,
        context: &Context<'_>,
        (segment, index): (&OpenSegment, usize),
    ) -> tantivy::Result<Option<SegmentBounds>> {
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
        let mut words = Vec::with_capacity(flat.terms.len());
        for term in &flat.terms {
            let mut word = WordRanges::default();
            for list in &term.expansions[0].lists[index] {
                word.add((segment, table), list, (totals, &factors))?;
            }
            words.push(word);
        }
        let mut bounds = SegmentBounds {
            words,
            most: vec![0.0; ranges_of(segment)],
            shares: share_factors(totals),
        };
        bounds.add_up(flat, context);
        Ok(Some(bounds))
    }

    /// Whether a list of the word's may have a document in the range.
    pub(super) fn has(&self, word: usize, field: usize, range: usize) -> bool {
        self.words[word].x[field]
            .get(range)
            .is_some_and(|&x| x > 0.0)
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
            match (fields_of(flat.optional, i) != 0, flat.all) {
                (true, _) => {}
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

    /// The most that a section of a range can score with the words of this mask.
    pub(super) fn masked(&self, range: usize, mask: u64, context: &Context<'_>) -> f64 {
        let (scorer, ranking) = (&context.scorer, &context.scorer.totals().ranking);
        let (mut base, mut counted) = (0.0_f32, 0.0_f32);
        let (mut cover_weight, mut share) = ([0.0_f32; 2], [0.0_f32; 2]);
        let mut near = [0.0_f32; 16];
        let k1 = ranking.k1 as f32;
        for (i, word) in self.words.iter().enumerate() {
            let fields = fields_of(mask, i);
            let weight = scorer.terms()[i].weight as f32;
            let (mut tf, mut near_tf, mut is_here) = (0.0_f32, 0.0_f32, false);
            for field in Field::INDEXES {
                let x = word.x[field].get(range).copied().unwrap_or(0.0);
                if fields & 1 << field == 0 || x == 0.0 {
                    continue;
                }
                is_here = true;
                let whole = word.whole[field].get(range).copied().unwrap_or(0.0);
                let field_weight = ranking.field_weights[field] as f32;
                tf += field_weight * x;
                near_tf += field_weight * whole;
                if field < 2 {
                    base += weight * ranking.alone as f32 * saturated(x, k1);
                    cover_weight[field] += weight;
                    share[field] += whole * self.shares[field];
                }
            }
            if is_here {
                base += weight * saturated(tf, k1);
                counted += weight;
            }
            if let Some(own) = near.get_mut(i) {
                *own = near_tf;
            }
        }
        for field in [0, 1] {
            let share = share[field].min(1.0);
            let factor = ranking.cover_factor(field, 0) as f32;
            base += factor * cover_weight[field] * (share * share);
        }
        for &(i, j) in scorer.pairs() {
            let of = |i: usize| near.get(i).copied().unwrap_or(f32::MAX);
            let factor = ranking.pair_earning(scorer.pair_idf((i, j)), 1.0) as f32;
            base += factor * saturated(near_tf(of(i), of(j)), k1);
        }
        let coordination = ranking.coordination(f64::from(counted), scorer.weight());
        coordination * f64::from(base * SLACK)
    }
}

/// How many ranges a segment has.
fn ranges_of(segment: &OpenSegment) -> usize {
    segment.max_doc().div_ceil(RANGE) as usize
}

/// The frequency of a pair at most, from those of its words: it is no nearer than at each occurrence of the first one.
fn near_tf(first: f32, second: f32) -> f32 {
    match first > 0.0 && second > 0.0 {
        true => first,
        false => 0.0,
    }
}

fn saturated(tf: f32, k1: f32) -> f32 {
    tf * (k1 + 1.0) / (tf + k1)
}

/// Σ w_f · x_f, by range.
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

/// By how much the x of a table have to be multiplied to hold for other mean lengths and another b: the largest ratio of
/// the norms, which is that of one word or of endless ones. `None` where there is no such number.
fn factors(table: &BoundTable, totals: &Totals) -> Option<[f32; Field::MEASURED]> {
    let mut all = [1.0; Field::MEASURED];
    let usual = Ranking::default();
    for (f, factor) in all.iter_mut().enumerate() {
        let ratio = |len: u64| {
            let of_table = usual.norm(f, len, table.averages[f]);
            of_table / totals.ranking.norm(f, len, totals.average_len[f])
        };
        // No field is as long as the longer one.
        let most = ratio(1).max(ratio(1 << 40));
        *factor = most as f32 * SLACK;
        (factor.is_finite() && *factor < 1e3).then_some(())?;
    }
    Some(all)
}

impl WordRanges {
    /// Adds a list.
    fn add(
        &mut self,
        (segment, table): (&OpenSegment, &BoundTable),
        list: &FormList,
        (totals, factors): (&Totals, &[f32; Field::MEASURED]),
    ) -> tantivy::Result<()> {
        let ranking = &totals.ranking;
        let (kind, whole) = match list.kind {
            FormKind::Written => (1.0, 1.0),
            FormKind::Other => (ranking.other_form as f32, 1.0),
            FormKind::Part => (ranking.part as f32, 0.0),
        };
        let factor = factors.get(list.field).copied().unwrap_or(1.0);
        let count = ranges_of(segment);
        let [x, wholes] = [&mut self.x, &mut self.whole].map(|all| &mut all[list.field]);
        x.resize(count, 0.0);
        wholes.resize(count, 0.0);
        // What counts nothing is there nevertheless.
        let kind = f32::max(kind, f32::MIN_POSITIVE);
        let mut add = |range: usize, most: f32| {
            if let (Some(x), Some(own)) = (x.get_mut(range), wholes.get_mut(range)) {
                *x += kind * most;
                *own += whole * most;
            }
        };
        let is_listed = table.each(list.field, &list.info, |range, most| {
            add(range, most * factor);
        });
        match is_listed {
            Some(true) => Ok(()),
            _ => read_list(segment, list, totals, add),
        }
    }
}

/// Calls `add` for the ranges of a short list with its x there.
fn read_list(
    segment: &OpenSegment,
    list: &FormList,
    totals: &Totals,
    mut add: impl FnMut(usize, f32),
) -> tantivy::Result<()> {
    let inverted = &segment.inverted[list.field];
    let option = IndexRecordOption::WithFreqs;
    let mut postings = inverted.read_postings_from_terminfo(&list.info, option)?;
    let (mut range, mut most) = (0, 0.0_f32);
    while postings.doc() != TERMINATED {
        let doc = postings.doc();
        let norm = match totals.average_len.get(list.field) {
            Some(&average) => {
                let len = segment.len_of(doc, list.field);
                totals.ranking.norm(list.field, len, average)
            }
            None => 1.0,
        };
        let own = (doc / RANGE) as usize;
        if own != range {
            add(range, most);
            (range, most) = (own, 0.0);
        }
        most = most.max((f64::from(postings.term_freq()) / norm) as f32 * SLACK);
        postings.advance();
    }
    add(range, most);
    Ok(())
}
