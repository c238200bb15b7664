//! What was set in place of a default, and where.

use super::table::Value;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    /// The environment's variable.
    Environment(String),
    /// `path:line`.
    File(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::Environment(name) | Origin::File(name) => f.write_str(name),
        }
    }
}

/// What was set in place of a default.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// As it was written.
    pub(super) text: String,
    pub(super) value: Value,
    pub(super) origin: Origin,
}
