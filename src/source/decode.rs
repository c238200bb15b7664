//! Bytes to text, remembering where each character stood in the bytes.

use std::ops::Range;

use encoding_rs::DecoderResult;

use super::detect::{byte_order_mark, detect, unit};
use super::signs::is_stray_control;
use super::utf_32::character_32;
use super::{Encoding, ReadError, Reason};

/// Above one invalid sequence or stray control in this many characters a file is taken for binary.
const BYTES_PER_FAULT: usize = 20;
/// From this many bytes on, a text in a single-byte encoding has white space, at least one in [`BYTES_PER_SPACE`].
const SPACED_BYTES: usize = 64;
const BYTES_PER_SPACE: usize = 200;
/// How many bytes of a legacy encoding make one stretch at most, so that a place in it is found quickly.
const MAX_STRETCH_BYTES: usize = 256;

/// Why bytes are not taken for text.
pub type DecodeError = ReadError;

/// How a stretch of text stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// Byte for byte.
    Same,
    /// Each character in so many bytes.
    Wide(u8),
    /// As one unit: a replaced sequence, or bytes that read as several characters.
    Unit,
}

/// A source's text, and the way back to its bytes.
#[derive(Debug, Clone)]
pub struct Decoded {
    text: String,
    encoding: Encoding,
    /// Where each stretch begins; the last one is empty and stands for the end.
    stretches: Vec<Start>,
    invalid: u32,
    line_end: u8,
}

/// Where a stretch begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    text: u32,
    byte: u32,
    stretch: Stretch,
}

