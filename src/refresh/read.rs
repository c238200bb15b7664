//! Reads one file: whether it is another, and its article.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::policy::Manner;
use super::scan::ToRead;
use crate::article::Article;
use crate::catalog::{Outcome, SourceRecord};
use crate::engine::Snapshot;
use crate::format::{Format, ReadOptions};
use crate::source::{Encoding, FileEntry, Links, OpenedFile, ReadError, Reason};

/// Whether a file's content is another than what is known of it.
pub(super) fn differs(
    snapshot: &dyn Snapshot,
    base: &Path,
    manner: &Manner<'_>,
    file: &ToRead,
) -> bool {
    let known = file
        .source
        .and_then(|source| snapshot.catalog().source(source));
    let is_same = |known: &SourceRecord| {
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
        false => Links::Refused,
    }
}

/// An article, and what was seen of its source on the way.
pub(super) struct ReadArticle {
    pub(super) article: Article,
    pub(super) encoding: Encoding,
    pub(super) invalid: u32,
}

/// Decodes and reads an article; a reader that panics is a failure of that file alone.
pub(super) fn read_article(
    format: &Format,
    bytes: Vec<u8>,
    options: &ReadOptions,
) -> Result<ReadArticle, ReadError> {
    let read = || {
        let source = format.decode(bytes, options)?;
        Ok(ReadArticle {
            article: format.read(&source, options)?,
            encoding: source.encoding(),
            invalid: source.invalid_sequences(),
        })
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ReadError::new(Reason::ParserBug)))
}
