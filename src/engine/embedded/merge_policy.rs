//! Which segments are merged: small ones at once, so that many small changes leave few segments; large ones seldom.

use tantivy::SegmentMeta;
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Up to this many live sections a segment is small.
const SMALL_SECTIONS: usize = 4_000;
/// Segments up to this many sections are of one size.
const LEAST_SECTIONS: u32 = 1_000;
/// So many small segments of about one size are merged.
const MIN_SMALL: usize = 3;
/// Above this share of deleted sections a segment is merged.
const MAX_DELETED_SHARE: f32 = 0.15;

/// Merges small segments; where time is, large ones too.
#[derive(Debug)]
pub(super) struct Merges {
    small: LogMergePolicy,
    large: Option<LogMergePolicy>,
}

impl Merges {
    /// `is_brief` where somebody waits, who would wait for a large merge.
    pub(super) fn new(is_brief: bool) -> Merges {
        let mut small = LogMergePolicy::default();
        small.set_max_docs_before_merge(SMALL_SECTIONS);
        small.set_min_layer_size(LEAST_SECTIONS);
        small.set_min_num_segments(MIN_SMALL);
        small.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        let mut large = LogMergePolicy::default();
        large.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        Merges {
            small,
            large: (!is_brief).then_some(large),
        }
    }
}

impl MergePolicy for Merges {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let small = self.small.compute_merge_candidates(segments);
        match &self.large {
            Some(large) if small.is_empty() => large.compute_merge_candidates(segments),
            _ => small,
        }
    }
}
