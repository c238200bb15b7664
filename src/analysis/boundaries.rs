//! Where a word ends: what joins letters and digits, and which signs belong to a name.
//!
//! Source for the joining rules: Unicode Standard Annex 29, section 4.1 (WB6, WB7, WB7b, WB7c, WB11, WB12), narrowed for
//! the full stop so that `example.com` and `end.Start` are two words, with the break before a vowel that it proposes for
//! French and Italian.

use unicode_normalization::char::is_combining_mark;

use super::fold::is_digit;
use super::notes::{is_raised, raised_note};
use super::pairs::is_paired;
use super::{BLOCK_END, CELL_END};

/// A longer run of letters is cut into words of at most this many bytes.
pub(super) const MAX_WORD_BYTES: usize = 128;

/// What is elided before a vowel in French, Italian and Catalan, without the apostrophe. Sorted.
static ELISIONS: [&str; 29] = [
    "all", "anch", "bell", "c", "coll", "com", "d", "dall", "dell", "dov", "grand", "j", "jusqu",
    "l", "lorsqu", "m", "n", "nell", "puisqu", "qu", "quell", "quest", "quoiqu", "s", "sant",
    "sull", "t", "tutt", "un",
];

/// What a byte is where a word may begin or go on, as bits; none for a sign that may belong to a word before it. Looked
/// up in a table: this is done for each byte that is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteKind(u8);

impl ByteKind {
    /// An ASCII letter or digit.
    pub(super) const ALPHANUMERIC: ByteKind = ByteKind(1);
    /// An ASCII capital, which is a letter too.
    pub(super) const CAPITAL: ByteKind = ByteKind(1 << 1);
    /// What ends a word, whatever follows: white space, most punctuation, the end of a block or a cell.
    pub(super) const END: ByteKind = ByteKind(1 << 2);
    /// What joins a letter or digit with another one.
    pub(super) const JOINER: ByteKind = ByteKind(1 << 3);
    /// A full stop, which is a joiner too.
    pub(super) const STOP: ByteKind = ByteKind(1 << 4);
    /// A bracket, which a note may stand in.
    pub(super) const BRACKET: ByteKind = ByteKind(1 << 5);
    /// The end of a block or a cell.
    pub(super) const BARRIER: ByteKind = ByteKind(1 << 6);
    /// A part of a longer character.
    pub(super) const WIDE: ByteKind = ByteKind(1 << 7);
    /// What no look for the next word may pass over.
    pub(super) const NOTED: ByteKind = ByteKind(
        Self::ALPHANUMERIC.0 | Self::STOP.0 | Self::BRACKET.0 | Self::BARRIER.0 | Self::WIDE.0,
    );

    /// What the byte is.
    #[allow(
        clippy::indexing_slicing,
        reason = "a byte is a place in the table of 256"
    )]
    #[inline]
    pub(super) fn of(byte: u8) -> ByteKind {
        static KINDS: [ByteKind; 256] = ByteKind::all();
        KINDS[usize::from(byte)]
    }

    /// Whether it is one of these.
    #[inline]
    pub(super) fn is(self, kinds: ByteKind) -> bool {
        self.0 & kinds.0 != 0
    }

    const fn of_char(c: u8) -> ByteKind {
        ByteKind(match c {
            b'A'..=b'Z' => Self::ALPHANUMERIC.0 | Self::CAPITAL.0,
            b'a'..=b'z' | b'0'..=b'9' => Self::ALPHANUMERIC.0,
            b'.' => Self::STOP.0 | Self::JOINER.0,
            b'\'' | b'`' | b',' | b'"' => Self::JOINER.0,
            b'[' => Self::BRACKET.0,
            b'+' | b'#' => 0,
            0x80.. => Self::WIDE.0,
            _ if c == BLOCK_END as u8 || c == CELL_END as u8 => Self::BARRIER.0 | Self::END.0,
            _ => Self::END.0,
        })
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "made when the program is compiled, which fails otherwise"
    )]
    const fn all() -> [ByteKind; 256] {
        let mut kinds = [ByteKind(0); 256];
        let mut byte = 0;
        while byte < 256 {
            kinds[byte] = ByteKind::of_char(byte as u8);
            byte += 1;
        }
        kinds
    }
}

/// A word that begins at a place, where it is of ASCII letters and digits alone, nothing that may go on with it behind.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainWord {
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it has capitals behind its first letter.
    pub(super) has_capitals: bool,
}

/// The plain word that begins at `start`; `None` where it is no plain one, or there is none. Most words are.
#[allow(
    clippy::indexing_slicing,
    reason = "hot: for each word that is indexed; `start` lies in the text"
)]
#[inline]
pub(super) fn plain_word(bytes: &[u8], start: usize) -> Option<PlainWord> {
    if !ByteKind::of(bytes[start]).is(ByteKind::ALPHANUMERIC) {
        return None;
    }
    let mut seen = 0;
    let mut end = start + 1;
    let behind = loop {
        let Some(&byte) = bytes.get(end) else {
            break ByteKind::END;
        };
        let kind = ByteKind::of(byte);
        if !kind.is(ByteKind::ALPHANUMERIC) {
            break kind;
        }
        seen |= kind.0;
        end += 1;
    };
    let is_apart = || {
        let next = bytes
            .get(end + 1)
            .map_or(ByteKind::END, |&b| ByteKind::of(b));
        !next.is(ByteKind(ByteKind::ALPHANUMERIC.0 | ByteKind::WIDE.0))
    };
    let is_plain = behind.is(ByteKind::END) || (behind.is(ByteKind::JOINER) && is_apart());
    (is_plain && end - start < MAX_WORD_BYTES).then_some(PlainWord {
        end,
        has_capitals: ByteKind(seen).is(ByteKind::CAPITAL),
    })
}

