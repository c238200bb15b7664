//! What may be wrong with a configuration.

use std::io;

use crate::source::FileError;

/// A configuration that cannot be taken, and why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{file}`")]
    Unreadable {
        /// The file, as people see it.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// What the file says does not hold.
    #[error(transparent)]
    File(#[from] FileError),
    /// What a variable of the environment says does not hold.
    #[error("{name}: {message}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with its value.
        message: String,
    },
}
