//! What the index knows of a source.

use crate::engine::{SourceKey, SourceRecord, SourceRow};

/// A source that the index knows.
#[derive(Debug, Clone)]
pub(super) struct KnownSource {
    pub(super) key: SourceKey,
    /// How many articles of it are in the index.
    pub(super) articles: u32,
    pub(super) record: SourceRecord,
}

impl KnownSource {
    pub(super) fn of(row: SourceRow<'_>) -> KnownSource {
        KnownSource {
            key: row.key,
            articles: row.articles,
            record: row.into_record(),
        }
    }
}
