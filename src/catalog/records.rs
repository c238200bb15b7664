//! What is known of a source and of an article in it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::analysis::Language;
use crate::article::{FilterFacts, Metadata, PartPath, Place};
use crate::source::{Encoding, Reason, StatKey, StoredPath};

/// The number that an engine gives a source; of one snapshot, and of the change that follows it. The numbers are dense,
/// so that a flag for each can be kept: see [`IndexTotals::source_keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey(pub u32);

/// The number that an engine gives an article; of one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(pub u32);

/// What an index holds in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexTotals {
    /// The sources that are known, read or not.
    pub sources: u64,
    /// One more than the largest number of a source's key.
    pub source_keys: u32,
    /// The live sections.
    pub sections: u64,
    /// The words of each field over all live sections.
    pub words: [u64; 3],
    /// The languages of the articles, as far as they are known, and how many sections each has; by their place in the
    /// table of languages.
    pub languages: Vec<(Language, u64)>,
}

/// What an index holds below some paths, or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCounts {
    /// The sources that are indexed, or of which a part is meant.
    pub files: u64,
    /// Their articles.
    pub articles: u64,
    /// Their sections.
    pub sections: u64,
    /// The parts of them that were passed over.
    pub parts_passed_over: u64,
    /// The sources that are not indexed, on purpose.
    pub skipped: u64,
    /// The sources that could not be read.
    pub unreadable: u64,
}

/// Which sources are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceFilter<'a> {
    /// Those that are, or lie below, one of these; empty for all.
    pub within: &'a [StoredPath],
    /// Those whose sections are in the index, or the others; `None` for both.
    pub is_indexed: Option<bool>,
}

/// How a source came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Found in a folder.
    Walked,
    /// Named by itself.
    Named,
    /// Read from standard input; it cannot be read again.
    Stdin,
}

impl Origin {
    /// The number that a catalog keeps it under.
    pub(super) fn code(self) -> u8 {
        match self {
            Origin::Walked => 0,
            Origin::Named => 1,
            Origin::Stdin => 2,
        }
    }

    pub(super) fn of_code(code: u8) -> Origin {
        match code {
            0 => Origin::Walked,
            1 => Origin::Named,
            _ => Origin::Stdin,
        }
    }
}

/// What became of a source, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its sections are in the index.
    Indexed,
    /// It was skipped or failed.
    Unread(Reason),
}

/// What is known of one source, with its path as it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord<P = StoredPath> {
    /// Its path.
    pub path: P,
    /// What the file system said of it.
    pub stat: StatKey,
    /// The hash of its content.
    pub hash: u128,
    /// How it came to be known.
    pub origin: Origin,
    /// What became of it.
    pub outcome: Outcome,
    /// Its format's code; 0 where none is known.
    pub format: u8,
    /// The version of the reader that read it.
    pub reader: u16,
    /// What it was read in.
    pub encoding: Encoding,
    /// The fingerprint of how it was to be read.
    pub reading: u64,
    /// Invalid sequences that were replaced.
    pub invalid_sequences: u32,
    /// Its sections.
    pub sections: u32,
    /// Parts of it that were passed over.
    pub passed_over: u32,
    /// Whether reading ended before its end.
    pub is_truncated: bool,
    /// Whether records that are not of their format were passed over.
    pub has_bad_records: bool,
}

impl SourceRecord {
    /// A source of which nothing is known but its path.
    #[must_use]
    pub fn blank(path: StoredPath, origin: Origin) -> SourceRecord {
        SourceRecord {
            path,
            stat: StatKey::default(),
            hash: 0,
            origin,
            outcome: Outcome::Unread(Reason::Io),
            format: 0,
            reader: 0,
            encoding: Encoding::UTF_8,
            reading: 0,
            invalid_sequences: 0,
            sections: 0,
            passed_over: 0,
            is_truncated: false,
            has_bad_records: false,
        }
    }
}

impl<P> SourceRecord<P> {
    /// The record, its path held in another manner, or another path.
    #[must_use]
    pub fn with_path<Q>(self, path: Q) -> SourceRecord<Q> {
        SourceRecord {
            path,
            stat: self.stat,
            hash: self.hash,
            origin: self.origin,
            outcome: self.outcome,
            format: self.format,
            reader: self.reader,
            encoding: self.encoding,
            reading: self.reading,
            invalid_sequences: self.invalid_sequences,
            sections: self.sections,
            passed_over: self.passed_over,
            is_truncated: self.is_truncated,
            has_bad_records: self.has_bad_records,
        }
    }

    /// Whether its sections are in the index.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.outcome == Outcome::Indexed
    }
}

