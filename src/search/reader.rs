//! Reads sections and cites them, for callers that look for their own matches in the text.

use std::ops::Range;

use super::citation::{SourceState, Sources};
use super::{Error, Index};
use crate::article::{Place, Section};
use crate::engine::{Hit, Record, SearchOptions};
use crate::query::{Field, Node, Query, QueryWord, Term, TermRole};
use crate::source::StoredPath;

/// Reads sections of an index; a source is read again once at most.
pub struct SectionReader<'a> {
    index: &'a Index,
    sources: Sources<'a>,
    selection: Selection,
}

/// Which sources of an index sections are looked for in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those that are, or lie below, one of these; empty for all.
    pub within: Vec<StoredPath>,
    /// But for these.
    pub without: Vec<StoredPath>,
}

/// A section and what is known of its source.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSection {
    /// What is known of its source.
    pub record: Record,
    /// Its id.
    pub id: String,
    /// The section.
    pub section: Section,
}

/// Where a stretch of a section stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// Where it begins.
    pub start: Place,
    /// Where it ends, exclusive.
    pub end: Place,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

impl std::fmt::Debug for SectionReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SectionReader").finish_non_exhaustive()
    }
}

impl<'a> SectionReader<'a> {
    /// Reads sections of `index`.
    #[must_use]
    pub fn new(index: &'a Index) -> SectionReader<'a> {
        SectionReader {
            index,
            sources: index.sources(),
            selection: Selection::default(),
        }
    }

    /// Looks for the next hits in these sources.
    pub fn select(&mut self, selection: Selection) {
        self.selection = selection;
    }

    /// How the source of a section stands to what was indexed of it.
    pub fn state(&mut self, read: &ReadSection) -> SourceState {
        self.sources.now(&read.record).state()
    }

    /// The best hits of a query that was not written but made.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn find(&self, root: Node, limit: usize) -> Result<Vec<Hit>, Error> {
        let query = Query {
            text: String::new(),
            root,
        };
        let options = SearchOptions {
            limit: Some(limit),
            within: self.selection.within.clone(),
            without: self.selection.without.clone(),
            limits: self.index.limits(),
            ..SearchOptions::default()
        };
        Ok(self.index.snapshot().search(&query, &options)?.hits)
    }

    /// How many sections hold this form in their text.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn df(&self, form: &str) -> Result<u64, Error> {
        let term = exact(&[form], Field::Body);
        let forms = self.index.snapshot().forms(&term, self.index.limits())?;
        Ok(forms.iter().flatten().map(|form| form.df).sum())
    }

    /// The section of a hit.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn read(&self, hit: &Hit) -> Result<ReadSection, Error> {
        let record = self.index.record(hit.article)?;
        let section = self.index.snapshot().section(hit.key)?.section;
        Ok(ReadSection {
            id: record.id_of(&section.anchor),
            record,
            section,
        })
    }

    /// Where the bytes `range` of the section's text stand in its source.
    pub fn cite(&mut self, read: &ReadSection, range: &Range<usize>) -> Citation {
        let ReadSection {
            record, section, ..
        } = read;
        let map = &section.map;
        Citation {
            start: map
                .place_of(&section.text, range.start)
                .unwrap_or(section.start),
            end: map.end_of(&section.text, range.end).unwrap_or(section.end),
            verified: self.sources.now(record).verifies(section, range),
        }
    }
}

/// These words of a field as they are written, next to each other.
#[must_use]
pub fn exact(forms: &[&str], field: Field) -> Term {
    let word = |form: &&str| QueryWord::exact(*form);
    Term {
        words: forms.iter().map(word).collect(),
        slop: 0,
        field: Some(field),
        weight: 1.0,
        is_bare: false,
        is_cut: false,
        joined: None,
        is_function: false,
        role: TermRole::Required,
    }
}
