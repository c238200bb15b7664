//! Whether a line names what follows: the words that it shares with the blocks around it.

use std::cell::OnceCell;

use super::blocks::TextBlock;
use super::case::is_small_word;
use crate::analysis::is_unspaced;

/// So many bytes from the front of a block are looked at.
const PROBE_BYTES: usize = 400;
/// So many words on each side are compared.
const WORDS_AROUND: usize = 40;
/// So many blocks on each side are compared.
const BLOCKS_AROUND: usize = 6;
/// Words are compared by so many letters.
const STEM_CHARS: usize = 5;

/// The words of all blocks, read when they are first asked for.
pub(super) struct Topics<'b, 'a> {
    blocks: &'b [TextBlock<'a>],
    words: Vec<OnceCell<Vec<u64>>>,
}

impl<'b, 'a> Topics<'b, 'a> {
    pub(super) fn new(blocks: &'b [TextBlock<'a>]) -> Topics<'b, 'a> {
        Topics {
            blocks,
            words: vec![OnceCell::new(); blocks.len()],
        }
    }

    /// The content words of block `at`, by the hash of their first letters.
    pub(super) fn words(&self, at: usize) -> &[u64] {
        self.words[at].get_or_init(|| content_words(self.blocks[at].text))
    }

    /// How many of the words of block `at` stand in the blocks below it, and above it.
    pub(super) fn shared(&self, at: usize) -> (usize, usize) {
        let own = self.words(at);
        if own.is_empty() {
            return (0, 0);
        }
        let last = (at + BLOCKS_AROUND).min(self.blocks.len() - 1);
        let first = at.saturating_sub(BLOCKS_AROUND);
        let below = self.around(at + 1..=last);
        let above = self.around((first..at).rev());
        let count = |around: &[u64]| own.iter().filter(|word| around.contains(word)).count();
        (count(&below), count(&above))
    }

    fn around(&self, blocks: impl Iterator<Item = usize>) -> Vec<u64> {
        let mut words = Vec::with_capacity(WORDS_AROUND);
        for at in blocks {
            let room = WORDS_AROUND - words.len();
            if room == 0 {
                break;
            }
            words.extend(self.words(at).iter().take(room));
        }
        words
    }
}

fn content_words(text: &str) -> Vec<u64> {
    let mut end = text.len().min(PROBE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut words = Vec::with_capacity(if end < 64 { 8 } else { WORDS_AROUND });
    if text.is_ascii() {
        let letters = text.as_bytes().split(|byte| !byte.is_ascii_alphabetic());
        for word in letters.filter(|word| word.len() > 3) {
            // Bytes of ASCII are characters.
            let is_small = std::str::from_utf8(word).is_ok_and(is_small_word);
            if !is_small {
                let stem = word.iter().take(STEM_CHARS);
                words.push(stem.fold(HASH_START, |hash, byte| {
                    hash_char(hash, byte.to_ascii_lowercase().into())
                }));
            }
        }
        return words;
    }
    for word in text.split(|c: char| !c.is_alphabetic()) {
        let Some(first) = word.chars().next() else {
            continue;
        };
        if is_unspaced(first) {
            let letters: Vec<char> = word.chars().collect();
            words.extend(letters.windows(2).map(|pair| hash(pair.iter().copied())));
        } else if word.chars().nth(3).is_some() && !is_small_word(word) {
            words.push(hash(word.chars().take(STEM_CHARS).flat_map(lower)));
        }
    }
    words
}

/// The hash of no letters.
pub(super) const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// Source: FNV-1a, over code points.
fn hash(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(HASH_START, hash_char)
}

/// The hash with another letter.
fn hash_char(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3)
}

/// The hash with another letter, small for a capital.
pub(super) fn hash_small(hash: u64, c: char) -> u64 {
    match c.is_ascii() {
        true => hash_char(hash, c.to_ascii_lowercase()),
        false => c.to_lowercase().fold(hash, hash_char),
    }
}

/// The small letters of a character, mostly one.
fn lower(c: char) -> impl Iterator<Item = char> {
    let (ascii, other) = match c.is_ascii() {
        true => (Some(c.to_ascii_lowercase()), None),
        false => (None, Some(c.to_lowercase())),
    };
    ascii.into_iter().chain(other.into_iter().flatten())
}
