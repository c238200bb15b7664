//! Files that are checked as they are read: each ends with a sum for each of its blocks, and a block is held against its
//! sum before the first byte of it is used.
//!
//! Layout of a file: its content; for each [`BLOCK_BYTES`] of it, the last block being shorter, the XXH3 of these bytes
//! (u64, little-endian). The manifest knows the length of the content and the XXH3 of all sums.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use twox_hash::XxHash3_64;

use super::disk::{Disk, NewFile};
use crate::catalog::CatalogBytes;

/// The bytes of a block.
pub(super) const BLOCK_BYTES: usize = 16 << 10;
/// The bytes of a sum.
const SUM_BYTES: usize = 8;

/// What the manifest knows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine::embedded) struct SummedFile {
    /// The bytes of its content.
    pub(super) bytes: u64,
    /// The hash of its sums.
    pub(super) sums: u64,
}

impl SummedFile {
    /// The bytes of the whole file.
    pub(in crate::engine::embedded) fn file_bytes(self) -> u64 {
        self.bytes + self.bytes.div_ceil(BLOCK_BYTES as u64) * SUM_BYTES as u64
    }
}

/// The bytes of the content of a file of so many bytes.
pub(in crate::engine::embedded) fn content_bytes(file_bytes: usize) -> usize {
    file_bytes - file_bytes.div_ceil(BLOCK_BYTES + SUM_BYTES) * SUM_BYTES.min(file_bytes)
}

/// The first damage that was seen in a state of the index, in words.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::embedded) struct Damage(Arc<OnceLock<String>>);

impl Damage {
    pub(in crate::engine::embedded) fn seen(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    /// Notes damage, unless some was seen before.
    pub(in crate::engine::embedded) fn note(&self, message: String) -> io::Error {
        let error = io::Error::new(io::ErrorKind::InvalidData, message.clone());
        let _ = self.0.set(message);
        error
    }
}

/// Writes a file with its sums. What is not a whole block yet waits for [`SummingWriter::finish`].
pub(super) struct SummingWriter {
    inner: NewFile,
    block: Vec<u8>,
    sums: Vec<u8>,
    bytes: u64,
}

impl SummingWriter {
    pub(in crate::engine::embedded) fn new(inner: NewFile) -> SummingWriter {
        SummingWriter {
            inner,
            block: Vec::with_capacity(BLOCK_BYTES),
            sums: Vec::new(),
            bytes: 0,
        }
    }

    /// Writes the last block and the sums.
    pub(super) fn finish(&mut self) -> io::Result<SummedFile> {
        if !self.block.is_empty() {
            self.write_block()?;
        }
        self.inner.write_all(&self.sums)?;
        self.inner.flush()?;
        Ok(SummedFile {
            bytes: self.bytes,
            sums: XxHash3_64::oneshot(&self.sums),
        })
    }

    fn write_block(&mut self) -> io::Result<()> {
        self.inner.write_all(&self.block)?;
        self.bytes += self.block.len() as u64;
        let sum = XxHash3_64::oneshot(&self.block);
        self.sums.extend(sum.to_le_bytes());
        self.block.clear();
        Ok(())
    }
}

impl Write for SummingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK_BYTES - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK_BYTES {
            self.write_block()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a whole file.
pub(super) fn write_file(
    disk: &dyn Disk,
    name: &str,
    write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<SummedFile> {
    let mut file = SummingWriter::new(disk.create(name)?);
    write(&mut file)?;
    file.finish()
}

/// A file that is checked block by block.
#[derive(Debug)]
pub(in crate::engine::embedded) struct CheckedFile {
    name: String,
    content: OwnedBytes,
    sums: OwnedBytes,
    /// A bit for each block: whether it was checked.
    checked: Box<[AtomicU64]>,
    damage: Damage,
}

impl CheckedFile {
    /// Opens a file that is as long as the manifest says, and checks its sums.
    pub(in crate::engine::embedded) fn open(
        disk: &dyn Disk,
        name: &str,
        entry: SummedFile,
        damage: &Damage,
    ) -> io::Result<CheckedFile> {
        let bytes = disk.map(name).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => damage.note(format!("`{name}` is gone")),
            io::ErrorKind::InvalidInput => damage.note(format!("`{name}`: {error}")),
            _ => error,
        })?;
        if bytes.len() as u64 != entry.file_bytes() {
            let (is, was) = (bytes.len(), entry.file_bytes());
            return Err(damage.note(format!("`{name}` has {is} bytes instead of {was}")));
        }
        let (content, sums) = bytes.split(entry.bytes as usize);
        if XxHash3_64::oneshot(&sums) != entry.sums {
            return Err(damage.note(format!("the sums of `{name}` are not what was written")));
        }
        let words = sums.len().div_ceil(SUM_BYTES * 64);
        Ok(CheckedFile {
            name: name.to_string(),
            content,
            sums,
            checked: (0..words).map(|_| AtomicU64::new(0)).collect(),
            damage: damage.clone(),
        })
    }

