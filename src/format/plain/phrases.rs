//! Lines that speak to the reader, tell a story or point elsewhere, and so name nothing that stands below them.

use super::shape::letter_words;

/// Words that begin a greeting or a farewell.
static GREETINGS: [&str; 16] = [
    "hello",
    "hi",
    "hey",
    "greetings",
    "welcome",
    "thanks",
    "thank you",
    "dear",
    "stay tuned",
    "enjoy",
    "cheers",
    "congratulations",
    "hallo",
    "bonjour",
    "hola",
    "liebe",
];

/// Words that begin a line which asks the reader to do something outside the text.
static CALLS: [&str; 20] = [
    "get it",
    "get your",
    "buy",
    "shop",
    "order",
    "download",
    "register",
    "sign up",
    "subscribe",
    "use code",
    "visit",
    "apply",
    "donate",
    "click",
    "watch",
    "check out",
    "enter",
    "contact",
    "join",
    "follow us",
];

/// Words that begin a sentence of a story, and go on from what was said before.
static STORY_WORDS: [&str; 14] = [
    "he", "she", "i", "they", "it", "his", "her", "and", "but", "then", "so", "or", "yet", "nor",
];

/// Words that say whose picture something is.
static PICTURE_WORDS: [&str; 9] = [
    "courtesy",
    "photo",
    "photos",
    "photograph",
    "photographs",
    "screenshot",
    "screengrab",
    "image",
    "pictured",
];

/// What a picture is of: `Example of a form`.
static PICTURE_OPENINGS: [&str; 16] = [
    "example of",
    "an example of",
    "excerpt of",
    "diagram of",
    "diagram showing",
    "map of",
    "map showing",
    "graph of",
    "graph showing",
    "chart of",
    "chart showing",
    "screenshot of",
    "screenshot showing",
    "list of",
    "view of",
    "portrait of",
];

/// Verbs of whole sentences.
static VERBS: [&str; 14] = [
    "is", "are", "was", "were", "has", "have", "had", "will", "can", "could", "would", "should",
    "does", "did",
];

/// Words behind which a line does not end by choice.
static BINDING_WORDS: [&str; 23] = [
    "a", "an", "and", "as", "but", "by", "from", "of", "or", "than", "that", "the", "to", "with",
    "which", "into", "their", "our", "your", "my", "its", "was", "were",
];

/// Whether a text begins with one of these words, which are of small ASCII letters.
fn opens_with(text: &str, phrases: &[&str]) -> bool {
    let Some(first) = text.bytes().next().map(|byte| byte.to_ascii_lowercase()) else {
        return false;
    };
    let opens = |phrase: &&&str| {
        let front = text.get(..phrase.len());
        front.is_some_and(|front| front.eq_ignore_ascii_case(phrase))
            && !text[phrase.len()..].starts_with(char::is_alphanumeric)
    };
    let mut alike = (phrases.iter()).filter(|phrase| phrase.as_bytes().first() == Some(&first));
    alike.any(|phrase| opens(&phrase))
}

/// Whether one of the words of a text is among these, which are of ASCII letters.
fn has_word(text: &str, words: &[&str]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || *byte == b'\'';
    let letter = |word: &[u8]| word.first().map_or(0, |byte| 1u64 << (byte & 31));
    let firsts = words
        .iter()
        .fold(0, |set, word| set | letter(word.as_bytes()));
    let is_one = |word: &[u8]| {
        let alike = |other: &&str| other.as_bytes().eq_ignore_ascii_case(word);
        firsts & letter(word) != 0 && words.iter().any(alike)
    };
    text.as_bytes().split(|byte| !is_letter(byte)).any(is_one)
}

pub(super) fn greets(text: &str) -> bool {
    opens_with(text, &GREETINGS)
}

pub(super) fn calls(text: &str) -> bool {
    opens_with(text, &CALLS)
}

/// Whether a line goes on with a story: `But they came`.
pub(super) fn goes_on(text: &str) -> bool {
    let first = letter_words(text).next().unwrap_or_default();
    STORY_WORDS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first))
}

/// Whether a line says whose picture stands there.
pub(super) fn credits_picture(text: &str) -> bool {
    has_word(text, &PICTURE_WORDS)
}

