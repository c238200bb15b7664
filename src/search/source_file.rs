//! What a source's file holds, and what of it stands where a section's map says.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use super::held_files::HeldFile;
use crate::article::{Place, Reads, Section};
use crate::engine::SourceRecord;
use crate::source::{Decoded, Encoding, OpenedFile, StatKey, reads_as};

/// How far back the start of a line is looked for in a file that is not held, in bytes.
const MAX_LINE_BYTES: u64 = 64 << 10;

/// What a source's file holds.
#[derive(Debug)]
pub(super) struct SourceFile {
    content: FileContent,
    /// The hash of what was indexed.
    hash: u128,
    /// Whether the bytes are those, once that was asked for: text that stands where its map says tells without it.
    is_same: OnceCell<bool>,
    /// What it was indexed in.
    encoding: Encoding,
    /// Its text, once that was asked for.
    text: OnceCell<Option<Lines>>,
    /// The last line of UTF-8 whose start was looked for: that, and up to where it goes at least.
    line: Cell<(usize, usize)>,
}

/// The bytes of a source's file.
#[derive(Debug)]
pub(super) enum FileContent {
    Held(Arc<HeldFile>),
    /// They are read when they are asked for.
    OnDisk(OpenedFile),
}

impl FileContent {
    fn get(&self, range: Range<u64>) -> Option<Cow<'_, [u8]>> {
        match self {
            FileContent::Held(file) => {
                let (start, end) = (range.start.try_into().ok()?, range.end.try_into().ok()?);
                file.bytes
                    .get::<Range<usize>>(start..end)
                    .map(Cow::Borrowed)
            }
            FileContent::OnDisk(opened) => {
                let len = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
                let mut bytes = vec![0; len];
                let mut file = &opened.file;
                file.seek(SeekFrom::Start(range.start)).ok()?;
                file.read_exact(&mut bytes).ok()?;
                Some(Cow::Owned(bytes))
            }
        }
    }

    fn stat(&self) -> StatKey {
        match self {
            FileContent::Held(file) => file.stat,
            FileContent::OnDisk(opened) => opened.stat,
        }
    }

    /// All bytes, where they are held.
    fn held(&self) -> Option<&[u8]> {
        match self {
            FileContent::Held(file) => Some(&file.bytes),
            FileContent::OnDisk(_) => None,
        }
    }
}

/// A text that was decoded, with its lines.
#[derive(Debug)]
struct Lines {
    text: Decoded,
    /// Where each begins.
    starts: Vec<usize>,
    /// The line that was last counted in, by its start; a byte behind that, and the characters up to there.
    counted: Cell<(usize, usize, usize)>,
}

impl SourceFile {
    /// The file of a source, of which this is known.
    pub(super) fn new(content: FileContent, record: &SourceRecord) -> SourceFile {
        let is_same = match &content {
            _ if content.stat().size != record.stat.size => OnceCell::from(false),
            FileContent::Held(_) => OnceCell::new(),
            FileContent::OnDisk(opened) => {
                OnceCell::from(opened.stat == record.stat || is_read_same(opened, record))
            }
        };
        SourceFile {
            content,
            hash: record.hash,
            is_same,
            encoding: record.encoding,
            text: OnceCell::new(),
            line: Cell::new((0, 0)),
        }
    }

    /// Whether the bytes are those that were indexed.
    pub(super) fn is_same(&self) -> bool {
        let is_same = || match &self.content {
            FileContent::Held(file) => file.hash() == self.hash,
            FileContent::OnDisk(_) => false,
        };
        *self.is_same.get_or_init(is_same)
    }

    /// All bytes, where they are held, and their encoding.
    pub(super) fn held(&self) -> Option<(&[u8], Encoding)> {
        Some((self.content.held()?, self.encoding))
    }

