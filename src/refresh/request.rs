//! What a refresh is asked to do, how it tells of its progress, and why it fails.

use crate::engine::{EngineError, Wait};
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
    /// Whether files of other formats are counted.
    pub counts_others: bool,
    /// Which files may be read; `None` for all that the index covers.
    pub reach: Option<Reach>,
}

/// Is told how a refresh goes.
pub trait Progress: Sync {
    /// So many files of so many bytes are to be read.
    fn start(&self, files: u64, bytes: u64);
    /// The file at this path, of so many bytes, is done.
    fn advance(&self, path: &StoredPath, bytes: u64);
    /// All files are read.
    fn finish(&self);
    /// Whether the refresh is to be given up: it is asked before each file, and leaves the index as it was.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: u64, _: u64) {}
    fn advance(&self, _: &StoredPath, _: u64) {}
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
    /// It was given up.
    #[error("the refresh was cancelled")]
    Cancelled,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}
