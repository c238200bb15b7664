//! What a refresh has done so far.

use std::collections::BTreeMap;

use super::jobs::Removed;
use crate::catalog::{CatalogDraft, SourceRecord};
use crate::engine::EngineError;
use crate::source::{ReadError, StoredPath};

/// What a refresh has done so far.
#[derive(Default)]
pub(super) struct Progressed {
    pub(super) draft: CatalogDraft,
    pub(super) removed: Removed,
    pub(super) added: u64,
    pub(super) changed: u64,
    pub(super) renamed: u64,
    pub(super) unchanged: u64,
    pub(super) bytes_read: u64,
    /// What was wrong with files, in more words than their reason.
    pub(super) errors: BTreeMap<StoredPath, ReadError>,
    /// Whether the catalog differs from the last one.
    pub(super) is_dirty: bool,
    pub(super) failure: Option<EngineError>,
}

impl Progressed {
    /// Notes what is known of a source now.
    pub(super) fn set(&mut self, source: u32, record: SourceRecord) {
        let Some(old) = self.draft.source(source) else {
            return;
        };
        if old != record {
            self.is_dirty = true;
            self.draft.set(source, record);
        }
    }
}