/// A source as an engine lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow<'a> {
    /// Its key.
    pub key: SourceKey,
    /// How many articles it has.
    pub articles: u32,
    /// What is known of it. Its path is borrowed where the engine holds it: a look at all files copies none.
    pub record: SourceRecord<Cow<'a, [u8]>>,
}

impl SourceRow<'_> {
    /// Its path.
    #[must_use]
    pub fn path(&self) -> StoredPath {
        StoredPath::from_bytes(&self.record.path)
    }

    /// What is known of it, with a path of its own.
    #[must_use]
    pub fn into_record(self) -> SourceRecord {
        let path = self.path();
        self.record.with_path(path)
    }
}

impl SourceFilter<'_> {
    /// The sources whose sections are in the index.
    pub const INDEXED: SourceFilter<'static> = SourceFilter {
        within: &[],
        is_indexed: Some(true),
    };
    /// The other ones.
    pub const UNREAD: SourceFilter<'static> = SourceFilter {
        within: &[],
        is_indexed: Some(false),
    };

    /// Whether a source is one of those that are asked for.
    #[must_use]
    pub fn passes(&self, row: &SourceRow<'_>) -> bool {
        self.is_indexed
            .is_none_or(|is_indexed| row.record.is_indexed() == is_indexed)
            && (self.within.is_empty() || row.path().is_under_any(self.within))
    }
}

/// What is known of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleRecord {
    /// Its source.
    pub source: SourceKey,
    /// Its order among the articles of its source, 0-based.
    pub order: u32,
    /// The part of the source that it is; the empty one where it is all of it.
    pub part: PartPath,
    /// Whether its places are not those of the source but of what was unpacked or decoded from it.
    pub is_inner: bool,
    /// Its sections.
    pub sections: u32,
    /// The words of each field, summed over its sections.
    pub words: [u64; 3],
    /// Its title, date, author, language and address.
    pub metadata: Metadata,
}

impl ArticleRecord {
    /// The language that it is told: that of its tag, where it is one of the table's.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.metadata.lang.as_deref().and_then(Language::of_tag)
    }

    /// What filters are asked of: `path` is that of its source, `inner` that of the part it is.
    #[must_use]
    pub fn facts<'a>(&'a self, path: &'a str, inner: Option<&'a str>) -> FilterFacts<'a> {
        FilterFacts {
            path,
            inner,
            lang: self.metadata.lang.as_deref(),
            authors: &self.metadata.authors,
            date: self.metadata.date.as_deref(),
        }
    }
}

/// What is known of an article and its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The source.
    pub source: SourceRecord,
    /// The article.
    pub article: ArticleRecord,
}

impl Record {
    /// The path as people open it: that of the source, with the part behind it where places are the part's own.
    #[must_use]
    pub fn cited_path(&self) -> String {
        cited_path(&self.source.path, &self.article.part, self.article.is_inner)
    }

    /// What the field "name" of the article's `order`-th section holds: the name of the file for the first section of
    /// the source's first article, nothing for others.
    #[must_use]
    pub fn name_of(&self, order: u32) -> Cow<'_, str> {
        match (self.article.order, order) {
            (0, 0) => self.source.path.stem(),
            _ => Cow::Borrowed(""),
        }
    }

    /// The id of the section with this anchor: `path#anchor`, or `path!/part#anchor`.
    #[must_use]
    pub fn id_of(&self, anchor: &str) -> String {
        id_of(&self.source.path, &self.article.part, anchor)
    }
}

/// The id of a section: `path#anchor`, or `path!/part#anchor` where the article is a part of its source. A `!/` in the
/// path itself is encoded.
#[must_use]
pub fn id_of(path: &StoredPath, part: &PartPath, anchor: &str) -> String {
    let mut path = path.to_id();
    if path.contains("!/") {
        path = path.replace("!/", "%21/").into();
    }
    match part.is_whole() {
        true => format!("{path}#{anchor}"),
        false => format!("{path}!/{}#{anchor}", part.to_id()),
    }
}

/// A citation as programs read it: `path:line:column`, `path!/part:line:column` where places are the part's own. What
/// ids encode of a path is encoded.
#[must_use]
pub fn citation_of(path: &StoredPath, part: &PartPath, is_inner: bool, place: Place) -> String {
    let path = path.to_id().replace("!/", "%21/");
    let Place { line, column, .. } = place;
    match is_inner && !part.is_whole() {
        true => format!("{path}!/{}:{line}:{column}", part.to_id()),
        false => format!("{path}:{line}:{column}"),
    }
}

/// The path that a citation begins with: that of the source, with the part behind it where places are the part's own.
#[must_use]
pub fn cited_path(path: &StoredPath, part: &PartPath, is_inner: bool) -> String {
    let path = path.to_text();
    match part.below(&path).filter(|_| is_inner) {
        Some(inner) => inner,
        None => path.into_owned(),
    }
}
