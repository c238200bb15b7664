//! What the tables of new segments are made from, kept since their lists were written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::anchors::SegmentAnchors;
use super::super::bounds::BoundsDraft;
use super::super::stem_table::{KeptForms, SegmentForms, encode_table};
use crate::analysis::Language;

/// No more is kept, in bytes; the tables of further segments are made from their files. 230,000 sections take 6 MB.
const MOST_KEPT_BYTES: usize = 16 << 20;

/// What is kept of the segments of a change, by their ids.
#[derive(Clone, Default)]
pub(in crate::engine::embedded) struct KeptSegments(Arc<Mutex<KeptState>>);

#[derive(Default)]
struct KeptState {
    /// The languages of the index, once all of its articles are known: the tables of the segments that are written from then
    /// on are made at once.
    languages: Option<Vec<Language>>,
    bytes: usize,
    segments: BTreeMap<String, KeptSegment>,
}

/// The tables of a segment that were made while its lists were written.
pub(in crate::engine::embedded) struct EarlyTables {
    /// The languages of its classes.
    pub(in crate::engine::embedded) languages: Vec<Language>,
    pub(in crate::engine::embedded) classes: Vec<u8>,
    pub(in crate::engine::embedded) anchors: Vec<u8>,
}

impl EarlyTables {
    /// The tables of a segment with these forms and anchors.
    pub(super) fn of(
        forms: &KeptForms,
        anchors: &SegmentAnchors,
        languages: &[Language],
    ) -> tantivy::Result<EarlyTables> {
        Ok(EarlyTables {
            languages: languages.to_vec(),
            classes: encode_table(&SegmentForms::Kept(forms), languages)?,
            anchors: anchors.encode()?,
        })
    }

    /// What they take, in bytes.
    pub(super) fn size_bytes(&self) -> usize {
        self.classes.len() + self.anchors.len()
    }
}

/// What is kept of a segment.
pub(in crate::engine::embedded) struct KeptSegment {
    /// Its forms.
    pub(in crate::engine::embedded) forms: KeptForms,
    /// The bounds of its lists.
    pub(in crate::engine::embedded) bounds: BoundsDraft,
    /// The anchors of its documents.
    pub(in crate::engine::embedded) anchors: SegmentAnchors,
    /// The tables of these, where the languages were known.
    pub(in crate::engine::embedded) early: Option<EarlyTables>,
}

impl KeptSegment {
    fn size_bytes(&self) -> usize {
        let early = self.early.as_ref().map_or(0, EarlyTables::size_bytes);
        let drafts = self.forms.size_bytes() + self.bounds.size_bytes();
        drafts + self.anchors.size_bytes() + early
    }
}

impl KeptSegments {
    fn state(&self) -> MutexGuard<'_, KeptState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the languages of the index: all of its articles are known.
    pub(in crate::engine::embedded) fn set_languages(&self, languages: Vec<Language>) {
        self.state().languages = Some(languages);
    }

    /// The languages of the index, once they are known.
    pub(super) fn languages(&self) -> Option<Vec<Language>> {
        self.state().languages.clone()
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
