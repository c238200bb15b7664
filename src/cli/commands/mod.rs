//! The commands, a file each; each reads as the story of the command.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod explain;
pub(super) mod index;
mod open;
pub(super) mod outline;
pub(super) mod query;
pub(super) mod show;
pub(super) mod status;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::config;
use super::error::say;
use crate::index::Rules;
use crate::search::{Error, Location};
use crate::source::StoredPath;

/// How many files are named on standard error.
const MAX_NAMED: usize = 20;

/// Which index, and which configuration, where they were named.
pub(super) struct Place {
    pub(super) index: Option<PathBuf>,
    pub(super) config: Option<PathBuf>,
}

impl Place {
    /// The current folder and the index: the one that was named, else the nearest.
    fn locate(&self) -> anyhow::Result<(PathBuf, Location)> {
        let current = std::env::current_dir().context("cannot tell the current folder")?;
        let location = match &self.index {
            Some(folder) => Location::named(folder, &current),
            None => Location::nearest(&current),
        };
        Ok((current, location))
    }

    /// What the configuration says of reading files.
    fn rules(&self, location: &Location) -> anyhow::Result<Rules> {
        config::rules(self.config.as_deref(), location)
    }
}

/// Paths as the index keeps them.
fn stored_paths(
    location: &Location,
    current: &Path,
    paths: &[PathBuf],
) -> Result<Vec<StoredPath>, Error> {
    paths
        .iter()
        .map(|path| location.stored(current, path).map_err(Error::from))
        .collect()
}

/// Reads a file whole; `-` is standard input.
fn read_input(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))
}

/// Says of each file why it was not read; of many only the first ones.
fn name_unread<'a>(unread: impl ExactSizeIterator<Item = (&'a StoredPath, &'a str, &'a str)>) {
    let count = unread.len();
    for (path, reason, message) in unread.take(MAX_NAMED) {
        say(&format!("{path}: {message} ({reason})"));
    }
    if count > MAX_NAMED {
        say(&format!(
            "and {} more; `excerpt status` names them all",
            count - MAX_NAMED
        ));
    }
}
