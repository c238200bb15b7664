//! The forms of each class in a segment, written once beside it, so that a query need not read its dictionaries.
//!
//! A table is no part of a commit: where it is missing, the dictionaries are read.
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
//! | the XXH3 of all before | u64 |
//!
//! A form is its text (t), its fields (v, bit 0 the title's), and for each of these the number of documents and the
//! start and length of its postings and of its positions (v each).

use std::cmp::Ordering;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tantivy::SegmentReader;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use twox_hash::XxHash3_64;

use crate::analysis::{Language, Morphology};
use crate::article::{read_varint, write_varint};

/// What such a file begins with, its version at the end.
const MAGIC: &[u8; 8] = b"exclass1";
/// Where the numbers begin.
const HEADER_BYTES: usize = 32;
/// The hash at the end.
const FOOTER_BYTES: usize = 8;

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

/// A form of a class, and its postings in the fields that hold it.
pub(super) struct ClassForm {
    pub(super) form: Vec<u8>,
    pub(super) lists: [Option<TermInfo>; 3],
}

impl ClassTable {
    /// Opens the table of a segment; `None` where there is none that can be read.
    pub(super) fn open(directory: &MmapDirectory, segment: &str) -> Option<ClassTable> {
        let name = table_name(segment);
        let bytes = directory
            .open_read(Path::new(&name))
            .ok()?
            .read_bytes()
            .ok()?;
        let mut rest = bytes.as_slice().strip_prefix(MAGIC)?;
        let language = Language::named(std::str::from_utf8(read_text(&mut rest)?).ok()?)?;
        let count = bytes.get(HEADER_BYTES..HEADER_BYTES + 4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let table = ClassTable {
            bytes,
            language,
            count,
        };
        let end = table.offset(count)? + FOOTER_BYTES;
        (end == table.bytes.len()).then_some(table)
    }

    /// The language whose classes these are.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The forms of a class, by their text; none where no form of the segment belongs to it, `None` where the table is
    /// damaged.
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
        let fields = read_number(&mut entry)?;
        let mut lists = [None, None, None];
        for (field, list) in lists.iter_mut().enumerate() {
            if fields & 1 << field != 0 {
                *list = Some(read_list(&mut entry)?);
            }
        }
        forms.push(ClassForm { form, lists });
    }
    Some(forms)
}

fn read_list(entry: &mut &[u8]) -> Option<TermInfo> {
    let doc_freq = u32::try_from(read_number(entry)?).ok()?;
    let mut range = || {
        let start = read_number(entry)?;
        Some(start..start.checked_add(read_number(entry)?)?)
    };
    Some(TermInfo {
        doc_freq,
        postings_range: range()?,
        positions_range: range()?,
    })
}

/// Writes the table of a segment into `folder`.
pub(super) fn write_table(
    folder: &Path,
    segment: &SegmentReader,
    fields: [Field; 3],
    morphology: &Morphology,
) -> tantivy::Result<()> {
    let name = table_name(&segment.segment_id().uuid_string());
    let bytes = encode(
        &classes(segment, fields, morphology)?,
        morphology.language(),
    );
    let part = folder.join(format!("{name}.part"));
    let write = || -> io::Result<()> {
        let mut file = File::create(&part)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&part, folder.join(&name))
    };
    Ok(write()?)
}

/// All forms of a segment with their classes, by class and form.
fn classes(
    segment: &SegmentReader,
    fields: [Field; 3],
    morphology: &Morphology,
) -> tantivy::Result<Vec<(String, ClassForm)>> {
    let mut forms: Vec<(Vec<u8>, usize, TermInfo)> = Vec::new();
    for (i, field) in fields.into_iter().enumerate() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().stream()?;
        while stream.advance() {
            forms.push((stream.key().to_vec(), i, stream.value().clone()));
        }
    }
    forms.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut classes: Vec<(String, ClassForm)> = Vec::new();
    for (form, field, list) in forms {
        if let Some((_, last)) = classes.last_mut().filter(|(_, last)| last.form == form) {
            last.lists[field] = Some(list);
            continue;
        }
        // Function words have no class.
        let Some(class) = std::str::from_utf8(&form)
            .ok()
            .and_then(|form| morphology.class(form))
        else {
            continue;
        };
        let mut lists = [None, None, None];
        lists[field] = Some(list);
        classes.push((class, ClassForm { form, lists }));
    }
    classes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(classes)
}

fn encode(classes: &[(String, ClassForm)], language: Language) -> Vec<u8> {
    let groups: Vec<&[(String, ClassForm)]> = classes.chunk_by(|a, b| a.0 == b.0).collect();
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
    let hash = XxHash3_64::oneshot(&out);
    out.extend(hash.to_le_bytes());
    out
}

fn write_form(out: &mut Vec<u8>, form: &ClassForm) {
    write_text(out, &form.form);
    let bit = |field: usize| u64::from(form.lists[field].is_some()) << field;
    write_varint(out, bit(0) | bit(1) | bit(2));
    for list in form.lists.iter().flatten() {
        write_varint(out, u64::from(list.doc_freq));
        for range in [&list.postings_range, &list.positions_range] {
            write_varint(out, range.start as u64);
            write_varint(out, range.len() as u64);
        }
    }
}

fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_varint(out, text.len() as u64);
    out.extend_from_slice(text);
}
