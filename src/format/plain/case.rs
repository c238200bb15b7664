//! The case of a line's words.

use std::sync::LazyLock;

use super::shape::{letter_words, starts_lower, without_number};

/// Words that bind others, in lower case: no line of text ends with one by choice.
pub(super) static SMALL_WORDS: [&str; 87] = [
    "a", "about", "after", "an", "and", "are", "as", "at", "be", "been", "before", "between",
    "but", "by", "can", "did", "do", "does", "down", "for", "from", "had", "has", "have", "he",
    "her", "his", "i", "if", "in", "into", "is", "it", "its", "my", "no", "not", "of", "off", "on",
    "onto", "or", "our", "out", "over", "per", "she", "so", "than", "that", "the", "their",
    "these", "they", "this", "those", "to", "under", "up", "via", "vs", "was", "we", "were",
    "what", "when", "which", "while", "who", "why", "will", "with", "within", "without", "yet",
    "you", "your", "am", "could", "how", "may", "must", "should", "some", "such", "there", "would",
];

/// The case of a line's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum LetterCase {
    /// ALL CAPITALS.
    Capitals,
    /// Capitals on Most Words.
    Titled,
    /// A capital on the first word only.
    Sentence,
    /// One word with a capital.
    One,
    /// a small first word.
    Small,
    /// A first word such as `iOS`, `x86` or `foo_bar`.
    Odd,
    /// A script without case.
    None,
    /// No letters.
    Wordless,
}

pub(super) fn is_small_word(word: &str) -> bool {
    static PACKED: LazyLock<SmallWords> = LazyLock::new(SmallWords::new);
    packed(word).is_some_and(|word| PACKED.has(word))
}

/// The small words, packed and in order, and one bit for each in a table that most other words miss.
struct SmallWords {
    sorted: Vec<u64>,
    bits: [u64; 16],
}

impl SmallWords {
    fn new() -> SmallWords {
        let mut sorted: Vec<u64> = SMALL_WORDS.iter().filter_map(|word| packed(word)).collect();
        sorted.sort_unstable();
        let mut bits = [0; 16];
        for &word in &sorted {
            let (place, bit) = SmallWords::place(word);
            bits[place] |= 1 << bit;
        }
        SmallWords { sorted, bits }
    }

    fn has(&self, word: u64) -> bool {
        let (place, bit) = SmallWords::place(word);
        self.bits[place] >> bit & 1 == 1 && self.sorted.binary_search(&word).is_ok()
    }

    /// Ten bits of a product: four for the number, six for the bit in it.
    fn place(word: u64) -> (usize, u32) {
        let product = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((product >> 60) as usize, (product >> 54 & 63) as u32)
    }
}

/// Up to seven ASCII letters in one number, small ones for capitals.
fn packed(word: &str) -> Option<u64> {
    if word.len() > 7 {
        return None;
    }
    let pack = |number, byte: u8| number << 8 | u64::from(byte.to_ascii_lowercase());
    Some(word.bytes().fold(0, pack))
}

pub(super) fn case_of(text: &str) -> LetterCase {
    let core = without_number(text);
    let (mut letters, mut has_small, mut has_capital) = (0, false, false);
    for c in core.chars() {
        letters += usize::from(c.is_alphabetic());
        has_small |= c.is_lowercase();
        has_capital |= c.is_uppercase();
    }
    if !has_small && !has_capital {
        return match letters {
            0 => LetterCase::Wordless,
            _ => LetterCase::None,
        };
    }
    if letters >= 3 && !has_small {
        return LetterCase::Capitals;
    }
    let (mut all, mut big, mut capitals, mut big_capitals) = (0, 0, 0, 0);
    let mut first = None;
    for word in letter_words(core) {
        let is_capital = word.starts_with(char::is_uppercase);
        first.get_or_insert(word);
        all += 1;
        capitals += usize::from(is_capital);
        if !is_small_word(word) {
            big += 1;
            big_capitals += usize::from(is_capital);
        }
    }
    if big == 0 {
        (big, big_capitals) = (all, capitals);
    }
    let Some(first) = first else {
        return LetterCase::Wordless;
    };
    let starts_big = first.starts_with(char::is_uppercase);
    if starts_big && big >= 2 {
        return if big_capitals * 4 >= big * 3 {
            LetterCase::Titled
        } else {
            LetterCase::Sentence
        };
    }
    if starts_big || !starts_lower(first) {
        LetterCase::One
    } else if is_plain_small(text) {
        LetterCase::Small
    } else {
        LetterCase::Odd
    }
}

/// Whether a line begins with a word of small letters alone.
fn is_plain_small(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    end > 0
        && text[..end].chars().all(char::is_lowercase)
        && text[end..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '\'' | '\u{2019}'))
}
