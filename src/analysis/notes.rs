//! Marks of notes in running text, which are no words: `charters¹`, `rules[3] fell`, `kept.[^4]`, `towns¹–³`,
//! `rivers[1, 2]`, `lakes[note 5]`.
//!
//! What is raised or in brackets for another reason stays: powers and units (`x²`, `km²`, `sin²`), ions (`SO²⁻`),
//! subscripts (`H₂O`), indexes of what has one letter (`x[3]`) or goes on (`args[0].len`).

use unicode_normalization::char::is_combining_mark;

use super::pairs::is_paired;

/// Longer numbers are no marks of notes, in digits.
const MAX_NUMBER_LEN: usize = 3;
/// What stands in longer brackets is none either, in bytes. No look for an end goes further.
const MAX_LABEL_BYTES: usize = 32;
/// More numbers above the line are none.
const MAX_RAISED: usize = 8;

/// Functions and units of three letters or more that are squared and cubed.
static RAISED: [&str; 26] = [
    "arcmin", "arcsec", "cos", "cosh", "cot", "coth", "csc", "csch", "det", "exp", "gev", "kev",
    "kpc", "log", "max", "mev", "min", "mol", "mpc", "rad", "sec", "sech", "sin", "sinh", "tan",
    "tanh",
];

/// What a note is called in brackets, before its number.
static NOTE_NAMES: [&str; 5] = ["fn", "n", "nb", "note", "ref"];

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
    let end = at + raised_len(rest)?;
    let is_of_letters = front
        .chars()
        .all(|c| c.is_alphabetic() || is_combining_mark(c) || is_joiner(c));
    let is_power = matches!(rest.get(..end - at)?, "²" | "³") && is_base(front);
    let behind = text.get(end..)?.chars().next();
    let goes_on = behind.is_some_and(|c| c.is_alphanumeric() || matches!(c, '⁺' | '⁻'));
    (is_of_letters && letters_of(front) > 1 && !is_power && !goes_on).then_some(end)
}

/// Whether this number, raised behind `front`, is the mark of a note and no power of what stands there.
#[must_use]
pub fn takes_note(front: &str, number: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() || is_combining_mark(c);
    let start = front.rfind(|c: char| !is_word(c));
    let word = start.map_or(front, |at| front.get(at..).unwrap_or_default());
    let word = word.trim_start_matches(|c: char| !is_word(c));
    let letters = letters_of(word);
    if is_year(front) {
        return true;
    }
    let may_be_power = matches!(number, "2" | "3") && is_base(word);
    let is_behind_word = letters > 1 && !may_be_power;
    let is_behind_sentence = letters == 0
        && front.ends_with(['.', ',', ';', ':', '!', '?', '”', '’', '»', '"'])
        && front.contains(char::is_alphabetic);
    is_behind_word || is_behind_sentence
}

fn letters_of(word: &str) -> usize {
    word.chars().filter(|c| c.is_alphabetic()).count()
}

/// Whether a word is squared or cubed rather than annotated: a unit, a variable, a function.
fn is_base(word: &str) -> bool {
    letters_of(word) <= 2 || RAISED.contains(&word.to_lowercase().as_str())
}

/// Whether a text ends in what is a year rather than the base of a power: `in 2019`.
fn is_year(front: &str) -> bool {
    let before = front.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = front.strip_prefix(before).unwrap_or_default();
    let year: Option<u32> = digits.parse().ok().filter(|_| digits.len() == 4);
    year.is_some_and(|year| (1500..2100).contains(&year)) && before.ends_with(' ')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '.' | '\u{ad}')
}

/// The bytes of the raised numbers at the front, one or a list: `¹`, `¹,²`, `¹–³`. `None` where there are none, or more
/// than a note has.
fn raised_len(text: &str) -> Option<usize> {
    let mut len = number_len(text)?;
    for _ in 1..MAX_RAISED {
        let rest = text.get(len..)?;
        let behind = rest.strip_prefix([',', '–', '-', '⁻', '˒', '\u{2e34}']);
        let more = behind.and_then(|behind| Some((rest.len() - behind.len(), number_len(behind)?)));
        let Some((separator, number)) = more else {
            break;
        };
        len += separator + number;
    }
    (!text.get(len..)?.starts_with(is_raised)).then_some(len)
}