impl Decoded {
    /// Decodes a text whose encoding nothing is known of, see [`Decoded::read`].
    ///
    /// # Errors
    /// As [`Decoded::read`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
        Decoded::read(bytes, None)
    }

    /// Decodes a text. A byte order mark tells its encoding, else its bytes do where they are UTF-8 or UTF-16, else
    /// `declared`, what the text says of itself, else the frequencies of its characters. Invalid sequences are
    /// replaced and counted.
    ///
    /// # Errors
    /// [`Reason::Binary`] for what is no text in any of these, [`Reason::TooLarge`] from 4 GiB on.
    pub fn read(bytes: Vec<u8>, declared: Option<Encoding>) -> Result<Decoded, DecodeError> {
        let detected = detect(&bytes, declared);
        let (encoding, mark) = detected.ok_or_else(|| DecodeError::new(Reason::Binary))?;
        let decoded = Decoded::decode(bytes, encoding, mark)?;
        if decoded.is_text() {
            Ok(decoded)
        } else {
            Err(DecodeError::new(Reason::Binary))
        }
    }

    /// Decodes a text in `encoding`, whatever its bytes look like. A byte order mark of that encoding is passed over.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] from 4 GiB on.
    pub fn read_as(bytes: Vec<u8>, encoding: Encoding) -> Result<Decoded, DecodeError> {
        let marked = byte_order_mark(&bytes).filter(|(marked, _)| *marked == encoding);
        Decoded::decode(bytes, encoding, marked.map_or(0, |(_, len)| len))
    }

    fn decode(mut bytes: Vec<u8>, encoding: Encoding, mark: usize) -> Result<Decoded, DecodeError> {
        // Offsets are kept in 32 bits; three bytes of text may come of one.
        if bytes.len() > (u32::MAX / 3) as usize {
            return Err(DecodeError::new(Reason::TooLarge));
        }
        if encoding == Encoding::UTF_8 && mark > 0 {
            bytes.drain(..mark);
        }
        let decoder = Decoder {
            text: String::new(),
            byte: mark,
            stretches: Vec::new(),
            invalid: 0,
        };
        Ok(match encoding {
            Encoding::UTF_8 => match String::from_utf8(bytes) {
                Ok(text) => decoder.same(text),
                Err(error) => decoder.utf_8(error.as_bytes()),
            },
            Encoding::UTF_16LE | Encoding::UTF_16BE => {
                decoder.utf_16(bytes.split_at(mark).1, encoding)
            }
            Encoding::UTF_32LE | Encoding::UTF_32BE => {
                decoder.utf_32(bytes.split_at(mark).1, encoding == Encoding::UTF_32BE)
            }
            _ => match encoding.standard().filter(|rules| !rules.is_single_byte()) {
                Some(rules) => decoder.multi_byte(&bytes, rules),
                None => decoder.single_byte(&bytes, encoding),
            },
        }
        .finish(encoding))
    }

    fn is_text(&self) -> bool {
        let allowed = self.text.len() / BYTES_PER_FAULT + 1;
        if self.encoding == Encoding::UTF_8 {
            return self.invalid as usize <= allowed;
        }
        let strays = self.text.chars().filter(|&c| is_stray_control(c)).count();
        let spaces = self.text.bytes().filter(u8::is_ascii_whitespace).count();
        let len = self.source_byte(self.text.len()) as usize;
        let is_spaced = len < SPACED_BYTES
            || !self.encoding.is_single_byte()
            || spaces * BYTES_PER_SPACE >= len;
        self.invalid as usize + strays <= allowed && is_spaced
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The encoding that it was read in.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How many invalid sequences were replaced.
    #[must_use]
    pub fn invalid_sequences(&self) -> u32 {
        self.invalid
    }

    /// The byte that ends a line: a line feed, or a carriage return in a text without one.
    #[must_use]
    pub fn line_end(&self) -> u8 {
        self.line_end
    }

    /// The byte offset in the source of byte `offset` of the text.
    #[must_use]
    pub fn source_byte(&self, offset: usize) -> u64 {
        if let Some(start) = self.same() {
            return (start.byte as usize + offset) as u64;
        }
        let Some(start) = self.stretches.get(self.stretch_at(offset)) else {
            return offset as u64;
        };
        let inside = offset - start.text as usize;
        let bytes = match start.stretch {
            Stretch::Same => inside,
            Stretch::Wide(width) => {
                self.text[start.text as usize..offset].chars().count() * usize::from(width)
            }
            Stretch::Unit => 0,
        };
        (start.byte as usize + bytes) as u64
    }

    /// The start of the only stretch, where the whole text stands in the source byte for byte.
    fn same(&self) -> Option<Start> {
        match self.stretches.as_slice() {
            [start, _] if start.stretch == Stretch::Same => Some(*start),
            _ => None,
        }
    }

    /// The number of the stretch that holds byte `offset` of the text.
    fn stretch_at(&self, offset: usize) -> usize {
        self.stretches
            .partition_point(|start| start.text as usize <= offset)
            .saturating_sub(1)
    }

    /// Cuts a range of the text into stretches that stand alike in the source.
    pub fn stretches(&self, range: Range<usize>, mut each: impl FnMut(Range<usize>, Stretch)) {
        if self.same().is_some() {
            if !range.is_empty() {
                each(range, Stretch::Same);
            }
            return;
        }
        let mut from = range.start;
        let mut starts = self.stretches.iter().skip(self.stretch_at(from));
        let mut own = starts.next();
        while let Some(start) = own.filter(|_| from < range.end) {
            own = starts.next();
            let end = own.map_or(range.end, |next| range.end.min(next.text as usize));
            each(from..end, start.stretch);
            from = end;
        }
    }
}

/// Whether `bytes` of a source read as `text` in `encoding`.
#[must_use]
pub fn reads_as(bytes: &[u8], encoding: Encoding, text: &str) -> bool {
    let (read, has_faults) = encoding.read(bytes);
    !has_faults && read == text
}

/// A text in the making.
struct Decoder {
    text: String,
    /// The source's bytes that are read.
    byte: usize,
    stretches: Vec<Start>,
    invalid: u32,
}

impl Decoder {
    /// Adds `text`, which `byte_len` bytes read as.
    fn push(&mut self, text: &str, byte_len: usize, stretch: Stretch) {
        let joins = self.stretches.last().is_some_and(|last| {
            let is_short = self.byte - (last.byte as usize) < MAX_STRETCH_BYTES;
            last.stretch == stretch && stretch != Stretch::Unit && is_short
        });
        if !joins {
            self.begin(stretch);
        }
        self.text.push_str(text);
        self.byte += byte_len;
    }

