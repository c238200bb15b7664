//! Reads a source again, as it was read for the index.

use std::path::Path;

use super::policy::Manner;
use super::{Rules, Settings};
use crate::engine::SourceRecord;
use crate::format::{ArticleSink, InputBytes, read_articles};
use crate::source::{Links, OpenedFile, ReadError, Reason};

/// Reads the articles of a source again into `sink`, where its content and the manner of reading it are those that were
/// indexed; tells whether they are.
///
/// # Errors
/// Where it cannot be read.
pub fn read_again(
    base: &Path,
    settings: &Settings,
    rules: &Rules,
    record: &SourceRecord,
    sink: &mut dyn ArticleSink,
) -> Result<bool, ReadError> {
    let manner = Manner::new(rules, settings);
    let Some((format, options)) = manner.format(&record.path, record.origin) else {
        return Ok(false);
    };
    let is_read_so = (format.code, format.version) == (record.format, record.reader)
        && manner.fingerprint(&record.path) == record.reading;
    if !is_read_so {
        return Ok(false);
    }
    let path = record.path.below(base);
    let opened = OpenedFile::open(&path, u64::MAX, Links::Followed)??;
    if opened.stat.size != record.stat.size || opened.content_hash()? != record.hash {
        return Ok(false);
    }
    let bytes = InputBytes::File(&opened.file);
    match read_articles(format, &record.path, bytes, &options, sink) {
        // What cut it short then does so now.
        Err(error) if record.is_truncated && error.reason != Reason::Io => Ok(true),
        result => result.map(|()| true),
    }
}
