//! The error of a query that cannot be read.

use std::ops::Range;

/// A query that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// The query.
    pub query: String,
    /// The place, in bytes of the query.
    pub at: Range<usize>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl QueryError {
    pub(super) fn new(query: &str, at: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError {
            query: query.to_string(),
            at,
            message: message.into(),
        }
    }
}
