//! UTF-32: each character in four bytes.
//!
//! Source: the Unicode Standard, section 3.10, D90 and D99 to D101.

use super::signs::is_stray_control;

/// How many bytes tell whether a text is UTF-32.
const PROBE_BYTES: usize = 16 << 10;
/// So few characters tell nothing without a byte order mark.
const MIN_CHARACTERS: usize = 4;
/// Most text is written in characters below this one.
const COMMON_END: char = '\u{3000}';

/// The character in four bytes.
pub(super) fn character_32(unit: [u8; 4], is_big: bool) -> Option<char> {
    char::from_u32(match is_big {
        true => u32::from_be_bytes(unit),
        false => u32::from_le_bytes(unit),
    })
}

/// The text of these bytes, and whether some of them are no character, which are replaced.
pub(super) fn decode_32(bytes: &[u8], is_big: bool) -> (String, bool) {
    let (units, rest) = bytes.as_chunks();
    let mut has_faults = !rest.is_empty();
    let read = units.iter().map(|&unit| {
        let character = character_32(unit, is_big);
        has_faults |= character.is_none();
        character.unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    let mut text: String = read.collect();
    text.extend((!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER));
    (text, has_faults)
}

/// Whether bytes that begin with its byte order mark are UTF-32, the low byte first: that of UTF-16 begins in the same way,
/// and a NUL is no text.
pub(super) fn is_marked_little(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe\0\0") && is_utf_32(bytes, false)
}

pub(super) fn is_marked_big(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0\0\xfe\xff") && is_utf_32(bytes, true)
}

/// Which UTF-32 bytes without a mark are: whether the high byte comes first.
pub(super) fn unmarked(bytes: &[u8]) -> Option<bool> {
    let (units, rest) = bytes.as_chunks::<4>();
    if units.len() < MIN_CHARACTERS || !rest.is_empty() {
        return None;
    }
    [false, true].into_iter().find(|&is_big| {
        let is_common = |unit: &&[u8; 4]| {
            character_32(**unit, is_big).is_some_and(|c| c != '\0' && c < COMMON_END)
        };
        let probe = units.get(..PROBE_BYTES / 4).unwrap_or(units);
        is_utf_32(bytes, is_big) && 2 * probe.iter().filter(is_common).count() > probe.len()
    })
}

/// Whether the bytes at the front are characters, without controls that no text holds.
fn is_utf_32(bytes: &[u8], is_big: bool) -> bool {
    let probe = bytes.get(..PROBE_BYTES).unwrap_or(bytes);
    let (units, _) = probe.as_chunks();
    units
        .iter()
        .all(|&unit| character_32(unit, is_big).is_some_and(|c| !is_stray_control(c)))
}