/// The bytes of the raised number at the front.
fn number_len(text: &str) -> Option<usize> {
    let raised = || text.chars().take_while(|&c| is_raised(c));
    let is_number = (1..=MAX_NUMBER_LEN).contains(&raised().take(MAX_NUMBER_LEN + 1).count());
    is_number.then(|| raised().map(char::len_utf8).sum())
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
        // Where no spaces are, a note is followed by a word.
        Some(c) if is_paired(c) => false,
        Some(c) => c.is_alphanumeric() || matches!(c, '=' | '(' | '[' | '⁺' | '⁻'),
        None => false,
    };
    if goes_on { at } else { end }
}

/// Whether a note may follow: behind a number, a word of two letters or initials, with or without punctuation.
fn is_annotated(front: &str) -> bool {
    let is_closing = |c: char| {
        matches!(
            c,
            '.' | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | ')'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | '›'
                | '…'
                | '%'
                | '°'
                | '。'
                | '、'
                | '，'
                | '」'
                | '』'
                | '》'
        )
    };
    let word = front.trim_end_matches(is_closing);
    let mut last = word.chars().rev().filter(|&c| !is_combining_mark(c));
    match (last.next(), last.next()) {
        (Some(c), _) if c.is_numeric() && !c.is_alphabetic() => true,
        (Some(c), Some(before)) if c.is_alphanumeric() => {
            let is_initial = || before == '.' && front.ends_with('.');
            before.is_alphanumeric() || is_initial()
        }
        _ => false,
    }
}

/// The length of the mark at the front: `[3]`, `[1, 2]`, `[note 3]`, `[^4]`, `¹`.
fn mark_len(text: &str) -> Option<usize> {
    let Some(inner) = text.strip_prefix('[') else {
        return raised_len(text);
    };
    let label = inner.strip_prefix('^');
    let content = label.unwrap_or(inner);
    let mut bytes = content.bytes().take(MAX_LABEL_BYTES + 1);
    let len = bytes.position(|byte| byte == b']')?;
    let content = content.get(..len)?;
    let is_mark = match label {
        Some(_) => len > 0 && !content.contains(' '),
        None => are_numbers(content) || is_named_number(content),
    };
    is_mark.then_some(1 + usize::from(label.is_some()) + len + 1)
}

/// Whether brackets hold numbers of notes alone: `3`, `1, 2`, `4–6`.
fn are_numbers(content: &str) -> bool {
    let mut numbers = content.split([',', ';', '-', '–']);
    numbers.all(|number| {
        let number = number.strip_prefix(' ').unwrap_or(number);
        (1..=MAX_NUMBER_LEN).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Whether brackets hold the name and number of a note: `note 3`.
fn is_named_number(content: &str) -> bool {
    let Some((name, number)) = content.split_once([' ', '\u{a0}']) else {
        return false;
    };
    NOTE_NAMES.contains(&name.to_ascii_lowercase().as_str()) && are_numbers(number)
}

#[cfg(test)]
mod tests {
    use super::takes_note;
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
            ("towns¹–³ shrank¹,² and¹⁻³ so", "towns shrank and so"),
            (
                "rivers[1,2] ran[4, 5] by[1-3] the[7–9] sea",
                "rivers ran by the sea",
            ),
            ("lakes[note 3] and ponds[nb 12].", "lakes and ponds."),
            ("of 3.5[2] percent, 5%[3] of", "of 3.5 percent, 5% of"),
            (
                "chapter 5[3] of the U.S.[4] law",
                "chapter 5 of the U.S. law",
            ),
            ("条约[3]签署", "条约签署"),
            ("条约。[3]签署¹了", "条约。签署了"),
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
            (
                "rows[1,2].len cols[1:2] rows[, 2] seen[no 3]",
                vec![
                    "rows", "1,2", "len", "cols", "1", "2", "rows", "2", "seen", "no", "3",
                ],
            ),
            ("tanh² SO₄²⁻", vec!["tanh2", "so42"]),
        ] {
            assert_eq!(forms(text), all, "{text}");
        }
    }

    #[test]
    fn raised_numbers_of_pages_are_notes_or_powers() {
        for (front, number, is_note) in [
            ("the treaties", "1", true),
            ("kept.", "3", true),
            ("in 2019", "4", true),
            ("km", "2", false),
            ("10", "6", false),
            ("a 1024", "2", false),
            ("x", "2", false),
            ("3.2019", "2", false),
        ] {
            assert_eq!(takes_note(front, number), is_note, "{front} {number}");
        }
    }

    /// Quadratic time would take minutes here.
    #[test]
    fn marks_without_an_end_cost_no_look_at_all_that_follows() {
        for unit in ["ab[", "ab[^", "word[1", "ab¹", "¹", "¹,", "word[1]", "条["] {
            let text = unit.repeat(1_000_000 / unit.len());
            assert!(!forms(&text).is_empty(), "{unit}");
        }
    }
}
