//! Why an engine fails.

use super::limits::LimitExceeded;
use crate::catalog::CatalogError;

/// What an engine cannot do, and why.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no index.
    #[error("there is no index in `{0}`")]
    Missing(String),
    /// Another process is changing the index; it is named where it can be.
    #[error("{0} is refreshing the index")]
    Busy(String),
    /// Another process changed the index since it was opened.
    #[error("another process changed the index meanwhile")]
    Outdated,
    /// The index cannot be written.
    #[error("the index cannot be written: {0}")]
    ReadOnly(String),
    /// The index was made by an older version and has to be built anew.
    #[error("the index is of {found}, this program needs {own}")]
    OlderVersion {
        /// The version of the index.
        found: String,
        /// The version this program makes.
        own: String,
    },
    /// The index was made by a newer version.
    #[error("the index is of {found}, which is newer than this program with {own}")]
    NewerVersion {
        /// The version of the index.
        found: String,
        /// The version this program makes.
        own: String,
    },
    /// The folder holds files of something else.
    #[error("`{0}` is not empty and is no index of excerpt")]
    Foreign(String),
    /// The index is damaged.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The query goes beyond a limit.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The engine cannot do this.
    #[error("{0}")]
    Unsupported(String),
    /// The engine cannot be reached.
    #[error("the index is not available: {0}")]
    Unavailable(String),
    /// The engine wants to know who asks.
    #[error("the index refuses: {0}")]
    Unauthorized(String),
    /// The storage failed.
    #[error("the index could not be read or written: {0}")]
    Storage(String),
}

impl From<CatalogError> for EngineError {
    fn from(error: CatalogError) -> EngineError {
        EngineError::Damaged(error.to_string())
    }
}
