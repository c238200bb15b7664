//! Words that are broken at a line's end: `corpora-⏎tion` is one word, `well-⏎known` keeps its hyphen.

use memchr::memmem;

/// What becomes of the hyphen of a word that goes on in the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineHyphen {
    /// It only broke the word.
    Dropped,
    /// It belongs to the word.
    Kept,
}

/// A text up to so many bytes is looked through for the word as it is written elsewhere: each look is linear in it.
const EVIDENCE_BYTES: usize = 32 << 10;

/// What a hyphen behind belongs to, where nothing else tells. Sorted.
static COMPOUNDING: [&str; 44] = [
    "all", "cease", "cross", "east", "eight", "eighty", "ex", "far", "fifty", "first", "five",
    "forty", "four", "full", "good", "half", "hard", "high", "ill", "left", "long", "low", "mid",
    "nine", "ninety", "non", "north", "one", "right", "second", "self", "seven", "seventy",
    "short", "six", "sixty", "so", "south", "third", "thirty", "three", "twenty", "two", "well",
];

/// What follows a hyphen that stands for the rest of a word: `pre- and post-war`. Sorted.
static JOINING: [&str; 16] = [
    "and", "as", "bis", "but", "e", "en", "et", "nor", "o", "oder", "or", "ou", "to", "u", "und",
    "y",
];

/// What becomes of the hyphen at `end - 1` of `text`; `None` where it does not break a word.
pub(super) fn line_hyphen(text: &str, end: usize) -> Option<LineHyphen> {
    let front = text.get(..end)?.strip_suffix(['-', '\u{2010}'])?;
    let behind = next_line_word(text.get(end..)?)?;
    let start = front.rfind(|c: char| !c.is_alphabetic());
    let own = start.map_or(front, |at| front.get(at..).unwrap_or_default());
    let word = own.trim_start_matches(|c: char| !c.is_alphabetic());
    let is_word = word.chars().count() > 1 && word.ends_with(char::is_lowercase);
    if !is_word || JOINING.binary_search(&behind).is_ok() {
        return None;
    }
    // A word with other hyphens: `state-of-the-⏎art`; a part of an address or a name of code.
    if own.starts_with(['-', '\u{2010}']) || own.starts_with(is_of_names) {
        return Some(LineHyphen::Kept);
    }
    if let Some(hyphen) = written_elsewhere(text, word, behind) {
        return Some(hyphen);
    }
    Some(
        match COMPOUNDING.binary_search(&word.to_lowercase().as_str()) {
            Ok(_) => LineHyphen::Kept,
            Err(_) => LineHyphen::Dropped,
        },
    )
}

/// How a text that is not long writes a word elsewhere: whole, else with its hyphen.
fn written_elsewhere(text: &str, word: &str, behind: &str) -> Option<LineHyphen> {
    if text.len() > EVIDENCE_BYTES {
        return None;
    }
    let mut found = None;
    for at in memmem::find_iter(text.as_bytes(), word.as_bytes()) {
        let rest = text.as_bytes().get(at + word.len()..)?;
        if rest.starts_with(behind.as_bytes()) {
            return Some(LineHyphen::Dropped);
        }
        let rest = rest.strip_prefix(b"-");
        if rest.is_some_and(|rest| rest.starts_with(behind.as_bytes())) {
            found = Some(LineHyphen::Kept);
        }
    }
    found
}

/// Whether a sign or digit right before a word makes it a part of an address, a path or a name, which no one hyphenates.
fn is_of_names(sign: char) -> bool {
    sign.is_numeric()
        || matches!(
            sign,
            '/' | '\\' | '_' | '@' | '=' | '.' | '#' | '&' | '?' | '~'
        )
}

/// The word in small letters at the start of the next line.
fn next_line_word(rest: &str) -> Option<&str> {
    let line = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix('\n'))?;
    let line = line.trim_start_matches([' ', '\t', '>']);
    let len = line
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(line.len());
    let word = line.get(..len)?;
    word.starts_with(char::is_lowercase).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_at_the_end_of_a_line_belong_to_a_word_or_break_it() {
        let at = |text: &str| line_hyphen(text, text.find("\n").expect("a line"));
        for (text, hyphen) in [
            ("the corpora-\ntion of", Some(LineHyphen::Dropped)),
            ("the Corpora-\n  tion of", Some(LineHyphen::Dropped)),
            ("a well-\nknown man", Some(LineHyphen::Kept)),
            ("twenty-\nfive", Some(LineHyphen::Kept)),
            ("state-of-the-\nart", Some(LineHyphen::Kept)),
            ("see https://x.org/foo-\nbar", Some(LineHyphen::Kept)),
            ("my_own-\nname", Some(LineHyphen::Kept)),
            ("2nd-\nhand", Some(LineHyphen::Kept)),
            ("l'organi-\nsation", Some(LineHyphen::Dropped)),
            ("(corpora-\ntion)", Some(LineHyphen::Dropped)),
            ("a wi-\nfi net, as wi-fi is", Some(LineHyphen::Kept)),
            ("a well-\nspring; the wellspring", Some(LineHyphen::Dropped)),
            ("pre-\nand post-war", None),
            ("Anglo-\nSaxon", None),
            ("1990-\nto", None),
            ("x-\nray", None),
            ("- \nray", None),
            ("word -\nand so", None),
        ] {
            assert_eq!(at(text), hyphen, "{text}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(COMPOUNDING.is_sorted() && JOINING.is_sorted());
    }
}