    fn begin(&mut self, stretch: Stretch) {
        self.stretches.push(Start {
            text: self.text.len() as u32,
            byte: self.byte as u32,
            stretch,
        });
    }

    fn replace(&mut self, byte_len: usize) {
        let mut buffer = [0; 4];
        let replacement = char::REPLACEMENT_CHARACTER.encode_utf8(&mut buffer);
        self.push(replacement, byte_len, Stretch::Unit);
        self.invalid += 1;
    }

    /// UTF-8 without a fault.
    fn same(mut self, text: String) -> Decoder {
        self.begin(Stretch::Same);
        self.byte += text.len();
        self.text = text;
        self
    }

    fn utf_8(mut self, bytes: &[u8]) -> Decoder {
        for chunk in bytes.utf8_chunks() {
            if !chunk.valid().is_empty() {
                self.begin(Stretch::Same);
                self.text.push_str(chunk.valid());
                self.byte += chunk.valid().len();
            }
            if !chunk.invalid().is_empty() {
                self.replace(chunk.invalid().len());
            }
        }
        self
    }

    fn utf_16(mut self, bytes: &[u8], encoding: Encoding) -> Decoder {
        let (pairs, rest) = bytes.as_chunks();
        let odd = rest.len();
        let units = pairs.iter().map(|&pair| unit(encoding, pair));
        let mut buffer = [0; 4];
        for read in char::decode_utf16(units) {
            match read {
                Ok(c) => {
                    let width = 2 * c.len_utf16();
                    let text = c.encode_utf8(&mut buffer);
                    self.push(text, width, Stretch::Wide(width as u8));
                }
                Err(_) => self.replace(2),
            }
        }
        let is_half = |&pair: &[u8; 2]| (0xd800..0xdc00).contains(&unit(encoding, pair));
        let ends_in_half = pairs.last().is_some_and(is_half);
        match odd {
            0 => {}
            // Half a character and half a unit are one fault.
            _ if ends_in_half => self.byte += odd,
            _ => self.replace(odd),
        }
        self
    }

    fn utf_32(mut self, bytes: &[u8], is_big: bool) -> Decoder {
        let mut buffer = [0; 4];
        for unit in bytes.chunks(4) {
            let whole = unit.first_chunk().copied();
            match whole.and_then(|unit| character_32(unit, is_big)) {
                Some(c) => self.push(c.encode_utf8(&mut buffer), 4, Stretch::Wide(4)),
                None => self.replace(unit.len()),
            }
        }
        self
    }

