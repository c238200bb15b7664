//! What the words and signs of a line say: how it ends, its case, its number, whether it is an item or code.

use super::code::Signs;
use super::lines::{beyond_ascii, text_width};
use crate::analysis::is_unspaced;

/// Words of a block are counted up to this many.
pub(super) const MAX_COUNTED_WORDS: usize = 100;

/// No letter below this one is of a script without spaces.
const FIRST_UNSPACED: char = '\u{e00}';

/// The words of a text, of scripts without spaces between them about as many as there would be; at most
/// [`MAX_COUNTED_WORDS`].
pub(super) fn word_count(text: &str) -> usize {
    if text.is_ascii() {
        return byte_word_count(text);
    }
    let words = match has_wide_space(text) {
        true => text.split_whitespace().take(MAX_COUNTED_WORDS).count(),
        false => byte_word_count(text),
    };
    if words == MAX_COUNTED_WORDS || !may_be_unspaced(text) {
        return words;
    }
    // Quarters of words: an ideograph is about half of one, a letter of Thai or its kin about a quarter.
    let quarters = text
        .chars()
        .filter(|&c| c >= FIRST_UNSPACED && is_unspaced(c))
        .map(|c| match c {
            '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => 1,
            _ => 2,
        });
    let quarters: usize = quarters.take(4 * MAX_COUNTED_WORDS).sum();
    words.max(quarters.div_ceil(4)).min(MAX_COUNTED_WORDS)
}

/// Whether white space beyond ASCII may be in a text.
fn has_wide_space(text: &str) -> bool {
    beyond_ascii(text).any(|[first, second, third]| match (first, second) {
        (0xc2, 0x85 | 0xa0) | (0xe1, 0x9a) | (0xe2, 0x81) | (0xe3, 0x80) => true,
        (0xe2, 0x80) => matches!(third, 0..=0x8a | 0xa8 | 0xa9 | 0xaf),
        _ => false,
    })
}

/// Whether letters of a script without spaces may be in a text: something else than ASCII, the scripts of two bytes in
/// UTF-8, and the signs from U+2000 on.
fn may_be_unspaced(text: &str) -> bool {
    beyond_ascii(text).any(|[first, second, _]| first >= 0xe0 && !(first == 0xe2 && second < 0xba))
}

/// As [`str::split_whitespace`] would count where all white space is of ASCII; byte 11 is white space there too.
fn byte_word_count(text: &str) -> usize {
    /// The ends of words in so many bytes fit in a byte, which lets several be counted at once.
    const STEP: usize = 128;
    let is_space = |byte: u8| u8::from(byte == b' ') | u8::from(byte.wrapping_sub(b'\t') < 5);
    let bytes = text.as_bytes();
    let Some(last) = bytes.last() else {
        return 0;
    };
    let mut words = usize::from(is_space(*last) == 0);
    let behind = bytes.get(1..).unwrap_or_default();
    for (own, next) in bytes.chunks(STEP).zip(behind.chunks(STEP)) {
        let pairs = own.iter().zip(next);
        let ends = pairs.map(|(&own, &next)| (1 - is_space(own)) & is_space(next));
        words += usize::from(ends.fold(0, u8::wrapping_add));
        if words >= MAX_COUNTED_WORDS {
            return MAX_COUNTED_WORDS;
        }
    }
    words
}

/// The text without the quotes and brackets at its end.
fn without_closers(text: &str) -> &str {
    text.trim_end_matches([
        '"', '\'', '\u{201d}', '\u{2019}', '\u{bb}', ')', ']', '*', '_',
    ])
}

pub(super) fn ends_sentence(text: &str) -> bool {
    match text.as_bytes().last() {
        Some(b'.' | b'!' | b'?') => return true,
        Some(last) if last.is_ascii_alphanumeric() => return false,
        _ => {}
    }
    without_closers(text).ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟'])
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Ending {
    /// With a word.
    Open,
    Stop,
    Question,
    Exclamation,
    Colon,
    /// With a comma, semicolon, dash or ellipsis.
    Comma,
}

pub(super) fn ending(text: &str) -> Ending {
    match text.as_bytes().last() {
        Some(b'.') => return Ending::Stop,
        Some(last) if last.is_ascii_alphanumeric() => return Ending::Open,
        _ => {}
    }
    match without_closers(text).chars().next_back() {
        Some('.' | '。' | '।') => Ending::Stop,
        Some('?' | '？' | '؟') => Ending::Question,
        Some('!' | '！') => Ending::Exclamation,
        Some(':' | '：') => Ending::Colon,
        Some(',' | ';' | '，' | '、' | '；' | '-' | '–' | '—' | '…') => Ending::Comma,
        _ => Ending::Open,
    }
}

/// Whether a line begins as a list item does: a bullet, or a number or letter in or before a bracket.
pub(super) fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    if matches!(
        first,
        '-' | '*' | '+' | '•' | '‣' | '◦' | '▪' | '●' | '○' | '–' | '—' | '·'
    ) {
        return chars.next().is_some_and(char::is_whitespace);
    }
    let front = line.as_bytes().iter().take(5);
    if first != '[' && !first.is_whitespace() && front.copied().all(|byte| byte != b')') {
        return false;
    }
    let Some(word) = line
        .split_whitespace()
        .next()
        .filter(|w| w.len() < line.len())
    else {
        return false;
    };
    let in_box = word.strip_prefix('[').and_then(|w| w.strip_suffix(']'));
    if let Some(inner) = in_box {
        return (1..=3).contains(&inner.len())
            && inner
                .bytes()
                .all(|b| matches!(b, b'x' | b'X' | b'0'..=b'9'));
    }
    let inner = word.strip_prefix('(').unwrap_or(word);
    let Some(mark) = inner.strip_suffix(')') else {
        return line.starts_with("[ ] ");
    };
    (1..=3).contains(&mark.len())
        && mark
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// The number of a line such as `3. Words` or `3) Words`.
pub(super) fn item_number(line: &str) -> Option<u32> {
    let digits = line.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let is_number = (1..=3).contains(&digits)
        && rest.starts_with(['.', ')'])
        && rest[1..].starts_with(char::is_whitespace);
    is_number.then(|| line[..digits].parse().ok()).flatten()
}

pub(super) fn is_numbered_item(line: &str) -> bool {
    item_number(line).is_some()
}

pub(super) fn starts_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

/// The words of a line that hold letters, without what stands around them.
pub(super) fn letter_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '-' | '_')))
        .map(|word| word.trim_start_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
}

