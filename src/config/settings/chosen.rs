//! What was set in place of a default, and where.

use super::table::SettingValue;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SettingOrigin {
    Default,
    /// The environment's variable.
    Environment(String),
    /// `path:line`.
    File(String),
}

impl std::fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SettingOrigin::Default => f.write_str("default"),
            SettingOrigin::Environment(name) | SettingOrigin::File(name) => f.write_str(name),
        }
    }
}

/// What was set in place of a default.
#[derive(Debug, Clone)]
pub(super) struct ChosenValue {
    /// As it was written.
    pub(super) text: String,
    pub(super) value: SettingValue,
    pub(super) origin: SettingOrigin,
}
