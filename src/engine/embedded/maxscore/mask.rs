//! Which words of a flat query stand in which fields of a section, as bits.

use crate::query::Field;

/// For each word a bit a field, in their order.
pub(super) const BITS: usize = Field::COUNT;

/// The bits of the first word.
pub(super) const ALL_FIELDS: u64 = (1 << BITS) - 1;

/// The fields, as bits, in which the `i`-th word stands.
pub(super) fn fields_of(mask: u64, i: usize) -> u64 {
    mask >> (BITS * i) & ALL_FIELDS
}

/// The bit of the `i`-th word in a field.
pub(super) fn bit_of(i: usize, field: usize) -> u64 {
    1 << (BITS * i + field)
}

/// The bits of all words in the title.
pub(super) const TITLES: u64 = 0x1111_1111_1111_1111;
