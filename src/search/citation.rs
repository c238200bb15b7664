//! Citations: ids, places in the source, and whether the source still reads so.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use crate::article::{Place, Reads, Section};
use crate::engine::{Origin, Record, Snapshot, SourceRecord};
use crate::source::trust::Reach;
use crate::source::{
    Decoded, Encoding, Links, OpenedFile, ReadError, Reason, StatKey, StoredPath, content_hash,
    read_file, reads_as,
};

/// A source as it is now.
#[derive(Debug, Clone)]
pub(super) enum Now {
    /// What its file holds.
    Bytes(Rc<SourceFile>),
    /// It holds what the article was unpacked or decoded from.
    Outer(SourceState),
    /// It is not there any more.
    Gone,
    /// It cannot be read again.
    Unknown,
}

/// How a source stands to what was indexed of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    /// It reads as it was indexed.
    Same,
    /// It changed since.
    Changed,
    /// It is not there any more.
    Gone,
    /// It cannot be read again.
    Unknown,
}

impl SourceState {
    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SourceState::Same => "same",
            SourceState::Changed => "changed",
            SourceState::Gone => "gone",
            SourceState::Unknown => "unknown",
        }
    }
}

/// A file of more bytes is not held: of it the stretches are read that are asked for, and it is the same where the file
/// system says so.
const MAX_HELD_BYTES: u64 = 64 << 20;
/// How far back the start of a line is looked for in such a file, in bytes.
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
enum FileContent {
    Held(Vec<u8>),
    /// They are read when they are asked for.
    OnDisk(OpenedFile),
}