    /// Whether the bytes `range` of the section's text stand where its map says.
    pub(super) fn holds(&self, section: &Section, range: &Range<usize>) -> bool {
        section.map.runs_within(range.start, range.end).all(|run| {
            match run.reads {
                Reads::Unit(_) => return self.is_same(),
                // Bytes of an encoding with states cannot be read by themselves.
                Reads::Wide(_) if self.is_same() => return true,
                Reads::Wide(_) | Reads::Same => {}
            }
            let from = range.start.max(run.text as usize);
            let to = range.end.min((run.text + run.text_len) as usize);
            let place = |at| section.map.place_of(&section.text, at);
            let end = section.map.end_of(&section.text, to);
            let (Some(start), Some(end)) = (place(from), end) else {
                return false;
            };
            let bytes = self.content.get(start.byte..end.byte);
            let text = section.text.get(from..to);
            bytes
                .zip(text)
                .is_some_and(|(bytes, text)| reads_as(&bytes, self.encoding, text))
        })
    }

    /// The column of `place` in bytes of the text as UTF-8, 1-based.
    pub(super) fn byte_column(&self, place: Place) -> Option<u64> {
        if self.encoding == Encoding::UTF_8 {
            let end = usize::try_from(place.byte).ok()?;
            return Some((end - self.line_start(end)?) as u64 + 1);
        }
        let decode = || {
            let text = Decoded::read_as(self.content.held()?.to_vec(), self.encoding).ok()?;
            Some(Lines::new(text))
        };
        let lines = self.text.get_or_init(decode).as_ref()?;
        lines.byte_column(place)
    }

    /// Where the line begins in which a byte of UTF-8 stands. What was looked through the last time is not again, as a
    /// file may be one line, with many highlights.
    fn line_start(&self, end: usize) -> Option<usize> {
        let Some(bytes) = self.content.held() else {
            let from = (end as u64).saturating_sub(MAX_LINE_BYTES);
            let before = self.content.get(from..end as u64)?;
            let at = memchr::memrchr(b'\n', &before);
            let start = at.map(|at| from as usize + at + 1);
            return start.or((from == 0).then_some(0));
        };
        let before = bytes.get(..end)?;
        let (start, seen) = self.line.get();
        let from = if start <= end { seen.min(end) } else { 0 };
        let start = match memchr::memrchr(b'\n', &before[from..]) {
            Some(at) => from + at + 1,
            None if from > 0 => start,
            None => 0,
        };
        self.line.set((start, end.max(start)));
        Some(start)
    }
}

/// Whether a file holds what was indexed whose times tell neither that it does nor that it does not: it was indexed
/// shortly after it was written, or was moved between file systems.
fn is_read_same(opened: &OpenedFile, record: &SourceRecord) -> bool {
    let may_be =
        record.stat.modified_ns == StatKey::UNTRUSTED || record.stat.is_alike(&opened.stat);
    may_be && opened.content_hash().is_ok_and(|hash| hash == record.hash)
}

impl Lines {
    fn new(text: Decoded) -> Lines {
        let ends = memchr::memchr_iter(text.line_end(), text.text().as_bytes());
        let starts = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        Lines {
            text,
            starts,
            counted: Cell::new((0, 0, 0)),
        }
    }

    /// The column of a place in bytes; what was counted the last time is not again.
    fn byte_column(&self, place: Place) -> Option<u64> {
        let start = *self.starts.get((place.line as usize).checked_sub(1)?)?;
        let chars = (place.column as usize).checked_sub(1)?;
        let (line, byte, before) = self.counted.get();
        let (byte, before) = match line == start && before <= chars {
            true => (byte.max(start), before),
            false => (start, 0),
        };
        let ahead = self.text.text().get(byte..)?.chars();
        let len: usize = (ahead.take_while(|&c| c != char::from(self.text.line_end())))
            .take(chars - before)
            .map(char::len_utf8)
            .sum();
        self.counted.set((start, byte + len, chars));
        Some((byte + len - start) as u64 + 1)
    }
}
