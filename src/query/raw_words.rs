//! Where a word of a query ends, and which marks and field names belong to it.

use super::quotes::is_quote;

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
