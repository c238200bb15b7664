//! Codes for what often stands together in texts: bytes that none of them has, each in place of two others.
//!
//! Source: P. Gage, A New Algorithm for Data Compression, C Users Journal 12(2), 1994 (byte pair encoding). The codes are
//! found in a sample; a text is then written with the longest that fits, from its start on.

use crate::article::{read_varint, write_varint};

/// No code stands for more bytes.
const MOST_BYTES: usize = 32;
/// Codes are found in so many bytes at most: each costs a pass over them.
const SAMPLE_BYTES: usize = 32 << 10;
/// A text of fewer bytes in all is written as it is: the codes would take longer to find than it is worth.
const LEAST_BYTES: usize = 8 << 10;
/// A pair that is rarer in the sample is none.
const LEAST_COUNT: u32 = 4;
/// What stands between the texts of a sample.
const BETWEEN: u16 = 256;

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
        let mut sample = sample_of(texts, bytes);
        let free = (0..=u8::MAX).zip(is_used).filter(|(_, is_used)| !is_used);
        let mut counts = vec![0_u32; 1 << 16];
        for (code, _) in free {
            let Some([first, second]) = codes.commonest(&sample, &mut counts) else {
                break;
            };
            codes.add([code, first, second]);
            replace(&mut sample, [first, second], code);
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

    /// The pair that stands in the sample most often; of several the first.
    fn commonest(&self, sample: &[u16], counts: &mut [u32]) -> Option<[u8; 2]> {
        counts.fill(0);
        let pair_of = |pair: &[u16]| match pair {
            &[first, second] if first < BETWEEN && second < BETWEEN => {
                Some(usize::from(first) << 8 | usize::from(second))
            }
            _ => None,
        };
        for at in sample.windows(2).filter_map(pair_of) {
            counts.get_mut(at).into_iter().for_each(|count| *count += 1);
        }
        let mut best = None;
        for (at, &count) in counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count >= LEAST_COUNT)
        {
            let pair = [(at >> 8) as u8, at as u8];
            let len = self.meaning(pair[0]).len() + self.meaning(pair[1]).len();
            if len <= MOST_BYTES && best.is_none_or(|(most, _)| count > most) {
                best = Some((count, pair));
            }
        }
        best.map(|(_, pair)| pair)
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
        let mut by_first = vec![Vec::new(); 256];
        for &[code, ..] in &self.pairs {
            let first = self.meaning(code).first().copied().unwrap_or_default();
            by_first
                .get_mut(usize::from(first))
                .into_iter()
                .for_each(|own| own.push(code));
        }
        // The longest first; a shorter one is a part of it, or another.
        for own in &mut by_first {
            own.sort_by_key(|&code| std::cmp::Reverse(self.meaning(code).len()));
        }
        PairEncoder {
            codes: self,
            by_first,
        }
    }
}

/// Writes texts in codes.
pub(super) struct PairEncoder<'c> {
    codes: &'c PairCodes,
    /// The codes by the byte that their meaning begins with, the longest first.
    by_first: Vec<Vec<u8>>,
}

impl PairEncoder<'_> {
    /// Writes a text in place of what `out` holds.
    pub(super) fn encode(&self, mut text: &[u8], out: &mut Vec<u8>) {
        out.clear();
        while let Some(&first) = text.first() {
            let fits = |code: &&u8| text.starts_with(self.codes.meaning(**code));
            let own = self.by_first.get(usize::from(first)).into_iter().flatten();
            let code = own.copied().find(|code| fits(&code)).unwrap_or(first);
            out.push(code);
            text = text
                .get(self.codes.meaning(code).len()..)
                .unwrap_or_default();
        }
    }
}

/// Some of the texts, all over them.
fn sample_of<'t>(texts: impl Iterator<Item = &'t [u8]>, bytes: usize) -> Vec<u16> {
    let step = bytes.div_ceil(SAMPLE_BYTES);
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    for text in texts.step_by(step) {
        sample.extend(text.iter().map(|&byte| u16::from(byte)));
        sample.push(BETWEEN);
    }
    sample
}

/// Puts a code in place of each pair.
fn replace(sample: &mut Vec<u16>, pair: [u8; 2], code: u8) {
    let pair = pair.map(u16::from);
    let (mut from, mut to) = (0, 0);
    while let Some(&own) = sample.get(from) {
        let is_pair = sample.get(from..from + 2) == Some(&pair);
        let value = if is_pair { u16::from(code) } else { own };
        from += 1 + usize::from(is_pair);
        sample
            .get_mut(to)
            .into_iter()
            .for_each(|place| *place = value);
        to += 1;
    }
    sample.truncate(to);
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
