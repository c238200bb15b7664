//! Cuts text into words with positions.
//!
//! A word is a run of letters, digits and marks. An apostrophe joins letters (`don't`), a full stop joins single
//! letters (`U.S`) and digits (`3.14`), a comma digits (`1,000`). An elided article is a word of its own before a vowel
//! (`l'État`). Signs belong to a few names (`C++`, `C#`, `.NET`). Marks of notes (`charters¹`, `rules[3]`) are no words.
//!
//! Scripts that put no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, are cut into
//! pairs that overlap: at each character one word of it and the next one, at the last one of a run the character
//! alone. So any stretch of two or more characters is a phrase of pairs. White space does not end such a run, but for
//! Korean's.

use std::ops::Range;

use super::boundaries::{ByteKind, char_at, is_net, plain_word, word_end};
use super::fold::{fold_into, with_apostrophes};
use super::is_barrier;
use super::notes::{is_raised, notes_end};
use super::pairs::{self, is_paired, is_unspaced};
use super::plain_count::count_plain;

/// By how much the position jumps between two words with a block's or a cell's end between them, beside the usual 1.
/// It exceeds the largest slop of a phrase, so that no phrase crosses.
pub const BARRIER_GAP: u32 = 101;

/// What a word is, in the ways that it can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WordKind {
    /// A word between spaces or punctuation.
    #[default]
    Whole,
    /// Two neighbouring characters of a script that is cut into pairs.
    Pair,
    /// The last character of a run of such a script.
    Last,
}

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The folded form.
    pub form: String,
    /// The bytes of the text it was read from.
    pub range: Range<usize>,
    /// Where its first character ends if it is a pair, else where it ends itself; in bytes of the text.
    pub lead_end: usize,
    /// What it is.
    pub kind: WordKind,
    /// The position, 0-based; it rises by 1 a word, by 1 + [`BARRIER_GAP`] over a block's or a cell's end.
    pub position: u32,
}

/// Reads the words of a text one after the other, without an allocation a word.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
    cut: WordBounds,
    next_position: u32,
    position: u32,
    form: String,
}

/// Where a word lies in the text.
#[derive(Debug, Clone, Copy, Default)]
struct WordBounds {
    start: usize,
    end: usize,
    /// The second character's start of a pair.
    second: usize,
    /// The first character's end of a pair; that of a character alone.
    lead_end: usize,
    kind: WordKind,
    letters: Letters,
}

/// What a word is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Letters {
    /// ASCII letters and digits, without capitals but for the first letter.
    Small,
    /// ASCII letters and digits, with capitals behind the first letter.
    Capitals,
    /// Anything.
    #[default]
    Any,
}

