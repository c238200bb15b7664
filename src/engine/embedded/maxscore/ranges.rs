//! Finds the best sections of a flat query: the ranges that promise most are looked at first, and most never.
//!
//! Source: after Mallia and others, "Faster BlockMax WAND with variable-sized blocks" (2017), and the ranges of document
//! numbers of "Faster learned sparse retrieval with block-max pruning" (Mallia, Suel and Tonellotto, 2024).

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::bounds::SegmentBounds;
use super::mask::{BITS, fields_of};
use super::run::FlatRun;
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::languages::UncountedDocs;
use crate::engine::embedded::matcher::Matcher;
use crate::engine::embedded::scorer::SegmentScorer;
use crate::engine::embedded::top_k::Best;

/// How many ranges are looked at first, and by how much more in each round after.
const FIRST_RANGES: usize = 8;
const MORE_RANGES: usize = 8;

/// A range of a segment, and the most that its sections can score.
#[derive(Clone, Copy)]
struct Promise {
    most: f32,
    segment: u32,
    range: u32,
}

impl FlatRun<'_> {
    /// Finds the best hits; false where the segments' bounds do not tell where they are.
    pub(super) fn by_ranges(&self, best: &mut Best<'_>) -> tantivy::Result<bool> {
        let mut bounds = Vec::with_capacity(self.segments.len());
        for (i, segment) in self.segments.iter().enumerate() {
            match SegmentBounds::of(self.flat, self.context, (segment, i))? {
                Some(own) => bounds.push(own),
                None => return Ok(false),
            }
        }
        let mut promises = promises(&bounds);
        let mut take = FIRST_RANGES;
        while !promises.is_empty() {
            let count = take.min(promises.len());
            promises.select_nth_unstable_by(count - 1, |a, b| b.most.total_cmp(&a.most));
            let rest = promises.split_off(count);
            promises.sort_unstable_by_key(|own| (own.segment, own.range));
            for own in promises.chunk_by(|a, b| a.segment == b.segment) {
                self.look_at(&bounds, own, best)?;
            }
            promises = rest;
            promises.retain(|own| best.may_take(f64::from(own.most)));
            take *= MORE_RANGES;
        }
        Ok(true)
    }

    /// Scores the sections of these ranges of one segment, in order, that may be among the best.
    fn look_at(
        &self,
        bounds: &[SegmentBounds],
        ranges: &[Promise],
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let Some(&Promise { segment: index, .. }) = ranges.first() else {
            return Ok(());
        };
        let index = index as usize;
        let (segment, own) = (&self.segments[index], &bounds[index]);
        let mut lists = self.open_range_lists(index)?;
        let mut scorer = SegmentScorer::new(self.context, segment, index);
        let mut matcher = None;
        for promise in ranges {
            if !best.may_take(f64::from(promise.most)) {
                continue;
            }
            let range = promise.range as usize;
            let masks = masks_of(&mut lists, own, range);
            let mut last = (0, false);
            for (doc, &mask) in (promise.range * RANGE..).zip(&masks) {
                if mask == 0 {
                    continue;
                }
                if last.0 != mask {
                    let may_take = || {
                        let all = mask | self.flat.optional;
                        best.may_take(own.masked(range, all, self.context))
                    };
                    last = (mask, self.flat.matches(mask) && may_take());
                }
                if !last.1 || !segment.is_alive(doc) || !self.flat.passes(segment, doc) {
                    continue;
                }
                let matcher = match &mut matcher {
                    Some(matcher) => matcher,
                    None => {
                        let texts = &self.context.texts;
                        matcher.insert(Matcher::open(self.plan, texts, segment, index)?)
                    }
                };
                matcher.seek(doc);
                scorer.offer(matcher, doc, best);
            }
        }
        Ok(())
    }

    /// The lists of the required words.
    fn open_range_lists(&self, index: usize) -> tantivy::Result<Vec<RangeList>> {
        let mut lists = Vec::new();
        for (word, term) in self.flat.terms.iter().enumerate() {
            if fields_of(self.flat.optional, word) != 0 {
                continue;
            }
            for list in &term.expansions[0].lists[index] {
                let inverted = &self.segments[index].inverted[list.field];
                let option = IndexRecordOption::Basic;
                lists.push(RangeList {
                    word,
                    field: list.field,
                    block: inverted.read_block_postings_from_terminfo(&list.info, option)?,
                    left_out: UncountedDocs::new(&list.left_out),
                });
            }
        }
        Ok(lists)
    }
}

/// The ranges in which the query's words match.
fn promises(bounds: &[SegmentBounds]) -> Vec<Promise> {
    let mut all = Vec::new();
    for (segment, bounds) in (0..).zip(bounds) {
        let own = (0..).zip(&bounds.most).filter(|(_, most)| **most > 0.0);
        all.extend(own.map(|(range, &most)| Promise {
            most,
            segment,
            range,
        }));
    }
    all
}

/// Which words stand in which fields of the sections of a range.
fn masks_of(
    lists: &mut [RangeList],
    bounds: &SegmentBounds,
    range: usize,
) -> [u64; RANGE as usize] {
    let mut masks = [0; RANGE as usize];
    for list in lists {
        if bounds.has(list.word, list.field, range) {
            list.mark(range as DocId * RANGE, &mut masks);
        }
    }
    masks
}

/// The documents of one form in one field.
struct RangeList {
    word: usize,
    field: usize,
    block: BlockSegmentPostings,
    /// The documents that do not count.
    left_out: UncountedDocs,
}

impl RangeList {
    /// Sets the bit of the documents of the range that begins at `base`; no earlier one is asked for later.
    fn mark(&mut self, base: DocId, masks: &mut [u64; RANGE as usize]) {
        let bit = 1 << (BITS * self.word + self.field);
        let mut at = self.block.seek(base);
        loop {
            let docs = self.block.docs();
            let Some(rest) = docs.get(at..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            for &doc in rest {
                let Some(mask) = masks.get_mut((doc - base) as usize) else {
                    return;
                };
                if self.left_out.is_empty() || !self.left_out.has(doc) {
                    *mask |= bit;
                }
            }
            if rest.last() == Some(&TERMINATED) {
                return;
            }
            self.block.advance();
            at = 0;
        }
    }
}
