//! Which words of a flat query stand in which fields of a section, as bits; and how often in its text.

use crate::query::Field;

/// For each word a bit a field, in their order.
pub(super) const BITS: usize = Field::COUNT;

/// The bits of the first word.
pub(super) const ALL_FIELDS: u64 = (1 << BITS) - 1;

/// The body's bit among the fields of a word.
pub(super) const BODY: u64 = 0b100;

/// The fields, as bits, in which the `i`-th word stands.
pub(super) fn fields_of(mask: u64, i: usize) -> u64 {
    mask >> (BITS * i) & ALL_FIELDS
}

/// The lowest bit of each word.
const LOWEST: u64 = 0x1111_1111_1111_1111;

/// The words that stand anywhere, each as its lowest bit.
pub(super) fn words_of(mask: u64) -> u64 {
    (mask | mask >> 1 | mask >> 2 | mask >> 3) & LOWEST
}

/// So many words, each as its lowest bit.
pub(super) fn words_of_first(count: usize) -> u64 {
    match BITS * count {
        bits @ 0..64 => LOWEST & ((1 << bits) - 1),
        _ => LOWEST,
    }
}

/// Whether words stand in titles alone.
pub(super) fn is_title_alone(mask: u64) -> bool {
    mask & !LOWEST == 0
}

/// How often each of the first words stands in a body, up to [`BodyCounts::MANY`]; 0 where it was not counted.
#[derive(Clone, Copy, Default)]
pub(super) struct BodyCounts(pub(super) u64);

impl BodyCounts {
    /// Bits for each word.
    pub(super) const BITS: usize = 8;
    /// More is not told apart.
    pub(super) const MANY: u64 = 15;
    /// How many lists may be added up without running over.
    pub(super) const MAX_LISTS: usize = 17;

    /// How often the `i`-th word stands there at most; `None` where that is not known.
    pub(super) fn most(self, i: usize) -> Option<u64> {
        let shift = BodyCounts::BITS * i;
        let count = self.0.checked_shr(shift as u32).filter(|_| shift < 64)? & 0xff;
        (1..BodyCounts::MANY).contains(&count).then_some(count)
    }
}
