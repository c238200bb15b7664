//! Eight bytes of text looked at together, as one number with the first byte lowest.

/// The bytes that are looked at together.
pub(super) const STEP: usize = size_of::<u64>();
/// The lowest and the highest bit of each byte.
const LOW: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGH: u64 = LOW << 7;

/// The highest bit of each byte that is a letter or digit; all are ASCII.
#[inline]
pub(super) fn alphanumeric(step: u64) -> u64 {
    let small = step | LOW << 5;
    let letters = at_least(small, b'a') & !at_least(small, b'z' + 1);
    let digits = at_least(step, b'0') & !at_least(step, b'9' + 1);
    letters | digits
}

/// How many of these bytes, the first one lowest, are ASCII letters and digits, from the first one on.
#[inline]
pub(super) fn run_len(step: u64) -> u32 {
    // What is no ASCII has the highest bit set.
    let others = (alphanumeric(step) & !step) ^ HIGH;
    others.trailing_zeros() / 8
}

/// The highest bit of each byte that is an ASCII capital; of bytes that are no ASCII it says nothing.
#[inline]
pub(super) fn capital_bits(step: u64) -> u64 {
    at_least(step, b'A') & !at_least(step, b'Z' + 1)
}

/// The highest bit of each byte that is at least `least`, and of no other one where all are ASCII.
#[inline]
fn at_least(step: u64, least: u8) -> u64 {
    (step & !HIGH).wrapping_add(LOW * u64::from(0x80 - least)) & HIGH
}

/// The highest bit of each byte that is this one, where all are ASCII.
#[inline]
pub(super) fn equal(step: u64, byte: u8) -> u64 {
    let differs = ((step ^ (LOW * u64::from(byte))) & !HIGH).wrapping_add(!HIGH) & HIGH;
    differs ^ HIGH
}
