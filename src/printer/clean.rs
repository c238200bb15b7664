//! Makes foreign text safe to show: nothing in it can move the cursor, hide, or reorder what is on the screen.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// The text with control, bidirectional and invisible format characters as visible escapes; tabs and carriage returns
/// as spaces; soft hyphens, which stand for no sign within a line, left out. Joiners (U+200C, U+200D) stay where
/// scripts and emoji need them: between letters, marks and emoji.
///
/// ```
/// assert_eq!(excerpt::printer::clean("a\u{1b}[31m\u{202e}b\tc"), "a\\u{1b}[31m\\u{202e}b c");
/// assert_eq!(excerpt::printer::clean("co\u{ad}operate"), "cooperate");
/// ```
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if first_unsafe(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        push_clean(text, at, c, &mut out);
    }
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

/// [`clean`] for the character `c` that stands at byte `at` of `text`.
pub(super) fn push_clean(text: &str, at: usize, c: char, out: &mut String) {
    match c {
        '\t' | '\r' => out.push(' '),
        SOFT_HYPHEN => {}
        _ if is_unsafe_at(text, at, c) => out.extend(c.escape_unicode()),
        _ => out.push(c),
    }
}

/// Where a word may be broken; shown only there.
const SOFT_HYPHEN: char = '\u{ad}';
const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// The first place of a text at which a character stands that may not reach a terminal as it is.
pub(super) fn first_unsafe(text: &str) -> Option<usize> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let mut from = 0;
    loop {
        // Signs of ASCII are told by their bytes; most of most texts is.
        let rest = text.as_bytes().get(from..)?;
        let at = from + rest.iter().position(|byte| !is_plain(byte))?;
        let c = text.get(at..)?.chars().next()?;
        if is_unsafe_at(text, at, c) {
            return Some(at);
        }
        from = at + c.len_utf8();
    }
}

/// Whether the character `c` at byte `at` of `text` may not reach a terminal as it is.
pub(super) fn is_unsafe_at(text: &str, at: usize, c: char) -> bool {
    match c {
        NON_JOINER | JOINER => {
            let before = text[..at].chars().next_back();
            let behind = text[at + c.len_utf8()..].chars().next();
            !(before.is_some_and(is_joined) && behind.is_some_and(is_joined))
        }
        _ => is_unsafe(c),
    }
}

/// Whether a character may not reach a terminal wherever it stands.
///
/// Source: Unicode 16, `PropList.txt` (`Bidi_Control`), `UnicodeData.txt` (categories Cc and Cf), the block Tags.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, SOFT_HYPHEN | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}')
        || is_noncharacter(c)
}

/// Whether a code point is for no character; XML cannot hold some of them.
///
/// Source: Unicode 16, section 23.7; XML 1.0, production 2.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether joiners mean something beside a character: a letter, a mark or an emoji.
fn is_joined(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c) || is_emoji(c)
}

/// Whether a character is an emoji, or of a block of symbols in which many are.
///
/// Source: Unicode 16, `emoji-data.txt` (`Extended_Pictographic`, `Emoji_Modifier`), by blocks.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_moves_or_hides_gets_through() {
        let all: String = (0..=0x10ffff)
            .filter_map(char::from_u32)
            .flat_map(|c| [c, '.'])
            .collect();
        let cleaned = clean(&all);
        assert_eq!(first_unsafe(&cleaned), None);
        for hidden in [
            0x0, 0x1b, 0x7f, 0x85, 0x9b, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2028,
            0x2060, 0x2064, 0x2066, 0x2069, 0xfeff, 0xe0001, 0xe0020,
        ] {
            let c = char::from_u32(hidden).expect("a character");
            assert!(!cleaned.contains(c), "{hidden:x}");
            assert!(
                cleaned.contains(&format!("\\u{{{hidden:x}}}")),
                "{hidden:x}"
            );
        }
        assert!(!cleaned.contains(SOFT_HYPHEN) && !cleaned.contains("\\u{ad}"));
        assert!(matches!(clean("plain — ‘text’ 北京"), Cow::Borrowed(_)));
    }

    #[test]
    fn joiners_stay_between_letters_marks_and_emoji_and_are_seen_elsewhere() {
        for kept in [
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            assert_eq!(clean(kept), kept);
        }
        for (text, shown) in [
            ("a\u{200c} b", "a\\u{200c} b"),
            ("\u{200d}a", "\\u{200d}a"),
            ("a\u{200d}", "a\\u{200d}"),
            ("1\u{200d}2", "1\\u{200d}2"),
            ("a\u{200d}\u{200d}b", "a\\u{200d}\\u{200d}b"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }
}
