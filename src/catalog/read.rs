//! Reads a catalog; the layout stands in [`crate::catalog`].

use std::borrow::Cow;
use std::ops::Deref;

use super::encode::{BAD_RECORDS, TRUNCATED, empty};
use super::layout::{
    LAYOUTS, Layout, MAGIC, Parts, SOURCE_ENTRY_LEN, SOURCE_LEN, VACANT, u16_at, u32_at, u64_at,
};
use super::records::{
    IndexTotals, Origin, Outcome, SourceFilter, SourceKey, SourceRecord, SourceRow,
};
use crate::analysis::{Language, Morphology};
use crate::source::{Encoding, Reason, StatKey, StoredPath};

/// A catalog that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the catalog of sources is damaged")]
pub struct CatalogError;

/// The catalog of a state of the index, for reading.
pub struct Catalog {
    pub(super) bytes: Box<dyn Deref<Target = [u8]> + Send + Sync>,
    slots: u32,
    live: u32,
    pub(super) layout: &'static Layout,
    pub(super) parts: Parts,
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
        let bytes = empty();
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

    /// One more than the largest number of an article.
    #[must_use]
    pub fn article_slots(&self) -> u32 {
        self.own_number(16)
    }

    /// The number of articles.
    #[must_use]
    pub fn articles(&self) -> u32 {
        self.own_number(20)
    }

    fn own_number(&self, at: usize) -> u32 {
        match self.layout.is_own() {
            true => u32_at(&self.bytes, at).unwrap_or(0),
            false => 0,
        }
    }

    /// The live sections of the index.
    #[must_use]
    pub fn sections(&self) -> u64 {
        u64_at(&self.bytes, 24).unwrap_or(0)
    }

    /// The words of each field over all live sections.
    #[must_use]
    pub fn words(&self) -> [u64; super::layout::FIELDS] {
        [32, 40, 48].map(|at| u64_at(&self.bytes, at).unwrap_or(0))
    }

    /// The languages of the articles, as far as they are known, and how many sections each has; by their place in the
    /// table of languages.
    #[must_use]
    pub fn languages(&self) -> Vec<(Language, u64)> {
        let text = self.language_text().unwrap_or_default();
        let pairs = text.split(' ').filter_map(|pair| pair.split_once(':'));
        let known =
            pairs.filter_map(|(tag, count)| Some((Language::of_tag(tag)?, count.parse().ok()?)));
        known.collect()
    }

    /// The languages whose classes the tables list: those that inflect words, and Vietnamese for the forms with tones,
    /// which may stand in any article.
    pub(crate) fn listed(&self) -> Vec<Language> {
        listed(self.languages().into_iter().map(|(language, _)| language))
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

    /// The path of a source; empty for one that is not there.
    #[must_use]
    pub fn path(&self, source: u32) -> StoredPath {
        StoredPath::from_bytes(self.path_bytes(source))
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

    /// How a source came to be known.
    #[must_use]
    pub fn origin(&self, source: u32) -> Option<Origin> {
        let at = self.record_start(source)? + self.layout.origin_at;
        Some(Origin::of_code(*self.bytes.get(at)?))
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
    pub fn source(&self, source: u32) -> Option<SourceRecord> {
        self.row(source).map(SourceRow::into_record)
    }

    /// A source as it is listed; `None` for one that is not there.
    #[must_use]
    pub fn row(&self, source: u32) -> Option<SourceRow<'_>> {
        if !self.layout.is_own() {
            return None;
        }
        let at = self.record_start(source)?;
        let number = |offset: usize| u64_at(&self.bytes, at + offset);
        let small = |offset: usize| u32_at(&self.bytes, at + offset);
        let (path, _) = self.string_at(at + SOURCE_LEN)?;
        let flags = *self.bytes.get(at + 63)?;
        let record = SourceRecord {
            path: Cow::Borrowed(path),
            stat: self.stat_at(at)?,
            hash: u128::from(number(32)?) | u128::from(number(40)?) << 64,
            origin: Origin::of_code(*self.bytes.get(at + 58)?),
            outcome: self.outcome_at(at + 59)?,
            format: *self.bytes.get(at + 61)?,
            reader: u16_at(&self.bytes, at + 56)?,
            encoding: Encoding::from_code(*self.bytes.get(at + 62)?)?,
            reading: number(48)?,
            invalid_sequences: small(64)?,
            sections: small(68)?,
            passed_over: small(72)?,
            is_truncated: flags & TRUNCATED != 0,
            has_bad_records: flags & BAD_RECORDS != 0,
        };
        Some(SourceRow {
            key: SourceKey(source),
            articles: small(80)?,
            record,
        })
    }

    /// The sources that pass, in the order of their paths.
    ///
    /// # Errors
    /// Each that cannot be read.
    pub fn rows<'a>(
        &'a self,
        filter: SourceFilter<'a>,
    ) -> impl Iterator<Item = Result<SourceRow<'a>, CatalogError>> + 'a {
        let row = |source| self.row(source).ok_or(CatalogError);
        let passes = move |row: &Result<SourceRow<'_>, CatalogError>| {
            row.as_ref().map_or(true, |row| filter.passes(row))
        };
        self.sources().map(row).filter(passes)
    }

    /// What the index holds in all.
    #[must_use]
    pub fn totals(&self) -> IndexTotals {
        IndexTotals {
            sources: u64::from(self.live),
            source_keys: self.slots,
            sections: self.sections(),
            words: self.words(),
            languages: self.languages(),
        }
    }

    /// The bytes of a source's record, without those that say where its articles are listed.
    pub(super) fn source_bytes(&self, source: u32) -> Option<&[u8]> {
        let at = self.record_start(source)?;
        let (_, end) = self.string_at(at + SOURCE_LEN)?;
        self.bytes.get(at..end)
    }

    fn slot(&self, source: u32) -> Option<usize> {
        (source < self.slots).then_some(self.layout.header_len + SOURCE_ENTRY_LEN * source as usize)
    }

    pub(super) fn record_start(&self, source: u32) -> Option<usize> {
        let offset = u32_at(&self.bytes, self.slot(source)?)?;
        (offset != VACANT).then(|| self.parts.sources + offset as usize)
    }

    pub(super) fn string_at(&self, at: usize) -> Option<(&[u8], usize)> {
        let len = u32_at(&self.bytes, at)? as usize;
        let bytes = self.bytes.get(at + 4..at + 4 + len)?;
        Some((bytes, at + 4 + len))
    }
}

/// As [`Catalog::listed`], for articles in these languages.
pub(crate) fn listed(languages: impl Iterator<Item = Language>) -> Vec<Language> {
    let mut listed: Vec<Language> = Morphology::of(languages).inflecting().collect();
    listed.push(Language::VIETNAMESE);
    listed
}
