//! The ends of a quotation: punctuation there does not count, signs do, and no word or number is cut.
//!
//! A sign is a symbol (currency, mathematical, degree, arrow, …: Unicode's categories Sc, Sm, So and Sk), percent, a
//! section sign, an ampersand, a prime behind a digit, a number sign or a minus before one. In a source the signs beside what is
//! quoted belong to it: `5 percent` is not what `$5 percent` says, and `war` is not what `anti-war` says.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;

use super::numbers::{self, is_thin};
use crate::analysis::is_unspaced;

/// Symbols of Unicode's categories.
static SYMBOL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[\p{Sc}\p{Sm}\p{So}\p{Sk}]").ok());
static CURRENCY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Sc}").ok());
static MATHEMATICAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Sm}").ok());

fn is_in(category: &LazyLock<Option<Regex>>, c: char) -> bool {
    let mut bytes = [0; 4];
    category
        .as_ref()
        .is_some_and(|category| category.is_match(c.encode_utf8(&mut bytes)))
}

fn is_currency(c: char) -> bool {
    is_in(&CURRENCY, c)
}

/// A symbol; not what is typed for a quotation mark, an accent without a letter, or the line between cells.
fn is_symbol(c: char) -> bool {
    !matches!(c, '`' | '´' | '¨' | '¯' | '¸' | '|') && is_in(&SYMBOL, c)
}

fn is_percent(c: char) -> bool {
    matches!(c, '%' | '‰' | '‱' | '٪' | '؉' | '؊' | '﹪' | '％')
}

/// A short dash, which before a number is a minus. U+2212 is a symbol.
fn is_short_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2013}' | '\u{fe63}' | '\u{ff0d}')
}

fn is_dash(c: char) -> bool {
    is_short_dash(c) || matches!(c, '\u{2014}' | '\u{2015}' | '\u{2212}')
}

/// Beginnings of words that are no words themselves.
const PREFIXES: [&str; 16] = [
    "anti", "counter", "de", "dis", "ex", "in", "mis", "non", "not", "pre", "pro", "pseudo",
    "quasi", "semi", "un", "анти",
];

/// A letter or digit of a script that puts spaces between words.
fn is_spaced_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c)
}

fn is_digit(c: char) -> bool {
    c.is_numeric()
}

fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