impl FileContent {
    fn get(&self, range: Range<u64>) -> Option<Cow<'_, [u8]>> {
        match self {
            FileContent::Held(bytes) => {
                let (start, end) = (range.start.try_into().ok()?, range.end.try_into().ok()?);
                bytes.get::<Range<usize>>(start..end).map(Cow::Borrowed)
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

    /// All bytes, where they are held.
    fn held(&self) -> Option<&[u8]> {
        match self {
            FileContent::Held(bytes) => Some(bytes),
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

/// Which folders of sources may be read. Resolving a path costs as much as reading a small file, and many queries show
/// sources of the same folders.
#[derive(Debug, Default)]
pub(super) struct FoldersInReach(Mutex<HashMap<StoredPath, bool>>);

impl FoldersInReach {
    fn allows(&self, path: &StoredPath, base: &Path, reach: &Reach) -> bool {
        let folder = path.parent();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&is_allowed) = known.get(&folder) {
            return is_allowed;
        }
        let is_allowed = reach.allows(&folder.below(base));
        known.insert(folder, is_allowed);
        is_allowed
    }
}

/// Reads sources again, the last one kept: hits of one article often follow each other.
pub(super) struct Sources<'a> {
    base: &'a Path,
    snapshot: &'a dyn Snapshot,
    reach: &'a Reach,
    folders: &'a FoldersInReach,
    read: HashMap<PathBuf, Now>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(
        (base, snapshot): (&'a Path, &'a dyn Snapshot),
        reach: &'a Reach,
        folders: &'a FoldersInReach,
    ) -> Sources<'a> {
        Sources {
            base,
            snapshot,
            reach,
            folders,
            read: HashMap::new(),
        }
    }

    /// The source of `record` as it is now.
    pub(super) fn now(&mut self, record: &Record) -> Now {
        match self.now_of(&record.source) {
            now if record.article.is_inner => Now::Outer(now.state()),
            now => now,
        }
    }

    fn now_of(&mut self, record: &SourceRecord) -> Now {
        if record.origin == Origin::Stdin {
            return Now::Unknown;
        }
        let Some(own) = self.snapshot.own_path(&record.path) else {
            return Now::Unknown;
        };
        let path = own.below(self.base);
        if let Some(now) = self.read.get(&path) {
            return now.clone();
        }
        let now = self.look((&own, &path), record);
        self.read.insert(path, now.clone());
        now
    }

    fn look(&self, (own, path): (&StoredPath, &Path), record: &SourceRecord) -> Now {
        if self.folders.allows(own, self.base, self.reach) {
            let read = read_again(path, Links::Refused);
            if !is_refused(&read) {
                return now_of(read, record);
            }
        }
        // A link that stands in the file's place leads somewhere of its own.
        match self.reach.allows(path) {
            true => now_of(read_again(path, Links::Followed), record),
            false => Now::Unknown,
        }
    }
}

/// A file that was read again, or why not.
type Again = io::Result<Result<(FileContent, StatKey), ReadError>>;

fn read_again(path: &Path, links: Links) -> Again {
    match read_file(path, MAX_HELD_BYTES, links)? {
        Err(error) if error.reason == Reason::TooLarge => {
            let opened = OpenedFile::open(path, u64::MAX, links)?;
            Ok(opened.map(|opened| {
                let stat = opened.stat;
                (FileContent::OnDisk(opened), stat)
            }))
        }
        read => Ok(read.map(|read| (FileContent::Held(read.bytes), read.stat))),
    }
}

fn is_refused(read: &Again) -> bool {
    matches!(read, Ok(Err(error)) if error.reason == Reason::SpecialFile)
}

fn now_of(read: Again, record: &SourceRecord) -> Now {
    match read {
        Ok(Ok((content, stat))) => {
            let is_same = match &content {
                _ if stat.size != record.stat.size => OnceCell::from(false),
                FileContent::Held(_) => OnceCell::new(),
                FileContent::OnDisk(opened) => {
                    OnceCell::from(stat == record.stat || is_read_same(opened, record))
                }
            };
            Now::Bytes(Rc::new(SourceFile {
                content,
                hash: record.hash,
                is_same,
                encoding: record.encoding,
                text: OnceCell::new(),
                line: Cell::new((0, 0)),
            }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Now::Gone,
        Ok(Err(_)) | Err(_) => Now::Unknown,
    }
}

/// Whether a file holds what was indexed whose times tell neither that it does nor that it does not: it was indexed
/// shortly after it was written, or was moved between file systems.
fn is_read_same(opened: &OpenedFile, record: &SourceRecord) -> bool {
    let may_be =
        record.stat.modified_ns == StatKey::UNTRUSTED || record.stat.is_alike(&opened.stat);
    may_be && opened.content_hash().is_ok_and(|hash| hash == record.hash)
}

impl Now {
    /// How the source stands to what was indexed of it.
    pub(super) fn state(&self) -> SourceState {
        match self {
            Now::Bytes(file) if file.is_same() => SourceState::Same,
            Now::Bytes(_) => SourceState::Changed,
            Now::Outer(state) => *state,
            Now::Gone => SourceState::Gone,
            Now::Unknown => SourceState::Unknown,
        }
    }

    /// Whether the bytes `range` of the section's text still stand in the source where its map says. In a source that
    /// changed, only text that was read as it stands can be told.
    pub(super) fn verifies(&self, section: &Section, range: &Range<usize>) -> Option<bool> {
        match self {
            Now::Unknown | Now::Outer(SourceState::Unknown) => None,
            Now::Gone => Some(false),
            // The same bytes, read by the same reader, give the same text.
            Now::Outer(state) => Some(*state == SourceState::Same),
            Now::Bytes(file) => Some(file.holds(section, range)),
        }
    }

    /// The bytes of a source that is as it was indexed, and their encoding, where they are held.
    pub(super) fn unchanged(&self) -> Option<(&[u8], Encoding)> {
        match self {
            Now::Bytes(file) if file.is_same() => Some((file.content.held()?, file.encoding)),
            _ => None,
        }
    }

    /// The column of `place` in bytes of the text as UTF-8, 1-based, as editors count; in characters where the source
    /// cannot be read.
    pub(super) fn byte_column(&self, place: Place) -> u64 {
        let column = match self {
            Now::Bytes(file) => file.byte_column(place),
            Now::Outer(_) | Now::Gone | Now::Unknown => None,
        };
        column.unwrap_or(u64::from(place.column))
    }
}

impl SourceFile {
    /// Whether the bytes are those that were indexed.
    fn is_same(&self) -> bool {
        let is_same = || {
            let held = self.content.held();
            held.is_some_and(|bytes| content_hash(bytes) == self.hash)
        };
        *self.is_same.get_or_init(is_same)
    }

    /// Whether the bytes `range` of the section's text stand where its map says.
    fn holds(&self, section: &Section, range: &Range<usize>) -> bool {
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

    fn byte_column(&self, place: Place) -> Option<u64> {
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
