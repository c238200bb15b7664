//! Citations: ids, places in the source, and whether the source still reads so.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use twox_hash::XxHash3_128;

use crate::article::{Place, Section};
use crate::engine::{Origin, Record};
use crate::source::{StoredPath, read_file};

/// The id of a section: `path#anchor`.
#[must_use]
pub fn id_of(path: &StoredPath, anchor: &str) -> String {
    format!("{}#{anchor}", path.to_id())
}

/// A source as it is now.
#[derive(Debug, Clone)]
pub(super) enum Now {
    /// Its bytes, and whether they are those that were indexed.
    Bytes { bytes: Rc<Vec<u8>>, is_same: bool },
    /// It is not there any more.
    Gone,
    /// It cannot be read again.
    Unknown,
}

/// Reads sources again, the last one kept: hits of one article often follow each other.
pub(super) struct Sources<'a> {
    base: &'a Path,
    read: HashMap<PathBuf, Now>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(base: &'a Path) -> Sources<'a> {
        Sources {
            base,
            read: HashMap::new(),
        }
    }

    /// The source of `record` as it is now.
    pub(super) fn now(&mut self, record: &Record) -> Now {
        if record.origin == Origin::Stdin {
            return Now::Unknown;
        }
        let path = record.path.below(self.base);
        self.read
            .entry(path)
            .or_insert_with_key(|path| read_now(path, record))
            .clone()
    }
}

fn read_now(path: &Path, record: &Record) -> Now {
    match read_file(path, u64::MAX) {
        Ok(Ok(bytes)) => {
            let is_same =
                bytes.len() as u64 == record.size && XxHash3_128::oneshot(&bytes) == record.hash;
            Now::Bytes {
                bytes: Rc::new(bytes),
                is_same,
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Now::Gone,
        Ok(Err(_)) | Err(_) => Now::Unknown,
    }
}

impl Now {
    /// Whether the bytes `range` of the section's text still stand in the source where its map says. In a source that
    /// changed, only text that was read as it stands can be told.
    pub(super) fn verifies(&self, section: &Section, range: &Range<usize>) -> Option<bool> {
        match self {
            Now::Unknown => None,
            Now::Gone => Some(false),
            Now::Bytes { bytes, is_same } => Some(reads_as(bytes, *is_same, section, range)),
        }
    }

    /// The column of `place` in bytes, 1-based; in characters where the source cannot be read.
    pub(super) fn byte_column(&self, place: Place) -> u64 {
        let before = match self {
            Now::Bytes { bytes, .. } => usize::try_from(place.byte)
                .ok()
                .and_then(|at| bytes.get(..at)),
            Now::Gone | Now::Unknown => None,
        };
        let Some(before) = before else {
            return u64::from(place.column);
        };
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        (before.len() - line_start) as u64 + 1
    }
}

fn reads_as(bytes: &[u8], is_same: bool, section: &Section, range: &Range<usize>) -> bool {
    section.map.runs_within(range.start, range.end).all(|run| {
        if !run.identical {
            return is_same;
        }
        let from = (range.start as u32).max(run.text);
        let to = (range.end as u32).min(run.text + run.text_len);
        let at = run.start.byte as usize + (from - run.text) as usize;
        let text = section.text.as_bytes().get(from as usize..to as usize);
        text.is_some() && text == bytes.get(at..at + (to - from) as usize)
    })
}
