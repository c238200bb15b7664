//! The lists of query words in one segment: which documents hold which words, how often, and where.

mod doc_bits;
mod doc_cursor;
mod found_docs;
mod mask;
mod position_lists;
mod word_lists;

pub(super) use self::doc_bits::DocBits;
pub(super) use self::doc_cursor::DocCursor;
pub(super) use self::found_docs::{DocFinder, FoundDocs, NumberedWord};
pub(super) use self::mask::{ALL_FIELDS, MAX_WORDS, Sighting, TEXTS, TITLES, bit_of, fields_of};
pub(super) use self::position_lists::PositionLists;
pub(super) use self::word_lists::{ShortPosting, WordLists, before_doc, from_doc};
