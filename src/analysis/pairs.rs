//! Scripts that are cut into overlapping pairs of characters instead of words: those that put no spaces between words,
//! and Korean, whose words take endings without a space.
//!
//! A character is one code point of the normal form NFC; composed and decomposed kana and Hangul are the same one. The
//! vowel and tone signs of Thai, Lao, Khmer and Burmese are characters of their own, so that any stretch of a text can
//! be found.

use unicode_normalization::char::is_combining_mark;

use super::fold;
use super::simplified::simplified;

/// Whether `c` belongs to a script that is cut into pairs.
#[must_use]
pub fn is_paired(c: char) -> bool {
    c >= '\u{e01}' && (is_unspaced(c) || is_hangul(c))
}

/// Whether `c` belongs to a script that puts no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese;
/// letters and signs, without digits.
#[must_use]
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3005}' | '\u{3007}' | '\u{3105}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}'
        | '\u{e81}'..='\u{ece}' | '\u{edc}'..='\u{edf}'
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}' | '\u{109a}'..='\u{109d}' | '\u{a9e0}'..='\u{a9ef}'
        | '\u{aa60}'..='\u{aa7f}'
        | '\u{1780}'..='\u{17d3}' | '\u{17d7}' | '\u{17dc}' | '\u{17dd}')
        && !matches!(c, '\u{3099}'..='\u{309c}' | '\u{30a0}')
}

/// Whether a pair holds hiragana, in which Japanese writes endings and particles, beside words in kanji and katakana.
#[must_use]
pub fn has_hiragana(pair: &str) -> bool {
    pair.contains(|c| matches!(c, '\u{3041}'..='\u{309f}'))
}

/// Whether a pair is of a script that writes single sounds: Thai, Lao, Burmese, Khmer.
#[must_use]
pub fn is_of_letters(pair: &str) -> bool {
    pair.starts_with(
        |c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'),
    )
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'
        | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}' | '\u{ffa0}'..='\u{ffdc}')
}

/// Folds one character, as [`fold::fold_into`] does, and a traditional Chinese one to the simplified; appended to `form`.
pub(super) fn fold_into(character: &str, form: &mut String) {
    match character.chars().next() {
        // Most are their own form.
        Some('\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ac00}'..='\u{d7a3}')
            if character.len() == 3 =>
        {
            form.push_str(character);
        }
        Some(c @ '\u{4e00}'..='\u{9fff}') if character.len() == 3 => form.push(simplified(c)),
        _ => {
            let start = form.len();
            fold::fold_into(character, form);
            let folded: String = form.drain(start..).collect();
            form.extend(folded.chars().map(simplified));
        }
    }
}

/// The end of the character that starts at `start`: with what composes with it.
pub(super) fn character_end(text: &str, start: usize) -> usize {
    let mut chars = text[start..].chars();
    let Some(mut last) = chars.next() else {
        return start;
    };
    let mut end = start + last.len_utf8();
    for c in chars {
        if !composes(last, c) {
            break;
        }
        end += c.len_utf8();
        last = c;
    }
    end
}

/// Whether `c` is part of the character before it, which ends in `last`.
fn composes(last: char, c: char) -> bool {
    match c {
        '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}' => !is_combining_mark(last),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => true,
        '\u{1160}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' => {
            matches!(last, '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}')
        }
        '\u{11a8}'..='\u{11ff}' | '\u{d7cb}'..='\u{d7fb}' => {
            matches!(last, '\u{1160}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' | '\u{ac00}'..='\u{d7a3}')
        }
        // The two halves of Thai's and Lao's sign for "am".
        '\u{e32}' => last == '\u{e4d}',
        '\u{eb2}' => last == '\u{ecd}',
        _ => false,
    }
}