/// The end of the word that starts at `start`.
#[allow(
    clippy::indexing_slicing,
    reason = "hot: for each word that is indexed; `start` lies in the text"
)]
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + usize::from(bytes[start] == b'.');
    while let Some(&byte) = bytes.get(at) {
        if ByteKind::of(byte).is(ByteKind::ALPHANUMERIC) {
            at += 1;
        } else if let Some(end) = other_end(text, start, at) {
            at = end;
        } else {
            break;
        }
        if at - start >= MAX_WORD_BYTES {
            return at;
        }
    }
    at + signs_behind(bytes, start, at)
}

/// Where the word goes on behind what stands at `at` and is no ASCII letter or digit; `None` where it ends.
#[allow(
    clippy::indexing_slicing,
    reason = "hot: for each word that is indexed; `at` lies in the text"
)]
fn other_end(text: &str, start: usize, at: usize) -> Option<usize> {
    let byte = text.as_bytes()[at];
    if byte < 0x80 {
        let joins = matches!(byte, b'\'' | b'`' | b'.' | b',' | b'"');
        return (joins && joined(text, start, at, at + 1)).then_some(at + 1);
    }
    let c = char_at(text, at);
    let end = at + c.len_utf8();
    match c {
        '\u{2018}'..='\u{2019}'
        | '\u{201b}'
        | '\u{2032}'
        | '\u{b4}'
        | '\u{ff07}'
        | '\u{b7}'
        | '\u{5f3}'
        | '\u{5f4}'
        | '\u{66b}'
        | '\u{66c}' => joined(text, start, at, end).then_some(end),
        _ if is_paired(c) => None,
        // The mark of a note is no part of the word before it.
        _ if is_raised(c) && raised_note(text, start, at).is_some() => None,
        _ => is_inside(c).then_some(end),
    }
}

/// Whether the punctuation at `at..end` joins what stands before and behind it.
fn joined(text: &str, start: usize, at: usize, end: usize) -> bool {
    let (Some(before), Some(behind)) = (
        text[start..at].chars().next_back(),
        text[end..].chars().next(),
    ) else {
        return false;
    };
    let are_letters = || (before.is_alphabetic() || is_combining_mark(before)) && is_letter(behind);
    match char_at(text, at) {
        ',' | '\u{66b}' | '\u{66c}' => is_digit(before) && is_digit(behind),
        '.' if is_digit(before) => is_digit(behind),
        '.' => joins_initials(text, start, at, end) && !is_net(text.as_bytes(), at),
        '"' | '\u{5f4}' => is_hebrew(before) && is_hebrew(behind),
        '\u{5f3}' => is_hebrew(before) && is_letter(behind),
        '\u{b7}' => matches!((before, behind), ('l' | 'L', 'l' | 'L')),
        _ => are_letters() && !is_elision(&text[start..at], behind),
    }
}

/// Whether an apostrophe behind `front` parts two words: an elided article and what begins with a vowel.
fn is_elision(front: &str, behind: char) -> bool {
    let mut folded = [0; 6];
    let Some(folded) = folded.get_mut(..front.len()) else {
        return false;
    };
    folded.copy_from_slice(front.as_bytes());
    folded.make_ascii_lowercase();
    let is_listed = || {
        ELISIONS
            .binary_search_by(|own| own.as_bytes().cmp(folded))
            .is_ok()
    };
    let first = behind.to_lowercase().next().unwrap_or(behind);
    let is_vowel = || matches!(first, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'à'..='æ' | 'è'..='ï' | 'ò'..='ö' | 'ù'..='ü' | 'œ');
    is_vowel() && is_listed()
}

/// Whether the full stop at `at` stands between single letters, as in `U.S.` and `e.g.`.
fn joins_initials(text: &str, start: usize, at: usize, end: usize) -> bool {
    let mut before = text[start..at].chars().rev();
    let mut behind = text[end..].chars();
    before.next().is_some_and(is_letter)
        && before.next().is_none_or(|c| c == '.')
        && behind.next().is_some_and(is_letter)
        && behind
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && !is_combining_mark(c))
}

/// Whether the full stop at `at` begins the name `.NET`.
pub(super) fn is_net(bytes: &[u8], at: usize) -> bool {
    let is_name = |name: &[u8]| name.eq_ignore_ascii_case(b".net");
    bytes.get(at..at + 4).is_some_and(is_name)
        && bytes.get(at + 4).is_none_or(|&byte| !goes_on(byte))
}

/// How many bytes of signs belong to the word `start..at`: `++` behind letters, `#` behind one letter.
#[allow(
    clippy::indexing_slicing,
    reason = "hot: for each word that is indexed; `at` is not behind the text"
)]
fn signs_behind(bytes: &[u8], start: usize, at: usize) -> usize {
    let is_of_letters = || bytes[start..at].iter().all(u8::is_ascii_alphabetic);
    match &bytes[at..] {
        [b'+', b'+', rest @ ..]
            if !matches!(rest, [b'+' | b'a'..=b'z' | b'A'..=b'Z', ..]) && is_of_letters() =>
        {
            2
        }
        [b'#', rest @ ..]
            if at - start == 1
                && is_of_letters()
                && rest
                    .first()
                    .is_none_or(|&byte| byte != b'#' && !goes_on(byte)) =>
        {
            1
        }
        _ => 0,
    }
}

/// Whether a word may go on with this byte.
fn goes_on(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a character continues a word: letters, digits, marks, and what is invisible inside one.
fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_paired(c)
}

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{5d0}'..='\u{5f2}')
}

pub(super) fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\0')
}
