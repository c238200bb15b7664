//! Opens the files that a refresh reads: text as a whole, what holds many articles as a stream.

use std::io;
use std::path::Path;

use super::jobs::Job;
use super::read::{hash_of, links_of};
use super::reading::{Content, ReadAs};
use super::worker::Worker;
use crate::engine::EngineError;
use crate::format::{Format, InputBytes};
use crate::source::{FileEntry, OpenedFile, ReadError, Reason, StatKey, read_file};

/// How often a file is read that changes meanwhile.
const READS: u32 = 2;

impl Worker<'_> {
    pub(super) fn read_job(&self, job: &Job) -> Result<(), EngineError> {
        let file = &job.file;
        let manner = self.target.manner.format(&file.entry.path, file.origin);
        let format = manner.as_ref().map(|(format, _)| *format);
        let most = self.target.manner.max_bytes(format);
        let manner = manner.as_ref().map(|(format, options)| (*format, options));
        let read = match format.is_none_or(Format::is_text) {
            true => self.read_whole(job, manner, most),
            false => self.read_opened(job, manner, most),
        };
        match read {
            // It vanished since the walk: a removed file.
            Err(_) => {
                let mut state = self.state();
                match job.is_new {
                    true => state.draft.remove(job.source),
                    false => state.removed.all.push(job.source),
                }
                Ok(())
            }
            Ok(Err(ReadFailure::Source(error))) => self.set_unread(job, 0, error),
            Ok(Err(ReadFailure::Engine(error))) => Err(error),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Reads a file of text, which is one article, as a whole.
    fn read_whole(&self, job: &Job, manner: ReadAs<'_>, most: u64) -> FileRead {
        let entry = &job.file.entry;
        let path = entry.path.below(self.target.base);
        let read = match read_file(&path, most, links_of(entry))? {
            Ok(read) => read,
            Err(error) => return Ok(Err(error.into())),
        };
        if let Some(error) = self.check_swapped(entry, read.stat, &path) {
            return Ok(Err(error.into()));
        }
        let read = self.read_bytes(job, read.stat, manner, read.bytes);
        Ok(read.map_err(ReadFailure::Engine))
    }

    /// Reads a file that may be large as a stream. Where it changes meanwhile it is read once more.
    fn read_opened(&self, job: &Job, manner: ReadAs<'_>, most: u64) -> FileRead {
        let entry = &job.file.entry;
        let path = entry.path.below(self.target.base);
        for _ in 0..READS {
            let opened = match OpenedFile::open(&path, most, links_of(entry))? {
                Ok(opened) => opened,
                Err(error) => return Ok(Err(error.into())),
            };
            if let Some(error) = self.check_swapped(entry, opened.stat, &path) {
                return Ok(Err(error.into()));
            }
            let content = Content {
                stat: opened.stat,
                hash: hash_of(&opened)?,
                bytes: InputBytes::File(&opened.file),
            };
            self.state().bytes_read += opened.stat.size;
            if let Err(error) = self.read_content(job, manner, content) {
                return Ok(Err(error.into()));
            }
            if opened.is_unchanged()? {
                return Ok(Ok(()));
            }
        }
        let error = ReadError {
            reason: Reason::Io,
            message: "it changed each time while it was read".to_string(),
        };
        Ok(Err(error.into()))
    }

    /// The error of a file that is another than the look at the files found, and one that may not be read.
    fn check_swapped(&self, entry: &FileEntry, stat: StatKey, path: &Path) -> Option<ReadError> {
        let message = "a folder above it was replaced by a link while it was read";
        self.is_swapped(entry, stat, path).then(|| ReadError {
            reason: Reason::SpecialFile,
            message: message.to_string(),
        })
    }

    /// Whether another file was read than the look at the files found, and one that may not be read.
    fn is_swapped(&self, entry: &FileEntry, stat: StatKey, path: &Path) -> bool {
        let is_other = entry.stat.inode != stat.inode;
        is_other && self.reach.is_some_and(|reach| !reach.allows(path))
    }
}

/// How reading a file again went; the outer error is that it is gone.
type FileRead = io::Result<Result<(), ReadFailure>>;

/// Why a source was not read.
enum ReadFailure {
    /// It cannot be read.
    Source(ReadError),
    /// The index cannot be written.
    Engine(EngineError),
}

impl From<ReadError> for ReadFailure {
    fn from(error: ReadError) -> ReadFailure {
        ReadFailure::Source(error)
    }
}

impl From<EngineError> for ReadFailure {
    fn from(error: EngineError) -> ReadFailure {
        ReadFailure::Engine(error)
    }
}
