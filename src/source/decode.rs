//! Bytes to text, remembering where each character stood in the bytes.

use std::ops::Range;

use super::{ReadError, Reason};

/// How many bytes from the front are looked at for a NUL, which text does not hold.
const BINARY_PROBE_BYTES: usize = 8 << 10;
/// Above one invalid sequence in this many bytes a file is taken for binary.
const BYTES_PER_INVALID: usize = 20;

/// Why bytes are not taken for text.
pub type DecodeError = ReadError;

/// A source's text, and the way back to its bytes.
#[derive(Debug, Clone)]
pub struct Decoded {
    text: String,
    /// Bytes of a byte order mark before the text.
    skipped_bytes: usize,
    replaced: Vec<Replaced>,
    line_end: u8,
}

/// Invalid bytes and the replacement character that stands for them.
#[derive(Debug, Clone, Copy)]
struct Replaced {
    text: usize,
    byte: usize,
    byte_len: usize,
}

const REPLACEMENT_LEN: usize = char::REPLACEMENT_CHARACTER.len_utf8();

impl Decoded {
    /// Decodes UTF-8, with or without a byte order mark. Invalid sequences are replaced and counted.
    ///
    /// # Errors
    /// [`Reason::Binary`] for a NUL near the front, and where more than a twentieth is not UTF-8.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
        let probe = &bytes[..bytes.len().min(BINARY_PROBE_BYTES)];
        if memchr::memchr(0, probe).is_some() {
            return Err(DecodeError::new(Reason::Binary));
        }
        let mut skipped_bytes = 0;
        if bytes.starts_with(b"\xef\xbb\xbf") {
            skipped_bytes = 3;
            bytes.drain(..3);
        }
        let (text, replaced) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(error) => replace_invalid(error.as_bytes(), skipped_bytes),
        };
        if replaced.len() > text.len() / BYTES_PER_INVALID + 1 {
            return Err(DecodeError::new(Reason::Binary));
        }
        let line_end = if memchr::memchr(b'\n', text.as_bytes()).is_some() {
            b'\n'
        } else {
            b'\r'
        };
        Ok(Decoded {
            text,
            skipped_bytes,
            replaced,
            line_end,
        })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many invalid sequences were replaced.
    #[must_use]
    pub fn invalid_sequences(&self) -> u32 {
        self.replaced.len() as u32
    }

    /// The byte that ends a line: a line feed, or a carriage return in a text without one.
    #[must_use]
    pub fn line_end(&self) -> u8 {
        self.line_end
    }

    /// The byte offset in the source of byte `offset` of the text.
    #[must_use]
    pub fn source_byte(&self, offset: usize) -> u64 {
        let at = self.replaced.partition_point(|r| r.text < offset);
        let byte = match at.checked_sub(1).map(|i| self.replaced[i]) {
            Some(r) => r.byte + r.byte_len + (offset - r.text).saturating_sub(REPLACEMENT_LEN),
            None => self.skipped_bytes + offset,
        };
        byte as u64
    }

    /// Cuts a range of the text where replaced sequences stand; `true` marks a stretch that reads as its bytes.
    pub fn stretches(&self, range: Range<usize>, mut each: impl FnMut(Range<usize>, bool)) {
        let mut from = range.start;
        let first = self.replaced.partition_point(|r| r.text < range.start);
        for r in self.replaced[first..]
            .iter()
            .take_while(|r| r.text < range.end)
        {
            if from < r.text {
                each(from..r.text, true);
            }
            from = r.text + REPLACEMENT_LEN;
            each(r.text..from, false);
        }
        if from < range.end {
            each(from..range.end, true);
        }
    }
}

fn replace_invalid(bytes: &[u8], skipped_bytes: usize) -> (String, Vec<Replaced>) {
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = Vec::new();
    let mut byte = skipped_bytes;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        byte += chunk.valid().len();
        let byte_len = chunk.invalid().len();
        if byte_len > 0 {
            replaced.push(Replaced {
                text: text.len(),
                byte,
                byte_len,
            });
            text.push(char::REPLACEMENT_CHARACTER);
            byte += byte_len;
        }
    }
    (text, replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_bytes_over_a_mark_and_invalid_sequences() {
        let bytes =
            b"\xef\xbb\xbfab\xffcd\xe2\x82ef, and enough valid text to count as text".to_vec();
        let decoded = Decoded::from_bytes(bytes.clone()).expect("text");
        assert_eq!(decoded.invalid_sequences(), 2);
        for (needle, byte) in [("ab", 3u64), ("cd", 6), ("ef", 10), ("enough", 18)] {
            let offset = decoded.text().find(needle).expect("found");
            assert_eq!(decoded.source_byte(offset), byte, "{needle}");
            assert_eq!(
                &bytes[byte as usize..byte as usize + needle.len()],
                needle.as_bytes()
            );
        }
        let mut seen = Vec::new();
        decoded.stretches(0..decoded.text().len(), |range, same| {
            seen.push((decoded.text()[range].to_string(), same));
        });
        assert_eq!(seen.iter().filter(|(_, same)| !same).count(), 2);
        assert_eq!(
            seen.iter().map(|(s, _)| s.as_str()).collect::<String>(),
            decoded.text()
        );
    }

    #[test]
    fn binary_is_told_from_text() {
        assert_eq!(
            Decoded::from_bytes(b"a\0b".to_vec())
                .expect_err("no text")
                .reason,
            Reason::Binary
        );
        assert_eq!(
            Decoded::from_bytes(vec![0xff; 100])
                .expect_err("no text")
                .reason,
            Reason::Binary
        );
        assert!(Decoded::from_bytes(Vec::new()).is_ok());
    }

    #[test]
    fn a_carriage_return_ends_lines_only_without_line_feeds() {
        assert_eq!(
            Decoded::from_bytes(b"a\rb".to_vec())
                .expect("text")
                .line_end(),
            b'\r'
        );
        assert_eq!(
            Decoded::from_bytes(b"a\r\nb\rc".to_vec())
                .expect("text")
                .line_end(),
            b'\n'
        );
    }
}
