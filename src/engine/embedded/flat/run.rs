//! Runs a flat query: counts its hits, and scores those that may be among the best.

use super::candidates::Candidates;
use super::hit_set::HitSet;
use super::query::{Flat, SegmentLists};
use super::range_table::RangeTable;
use crate::engine::SearchOptions;
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::scorer::Context;
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::embedded::top_k::Best;

/// So many hits are scored as they are, without bounds. Debug builds bound more than 16, as tests have few articles.
const FEW_HITS: u64 = if cfg!(debug_assertions) { 16 } else { 128 };

/// A flat query and what it is asked of.
pub(in crate::engine::embedded) struct FlatRun<'a> {
    pub(in crate::engine::embedded) flat: &'a Flat<'a>,
    pub(in crate::engine::embedded) context: &'a Context<'a>,
    pub(in crate::engine::embedded) segments: &'a [OpenSegment],
}

impl<'a> FlatRun<'a> {
    /// Finds the best hits and counts all, or as many as `options` asks for.
    pub(in crate::engine::embedded) fn all(
        &self,
        options: &SearchOptions,
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let segments = self.segments.iter().enumerate();
        let lists = segments.map(|(i, segment)| SegmentLists::open(self.flat, (segment, i)));
        let lists = lists.collect::<tantivy::Result<Vec<_>>>()?;
        let keep = best.keep().filter(|&keep| keep > 0);
        let most = options
            .count_up_to
            .filter(|&most| !self.flat.all && keep.is_some_and(|keep| keep as u64 <= most));
        if let Some(most) = most.filter(|&most| self.flat.has_many(most))
            && let Some(bounds) = self.bounds(&lists, None)?
        {
            self.by_ranges((&lists, &bounds), None, best)?;
            best.matched = most;
            best.is_counted = false;
            return Ok(());
        }
        let hits = lists.iter().map(|lists| HitSet::of(self.flat, lists));
        let hits = hits.collect::<tantivy::Result<Vec<_>>>()?;
        best.matched = hits.iter().map(HitSet::count).sum();
        if best.keep() != Some(0) {
            self.score((&lists, hits), best)?;
        }
        if let Some(most) = most.filter(|&most| best.matched > most) {
            best.matched = most;
            best.is_counted = false;
        }
        Ok(())
    }

    /// Scores those of the hits that may be among the best.
    fn score(
        &self,
        (lists, hits): (&[SegmentLists<'a>], Vec<HitSet>),
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        if best.keep().is_some()
            && best.matched > FEW_HITS
            && let Some(bounds) = self.bounds(lists, Some(&hits))?
        {
            return self.by_ranges((lists, &bounds), Some(&hits), best);
        }
        for (i, (lists, hits)) in lists.iter().zip(hits).enumerate() {
            let mut table = RangeTable::new(self.flat, lists, false);
            let mut candidates = Candidates::new(self.context, (lists, i));
            let hits = hits.all();
            for hits in hits.chunk_by(|a, b| a.doc / RANGE == b.doc / RANGE) {
                table.begin(hits.first().map_or(0, |hit| hit.doc / RANGE));
                table.read_rest(hits, None)?;
                for &hit in hits {
                    candidates.add(hit, &mut table, best)?;
                }
            }
            candidates.settle(best)?;
        }
        Ok(())
    }
}
