//! A sample of texts in which pairs are counted while codes take their places.

/// Codes are found in so many bytes at most: each costs a pass over them.
const SAMPLE_BYTES: usize = 32 << 10;
/// What stands between the texts of a sample; it is part of no pair.
const BETWEEN: u16 = 256;

/// Texts, one behind the other, and how often each pair of bytes or codes stands in them. Of three alike the one in the
/// middle is part of two pairs.
#[derive(Debug)]
pub(super) struct PairSample {
    bytes: Vec<u16>,
    /// How often each pair stands there, by its first in the upper byte and its second in the lower one.
    counts: Vec<u32>,
    /// The pairs that stand there, or did.
    pairs: Vec<u16>,
    is_listed: Vec<bool>,
}

impl PairSample {
    /// Some of the texts, all over them, which have so many bytes.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t [u8]>, bytes: usize) -> PairSample {
        let step = bytes.div_ceil(SAMPLE_BYTES).max(1);
        let mut sample = PairSample {
            bytes: Vec::with_capacity(SAMPLE_BYTES),
            counts: vec![0; 1 << 16],
            pairs: Vec::new(),
            is_listed: vec![false; 1 << 16],
        };
        for text in texts.step_by(step) {
            text.windows(2).for_each(|pair| sample.count(pair));
            (sample.bytes).extend(text.iter().map(|&byte| u16::from(byte)));
            sample.bytes.push(BETWEEN);
        }
        sample
    }

    fn count(&mut self, pair: &[u8]) {
        if let &[first, second] = pair {
            self.add(u16::from(first), u16::from(second));
        }
    }

    /// The pair that stands there most often, at least so often, of those that `takes` holds of; of several the first.
    pub(super) fn commonest(&self, least: u32, takes: impl Fn([u8; 2]) -> bool) -> Option<[u8; 2]> {
        let mut best = None;
        for &pair in &self.pairs {
            let count = self.counts.get(usize::from(pair)).copied().unwrap_or(0);
            let is_best = |(most, first)| count > most || (count == most && pair < first);
            if count >= least && best.is_none_or(is_best) && takes(pair.to_be_bytes()) {
                best = Some((count, pair));
            }
        }
        best.map(|(_, pair)| pair.to_be_bytes())
    }

    /// Puts a code in place of each pair.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: a pass for each code; what is written never passes what is read"
    )]
    pub(super) fn replace(&mut self, pair: [u8; 2], code: u8) {
        let ([first, second], code) = (pair.map(u16::from), u16::from(code));
        let (mut from, mut to) = (0, 0);
        while from < self.bytes.len() {
            let mut own = self.bytes[from];
            if own == first && self.bytes.get(from + 1) == Some(&second) {
                let before = if to > 0 { self.bytes[to - 1] } else { BETWEEN };
                let behind = self.bytes.get(from + 2).copied().unwrap_or(BETWEEN);
                self.take(before, first);
                self.take(first, second);
                self.take(second, behind);
                self.add(before, code);
                self.add(code, behind);
                own = code;
                from += 1;
            }
            self.bytes[to] = own;
            from += 1;
            to += 1;
        }
        self.bytes.truncate(to);
    }

    fn add(&mut self, first: u16, second: u16) {
        let Some(pair) = pair_of(first, second) else {
            return;
        };
        let place = usize::from(pair);
        (self.counts.get_mut(place).into_iter()).for_each(|count| *count += 1);
        if let Some(is_listed) = self.is_listed.get_mut(place)
            && !std::mem::replace(is_listed, true)
        {
            self.pairs.push(pair);
        }
    }

    fn take(&mut self, first: u16, second: u16) {
        if let Some(pair) = pair_of(first, second)
            && let Some(count) = self.counts.get_mut(usize::from(pair))
        {
            *count = count.saturating_sub(1);
        }
    }
}

/// Two that stand together as a pair; `None` where a text ends between them.
fn pair_of(first: u16, second: u16) -> Option<u16> {
    (first < BETWEEN && second < BETWEEN).then_some(first << 8 | second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_numbers::RandomNumbers;

    #[test]
    fn pairs_are_counted_as_they_stand_whatever_was_replaced() {
        let mut numbers = RandomNumbers::new();
        let seed = numbers.seed;
        for _ in 0..40 {
            let texts: Vec<Vec<u8>> = (0..20)
                .map(|_| {
                    let len = numbers.below(12);
                    (0..len).map(|_| b'a' + numbers.below(3) as u8).collect()
                })
                .collect();
            let bytes = texts.iter().map(Vec::len).sum();
            let mut sample = PairSample::of(texts.iter().map(Vec::as_slice), bytes);
            for code in b'0'..=b'9' {
                let mut counts = vec![0; 1 << 16];
                for pair in sample.bytes.windows(2) {
                    let place = pair_of(pair[0], pair[1]).map(usize::from);
                    place.into_iter().for_each(|at| counts[at] += 1);
                }
                assert!(counts == sample.counts, "seed {seed}, {:?}", sample.bytes);
                let is_taken = |pair: [u8; 2]| pair[0] != b'b';
                let found = sample.commonest(1, is_taken);
                let all = (0..=u16::MAX).filter(|pair| is_taken(pair.to_be_bytes()));
                let most = all.max_by_key(|&pair| (counts[usize::from(pair)], !pair));
                let most = most.filter(|&pair| counts[usize::from(pair)] > 0);
                assert_eq!(found, most.map(u16::to_be_bytes), "seed {seed}");
                let Some(pair) = found else {
                    break;
                };
                sample.replace(pair, code);
            }
        }
    }
}
