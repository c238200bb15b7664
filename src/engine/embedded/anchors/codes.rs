//! Codes for what often stands together in texts: bytes that none of them has, each in place of two others.
//!
//! Source: P. Gage, A New Algorithm for Data Compression, C Users Journal 12(2), 1994 (byte pair encoding). The codes are
//! found in a sample; a text is then written with the longest that fits, from its start on.

use std::cmp::Reverse;

use super::pair_sample::PairSample;
use crate::article::{read_varint, write_varint};

/// No code stands for more bytes.
const MOST_BYTES: usize = 32;
/// A text of fewer bytes in all is written as it is: the codes would take longer to find than it is worth.
const LEAST_BYTES: usize = 8 << 10;
/// A pair that is rarer in the sample is none.
const LEAST_COUNT: u32 = 4;

/// What each byte stands for: itself, or what a code does.
#[derive(Debug, Clone)]
pub(super) struct PairCodes {
    /// The codes, each with the two that it stands for, in the order in which they were made.
    pairs: Vec<[u8; 3]>,
    meanings: Vec<Vec<u8>>,
}

impl PairCodes {
    /// No codes.
    fn none() -> PairCodes {
        PairCodes {
            pairs: Vec::new(),
            meanings: (0..=u8::MAX).map(|byte| vec![byte]).collect(),
        }
    }

    /// The codes for these texts.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t [u8]> + Clone) -> PairCodes {
        let mut codes = PairCodes::none();
        let (mut is_used, mut bytes) = ([false; 256], 0);
        for &byte in texts.clone().flatten() {
            bytes += 1;
            if let Some(own) = is_used.get_mut(usize::from(byte)) {
                *own = true;
            }
        }
        if bytes < LEAST_BYTES {
            return codes;
        }
        let mut sample = PairSample::of(texts, bytes);
        let free = (0..=u8::MAX).zip(is_used).filter(|(_, is_used)| !is_used);
        for (code, _) in free {
            let is_short = |[first, second]: [u8; 2]| {
                codes.meaning(first).len() + codes.meaning(second).len() <= MOST_BYTES
            };
            let Some([first, second]) = sample.commonest(LEAST_COUNT, is_short) else {
                break;
            };
            codes.add([code, first, second]);
            sample.replace([first, second], code);
        }
        codes
    }

    fn meaning(&self, byte: u8) -> &[u8] {
        self.meanings
            .get(usize::from(byte))
            .map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, [code, first, second]: [u8; 3]) {
        let meaning = [self.meaning(first), self.meaning(second)].concat();
        if let Some(own) = self.meanings.get_mut(usize::from(code)) {
            *own = meaning;
        }
        self.pairs.push([code, first, second]);
    }

    /// Writes the codes behind what `out` holds.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write_varint(out, self.pairs.len() as u64);
        self.pairs
            .iter()
            .for_each(|pair| out.extend_from_slice(pair));
    }

    /// Reads what [`PairCodes::write`] wrote from the front of `bytes`, which is moved behind it.
    pub(super) fn read(bytes: &mut &[u8]) -> Option<PairCodes> {
        let mut codes = PairCodes::none();
        for _ in 0..read_varint(bytes).ok()? {
            let (pair, rest) = bytes.split_first_chunk::<3>()?;
            *bytes = rest;
            codes.add(*pair);
            (codes.meaning(pair[0]).len() <= MOST_BYTES).then_some(())?;
        }
        Some(codes)
    }

    /// Adds what the codes stand for.
    pub(super) fn decode(&self, coded: &[u8], out: &mut Vec<u8>) {
        coded
            .iter()
            .for_each(|&byte| out.extend_from_slice(self.meaning(byte)));
    }

    /// Whether there are any.
    #[cfg(test)]
    pub(super) fn decodes(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// What writes texts in these codes.
    pub(super) fn encoder(&self) -> PairEncoder<'_> {
        let mut by_front: Vec<(u16, u8)> = (self.pairs.iter())
            .map(|&[code, ..]| (front_of(self.meaning(code)), code))
            .collect();
        // The longest first; a shorter one is a part of it, or another.
        by_front.sort_by_key(|&(front, code)| (front, Reverse(self.meaning(code).len())));
        let mut places = vec![(0, 0); 1 << 16];
        for (at, &(front, _)) in (0..).zip(&by_front) {
            if let Some((start, end)) = places.get_mut(usize::from(front)) {
                *start = if *end == 0 { at } else { *start };
                *end = at + 1;
            }
        }
        PairEncoder {
            codes: self,
            by_front: by_front.iter().map(|&(_, code)| code).collect(),
            places,
        }
    }
}

/// The first two bytes of a text, the first one above.
fn front_of(text: &[u8]) -> u16 {
    text.first_chunk()
        .map_or(0, |&front| u16::from_be_bytes(front))
}

/// Writes texts in codes.
pub(super) struct PairEncoder<'c> {
    codes: &'c PairCodes,
    /// The codes by the first two bytes of their meaning, the longest first.
    by_front: Vec<u8>,
    /// Where those are that begin with each two bytes, the end exclusive.
    places: Vec<(u16, u16)>,
}

impl PairEncoder<'_> {
    /// Writes a text in place of what `out` holds.
    pub(super) fn encode(&self, mut text: &[u8], out: &mut Vec<u8>) {
        out.clear();
        while let Some(&first) = text.first() {
            let code = self.longest(text).unwrap_or(first);
            out.push(code);
            text = text
                .get(self.codes.meaning(code).len()..)
                .unwrap_or_default();
        }
    }

    /// The code that stands for most of a text's first bytes.
    fn longest(&self, text: &[u8]) -> Option<u8> {
        let &(start, end) = self.places.get(usize::from(front_of(text)))?;
        let own = self.by_front.get(usize::from(start)..usize::from(end))?;
        let fits = |code: &u8| text.starts_with(self.codes.meaning(*code));
        own.iter().copied().find(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_and_are_shorter() {
        let words = [
            "nf-wdm-",
            "io",
            "create",
            "device",
            "-callback",
            "é",
            "\u{3}",
        ];
        let mut texts = Vec::new();
        for (i, first) in words.iter().enumerate() {
            for second in words {
                texts.extend((0..60).map(|n| format!("{first}{second}{}{n}", words[(i + n) % 7])));
            }
        }
        let codes = PairCodes::of(texts.iter().map(String::as_bytes));
        let mut written = Vec::new();
        codes.write(&mut written);
        let mut bytes = written.as_slice();
        let read = PairCodes::read(&mut bytes).expect("the codes");
        assert!(bytes.is_empty() && !read.pairs.is_empty());
        let (mut coded, mut all) = (Vec::new(), 0);
        let encoder = codes.encoder();
        for text in &texts {
            encoder.encode(text.as_bytes(), &mut coded);
            all += coded.len();
            let mut out = Vec::new();
            read.decode(&coded, &mut out);
            assert_eq!(out, text.as_bytes());
        }
        assert!(all * 3 < texts.iter().map(String::len).sum());
        for cut in 1..written.len() {
            assert!(PairCodes::read(&mut &written[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn few_texts_and_such_as_have_all_bytes_are_written_as_they_are() {
        let every: Vec<u8> = (0..=u8::MAX).cycle().take(2 * LEAST_BYTES).collect();
        for text in [&b"overview"[..], &every] {
            let codes = PairCodes::of(std::iter::once(text));
            let mut coded = Vec::new();
            codes.encoder().encode(text, &mut coded);
            assert_eq!(coded, text);
        }
    }
}
