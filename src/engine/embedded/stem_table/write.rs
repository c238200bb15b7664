//! Writes a table of classes. An archive of mail has millions of forms: of so many they are read from the dictionaries once
//! for each language, of fewer for several, and what is kept of each is its bytes.

use super::segment_forms::SegmentForms;
use super::{HEADER_BYTES, LISTED_BYTES, MAGIC, TAG_BYTES};
use crate::analysis::Language;
use crate::article::{read_text, write_text, write_varint};

/// The table of a segment, as it is written.
pub(in crate::engine::embedded) fn encode_table(
    forms: &SegmentForms<'_>,
    languages: &[Language],
) -> tantivy::Result<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    out.extend((languages.len() as u32).to_le_bytes());
    out.resize(HEADER_BYTES + LISTED_BYTES * languages.len(), 0);
    let mut listed = HEADER_BYTES;
    let in_a_pass = MOST_FORMS / (1 + forms.most()?);
    for some in languages.chunks(in_a_pass.max(1)) {
        for (language, classes) in some.iter().zip(classes(forms, some)?) {
            let start = out.len();
            classes.write(&mut out);
            let len = (out.len() - start) as u32;
            put(&mut out, listed, language.tag().as_bytes());
            put(&mut out, listed + TAG_BYTES, &(start as u32).to_le_bytes());
            put(&mut out, listed + TAG_BYTES + 4, &len.to_le_bytes());
            listed += LISTED_BYTES;
        }
    }
    Ok(out)
}

/// So many forms are kept at once, so that of fewer several languages are read in one pass.
const MOST_FORMS: usize = 1 << 20;

fn put(out: &mut [u8], at: usize, bytes: &[u8]) {
    out[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The forms that each of these languages inflects with their stems.
fn classes(forms: &SegmentForms<'_>, languages: &[Language]) -> tantivy::Result<Vec<Classes>> {
    let mut all: Vec<Classes> = languages.iter().map(|_| Classes::default()).collect();
    forms.each(&mut |form, held_by| {
        for (language, classes) in languages.iter().zip(&mut all) {
            if language.inflects(form) {
                classes.push(&language.stem(form), form, held_by);
            }
        }
    })?;
    all.iter_mut().for_each(Classes::sort);
    Ok(all)
}

/// Forms with their stems.
#[derive(Default)]
struct Classes {
    /// For each form its stem, itself and the fields that hold it, as the table has them.
    bytes: Vec<u8>,
    /// Where each form begins there.
    starts: Vec<usize>,
}

/// One of them.
struct StemmedForm<'a> {
    stem: &'a [u8],
    form: &'a [u8],
    /// The form and its fields, as the table has them.
    entry: &'a [u8],
}

impl Classes {
    /// Forms come in order.
    fn push(&mut self, stem: &str, form: &str, held_by: u64) {
        self.starts.push(self.bytes.len());
        write_text(&mut self.bytes, stem.as_bytes());
        write_text(&mut self.bytes, form.as_bytes());
        write_varint(&mut self.bytes, held_by);
    }

    /// Sorts by stem and form.
    fn sort(&mut self) {
        let bytes = &self.bytes;
        let stem = |start: usize| read_text(&mut &bytes[start..]).unwrap_or_default();
        self.starts
            .sort_unstable_by(|&a, &b| stem(a).cmp(stem(b)).then(a.cmp(&b)));
    }

    fn form(&self, start: usize) -> StemmedForm<'_> {
        let mut rest = &self.bytes[start..];
        let stem = read_text(&mut rest).unwrap_or_default();
        let entry = rest;
        let form = read_text(&mut rest).unwrap_or_default();
        // The bits of the fields take one byte.
        let len = entry.len() - rest.len() + 1;
        StemmedForm {
            stem,
            form,
            entry: &entry[..len],
        }
    }

    /// The forms of each class that has others than its own stem.
    fn groups(&self) -> impl Iterator<Item = &[usize]> {
        let is_one = |&a: &usize, &b: &usize| self.form(a).stem == self.form(b).stem;
        self.starts.chunk_by(is_one).filter(|group| match group {
            [only] => {
                let only = self.form(*only);
                only.stem != only.form
            }
            _ => true,
        })
    }

    /// Writes the part of a language.
    fn write(&self, out: &mut Vec<u8>) {
        let part = out.len();
        let count = self.groups().count();
        out.extend((count as u32).to_le_bytes());
        let mut offset = out.len();
        out.resize(offset + 4 * (count + 1), 0);
        for group in self.groups() {
            let start = (out.len() - part) as u32;
            put(out, offset, &start.to_le_bytes());
            offset += 4;
            let stem = group.first().map(|&first| self.form(first).stem);
            write_text(out, stem.unwrap_or_default());
            write_varint(out, group.len() as u64);
            for &form in group {
                out.extend_from_slice(self.form(form).entry);
            }
        }
        let end = (out.len() - part) as u32;
        put(out, offset, &end.to_le_bytes());
    }
}
