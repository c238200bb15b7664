//! Reads a catalog; the layout stands in [`crate::catalog`].

use std::borrow::Cow;

use super::bytes::{CatalogBytes, CheckedBytes};
use super::encode::{BAD_RECORDS, TRUNCATED, empty};
use super::layout::{
    LAYOUTS, Layout, MAGIC, MOST_HEADER_LEN, Parts, SOURCE_ENTRY_LEN, SOURCE_LEN, VACANT, u16_at,
    u32_at, u64_at,
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
    pub(super) bytes: CheckedBytes,
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
            bytes: CheckedBytes::new(Box::new(bytes)),
            slots: 0,
            live: 0,
            layout,
        }
    }

    /// Reads an encoded catalog. What its bytes' checks find fault with later reads as what is not there: whoever gave
    /// them is to ask the checks before they answer.
    ///
    /// # Errors
    /// Where the bytes are none.
    pub fn open(bytes: Box<dyn CatalogBytes>) -> Result<Catalog, CatalogError> {
        let bytes = CheckedBytes::new(bytes);
        let header = bytes.get(0..bytes.len().min(MOST_HEADER_LEN));
        let header = header.ok_or(CatalogError)?;
        let magic = header.get(..MAGIC.len());
        let layout = LAYOUTS.iter().find(|layout| magic == Some(layout.magic));
        let layout = layout.ok_or(CatalogError)?;
        let slots = u32_at(header, 8).ok_or(CatalogError)?;
        let live = u32_at(header, 12).ok_or(CatalogError)?;
        let catalog = Catalog {
            parts: layout.parts(header, slots, live),
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

    /// Checks all bytes, before many of them are used; whether they are sound.
    pub fn check(&self) -> bool {
        self.bytes.check()
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
            true => self.bytes.u32_at(at).unwrap_or(0),
            false => 0,
        }
    }

    /// The live sections of the index.
    #[must_use]
    pub fn sections(&self) -> u64 {
        self.bytes.u64_at(24).unwrap_or(0)
    }

    /// The words of each field over all live sections.
    #[must_use]
    pub fn words(&self) -> [u64; super::layout::FIELDS] {
        [32, 40, 48].map(|at| self.bytes.u64_at(at).unwrap_or(0))
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
        self.bytes
            .u32_at(self.parts.order + 4 * rank as usize)
            .unwrap_or(VACANT)
    }

    /// The place of a source among all by path; the largest number for one that is not there.
    #[must_use]
    pub fn rank(&self, source: u32) -> u32 {
        self.slot(source)
            .map_or(VACANT, |at| self.bytes.u32_at(at + 4).unwrap_or(VACANT))
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
        let at = self.record_start(source)?;
        stat_of(self.bytes.get(at..at.checked_add(STAT_LEN)?)?)
    }

    /// How a source came to be known.
    #[must_use]
    pub fn origin(&self, source: u32) -> Option<Origin> {
        let at = self.record_start(source)? + self.layout.origin_at;
        Some(Origin::of_code(self.bytes.byte_at(at)?))
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
        let fixed = self.bytes.get(at..at.checked_add(SOURCE_LEN)?)?;
        let number = |offset: usize| u64_at(fixed, offset);
        let small = |offset: usize| u32_at(fixed, offset);
        let code = |offset: usize| fixed.get(offset).copied();
        let (path, _) = self.string_at(at + SOURCE_LEN)?;
        let flags = code(63)?;
        let record = SourceRecord {
            path: Cow::Borrowed(path),
            stat: stat_of(fixed)?,
            hash: u128::from(number(32)?) | u128::from(number(40)?) << 64,
            origin: Origin::of_code(code(58)?),
            outcome: match code(59)? {
                0 => Outcome::Indexed,
                _ => Outcome::Unread(Reason::from_code(code(60)?)?),
            },
            format: code(61)?,
            reader: u16_at(fixed, 56)?,
            encoding: Encoding::from_code(code(62)?)?,
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
        // What is not sound is none of the rows.
        self.check();
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
        let offset = self.bytes.u32_at(self.slot(source)?)?;
        (offset != VACANT).then(|| self.parts.sources + offset as usize)
    }

    pub(super) fn string_at(&self, at: usize) -> Option<(&[u8], usize)> {
        let len = self.bytes.u32_at(at)? as usize;
        let bytes = self.bytes.get(at + 4..(at + 4).checked_add(len)?)?;
        Some((bytes, at + 4 + len))
    }
}

/// The bytes of a [`StatKey`].
const STAT_LEN: usize = 32;

/// What the file system said of a source, from the front of its record.
fn stat_of(record: &[u8]) -> Option<StatKey> {
    Some(StatKey {
        size: u64_at(record, 0)?,
        modified_ns: u64_at(record, 8)?.cast_signed(),
        changed_ns: u64_at(record, 16)?.cast_signed(),
        inode: u64_at(record, 24)?,
    })
}

/// As [`Catalog::listed`], for articles in these languages.
pub(crate) fn listed(languages: impl Iterator<Item = Language>) -> Vec<Language> {
    let mut listed: Vec<Language> = Morphology::of(languages).inflecting().collect();
    listed.push(Language::VIETNAMESE);
    listed
}
