//! Where the parts of a catalog stand in its bytes; what they are stands in [`crate::catalog`].

pub(super) const MAGIC: &[u8; 8] = b"EXCCAT04";
/// The text fields of an article.
pub(super) const FIELDS: usize = 3;
pub(super) const VACANT: u32 = u32::MAX;
/// The fixed part of a source's record: size, time of modification, of change, inode, hash, manner of reading (8 bytes
/// each, the hash 16); the reader's version (2); origin, outcome, reason, format, encoding, and one that is free; invalid
/// sequences, sections, its first article, its articles (4 each).
pub(super) const SOURCE_LEN: usize = 8 * 7 + 2 + 6 + 4 * 4;
/// The fixed part of an article's: source, order in it, sections (4 bytes each); outcome, reason, language, unit, the
/// number of fields; the words of each (8).
pub(super) const ARTICLE_LEN: usize = 4 * 3 + 5 + 8 * FIELDS;

/// Where the parts of a catalog stand. That of an index that is built anew is read too, so that the new one covers what
/// the old one did: of older layouts the paths and how they came to be known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) magic: &'static [u8; 8],
    pub(super) header_len: usize,
    /// Where the length of the list of languages stands.
    pub(super) languages_at: Option<usize>,
    /// Where a record says how the source came to be known.
    pub(super) origin_at: usize,
    /// The fixed part of a source's record.
    pub(super) source_len: usize,
}

pub(super) static LAYOUTS: [Layout; 3] = [
    Layout {
        magic: MAGIC,
        header_len: 8 + 4 * 4 + 8 * (1 + FIELDS) + 4 * 2,
        languages_at: Some(56),
        origin_at: 58,
        source_len: SOURCE_LEN,
    },
    Layout {
        magic: b"EXCCAT03",
        header_len: 52,
        languages_at: Some(48),
        origin_at: 32,
        source_len: 77,
    },
    Layout {
        magic: b"EXCCAT02",
        header_len: 48,
        languages_at: None,
        origin_at: 32,
        source_len: 77,
    },
];

/// Where the parts of one catalog begin, in bytes. They are asked for with each source that is looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// The live slots in the order of their paths.
    pub(super) order: usize,
    /// The offsets of the articles.
    pub(super) article_table: usize,
    /// The list of languages.
    pub(super) languages: usize,
    /// The records of sources.
    pub(crate) sources: usize,
    /// Those of articles.
    pub(super) articles: usize,
}

impl Layout {
    /// The parts of a catalog of so many slots and live sources.
    pub(super) fn parts(&self, bytes: &[u8], slots: u32, live: u32) -> Parts {
        let number = |at: usize| u32_at(bytes, at).unwrap_or(0) as usize;
        let is_own = self.magic == MAGIC;
        let of_articles = |at: usize| if is_own { number(at) } else { 0 };
        let order = self.header_len + 8 * slots as usize;
        let article_table = order + 4 * live as usize;
        let languages = article_table + 4 * of_articles(16);
        let sources = languages + self.languages_at.map_or(0, number);
        Parts {
            order,
            article_table,
            languages,
            sources,
            articles: sources + of_articles(60),
        }
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..at + 8)?
        .try_into()
        .ok()
        .map(u64::from_le_bytes)
}
