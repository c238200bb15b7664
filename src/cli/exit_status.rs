//! The exit statuses of all commands.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Hits, or done.
    Success,
    /// No hits.
    NothingFound,
    /// An error, or a file that could not be read.
    Error,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Success => 0,
            Status::NothingFound => 1,
            Status::Error => 2,
        })
    }
}
