//! Folds a word to the form it is indexed under: lower case, compatibility forms, and marks by a table per script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds one word: lower case, width and compatibility forms, accents of Latin and Greek letters, `ё` as `е`,
/// Hebrew and Arabic points. Marks that make another letter (`й`, Indic and Thai signs) stay.
///
/// ```
/// assert_eq!(excerpt::analysis::fold("Café"), "cafe");
/// assert_eq!(excerpt::analysis::fold("ещё"), "еще");
/// ```
#[must_use]
pub fn fold(word: &str) -> String {
    let mut form = String::with_capacity(word.len());
    fold_into(word, &mut form);
    form
}

/// [`fold`], appended to `form`.
pub(super) fn fold_into(word: &str, form: &mut String) {
    if word.is_ascii() {
        let from = form.len();
        form.push_str(word);
        form[from..].make_ascii_lowercase();
        return;
    }
    let mut letters = String::with_capacity(word.len());
    let mut base = '\0';
    for c in word.nfkd() {
        if is_combining_mark(c) {
            if !is_folded_mark(base, c) {
                letters.push(c);
            }
            continue;
        }
        base = c;
        push_letter(c, &mut letters);
    }
    if letters.is_empty() {
        // Nothing but signs that do not count, such as a lone stretching sign: they stand for themselves.
        letters.push_str(word);
    }
    form.extend(letters.nfc());
}

fn push_letter(c: char, letters: &mut String) {
    match c {
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}' => {}
        // Some compatibility forms of marks stand on a space.
        _ if c.is_whitespace() => {}
        '\u{2019}' => letters.push('\''),
        'ß' | 'ẞ' => letters.push_str("ss"),
        'ς' => letters.push('σ'),
        _ => letters.extend(c.to_lowercase().filter(|&c| c != '\u{307}')),
    }
}

/// Whether the mark does not count on this letter.
fn is_folded_mark(base: char, mark: char) -> bool {
    match base {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => true,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => true,
        'е' | 'Е' => matches!(mark, '\u{308}' | '\u{301}' | '\u{300}'),
        '\u{400}'..='\u{52f}' => matches!(mark, '\u{301}' | '\u{300}'),
        '\u{590}'..='\u{5ff}' => matches!(mark, '\u{591}'..='\u{5c7}'),
        '\u{600}'..='\u{6ff}' => matches!(mark, '\u{64b}'..='\u{652}' | '\u{670}'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_width_and_accents_do_not_count() {
        for (word, form) in [
            ("MINSK", "minsk"),
            ("Ｍｉｎｓｋ", "minsk"),
            ("naïve", "naive"),
            ("naı\u{308}ve", "naıve"),
            ("ﬁne", "fine"),
            ("İstanbul", "istanbul"),
            ("Straße", "strasse"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("agree\u{ad}ment", "agreement"),
            ("don\u{2019}t", "don't"),
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
    fn marks_that_make_another_letter_stay() {
        assert_eq!(fold("Йод"), "йод");
        assert_eq!(fold("ещё"), "еще");
        assert_eq!(fold("हिन्दी"), "हिन्दी");
    }
}
