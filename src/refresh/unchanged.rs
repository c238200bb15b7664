//! A refresh that finds nothing to do.

use std::collections::BTreeMap;

use super::IndexReport;
use super::scan::Changes;
use crate::engine::{EngineError, Outcome, Snapshot};

/// Whether there is nothing to do.
pub(super) fn is_as_known(snapshot: &dyn Snapshot, changes: &Changes) -> Result<bool, EngineError> {
    if !(changes.to_read.is_empty() && changes.removed.is_empty()) {
        return Ok(false);
    }
    for (path, error, _) in &changes.unread {
        let known = snapshot.source_at(path)?.map(|known| known.record);
        let noted = known.map(|record| (record.outcome, record.sections));
        if noted != Some((Outcome::Unread(error.reason), 0)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The report where there was nothing to do.
pub(super) fn report_unchanged(
    snapshot: &dyn Snapshot,
    changes: Changes,
) -> Result<IndexReport, EngineError> {
    let mut report = IndexReport {
        kept: changes.kept,
        missing: changes.missing,
        ..IndexReport::of(snapshot)?
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
    Ok(report)
}
