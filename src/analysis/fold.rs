//! Folds a word to the form it is indexed under: lower case, compatibility forms, and marks by a table per script.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Folds one word: lower case, width and compatibility forms, decimal digits of all scripts, accents and strokes of
/// Latin letters, accents of Greek ones, `ё` as `е`, dotted and dotless `i` as one, points of Hebrew and Arabic and the
/// hamza on an alef. Marks that make another letter (`й`, Indic and Thai signs) stay, and all marks of a word with tone
/// letters ([`has_tones`]), where they tell one word from another.
///
/// ```
/// assert_eq!(excerpt::analysis::fold("Café"), "cafe");
/// assert_eq!(excerpt::analysis::fold("ещё"), "еще");
/// assert_eq!(excerpt::analysis::fold("Łódź"), "lodz");
/// assert_eq!(excerpt::analysis::fold("Việt"), "việt");
/// ```
#[must_use]
pub fn fold(word: &str) -> String {
    let mut form = String::with_capacity(word.len());
    fold_into(word, &mut form);
    with_apostrophes(&mut form);
    form
}

/// Makes the backticks that are typed for apostrophes such ones.
pub(super) fn with_apostrophes(form: &mut String) {
    if form.contains('`') {
        *form = form.replace('`', "'");
    }
}

/// The text in the normal form NFC.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    match text.is_ascii() || is_nfc(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect()),
    }
}

/// [`fold`], appended to `form`, but for [`with_apostrophes`].
pub(super) fn fold_into(word: &str, form: &mut String) {
    if word.is_ascii() {
        let from = form.len();
        form.push_str(word);
        form[from..].make_ascii_lowercase();
        return;
    }
    let mut letters = String::with_capacity(word.len());
    let has_tones = has_tones(word);
    let mut base = '\0';
    // The acute accent that stands alone is typed for an apostrophe; its compatibility form is a mark on a space.
    let apostrophe = |c| if c == '\u{b4}' { '\'' } else { c };
    for c in word.chars().map(apostrophe).nfkd() {
        if is_combining_mark(c) {
            // The composed `ۀ` falls apart into another letter than the one that is written without the mark.
            if (base, c) == ('\u{6d5}', '\u{654}') {
                letters.pop();
                letters.push('\u{647}');
                continue;
            }
            if !is_folded_mark(base, c) || (has_tones && is_latin(base)) {
                letters.push(c);
            }
            continue;
        }
        base = c;
        match c {
            'đ' | 'Đ' if has_tones => letters.push('đ'),
            _ => push_letter(c, &mut letters),
        }
    }
    if letters.is_empty() {
        // Nothing but signs that do not count, such as a lone stretching sign: they stand for themselves.
        letters.push_str(word);
    }
    form.extend(letters.nfc());
}

/// Whether the word has a letter with a horn, a hook, a dot below, a tilde on `e` or `y`, or two marks: those of
/// Vietnamese, Yoruba and Igbo that hardly another language writes.
#[must_use]
pub fn has_tones(word: &str) -> bool {
    let is_one = |c: char| matches!(c, 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}');
    let is_mark = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    !word.is_ascii()
        && (word.chars().any(is_one) || (word.chars().any(is_mark) && word.nfc().any(is_one)))
}

/// A folded form with tone letters as it is written without them and the marks beside them; `None` for other forms.
pub(crate) fn without_tones(form: &str) -> Option<String> {
    if !has_tones(form) {
        return None;
    }
    let mut plain = String::with_capacity(form.len());
    let mut base = '\0';
    for c in form.nfd() {
        match c {
            'đ' => plain.push('d'),
            _ if is_combining_mark(c) && is_latin(base) => continue,
            _ => plain.push(c),
        }
        base = c;
    }
    Some(plain.nfc().collect())
}

fn push_letter(c: char, letters: &mut String) {
    match c {
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}' => {}
        // Some compatibility forms of marks stand on a space.
        _ if c.is_whitespace() => {}
        '`' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{5f3}' => {
            letters.push('\'');
        }
        // Catalan writes a long `l` with a point between two.
        '\u{b7}' => {}
        'ß' | 'ẞ' => letters.push_str("ss"),
        'æ' | 'Æ' => letters.push_str("ae"),
        'œ' | 'Œ' => letters.push_str("oe"),
        'þ' | 'Þ' => letters.push_str("th"),
        'ı' => letters.push('i'),
        'đ' | 'Đ' | 'ð' | 'Ð' => letters.push('d'),
        'ħ' | 'Ħ' => letters.push('h'),
        'ł' | 'Ł' => letters.push('l'),
        'ø' | 'Ø' => letters.push('o'),
        'ŧ' | 'Ŧ' => letters.push('t'),
        'ς' => letters.push('σ'),
        // Two keyboards' letters for the same.
        '\u{6cc}' => letters.push('\u{64a}'),
        '\u{6a9}' => letters.push('\u{643}'),
        '\u{5f0}' => letters.push_str("\u{5d5}\u{5d5}"),
        '\u{5f1}' => letters.push_str("\u{5d5}\u{5d9}"),
        '\u{5f2}' => letters.push_str("\u{5d9}\u{5d9}"),
        '\u{5f4}' => letters.push('"'),
        '\u{66b}' => letters.push('.'),
        '\u{66c}' => letters.push(','),
        _ => match digit(c) {
            Some(digit) => letters.push(digit),
            None => letters.extend(c.to_lowercase().filter(|&c| c != '\u{307}')),
        },
    }
}

