//! Reads everything: the sums of all files, then every posting and every stored section, counted in several ways that
//! have to agree.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::anchors::{SegmentAnchors, anchors_name};
use super::bounds::{bounds_name, write_bounds};
use super::schema::Fields;
use super::segment::OpenSegment;
use super::snapshot::State;
use super::stem_table::{SegmentForms, encode_table, table_name};
use super::storage::checksums::{CheckedFile, Damage};
use super::storage::commit::strays;
use super::storage::disk::Disk;
use super::storage::faults::storage_error;
use crate::analysis::{Language, count_words, is_marked};
use crate::catalog::{ArticleRecord, Catalog, Outcome, SourceKey};
use crate::engine::{EngineError, Verification};
use crate::query::Field;

/// How many faults are named; the rest is counted.
const MAX_FAULTS: usize = 20;

/// Reads all files of a state and holds them against their sums.
pub(super) fn sums(disk: &Arc<dyn Disk>, state: &State) -> Result<Verification, EngineError> {
    let files = state.manifest.iter().flat_map(|manifest| &manifest.files);
    Ok(Verification {
        files: files.clone().count() as u64,
        bytes: files.map(|(_, entry)| entry.file_bytes()).sum(),
        faults: bad_files(disk, state)?,
        ..Verification::default()
    })
}

fn bad_files(disk: &Arc<dyn Disk>, state: &State) -> Result<Vec<String>, EngineError> {
    let mut faults = Vec::new();
    for (name, &entry) in state.manifest.iter().flat_map(|manifest| &manifest.files) {
        let damage = Damage::default();
        let read =
            CheckedFile::open(disk.as_ref(), name, entry, &damage).and_then(|file| file.read_all());
        match (read, damage.seen()) {
            (_, Some(fault)) => faults.push(fault.to_string()),
            (Err(error), None) => return Err(EngineError::Storage(format!("`{name}`: {error}"))),
            (Ok(_), None) => {}
        }
    }
    Ok(faults)
}

/// Reads everything.
pub(super) fn verify(disk: &Arc<dyn Disk>, state: &State) -> Result<Verification, EngineError> {
    let files = state.manifest.iter().flat_map(|manifest| &manifest.files);
    let mut found = Verification {
        files: files.clone().count() as u64,
        bytes: files.map(|(_, entry)| entry.file_bytes()).sum(),
        sections: state.catalog.sections(),
        faults: bad_files(disk, state)?,
        strays: match &state.manifest {
            Some(manifest) => strays(disk.as_ref(), manifest)
                .map_err(|e| storage_error(&e))?
                .len() as u64,
            None => 0,
        },
        ..Verification::default()
    };
    if found.faults.is_empty() {
        let mut check = Check {
            state,
            tallies: BTreeMap::new(),
            faults: Vec::new(),
        };
        let languages = state.catalog.listed();
        for segment in &state.segments {
            check.segment(segment)?;
            check.table(segment, &languages)?;
            check.bounds(segment)?;
            check.anchors(segment)?;
        }
        check.sources(&state.catalog);
        check.counts(&state.catalog)?;
        found.faults = check.faults;
    }
    found.faults.truncate(MAX_FAULTS);
    Ok(found)
}

/// What the sections of an article sum up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct SectionTally {
    sections: u32,
    words: [u64; Field::MEASURED],
}

struct Check<'a> {
    state: &'a State,
    tallies: BTreeMap<u32, SectionTally>,
    faults: Vec<String>,
}

