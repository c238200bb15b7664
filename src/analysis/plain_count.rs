//! Counts words in stretches of plain ASCII, eight bytes at a time: each section is counted before it is indexed.
//!
//! In such a stretch a word is a run of letters and digits. Where more decides (what may join two runs, a note's mark, a
//! run that is too long to be one word, a character that is no ASCII) the stretch ends, before the run at hand.

use super::boundaries::{ByteKind, MAX_WORD_BYTES};

/// The lowest and the highest bit of each byte.
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = LOW << 7;
/// What joins two runs, where it stands between them.
const JOINERS: [u8; 5] = [b'\'', b'`', b'.', b',', b'"'];
/// The bytes that are looked at together.
const STEP: usize = size_of::<u64>();

/// How many words stand in the stretch that begins at `from`, where none goes on, and where the stretch ends.
pub(super) fn count_plain(bytes: &[u8], from: usize) -> (u64, usize) {
    let (mut at, mut count) = (from, 0);
    // Whether a run goes on at `at`, and where it began.
    let (mut in_run, mut run) = (false, from);
    while let Some((step, behind)) = step_at(bytes, at) {
        let runs = alphanumeric(step);
        let before = runs << 8 | if in_run { HIGH & 0xff } else { 0 };
        let goes_on = behind.is(ByteKind::ALPHANUMERIC) || behind.is(ByteKind::WIDE);
        let after = runs >> 8 | if goes_on { 1 << 63 } else { 0 };
        let joiners = (JOINERS.iter()).fold(0, |all, &joiner| all | equal(step, joiner));
        let is_plain = step & HIGH == 0 && joiners & before & after | equal(step, b'[') == 0;
        if !is_plain || (in_run && at + STEP - run >= MAX_WORD_BYTES) {
            break;
        }
        let starts = runs & !before;
        count += u64::from(starts.count_ones());
        if starts != 0 {
            run = at + STEP - 1 - starts.leading_zeros() as usize / 8;
        }
        in_run = runs >> 63 != 0;
        at += STEP;
    }
    match in_run {
        true => (count - 1, run),
        false => (count, at),
    }
}

/// The bytes at a place, the first one lowest, and what the one behind them is.
fn step_at(bytes: &[u8], at: usize) -> Option<(u64, ByteKind)> {
    let step = bytes.get(at..)?.first_chunk()?;
    let behind = bytes
        .get(at + STEP)
        .map_or(ByteKind::END, |&byte| ByteKind::of(byte));
    Some((u64::from_le_bytes(*step), behind))
}

/// The highest bit of each byte that is a letter or digit; all are ASCII.
fn alphanumeric(step: u64) -> u64 {
    let small = step | LOW << 5;
    let letters = at_least(small, b'a') & !at_least(small, b'z' + 1);
    let digits = at_least(step, b'0') & !at_least(step, b'9' + 1);
    letters | digits
}

/// The highest bit of each byte that is at least `least`, and of no other one where all are ASCII.
fn at_least(step: u64, least: u8) -> u64 {
    (step & !HIGH).wrapping_add(LOW * u64::from(0x80 - least)) & HIGH
}

/// The highest bit of each byte that is this one, where all are ASCII.
fn equal(step: u64, byte: u8) -> u64 {
    let differs = ((step ^ (LOW * u64::from(byte))) & !HIGH).wrapping_add(!HIGH) & HIGH;
    differs ^ HIGH
}

#[cfg(test)]
mod tests {
    use crate::analysis::{count_words, words};
    use crate::random_numbers::RandomNumbers;

    #[test]
    fn words_are_as_many_as_are_cut() {
        let parts = [
            "a",
            "b",
            "Z",
            "9",
            "0",
            " ",
            " ",
            "'",
            "`",
            ".",
            ",",
            "\"",
            "[",
            "[3]",
            "]",
            "+",
            "++",
            "#",
            "-",
            "\n",
            "\t",
            "\u{b}",
            "é",
            "\u{301}",
            "京",
            "¹",
            "’",
            "·",
            ".net",
            "don't",
            "l'eau",
            "3.14",
            "U.S.",
            "word",
            "1,000",
            "C++",
            "q",
            "a_b",
            "@",
            "`",
            "{",
            "\u{7f}",
            "/",
            ":",
            "abcdefghijklmnopqrstuvwxyz",
        ];
        let mut numbers = RandomNumbers::new();
        let seed = numbers.seed;
        let mut below = |n| numbers.below(n);
        for round in 0..20_000 {
            // Mostly plain text in every second round.
            let some = if round % 2 == 0 { parts.len() } else { 6 };
            let count = below(60);
            let text: String = (0..count).map(|_| parts[below(some)]).collect();
            assert_eq!(
                count_words(&text),
                words(&text).len() as u64,
                "seed {seed}: {text:?}"
            );
        }
        for len in 100..300 {
            let text = format!("{} b", "a".repeat(len));
            assert_eq!(count_words(&text), words(&text).len() as u64, "{len}");
        }
    }
}
