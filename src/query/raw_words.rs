//! Words and phrases of a query as they are written: where they end, and which marks and field names belong to them.

use std::ops::RangeInclusive;

use super::quotes::is_quote;

/// A word as written, without its marks.
#[derive(Debug, Clone)]
pub(super) struct RawWord {
    pub(super) text: String,
    pub(super) is_prefix: bool,
    pub(super) edits: u8,
    pub(super) weight: f64,
    /// Whether it is asked for in its spelling.
    pub(super) is_spelled: bool,
}

/// What stands between quotes, without its marks.
#[derive(Debug, Clone)]
pub(super) struct RawPhrase {
    pub(super) text: String,
    pub(super) is_prefix: bool,
    pub(super) slop: u32,
    pub(super) weight: f64,
    /// Whether it is asked for in its spelling.
    pub(super) is_spelled: bool,
}

/// The weights that a term may have, so that scores stay numbers.
pub(super) const WEIGHTS: RangeInclusive<f64> = 1e-6..=1e6;

pub(super) const WEIGHT_EXPECTED: &str = "expected a weight above 0 after `^`, such as `^2`";

pub(super) fn parse_weight(text: &str) -> Option<f64> {
    let is_plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let weight = text.parse::<f64>().ok().filter(|_| is_plain)?;
    WEIGHTS.contains(&weight).then_some(weight)
}

/// Whether a word or a phrase begins here that is asked for in its spelling: `=US`, `="the US"`.
pub(super) fn wants_spelling(rest: &str) -> bool {
    let Some(behind) = rest.strip_prefix('=') else {
        return false;
    };
    behind.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '‘') || is_quote(c))
}

/// Cuts a word before the last `mark`, where letters stand before it.
pub(super) fn split_mark(raw: &str, mark: char) -> Option<(&str, &str)> {
    raw.rsplit_once(mark)
        .filter(|(base, _)| base.contains(char::is_alphanumeric))
}

/// The front of `rest` up to white space, a quote, or a bracket that the word did not open.
pub(super) fn raw_word(rest: &str) -> &str {
    let mut depth = 0u32;
    for (at, c) in rest.char_indices() {
        match c {
            '"' if is_in_hebrew(rest, at) => {}
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => return &rest[..at],
            _ if c.is_whitespace() || is_quote(c) => return &rest[..at],
            _ => {}
        }
    }
    rest
}

/// Whether the quotation mark at `at` stands between two Hebrew letters, as in the usual spelling of acronyms.
fn is_in_hebrew(text: &str, at: usize) -> bool {
    let is_hebrew = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{5d0}'..='\u{5ea}'));
    is_hebrew(text[..at].chars().next_back()) && is_hebrew(text[at + 1..].chars().next())
}

/// The name before a colon that makes a field, and what follows it in the same word. A colon after digits, or before
/// `:` or `//`, is text.
pub(super) fn field_name(raw: &str) -> Option<(&str, &str)> {
    let (name, rest) = raw.split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !name.ends_with(|c: char| c.is_ascii_digit());
    (is_name && !rest.starts_with(':') && !rest.starts_with("//")).then_some((name, rest))
}
