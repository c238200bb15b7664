//! The forms of a segment in order, read from its dictionaries or kept since it was written: streaming the dictionaries costs
//! more than making the table.

use tantivy::SegmentReader;
use tantivy::schema::Field;

use crate::analysis::unmarked;
use crate::article::{read_text, read_varint, write_text, write_varint};
use crate::query::Field as TextField;

/// The forms of a segment in order, each with the fields that hold it as bits.
pub(in crate::engine::embedded) enum SegmentForms<'a> {
    /// In the dictionaries of these fields.
    Stored(&'a SegmentReader, [Field; TextField::COUNT]),
    /// Kept since the segment was written.
    Kept(&'a KeptForms),
}

/// Forms that were kept. They are put in order.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct KeptForms {
    /// For each form its text and its fields.
    bytes: Vec<u8>,
    count: usize,
}

impl KeptForms {
    /// Adds the next form.
    pub(in crate::engine::embedded) fn push(&mut self, form: &[u8], held_by: u64) {
        write_text(&mut self.bytes, form);
        write_varint(&mut self.bytes, held_by);
        self.count += 1;
    }

    /// What they take, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    fn each(&self, mut visit: impl FnMut(&[u8], u64)) {
        let mut rest = self.bytes.as_slice();
        while let Ok(form) = read_text(&mut rest)
            && let Ok(held_by) = read_varint(&mut rest)
        {
            visit(form, held_by);
        }
    }
}

impl SegmentForms<'_> {
    /// How many there are at most.
    pub(super) fn most(&self) -> tantivy::Result<usize> {
        match self {
            SegmentForms::Kept(kept) => Ok(kept.count),
            SegmentForms::Stored(segment, fields) => {
                let mut forms = 0;
                for &field in fields {
                    forms += segment.inverted_index(field)?.terms().num_terms();
                }
                Ok(forms)
            }
        }
    }

    /// Visits those that are words.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&str, u64)) -> tantivy::Result<()> {
        let visit_word = |form: &[u8], held_by| {
            if let Ok(form) = std::str::from_utf8(form)
                && unmarked(form).is_none()
            {
                visit(form, held_by);
            }
        };
        match self {
            SegmentForms::Stored(segment, fields) => each_stored(segment, fields, visit_word),
            SegmentForms::Kept(kept) => {
                kept.each(visit_word);
                Ok(())
            }
        }
    }
}

fn each_stored(
    segment: &SegmentReader,
    fields: &[Field],
    mut visit: impl FnMut(&[u8], u64),
) -> tantivy::Result<()> {
    let mut dictionaries = Vec::new();
    for &field in fields {
        dictionaries.push(segment.inverted_index(field)?);
    }
    let mut streams = Vec::new();
    for (i, dictionary) in dictionaries.iter().enumerate() {
        let mut stream = dictionary.terms().stream()?;
        if stream.advance() {
            streams.push((1 << i, stream));
        }
    }
    let mut form = Vec::new();
    while let Some(first) = streams.iter().map(|(_, stream)| stream.key()).min() {
        form.clear();
        form.extend_from_slice(first);
        let mut held_by = 0;
        streams.retain_mut(|(field, stream)| {
            let holds = stream.key() == form;
            held_by |= if holds { *field } else { 0 };
            !holds || stream.advance()
        });
        visit(&form, held_by);
    }
    Ok(())
}
