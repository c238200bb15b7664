//! Makes foreign text safe to show: nothing in it can move the cursor, hide, or reorder what is on the screen.

use std::borrow::Cow;

/// The text with control, bidirectional-override and invisible format characters as visible escapes; tabs and
/// carriage returns as spaces.
///
/// ```
/// assert_eq!(excerpt::printer::clean("a\u{1b}[31m\u{202e}b\tc"), "a\\u{1b}[31m\\u{202e}b c");
/// ```
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push_clean(c, &mut out));
    Cow::Owned(out)
}

/// Begins a stretch whose direction is that of its first letter.
pub(super) const ISOLATE: char = '\u{2068}';
/// Ends it.
pub(super) const END_ISOLATE: char = '\u{2069}';

/// [`clean`], for a line for people: text that runs from right to left is isolated, so that it comes out whole, and what
/// stands beside it stays where it is.
///
/// ```
/// assert_eq!(excerpt::printer::clean_line("שלום 3"), "\u{2068}שלום 3\u{2069}");
/// assert_eq!(excerpt::printer::clean_line("peace 3"), "peace 3");
/// ```
#[must_use]
pub fn clean_line(text: &str) -> Cow<'_, str> {
    let cleaned = clean(text);
    match runs_right_to_left(text) {
        true => Cow::Owned(format!("{ISOLATE}{cleaned}{END_ISOLATE}")),
        false => cleaned,
    }
}

/// Whether a text has letters of a script that is written from right to left.
///
/// Source: Unicode 16, `DerivedBidiClass.txt`, the blocks whose default is R or AL.
pub(super) fn runs_right_to_left(text: &str) -> bool {
    let is_rtl = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    !text.is_ascii() && text.chars().any(is_rtl)
}

/// [`clean`] for one character.
pub(super) fn push_clean(c: char, out: &mut String) {
    match c {
        '\t' | '\r' => out.push(' '),
        _ if is_unsafe(c) => out.extend(c.escape_unicode()),
        _ => out.push(c),
    }
}

/// Whether a character may not reach a terminal as it is.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_moves_or_hides_gets_through() {
        let all: String = (0..=0x10ffff).filter_map(char::from_u32).collect();
        let cleaned = clean(&all);
        assert!(!cleaned.chars().any(is_unsafe));
        assert!(
            cleaned.contains("\\u{1b}")
                && cleaned.contains("\\u{9b}")
                && cleaned.contains("\\u{202e}")
        );
        assert!(matches!(clean("plain — ‘text’ 北京"), Cow::Borrowed(_)));
    }
}
