//! Which words are function words, and in which languages: looked up in a table, or for a few words in the lists.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{self, AtomicU32};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::language::Language;

/// A function word.
pub(super) struct FunctionWord {
    /// Its languages, as bits.
    pub(super) languages: u128,
}

/// The function words of all languages.
pub(super) static FUNCTION_WORDS: LazyLock<FunctionWordTable> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, FunctionWord, BuildHasherDefault<ShortHasher>> =
        HashMap::default();
    for language in Language::all() {
        for word in language.function_words() {
            let word = words.entry(word).or_insert(FunctionWord { languages: 0 });
            word.languages |= language.bit();
        }
    }
    words
});

type FunctionWordTable = HashMap<&'static str, FunctionWord, BuildHasherDefault<ShortHasher>>;

/// Hashes short words faster than the standard library does.
///
/// Source: FNV-1a, Fowler, Noll and Vo; draft-eastlake-fnv.
pub(super) struct ShortHasher(u64);

impl Default for ShortHasher {
    fn default() -> ShortHasher {
        ShortHasher(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for ShortHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// So many words are looked for in the lists; who asks for more asks for many, and a table is made.
const MOST_LOOKS: u32 = 64;

/// The languages of a word as bits, where it is a function word of any.
pub(super) fn languages_of(form: &str) -> u128 {
    static LOOKS: AtomicU32 = AtomicU32::new(0);
    // The table takes longer than a short query.
    match LOOKS.load(atomic::Ordering::Relaxed) < MOST_LOOKS {
        true => {
            LOOKS.fetch_add(1, atomic::Ordering::Relaxed);
            known_languages(form)
        }
        false => FUNCTION_WORDS.get(form).map_or(0, |word| word.languages),
    }
}

/// The same of one of the first words that are asked for, each several times.
fn known_languages(form: &str) -> u128 {
    static KNOWN: Mutex<Vec<(Box<str>, u128)>> = Mutex::new(Vec::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known()
        .iter()
        .find(|(own, _)| **own == *form)
        .map(|own| own.1);
    found.unwrap_or_else(|| {
        let languages = listed_languages(form);
        known().push((form.into(), languages));
        languages
    })
}

/// The same without the table.
fn listed_languages(form: &str) -> u128 {
    let has = |language: &Language| has_line(language.function_word_list(), form);
    Language::all()
        .filter(has)
        .fold(0, |all, language| all | language.bit())
}

/// Whether a text of sorted lines has this one.
fn has_line(text: &str, line: &str) -> bool {
    let mut rest = text.as_bytes();
    let is_end = |byte: &u8| *byte == b'\n';
    while !rest.is_empty() {
        let (before, behind) = rest.split_at(rest.len() / 2);
        let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
        let len = behind.iter().position(is_end);
        let end = before.len() + len.unwrap_or(behind.len());
        let own = rest.get(start..end).unwrap_or_default();
        let own = own.strip_suffix(b"\r").unwrap_or(own);
        rest = match own.cmp(line.as_bytes()) {
            Ordering::Equal => return true,
            Ordering::Less => rest.get(end + 1..).unwrap_or_default(),
            Ordering::Greater => rest.get(..start).unwrap_or_default(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_and_the_table_know_the_same_function_words() {
        for language in Language::all() {
            for word in language.function_words() {
                let known = FUNCTION_WORDS.get(word).map(|known| known.languages);
                assert_eq!(Some(listed_languages(word)), known, "{word}");
            }
        }
        for word in ["", "harbour", "\n", "the\nthe", "th"] {
            let known = FUNCTION_WORDS.get(word).map_or(0, |known| known.languages);
            assert_eq!(listed_languages(word), known, "{word}");
        }
    }
}
