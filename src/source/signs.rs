//! Tells signs from letters where encodings differ: the byte of `£` is `Ł` in Central Europe, that of `³` is `ł`. By the
//! frequencies of characters alone a lone `£15` in English text is as good as a Polish name.

use encoding_rs as rs;

/// Units that are squared or cubed.
const UNITS: [&str; 9] = ["m", "km", "cm", "mm", "dm", "ft", "yd", "mi", "ha"];

/// Whether a character is a control that text does not hold: all but white space, backspace, escape and the DOS end
/// of file.
pub(super) fn is_stray_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\x08'..='\x0d' | '\x1a' | '\x1b' | '\u{85}')
}

/// Whether all that `guessed` reads in another way than windows-1252 are signs in windows-1252, and stand where such signs
/// do: before numbers, behind units, not within words. Then nothing speaks for the letters of `guessed`.
pub(super) fn are_western(bytes: &[u8], guessed: &'static rs::Encoding) -> bool {
    let read = |encoding: &'static rs::Encoding| -> Vec<char> {
        encoding
            .decode_without_bom_handling(bytes)
            .0
            .chars()
            .collect()
    };
    let western = read(rs::WINDOWS_1252);
    let other = guessed.is_single_byte().then(|| read(guessed));
    let is_alone = |i: usize| {
        let is_ascii = |j: Option<usize>| j.and_then(|j| western.get(j)).is_none_or(char::is_ascii);
        is_ascii(i.checked_sub(1)) && is_ascii(Some(i + 1))
    };
    let differs = |&i: &usize| match &other {
        Some(other) => other.get(i) != western.get(i),
        None => western.get(i).is_some_and(|c| !c.is_ascii()),
    };
    let mut differing = (0..western.len()).filter(differs).peekable();
    let quotes = western.iter().fold(0i64, |open, c| match c {
        '«' => open + 1,
        '»' => open - 1,
        _ => open,
    });
    differing.peek().is_some()
        && quotes == 0
        && differing.all(|i| is_sign(&western, i) && (other.is_some() || is_alone(i)))
}

/// Whether the character at `i` is a sign that stands where such a sign does.
pub(super) fn is_sign(text: &[char], i: usize) -> bool {
    let (front, [sign, rest @ ..]) = text.split_at(i) else {
        return false;
    };
    let or_space = |c: Option<&char>| c.copied().unwrap_or(' ');
    let (before, behind) = (or_space(front.last()), or_space(rest.first()));
    let (is_word_before, is_word_behind) = (before.is_alphabetic(), behind.is_alphabetic());
    let is_beside_number = || before.is_ascii_digit() || behind.is_ascii_digit();
    let is_parted = !is_word_before && !is_word_behind;
    match sign {
        '£' | '¥' | '¢' | '€' => {
            let next = or_space(rest.get(1));
            let is_amount = behind == ' ' && next.is_ascii_digit();
            is_beside_number() || is_amount || is_parted
        }
        '¹' | '²' | '³' => {
            !is_word_behind && (before.is_ascii_digit() || is_unit(front) || is_parted)
        }
        '¼' | '½' | '¾' => is_parted || (before.is_ascii_digit() && !is_word_behind),
        '¿' | '¡' => !is_word_before && behind.is_uppercase(),
        'ª' | 'º' => !is_word_behind && (before.is_ascii_digit() || matches!(before, 'n' | 'N')),
        // These stand within words too.
        '‘' | '’' | '–' | '—' | '…' | '·' | '\u{ad}' => true,
        '\u{a0}' | '“' | '”' | '„' | '‚' | '«' | '»' | '‹' | '›' => {
            !(is_word_before && is_word_behind)
        }
        '®' | '™' => !is_word_behind,
        '°' => !is_word_before && (!is_word_behind || matches!(behind, 'C' | 'F' | 'K')),
        '§' | '©' | '±' | 'µ' | '¶' | '×' | '÷' | '†' | '‡' | '•' | '‰' | '¬' | '¨' | '¯' | '´'
        | '¸' | '¦' | '¤' | 'ˆ' | '˜' => is_parted,
        _ => false,
    }
}

/// Whether a text ends in a unit.
fn is_unit(text: &[char]) -> bool {
    let letters = text.iter().rev().take_while(|c| c.is_alphabetic());
    let word: String = letters.take(3).collect();
    UNITS.iter().any(|unit| unit.chars().rev().eq(word.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of one language each, short, so that nothing but the places of the signs tells.
    #[test]
    fn letters_within_words_are_no_signs() {
        for (encoding, texts) in [
            (
                rs::WINDOWS_1250,
                &[
                    "był",
                    "mała",
                    "są",
                    "że",
                    "Łódź",
                    "Ługi 15",
                    "ale 3 są złe",
                    "ľudia",
                    "ţară",
                    "az őszi 5",
                ][..],
            ),
            (
                rs::WINDOWS_1250,
                &["A miniszterelnök jövő héten 15 képviselőt hív; a művek főbb részei."],
            ),
            (
                rs::ISO_8859_2,
                &["był", "są", "chuť", "šaty 15", "žena", "15 šest", "Ľubica"],
            ),
            (rs::WINDOWS_1254, &["ağaç", "şey 5", "İstanbul", "ışık"]),
            (rs::WINDOWS_1257, &["žąsis", "ūkis 3", "šeši", "Ķekava"]),
            (rs::WINDOWS_1251, &["Її 5", "є", "№ 5 і ще", "ґанок"]),
            (rs::WINDOWS_1253, &["Οι συμφωνίες", "η ώρα 5"]),
            (rs::GBK, &["１２３", "（5），", "明斯克"]),
            (rs::SHIFT_JIS, &["ｱｲｳ 5", "合意は"]),
        ] {
            for text in texts {
                let (bytes, _, has_faults) = encoding.encode(text);
                assert!(!has_faults, "{text}");
                assert!(
                    !are_western(&bytes, encoding),
                    "{}: {text}",
                    encoding.name()
                );
            }
        }
    }

    #[test]
    fn signs_beside_letters_that_both_have_are_signs() {
        for text in [
            "Gebühr: £15",
            "10 m² für 3½ Tage",
            "dés : 5 £ « cher »",
            "50¢ ± 2",
        ] {
            let (bytes, _, _) = rs::WINDOWS_1252.encode(text);
            assert!(are_western(&bytes, rs::WINDOWS_1250), "{text}");
        }
    }
}
