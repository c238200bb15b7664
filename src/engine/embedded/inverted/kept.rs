//! What the tables of new segments are made from, kept since their lists were written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::anchors::SegmentAnchors;
use super::super::bounds::BoundsDraft;
use super::super::stem_table::KeptForms;

/// No more is kept, in bytes; the tables of further segments are made from their files. 230,000 sections take 6 MB.
const MOST_KEPT_BYTES: usize = 16 << 20;

/// What is kept of the segments of a change, by their ids.
#[derive(Clone, Default)]
pub(in crate::engine::embedded) struct KeptSegments(Arc<Mutex<KeptState>>);

#[derive(Default)]
struct KeptState {
    bytes: usize,
    segments: BTreeMap<String, KeptSegment>,
}

/// What is kept of a segment.
pub(in crate::engine::embedded) struct KeptSegment {
    /// Its forms.
    pub(in crate::engine::embedded) forms: KeptForms,
    /// The bounds of its lists.
    pub(in crate::engine::embedded) bounds: BoundsDraft,
    /// The anchors of its documents.
    pub(in crate::engine::embedded) anchors: SegmentAnchors,
}

impl KeptSegment {
    fn size_bytes(&self) -> usize {
        self.forms.size_bytes() + self.bounds.size_bytes() + self.anchors.size_bytes()
    }
}

impl KeptSegments {
    fn state(&self) -> MutexGuard<'_, KeptState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether about so many bytes may be kept.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.state().bytes + bytes <= MOST_KEPT_BYTES
    }

    /// Keeps what is known of a segment.
    pub(super) fn keep(&self, id: String, segment: KeptSegment) {
        let mut state = self.state();
        state.bytes += segment.size_bytes();
        state.segments.insert(id, segment);
    }

    /// Gives away what is known of a segment.
    pub(in crate::engine::embedded) fn take(&self, id: &str) -> Option<KeptSegment> {
        self.state().segments.remove(id)
    }
}
