//! Which of several words stand in which fields of a section, as bits.

use tantivy::DocId;

use crate::query::Field;

/// For each word a bit a field, in their order.
const BITS: usize = Field::COUNT;

/// How many words have bits.
pub(in crate::engine::embedded) const MAX_WORDS: usize = u64::BITS as usize / BITS;

/// The bits of the first word.
pub(in crate::engine::embedded) const ALL_FIELDS: u64 = (1 << BITS) - 1;

/// The fields, as bits, in which the `i`-th word stands.
pub(in crate::engine::embedded) fn fields_of(mask: u64, i: usize) -> u64 {
    mask >> (BITS * i) & ALL_FIELDS
}

/// The bit of the `i`-th word in a field.
pub(in crate::engine::embedded) fn bit_of(i: usize, field: usize) -> u64 {
    1 << (BITS * i + field)
}

/// The bits of all words in the title.
pub(in crate::engine::embedded) const TITLES: u64 = 0x1111_1111_1111_1111;

/// The bits of all words in the text.
pub(in crate::engine::embedded) const TEXTS: u64 = TITLES << Field::Body.index();

/// A document, and which of the words that were looked for stand in which of its fields.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine::embedded) struct Sighting {
    pub(in crate::engine::embedded) doc: DocId,
    pub(in crate::engine::embedded) mask: u64,
}
