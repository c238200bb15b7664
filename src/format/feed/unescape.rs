//! Strings of JSON, and the way from their text back to the record.
//!
//! Source: RFC 8259, section 7.

use std::ops::Range;

use crate::format::assembled::Assembled;

/// Adds the text of the string at `range` of a record, its quotes included. The string is sound JSON; half a pair of
/// surrogates reads as a replacement character.
pub(super) fn push_string(text: &mut Assembled, record: &[u8], range: Range<usize>) {
    let (mut from, end) = (range.start + 1, range.end.saturating_sub(1));
    while let Some(rest) = record.get(from..end).filter(|rest| !rest.is_empty()) {
        let Some(at) = memchr::memchr(b'\\', rest) else {
            text.push_same(record, from..end);
            return;
        };
        let at = from + at;
        text.push_same(record, from..at);
        let (c, len) = escape(record.get(at..end).unwrap_or_default());
        let mut buffer = [0; 4];
        text.push_unit(c.encode_utf8(&mut buffer).as_bytes(), at..at + len);
        from = at + len;
    }
}

/// The character that the escape at the front stands for, and the escape's length.
fn escape(bytes: &[u8]) -> (char, usize) {
    let c = match bytes.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(bytes),
        Some(&byte) if byte.is_ascii() => char::from(byte),
        _ => char::REPLACEMENT_CHARACTER,
    };
    (c, 2)
}

/// `\u00e9`, or the two of a pair of surrogates.
fn unicode(bytes: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(0).unwrap_or(0xfffd);
    if let (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) = (first, unit(6)) {
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            12,
        );
    }
    (
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER),
        6,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_is_one_character_of_the_text() {
        let record = r#" "a\n\u00e9\ud83d\ude00\\\ud83dx\/é" "#.as_bytes();
        let mut text = Assembled::new(0);
        push_string(&mut text, record, 1..record.len() - 1);
        assert_eq!(text.bytes(), "a\né😀\\\u{fffd}x/é".as_bytes());
        assert_eq!((text.source_of(1), text.source_of(2)), (3, 5));
    }
}
