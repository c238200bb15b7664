//! The refresh: brings an index up to date with its files, doing only the work that changes ask for.
//!
//! Looks at files (size and time, then content), drops what is unchanged, reads and cuts the rest on all cores, and
//! makes one commit.

pub(crate) mod coverage;
pub(crate) mod jobs;
pub(crate) mod policy;
pub(crate) mod read;
pub(crate) mod report;
pub(crate) mod scan;
pub(crate) mod unchanged;
pub(crate) mod worker;

pub use self::coverage::{Root, Settings};
pub use self::policy::{FileRule, Rules, StatCheck};
pub use self::report::{IndexReport, Kept, KeptCause, Unread};

use std::path::Path;

use self::policy::Manner;
use self::scan::Look;
use self::worker::Target;
use crate::engine::{Engine, EngineError, Wait};
use crate::format::GivenLimits;
use crate::source::trust::Reach;
use crate::source::{StoredPath, WalkError, WalkOptions};

/// What a refresh is asked to do beside looking at what the index covers.
#[derive(Debug, Clone, Default)]
pub struct RefreshRequest {
    /// Files and folders to add, relative to the index's base.
    pub add: Vec<StoredPath>,
    /// Texts to add that cannot be read again, such as standard input.
    pub texts: Vec<(StoredPath, Vec<u8>)>,
    /// How the folders to add are walked; `None` keeps what is known of a covered one.
    pub walk: Option<WalkOptions>,
    /// Limits that the index keeps from now on.
    pub limits: GivenLimits,
    /// Whether a root that is gone or empty really lost its files.
    pub force: bool,
    /// On how many threads files are read; `None` for all cores.
    pub threads: Option<usize>,
    /// How long the end of another process's refresh is waited for.
    pub wait: Wait,
    /// Whether somebody waits for an answer, so that what can wait is left for another time.
    pub is_brief: bool,
    /// Whether all files are read, whatever their times say.
    pub rehash: bool,
    /// Files that are read whatever their times say.
    pub reread: Vec<StoredPath>,
    /// Whether no change may go unseen: a verdict rests on the answer.
    pub exact: bool,
    /// Which files may be read; `None` for all that the index covers.
    pub reach: Option<Reach>,
}

/// Is told how a refresh goes.
pub trait Progress: Sync {
    /// So many files of so many bytes are to be read.
    fn start(&self, files: u64, bytes: u64);
    /// A file of so many bytes is done.
    fn advance(&self, bytes: u64);
    /// All files are read.
    fn finish(&self);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}

/// A refresh that could not be made. The index is as it was.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The files could not be looked for.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Nothing that was to be indexed is there.
    #[error("there is no file or folder `{path}`")]
    NothingThere {
        /// The first name of nothing.
        path: StoredPath,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Refreshes the index of `engine`, whose paths are relative to `base`. The engine itself keeps the state it was
/// opened with; open it anew to see the change.
///
/// # Errors
/// Bad globs, nothing to index, and what the engine says. A file that cannot be read, a root that is gone or empty, and
/// a name of nothing are in the report.
pub fn refresh(
    engine: &dyn Engine,
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
        && engine.catalog().is_empty()
        && request.texts.is_empty()
    {
        return Err(IndexError::NothingThere { path: path.clone() });
    }
    let look = Look {
        base,
        catalog: engine.catalog(),
        manner: &manner,
        request,
    };
    let mut changes = look.changes(&mut settings, &named.files)?;
    changes.missing = named.missing;
    let target = Target {
        engine,
        base,
        manner: &manner,
        is_changed: settings != had,
        settings: &settings,
    };
    let mut report = self::worker::apply(&target, changes, request, progress)?;
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
    engine: &dyn Engine,
    base: &Path,
    mut settings: Settings,
    rules: &Rules,
    request: &RefreshRequest,
) -> Result<Option<u64>, IndexError> {
    let manner = Manner::new(rules, &settings);
    let look = Look {
        base,
        catalog: engine.catalog(),
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
        .filter(|file| self::read::differs(engine, base, &manner, file))
        .count();
    Ok(Some(changed as u64 + changes.removed.len() as u64))
}
