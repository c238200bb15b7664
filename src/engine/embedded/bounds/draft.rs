//! The bounds of a segment that is being written, noted while its lists pass: read again they would cost a twentieth of all
//! indexing.

use std::io::Write;

use tantivy::SegmentReader;
use tantivy::schema::Field as SchemaField;

use super::LEAST_DOCS;
use super::write::{ListRanges, norms, write_lists};
use crate::query::Field;

/// The bounds of a segment in the making.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct BoundsDraft {
    averages: [f64; Field::MEASURED],
    /// The lengths of each document.
    lens: Vec<[u32; Field::MEASURED]>,
    fields: [FieldBounds; Field::COUNT],
}

/// The bounds of a field. Lists come in order.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct FieldBounds {
    ranges: ListRanges,
    /// The longer lists.
    lists: Vec<DraftedList>,
    /// Their forms and their entries, one behind the other.
    forms: Vec<u8>,
    entries: Vec<u8>,
    entry: Vec<u8>,
}

/// A list whose bounds are known.
#[derive(Debug, Clone, Copy)]
struct DraftedList {
    form_len: u32,
    entry_len: u32,
}

impl BoundsDraft {
    /// A draft for documents of these lengths.
    pub(in crate::engine::embedded) fn new(lens: Vec<[u32; Field::MEASURED]>) -> BoundsDraft {
        let mut averages = [0.0; Field::MEASURED];
        for (field, average) in averages.iter_mut().enumerate() {
            let sum: u64 = lens_of(&lens, field).sum();
            if !lens.is_empty() {
                *average = sum as f64 / lens.len() as f64;
            }
        }
        BoundsDraft {
            averages,
            lens,
            ..BoundsDraft::default()
        }
    }

    /// Those of a field, whose lists are to be noted.
    pub(in crate::engine::embedded) fn field(&self, field: usize) -> FieldBounds {
        let average = self.averages.get(field);
        let norms = average.map(|&average| norms(field, lens_of(&self.lens, field), average));
        let mut own = FieldBounds::default();
        own.ranges.norms = norms;
        own
    }

    /// Takes those of a field, whose lists were noted.
    pub(in crate::engine::embedded) fn set_field(&mut self, field: usize, noted: FieldBounds) {
        if let Some(own) = self.fields.get_mut(field) {
            *own = FieldBounds {
                ranges: ListRanges::default(),
                ..noted
            };
        }
    }

    /// Gives back what only the making takes.
    pub(in crate::engine::embedded) fn finish(&mut self) {
        self.lens = Vec::new();
    }

    /// What it takes, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        let field = |own: &FieldBounds| {
            own.forms.len() + own.entries.len() + size_of::<DraftedList>() * own.lists.len()
        };
        self.fields.iter().map(field).sum()
    }

    /// Writes the bounds of the segment, as `write_bounds` does. Says whether it could: the lists must be those that were
    /// noted.
    pub(in crate::engine::embedded) fn write(
        &self,
        segment: &SegmentReader,
        fields: [SchemaField; Field::COUNT],
        out: &mut dyn Write,
    ) -> tantivy::Result<bool> {
        let (mut starts, mut counts) = (Vec::new(), Vec::new());
        for (own, field) in self.fields.iter().zip(fields) {
            let inverted = segment.inverted_index(field)?;
            let mut forms = own.forms.as_slice();
            for list in &own.lists {
                let Some((form, rest)) = forms.split_at_checked(list.form_len as usize) else {
                    return Ok(false);
                };
                forms = rest;
                let info = inverted.terms().get(form)?;
                let start = info.map(|info| u32::try_from(info.postings_range.start));
                let Some(Ok(start)) = start else {
                    return Ok(false);
                };
                starts.push((start, list.entry_len as usize));
            }
            counts.push(own.lists.len() as u32);
        }
        write_lists(&self.averages, &counts, &starts, out)?;
        for own in &self.fields {
            out.write_all(&own.entries)?;
        }
        Ok(true)
    }
}

impl FieldBounds {
    /// Whether a list of so many documents is to be noted.
    #[inline]
    pub(in crate::engine::embedded) fn takes(docs: u32) -> bool {
        docs >= LEAST_DOCS
    }

    /// Notes the next document of a list.
    #[inline]
    pub(in crate::engine::embedded) fn add(&mut self, doc: u32, count: u32) {
        self.ranges.add(doc, count);
    }

    /// Ends the list of a form.
    pub(in crate::engine::embedded) fn end_list(&mut self, form: &[u8]) {
        self.ranges.end(&mut self.entry);
        self.forms.extend_from_slice(form);
        self.entries.extend_from_slice(&self.entry);
        self.lists.push(DraftedList {
            form_len: form.len() as u32,
            entry_len: self.entry.len() as u32,
        });
    }
}

fn lens_of(lens: &[[u32; Field::MEASURED]], field: usize) -> impl Iterator<Item = u64> {
    lens.iter()
        .map(move |own| u64::from(own.get(field).copied().unwrap_or(0)))
}
