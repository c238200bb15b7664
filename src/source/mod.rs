//! Sources: the things that bytes are read from, how they are found, read and decoded.

mod code_page_850;
mod decode;
mod detect;
mod encoding;
mod file_error;
mod folder_stat;
mod host;
mod ignores;
mod path;
mod reason;
mod signs;
mod stat;
mod threads;
pub mod trust;
mod utf_32;
mod walk;
mod western;
mod western_words;

pub use decode::{DecodeError, Decoded, Stretch, reads_as};
pub use encoding::Encoding;
pub use file_error::FileError;
pub use host::host_name;
pub use path::StoredPath;
pub use reason::{Reason, ReasonKind};
pub use stat::StatKey;
pub use threads::{both, startable};
pub use walk::{FileEntry, Found, INDEX_FOLDER, Walk, WalkError, WalkOptions, inspect, walk};

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::path::Path;

use twox_hash::XxHash3_128;

/// The byte order mark of UTF-8, which some programs put in front of a text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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

/// Whether a file may be read through a link that stands in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It may: the user named it, or the link was looked at before.
    Followed,
    /// It may not: what was found there was no link, so that one was put in its place meanwhile.
    Refused,
    /// It may not, as above; and a walk found a regular file there a moment ago.
    Walked,
}

/// A file that was read, and which one it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBytes {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What the file system says of it.
    pub stat: StatKey,
}

/// Reads a regular file of at most `max_bytes`; once more where it changed meanwhile.
///
/// # Errors
/// What is no regular file, too large, changes again, or cannot be read. A file that is gone is [`io::ErrorKind::NotFound`] in the
/// outer result.
pub fn read_file(
    path: &Path,
    max_bytes: u64,
    links: Links,
) -> io::Result<Result<ReadBytes, ReadError>> {
    match read_unchanged(path, max_bytes, links, || {}) {
        Ok(result) => Ok(result),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(error) => Ok(Err(error.into())),
    }
}

/// The hash that tells whether a source's content is that which was indexed.
#[must_use]
pub fn content_hash(bytes: &[u8]) -> u128 {
    XxHash3_128::oneshot(bytes)
}

/// A regular file, opened once.
#[derive(Debug)]
pub struct OpenedFile {
    /// The file.
    pub file: File,
    /// What the file system says of it.
    pub stat: StatKey,
}

impl OpenedFile {
    /// Opens a regular file of at most `max_bytes`. One that is gone is [`io::ErrorKind::NotFound`] in the outer result.
    ///
    /// # Errors
    /// What is no regular file, too large, or cannot be opened.
    pub fn open(
        path: &Path,
        max_bytes: u64,
        links: Links,
    ) -> io::Result<Result<OpenedFile, ReadError>> {
        let open = || -> io::Result<Result<OpenedFile, ReadError>> {
            let (file, metadata) = match open_source(path, links)? {
                Ok(opened) => opened,
                Err(error) => return Ok(Err(error)),
            };
            Ok(match metadata.len() > max_bytes {
                true => Err(ReadError::new(Reason::TooLarge)),
                false => Ok(OpenedFile {
                    stat: StatKey::of(&metadata),
                    file,
                }),
            })
        };
        match open() {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Ok(Err(error.into())),
            opened => opened,
        }
    }

    /// The hash of its bytes, see [`content_hash`]; memory holds a piece of them.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn content_hash(&self) -> io::Result<u128> {
        let mut file = &self.file;
        file.rewind()?;
        let mut hasher = XxHash3_128::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            let read = file.read(&mut buffer)?;
            match buffer.get(..read) {
                Some(bytes) if read > 0 => hasher.write(bytes),
                _ => return Ok(hasher.finish_128()),
            }
        }
    }

    /// Whether the file is as it was when it was opened.
    ///
    /// # Errors
    /// Where the file system does not say.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        Ok(StatKey::of(&self.file.metadata()?) == self.stat)
    }
}

