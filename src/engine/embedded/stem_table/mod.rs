//! The forms of each class in a segment, written once beside it, so that a query need not read its dictionaries.
//!
//! A table is a file of the state like others; where a state has none of a segment, the dictionaries are read.
//!
//! # Layout
//!
//! All numbers are little-endian; `v` is a variable-length number, `t` a `v` of bytes and then these.
//!
//! | what | how |
//! |---|---|
//! | [`MAGIC`] | 8 bytes |
//! | the number of languages | u32 |
//! | for each its tag, filled up with zeros to 8 bytes, where its part begins from the start of the file, and its length | u32, u32 |
//! | the parts | |
//!
//! The part of a language:
//!
//! | what | how |
//! |---|---|
//! | the number of classes n | u32 |
//! | where each class begins, and the last ends, from the start of the part | u32, n + 1 times |
//! | the classes by their bytes: stem, number of forms, forms | t, v, … |
//!
//! A form is its text (t) and the fields that hold it (v, bit 0 the title's). A class whose only form is its own stem has
//! no entry.

mod segment_forms;
mod write;

pub(super) use self::segment_forms::{KeptForms, SegmentForms};
pub(super) use self::write::encode_table;

use std::cmp::Ordering;

use twox_hash::XxHash3_64;

use crate::analysis::{Class, Language, LanguageSet};
use crate::article::{read_text, read_varint};
use crate::catalog::CatalogBytes;

/// What such a file begins with, its version at the end.
const MAGIC: &[u8; 8] = b"exclass3";
/// Where the list of languages begins.
const HEADER_BYTES: usize = 12;
/// The bytes of a language in that list, and of its tag there.
const LISTED_BYTES: usize = 16;
const TAG_BYTES: usize = 8;

/// The name of the table of a segment for these languages.
pub(super) fn table_name(segment: &str, languages: &[Language]) -> String {
    let tags: Vec<&str> = languages.iter().map(|language| language.tag()).collect();
    let hash = XxHash3_64::oneshot(tags.join(" ").as_bytes());
    format!("classes-{segment}-{hash:016x}.bin")
}

/// The classes of one segment. A query looks at few of them, so that only the bytes that are looked at are checked.
pub(super) struct ClassTable {
    file: Box<dyn CatalogBytes>,
    parts: Vec<TablePart>,
}

/// The classes of one language.
struct TablePart {
    language: Language,
    start: usize,
    count: usize,
}

/// A form of a class.
pub(super) struct ClassForm {
    pub(super) form: Vec<u8>,
    /// The fields that hold it, as bits.
    pub(super) fields: u64,
    /// The languages in whose sections it counts, as far as its classes tell.
    pub(super) counted: Option<LanguageSet>,
}

impl ClassForm {
    /// A form that may stand in any field.
    pub(super) fn anywhere(form: &str) -> ClassForm {
        ClassForm {
            form: form.as_bytes().to_vec(),
            fields: u64::MAX,
            counted: None,
        }
    }
}

impl ClassTable {
    /// The table that a file holds; `None` where it holds none.
    pub(super) fn open(file: Box<dyn CatalogBytes>) -> Option<ClassTable> {
        let mut table = ClassTable {
            file,
            parts: Vec::new(),
        };
        let len = table.file.bytes().len();
        (table.file.sound_bytes(0, MAGIC.len())? == MAGIC).then_some(())?;
        let count = table.file.number_at(MAGIC.len())?;
        let mut end = HEADER_BYTES + LISTED_BYTES.checked_mul(count)?;
        for i in 0..count {
            let at = HEADER_BYTES + LISTED_BYTES * i;
            let tag = table.file.sound_bytes(at, TAG_BYTES)?;
            let tag = std::str::from_utf8(tag).ok()?.trim_end_matches('\0');
            let start = table.file.number_at(at + TAG_BYTES)?;
            let part = TablePart {
                language: Language::of_tag(tag)?,
                start,
                count: table.file.number_at(start)?,
            };
            end = start.checked_add(table.file.number_at(at + TAG_BYTES + 4)?)?;
            (table.offset(&part, part.count)? == end).then_some(())?;
            table.parts.push(part);
        }
        (end == len).then_some(table)
    }

    /// As it was written; `None` where it is damaged.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.file.sound_bytes(0, self.file.bytes().len())
    }

    /// The forms of a class, by their text; none where it has no form but its own stem at most, `None` where the table
    /// does not know its language or is damaged.
    pub(super) fn forms(&self, class: &Class) -> Option<Vec<ClassForm>> {
        let part = self.part(class.language)?;
        let (mut low, mut high) = (0, part.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut entry = self.entry(part, middle)?;
            match read_text(&mut entry).ok()?.cmp(class.stem.as_bytes()) {
                Ordering::Equal => return read_forms(entry),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        Some(Vec::new())
    }

    /// The forms with tones of which `holds` holds without them, in order of these; `None` where the table does not
    /// know them or is damaged.
    pub(super) fn toned_forms(&self, holds: impl Fn(&str) -> bool) -> Option<Vec<ClassForm>> {
        let part = self.part(Language::VIETNAMESE)?;
        let mut all = Vec::new();
        for index in 0..part.count {
            let mut entry = self.entry(part, index)?;
            if holds(std::str::from_utf8(read_text(&mut entry).ok()?).ok()?) {
                all.extend(read_forms(entry)?);
            }
        }
        Some(all)
    }

    fn part(&self, language: Language) -> Option<&TablePart> {
        self.parts.iter().find(|part| part.language == language)
    }

    /// A class's bytes.
    fn entry(&self, part: &TablePart, index: usize) -> Option<&[u8]> {
        let start = self.offset(part, index)?;
        let end = self.offset(part, index + 1)?;
        self.file.sound_bytes(start, end.checked_sub(start)?)
    }

    /// Where a class begins, from the start of the file.
    fn offset(&self, part: &TablePart, index: usize) -> Option<usize> {
        let at = part.start.checked_add(4 + index.checked_mul(4)?)?;
        part.start.checked_add(self.file.number_at(at)?)
    }
}

fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(read_varint(bytes).ok()?).ok()
}

fn read_forms(mut entry: &[u8]) -> Option<Vec<ClassForm>> {
    let count = read_number(&mut entry)?;
    let mut forms = Vec::new();
    for _ in 0..count {
        let form = read_text(&mut entry).ok()?.to_vec();
        let fields = read_number(&mut entry)? as u64;
        forms.push(ClassForm {
            form,
            fields,
            counted: None,
        });
    }
    Some(forms)
}