impl<'a> Words<'a> {
    /// Begins before the first word of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Words<'a> {
        Words {
            text,
            at: 0,
            cut: WordBounds::default(),
            next_position: 0,
            position: 0,
            form: String::new(),
        }
    }

    /// Moves to the next word; false behind the last.
    pub fn advance(&mut self) -> bool {
        let is_one = self.advance_unfolded();
        if is_one {
            self.fold_form();
        }
        is_one
    }

    /// Moves to the next word, whose form is known once [`Words::fold_form`] has made it; false behind the last.
    pub fn advance_unfolded(&mut self) -> bool {
        if !self.next_cut() {
            return false;
        }
        self.position = self.next_position;
        self.next_position += 1;
        true
    }

    /// Makes the form of the current word. That of a whole word depends on how it is written alone.
    pub fn fold_form(&mut self) {
        self.form.clear();
        match (self.cut.kind, self.cut.letters) {
            (WordKind::Whole, Letters::Any) => {
                fold_into(&self.text[self.cut.start..self.cut.end], &mut self.form);
                with_apostrophes(&mut self.form);
            }
            (WordKind::Whole, _) => {
                (self.form).push_str(&self.text[self.cut.start..self.cut.end]);
                self.form.make_ascii_lowercase();
            }
            _ => self.fold_pair(),
        }
    }

    /// Whether the current word may have capitals behind its first letter, or folds to other letters than it is written in.
    pub(super) fn may_have_capitals(&self) -> bool {
        match self.cut.letters {
            Letters::Small => false,
            Letters::Capitals => true,
            // A word in small letters, but for its first one, has none.
            Letters::Any => {
                let written = self.text.as_bytes().get(self.range());
                written.and_then(|bytes| bytes.get(1..)) != self.form.as_bytes().get(1..)
            }
        }
    }

    /// Whether the current word is of ASCII letters and digits alone.
    pub(super) fn is_plain(&self) -> bool {
        self.cut.letters != Letters::Any
    }

    /// Whether the current word is of ASCII letters and digits alone, without capitals but for the first letter: then its form is
    /// as it is written but for that, and it has no parts.
    #[inline]
    pub(crate) fn is_small(&self) -> bool {
        self.cut.letters == Letters::Small
    }

    /// Gives the form away for another string, which the next form is written into.
    pub fn swap_form(&mut self, other: &mut String) {
        std::mem::swap(&mut self.form, other);
    }

    fn fold_pair(&mut self) {
        let cut = &self.cut;
        pairs::fold_into(&self.text[cut.start..cut.lead_end], &mut self.form);
        if cut.kind == WordKind::Pair {
            pairs::fold_into(&self.text[cut.second..cut.end], &mut self.form);
        }
    }

    /// The text that is read.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The folded form of the current word.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The current word as it is written.
    #[must_use]
    pub fn written(&self) -> &'a str {
        self.text.get(self.range()).unwrap_or_default()
    }

    /// The bytes of the current word in the text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.cut.start..self.cut.end
    }

    /// Where the first character of the current word ends if it is a pair, else where the word does.
    #[must_use]
    pub fn lead_end(&self) -> usize {
        match self.cut.kind {
            WordKind::Whole => self.cut.end,
            _ => self.cut.lead_end,
        }
    }

    /// The position of the current word.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.position
    }

    /// What the current word is.
    #[must_use]
    pub fn kind(&self) -> WordKind {
        self.cut.kind
    }

    /// Whether the current word is a single letter that is a capital or stands beside a sign, as initials and variables
    /// are written.
    pub(super) fn is_initial(&self) -> bool {
        let mut letters = self.text[self.range()].chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return false;
        };
        let before = self.text[..self.cut.start].chars().next_back();
        let behind = self.text[self.cut.end..].chars().next();
        let is_apart = |c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}');
        letter.is_uppercase() || !before.is_none_or(is_apart) || !behind.is_none_or(is_apart)
    }

    /// Finds the next word; false behind the last.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: for each word that is indexed; a word starts in the text"
    )]
    fn next_cut(&mut self) -> bool {
        let Some(start) = self.skip_to_word() else {
            return false;
        };
        if let Some(word) = plain_word(self.text.as_bytes(), start) {
            self.at = word.end;
            self.cut.start = start;
            self.cut.end = word.end;
            self.cut.kind = WordKind::Whole;
            self.cut.letters = match word.has_capitals {
                true => Letters::Capitals,
                false => Letters::Small,
            };
            return true;
        }
        self.cut.letters = Letters::Any;
        if self.text.as_bytes()[start] >= 0xe0 && is_paired(char_at(self.text, start)) {
            self.cut = self.next_paired(start);
            return true;
        }
        let end = word_end(self.text, start);
        self.at = match self.text.as_bytes().get(end) {
            // What a note may begin with; nearly no word has one.
            Some(b'[' | 0xc2 | 0xe2) => notes_end(self.text, end),
            _ => end,
        };
        self.cut.start = start;
        self.cut.end = end;
        self.cut.kind = WordKind::Whole;
        true
    }

    /// The pair that begins at `start`, or the character that stands there alone.
    fn next_paired(&mut self, start: usize) -> WordBounds {
        let lead_end = pairs::character_end(self.text, start);
        let second = next_of_run(self.text, start, lead_end);
        self.at = second.unwrap_or(lead_end);
        WordBounds {
            start,
            end: second.map_or(lead_end, |second| pairs::character_end(self.text, second)),
            second: self.at,
            lead_end,
            kind: match second {
                Some(_) => WordKind::Pair,
                None => WordKind::Last,
            },
            letters: Letters::Any,
        }
    }

    /// The start of the next word; barriers on the way move the next position.
    fn skip_to_word(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut barrier = false;
        while let Some(&byte) = bytes.get(self.at) {
            let kind = ByteKind::of(byte);
            if !kind.is(ByteKind::NOTED) {
                self.at += 1;
            } else if kind.is(ByteKind::ALPHANUMERIC) {
                break;
            } else if kind.is(ByteKind::STOP) {
                if is_net(bytes, self.at) {
                    break;
                }
                self.at += 1;
            } else if kind.is(ByteKind::BARRIER) {
                barrier = true;
                self.at += 1;
            } else if kind.is(ByteKind::BRACKET) {
                self.at = notes_end(self.text, self.at).max(self.at + 1);
            } else {
                let c = char_at(self.text, self.at);
                let behind = match is_raised(c) {
                    true => notes_end(self.text, self.at),
                    false => self.at,
                };
                if behind == self.at && (c.is_alphanumeric() || is_paired(c)) {
                    break;
                }
                self.at = behind.max(self.at + c.len_utf8());
            }
        }
        if barrier && self.next_position > 0 {
            self.next_position += BARRIER_GAP;
        }
        (self.at < bytes.len()).then_some(self.at)
    }
}

