//! The refresh: brings an index up to date with its files, doing only the work that changes ask for.
//!
//! Looks at files (size and time, then content), drops what is unchanged, reads and cuts the rest on all cores, and
//! makes one commit.

mod again;
mod coverage;
mod endings;
mod jobs;
mod known;
mod opening;
mod policy;
mod progressed;
mod read;
mod reading;
mod report;
mod request;
mod scan;
mod source_sink;
mod unchanged;
mod worker;

pub use self::again::read_again;
pub use self::coverage::{Root, Settings};
pub use self::endings::{OtherFiles, other_files};
pub use self::policy::{FeedRule, FileRule, Rules, StatCheck};
pub use self::report::{IndexReport, Kept, KeptCause, Unread};
pub use self::request::{IndexError, NoProgress, Progress, RefreshRequest};

use std::path::Path;

use self::policy::Manner;
use self::scan::Look;
use self::worker::RefreshTarget;
use crate::engine::Snapshot;

/// Refreshes the index of `snapshot`, whose paths are relative to `base`. The snapshot itself stays as it is;
/// a new one shows the change.
///
/// # Errors
/// Bad globs, nothing to index, and what the engine says. A file that cannot be read, a root that is gone or empty, and
/// a name of nothing are in the report.
pub fn refresh(
    snapshot: &dyn Snapshot,
    base: &Path,
    mut settings: Settings,
    rules: &Rules,
    request: &RefreshRequest,
    progress: &dyn Progress,
) -> Result<IndexReport, IndexError> {
    let had = settings.clone();
    settings.limits = request.limits.or(settings.limits);
    let manner = Manner::new(rules, &settings);
    let named = settings.cover(base, request);
    let has_nothing = settings.roots.is_empty() && named.files.is_empty();
    if let Some(path) = named.missing.first()
        && has_nothing
        && snapshot.totals()?.sources == 0
        && request.texts.is_empty()
    {
        return Err(IndexError::NothingThere { path: path.clone() });
    }
    let look = Look {
        base,
        snapshot,
        manner: &manner,
        request,
    };
    let mut changes = look.changes(&mut settings, &named.files)?;
    changes.missing = named.missing;
    let target = RefreshTarget {
        snapshot,
        base,
        manner: &manner,
        is_changed: settings != had,
        settings: &settings,
    };
    let others = std::mem::take(&mut changes.others);
    let mut report = self::worker::apply(&target, changes, request, progress)?;
    report.others = others;
    report.list_missing();
    Ok(report)
}

/// How many of the files that an index covers have changed since: new ones, those that are gone, and those whose content
/// is another. The request says which files may be read, and whether a file of the same size and time of modification
/// is read too: then it is `None` where not all that the index covers could be looked at.
///
/// # Errors
/// As [`refresh`].
pub fn count_stale(
    snapshot: &dyn Snapshot,
    base: &Path,
    mut settings: Settings,
    rules: &Rules,
    request: &RefreshRequest,
) -> Result<Option<u64>, IndexError> {
    let manner = Manner::new(rules, &settings);
    let look = Look {
        base,
        snapshot,
        manner: &manner,
        request,
    };
    let changes = look.changes(&mut settings, &[])?;
    if request.exact && !changes.kept.is_empty() {
        return Ok(None);
    }
    let changed = changes
        .to_read
        .iter()
        .filter(|file| request.exact || !file.is_alike)
        .filter(|file| self::read::differs(base, &manner, file))
        .count();
    Ok(Some(changed as u64 + changes.removed.len() as u64))
}
