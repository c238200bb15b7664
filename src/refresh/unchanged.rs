//! A refresh that finds nothing to do.

use std::collections::BTreeMap;

use super::IndexReport;
use super::scan::Changes;
use crate::catalog::{Origin, Outcome};
use crate::engine::Snapshot;
use crate::source::{ReadError, StoredPath};

/// Whether there is nothing to do.
pub(super) fn is_as_known(snapshot: &dyn Snapshot, changes: &Changes) -> bool {
    let catalog = snapshot.catalog();
    let is_noted = |(path, error, _): &(StoredPath, ReadError, Origin)| {
        let known = catalog
            .find(path)
            .and_then(|source| catalog.outcome(source));
        known == Some((Outcome::Unread(error.reason), 0))
    };
    changes.to_read.is_empty() && changes.removed.is_empty() && changes.unread.iter().all(is_noted)
}

/// The report where there was nothing to do.
pub(super) fn report_unchanged(snapshot: &dyn Snapshot, changes: Changes) -> IndexReport {
    let mut report = IndexReport {
        kept: changes.kept,
        missing: changes.missing,
        ..IndexReport::of(snapshot.catalog())
    };
    let errors: BTreeMap<_, _> = changes
        .unread
        .into_iter()
        .map(|(path, error, _)| (path, error))
        .collect();
    for unread in &mut report.unread {
        if let Some(error) = errors.get(&unread.path) {
            unread.error = error.clone();
        }
    }
    report
}
