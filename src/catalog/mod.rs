//! The catalog: what is known of each source, and of the articles in it. One file beside the segments, read without a
//! decoding pass.
//!
//! Layout, all numbers little-endian: magic; the number of slots, of live sources, of articles, of text fields (u32 each);
//! the live sections, then the words of each field (u64 each); the lengths of the list of languages and of the records of
//! sources (u32 each); for each slot the offset of its record (u32, all ones for none) and its rank by path (u32); the
//! live slots in the order of their paths (u32 each); the offset of each article (u32); the languages of the indexed
//! articles, as text, a tag and the number of sections each (`en:12 de:3`); the records of sources; those of articles. A
//! source keeps its slot, which is its number in the index, for as long as it lives.

mod builder;
mod layout;

use std::ops::Deref;

pub use self::builder::CatalogDraft;
use self::layout::{
    ARTICLE_LEN, FIELDS, LAYOUTS, Layout, MAGIC, Parts, SOURCE_LEN, VACANT, u16_at, u32_at, u64_at,
};
use crate::analysis::{Language, Morphology};
use crate::article::Metadata;
use crate::query::FilterFacts;
use crate::source::{Encoding, Reason, StatKey, StoredPath};

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

/// What became of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its sections are in the index.
    Indexed,
    /// It was skipped or failed.
    Unread(Reason),
}

/// What is known of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its path.
    pub path: StoredPath,
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
    /// The words of each field, summed over its sections.
    pub words: [u64; 3],
    /// Its title, date, author, language and address.
    pub metadata: Metadata,
}

/// A catalog that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the catalog of sources is damaged")]
pub struct CatalogError;

/// The catalog of a state of the index, for reading.
pub struct Catalog {
    bytes: Box<dyn Deref<Target = [u8]> + Send + Sync>,
    slots: u32,
    live: u32,
    layout: &'static Layout,
    parts: Parts,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog")
            .field("slots", &self.slots)
            .field("live", &self.live)
            .finish_non_exhaustive()
    }
}

impl Catalog {
    /// A catalog of nothing.
    #[must_use]
    pub fn empty() -> Catalog {
        let bytes = CatalogDraft::default().encode();
        let layout = &LAYOUTS[0];
        Catalog {
            parts: layout.parts(&bytes, 0, 0),
            bytes: Box::new(bytes),
            slots: 0,
            live: 0,
            layout,
        }
    }

    /// Reads an encoded catalog.
    ///
    /// # Errors
    /// Where the bytes are none.
    pub fn open(
        bytes: Box<dyn Deref<Target = [u8]> + Send + Sync>,
    ) -> Result<Catalog, CatalogError> {
        let magic = bytes.get(..MAGIC.len());
        let layout = LAYOUTS.iter().find(|layout| magic == Some(layout.magic));
        let layout = layout.ok_or(CatalogError)?;
        let slots = u32_at(&bytes, 8).ok_or(CatalogError)?;
        let live = u32_at(&bytes, 12).ok_or(CatalogError)?;
        let catalog = Catalog {
            parts: layout.parts(&bytes, slots, live),
            bytes,
            slots,
            live,
            layout,
        };
        let is_whole = live <= slots
            && catalog.parts.articles <= catalog.bytes.len()
            && catalog.language_text().is_some();
        if is_whole {
            Ok(catalog)
        } else {
            Err(CatalogError)
        }
    }