/// The start of the character that goes on the run behind the one at `start..end`; `None` where that ends the run.
fn next_of_run(text: &str, start: usize, end: usize) -> Option<usize> {
    let mut is_spaced = false;
    let mut at = end;
    while let Some(c) = text[at..].chars().next() {
        let note_end = notes_end(text, at);
        match c {
            '\u{200b}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' => {}
            _ if note_end > at => {}
            _ if is_paired(c) => {
                let first = text[start..].chars().next()?;
                let goes_on = !is_spaced || (is_unspaced(first) && is_unspaced(c));
                return goes_on.then_some(at);
            }
            _ if c.is_whitespace() && !is_barrier(c) => is_spaced = true,
            _ => return None,
        }
        at = note_end.max(at + c.len_utf8());
    }
    None
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
            lead_end: stream.lead_end(),
            kind: stream.cut.kind,
            position: stream.position,
        });
    }
    all
}

/// The words without the last one where it is a character that the pair before it holds.
#[must_use]
pub fn without_held_end(words: &[Word]) -> &[Word] {
    match words {
        [front @ .., last] if last.kind == WordKind::Last => match front.last() {
            Some(pair) if pair.kind == WordKind::Pair => front,
            _ => words,
        },
        _ => words,
    }
}

/// The number of words of `text`, as [`Words`] cuts it.
#[must_use]
pub fn count_words(text: &str) -> u64 {
    let mut stream = Words::new(text);
    let mut count = 0;
    loop {
        let (plain, behind) = count_plain(text.as_bytes(), stream.at);
        stream.at = behind;
        count += plain;
        if !stream.next_cut() {
            return count;
        }
        count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::boundaries::MAX_WORD_BYTES;
    use crate::analysis::fold;

    fn forms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn punctuation_joins_only_what_belongs_together() {
        assert_eq!(
            forms("Don't, U.S. wi-fi 3.14 1,000 C++ foo/bar snake_case"),
            [
                "don't", "u.s", "wi", "fi", "3.14", "1,000", "c++", "foo", "bar", "snake", "case"
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
        let text = "Café — Großе naïve 北京大 学, don\u{2019}t  ко\u{301}смос";
        for word in words(text) {
            assert_eq!(fold_of(&text[word.range.clone()]), word.form);
        }
        assert_eq!(count_words(text), words(text).len() as u64);
    }

    fn fold_of(raw: &str) -> String {
        fold::fold(raw).replace(' ', "")
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs_that_overlap() {
        assert_eq!(
            forms("北京a大学bc 京"),
            ["北京", "京", "a", "大学", "学", "bc", "京"]
        );
        // A hard wrap does not part a run; a paragraph's end does. Korean has spaces between words.
        assert_eq!(forms("北京\u{b}大\n学"), ["北京", "京大", "大", "学"]);
        assert_eq!(
            forms("한국어는 사전"),
            ["한국", "국어", "어는", "는", "사전", "전"]
        );
        assert_eq!(forms("กิน1๒"), ["กิ", "ิน", "น", "12"]);
        assert_eq!(forms("ន្ទ ဖွ"), ["ន្", "្ទ", "ទဖ", "ဖွ", "ွ"]);
        assert_eq!(
            forms("iPhone15を買う。"),
            ["iphone15", "を买", "买う", "う"]
        );
    }

    #[test]
    fn composed_and_decomposed_characters_make_the_same_pairs() {
        assert_eq!(forms("か\u{3099}く"), forms("がく"));
        assert_eq!(forms("ｶﾞｸ"), forms("ガク"));
        assert_eq!(
            forms("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
            ["한국", "국"]
        );
        assert_eq!(forms("น\u{e4d}\u{e32}ท"), forms("นำท"));
        let word = &words("か\u{3099}く")[0];
        assert_eq!((word.range.clone(), word.lead_end), (0..9, 6));
    }

    #[test]
    fn names_keep_their_signs_and_elided_articles_are_words() {
        assert_eq!(
            forms("C++ C++11 c# F#, a++b x+++ #tag ASP.NET .net .network C#Maidan"),
            [
                "c++", "c++", "11", "c#", "f#", "a", "b", "x", "tag", "asp", ".net", ".net",
                "network", "c", "maidan"
            ]
        );
        assert_eq!(
            forms("l'État d\u{2019}une aujourd'hui dell'arte qu'il O'Brien don't c'mon L'Hôpital"),
            [
                "l",
                "etat",
                "d",
                "une",
                "aujourd'hui",
                "dell",
                "arte",
                "qu",
                "il",
                "o'brien",
                "don't",
                "c'mon",
                "l",
                "hopital"
            ]
        );
        assert_eq!(
            forms("צה\"ל צה״ל col·lecció ٣٫١٤ ٢٠١٤ ऽ"),
            ["צה\"ל", "צה\"ל", "colleccio", "3.14", "2014", "ऽ"]
        );
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
