//! What a refresh has to read, and what it may find again under another name.

use std::collections::HashMap;

use super::scan::ToRead;
use crate::catalog::{CatalogDraft, SourceRecord};
use crate::engine::Snapshot;

/// A file to read and its number.
pub(super) struct Job {
    pub(super) file: ToRead,
    pub(crate) source: u32,
    pub(super) is_new: bool,
}

/// Gives every new file a number, in the order of the paths.
pub(super) fn number_jobs(draft: &mut CatalogDraft, files: Vec<ToRead>) -> Vec<Job> {
    let mut next = 0;
    let mut number = |file: ToRead| {
        let is_new = file.source.is_none();
        let source = file.source.unwrap_or_else(|| {
            let source = draft.add(
                SourceRecord::blank(file.entry.path.clone(), file.origin),
                next,
            );
            next = source + 1;
            source
        });
        Job {
            file,
            source,
            is_new,
        }
    };
    files.into_iter().map(&mut number).collect()
}

/// The sources that are gone, by content, format and manner of reading, so that a moved file is known again.
pub(super) fn removed_by_hash(snapshot: &dyn Snapshot, removed: &[u32]) -> Removed {
    let mut by_hash: HashMap<(u128, u8, u64), Vec<u32>> = HashMap::new();
    for &source in removed {
        if let Some(record) = snapshot.catalog().source(source) {
            by_hash
                .entry((record.hash, record.format, record.reading))
                .or_default()
                .push(source);
        }
    }
    Removed {
        all: removed.to_vec(),
        by_hash,
    }
}

/// Sources that are gone.
#[derive(Default)]
pub(super) struct Removed {
    /// Their numbers.
    pub(super) all: Vec<u32>,
    /// Their numbers, by hash, format and manner of reading.
    pub(super) by_hash: HashMap<(u128, u8, u64), Vec<u32>>,
}
