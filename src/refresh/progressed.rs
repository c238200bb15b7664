//! What a refresh has done so far.

use std::collections::{BTreeMap, BTreeSet};

use super::jobs::Removed;
use crate::engine::{CatalogChange, EngineError, SourceKey, SourceRecord};
use crate::source::{ReadError, StoredPath};

/// What a refresh has done so far.
#[derive(Default)]
pub(super) struct Progressed {
    pub(super) change: CatalogChange,
    /// How many articles each source has whose articles changed.
    pub(super) articles: BTreeMap<SourceKey, u32>,
    pub(super) removed: Removed,
    pub(super) added: u64,
    pub(super) changed: u64,
    pub(super) renamed: u64,
    /// Files that were moved, and are read anew: their sections hold their names.
    pub(super) reread: BTreeSet<SourceKey>,
    pub(super) unchanged: u64,
    pub(super) bytes_read: u64,
    /// What was wrong with files, in more words than their reason.
    pub(super) errors: BTreeMap<StoredPath, ReadError>,
    /// Whether anything is to be committed.
    pub(super) is_dirty: bool,
    pub(super) failure: Option<EngineError>,
}

impl Progressed {
    /// Notes what is known of a source now; `known` is what the index says of it.
    pub(super) fn set(
        &mut self,
        source: SourceKey,
        record: SourceRecord,
        known: Option<&SourceRecord>,
    ) {
        let changed = self.change.sources.get(&source);
        let had = changed.map(AsRef::as_ref).or(known);
        if had != Some(&record) {
            self.is_dirty = true;
            self.change.sources.insert(source, Box::new(record));
        }
    }
}
