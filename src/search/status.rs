//! What an index holds, and how far it is behind.

use std::collections::BTreeMap;

use super::{Error, Index};
use crate::engine::{EngineError, IndexOwner, IndexVersion, SourceFilter, SourceRow};
use crate::format::Format;
use crate::refresh::{IndexReport, OtherFiles};
use crate::source::StoredPath;

/// A file that is indexed.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexedFile {
    /// Its path.
    pub path: StoredPath,
    /// The name of its format.
    pub format: &'static str,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sections.
    pub sections: u32,
}

/// What an index holds.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexStatus {
    /// The index's folder.
    pub folder: String,
    /// Its version, and that of the program that made it.
    pub version: IndexVersion,
    /// The folders it covers.
    pub roots: Vec<String>,
    /// Files, sections, and what is not indexed.
    pub report: IndexReport,
    /// Words over all sections.
    pub words: u64,
    /// The tags of the languages of its articles, and how many sections are in each.
    pub languages: Vec<(&'static str, u64)>,
    /// The files that are indexed, in the order of their paths.
    pub files: Vec<IndexedFile>,
    /// The files of other formats in the folders it covers.
    pub other_files: OtherFiles,
    /// Bytes of the index.
    pub index_bytes: u64,
    /// Files that changed since; `None` where they may not be looked at.
    pub stale: Option<u64>,
    /// Those who write to the index, where several may.
    pub owners: Vec<IndexOwner>,
}

impl IndexStatus {
    /// The bytes of the files that are indexed.
    #[must_use]
    pub fn source_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// How many files are in each encoding.
    #[must_use]
    pub fn encodings(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for file in &self.files {
            *counts.entry(file.encoding).or_insert(0) += 1;
        }
        counts
    }
}

impl Index {
    /// What the index holds, and how far it is behind.
    ///
    /// # Errors
    /// Where it cannot be read, or files cannot be looked for.
    pub fn status(&self) -> Result<IndexStatus, Error> {
        let rows = self.snapshot.sources(SourceFilter::INDEXED)?;
        let files = rows.map(|row| Ok(IndexedFile::of(row?)));
        let files: Result<Vec<_>, EngineError> = files.collect();
        let name_of = |path: &StoredPath| match path.to_text() {
            text if text.is_empty() => ".".to_string(),
            text => text.into_owned(),
        };
        let roots = &self.settings().roots;
        Ok(IndexStatus {
            folder: self.location().folder.display().to_string(),
            version: self.version(),
            roots: roots.iter().map(|root| name_of(&root.path)).collect(),
            report: IndexReport::of(self.snapshot())?,
            words: self.totals.words[2],
            languages: (self.totals.languages.iter())
                .map(|&(language, sections)| (language.tag(), sections))
                .collect(),
            files: files?,
            other_files: self.other_files(&[])?,
            index_bytes: self.size_bytes()?,
            stale: self.count_stale()?,
            owners: self.snapshot.owners(),
        })
    }
}

impl IndexedFile {
    fn of(row: SourceRow<'_>) -> IndexedFile {
        let record = row.into_record();
        IndexedFile {
            format: Format::of_code(record.format).map_or("", |format| format.name),
            encoding: record.encoding.name(),
            bytes: record.stat.size,
            sections: record.sections,
            path: record.path,
        }
    }
}
