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
    if word.is_empty() || JOINING.binary_search(&behind).is_ok() {
        return None;
    }
    // No word is broken behind its first letter: `e-⏎mail`, `E-⏎Mail`, `a-t-⏎il`; that of `l'a-⏎bord` is not its first.
    let is_letter = word.chars().count() == 1 && !own.starts_with(['\'', '’']);
    let goes_on = behind.starts_with(char::is_lowercase);
    if is_letter {
        return Some(LineHyphen::Kept);
    }
    if !goes_on {
        // A name: `E-Mail-⏎Adresse`, `Anglo-⏎Saxon` where it is written so elsewhere.
        let is_compound = own.starts_with(['-', '\u{2010}'])
            || written_elsewhere(text, word, behind) == Some(LineHyphen::Kept);
        return is_compound.then_some(LineHyphen::Kept);
    }
    if !word.ends_with(char::is_lowercase) {
        return None;
    }
    // A word with other hyphens: `state-of-the-⏎art`; a part of an address or a name of code.
    if own.starts_with(['-', '\u{2010}']) || own.starts_with(is_of_names) {
        return Some(LineHyphen::Kept);
    }
    if let Some(hyphen) = written_elsewhere(text, word, behind) {
        return Some(hyphen);
    }
    let small = word.to_lowercase();
    let is_compound =
        COMPOUNDING.binary_search(&small.as_str()).is_ok() || is_french(&small, behind);
    Some(match is_compound {
        true => LineHyphen::Kept,
        false => LineHyphen::Dropped,
    })
}

/// Whether French joins these words by a hyphen: `peut-être`, a verb and the pronoun behind it, `celui-là`, `elle-même`.
///
/// The language is not known yet, and `-on`, `-nous` or `-je` end words of other languages. So a pronoun needs an ending
/// or a verb before it that only French has there.
fn is_french(word: &str, behind: &str) -> bool {
    let is = |all: &[&str]| all.contains(&word);
    match behind {
        "être" => word == "peut",
        "il" | "ils" | "elle" | "elles" | "on" => word.ends_with(['t', 'd']),
        "je" => is(&[
            "ai", "crois", "dis", "dois", "fais", "puis", "sais", "suis", "vais",
        ]),
        "ce" => is(&["est", "fut", "fût", "sera", "serait", "sont", "était"]),
        "moi" | "toi" | "le" | "la" | "les" | "lui" | "leur" => {
            word.ends_with("ez") || is(&["aide", "crois", "dis", "dites", "faites", "laisse"])
        }
        "vous" => word.ends_with("ez"),
        "nous" => word.ends_with("ons"),
        "ci" | "là" => is(&["celle", "celles", "celui", "ceux"]),
        "même" | "mêmes" => is(&[
            "elle", "elles", "eux", "lui", "moi", "nous", "soi", "toi", "vous",
        ]),
        _ => false,
    }
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

/// The word at the start of the next line.
fn next_line_word(rest: &str) -> Option<&str> {
    let line = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix('\n'))?;
    let line = line.trim_start_matches([' ', '\t', '>']);
    let len = line
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(line.len());
    line.get(..len).filter(|word| !word.is_empty())
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
            ("x-\nray", Some(LineHyphen::Kept)),
            ("per E-\nMail", Some(LineHyphen::Kept)),
            ("die U-\nBahn", Some(LineHyphen::Kept)),
            ("an e-\nmail", Some(LineHyphen::Kept)),
            ("die E-Mail-\nAdresse", Some(LineHyphen::Kept)),
            ("an Anglo-\nSaxon, the Anglo-Saxon", Some(LineHyphen::Kept)),
            ("grade A-\nand B", None),
            ("de l'a-\nbord", Some(LineHyphen::Dropped)),
            ("il a peut-\nêtre vu", Some(LineHyphen::Kept)),
            ("Peut-\nêtre", Some(LineHyphen::Kept)),
            ("y a-t-\nil", Some(LineHyphen::Kept)),
            ("dit-\nelle", Some(LineHyphen::Kept)),
            ("qu’est-\nce que", Some(LineHyphen::Kept)),
            ("puis-\nje", Some(LineHyphen::Kept)),
            ("avez-\nvous", Some(LineHyphen::Kept)),
            ("dites-\nmoi", Some(LineHyphen::Kept)),
            ("elle-\nmême", Some(LineHyphen::Kept)),
            ("nerv-\nous", Some(LineHyphen::Dropped)),
            ("volumi-\nnous", Some(LineHyphen::Dropped)),
            ("ner-\nvous", Some(LineHyphen::Dropped)),
            ("Informati-\non", Some(LineHyphen::Dropped)),
            ("huis-\nje", Some(LineHyphen::Dropped)),
            ("pa-\nce", Some(LineHyphen::Dropped)),
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
