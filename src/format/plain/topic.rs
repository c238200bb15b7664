//! Whether a line names what follows: the words that it shares with the blocks around it.

use std::ops::Range;

use super::blocks::TextBlock;
use super::case::{is_small_packed, is_small_word};
use crate::analysis::{boundary_at, is_unspaced};

/// So many bytes from the front of a block are looked at.
const PROBE_BYTES: usize = 400;
/// So many words on each side are compared.
const WORDS_AROUND: usize = 40;
/// So many blocks on each side are compared.
const BLOCKS_AROUND: usize = 6;
/// Shorter words tell nothing of what a text is about, in characters.
const MIN_CHARS: usize = 4;
/// So many letters of ASCII are packed into a number.
const PACKED_LETTERS: usize = 8;
/// Words are compared by so many letters.
const STEM_CHARS: usize = 5;

/// The words of all blocks, read when they are first asked for.
pub(super) struct Topics<'b, 'a> {
    blocks: &'b [TextBlock<'a>],
    /// The words of the blocks that were read.
    words: Vec<u64>,
    /// Where the words of each block stand among them; `None` for a block that was not read.
    places: Vec<Option<Range<u32>>>,
    /// The words around a block.
    around: Vec<u64>,
}

impl<'b, 'a> Topics<'b, 'a> {
    pub(super) fn new(blocks: &'b [TextBlock<'a>]) -> Topics<'b, 'a> {
        Topics {
            blocks,
            words: Vec::new(),
            places: vec![None; blocks.len()],
            around: Vec::with_capacity(WORDS_AROUND),
        }
    }

    /// Reads block `at`, where there is one.
    pub(super) fn read(&mut self, at: usize) {
        let (Some(block), Some(place)) = (self.blocks.get(at), self.places.get_mut(at)) else {
            return;
        };
        if place.is_none() {
            let from = self.words.len() as u32;
            content_words(block.text, &mut self.words);
            *place = Some(from..self.words.len() as u32);
        }
    }

    /// The content words of block `at`, each as a number that its first letters make; none of a block that was not read.
    pub(super) fn words(&self, at: usize) -> &[u64] {
        let place = self.places.get(at).and_then(Option::as_ref);
        let words =
            place.and_then(|place| self.words.get(place.start as usize..place.end as usize));
        words.unwrap_or_default()
    }

    /// How many of the words of block `at` stand in the blocks below it, and above it.
    pub(super) fn shared(&mut self, at: usize) -> (usize, usize) {
        self.read(at);
        if self.words(at).is_empty() {
            return (0, 0);
        }
        let last = (at + BLOCKS_AROUND).min(self.blocks.len() - 1);
        let first = at.saturating_sub(BLOCKS_AROUND);
        let below = self.shared_with(at, at + 1..=last);
        let above = self.shared_with(at, (first..at).rev());
        (below, above)
    }

    /// How many words of block `at` are among the first of `blocks`.
    fn shared_with(&mut self, at: usize, blocks: impl Iterator<Item = usize>) -> usize {
        self.around.clear();
        for other in blocks {
            let room = WORDS_AROUND - self.around.len();
            if room == 0 {
                break;
            }
            self.read(other);
            let mut around = std::mem::take(&mut self.around);
            around.extend(self.words(other).iter().take(room));
            self.around = around;
        }
        // Most words are not there, which a bit for each tells.
        let mut bits = [0u64; 8];
        let bit = |word: &u64| {
            let product = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            ((product >> 61) as usize, 1u64 << (product >> 55 & 63))
        };
        for (place, bit) in self.around.iter().map(bit) {
            bits[place & 7] |= bit;
        }
        let is_there = |word: &&u64| {
            let (place, bit) = bit(word);
            bits[place & 7] & bit != 0 && self.around.contains(word)
        };
        self.words(at).iter().filter(is_there).count()
    }
}

/// Adds the content words at the front of a text. The letters of ASCII are packed into a number as they come.
fn content_words(text: &str, words: &mut Vec<u64>) {
    let text = &text[..boundary_at(text, PROBE_BYTES)];
    let (mut packed, mut len) = (0u64, 0);
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        let small = byte | 0x20;
        if small.is_ascii_lowercase() {
            if len < PACKED_LETTERS {
                packed = packed << 8 | u64::from(small);
            }
            (len, at) = (len + 1, at + 1);
            continue;
        }
        let other = other_letters(&text[at..]);
        if other.letters > 0 {
            other_words(&text[at - len..at + other.letters], words);
        } else {
            ascii_word(packed, len, words);
        }
        (packed, len, at) = (0, 0, at + other.letters.max(other.sign));
    }
    ascii_word(packed, len, words);
}

/// What a text begins with that does not begin with a letter of ASCII, in bytes.
struct OtherFront {
    /// The letters of a word, those of ASCII among them.
    letters: usize,
    /// The sign, where it is no letter.
    sign: usize,
}

fn other_letters(text: &str) -> OtherFront {
    let is_ascii = text.as_bytes().first().is_some_and(u8::is_ascii);
    // General punctuation, which stands in texts of all scripts.
    if is_ascii || text.as_bytes().starts_with(&[0xe2, 0x80]) {
        let sign = if is_ascii { 1 } else { 3 };
        return OtherFront { letters: 0, sign };
    }
    let letters = text.find(|c: char| !c.is_alphabetic());
    OtherFront {
        letters: letters.unwrap_or(text.len()),
        sign: text.chars().next().map_or(1, char::len_utf8),
    }
}

/// Adds a word of so many letters of ASCII, the first of which are packed.
fn ascii_word(packed: u64, len: usize, words: &mut Vec<u64>) {
    if len >= MIN_CHARS && !(len < PACKED_LETTERS && is_small_packed(packed)) {
        words.push(packed >> (8 * (len.min(PACKED_LETTERS) - len.min(STEM_CHARS))));
    }
}

/// Adds a word with letters beyond ASCII, or the pairs of letters of a script without spaces.
fn other_words(word: &str, words: &mut Vec<u64>) {
    let first = word.chars().next();
    if first.is_some_and(is_unspaced) {
        let behind = word.chars().skip(1);
        let pairs = word.chars().zip(behind);
        words.extend(pairs.map(|(one, other)| hash([one, other].into_iter())));
    } else if word.chars().nth(MIN_CHARS - 1).is_some() && !is_small_word(word) {
        words.push(stem(word.chars().take(STEM_CHARS).flat_map(lower)));
    }
}

/// The number of a word's first letters: they themselves where they are ASCII, else their hash.
fn stem(letters: impl Iterator<Item = char> + Clone) -> u64 {
    let is_ascii = letters.clone().all(|c| c.is_ascii()) && letters.clone().count() <= 8;
    match is_ascii {
        true => letters.fold(0, |packed, c| packed << 8 | u64::from(c)),
        false => hash(letters),
    }
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
fn lower(c: char) -> impl Iterator<Item = char> + Clone {
    let (ascii, other) = match c.is_ascii() {
        true => (Some(c.to_ascii_lowercase()), None),
        false => (None, Some(c.to_lowercase())),
    };
    ascii.into_iter().chain(other.into_iter().flatten())
}