    /// The number of sources.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.live
    }

    /// Whether there are no sources.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// One more than the largest number of a source.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// The live sections of the index.
    #[must_use]
    pub fn sections(&self) -> u64 {
        u64_at(&self.bytes, 24).unwrap_or(0)
    }

    /// The words of each field over all live sections.
    #[must_use]
    pub fn words(&self) -> [u64; 3] {
        [32, 40, 48].map(|at| u64_at(&self.bytes, at).unwrap_or(0))
    }

    /// The languages of the indexed articles, as far as they are known, and how many sections each has; by their place
    /// in the table of languages.
    #[must_use]
    pub fn languages(&self) -> Vec<(Language, u64)> {
        let text = self.language_text().unwrap_or_default();
        let pairs = text.split(' ').filter_map(|pair| pair.split_once(':'));
        let known =
            pairs.filter_map(|(tag, count)| Some((Language::of_tag(tag)?, count.parse().ok()?)));
        known.collect()
    }

    /// The languages whose forms words stand for where nothing else is asked.
    #[must_use]
    pub fn morphology(&self) -> Morphology {
        Morphology::of(self.languages().into_iter().map(|(language, _)| language))
    }

    /// The languages whose classes the tables list: those that inflect words, and Vietnamese for the forms with tones,
    /// which may stand in any article.
    pub(crate) fn listed(&self) -> Vec<Language> {
        let mut languages: Vec<Language> = self.morphology().inflecting().collect();
        languages.push(Language::VIETNAMESE);
        languages
    }

    fn language_text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes.get(self.parts.languages..self.parts.sources)?).ok()
    }

    /// The numbers of the sources, in the order of their paths.
    pub fn sources(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.live).map(|i| self.at_rank(i))
    }

    fn at_rank(&self, rank: u32) -> u32 {
        u32_at(&self.bytes, self.parts.order + 4 * rank as usize).unwrap_or(VACANT)
    }

    /// The place of a source among all by path; the largest number for one that is not there.
    #[must_use]
    pub fn rank(&self, source: u32) -> u32 {
        self.slot(source)
            .map_or(VACANT, |at| u32_at(&self.bytes, at + 4).unwrap_or(VACANT))
    }

    /// The path of a source; empty for one that is not there.
    #[must_use]
    pub fn path_bytes(&self, source: u32) -> &[u8] {
        self.record_start(source)
            .and_then(|at| self.string_at(at + self.layout.source_len))
            .map_or(&[], |(path, _)| path)
    }

    /// The source at this path.
    #[must_use]
    pub fn find(&self, path: &StoredPath) -> Option<u32> {
        let (mut low, mut high) = (0, self.live);
        while low < high {
            let middle = low + (high - low) / 2;
            let source = self.at_rank(middle);
            match self.path_bytes(source).cmp(path.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(source),
            }
        }
        None
    }

    /// What the file system said of a source, for a quick look whether it changed.
    #[must_use]
    pub fn stat(&self, source: u32) -> Option<StatKey> {
        self.stat_at(self.record_start(source)?)
    }

    fn stat_at(&self, at: usize) -> Option<StatKey> {
        let number = |offset: usize| u64_at(&self.bytes, at + offset);
        Some(StatKey {
            size: number(0)?,
            modified_ns: number(8)?.cast_signed(),
            changed_ns: number(16)?.cast_signed(),
            inode: number(24)?,
        })
    }

    /// What became of a source, and its sections.
    #[must_use]
    pub fn outcome(&self, source: u32) -> Option<(Outcome, u32)> {
        let at = self.record_start(source)?;
        Some((self.outcome_at(at + 59)?, u32_at(&self.bytes, at + 68)?))
    }

    /// Whether the sections of a source are in the index.
    #[must_use]
    pub fn is_indexed(&self, source: u32) -> bool {
        self.outcome(source)
            .is_some_and(|(outcome, _)| outcome == Outcome::Indexed)
    }

    /// How a source came to be known.
    #[must_use]
    pub fn origin(&self, source: u32) -> Option<Origin> {
        let at = self.record_start(source)? + self.layout.origin_at;
        Some(origin_of(*self.bytes.get(at)?))
    }

    /// The fingerprint of how a source was to be read when it was.
    #[must_use]
    pub fn reading(&self, source: u32) -> Option<u64> {
        u64_at(&self.bytes, self.record_start(source)? + 48)
    }

    /// The format of a source and the version of its reader.
    #[must_use]
    pub fn reader(&self, source: u32) -> Option<(u8, u16)> {
        let at = self.record_start(source)?;
        Some((*self.bytes.get(at + 61)?, u16_at(&self.bytes, at + 56)?))
    }

    /// What a source was read in.
    #[must_use]
    pub fn encoding(&self, source: u32) -> Option<Encoding> {
        let at = self.record_start(source)?;
        Encoding::from_code(*self.bytes.get(at + 62)?)
    }

    /// The invalid sequences of a source that were replaced.
    #[must_use]
    pub fn invalid_sequences(&self, source: u32) -> u32 {
        let at = self.record_start(source);
        at.and_then(|at| u32_at(&self.bytes, at + 64)).unwrap_or(0)
    }

    /// The outcome that is coded in the two bytes at `at`.
    fn outcome_at(&self, at: usize) -> Option<Outcome> {
        match *self.bytes.get(at)? {
            0 => Some(Outcome::Indexed),
            _ => Some(Outcome::Unread(Reason::from_code(
                *self.bytes.get(at + 1)?,
            )?)),
        }
    }

    /// What is known of a source; `None` for one that is not there.
    #[must_use]
    pub fn record(&self, source: u32) -> Option<Record> {
        if self.layout.magic != MAGIC {
            return None;
        }
        let at = self.record_start(source)?;
        let number = |offset: usize| u64_at(&self.bytes, at + offset);
        let small = |offset: usize| u32_at(&self.bytes, at + offset);
        let (path, _) = self.string_at(at + SOURCE_LEN)?;
        let (metadata, words) = match small(76)? {
            0 => (Metadata::default(), [0; FIELDS]),
            _ => self.article(small(72)?)?,
        };
        Some(Record {
            path: StoredPath::from_bytes(path),
            stat: self.stat_at(at)?,
            hash: u128::from(number(32)?) | u128::from(number(40)?) << 64,
            origin: origin_of(*self.bytes.get(at + 58)?),
            outcome: self.outcome_at(at + 59)?,
            format: *self.bytes.get(at + 61)?,
            reader: u16_at(&self.bytes, at + 56)?,
            invalid_sequences: small(64)?,
            sections: small(68)?,
            words,
            reading: number(48)?,
            encoding: Encoding::from_code(*self.bytes.get(at + 62)?)?,
            metadata,
        })
    }

    /// The metadata of an article, and the words of its fields.
    fn article(&self, article: u32) -> Option<(Metadata, [u64; FIELDS])> {
        let offset = u32_at(&self.bytes, self.parts.article_table + 4 * article as usize)?;
        let at = self.parts.articles + offset as usize;
        let mut words = [0; FIELDS];
        for (field, words) in words.iter_mut().enumerate() {
            *words = u64_at(&self.bytes, at + 17 + 8 * field)?;
        }
        let mut next = at + ARTICLE_LEN;
        let mut string = || -> Option<&[u8]> {
            let (bytes, end) = self.string_at(next)?;
            next = end;
            Some(bytes)
        };
        let _part = string()?;
        let mut text = || -> Option<Option<String>> {
            let text = std::str::from_utf8(string()?).ok()?;
            Some(text.strip_prefix('=').map(str::to_string))
        };
        let (title, date, lang, url) = (text()?, text()?, text()?, text()?);
        let authors = *self.bytes.get(next)?;
        next += 1;
        let mut names = Vec::new();
        for _ in 0..authors {
            let (bytes, end) = self.string_at(next)?;
            next = end;
            names.push(std::str::from_utf8(bytes).ok()?);
        }
        let metadata = Metadata {
            title,
            date,
            author: (!names.is_empty()).then(|| names.join(", ")),
            lang,
            url,
        };
        Some((metadata, words))
    }

    /// Whether each source passes, by number.
    pub fn select(
        &self,
        mut passes: impl FnMut(&FilterFacts<'_>, &StoredPath) -> bool,
    ) -> Vec<bool> {
        let mut selected = vec![false; self.slots as usize];
        for source in self.sources() {
            let Some(record) = self.record(source) else {
                continue;
            };
            let path = record.path.to_text();
            let facts = FilterFacts {
                path: &path,
                lang: record.metadata.lang.as_deref(),
                author: record.metadata.author.as_deref(),
                date: record.metadata.date.as_deref(),
            };
            selected[source as usize] = passes(&facts, &record.path);
        }
        selected
    }

    /// A copy that can be changed.
    #[must_use]
    pub fn draft(&self) -> CatalogDraft {
        CatalogDraft {
            records: (0..self.slots).map(|source| self.record(source)).collect(),
        }
    }

    fn slot(&self, source: u32) -> Option<usize> {
        (source < self.slots).then_some(self.layout.header_len + 8 * source as usize)
    }

    fn record_start(&self, source: u32) -> Option<usize> {
        let offset = u32_at(&self.bytes, self.slot(source)?)?;
        (offset != VACANT).then(|| self.parts.sources + offset as usize)
    }

    fn string_at(&self, at: usize) -> Option<(&[u8], usize)> {
        let len = u32_at(&self.bytes, at)? as usize;
        let bytes = self.bytes.get(at + 4..at + 4 + len)?;
        Some((bytes, at + 4 + len))
    }
}

