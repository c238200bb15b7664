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
//! | the name of the language | t, filled up with zeros to 24 bytes in all |
//! | the number of classes n | u32 |
//! | where each class begins, and the last ends, from the start of the file | u32, n + 1 times |
//! | the classes by their bytes: name, number of forms, forms | t, v, … |
//!
//! A form is its text (t) and the fields that hold it (v, bit 0 the title's). A class whose only form is its own name has
//! no entry.

use std::cmp::Ordering;

use tantivy::SegmentReader;
use tantivy::directory::OwnedBytes;
use tantivy::schema::Field;

use crate::analysis::{Language, Morphology};
use crate::article::{read_varint, write_varint};

/// What such a file begins with, its version at the end.
const MAGIC: &[u8; 8] = b"exclass2";
/// Where the numbers begin.
const HEADER_BYTES: usize = 32;

/// The name of the table of a segment.
pub(super) fn table_name(segment: &str) -> String {
    format!("classes-{segment}.bin")
}

/// The classes of one segment.
pub(super) struct ClassTable {
    bytes: OwnedBytes,
    language: Language,
    count: usize,
}

/// A form of a class.
pub(super) struct ClassForm {
    pub(super) form: Vec<u8>,
    /// The fields that hold it, as bits.
    pub(super) fields: u64,
}

impl ClassTable {
    /// The table that these bytes are; `None` where they are none.
    pub(super) fn open(bytes: OwnedBytes) -> Option<ClassTable> {
        let mut rest = bytes.as_slice().strip_prefix(MAGIC)?;
        let language = Language::named(std::str::from_utf8(read_text(&mut rest)?).ok()?)?;
        let count = bytes.get(HEADER_BYTES..HEADER_BYTES + 4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let table = ClassTable {
            bytes,
            language,
            count,
        };
        (table.offset(count)? == table.bytes.len()).then_some(table)
    }

    /// As it was written.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The language whose classes these are.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The forms of a class, by their text; none where it has no form but its own name at most, `None` where the table
    /// is damaged.
    pub(super) fn forms(&self, class: &str) -> Option<Vec<ClassForm>> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut entry = self.bytes.get(self.offset(middle)?..)?;
            match read_text(&mut entry)?.cmp(class.as_bytes()) {
                Ordering::Equal => return read_forms(entry),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        Some(Vec::new())
    }

    /// Where a class begins.
    fn offset(&self, index: usize) -> Option<usize> {
        let at = HEADER_BYTES + 4 + 4 * index;
        let bytes = self.bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    }
}

fn read_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = read_number(bytes)?;
    let (text, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(text)
}

fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(read_varint(bytes).ok()?).ok()
}

fn read_forms(mut entry: &[u8]) -> Option<Vec<ClassForm>> {
    let count = read_number(&mut entry)?;
    let mut forms = Vec::new();
    for _ in 0..count {
        let form = read_text(&mut entry)?.to_vec();
        let fields = read_number(&mut entry)? as u64;
        forms.push(ClassForm { form, fields });
    }
    Some(forms)
}

/// The table of a segment, as it is written.
pub(super) fn encode_table(
    segment: &SegmentReader,
    fields: [Field; 3],
    morphology: &Morphology,
) -> tantivy::Result<Vec<u8>> {
    let classes = classes(segment, fields, morphology)?;
    Ok(encode(&classes, morphology.language()))
}

/// All forms of a segment with their classes, by class and form.
fn classes(
    segment: &SegmentReader,
    fields: [Field; 3],
    morphology: &Morphology,
) -> tantivy::Result<Vec<(String, ClassForm)>> {
    let mut forms: Vec<(Vec<u8>, usize)> = Vec::new();
    for (i, field) in fields.into_iter().enumerate() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().stream()?;
        while stream.advance() {
            forms.push((stream.key().to_vec(), i));
        }
    }
    forms.sort_unstable();
    let mut classes: Vec<(String, ClassForm)> = Vec::new();
    for (form, field) in forms {
        if let Some((_, last)) = classes.last_mut().filter(|(_, last)| last.form == form) {
            last.fields |= 1 << field;
            continue;
        }
        let class = std::str::from_utf8(&form)
            .ok()
            .and_then(|form| morphology.class_with(form));
        if let Some(class) = class {
            let fields = 1 << field;
            classes.push((class, ClassForm { form, fields }));
        }
    }
    classes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(classes)
}

fn encode(classes: &[(String, ClassForm)], language: Language) -> Vec<u8> {
    let is_itself = |group: &&[(String, ClassForm)]| matches!(group, [(class, only)] if class.as_bytes() == only.form);
    let groups = classes.chunk_by(|a, b| a.0 == b.0);
    let groups: Vec<&[(String, ClassForm)]> = groups.filter(|group| !is_itself(group)).collect();
    let start = HEADER_BYTES + 4 + 4 * (groups.len() + 1);
    let mut entries = Vec::new();
    let mut offsets = Vec::with_capacity(groups.len() + 1);
    for group in &groups {
        offsets.push((start + entries.len()) as u32);
        write_text(&mut entries, group[0].0.as_bytes());
        write_varint(&mut entries, group.len() as u64);
        for (_, form) in *group {
            write_form(&mut entries, form);
        }
    }
    offsets.push((start + entries.len()) as u32);
    let mut out = MAGIC.to_vec();
    write_text(&mut out, language.name().as_bytes());
    out.resize(HEADER_BYTES, 0);
    out.extend((groups.len() as u32).to_le_bytes());
    out.extend(offsets.into_iter().flat_map(u32::to_le_bytes));
    out.extend(entries);
    out
}

fn write_form(out: &mut Vec<u8>, form: &ClassForm) {
    write_text(out, &form.form);
    write_varint(out, form.fields);
}

fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_varint(out, text.len() as u64);
    out.extend_from_slice(text);
}
