//! What a reader reads: a source, or a file inside one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use super::options::ReadOptions;
use crate::article::PartPath;
use crate::source::{ReadError, Reason, StoredPath};

/// How many bytes of a file are read at once: long enough that a message of usual size needs one read.
const BUFFER_BYTES: usize = 64 << 10;

/// The bytes of a source or of a part.
#[derive(Debug, Clone, Copy)]
pub enum InputBytes<'a> {
    /// A file, opened once; it is rewound before it is read.
    File(&'a File),
    /// InputBytes that are held already.
    Held(&'a [u8]),
}

/// What a reader reads, and how.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The source's path.
    pub path: &'a StoredPath,
    /// Where in the source it lies; the source itself for most.
    pub part: PartPath,
    /// Its bytes.
    pub bytes: InputBytes<'a>,
    /// How it is to be read.
    pub options: &'a ReadOptions,
}

impl<'a> Input<'a> {
    /// The bytes from the front, as a stream.
    ///
    /// # Errors
    /// Where the file cannot be rewound.
    pub fn open(&self) -> io::Result<Box<dyn BufRead + 'a>> {
        Ok(match self.bytes {
            InputBytes::File(mut file) => {
                file.rewind()?;
                Box::new(BufReader::with_capacity(BUFFER_BYTES, file))
            }
            InputBytes::Held(bytes) => Box::new(bytes),
        })
    }

    /// All the bytes: of a source at most [`Limits::file_bytes`], of a part at most [`Limits::part_bytes`].
    ///
    /// # Errors
    /// [`Reason::TooLarge`], or why it cannot be read.
    ///
    /// [`Limits::file_bytes`]: super::Limits::file_bytes
    /// [`Limits::part_bytes`]: super::Limits::part_bytes
    pub fn whole(&self) -> Result<Vec<u8>, ReadError> {
        let limits = &self.options.limits;
        self.up_to(match self.part.is_whole() {
            true => limits.file_bytes,
            false => limits.part_bytes,
        })
    }

    /// All the bytes of what is read as one part, whatever size its source may have.
    pub(super) fn as_part(&self) -> Result<Vec<u8>, ReadError> {
        self.up_to(self.options.limits.part_bytes)
    }

    fn up_to(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = match self.bytes {
            InputBytes::Held(bytes) => bytes.to_vec(),
            InputBytes::File(mut file) => {
                file.rewind()?;
                let expected = file.metadata()?.len().min(limit);
                let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + 1);
                file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
                bytes
            }
        };
        match bytes.len() as u64 > limit {
            true => Err(ReadError::new(Reason::TooLarge)),
            false => Ok(bytes),
        }
    }
}