/// Opens a file, where it is a regular one, and says what the file system says of it then.
fn open_source(path: &Path, links: Links) -> io::Result<Result<(File, Metadata), ReadError>> {
    // Opening a pipe would wait for a writer, and opening a device can have effects, so that the kind is asked first, and
    // again of what was opened. A walk asked a moment ago; nothing is waited for then, and nothing is read of a device that
    // was put in the file's place meanwhile.
    let before = match links {
        Links::Followed => Some(std::fs::metadata(path)?),
        Links::Walked if cfg!(unix) => None,
        Links::Walked | Links::Refused => Some(std::fs::symlink_metadata(path)?),
    };
    if let Some(Err(error)) = before.as_ref().map(check_kind) {
        return Ok(Err(error));
    }
    let opened = match links {
        Links::Followed => File::open(path),
        Links::Walked | Links::Refused => trust::unfollowed(File::options().read(true)).open(path),
    };
    let file = match opened {
        Ok(file) => file,
        Err(error) if links != Links::Walked => return Err(error),
        // A link or a socket is told as what it is.
        Err(error) => match check_kind(&std::fs::symlink_metadata(path)?) {
            Ok(()) => return Err(error),
            Err(special) => return Ok(Err(special)),
        },
    };
    let metadata = file.metadata()?;
    Ok(check_kind(&metadata).map(|()| (file, metadata)))
}

/// Says of a file that is none to read what it is.
fn check_kind(metadata: &Metadata) -> Result<(), ReadError> {
    trust::check_regular(metadata).map_err(|error| ReadError {
        reason: Reason::SpecialFile,
        message: error.to_string(),
    })
}

/// Reads a regular file until it is the same before and behind; `meanwhile` is called between.
fn read_unchanged(
    path: &Path,
    max_bytes: u64,
    links: Links,
    mut meanwhile: impl FnMut(),
) -> io::Result<Result<ReadBytes, ReadError>> {
    for _ in 0..READS {
        let (file, before) = match open_source(path, links)? {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(error)),
        };
        if before.len() > max_bytes {
            return Ok(Err(ReadError::new(Reason::TooLarge)));
        }
        let bytes = read_up_to_end(&file, before.len(), max_bytes)?;
        if bytes.len() as u64 > max_bytes {
            return Ok(Err(ReadError::new(Reason::TooLarge)));
        }
        meanwhile();
        let stat = StatKey::of(&file.metadata()?);
        if StatKey::of(&before) == stat {
            return Ok(Ok(ReadBytes { bytes, stat }));
        }
    }
    Ok(Err(ReadError {
        reason: Reason::Io,
        message: "it changed each time while it was read".to_string(),
    }))
}

/// Reads a file that was said to have `said_bytes`, up to one byte more than `max_bytes`. What gives that many bytes, and
/// not one more of the room there is, is asked no second time where it ends: its size afterwards tells whether it did.
fn read_up_to_end(mut file: &File, said_bytes: u64, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; said_bytes.min(max_bytes) as usize + 1];
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled as u64 == said_bytes {
            break;
        }
    }
    if filled == bytes.len() {
        let rest = max_bytes.saturating_add(1).saturating_sub(filled as u64);
        file.take(rest).read_to_end(&mut bytes)?;
    } else {
        bytes.truncate(filled);
    }
    Ok(bytes)
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
        let read = read_unchanged(&path, 100, Links::Followed, || append(true))
            .expect("a file that is there");
        let error = read.expect_err("a file that changed twice");
        assert!(
            error.message.contains("changed each time"),
            "{}",
            error.message
        );
        let mut is_first = true;
        let read = read_unchanged(&path, 100, Links::Followed, || {
            append(std::mem::take(&mut is_first));
        });
        assert_eq!(read.expect("there").expect("read").bytes, b"xyyy");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_not_opened_or_not_read() {
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("file"), "text").expect("a file");
        symlink("file", path("link")).expect("a link");
        let _socket = UnixListener::bind(path("socket")).expect("a socket");
        let pipe = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(pipe.expect("mkfifo").success());
        let kind = |path: &Path, links| match open_source(path, links).expect("there") {
            Ok(_) => None,
            Err(error) => Some((error.reason, error.message)),
        };
        let device = Path::new("/dev/null");
        for links in [Links::Refused, Links::Walked] {
            assert_eq!(kind(&path("file"), links), None);
            for (special, is) in [
                (path("link"), "a link"),
                (path("socket"), "a pipe, socket or device"),
                (path("pipe"), "a pipe, socket or device"),
                (folder.path().to_path_buf(), "a folder"),
                (device.to_path_buf(), "a pipe, socket or device"),
            ] {
                let said = kind(&special, links).expect("not read");
                let expected = (Reason::SpecialFile, format!("it is {is}, not a file"));
                assert_eq!(said, expected, "{special:?} {links:?}");
            }
            let gone = open_source(&path("gone"), links).expect_err("gone");
            assert_eq!(gone.kind(), io::ErrorKind::NotFound);
        }
        assert_eq!(kind(&path("link"), Links::Followed), None);
    }
}
