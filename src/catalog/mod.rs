//! The catalog: what is known of each source, and of the articles in it. One file beside the segments, read without a
//! decoding pass.
//!
//! Layout, all numbers little-endian: magic; the number of slots of sources, of live sources, of slots of articles, of
//! live articles (u32 each); the live sections, then the words of each field (u64 each); the length of the list of
//! languages (u32) and that of the records of sources (u64); for each slot of a source the offset of its record (u32, all
//! ones for none) and its rank by path (u32); the live sources in the order of their paths (u32 each); the articles of
//! each source, in order (u32 each); for each slot of an article the offset of its record (u64, all ones for none) and
//! its rank by path and order (u32); the languages of the articles, as text, a tag and the number of sections each
//! (`en:12 de:3`); the records of sources; those of articles. A source, and an article, keeps its slot, which is its
//! number in the index, for as long as it lives.

mod articles;
mod builder;
mod bytes;
mod encode;
mod layout;
mod read;
mod records;

pub use self::builder::CatalogDraft;
pub use self::bytes::CatalogBytes;
pub(crate) use self::read::listed;
pub use self::read::{Catalog, CatalogError};
pub use self::records::{
    ArticleKey, ArticleRecord, IndexTotals, Origin, Outcome, Record, SourceCounts, SourceFilter,
    SourceKey, SourceRecord, SourceRow, citation_of, cited_path, id_of,
};
