//! The dress of a text, which may differ in a normalised quotation: case, spaces, quotation marks, dashes, ellipses.
//!
//! What changes the sense is no dress: apostrophes, raised digits, fractions, spaces between numbers, and a space whose
//! loss or gain makes another word of a short or denying one (`not able`, `notable`).

use unicode_normalization::UnicodeNormalization;

use super::numbers;
use super::sense::is_listed_anywhere;
use crate::analysis::{FunctionWords, Language, is_unspaced};

/// The fewest letters of a word that may be written together with its neighbour.
const MIN_JOINED_CHARS: usize = 4;

/// Whether two texts differ in their dress alone.
pub(super) fn equal_but_for_dress(a: &str, b: &str) -> bool {
    let (a, b) = (undressed(a), undressed(b));
    a == b || (without_spaces(&a) == without_spaces(&b) && joins_are_harmless(&a, &b))
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|&c| c != ' ').collect()
}

/// The text without its dress. A space stays between letters and digits; elsewhere none does.
fn undressed(text: &str) -> String {
    let chars = without_marks(&compatible(text));
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for (at, &c) in chars.iter().enumerate() {
        match c {
            _ if c.is_whitespace() => {
                if !before.is_some_and(char::is_whitespace) && keeps_space(&chars, at) {
                    out.push(' ');
                }
            }
            // Two or three hyphens are how a dash is typed.
            '-' if before == Some('-') => {}
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            _ => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The characters without quotation marks; apostrophes stay.
fn without_marks(chars: &[char]) -> Vec<char> {
    let mut marks = OpenMarks::default();
    let mut out = Vec::with_capacity(chars.len());
    let mut before = None;
    for (at, &c) in chars.iter().enumerate() {
        let behind = chars.get(at + 1).copied();
        match c {
            _ if is_double(c) => out.extend(marks.double(before, behind)),
            _ if is_single(c) => out.extend(marks.single(before, behind)),
            _ => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The characters in small letters and compatible forms, without those that are not seen. Raised digits and fractions
/// stay as they are: `10²` is not `102`.
fn compatible(text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut push_run = |run: &str| {
        let seen = run.nfkc().filter(|&c| !is_unseen(c));
        out.extend(seen.flat_map(char::to_lowercase).map(|c| match c {
            'ς' => 'σ',
            c => c,
        }));
    };
    // Its compatible form is two primes.
    let text = text.replace('″', "\"");
    let mut rest = text.as_str();
    while let Some(at) = rest.find(keeps_form) {
        push_run(&rest[..at]);
        let len = rest[at..].chars().next().map_or(1, char::len_utf8);
        // Two marks that no text has: what stands between them is a sign of its own.
        let sign = &rest[at..at + len];
        rest = &rest[at + len..];
        push_run("\u{2}");
        push_run(&format!("{:x}", sign.chars().next().map_or(0, u32::from)));
        push_run("\u{3}");
    }
    push_run(rest);
    out
}

/// Raised and lowered letters and digits, fractions, numbers in circles.
fn keeps_form(c: char) -> bool {
    let is_number = c.is_numeric() && c.nfkc().ne([c]) && !matches!(c, '\u{ff10}'..='\u{ff19}');
    is_number
        || matches!(c, '\u{2070}'..='\u{209f}' | '\u{2b0}'..='\u{2b8}' | '\u{1d2c}'..='\u{1d6a}')
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_double(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '″'
            | '〝'
            | '〞'
            | '「'
            | '」'
            | '『'
            | '』'
    )
}

fn is_single(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '‚' | '‛' | '‹' | '›' | '`' | '´' | '′'
    )
}

/// The quotation marks that are open.
#[derive(Default)]
struct OpenMarks {
    double: usize,
    single: usize,
}

impl OpenMarks {
    /// What a double mark is: `None` for a quotation mark, a sign of its own behind a number (inches, seconds).
    fn double(&mut self, before: Option<char>, behind: Option<char>) -> Option<char> {
        let opens = !before.is_some_and(char::is_alphanumeric) && opens_before(behind);
        if opens {
            self.double += 1;
        } else if self.double == 0 && before.is_some_and(char::is_numeric) {
            return Some('"');
        } else {
            self.double = self.double.saturating_sub(1);
        }
        None
    }

    /// What a single mark is: `None` for a quotation mark, else an apostrophe (feet and minutes too).
    fn single(&mut self, before: Option<char>, behind: Option<char>) -> Option<char> {
        let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match (is_inside(before), is_inside(behind)) {
            (true, true) => return Some('\''),
            (true, false) if self.single == 0 => return Some('\''),
            (false, _) if opens_before(behind) => self.single += 1,
            _ => self.single = self.single.saturating_sub(1),
        }
        None
    }
}

fn opens_before(behind: Option<char>) -> bool {
    behind.is_some_and(|c| {
        !c.is_whitespace() && !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')')
    })
}

/// Whether the white space at `at` counts: between letters or digits, but not between the groups of a long number.
fn keeps_space(chars: &[char], at: usize) -> bool {
    let (front, rest) = chars.split_at(at);
    let behind = rest.iter().find(|c| !c.is_whitespace());
    let (Some(&before), Some(&behind)) = (front.last(), behind) else {
        return false;
    };
    if is_unspaced(before) || is_unspaced(behind) {
        return false;
    }
    if before.is_numeric() && behind.is_numeric() {
        return !numbers::parts_groups(chars, at);
    }
    (before.is_alphanumeric() && behind.is_alphanumeric()) || numbers::keeps_space(chars, at)
}

/// Whether each space that only one of two texts has stands between words that may be written together. Both are the same
/// without spaces.
fn joins_are_harmless(a: &str, b: &str) -> bool {
    let (of_a, of_b) = (spaces(a), spaces(b));
    let only = |own: &[usize], other: &[usize], text: &str, joined: &str| {
        let lonely = own.iter().filter(|at| other.binary_search(at).is_err());
        lonely.copied().all(|at| {
            let (left, right) = around(text, own, at);
            let whole = word_over(joined, other, at);
            let is_long = |word: &str| word.chars().count() >= MIN_JOINED_CHARS;
            let is_plain = |word: &str| {
                word.chars().all(char::is_alphabetic)
                    && !is_listed_anywhere(word)
                    && !is_function_word(word)
            };
            is_long(&left)
                && is_long(&right)
                && is_plain(&left)
                && is_plain(&right)
                && is_plain(&whole)
        })
    };
    only(&of_a, &of_b, a, b) && only(&of_b, &of_a, b, a)
}

/// Whether a word is an article, a pronoun or the like in any language.
fn is_function_word(word: &str) -> bool {
    Language::all().any(|language| FunctionWords::of(language).contains(word))
}

/// How many characters other than spaces stand before each space.
fn spaces(text: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let mut seen = 0;
    for c in text.chars() {
        match c {
            ' ' => all.push(seen),
            _ => seen += 1,
        }
    }
    all
}

/// The words before and behind the space that has `at` characters before it.
fn around(text: &str, spaces: &[usize], at: usize) -> (String, String) {
    let index = spaces.binary_search(&at).unwrap_or_default();
    let mut words = text.split(' ').skip(index).map(core_of);
    (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    )
}

/// The word over the place that has `at` characters before it.
fn word_over(text: &str, spaces: &[usize], at: usize) -> String {
    let index = spaces.partition_point(|&space| space < at);
    text.split(' ').nth(index).map(core_of).unwrap_or_default()
}

/// A word without the punctuation around it.
fn core_of(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dress_is_told_from_sense() {
        for (a, b, is_equal) in [
            ("The Minsk agreements", "the minsk agreements", true),
            ("don't \"go\" - now...", "don’t ‘go’ — now…", true),
            ("a word -- typed", "a word—typed", true),
            ("cease fire", "ceasefire", true),
            (
                "said the fourth faction won",
                "said the “fourth faction” won",
                true,
            ),
            (
                "said I don't know to me",
                "said \"I don't know\" to me",
                true,
            ),
            ("ﬁve", "five", true),
            ("ＡＢＣ １２", "abc 12", true),
            ("10 000 people", "10\u{202f}000 people", true),
            ("10 000 people", "10000 people", true),
            ("ΟΔΟΣ", "οδος", true),
            ("the workers' rights", "the workers’ rights", true),
            ("the “class of 2014” won", "the ‘class of 2014’ won", true),
            ("a 5' wall", "a 5′ wall", true),
            ("停火 协议", "停火协议", true),
            ("a 5' wall", "a 5″ wall", false),
            ("we're here", "were here", false),
            ("a not able man", "a notable man", false),
            ("a typical case", "atypical case", false),
            ("now here to go", "nowhere to go", false),
            ("10² metres", "102 metres", false),
            ("½ of it", "1/2 of it", false),
            ("sold 1 2 and 3", "sold 12 and 3", false),
            ("had 5 100 dollar bills", "had 5100 dollar bills", false),
            ("in 2014 500 people", "in 2014500 people", false),
            ("rose to 10. 5 people", "rose to 10.5 people", false),
            ("paid $10, 500 people", "paid $10,500 people", false),
            ("between 3 -5 were", "between 3-5 were", false),
            ("between 3 – 5 were", "between 3–5 were", true),
            ("1 234 567 people", "1234567 people", true),
            ("therapist is", "the rapist is", false),
            ("manslaughter", "man slaughter", false),
            ("5 - -3", "5 - 3", false),
            ("5 % of", "5 ‰ of", false),
            ("café", "cafe", false),
            ("agreements, signed", "agreements signed", false),
        ] {
            assert_eq!(equal_but_for_dress(a, b), is_equal, "{a} | {b}");
            assert_eq!(equal_but_for_dress(b, a), is_equal, "{b} | {a}");
        }
    }
}
