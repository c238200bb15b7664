//! Cuts text into words with positions.
//!
//! A word is a run of letters, digits and marks. An apostrophe joins letters (`don't`), a full stop joins single
//! letters (`U.S`) and digits (`3.14`), a comma digits (`1,000`). Each Han, Hiragana or Katakana character is a word.
//! Source for the joining rules: Unicode Standard Annex 29, section 4.1 (WB6, WB7, WB11, WB12), narrowed for the full
//! stop so that `example.com` and `end.Start` are two words.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::fold::fold_into;
use super::is_barrier;

/// By how much the position jumps between two words with a block's or a cell's end between them, beside the usual 1.
/// It exceeds the largest slop of a phrase, so that no phrase crosses.
pub const BARRIER_GAP: u32 = 101;

/// A longer run of letters is cut into words of at most this many bytes.
const MAX_WORD_BYTES: usize = 128;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The folded form.
    pub form: String,
    /// The bytes of the text it was read from.
    pub range: Range<usize>,
    /// The position, 0-based; it rises by 1 a word, by 1 + [`BARRIER_GAP`] over a block's or a cell's end.
    pub position: u32,
}

/// Reads the words of a text one after the other, without an allocation a word.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
    range: Range<usize>,
    next_position: u32,
    position: u32,
    form: String,
}

impl<'a> Words<'a> {
    /// Begins before the first word of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Words<'a> {
        Words {
            text,
            at: 0,
            range: 0..0,
            next_position: 0,
            position: 0,
            form: String::new(),
        }
    }

    /// Moves to the next word; false behind the last.
    pub fn advance(&mut self) -> bool {
        let Some(range) = self.next_range() else {
            return false;
        };
        self.range = range;
        self.position = self.next_position;
        self.next_position += 1;
        self.form.clear();
        fold_into(&self.text[self.range.clone()], &mut self.form);
        true
    }

    /// The folded form of the current word.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The bytes of the current word in the text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The position of the current word.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.position
    }

    fn next_range(&mut self) -> Option<Range<usize>> {
        let start = self.skip_to_word()?;
        let end = word_end(self.text, start);
        self.at = end;
        Some(start..end)
    }

    /// The start of the next word; barriers on the way move the next position.
    fn skip_to_word(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut barrier = false;
        while let Some(&byte) = bytes.get(self.at) {
            if byte.is_ascii_alphanumeric() {
                break;
            }
            if byte < 0x80 {
                barrier |= is_barrier(byte as char);
                self.at += 1;
                continue;
            }
            let c = char_at(self.text, self.at);
            if c.is_alphanumeric() {
                break;
            }
            self.at += c.len_utf8();
        }
        if barrier && self.next_position > 0 {
            self.next_position += BARRIER_GAP;
        }
        (self.at < bytes.len()).then_some(self.at)
    }
}

/// The words of `text`, in order.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut stream = Words::new(text);
    while stream.advance() {
        all.push(Word {
            form: stream.form.clone(),
            range: stream.range(),
            position: stream.position,
        });
    }
    all
}

/// The number of words of `text`, as [`Words`] cuts it.
#[must_use]
pub fn count_words(text: &str) -> u64 {
    let mut stream = Words::new(text);
    let mut count = 0;
    while stream.next_range().is_some() {
        count += 1;
    }
    count
}

/// The end of the word that starts at `start`.
fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            at += 1;
        } else if let Some(end) = other_end(text, start, at) {
            at = end;
        } else {
            break;
        }
        if at - start >= MAX_WORD_BYTES || (byte >= 0x80 && stands_alone(char_at(text, start))) {
            break;
        }
    }
    at
}

/// Where the word goes on behind what stands at `at` and is no ASCII letter or digit; `None` where it ends.
fn other_end(text: &str, start: usize, at: usize) -> Option<usize> {
    let c = char_at(text, at);
    let end = at + c.len_utf8();
    match c {
        '\'' | '\u{2019}' | '.' | ',' => joins(text, start, at, end).then_some(end),
        _ if c.is_ascii() => None,
        _ if stands_alone(c) => (at == start).then_some(end),
        _ => is_inside(c).then_some(end),
    }
}