/// The line without a number such as `2.1`, `IV.` or `3)` at its front.
pub(super) fn without_number(text: &str) -> &str {
    let may_begin = |byte: &u8| byte.is_ascii_digit() || b".IVXLCDM".contains(byte);
    let goes_on_small = text.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase);
    if goes_on_small || !text.as_bytes().first().is_some_and(may_begin) {
        return text;
    }
    let Some((word, rest)) = text.split_once(char::is_whitespace) else {
        return text;
    };
    let core = word.trim_end_matches(['.', ')', ':']);
    let is_digits = core.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_letters = core.len() < word.len() && core.bytes().all(|b| b"IVXLCDM".contains(&b));
    if !core.is_empty() && (is_digits || is_letters) {
        rest.trim_start()
    } else {
        text
    }
}

/// Whether a second sentence begins inside a line.
pub(super) fn has_inner_stop(text: &str) -> bool {
    let inside = text.trim_end_matches(['.', '!', '?']).as_bytes();
    if text.is_ascii() && memchr::memchr3(b'.', b'!', b'?', inside).is_none() {
        return false;
    }
    let mut words = text.split_whitespace().skip(1).peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek() else {
            break;
        };
        let begins = next
            .trim_start_matches(['"', '\u{201c}', '\u{2018}', '('])
            .starts_with(char::is_uppercase);
        if begins && word.chars().count() > 2 && ends_sentence(word) {
            return true;
        }
    }
    text.trim_end_matches(['。', '！', '？'])
        .contains(['。', '！', '？'])
}

/// Words that begin a question.
static QUESTION_WORDS: [&str; 40] = [
    "what",
    "why",
    "how",
    "when",
    "where",
    "who",
    "which",
    "is",
    "are",
    "can",
    "does",
    "do",
    "did",
    "should",
    "will",
    "was",
    "were",
    "so",
    "qui",
    "que",
    "quoi",
    "comment",
    "pourquoi",
    "wie",
    "warum",
    "wo",
    "wer",
    "wann",
    "cómo",
    "qué",
    "cuál",
    "por",
    "как",
    "что",
    "почему",
    "когда",
    "кто",
    "где",
    "зачем",
    "чем",
];

pub(super) fn starts_question(text: &str) -> bool {
    let first = letter_words(text).next().unwrap_or_default().to_lowercase();
    let first = first.split(['\'', '\u{2019}']).next().unwrap_or_default();
    QUESTION_WORDS.contains(&first)
}

/// Whether cells stand side by side, or a row of dots leads to a page number.
pub(super) fn has_columns(line: &str) -> bool {
    let is_space = |byte: u8| byte <= b' ';
    // Looks at all pairs, several at once.
    let has_wide_gap = |line: &[u8]| {
        let pairs = line.iter().zip(line.get(1..).unwrap_or_default());
        pairs.fold(false, |any, (&one, &other)| {
            any | (is_space(one) & is_space(other))
        })
    };
    if line.is_ascii()
        && !has_wide_gap(line.as_bytes())
        && memchr::memchr(b'.', line.as_bytes()).is_none()
    {
        return false;
    }
    let mut wide_gaps = 0;
    let mut spaces = 0;
    for c in line.chars() {
        if c.is_whitespace() {
            spaces += 1;
        } else {
            wide_gaps += usize::from(spaces >= 3);
            spaces = 0;
        }
    }
    wide_gaps >= 2 || line.contains("....") || line.contains(" . . .")
}

/// Whether a line holds an address of the web or of mail.
pub(super) fn has_address(text: &str, signs: Signs) -> bool {
    let is_mail = |w: &str| {
        w.find('@')
            .is_some_and(|at| at > 0 && w[at..].contains('.'))
    };
    (signs.has(b"/") && (text.contains("http://") || text.contains("https://")))
        || (signs.has(b".") && text.contains("www."))
        || (signs.has(b"]") && text.contains("]("))
        || (signs.has(b"@") && text.split_whitespace().any(is_mail))
}

/// Whether letters are fewer than half of the signs of a line.
pub(super) fn is_mostly_signs(text: &str) -> bool {
    let (mut letters, mut all) = (0, 0);
    if text.is_ascii() {
        for byte in text.bytes() {
            all += usize::from(byte != b' ' && !(b'\t'..=b'\r').contains(&byte));
            letters += usize::from(byte.is_ascii_alphabetic());
        }
        return letters * 2 < all;
    }
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        // Vowel signs of Indic scripts and accents belong to letters.
        let is_mark =
            !c.is_alphanumeric() && c > '\u{2ff}' && text_width(c.encode_utf8(&mut [0; 4])) == 0;
        letters += usize::from(c.is_alphabetic() || is_mark);
    }
    letters * 2 < all
}