/// The zeros of the scripts whose decimal digits stand in order behind them.
///
/// Source: Unicode 16, `DerivedNumericType.txt`, Decimal, of the scripts in modern use.
const ZEROS: [char; 25] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1b50}',
    '\u{a9d0}',
];

/// The ASCII digit that a decimal digit of another script stands for.
fn digit(c: char) -> Option<char> {
    if c < ZEROS[0] {
        return None;
    }
    let known = ZEROS.partition_point(|&zero| zero <= c);
    let zero = *ZEROS.get(known.checked_sub(1)?)?;
    let value = c as u32 - zero as u32;
    char::from_digit(value, 10)
}

/// Whether `c` is a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c) || digit(c).is_some()
}

fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether the mark does not count on this letter.
fn is_folded_mark(base: char, mark: char) -> bool {
    if matches!(mark, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') {
        return true;
    }
    match base {
        _ if is_latin(base) => true,
        // A mark's compatibility form is one on a space: Greek's koronis in `αλλ᾽`. Those of kana make another letter.
        _ if base.is_whitespace() => !matches!(mark, '\u{3099}' | '\u{309a}'),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => true,
        'е' | 'Е' => matches!(mark, '\u{308}' | '\u{301}' | '\u{300}'),
        '\u{400}'..='\u{52f}' => matches!(mark, '\u{301}' | '\u{300}'),
        '\u{590}'..='\u{5ff}' => matches!(mark, '\u{591}'..='\u{5c7}'),
        '\u{627}' if matches!(mark, '\u{653}'..='\u{655}') => true,
        // Persian's sign behind a word that has another one behind it: `خانهٔ`.
        '\u{647}' | '\u{6c1}' if mark == '\u{654}' => true,
        '\u{600}'..='\u{6ff}' => {
            matches!(mark, '\u{64b}'..='\u{652}' | '\u{670}' | '\u{6d6}'..='\u{6ed}')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_and_accents_do_not_count() {
        for (word, form) in [
            ("MINSK", "minsk"),
            ("Ｍｉｎｓｋ", "minsk"),
            ("naïve", "naive"),
            ("naı\u{308}ve", "naive"),
            ("ﬁne", "fine"),
            ("İstanbul", "istanbul"),
            ("Straße", "strasse"),
            ("ILIK", "ilik"),
            ("ılık", "ilik"),
            ("Đà", "da"),
            ("ĐƯỢC", "được"),
            ("Vie\u{323}\u{302}t", "việt"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("agree\u{ad}ment", "agreement"),
            ("ἀλλ\u{1fbd}", "αλλ"),
            ("ἐπ\u{1fbf}", "επ"),
            ("خانه\u{654}", "خانه"),
            ("خان\u{6c0}", "خانه"),
            ("don\u{2019}t", "don't"),
            ("don`t", "don't"),
            ("don\u{b4}t", "don't"),
            ("O\u{2032}Brien", "o'brien"),
            ("d`Étaples", "d'etaples"),
        ] {
            assert_eq!(fold(word), form, "{word}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_equal() {
        assert_eq!(fold("cafe\u{301}"), fold("café"));
        assert_eq!(fold("и\u{306}од"), fold("йод"));
        assert_eq!(fold("한국"), "한국");
    }

    #[test]
    fn digits_and_look_alikes_of_other_scripts_are_one() {
        assert_eq!(fold("٢٠١٤"), "2014");
        assert_eq!(fold("২০১৪ "), "2014");
        assert_eq!(fold("أحمد"), fold("احمد"));
        assert_eq!(fold("مُحَمَّد"), fold("محمد"));
        assert_eq!(fold("کتابی"), fold("كتابي"));
        assert_eq!(fold("שָׁלוֹם"), "שלום");
        assert_eq!(fold("葛\u{e0100}"), "葛");
    }

    #[test]
    fn marks_that_make_another_letter_stay() {
        assert_eq!(fold("Йод"), "йод");
        assert_eq!(fold("ещё"), "еще");
        assert_eq!(fold("हिन्दी"), "हिन्दी");
    }
}