fn behind(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Whether `c`, which stands at `at`, is a sign there.
fn is_sign(text: &str, at: usize, c: char) -> bool {
    let before = before(text, at);
    let behind = behind(text, at + c.len_utf8());
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match c {
        // Brackets around an address or a tag.
        '<' => !is_letter(behind),
        '>' => !is_letter(before),
        '\u{2032}'..='\u{2034}' => before.is_some_and(is_digit),
        '#' | '＃' => behind.is_some_and(is_digit),
        '§' | '¶' | '&' | '＆' => true,
        // They hold an emoji together.
        '\u{fe0f}' | '\u{200d}' | '\u{20e3}' => before.is_some_and(is_symbol),
        _ if is_short_dash(c) => is_minus(c, before, behind),
        _ => is_percent(c) || is_symbol(c),
    }
}

/// Whether a short dash is the sign of a number (`-5`, `-$5`) or a mark (`AA-`).
fn is_minus(c: char, before: Option<char>, behind: Option<char>) -> bool {
    let is_alphanumeric = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let opens_number = behind.is_some_and(|c| is_digit(c) || is_currency(c) || c == '.')
        && !is_alphanumeric(before)
        && !before.is_some_and(is_dash);
    let ends_mark = c == '-'
        && is_alphanumeric(before)
        && !is_alphanumeric(behind)
        && !behind.is_some_and(is_dash);
    opens_number || ends_mark
}

/// The stretch of a quotation's text that counts: from its first letter, digit or sign to its last; `words` are the
/// bytes from its first word to its last.
pub(super) fn significant(text: &str, words: &Range<usize>) -> Range<usize> {
    let is_kept = |&(at, c): &(usize, char)| is_sign(text, at, c);
    let start = text[..words.start].char_indices().find(is_kept);
    let mut end = words.end;
    for (at, c) in text[words.end..].char_indices() {
        if is_sign(text, words.end + at, c) {
            end = words.end + at + c.len_utf8();
        }
    }
    start.map_or(words.start, |(at, _)| at)..end
}

/// Whether a text without words has a sign.
pub(super) fn has_sign(text: &str) -> bool {
    text.char_indices().any(|(at, c)| is_sign(text, at, c))
}

/// The stretch of a source that stands for `range`: with the signs and the parts of words and numbers beside it, which
/// a quotation may not leave out. `wants` says whether the quotation begins and ends with signs of its own.
pub(super) fn extended(text: &str, range: &Range<usize>, wants: (bool, bool)) -> Range<usize> {
    let mut start = range.start;
    while let Some(further) = further_before(text, start) {
        start = further;
    }
    let mut end = range.end;
    while let Some(further) = further_behind(text, end) {
        end = further;
    }
    if wants.0 && start == range.start {
        start = signs_before(text, start);
    }
    if wants.1 && end == range.end {
        end = signs_behind(text, end);
    }
    start..end
}

/// Where what belongs before `at` begins, one step further.
fn further_before(text: &str, at: usize) -> Option<usize> {
    let first = behind(text, at)?;
    let c = before(text, at)?;
    let from = at - c.len_utf8();
    if is_sign(text, from, c) {
        return Some(from);
    }
    // `US$5`: a sign belongs to the letters that touch it.
    if is_spaced_letter(c) && is_sign(text, at, first) {
        return Some(text[..at].trim_end_matches(is_spaced_letter).len());
    }
    if let Some(start) = numbers::before(text, at) {
        return Some(start);
    }
    let next = before(text, from)?;
    if joins(text, from, next, c, first) {
        let run = text[..from].trim_end_matches(is_spaced_letter);
        return Some(run.len());
    }
    // `$ 5`, `> 90`, `§ 5`
    let sign_at = from - next.len_utf8();
    let is_prefix = is_currency(next)
        || (next != '|' && is_in(&MATHEMATICAL, next))
        || matches!(next, '§' | '№' | '#');
    let is_free = || !before(text, sign_at).is_some_and(char::is_alphanumeric);
    (is_thin(c) && is_digit(first) && is_prefix && is_free()).then_some(sign_at)
}

/// Where what belongs behind `at` ends, one step further.
fn further_behind(text: &str, at: usize) -> Option<usize> {
    let last = before(text, at)?;
    let c = behind(text, at)?;
    let to = at + c.len_utf8();
    if is_sign(text, at, c) {
        return Some(to);
    }
    // `20 °C`
    if is_spaced_letter(c) && is_sign(text, at - last.len_utf8(), last) {
        return Some(text.len() - text[at..].trim_start_matches(is_spaced_letter).len());
    }
    if let Some(end) = numbers::behind(text, at) {
        return Some(end);
    }
    let next = behind(text, to)?;
    let next_to = to + next.len_utf8();
    if joins(text, at, last, c, next) {
        let rest = text[to..].trim_start_matches(is_spaced_letter);
        return Some(text.len() - rest.len());
    }
    // `$5–$10`
    let number = behind(text, next_to);
    if is_digit(last) && is_dash(c) && is_currency(next) && number.is_some_and(is_digit) {
        let rest = text[next_to..].trim_start_matches(is_digit);
        return Some(text.len() - rest.len());
    }
    // `5 €`, `90 %`, `20 °C`
    let is_suffix = is_currency(next)
        || is_percent(next)
        || matches!(next, '°' | '℃' | '℉' | '\u{2032}' | '\u{2033}');
    let is_own = is_thin(c) && is_digit(last) && is_suffix && !number.is_some_and(is_digit);
    is_own.then_some(next_to)
}

/// Whether `joiner`, which stands at `at` between two characters, makes one word or number of them.
fn joins(text: &str, at: usize, left: char, joiner: char, right: char) -> bool {
    if !is_spaced_letter(left) || !is_spaced_letter(right) {
        return false;
    }
    if is_digit(left) && is_digit(right) {
        return is_dash(joiner)
            || matches!(
                joiner,
                '.' | ','
                    | ':'
                    | '/'
                    | '\''
                    | '’'
                    | '*'
                    | '·'
                    | '_'
                    | '٫'
                    | '٬'
                    | '\u{2236}'
                    | '\u{2044}'
            );
    }
    match joiner {
        '/' | '@' | '_' | '\\' => true,
        _ if is_short_dash(joiner) || joiner == '\u{2212}' => true,
        // A long dash parts words, but for a beginning of a word.
        '\u{2014}' | '\u{2015}' => {
            let own = &text[..at];
            let word = own[own.trim_end_matches(char::is_alphanumeric).len()..].to_lowercase();
            PREFIXES.contains(&word.as_str())
        }
        // French: the first half of a negation.
        '\'' | '’' => {
            let own = &text[..at];
            let word = own.trim_end_matches(char::is_alphanumeric).len();
            matches!(&own[word..], "n" | "N")
        }
        _ => false,
    }
}

/// Where the signs before `at` begin, white space between; `at` where there are none.
fn signs_before(text: &str, at: usize) -> usize {
    let mut from = text[..at].trim_end().len();
    let mut start = at;
    while let Some(c) = before(text, from).filter(|&c| is_sign(text, from - c.len_utf8(), c)) {
        from -= c.len_utf8();
        start = from;
    }
    start
}

/// Where the signs behind `at` end, white space between; `at` where there are none.
fn signs_behind(text: &str, at: usize) -> usize {
    let mut to = text.len() - text[at..].trim_start().len();
    let mut end = at;
    while let Some(c) = behind(text, to).filter(|&c| is_sign(text, to, c)) {
        to += c.len_utf8();
        end = to;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    /// What counts of a quotation.
    fn kept(text: &str) -> &str {
        let all = words(text);
        let range = all[0].range.start..all[all.len() - 1].range.end;
        &text[significant(text, &range)]
    }

    /// What of a source stands for the words of `quoted`.
    fn of_source<'a>(text: &'a str, quoted: &str) -> &'a str {
        let start = text.find(quoted).expect(quoted);
        &text[extended(text, &(start..start + quoted.len()), (false, false))]
    }

    #[test]
    fn signs_at_the_ends_count_and_punctuation_does_not() {
        for (text, expected) in [
            ("“€5–$10 per kilo,”", "€5–$10 per kilo"),
            ("fell to 3.5%.", "fell to 3.5%"),
            ("(+5 C overnight)", "+5 C overnight"),
            ("–5 °C", "–5 °C"),
            ("— 5 people", "5 people"),
            ("the talks—", "the talks"),
            ("rated AA-", "rated AA-"),
            ("¿Qué pasa?", "Qué pasa"),
            ("> 90 % of", "> 90 % of"),
            ("about 90 %", "about 90 %"),
            ("a warm 25°.", "a warm 25°"),
            ("…the end…", "the end"),
            ("well done 👍🏽", "well done 👍🏽"),
            ("x²", "x²"),
            ("<john@example.org>", "john@example.org"),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
        assert!(has_sign("+") && !has_sign("— , “"));
    }

    #[test]
    fn what_stands_beside_in_the_source_belongs_to_it() {
        for (text, quoted, expected) in [
            ("at $5 a kilo", "5 a kilo", "$5 a kilo"),
            ("a fall of -5 C", "5 C", "-5 C"),
            ("a fall of (−5 C)", "5 C", "−5 C"),
            ("COVID-19 patients", "19 patients", "COVID-19 patients"),
            ("the anti-war party", "war party", "anti-war party"),
            ("from 5–10 km", "10 km", "5–10 km"),
            ("costs $5–$10 each", "5", "$5–$10"),
            ("up to 90 % of", "up to 90", "up to 90 %"),
            ("about 20 °C now", "about 20", "about 20 °C"),
            ("for US$5 each", "5 each", "US$5 each"),
            ("over > 90 of", "90 of", "> 90 of"),
            ("100 km/h", "100 km", "100 km/h"),
            ("il n'est pas", "est pas", "n'est pas"),
            ("l'État français", "État français", "État français"),
            ("the ‘talks’ failed", "talks", "talks"),
            ("talks—failed", "talks", "talks"),
            ("he paid 5, 6 or 7", "he paid 5", "he paid 5"),
            ("word. Next", "word", "word"),
            ("at 10:30 today", "at 10", "at 10:30"),
            ("中-俄关系", "俄关系", "俄关系"),
        ] {
            assert_eq!(of_source(text, quoted), expected, "{text}");
        }
        let wanted = extended("see + more", &(6..10), (true, false));
        assert_eq!(&"see + more"[wanted], "+ more");
    }
}