/// Whether a line says what a picture shows.
pub(super) fn describes_picture(text: &str) -> bool {
    opens_with(text, &PICTURE_OPENINGS)
}

/// Whether a line holds the verb of a whole sentence.
pub(super) fn has_verb(text: &str) -> bool {
    has_word(text, &VERBS)
}

/// Whether a line sends the reader to another place: `See page 9.`
pub(super) fn refers(text: &str) -> bool {
    opens_with(text, &["see", "see also"]) && text.len() > 8
}

/// Whether a line says whose words are quoted: `--The Harbour Book`, or words and `- Jane Doe` behind them.
pub(super) fn is_attribution(text: &str) -> bool {
    // Dashes other than the hyphen begin with this byte.
    if memchr::memchr2(b'-', 0xe2, text.as_bytes()).is_none() {
        return false;
    }
    let behind = text.strip_prefix("--").or_else(|| text.strip_prefix('—'));
    if let Some(behind) = behind {
        let behind = behind
            .strip_prefix(' ')
            .filter(|_| text.starts_with('-'))
            .unwrap_or(behind);
        return behind.starts_with(char::is_alphanumeric);
    }
    let Some((words, name)) = text.rsplit_once(['-', '–', '—']) else {
        return false;
    };
    let is_apart = words.ends_with([' ', '-', '"', '\u{201d}']);
    let names = name.split_whitespace();
    is_apart
        && names.clone().count() == 2
        && names
            .clone()
            .all(|name| name.starts_with(char::is_uppercase))
        && words.split_whitespace().nth(2).is_some()
}

/// Whether a line ends with a word that binds the next one.
pub(super) fn breaks_off(text: &str) -> bool {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    // `Plan A` names a plan.
    let is_letter = last == "A" && text.bytes().any(|byte| byte.is_ascii_lowercase());
    last.len() < text.len()
        && !is_letter
        && BINDING_WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(last))
}

/// Whether a line is an entry of an index: `Harbour, 12, 40`.
pub(super) fn is_index_entry(text: &str) -> bool {
    let is_page = |c: char| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '–');
    let name = text.trim_end_matches(is_page);
    let pages = text[name.len()..]
        .split_once(',')
        .map_or("", |(_, pages)| pages);
    !name.is_empty() && pages.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_the_reader_and_of_a_story_are_told() {
        assert!(
            greets("Hello, readers") && greets("Thank you all") && !greets("Hints for readers")
        );
        assert!(calls("Sign up today") && !calls("Shopping in town"));
        assert!(goes_on("But they came") && goes_on("He left.") && !goes_on("Heat and light"));
        assert!(
            credits_picture("The mill, courtesy of the museum") && !credits_picture("The mill")
        );
        assert!(describes_picture("Example of a ticket") && !describes_picture("Examples"));
        assert!(has_verb("The mill was sold.") && !has_verb("The mill, sold."));
        assert!(refers("See p. 12 and 13") && !refers("Seeing the sea") && !refers("See also"));
    }

    #[test]
    fn attributions_and_broken_lines_are_told() {
        for line in [
            "--The Harbour Book",
            "-- The Harbour Book",
            "—Jane Doe",
            "The tide waits for none. - Jane Doe",
        ] {
            assert!(is_attribution(line), "{line}");
        }
        for line in [
            "Ferries - Old Boats",
            "Boat-building",
            "- an item",
            "— what then",
            "Ferry — the old boats",
            "—",
            "",
        ] {
            assert!(!is_attribution(line), "{line}");
        }
        assert!(breaks_off("There is a song of") && !breaks_off("Of") && !breaks_off("Moving in"));
        assert!(breaks_off("THIS IS A") && breaks_off("This is a") && !breaks_off("Hepatitis A"));
    }

    #[test]
    fn entries_of_an_index_end_with_pages() {
        for entry in ["Harbour, 12", "Harbour, old, 12, 40-41", "_Ferry_, 7 "] {
            assert!(is_index_entry(entry), "{entry}");
        }
        for line in ["Harbour", "Harbour 12", "12, 13", "Ferries, boats", "", ","] {
            assert!(!is_index_entry(line), "{line}");
        }
    }
}
