//! Why a search fails: the index cannot be read, or the query goes beyond a limit.

use tantivy::TantivyError;

use super::snapshot::State;
use crate::engine::{EngineError, LimitExceeded};

/// Why a search failed.
pub(super) enum SearchError {
    /// The index cannot be read.
    Index(TantivyError),
    /// The query goes beyond a limit.
    Limit(LimitExceeded),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> SearchError {
        SearchError::Index(error)
    }
}

impl From<LimitExceeded> for SearchError {
    fn from(exceeded: LimitExceeded) -> SearchError {
        SearchError::Limit(exceeded)
    }
}

impl State {
    /// [`State::guard`] for what may go beyond a limit.
    pub(super) fn guard_limited<T>(
        &self,
        run: impl FnOnce() -> Result<T, SearchError>,
    ) -> Result<T, EngineError> {
        let ran = self.guard(|| match run() {
            Ok(found) => Ok(Ok(found)),
            Err(SearchError::Limit(exceeded)) => Ok(Err(exceeded)),
            Err(SearchError::Index(error)) => Err(error),
        })?;
        ran.map_err(EngineError::Limit)
    }
}
