//! The files of a segment's lists: dictionaries, postings and positions, each with a part for each field.

use std::io::{self, Write};

use tantivy::directory::{CompositeWrite, TerminatingWrite, WritePtr};
use tantivy::index::SegmentComponent;
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Directory, Segment, TantivyError};

/// How many files there are.
const FILES: usize = 3;
/// Which they are, in the order in which a serializer takes them.
const COMPONENTS: [SegmentComponent; FILES] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
];

/// The files of a segment's lists, as they are written: field by field, in any order.
pub(super) struct ListFiles([CompositeWrite<WritePtr>; FILES]);

/// What the files hold of one field, made while another one was written.
pub(super) struct FieldBytes([Vec<u8>; FILES]);

/// A field that is written: its number, what its lists hold, and how many tokens it has.
#[derive(Clone, Copy)]
pub(super) struct ListedField {
    pub(super) field: Field,
    pub(super) option: IndexRecordOption,
    pub(super) tokens: u64,
}

impl ListFiles {
    /// The files of a segment, in place of those that are there.
    pub(super) fn open(segment: &Segment) -> tantivy::Result<ListFiles> {
        let directory = segment.index().directory();
        for component in COMPONENTS {
            let removed = directory.delete(&segment.relative_path(component));
            removed.map_err(|e| TantivyError::InternalError(e.to_string()))?;
        }
        let [terms, postings, positions] = COMPONENTS.map(|own| segment.open_write(own));
        let files = [terms?, postings?, positions?];
        Ok(ListFiles(files.map(CompositeWrite::wrap)))
    }

    /// What writes the lists of a field.
    pub(super) fn field(&mut self, own: ListedField) -> io::Result<FieldSerializer<'_, WritePtr>> {
        serializer(&mut self.0, own)
    }

    /// Adds a field that was written apart.
    pub(super) fn append(&mut self, field: Field, bytes: &FieldBytes) -> io::Result<()> {
        for (file, bytes) in self.0.iter_mut().zip(&bytes.0) {
            file.for_field(field).write_all(bytes)?;
        }
        Ok(())
    }

    /// Ends the files.
    pub(super) fn close(self) -> io::Result<()> {
        self.0.into_iter().try_for_each(CompositeWrite::close)
    }
}

impl FieldBytes {
    /// What `write` makes of a field, and what it returns.
    pub(super) fn of<T>(
        own: ListedField,
        write: impl FnOnce(FieldSerializer<'_, &mut Vec<u8>>) -> tantivy::Result<T>,
    ) -> tantivy::Result<(FieldBytes, T)> {
        let mut bytes: [Vec<u8>; FILES] = Default::default();
        let mut files = bytes.each_mut().map(CompositeWrite::wrap);
        let written = write(serializer(&mut files, own)?)?;
        Ok((FieldBytes(bytes), written))
    }
}

fn serializer<W: TerminatingWrite>(
    files: &mut [CompositeWrite<W>; FILES],
    own: ListedField,
) -> io::Result<FieldSerializer<'_, W>> {
    let [terms, postings, positions] = files.each_mut().map(|file| file.for_field(own.field));
    FieldSerializer::create(own.option, own.tokens, terms, postings, positions, None)
}