fn origin_of(code: u8) -> Origin {
    match code {
        0 => Origin::Walked,
        1 => Origin::Named,
        _ => Origin::Stdin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> Record {
        Record {
            path: StoredPath::from_bytes(path.as_bytes()),
            stat: StatKey {
                size: 7,
                modified_ns: -3,
                changed_ns: -4,
                inode: u64::MAX,
            },
            hash: u128::MAX - 5,
            origin: Origin::Named,
            outcome: Outcome::Indexed,
            format: 2,
            reader: 513,
            encoding: Encoding::UTF_16LE,
            reading: u64::MAX - 7,
            invalid_sequences: 4,
            sections: 3,
            words: [1, 2, 3],
            metadata: Metadata {
                title: Some(String::new()),
                author: Some("Ann".into()),
                ..Metadata::default()
            },
        }
    }

    fn open(draft: &CatalogDraft) -> Catalog {
        Catalog::open(Box::new(draft.encode())).expect("a catalog")
    }

    #[test]
    fn records_read_back_by_number_and_by_path() {
        let mut draft = CatalogDraft::default();
        for path in ["b", "a/x", "c"] {
            draft.add(record(path), 0);
        }
        draft.remove(0);
        let catalog = open(&draft);
        assert_eq!(
            (
                catalog.len(),
                catalog.slots(),
                catalog.sections(),
                catalog.words()
            ),
            (2, 3, 6, [2, 4, 6])
        );
        assert_eq!(catalog.record(1), Some(record("a/x")));
        assert_eq!(catalog.record(0), None);
        assert_eq!(catalog.sources().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(
            (catalog.rank(1), catalog.rank(2), catalog.rank(0)),
            (0, 1, u32::MAX)
        );
        assert_eq!(catalog.find(&StoredPath::from_bytes(b"c")), Some(2));
        assert_eq!(catalog.find(&StoredPath::from_bytes(b"b")), None);
        assert_eq!(catalog.draft(), draft);
        assert_eq!(draft.add(record("d"), 0), 0);
    }

    #[test]
    fn damaged_bytes_are_an_error_or_no_record_and_never_a_panic() {
        let mut draft = CatalogDraft::default();
        draft.add(record("a"), 0);
        let bytes = draft.encode();
        for cut in 0..bytes.len() {
            if let Ok(catalog) = Catalog::open(Box::new(bytes[..cut].to_vec())) {
                assert_eq!(catalog.record(0), None, "cut at {cut}");
            }
        }
        assert!(Catalog::empty().is_empty());
    }
}
