//! Sources: the things that bytes are read from, how they are found, read and decoded.

mod decode;
mod detect;
mod encoding;
mod file_error;
mod path;
mod reason;
mod signs;
mod threads;
mod walk;

pub use decode::{DecodeError, Decoded, Stretch, reads_as};
pub use encoding::Encoding;
pub use file_error::FileError;
pub use path::StoredPath;
pub use reason::{Reason, ReasonKind};
pub use threads::startable;
pub use walk::{FileEntry, Found, WalkError, WalkOptions, inspect, walk};

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A source that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// The reason as programs read it.
    pub reason: Reason,
    /// The reason in words.
    pub message: String,
}

impl ReadError {
    /// An error for `reason`, in its standard words.
    #[must_use]
    pub fn new(reason: Reason) -> ReadError {
        ReadError {
            reason,
            message: reason.explanation().to_string(),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => Reason::Permission,
            _ => Reason::Io,
        };
        ReadError {
            reason,
            message: error.to_string(),
        }
    }
}

/// How often a file is read that changes meanwhile.
const READS: u32 = 2;

/// Reads a regular file of at most `max_bytes`; once more where it changed meanwhile.
///
/// # Errors
/// What is no regular file, too large, changes again, or cannot be read. A file that is gone is [`io::ErrorKind::NotFound`] in the
/// outer result.
pub fn read_file(path: &Path, max_bytes: u64) -> io::Result<Result<Vec<u8>, ReadError>> {
    match read_regular(path, max_bytes) {
        Ok(result) => Ok(result),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(error) => Ok(Err(error.into())),
    }
}

fn read_regular(path: &Path, max_bytes: u64) -> io::Result<Result<Vec<u8>, ReadError>> {
    // Opening a pipe would wait for a writer, so the kind is asked first, and again of what was opened.
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        let message = "a folder, not a file".to_string();
        return Ok(Err(ReadError {
            reason: Reason::SpecialFile,
            message,
        }));
    }
    if !metadata.is_file() {
        return Ok(Err(ReadError::new(Reason::SpecialFile)));
    }
    read_unchanged(path, max_bytes, || {})
}

/// Reads a regular file until it is the same before and behind; `meanwhile` is called between.
fn read_unchanged(
    path: &Path,
    max_bytes: u64,
    mut meanwhile: impl FnMut(),
) -> io::Result<Result<Vec<u8>, ReadError>> {
    for _ in 0..READS {
        let file = File::open(path)?;
        let before = file.metadata()?;
        if !before.is_file() {
            return Ok(Err(ReadError::new(Reason::SpecialFile)));
        }
        let mut bytes = Vec::with_capacity(before.len().min(max_bytes) as usize + 1);
        (&file)
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max_bytes {
            return Ok(Err(ReadError::new(Reason::TooLarge)));
        }
        meanwhile();
        let after = file.metadata()?;
        let is_same =
            before.modified().ok() == after.modified().ok() && before.len() == after.len();
        if is_same {
            return Ok(Ok(bytes));
        }
    }
    Ok(Err(ReadError {
        reason: Reason::Io,
        message: "it changed each time while it was read".to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_read_once_more_then_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.txt");
        std::fs::write(&path, "x").expect("a file");
        let mut file = File::options().append(true).open(&path).expect("the file");
        let mut append = |is_wanted: bool| {
            if is_wanted {
                file.write_all(b"y").expect("a longer file");
            }
        };
        let read = read_unchanged(&path, 100, || append(true)).expect("a file that is there");
        let error = read.expect_err("a file that changed twice");
        assert!(
            error.message.contains("changed each time"),
            "{}",
            error.message
        );
        let mut is_first = true;
        let read = read_unchanged(&path, 100, || append(std::mem::take(&mut is_first)));
        assert_eq!(read.expect("there").expect("read"), b"xyyy");
    }
}
