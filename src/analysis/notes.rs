//! Marks of notes in running text, which are no words: `charters¹`, `rules[3] fell`, `kept.[^4]`.
//!
//! What is raised or in brackets for another reason stays: powers and units (`x²`, `km²`, `sin²`), ions (`SO²⁻`),
//! subscripts (`H₂O`), indexes of what has one letter (`x[3]`) or goes on (`args[0].len`).

use unicode_normalization::char::is_combining_mark;

/// Longer numbers in brackets are no marks of notes, in digits.
const MAX_NUMBER_LEN: usize = 3;
/// Longer labels are none either, in bytes.
const MAX_LABEL_BYTES: usize = 32;

/// Functions and units of three letters or more that are squared and cubed. Sorted.
static RAISED: [&str; 14] = [
    "cosh", "cos", "cot", "csc", "det", "exp", "log", "max", "min", "mol", "sec", "sin", "sinh",
    "tan",
];

/// Whether `c` is a digit above the line.
pub(super) fn is_raised(c: char) -> bool {
    matches!(
        c,
        '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}' | '\u{2074}'..='\u{2079}'
    )
}

/// The end of the raised digits at `at` where they are the mark of a note to the word that began at `start`.
pub(super) fn raised_note(text: &str, start: usize, at: usize) -> Option<usize> {
    let (front, rest) = (text.get(start..at)?, text.get(at..)?);
    let end = at + raised_len(rest);
    let is_of_letters = front
        .chars()
        .all(|c| c.is_alphabetic() || is_combining_mark(c) || is_joiner(c));
    let letters = front.chars().filter(|c| c.is_alphabetic()).count();
    let is_power = matches!(rest.get(..end - at)?, "²" | "³")
        && (letters <= 2 || RAISED.contains(&front.to_lowercase().as_str()));
    let behind = text.get(end..)?.chars().next();
    let goes_on = behind.is_some_and(|c| c.is_alphanumeric() || matches!(c, '⁺' | '⁻'));
    (is_of_letters && letters > 1 && !is_power && !goes_on).then_some(end)
}

/// Whether this number, raised behind `front`, is the mark of a note and no power of what stands there.
#[must_use]
pub fn takes_note(front: &str, number: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() || is_combining_mark(c);
    let start = front.rfind(|c: char| !is_word(c));
    let word = start.map_or(front, |at| front.get(at..).unwrap_or_default());
    let word = word.trim_start_matches(|c: char| !is_word(c));
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let may_be_power = matches!(number, "2" | "3")
        && (letters <= 2 || RAISED.contains(&word.to_lowercase().as_str()));
    let is_behind_word = letters > 1 && !may_be_power;
    let is_behind_sentence = letters == 0
        && front.ends_with(['.', ',', ';', ':', '!', '?', '”', '’', '»', '"'])
        && front.contains(char::is_alphabetic);
    is_behind_word || is_behind_sentence
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '.' | '\u{ad}')
}

/// The bytes of the raised digits at the front.
fn raised_len(text: &str) -> usize {
    let raised = text.chars().take_while(|&c| is_raised(c));
    raised.map(char::len_utf8).sum()
}

/// Where the marks of notes end that stand at `at`, right behind a word or the punctuation that follows one; `at` where
/// there are none.
pub(super) fn notes_end(text: &str, at: usize) -> usize {
    let (Some(front), Some(rest)) = (text.get(..at), text.get(at..)) else {
        return at;
    };
    if !rest.starts_with(|c| c == '[' || is_raised(c)) || !is_annotated(front) {
        return at;
    }
    let mut end = at;
    while let Some(len) = text.get(end..).and_then(mark_len) {
        end += len;
    }
    let mut behind = text.get(end..).unwrap_or_default().chars();
    let goes_on = match behind.next() {
        Some('.') => behind.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || matches!(c, '=' | '(' | '[' | '⁺' | '⁻'),
        None => false,
    };
    if goes_on { at } else { end }
}

/// Whether a note may follow: behind a word of two letters or digits, with or without punctuation.
fn is_annotated(front: &str) -> bool {
    let is_closing = |c: char| {
        matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | ')' | '"' | '\'' | '”' | '’' | '»'
        )
    };
    let word = front.trim_end_matches(is_closing);
    let mut last = word.chars().rev().filter(|&c| !is_combining_mark(c));
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    is_letter(last.next()) && is_letter(last.next())
}

/// The length of the mark at the front: `[3]`, `[^4]`, `¹`.
fn mark_len(text: &str) -> Option<usize> {
    let raised = raised_len(text);
    if raised > 0 {
        return Some(raised);
    }
    let inner = text.strip_prefix('[')?;
    let label = inner.strip_prefix('^');
    let content = label.unwrap_or(inner);
    let len = content.bytes().position(|byte| byte == b']')?;
    let bytes = content.as_bytes().get(..len)?;
    let is_mark = match label {
        Some(_) => len > 0 && len <= MAX_LABEL_BYTES && !bytes.contains(&b' '),
        None => (1..=MAX_NUMBER_LEN).contains(&len) && bytes.iter().all(u8::is_ascii_digit),
    };
    is_mark.then_some(1 + usize::from(label.is_some()) + len + 1)
}

#[cfg(test)]
mod tests {
    use crate::analysis::words;

    fn forms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn marks_of_notes_are_no_words() {
        for (text, plain) in [
            ("charters¹ were", "charters were"),
            ("charters¹² were", "charters were"),
            ("rules[3] fell", "rules fell"),
            ("rules[3][14] fell", "rules fell"),
            ("codes[^4] and codes[^a-b].", "codes and codes."),
            ("kept.¹ The", "kept. The"),
            ("kept.[3] The", "kept. The"),
            ("“kept”[12], the", "“kept”, the"),
            ("in 2019[3] the", "in 2019 the"),
            ("the war² ended", "the war ended"),
            ("соглашения³ были", "соглашения были"),
        ] {
            assert_eq!(forms(text), forms(plain), "{text}");
        }
        let all = words("charters¹ were");
        assert_eq!((all[0].range.clone(), all[1].position), (0..8, 1));
    }

    #[test]
    fn powers_units_and_indexes_are() {
        for (text, all) in [
            ("x² m² km² sin² mc²", vec!["x2", "m2", "km2", "sin2", "mc2"]),
            ("H₂O CO₂ Ca²⁺", vec!["h2o", "co2", "ca2"]),
            ("10⁶ ¹⁴C", vec!["106", "14c"]),
            ("x[3] a[1]", vec!["x", "3", "a", "1"]),
            (
                "args[0].len rows[12]=x",
                vec!["args", "0", "len", "rows", "12", "x"],
            ),
            ("page [12] of", vec!["page", "12", "of"]),
            (
                "rules[1234] rules[sic]",
                vec!["rules", "1234", "rules", "sic"],
            ),
        ] {
            assert_eq!(forms(text), all, "{text}");
        }
    }
}