    /// The whole content.
    pub(in crate::engine::embedded) fn read_all(&self) -> io::Result<OwnedBytes> {
        self.read_bytes(0..self.content.len())
    }

    fn check(&self, range: &Range<usize>) -> io::Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        for block in range.start / BLOCK_BYTES..=(range.end - 1) / BLOCK_BYTES {
            let (word, bit) = (&self.checked[block / 64], 1 << (block % 64));
            if word.load(Ordering::Relaxed) & bit == 0 {
                self.check_block(block)?;
                word.fetch_or(bit, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn check_block(&self, block: usize) -> io::Result<()> {
        let start = block * BLOCK_BYTES;
        let end = self.content.len().min(start + BLOCK_BYTES);
        let sum = XxHash3_64::oneshot(&self.content[start..end]).to_le_bytes();
        if sum[..] == self.sums[block * SUM_BYTES..(block + 1) * SUM_BYTES] {
            return Ok(());
        }
        let name = &self.name;
        Err(self.damage.note(format!(
            "`{name}` is not what was written, in its bytes {start} to {end}"
        )))
    }
}

impl CatalogBytes for CheckedFile {
    fn bytes(&self) -> &[u8] {
        &self.content
    }

    fn is_sound(&self, range: Range<usize>) -> bool {
        range.end <= self.content.len() && self.check(&range).is_ok()
    }
}

impl HasLen for CheckedFile {
    fn len(&self) -> usize {
        self.content.len()
    }
}

impl FileHandle for CheckedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.content.len() {
            let name = &self.name;
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("`{name}` has no bytes {} to {}", range.start, range.end),
            ));
        }
        self.check(&range)?;
        Ok(self.content.slice(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::embedded::storage::disk::Folder;
    use crate::source::trust::Users;

    #[test]
    fn every_flipped_bit_is_seen_and_only_where_it_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Folder::open(folder.path(), Users::of_process(None)).expect("a disk");
        let content: Vec<u8> = (0..BLOCK_BYTES * 2 + 100)
            .map(|i| (i % 251) as u8)
            .collect();
        let entry = write_file(&disk, "x", &|out| out.write_all(&content)).expect("written");
        let whole = disk.read("x").expect("the file");
        assert_eq!(whole.len() as u64, entry.file_bytes());
        for at in (0..whole.len()).step_by(997).chain([whole.len() - 1]) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            let name = format!("x{at}");
            disk.create(&name)
                .and_then(|mut file| file.write_all(&flipped))
                .expect("written");
            let damage = Damage::default();
            match CheckedFile::open(&disk, &name, entry, &damage) {
                Err(_) => assert!(at >= content.len(), "{at}"),
                Ok(file) => {
                    let block = at / BLOCK_BYTES;
                    for other in (0..3).filter(|other| *other != block) {
                        let start = other * BLOCK_BYTES;
                        assert!(file.read_bytes(start..start + 1).is_ok());
                    }
                    assert!(damage.seen().is_none());
                    assert!(
                        file.read_bytes(block * BLOCK_BYTES..block * BLOCK_BYTES + 1)
                            .is_err()
                    );
                }
            }
            assert!(damage.seen().is_some_and(|message| message.contains(&name)));
        }
    }

    #[test]
    fn files_of_all_lengths_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Folder::open(folder.path(), Users::of_process(None)).expect("a disk");
        for len in [
            0,
            1,
            BLOCK_BYTES - 1,
            BLOCK_BYTES,
            BLOCK_BYTES + 1,
            BLOCK_BYTES * 70,
        ] {
            let content = vec![7; len];
            let name = format!("x{len}");
            let entry = write_file(&disk, &name, &|out| out.write_all(&content)).expect("written");
            let file = CheckedFile::open(&disk, &name, entry, &Damage::default()).expect("opened");
            assert_eq!(file.read_all().expect("read").as_slice(), content);
            assert_eq!(content_bytes(entry.file_bytes() as usize), len);
            assert!(file.read_bytes(0..len + 1).is_err());
        }
    }
}
