//! Citations: ids, places in the source, and whether the source still reads so.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use super::held_files::{HeldFile, HeldFiles};
use super::source_file::{FileContent, SourceFile};
use crate::article::{Place, Section};
use crate::engine::{Origin, Record, Snapshot, SourceRecord};
use crate::source::trust::Reach;
use crate::source::{Encoding, Links, OpenedFile, ReadError, Reason, StoredPath, read_file};

/// A source as it is now.
#[derive(Debug, Clone)]
pub(super) enum Now {
    /// What its file holds.
    Bytes(Rc<SourceFile>),
    /// It holds what the article was unpacked or decoded from.
    Outer(SourceState),
    /// It is not there any more.
    Gone,
    /// It cannot be read again.
    Unknown,
}

/// How a source stands to what was indexed of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    /// It reads as it was indexed.
    Same,
    /// It changed since.
    Changed,
    /// It is not there any more.
    Gone,
    /// It cannot be read again.
    Unknown,
}

impl SourceState {
    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SourceState::Same => "same",
            SourceState::Changed => "changed",
            SourceState::Gone => "gone",
            SourceState::Unknown => "unknown",
        }
    }
}

/// A file of more bytes is not held: of it the stretches are read that are asked for, and it is the same where the file
/// system says so.
const MAX_HELD_BYTES: u64 = 64 << 20;

/// Which folders of sources may be read. Resolving a path costs as much as reading a small file, and many queries show
/// sources of the same folders.
#[derive(Debug, Default)]
pub(super) struct FoldersInReach(Mutex<HashMap<StoredPath, bool>>);

impl FoldersInReach {
    fn allows(&self, path: &StoredPath, base: &Path, reach: &Reach) -> bool {
        let folder = path.parent();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&is_allowed) = known.get(&folder) {
            return is_allowed;
        }
        let is_allowed = reach.allows(&folder.below(base));
        known.insert(folder, is_allowed);
        is_allowed
    }
}

/// Reads sources again, the last one kept: hits of one article often follow each other.
pub(super) struct Sources<'a> {
    base: &'a Path,
    snapshot: &'a dyn Snapshot,
    reach: &'a Reach,
    folders: &'a FoldersInReach,
    held: &'a HeldFiles,
    read: HashMap<StoredPath, Now>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(
        (base, snapshot): (&'a Path, &'a dyn Snapshot),
        reach: &'a Reach,
        (folders, held): (&'a FoldersInReach, &'a HeldFiles),
    ) -> Sources<'a> {
        Sources {
            base,
            snapshot,
            reach,
            folders,
            held,
            read: HashMap::new(),
        }
    }

    /// The source of `record` as it is now.
    pub(super) fn now(&mut self, record: &Record) -> Now {
        match self.now_of(&record.source) {
            now if record.article.is_inner => Now::Outer(now.state()),
            now => now,
        }
    }

    fn now_of(&mut self, record: &SourceRecord) -> Now {
        if record.origin == Origin::Stdin {
            return Now::Unknown;
        }
        let Some(own) = self.snapshot.own_path(&record.path) else {
            return Now::Unknown;
        };
        if let Some(now) = self.read.get(&own) {
            return now.clone();
        }
        let now = match self.look(&own) {
            AtPath::File(content) => Now::Bytes(Rc::new(SourceFile::new(content, record))),
            AtPath::Gone => Now::Gone,
            AtPath::Unknown => Now::Unknown,
        };
        self.read.insert(own, now.clone());
        now
    }

    fn look(&self, own: &StoredPath) -> AtPath {
        let path = own.below(self.base);
        // What is held lies in a folder that was asked of before.
        if let Some(held) = self.held.get(own, &path) {
            return AtPath::File(FileContent::Held(held));
        }
        if self.folders.allows(own, self.base, self.reach) {
            let read = read_again(&path, Links::Refused);
            if let Ok(Ok(FileContent::Held(file))) = &read {
                self.held.keep(own, file);
            }
            if !is_refused(&read) {
                return looked(read);
            }
        }
        // A link that stands in the file's place leads somewhere of its own.
        match self.reach.allows(&path) {
            true => looked(read_again(&path, Links::Followed)),
            false => AtPath::Unknown,
        }
    }
}

/// What stands at a path.
enum AtPath {
    File(FileContent),
    Gone,
    Unknown,
}

/// A file that was read again, or why not.
type Again = io::Result<Result<FileContent, ReadError>>;

fn read_again(path: &Path, links: Links) -> Again {
    match read_file(path, MAX_HELD_BYTES, links)? {
        Err(error) if error.reason == Reason::TooLarge => {
            let opened = OpenedFile::open(path, u64::MAX, links)?;
            Ok(opened.map(FileContent::OnDisk))
        }
        read => Ok(read.map(|read| FileContent::Held(Arc::new(HeldFile::from(read))))),
    }
}

fn is_refused(read: &Again) -> bool {
    matches!(read, Ok(Err(error)) if error.reason == Reason::SpecialFile)
}

fn looked(read: Again) -> AtPath {
    match read {
        Ok(Ok(content)) => AtPath::File(content),
        Err(error) if error.kind() == io::ErrorKind::NotFound => AtPath::Gone,
        Ok(Err(_)) | Err(_) => AtPath::Unknown,
    }
}

impl Now {
    /// How the source stands to what was indexed of it.
    pub(super) fn state(&self) -> SourceState {
        match self {
            Now::Bytes(file) if file.is_same() => SourceState::Same,
            Now::Bytes(_) => SourceState::Changed,
            Now::Outer(state) => *state,
            Now::Gone => SourceState::Gone,
            Now::Unknown => SourceState::Unknown,
        }
    }

    /// Whether the bytes `range` of the section's text still stand in the source where its map says. In a source that
    /// changed, only text that was read as it stands can be told.
    pub(super) fn verifies(&self, section: &Section, range: &Range<usize>) -> Option<bool> {
        match self {
            Now::Unknown | Now::Outer(SourceState::Unknown) => None,
            Now::Gone => Some(false),
            // The same bytes, read by the same reader, give the same text.
            Now::Outer(state) => Some(*state == SourceState::Same),
            Now::Bytes(file) => Some(file.holds(section, range)),
        }
    }

    /// The bytes of a source that is as it was indexed, and their encoding, where they are held.
    pub(super) fn unchanged(&self) -> Option<(&[u8], Encoding)> {
        match self {
            Now::Bytes(file) if file.is_same() => file.held(),
            _ => None,
        }
    }

    /// The column of `place` in bytes of the text as UTF-8, 1-based, as editors count; in characters where the source
    /// cannot be read.
    pub(super) fn byte_column(&self, place: Place) -> u64 {
        let column = match self {
            Now::Bytes(file) => file.byte_column(place),
            Now::Outer(_) | Now::Gone | Now::Unknown => None,
        };
        column.unwrap_or(u64::from(place.column))
    }
}
