//! Where the parts of a catalog stand in its bytes; what they are stands in [`crate::catalog`].

pub(super) const MAGIC: &[u8; 8] = b"EXCCAT05";
/// The text fields of an article.
pub(super) const FIELDS: usize = 3;
/// No layout has a longer header.
pub(super) const MOST_HEADER_LEN: usize = 8 + 4 * 4 + 8 * (1 + FIELDS) + 4 + 8;
pub(super) const VACANT: u32 = u32::MAX;
/// What the table of articles has in place of the offset of one that is not there.
pub(super) const NO_ARTICLE: u64 = u64::MAX;
/// An entry of the table of sources: offset and rank.
pub(super) const SOURCE_ENTRY_LEN: usize = 4 + 4;
/// An entry of the table of articles: offset (8) and rank (4).
pub(super) const ARTICLE_ENTRY_LEN: usize = 8 + 4;
/// The fixed part of a source's record: size, time of modification, of change, inode, hash, manner of reading (8 bytes
/// each, the hash 16); the reader's version (2); origin, outcome, reason, format, encoding, and whether it was cut short;
/// invalid sequences, sections, parts that were passed over, its first article in the list of articles, and how many
/// (4 each).
pub(super) const SOURCE_LEN: usize = 8 * 7 + 2 + 6 + 4 * 5;
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
    /// What an entry of the table of articles takes, whose number stands behind that of the live sources.
    article_entry_len: usize,
    /// Where a record says how the source came to be known.
    pub(super) origin_at: usize,
    /// The fixed part of a source's record.
    pub(super) source_len: usize,
}

pub(super) static LAYOUTS: [Layout; 4] = [
    Layout {
        magic: MAGIC,
        header_len: 8 + 4 * 4 + 8 * (1 + FIELDS) + 4 + 8,
        languages_at: Some(56),
        article_entry_len: ARTICLE_ENTRY_LEN,
        origin_at: 58,
        source_len: SOURCE_LEN,
    },
    Layout {
        magic: b"EXCCAT04",
        header_len: 64,
        languages_at: Some(56),
        article_entry_len: 4,
        origin_at: 58,
        source_len: 80,
    },
    Layout {
        magic: b"EXCCAT03",
        header_len: 52,
        languages_at: Some(48),
        article_entry_len: 0,
        origin_at: 32,
        source_len: 77,
    },
    Layout {
        magic: b"EXCCAT02",
        header_len: 48,
        languages_at: None,
        article_entry_len: 0,
        origin_at: 32,
        source_len: 77,
    },
];

/// Where the parts of one catalog begin, in bytes. They are asked for with each source that is looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// The live slots in the order of their paths.
    pub(super) order: usize,
    /// The articles of each source, in order.
    pub(super) lists: usize,
    /// The offsets and ranks of the articles.
    pub(super) article_table: usize,
    /// The list of languages.
    pub(super) languages: usize,
    /// The records of sources.
    pub(super) sources: usize,
    /// Those of articles.
    pub(super) articles: usize,
}

impl Layout {
    /// Whether it is the one that is written.
    pub(super) fn is_own(&self) -> bool {
        self.magic == MAGIC
    }

    /// The parts of a catalog of so many slots and live sources.
    pub(super) fn parts(&self, bytes: &[u8], slots: u32, live: u32) -> Parts {
        let number = |at: usize| u32_at(bytes, at).unwrap_or(0) as usize;
        let own = |number: usize| if self.is_own() { number } else { 0 };
        let articles = number(16).saturating_mul(self.article_entry_len);
        let heap = u64_at(bytes, 60).and_then(|len| usize::try_from(len).ok());
        let order = self.header_len + SOURCE_ENTRY_LEN * slots as usize;
        let lists = order + 4 * live as usize;
        let article_table = lists + own(4 * number(20));
        let languages = article_table.saturating_add(articles);
        let sources = languages.saturating_add(self.languages_at.map_or(0, number));
        Parts {
            order,
            lists,
            article_table,
            languages,
            sources,
            articles: sources.saturating_add(own(heap.unwrap_or(usize::MAX))),
        }
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}
