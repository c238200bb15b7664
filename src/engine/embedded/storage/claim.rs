//! Whose a folder is: a marker file says that it is an index, so that no file of anything else is touched.

use std::io::{self, Write};

use super::disk::{Disk, Entry, LOCK};
use super::faults::storage_error;
use super::manifest::is_of_index;
use super::names::{MANIFEST, OLD_MANIFEST};
use crate::engine::EngineError;

/// The marker's file.
pub(super) const MARKER: &str = "excerpt.tag";
/// What it says; the first line tells it.
const MARKER_TEXT: &str = "Signature: 5f2b8c1e-excerpt-index\n\
    This folder is an index made by excerpt. It can be removed and built again from its sources.\n";
/// What keeps the folder out of Git.
const IGNORE: &str = ".gitignore";

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::embedded) enum FolderStanding {
    /// Nothing is in it, or only what a first run leaves that is stopped at once.
    Empty,
    /// An index with its marker.
    Ours,
    /// An index without one: of an older format, or one whose marker is lost.
    Unmarked,
    /// Something else.
    Foreign,
}

/// Tells what a folder is.
pub(in crate::engine::embedded) fn standing(disk: &dyn Disk) -> io::Result<FolderStanding> {
    let entries = disk.list()?;
    let marker = marker(disk, &entries);
    if marker == Marker::Whole {
        return Ok(FolderStanding::Ours);
    }
    let is_index = |name: &str| disk.read(name).is_ok_and(|bytes| is_of_index(name, &bytes));
    if is_index(MANIFEST) || is_index(OLD_MANIFEST) {
        return Ok(FolderStanding::Unmarked);
    }
    let counts = |entry: &&Entry| match entry.name.as_str() {
        IGNORE | LOCK => !entry.is_file,
        MARKER => marker != Marker::Cut,
        _ => true,
    };
    Ok(match entries.iter().any(|entry| counts(&entry)) {
        true => FolderStanding::Foreign,
        false => FolderStanding::Empty,
    })
}

/// Makes a folder ours, where it is empty or an index that has no marker. The lock is held.
pub(super) fn claim(disk: &dyn Disk) -> Result<(), EngineError> {
    let claim = || -> io::Result<FolderStanding> {
        let standing = standing(disk)?;
        if matches!(standing, FolderStanding::Empty | FolderStanding::Unmarked) {
            mark(disk)?;
        }
        Ok(standing)
    };
    match claim().map_err(|e| storage_error(&e))? {
        FolderStanding::Foreign => Err(EngineError::Foreign(format!("{disk:?}"))),
        _ => Ok(()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Whole,
    /// A run was stopped while it wrote it.
    Cut,
    None,
}

fn marker(disk: &dyn Disk, entries: &[Entry]) -> Marker {
    if !entries.iter().any(|e| e.name == MARKER && e.is_file) {
        return Marker::None;
    }
    let signature = MARKER_TEXT.lines().next().unwrap_or_default().as_bytes();
    match disk.read(MARKER) {
        Ok(bytes) if bytes.starts_with(signature) => Marker::Whole,
        // A loss of power can leave zeros in place of what was written.
        Ok(bytes) if MARKER_TEXT.as_bytes().starts_with(without_zeros(&bytes)) => Marker::Cut,
        _ => Marker::None,
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != 0);
    &bytes[..end.map_or(0, |at| at + 1)]
}

fn mark(disk: &dyn Disk) -> io::Result<()> {
    // What stands in an index in the marker's place was the marker, or is in the way of nothing but itself.
    match disk.remove(MARKER) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    disk.create(MARKER)?.write_all(MARKER_TEXT.as_bytes())?;
    disk.sync(MARKER)?;
    match disk.create(IGNORE) {
        Ok(mut file) => file.write_all(b"*\n")?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    disk.sync_folder()
}
