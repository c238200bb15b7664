//! How a word is spelled: what folding takes away that a reader sees, its case and its marks.

use unicode_normalization::UnicodeNormalization;

/// The spelling of a word of a text: its case and its marks as they are, in one normal form. Apostrophes are one sign, and
/// what is not seen does not count: soft hyphens, joiners, stretching signs, white space inside a pair of characters.
///
/// ```
/// use excerpt::analysis::spelling;
///
/// assert_eq!(spelling("Re\u{301}sume\u{301}"), spelling("Résumé"));
/// assert_eq!(spelling("don\u{2019}t"), "don't");
/// assert_ne!(spelling("resume"), spelling("résumé"));
/// assert_ne!(spelling("US"), spelling("us"));
/// ```
#[must_use]
pub fn spelling(word: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_graphic() && b != b'`';
    if word.bytes().all(is_plain) {
        return word.to_string();
    }
    let is_unseen =
        |c: char| matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}') || c.is_control();
    let sign = |c: char| match c {
        '`' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2bc}'
        | '\u{5f3}' => '\'',
        c => c,
    };
    let seen = word.chars().filter(|&c| !is_unseen(c)).map(sign);
    seen.nfkc().filter(|c| !c.is_whitespace()).collect()
}
