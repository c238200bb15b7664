//! What the command line gives, beside the defaults.

use clap::ArgMatches;
use clap::parser::ValueSource;

/// Which arguments of a command the command line gives.
#[derive(Clone, Copy)]
pub(super) struct Given<'a>(pub(super) &'a ArgMatches);

impl Given<'_> {
    /// Whether one of these is given. Of two that override each other, that is the later one.
    pub(super) fn any(self, ids: &[&str]) -> bool {
        let is_given = |id: &&str| self.0.value_source(id) == Some(ValueSource::CommandLine);
        ids.iter().any(is_given)
    }

    /// Puts what a setting says into `value` where none of `ids` is given.
    pub(super) fn or_else<T>(self, ids: &[&str], value: &mut T, setting: Option<T>) {
        if let Some(setting) = setting.filter(|_| !self.any(ids)) {
            *value = setting;
        }
    }
}