    /// An encoding of which each byte is a character.
    fn single_byte(mut self, bytes: &[u8], encoding: Encoding) -> Decoder {
        for chunk in bytes.chunks(MAX_STRETCH_BYTES) {
            let (text, _) = encoding.read(chunk);
            self.push(&text, chunk.len(), Stretch::Wide(1));
            let unmapped = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER);
            self.invalid += unmapped.count() as u32;
        }
        self
    }

    /// Feeds the bytes one by one, so that it shows which of them make a character.
    fn multi_byte(mut self, bytes: &[u8], rules: &'static encoding_rs::Encoding) -> Decoder {
        let has_states = rules == encoding_rs::ISO_2022_JP;
        let mut decoder = rules.new_decoder_without_bom_handling();
        let mut out = [0u8; 16];
        let mut rest = bytes;
        loop {
            // Between two characters ASCII is itself, but for an encoding with states.
            if self.byte == bytes.len() - rest.len() && !has_states {
                let len = rest.iter().take_while(|byte| byte.is_ascii()).count();
                let (ascii, behind) = rest.split_at(len);
                self.push_ascii(ascii);
                rest = behind;
            }
            let is_last = rest.len() <= 1;
            let (next, _) = rest.split_at(rest.len().min(1));
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(next, &mut out, is_last);
            rest = rest.split_at(read).1;
            let at = bytes.len() - rest.len();
            let (bad, behind) = match result {
                DecoderResult::Malformed(bad, behind) => (usize::from(bad), usize::from(behind)),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => (0, 0),
            };
            let text = std::str::from_utf8(out.split_at(written).0).unwrap_or_default();
            if !text.is_empty() {
                self.push_read(text, (at - behind - bad).saturating_sub(self.byte));
            }
            if bad > 0 {
                self.replace((at - behind).saturating_sub(self.byte));
            }
            if is_last && result == DecoderResult::InputEmpty {
                // What is left only switched states.
                self.byte = bytes.len();
                return self;
            }
        }
    }

    fn push_ascii(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        self.push(text, bytes.len(), Stretch::Same);
    }

    /// Adds what a decoder gave for the last `byte_len` bytes: mostly one character.
    fn push_read(&mut self, text: &str, byte_len: usize) {
        let mut chars = text.chars();
        let is_one = chars.next().is_some() && chars.next().is_none();
        let stretch = match u8::try_from(byte_len) {
            Ok(width) if is_one && width > 0 => Stretch::Wide(width),
            _ => Stretch::Unit,
        };
        self.push(text, byte_len, stretch);
    }

    fn finish(mut self, encoding: Encoding) -> Decoded {
        self.begin(Stretch::Same);
        let has_line_feed = memchr::memchr(b'\n', self.text.as_bytes()).is_some();
        Decoded {
            text: self.text,
            encoding,
            stretches: self.stretches,
            invalid: self.invalid,
            line_end: if has_line_feed { b'\n' } else { b'\r' },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each character stands in the source where the text says, and reads there as itself.
    fn assert_places(bytes: &[u8], decoded: &Decoded, skips: &[char]) {
        let text = decoded.text();
        for (offset, c) in text.char_indices().filter(|(_, c)| !skips.contains(c)) {
            let from = decoded.source_byte(offset) as usize;
            let to = decoded.source_byte(offset + c.len_utf8()) as usize;
            assert!(
                reads_as(&bytes[from..to], decoded.encoding(), &c.to_string()),
                "{c} at {offset}: {:?}",
                &bytes[from..to]
            );
        }
        let mut seen = String::new();
        decoded.stretches(0..text.len(), |range, _| seen.push_str(&text[range]));
        assert_eq!(seen, text);
    }

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
        assert_places(&bytes, &decoded, &['\u{fffd}']);
        let mut units = 0;
        decoded.stretches(0..decoded.text().len(), |_, stretch| {
            units += usize::from(stretch == Stretch::Unit);
        });
        assert_eq!(units, 2);
    }

    #[test]
    fn every_character_of_a_legacy_text_leads_back_to_its_bytes() {
        let long = "Минские соглашения. ".repeat(40);
        for (label, text) in [
            ("windows-1251", long.as_str()),
            ("koi8-r", "Минск, 2015"),
            ("gbk", "Minsk 明斯克 agreements 协议，二月。\n明"),
            ("gb18030", "a€𠀀b明\u{1f600}c"),
            ("big5", "Minsk 明斯克協議 2015"),
            ("shift_jis", "ﾐﾝｽｸ ミンスク abc 合意"),
            ("euc-jp", "ﾐﾝｽｸ ミンスク abc 合意"),
            ("euc-kr", "민스크 협정 2015"),
        ] {
            let encoding = Encoding::of_label(label).expect("a label");
            let bytes = encoding
                .standard()
                .expect("rules")
                .encode(text)
                .0
                .into_owned();
            let decoded = Decoded::read_as(bytes.clone(), encoding).expect("text");
            assert_eq!((decoded.text(), decoded.invalid_sequences()), (text, 0));
            assert_places(&bytes, &decoded, &[]);
        }
    }

    #[test]
    fn utf_16_with_marks_astral_characters_and_halves_leads_back_to_its_bytes() {
        let units: Vec<u16> = "\u{feff}Minsk 😀 да\n".encode_utf16().collect();
        let mut bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        bytes.extend([0xd8, 0x00, 0x00, b'x', 0x00]);
        let decoded = Decoded::from_bytes(bytes.clone()).expect("text");
        assert_eq!(decoded.encoding(), Encoding::UTF_16BE);
        assert_eq!(decoded.text(), "Minsk 😀 да\n\u{fffd}x\u{fffd}");
        assert_eq!(decoded.invalid_sequences(), 2);
        assert_places(&bytes, &decoded, &['\u{fffd}']);
    }

    #[test]
    fn utf_32_and_code_page_850_lead_back_to_their_bytes() {
        for is_big in [false, true] {
            let to_bytes = |c: char| match is_big {
                true => (c as u32).to_be_bytes(),
                false => (c as u32).to_le_bytes(),
            };
            for mark in ["", "\u{feff}"] {
                let text = "Minsk 😀 да, été.\n".repeat(30);
                let whole = format!("{mark}{text}");
                let mut bytes: Vec<u8> = whole.chars().flat_map(to_bytes).collect();
                let decoded = Decoded::from_bytes(bytes.clone()).expect("text");
                assert_eq!((decoded.text(), decoded.invalid_sequences()), (&*text, 0));
                assert_places(&bytes, &decoded, &[]);
                bytes.extend([0, 0, 0xd8, 0, 0xff, 0xff, 0xff, 0xff, 7]);
                let decoded = Decoded::read_as(bytes.clone(), decoded.encoding()).expect("text");
                assert!(decoded.invalid_sequences() > 1);
                assert_places(&bytes, &decoded, &['\u{fffd}']);
            }
        }
        let bytes = b"F\x81r \x84ltere M\x94bel. ".repeat(30);
        let decoded = Decoded::read_as(bytes.clone(), Encoding::IBM850).expect("text");
        assert!(decoded.text().starts_with("Für ältere Möbel. "));
        assert_places(&bytes, &decoded, &[]);
    }

    #[test]
    fn faults_in_a_legacy_text_are_replaced_and_counted() {
        let euc_jp = Encoding::of_label("euc-jp").expect("a label");
        let mut bytes = euc_jp
            .standard()
            .expect("rules")
            .encode("合意は")
            .0
            .into_owned();
        bytes.insert(2, 0xff);
        bytes.push(0xa4);
        let decoded = Decoded::read_as(bytes.clone(), euc_jp).expect("text");
        assert_eq!(decoded.text(), "合\u{fffd}意は\u{fffd}");
        assert_eq!(decoded.invalid_sequences(), 2);
        assert_places(&bytes, &decoded, &['\u{fffd}']);
    }

    #[test]
    fn states_of_iso_2022_jp_do_not_shift_places() {
        let rules = Encoding::of_label("iso-2022-jp").expect("a label");
        let bytes = rules
            .standard()
            .expect("rules")
            .encode("A 合意 B")
            .0
            .into_owned();
        let decoded = Decoded::from_bytes(bytes.clone()).expect("text");
        assert_eq!((decoded.text(), decoded.encoding()), ("A 合意 B", rules));
        let b = decoded.source_byte(decoded.text().len() - 1) as usize;
        assert!(bytes[b..].ends_with(b"B"), "{b}");
    }

    #[test]
    fn binary_is_told_from_text() {
        let reason = |bytes: Vec<u8>| Decoded::from_bytes(bytes).map_err(|error| error.reason);
        for bytes in [b"a\0b".to_vec(), vec![0xff; 100], (1..=255).collect()] {
            assert_eq!(
                reason(bytes.clone()).err(),
                Some(Reason::Binary),
                "{bytes:?}"
            );
        }
        assert!(reason(Vec::new()).is_ok());
        // A stray NUL does not make a text binary, many of them do.
        let with_nuls = |count: usize| {
            let mut text = "The talks at the quay went on. ".repeat(100).into_bytes();
            (0..count).for_each(|at| text[at * 31] = 0);
            text
        };
        assert!(reason(with_nuls(3)).is_ok());
        assert_eq!(reason(with_nuls(4)).err(), Some(Reason::Binary));
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
