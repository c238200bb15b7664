//! Writes the tables beside a segment: its classes, bounds and anchors, of what was kept since its lists were written, or
//! else of its files.

use std::borrow::Cow;
use std::io::{self, Write};

use tantivy::{Segment, SegmentReader};

use super::anchors::{SegmentAnchors, anchors_name};
use super::bounds::{bounds_name, write_bounds};
use super::inverted::{EarlyTables, KeptSegment, KeptSegments};
use super::schema::Fields;
use super::stem_table::{SegmentForms, encode_table, table_name};
use super::storage::directory::StateDirectory;
use super::storage::faults::{storage_error, tantivy_error};
use crate::analysis::Language;
use crate::engine::EngineError;
use crate::source::both;

/// Writes the tables of a segment that it does not have yet.
pub(super) struct TableWriter<'a> {
    directory: &'a StateDirectory,
    segment: &'a Segment,
    kept: Option<KeptSegment>,
}

impl<'a> TableWriter<'a> {
    /// The writer of a segment's tables; takes what is kept of it.
    pub(super) fn new(
        directory: &'a StateDirectory,
        segment: &'a Segment,
        kept: &KeptSegments,
    ) -> TableWriter<'a> {
        TableWriter {
            directory,
            segment,
            kept: kept.take(&segment.id().uuid_string()),
        }
    }

    /// Writes those that are missing, and returns the names of all.
    pub(super) fn write(&self, languages: &[Language]) -> Result<[String; 3], EngineError> {
        let id = self.segment.id().uuid_string();
        let names = [
            table_name(&id, languages),
            bounds_name(&id),
            anchors_name(&id),
        ];
        if names.iter().all(|name| self.directory.has(name)) {
            return Ok(names);
        }
        let reader = SegmentReader::open(self.segment).map_err(tantivy_error)?;
        let [classes, bounds, anchors] = &names;
        let write_anchors = || self.unless_there(anchors, &|| self.anchors(anchors, &reader));
        // Only the classes depend on the languages, which may change with each commit.
        let (first, second) = both(
            || self.unless_there(classes, &|| self.classes(classes, &reader, languages)),
            || {
                self.unless_there(bounds, &|| self.bounds(bounds, &reader))?;
                match self.kept {
                    Some(_) => write_anchors(),
                    None => Ok(()),
                }
            },
        );
        first.and(second)?;
        // Where nothing was kept, anchors are made behind the bounds: both at once would take too much memory.
        write_anchors()?;
        Ok(names)
    }

    /// Writes a table, unless it is there.
    fn unless_there(
        &self,
        name: &str,
        write: &dyn Fn() -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        match self.directory.has(name) {
            true => Ok(()),
            false => write(),
        }
    }

    fn classes(
        &self,
        name: &str,
        reader: &SegmentReader,
        languages: &[Language],
    ) -> Result<(), EngineError> {
        let forms = match &self.kept {
            Some(kept) => SegmentForms::Kept(&kept.forms),
            None => SegmentForms::Stored(reader, Fields::OWN.text),
        };
        let early = self.early().filter(|early| early.languages == languages);
        let encode = || encode_table(&forms, languages).map(Cow::Owned);
        let table = early.map_or_else(encode, |early| Ok(Cow::Borrowed(early.classes.as_slice())));
        let written = self.directory.write(name, &table.map_err(tantivy_error)?);
        written.map_err(|e| storage_error(&e))
    }

    fn early(&self) -> Option<&EarlyTables> {
        self.kept.as_ref()?.early.as_ref()
    }

    fn anchors(&self, name: &str, reader: &SegmentReader) -> Result<(), EngineError> {
        let table = match (&self.kept, self.early()) {
            (_, Some(early)) => Ok(Cow::Borrowed(early.anchors.as_slice())),
            (Some(kept), None) => kept.anchors.encode().map(Cow::Owned),
            (None, None) => {
                let table = SegmentAnchors::encode_stored(reader);
                Ok(Cow::Owned(table.map_err(tantivy_error)?))
            }
        };
        let written = table.and_then(|table| self.directory.write(name, &table));
        written.map_err(|e| storage_error(&e))
    }

    fn bounds(&self, name: &str, reader: &SegmentReader) -> Result<(), EngineError> {
        let written = self.directory.write_by(name, &|out| {
            let encoded = self.encode_bounds(reader, out);
            encoded.map_err(io::Error::other)
        });
        written.map_err(|e| storage_error(&e))
    }

    fn encode_bounds(&self, reader: &SegmentReader, out: &mut dyn Write) -> tantivy::Result<()> {
        let text = Fields::OWN.text;
        if let Some(kept) = &self.kept
            && kept.bounds.write(reader, text, out)?
        {
            return Ok(());
        }
        write_bounds(reader, text, out)
    }
}