/// Whether the punctuation at `at..end` joins what stands before and behind it.
fn joins(text: &str, start: usize, at: usize, end: usize) -> bool {
    let (Some(before), Some(behind)) = (
        text[start..at].chars().next_back(),
        text[end..].chars().next(),
    ) else {
        return false;
    };
    match text.as_bytes()[at] {
        b',' => before.is_ascii_digit() && behind.is_ascii_digit(),
        b'.' if before.is_ascii_digit() => behind.is_ascii_digit(),
        b'.' => joins_initials(text, start, at, end),
        _ => before.is_alphabetic() && behind.is_alphabetic() && !stands_alone(behind),
    }
}

/// Whether the full stop at `at` stands between single letters, as in `U.S.` and `e.g.`.
fn joins_initials(text: &str, start: usize, at: usize, end: usize) -> bool {
    let single = |c: char| c.is_alphabetic() && !stands_alone(c);
    let mut before = text[start..at].chars().rev();
    let mut behind = text[end..].chars();
    before.next().is_some_and(single)
        && before.next().is_none_or(|c| c == '.')
        && behind.next().is_some_and(single)
        && behind
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && !is_combining_mark(c))
}

/// Whether a character continues a word: letters, digits, marks, and what is invisible inside one.
fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Whether a character is a word of its own: scripts without spaces, written one word-part a character.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && !is_combining_mark(c)
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn punctuation_joins_only_what_belongs_together() {
        assert_eq!(
            forms("Don't, U.S. wi-fi 3.14 1,000 C++ foo/bar snake_case"),
            [
                "don't", "u.s", "wi", "fi", "3.14", "1,000", "c", "foo", "bar", "snake", "case"
            ]
        );
        assert_eq!(
            forms("end.Start example.com a.b ab.c 10:30 x, y e.g. 'quoted' it\u{2019}s"),
            [
                "end", "start", "example", "com", "a.b", "ab", "c", "10", "30", "x", "y", "e.g",
                "quoted", "it's"
            ]
        );
    }

    #[test]
    fn positions_jump_over_blocks_and_cells_and_nothing_else() {
        let at: Vec<u32> = words("\none two\x0bthree\nfour\n\n\tfive")
            .iter()
            .map(|w| w.position)
            .collect();
        assert_eq!(at, [0, 1, 2, 3 + BARRIER_GAP, 4 + 2 * BARRIER_GAP]);
    }

    #[test]
    fn ranges_are_those_of_the_text_and_counting_agrees() {
        let text = "Café — Großе naïve 北京大学, don\u{2019}t  ко\u{301}смос";
        for word in words(text) {
            assert_eq!(fold_of(&text[word.range.clone()]), word.form);
        }
        assert_eq!(count_words(text), words(text).len() as u64);
    }

    fn fold_of(raw: &str) -> String {
        let mut out = String::new();
        fold_into(raw, &mut out);
        out
    }

    #[test]
    fn ideographs_are_words_of_their_own() {
        assert_eq!(forms("北京a大学bc"), ["北", "京", "a", "大", "学", "bc"]);
    }

    #[test]
    fn no_word_has_an_empty_form() {
        for c in (0x80..=0x10ffff).filter_map(char::from_u32) {
            for word in words(&format!(" {c} ")) {
                assert!(
                    !word.form.trim().is_empty() && !word.form.contains(' '),
                    "{c:?}"
                );
            }
        }
    }

    #[test]
    fn an_endless_word_is_cut_and_kept() {
        let text = "é".repeat(1000);
        let all = words(&text);
        assert!(all.iter().all(|w| w.range.len() <= MAX_WORD_BYTES + 1));
        assert_eq!(all.iter().map(|w| w.range.len()).sum::<usize>(), text.len());
    }
}
