//! Looks at one file: whether its content is another, and whether a link may be followed to it.

use std::path::Path;

use super::policy::Manner;
use super::scan::ToRead;
use crate::engine::{Outcome, SourceRecord};
use crate::source::{FileEntry, Links, OpenedFile};

/// Whether a file's content is another than what is known of it.
pub(super) fn differs(base: &Path, manner: &Manner<'_>, file: &ToRead) -> bool {
    let known = file.known.as_ref().map(|known| &known.record);
    let is_same = |known: &&SourceRecord| {
        known.stat.size == file.entry.stat.size
            && known.reading == manner.fingerprint(&file.entry.path)
    };
    let Some(known) = known.filter(is_same) else {
        return true;
    };
    let path = file.entry.path.below(base);
    let format = manner.format(&file.entry.path, file.origin);
    let most = manner.max_bytes(format.map(|(format, _)| format));
    match OpenedFile::open(&path, most, links_of(&file.entry)) {
        Ok(Ok(opened)) => (opened.content_hash()).is_ok_and(|hash| hash != known.hash),
        Ok(Err(error)) => known.outcome != Outcome::Unread(error.reason),
        Err(_) => true,
    }
}

/// Whether a file may be read through a link that stands in its place: where the look at it found one.
pub(super) fn links_of(entry: &FileEntry) -> Links {
    match entry.is_linked {
        true => Links::Followed,
        false => Links::Walked,
    }
}
