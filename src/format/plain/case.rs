//! The case of a line's words.

use std::sync::LazyLock;

use super::shape::{letter_words, without_number};

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

/// A small word is no longer, in bytes.
const MAX_SMALL_BYTES: usize = 7;

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
    packed(word).is_some_and(is_small_packed)
}

/// Whether up to seven small ASCII letters, packed into a number, are a small word.
pub(super) fn is_small_packed(word: u64) -> bool {
    static PACKED: LazyLock<SmallWords> = LazyLock::new(SmallWords::new);
    PACKED.has(word)
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
    if word.len() > MAX_SMALL_BYTES {
        return None;
    }
    let pack = |number, byte: u8| number << 8 | u64::from(byte.to_ascii_lowercase());
    Some(word.bytes().fold(0, pack))
}

pub(super) fn case_of(text: &str) -> LetterCase {
    let core = without_number(text);
    let is_ascii = core.is_ascii();
    let (mut letters, mut has_small, mut has_capital) = (0, false, false);
    if is_ascii {
        for byte in core.bytes() {
            letters += usize::from(byte.is_ascii_alphabetic());
            has_small |= byte.is_ascii_lowercase();
            has_capital |= byte.is_ascii_uppercase();
        }
    } else {
        for c in core.chars() {
            letters += usize::from(c.is_alphabetic());
            has_small |= c.is_lowercase();
            has_capital |= c.is_uppercase();
        }
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
    let words = match is_ascii {
        true => CasedWords::of_ascii(core),
        false => CasedWords::of(core),
    };
    words.case(text)
}

/// The words of a line, counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct CasedWords {
    all: usize,
    capitals: usize,
    /// Those that are no small words.
    big: usize,
    big_capitals: usize,
    first: Option<FirstLetter>,
}

/// How the first word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FirstLetter {
    Capital,
    Small,
    Caseless,
}

impl CasedWords {
    fn of(text: &str) -> CasedWords {
        let mut words = CasedWords::default();
        for word in letter_words(text) {
            let letter = match word.chars().next() {
                Some(c) if c.is_uppercase() => FirstLetter::Capital,
                Some(c) if c.is_lowercase() => FirstLetter::Small,
                _ => FirstLetter::Caseless,
            };
            words.add(letter, is_small_word(word));
        }
        words
    }

    /// The same for ASCII, in one pass.
    fn of_ascii(text: &str) -> CasedWords {
        let mut words = CasedWords::default();
        let (mut packed, mut len) = (0u64, 0);
        let mut letter = FirstLetter::Small;
        for byte in text.bytes().chain([b' ']) {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'\'' | b'-' | b'_') {
                if len == 0 {
                    if !byte.is_ascii_alphabetic() {
                        continue;
                    }
                    letter = match byte.is_ascii_uppercase() {
                        true => FirstLetter::Capital,
                        false => FirstLetter::Small,
                    };
                }
                packed = packed << 8 | u64::from(byte.to_ascii_lowercase());
                len += 1;
            } else if len > 0 {
                words.add(letter, len <= MAX_SMALL_BYTES && is_small_packed(packed));
                (packed, len) = (0, 0);
            }
        }
        words
    }

    fn add(&mut self, letter: FirstLetter, is_small: bool) {
        let is_capital = usize::from(letter == FirstLetter::Capital);
        self.first.get_or_insert(letter);
        self.all += 1;
        self.capitals += is_capital;
        if !is_small {
            self.big += 1;
            self.big_capitals += is_capital;
        }
    }

    /// The case of the line `text`, which has small letters or capitals.
    fn case(&self, text: &str) -> LetterCase {
        let (big, big_capitals) = match self.big {
            0 => (self.all, self.capitals),
            big => (big, self.big_capitals),
        };
        let Some(first) = self.first else {
            return LetterCase::Wordless;
        };
        if first == FirstLetter::Capital && big >= 2 {
            return match big_capitals * 4 >= big * 3 {
                true => LetterCase::Titled,
                false => LetterCase::Sentence,
            };
        }
        match first {
            FirstLetter::Capital | FirstLetter::Caseless => LetterCase::One,
            FirstLetter::Small if is_plain_small(text) => LetterCase::Small,
            FirstLetter::Small => LetterCase::Odd,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_ascii_are_counted_as_others_are() {
        for text in [
            "The Quay of Riga",
            "3-d prints and 2nd boats: don't",
            "iOS, x86 -- foo_bar",
            "'tis 'Quoted' words-",
            "the",
            "",
            "12 - 3",
        ] {
            assert_eq!(CasedWords::of_ascii(text), CasedWords::of(text), "{text}");
        }
        assert_eq!(case_of("The Quay of Riga"), LetterCase::Titled);
        assert_eq!(case_of("The quay of Riga in winter"), LetterCase::Sentence);
        assert_eq!(case_of("iOS"), LetterCase::Odd);
    }
}
