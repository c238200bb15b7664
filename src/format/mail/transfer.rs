//! Transfer encodings: how the bytes of a part were made fit to be sent.
//!
//! Source: RFC 2045, section 6.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::lines::{lines, without_end};
use crate::format::assembled::Assembled;

/// Takes what senders get wrong: padding that is missing, bits that are left over.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How the bytes of a part stand in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are.
    Same,
    QuotedPrintable,
    Base64,
}

impl Transfer {
    /// By the name in the header.
    pub(super) fn of(name: Option<&str>) -> Transfer {
        let name = name.unwrap_or_default().trim();
        if name.eq_ignore_ascii_case("quoted-printable") {
            Transfer::QuotedPrintable
        } else if name.eq_ignore_ascii_case("base64") {
            Transfer::Base64
        } else {
            Transfer::Same
        }
    }

    /// The bytes at `body` of a record, decoded. In a mailbox `>From ` at a line's front stands for `From `, `>>From ` for
    /// `>From `, and so on.
    pub(super) fn decode(self, record: &[u8], body: Range<usize>, is_mailbox: bool) -> Assembled {
        let mut text = Assembled::new(body.start);
        if self == Transfer::Base64 {
            let bytes = record.get(body.clone()).unwrap_or_default();
            text.push_unit(&base64_decoded(bytes), inked(bytes, &body));
            return text;
        }
        let bytes = record.get(body.clone()).unwrap_or_default();
        for line in lines(bytes) {
            let content = bytes.get(line.clone()).unwrap_or_default();
            let start = body.start + line.start + usize::from(is_mailbox && is_escaped(content));
            let line = start..body.start + line.end;
            match self {
                Transfer::QuotedPrintable => push_quoted_printable(&mut text, record, line),
                _ => text.push_same(record, line),
            }
        }
        text
    }
}

/// Where the bytes that are not white space stand.
fn inked(bytes: &[u8], body: &Range<usize>) -> Range<usize> {
    let front = bytes.len() - bytes.trim_ascii_start().len();
    let start = body.start + front;
    start..start + bytes.trim_ascii().len()
}

fn is_escaped(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    marks > 0
        && line
            .get(marks..)
            .is_some_and(|rest| rest.starts_with(b"From "))
}

fn base64_decoded(bytes: &[u8]) -> Vec<u8> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut digits: Vec<u8> = bytes
        .iter()
        .copied()
        .take_while(|&byte| byte != b'=')
        .filter(is_digit)
        .collect();
    // One digit alone is no byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    BASE64.decode(&digits).unwrap_or_default()
}

/// Adds a line, whose end is not text where `=` stands before it. White space before the end was added on the way.
fn push_quoted_printable(text: &mut Assembled, record: &[u8], line: Range<usize>) {
    let bytes = record.get(line.clone()).unwrap_or_default();
    let without_end = without_end(bytes);
    let mut len = without_end.len();
    while len > 0 && matches!(without_end.get(len - 1), Some(b' ' | b'\t')) {
        len -= 1;
    }
    let is_soft =
        len > 0 && without_end.get(len - 1) == Some(&b'=') && without_end.len() < bytes.len();
    let stop = line.start + len - usize::from(is_soft);
    let mut from = line.start;
    while let Some(at) = record
        .get(from..stop)
        .and_then(|rest| memchr::memchr(b'=', rest))
    {
        let at = from + at;
        text.push_same(record, from..at);
        match record.get(at + 1..stop).and_then(hex_byte) {
            Some(byte) => {
                text.push_unit(&[byte], at..at + 3);
                from = at + 3;
            }
            None => {
                text.push_same(record, at..at + 1);
                from = at + 1;
            }
        }
    }
    text.push_same(record, from..stop);
    if !is_soft {
        text.push_same(record, line.start + without_end.len()..line.end);
    }
}

/// The byte that two digits of base 16 at the front stand for.
fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(transfer: Transfer, body: &str) -> Vec<u8> {
        transfer
            .decode(body.as_bytes(), 0..body.len(), true)
            .bytes()
            .to_vec()
    }

    #[test]
    fn quoted_printable_loses_its_soft_ends_and_escapes() {
        let body = "caf=C3=A9 =\r\nau lait= \nx \t\r\n1=2 =zz =3D\n>From me\n=";
        assert_eq!(
            decoded(Transfer::QuotedPrintable, body),
            "café au laitx\r\n1=2 =zz =\nFrom me\n=".as_bytes()
        );
    }

    #[test]
    fn base64_is_read_with_what_is_wrong_in_it() {
        for (body, text) in [
            ("Y2F\nmw6k=\n", "café"),
            ("Y2Fm", "caf"),
            ("Y2FmX", "caf"),
            ("!", ""),
        ] {
            assert_eq!(decoded(Transfer::Base64, body), text.as_bytes(), "{body}");
        }
    }

    #[test]
    fn a_mailbox_escapes_lines_that_would_begin_a_message() {
        assert_eq!(
            decoded(Transfer::Same, ">From a\n>>From b\n> From c\nFrom\n"),
            b"From a\n>From b\n> From c\nFrom\n"
        );
    }
}
