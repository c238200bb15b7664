//! The PATH arguments: from the current folder, or as the index stores them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::search::{Error, Index, Location, on_disk};
use crate::source::StoredPath;

/// Paths as the index keeps them.
pub(super) fn stored_paths(
    location: &Location,
    current: &Path,
    paths: &[PathBuf],
) -> Result<Vec<StoredPath>, Error> {
    paths
        .iter()
        .map(|path| location.stored(current, path).map_err(Error::from))
        .collect()
}

/// What a path has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// There, or known to the index.
    Anything,
    /// Known to the index, which nobody brings up to date.
    Indexed,
}

/// The paths that restrict an answer: from the current folder, and where nothing is there, as they are stored.
pub(super) fn within(
    index: &Index,
    current: &Path,
    paths: &[PathBuf],
    holds: Holds,
) -> anyhow::Result<Vec<StoredPath>> {
    let resolve = |path: &PathBuf| {
        let here = index.placed(current, path);
        if holds == Holds::Anything && is_there(current, path) {
            return Ok(index.as_stored(here.map_err(Error::from)?)?);
        }
        let as_stored = StoredPath::from_path(path);
        let candidates = here.ok().into_iter().chain([as_stored]);
        for candidate in candidates {
            let stored = index.as_stored(candidate)?;
            if index.knows_below(&stored)? {
                return Ok(stored);
            }
        }
        Err(no_such(path, paths))
    };
    paths.iter().map(resolve).collect()
}

/// The sources of the index that a command was given as its input; what they say is no answer to it.
pub(super) fn inputs_among_sources<'a>(
    index: &Index,
    current: &Path,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> anyhow::Result<Vec<StoredPath>> {
    let named = inputs.into_iter().filter(|file| file.as_os_str() != "-");
    let stored = named.filter_map(|file| index.placed(current, file).ok());
    let mut known = Vec::new();
    for path in stored {
        let path = index.as_stored(path)?;
        if index.knows(&path)? {
            known.push(path);
        }
    }
    Ok(known)
}

/// An error for a path that is not there, where there is no index yet that could know it.
pub(super) fn check_paths(
    location: &Location,
    current: &Path,
    paths: &[PathBuf],
) -> anyhow::Result<()> {
    let missing = paths.iter().find(|path| !is_there(current, path));
    match missing.filter(|_| !location.exists()) {
        Some(path) => Err(no_such(path, paths)),
        None => Ok(()),
    }
}

/// A stored path as it is typed: the base itself is `.`.
pub(super) fn name_of(path: &StoredPath) -> String {
    match path.to_text() {
        text if text.is_empty() => ".".to_string(),
        text => text.into_owned(),
    }
}

fn is_there(current: &Path, path: &Path) -> bool {
    fs::symlink_metadata(on_disk(&current.join(path))).is_ok()
}

/// The error for one of several paths that is not there, with the commonest slips.
fn no_such(path: &Path, all: &[PathBuf]) -> anyhow::Error {
    let name = path.display().to_string();
    let is_option = |path: &PathBuf| path.as_os_str().as_encoded_bytes().starts_with(b"-");
    let is_word = name.chars().all(char::is_alphanumeric);
    let hint = match (all.iter().any(is_option), is_word) {
        (true, _) => "; what stands behind `--` is the query, then paths; options go before it",
        (false, true) => {
            "; a query of several words is one argument: `excerpt query 'needle haystack'`"
        }
        (false, false) => "",
    };
    anyhow!("there is no file or folder `{name}`, and the index knows none{hint}")
}