impl Check<'_> {
    /// Every stored section, and the lengths that its postings, its text and its columns give.
    fn segment(&mut self, segment: &OpenSegment) -> Result<(), EngineError> {
        let mut indexed = Vec::new();
        for field in Field::INDEXES {
            indexed.push(self.state.guard(|| tokens(segment, field))?);
        }
        self.state.guard(|| {
            segment.open_columns();
            Ok(())
        })?;
        for doc in 0..segment.max_doc() {
            let lens = [0, 1, 2].map(|field| segment.len_of(doc, field));
            let has = |field: usize, len: u64| indexed[field][doc as usize] == len;
            if !lens.iter().enumerate().all(|(field, &len)| has(field, len)) {
                self.faults
                    .push(format!("section {doc} has postings for other lengths"));
            }
            if !segment.is_alive(doc) {
                continue;
            }
            let name = match segment.order_of(doc) {
                0 => {
                    let record = self.state.catalog.record(segment.article_of(doc));
                    record.map(|record| count_words(&record.name_of(0)))
                }
                _ => Some(0),
            };
            if name.is_some_and(|len| !has(Field::Name.index(), len)) {
                self.faults
                    .push(format!("section {doc} has another file's name"));
            }
            match self.state.guard(|| segment.stored(doc))? {
                Some(stored) if count_words(&stored.section.text) == lens[2] => {}
                Some(_) => self
                    .faults
                    .push(format!("section {doc} has a text of another length")),
                None => self.faults.push(format!("section {doc} cannot be read")),
            }
            let article = segment.article_of(doc);
            if self.state.catalog.language(article) != segment.languages.of(doc) {
                let fault = format!("section {doc} is told another language than its article");
                self.faults.push(fault);
            }
            let tally = self.tallies.entry(article).or_default();
            tally.sections += 1;
            for (sum, len) in tally.words.iter_mut().zip(lens) {
                *sum += len;
            }
        }
        Ok(())
    }

    /// The table of forms against the dictionaries.
    fn table(&mut self, segment: &OpenSegment, languages: &[Language]) -> Result<(), EngineError> {
        let Some(table) = &segment.classes else {
            return Ok(());
        };
        let fields = Fields::OWN.text;
        let own = self
            .state
            .guard(|| encode_table(&SegmentForms::Stored(segment.reader(), fields), languages))?;
        if Some(own.as_slice()) != table.bytes() {
            let name = table_name(&segment.reader().segment_id().uuid_string(), languages);
            self.faults
                .push(format!("`{name}` does not fit its dictionaries"));
        }
        Ok(())
    }

    /// The bounds against the lists.
    fn bounds(&mut self, segment: &OpenSegment) -> Result<(), EngineError> {
        let Some(table) = segment.bounds() else {
            return Ok(());
        };
        let fields = Fields::OWN.text;
        let written = self.state.guard(|| Ok(table.bytes()?))?;
        let mut own = SameBytes(Some(&written));
        self.state
            .guard(|| write_bounds(segment.reader(), fields, &mut own))?;
        if own.0 != Some(&[]) {
            let name = bounds_name(&segment.reader().segment_id().uuid_string());
            self.faults.push(format!("`{name}` does not fit its lists"));
        }
        Ok(())
    }

    /// The anchors against the stored sections.
    fn anchors(&mut self, segment: &OpenSegment) -> Result<(), EngineError> {
        let Some(table) = segment.anchors() else {
            return Ok(());
        };
        let written = self.state.guard(|| Ok(table.bytes()?))?;
        let own = self
            .state
            .guard(|| SegmentAnchors::encode_stored(segment.reader()))?;
        if own != written.as_slice() {
            let name = anchors_name(&segment.reader().segment_id().uuid_string());
            let fault = format!("`{name}` does not fit its sections");
            self.faults.push(fault);
        }
        Ok(())
    }

    /// What the manifest counts against the catalog.
    fn counts(&mut self, catalog: &Catalog) -> Result<(), EngineError> {
        let counts = self.state.manifest.as_ref().and_then(|own| own.counts);
        if counts.is_some() && counts != Some(catalog.counts(&[])?) {
            let fault = "the manifest counts other files and sections than the catalog";
            self.faults.push(fault.to_string());
        }
        Ok(())
    }

    /// The catalog against the sections: its articles, and what it says of their sources.
    fn sources(&mut self, catalog: &Catalog) {
        for number in catalog.sources() {
            let Some(source) = catalog.source(number) else {
                self.faults.push(format!("source {number} cannot be read"));
                continue;
            };
            let mut sections = 0;
            let mut fits = true;
            for (order, article) in (0..).zip(catalog.articles_of(number)) {
                let tally = self.tallies.remove(&article).unwrap_or_default();
                let fits_record = |record: &ArticleRecord| {
                    (record.source, record.order) == (SourceKey(number), order)
                        && tally.sections == record.sections
                        && tally.words == record.words
                };
                fits &= catalog.article(article).as_ref().is_some_and(fits_record);
                sections += tally.sections;
            }
            let said = match source.outcome {
                Outcome::Indexed => source.sections,
                Outcome::Unread(_) => 0,
            };
            if !fits || said != sections {
                self.faults.push(format!(
                    "`{}` has other sections than the catalog says",
                    source.path
                ));
            }
        }
        for article in std::mem::take(&mut self.tallies).into_keys() {
            self.faults.push(format!(
                "sections belong to article {article}, which is not there"
            ));
        }
    }
}

/// How many positions of words each document has in a field; parts and joins are none.
fn tokens(segment: &OpenSegment, field: usize) -> tantivy::Result<Vec<u64>> {
    let mut counts = vec![0; segment.max_doc() as usize];
    let inverted = &segment.inverted[field];
    let mut stream = inverted.terms().stream()?;
    let mut positions = Vec::new();
    while stream.advance() {
        if is_marked(stream.key()) {
            continue;
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = inverted.read_postings_from_terminfo(stream.value(), option)?;
        while postings.doc() != TERMINATED {
            postings.positions(&mut positions);
            if let Some(count) = counts.get_mut(postings.doc() as usize) {
                *count += positions.len() as u64;
            }
            postings.advance();
        }
    }
    Ok(counts)
}
/// Takes what is written and holds it against these bytes, of which the rest is kept; `None` once anything differed.
struct SameBytes<'a>(Option<&'a [u8]>);

impl Write for SameBytes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.and_then(|rest| rest.strip_prefix(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
