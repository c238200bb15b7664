//! The languages: one table; what is known of words, forms and texts of a language derives from it.

use std::borrow::Cow;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::marks;
use super::script::Script;

/// A language of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// What is known of a language.
struct LanguageEntry {
    /// Its BCP 47 tag.
    tag: &'static str,
    name: &'static str,
    scripts: &'static [Script],
    algorithm: Option<Algorithm>,
    /// Puts back the marks that the stemmer asks for.
    marks: fn(&str) -> Cow<'_, str>,
    /// Whether the stemmer changes the beginnings of words.
    changes_beginnings: bool,
    /// Words that only hold a sentence together, folded, a line each, sorted by bytes.
    function_words: &'static str,
}

macro_rules! function_words {
    ($tag:literal) => {
        include_str!(concat!("function_words/", $tag, ".txt"))
    };
}

/// A language with function words, and a stemmer where there is one.
macro_rules! language {
    ($tag:literal, $name:literal, [$($script:ident),+] $(, $algorithm:ident $(($marks:ident))? $($changes:literal)?)?) => {
        LanguageEntry {
            tag: $tag,
            name: $name,
            scripts: &[$(Script::$script),+],
            algorithm: language!(@algorithm $($algorithm)?),
            marks: language!(@marks $($($marks)?)?),
            changes_beginnings: language!(@changes $($($changes)?)?),
            function_words: function_words!($tag),
        }
    };
    (@algorithm $algorithm:ident) => { Some(Algorithm::$algorithm) };
    (@algorithm) => { None };
    (@marks $marks:ident) => { marks::$marks };
    (@marks) => { marks::none };
    (@changes $changes:literal) => { true };
    (@changes) => { false };
}

/// A language that is told by its script.
const fn of_script(
    tag: &'static str,
    name: &'static str,
    scripts: &'static [Script],
) -> LanguageEntry {
    LanguageEntry {
        tag,
        name,
        scripts,
        algorithm: None,
        marks: marks::none,
        changes_beginnings: false,
        function_words: "",
    }
}

/// The languages. Of one script the first one serves where an index has no article in any of them. A language's place
/// is its code on disk: new ones are added at the end.
static LANGUAGES: [LanguageEntry; 69] = [
    language!("en", "English", [Latin], English),
    language!("ru", "Russian", [Cyrillic], Russian),
    language!("el", "Greek", [Greek], Greek),
    language!("ar", "Arabic", [Arabic], Arabic(arabic) "changes beginnings"),
    language!("he", "Hebrew", [Hebrew]),
    language!("hi", "Hindi", [Devanagari], Hindi(hindi) "changes beginnings"),
    language!("bn", "Bengali", [Bengali]),
    language!("ta", "Tamil", [Tamil], Tamil "changes beginnings"),
    language!("hy", "Armenian", [Armenian], Armenian),
    language!("af", "Afrikaans", [Latin]),
    language!("be", "Belarusian", [Cyrillic]),
    language!("bg", "Bulgarian", [Cyrillic]),
    language!("ca", "Catalan", [Latin], Catalan(catalan)),
    language!("cs", "Czech", [Latin], Czech(czech)),
    language!("da", "Danish", [Latin], Danish),
    language!("de", "German", [Latin], German),
    language!("eo", "Esperanto", [Latin], Esperanto "changes beginnings"),
    language!("es", "Spanish", [Latin], Spanish(spanish)),
    language!("et", "Estonian", [Latin], Estonian),
    language!("eu", "Basque", [Latin], Basque),
    language!("fa", "Persian", [Arabic], Persian(persian) "changes beginnings"),
    language!("fi", "Finnish", [Latin], Finnish),
    language!("fr", "French", [Latin], French(french) "changes beginnings"),
    language!("ga", "Irish", [Latin], Irish(irish) "changes beginnings"),
    language!("gl", "Galician", [Latin]),
    language!("hr", "Croatian", [Latin]),
    language!("hu", "Hungarian", [Latin], Hungarian(hungarian)),
    language!("id", "Indonesian", [Latin], Indonesian "changes beginnings"),
    language!("is", "Icelandic", [Latin]),
    language!("it", "Italian", [Latin], Italian "changes beginnings"),
    language!("lt", "Lithuanian", [Latin], Lithuanian(lithuanian)),
    language!("lv", "Latvian", [Latin]),
    language!("mk", "Macedonian", [Cyrillic]),
    language!("ms", "Malay", [Latin]),
    language!("ne", "Nepali", [Devanagari], Nepali),
    language!("nl", "Dutch", [Latin], Dutch "changes beginnings"),
    language!("no", "Norwegian", [Latin], Norwegian),
    language!("pl", "Polish", [Latin], Polish(polish) "changes beginnings"),
    language!("pt", "Portuguese", [Latin], Portuguese(portuguese)),
    language!("ro", "Romanian", [Latin], Romanian(romanian)),
    language!("sk", "Slovak", [Latin]),
    language!("sl", "Slovene", [Latin]),
    language!("sr", "Serbian", [Cyrillic, Latin], Serbian "changes beginnings"),
    language!("st", "Sesotho", [Latin], Sesotho "changes beginnings"),
    language!("sv", "Swedish", [Latin], Swedish),
    language!("sw", "Swahili", [Latin]),
    language!("tl", "Tagalog", [Latin]),
    language!("tr", "Turkish", [Latin], Turkish(turkish) "changes beginnings"),
    language!("uk", "Ukrainian", [Cyrillic], Ukrainian "changes beginnings"),
    language!("ur", "Urdu", [Arabic]),
    language!("vi", "Vietnamese", [Latin]),
    language!("yi", "Yiddish", [Hebrew], Yiddish "changes beginnings"),
    of_script("am", "Amharic", &[Script::Ethiopic]),
    of_script("bo", "Tibetan", &[Script::Tibetan]),
    of_script("gu", "Gujarati", &[Script::Gujarati]),
    of_script("ja", "Japanese", &[Script::Kana, Script::Han]),
    of_script("ka", "Georgian", &[Script::Georgian]),
    of_script("km", "Khmer", &[Script::Khmer]),
    of_script("kn", "Kannada", &[Script::Kannada]),
    of_script("ko", "Korean", &[Script::Hangul]),
    of_script("lo", "Lao", &[Script::Lao]),
    of_script("ml", "Malayalam", &[Script::Malayalam]),
    of_script("my", "Burmese", &[Script::Burmese]),
    of_script("or", "Odia", &[Script::Odia]),
    of_script("pa", "Punjabi", &[Script::Gurmukhi]),
    of_script("si", "Sinhala", &[Script::Sinhala]),
    of_script("te", "Telugu", &[Script::Telugu]),
    of_script("th", "Thai", &[Script::Thai]),
    of_script("zh", "Chinese", &[Script::Han]),
];

/// Other tags for the same.
const ALIASES: [(&str, &str); 8] = [
    ("bs", "hr"),
    ("fil", "tl"),
    ("in", "id"),
    ("iw", "he"),
    ("ji", "yi"),
    ("nb", "no"),
    ("nn", "no"),
    ("sh", "hr"),
];

/// The languages of each script, as bits.
static OF_SCRIPTS: LazyLock<[u128; Script::COUNT]> = LazyLock::new(|| {
    Script::ALL.map(|script| {
        let own = Language::all().filter(|language| language.scripts().contains(&script));
        own.map(Language::bit).sum()
    })
});

static STEMMERS: LazyLock<Vec<Option<Stemmer>>> = LazyLock::new(|| {
    let stemmer = |entry: &LanguageEntry| entry.algorithm.map(Stemmer::new);
    LANGUAGES.iter().map(stemmer).collect()
});

impl Language {
    /// English.
    pub const ENGLISH: Language = Language(0);
    /// Vietnamese.
    pub const VIETNAMESE: Language = Language(50);
    /// Hebrew.
    pub const HEBREW: Language = Language(4);

    /// The number an index keeps the language under; 0 is none's.
    pub(crate) fn code(self) -> u8 {
        self.0 + 1
    }

    /// The language that [`Language::code`] gave this number.
    pub(crate) fn of_code(code: u8) -> Option<Language> {
        let place = code.checked_sub(1)?;
        (usize::from(place) < LANGUAGES.len()).then_some(Language(place))
    }

    /// All languages, in the order of the table.
    pub fn all() -> impl DoubleEndedIterator<Item = Language> + Clone {
        (0..LANGUAGES.len() as u8).map(Language)
    }

    /// The language of a BCP 47 tag such as `pt-br`, or of an English name such as `Portuguese`, in any case.
    ///
    /// ```
    /// use excerpt::analysis::Language;
    ///
    /// assert_eq!(Language::of_tag("de-AT"), Language::of_tag("German"));
    /// assert_eq!(Language::of_tag("tlh"), None);
    /// ```
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Language> {
        Language::all().find(|language| language.is_named(tag))
    }

    /// Whether a tag, with or without a region, or an English name says it.
    pub(crate) fn is_named(self, text: &str) -> bool {
        let LanguageEntry { tag, name, .. } = self.entry();
        let primary = text.split(['-', '_']).next().unwrap_or(text);
        let mut aliases = ALIASES.iter().filter(|(_, own)| own == tag);
        primary.eq_ignore_ascii_case(tag)
            || text.eq_ignore_ascii_case(name)
            || aliases.any(|(alias, _)| primary.eq_ignore_ascii_case(alias))
    }

    #[allow(clippy::indexing_slicing, reason = "a language is a row of the table")]
    fn entry(self) -> &'static LanguageEntry {
        &LANGUAGES[usize::from(self.0)]
    }

    /// Its place in the table.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.entry().tag
    }

    /// Its English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The scripts that it is written in.
    #[must_use]
    pub fn scripts(self) -> &'static [Script] {
        self.entry().scripts
    }

    /// The languages of a script, as bits.
    #[allow(
        clippy::indexing_slicing,
        reason = "a script is an element of the array"
    )]
    pub(super) fn of_script(script: Script) -> u128 {
        OF_SCRIPTS[script as usize]
    }

    /// Whether its words are inflected.
    #[must_use]
    pub fn has_stemmer(self) -> bool {
        self.entry().algorithm.is_some() || self == Language::HEBREW
    }

    pub(super) fn stemmer(self) -> Option<Stemmer> {
        *STEMMERS.get(self.index())?
    }

    /// A folded word with the marks that the stemmer asks for.
    pub(super) fn with_marks(self, word: &str) -> Cow<'_, str> {
        (self.entry().marks)(word)
    }

    /// Whether its stemmer changes the beginnings of words.
    pub(super) fn changes_beginnings(self) -> bool {
        self.entry().changes_beginnings || self == Language::HEBREW
    }

    /// Words that only hold a sentence together, folded, in order.
    pub(super) fn function_words(self) -> impl Iterator<Item = &'static str> {
        self.function_word_list().lines()
    }

    /// The same as a text, a word a line.
    pub(super) fn function_word_list(self) -> &'static str {
        self.entry().function_words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fold;

    /// The words for and, or and but of each language with function words; in Hebrew `and` is written as one with its
    /// word.
    const CONJUNCTIONS: [(&str, &str); 52] = [
        ("af", "en of maar"),
        ("ar", "و او ام لكن"),
        ("be", "і й або ці але"),
        ("bg", "и или но"),
        ("bn", "এবং ও আর বা অথবা কিন্তু"),
        ("ca", "i o però"),
        ("cs", "a i nebo ale"),
        ("da", "og eller men"),
        ("de", "und oder aber"),
        ("el", "και ή αλλά"),
        ("en", "and or but"),
        ("eo", "kaj aŭ sed"),
        ("es", "y e o u pero"),
        ("et", "ja või aga kuid"),
        ("eu", "eta edo baina"),
        ("fa", "و یا اما ولی"),
        ("fi", "ja tai mutta"),
        ("fr", "et ou mais"),
        ("ga", "agus nó ach"),
        ("gl", "e ou pero mais"),
        ("he", "או אבל"),
        ("hi", "और या लेकिन"),
        ("hr", "i ili ali"),
        ("hu", "és vagy de"),
        ("hy", "և ու կամ բայց"),
        ("id", "dan atau tetapi tapi"),
        ("is", "og eða en"),
        ("it", "e o ma"),
        ("lt", "ir ar arba bet"),
        ("lv", "un vai bet"),
        ("mk", "и или но"),
        ("ms", "dan atau tetapi"),
        ("ne", "र वा अथवा तर"),
        ("nl", "en of maar"),
        ("no", "og eller men"),
        ("pl", "i lub albo ale"),
        ("pt", "e ou mas"),
        ("ro", "și sau dar"),
        ("ru", "и или но"),
        ("sk", "a alebo ale"),
        ("sl", "in ali ampak"),
        ("sr", "i ili ali и или али"),
        ("st", "le kapa empa"),
        ("sv", "och eller men"),
        ("sw", "na au lakini"),
        ("ta", "மற்றும் அல்லது ஆனால்"),
        ("tl", "at o pero ngunit"),
        ("tr", "ve veya ya ama"),
        ("uk", "і й або чи але"),
        ("ur", "اور یا لیکن"),
        ("vi", "và hoặc hay nhưng"),
        ("yi", "און אדער אבער"),
    ];

    #[test]
    fn the_function_words_are_folded_and_sorted() {
        for language in Language::all() {
            let words: Vec<&str> = language.function_words().collect();
            assert!(words.is_sorted(), "{}", language.tag());
            for word in words {
                assert_eq!(fold(word), word, "{}", language.tag());
            }
        }
    }

    #[test]
    fn the_words_for_and_or_and_but_are_function_words() {
        for (tag, conjunctions) in CONJUNCTIONS {
            let language = Language::of_tag(tag).expect(tag);
            let own: Vec<&str> = language.function_words().collect();
            for word in conjunctions.split(' ') {
                assert!(own.contains(&fold(word).as_str()), "{tag} {word}");
            }
        }
        let with_words = Language::all().filter(|language| language.function_words().count() > 0);
        assert_eq!(with_words.count(), CONJUNCTIONS.len());
    }

    #[test]
    fn tags_names_and_aliases_name_a_language() {
        for language in Language::all() {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
            assert_eq!(Language::of_tag(language.name()), Some(language));
        }
        for (alias, tag) in ALIASES {
            assert_eq!(Language::of_tag(alias), Language::of_tag(tag));
            assert!(Language::of_tag(tag).is_some());
        }
        assert_eq!(Language::of_tag("en"), Some(Language::ENGLISH));
        assert_eq!(Language::of_tag("vi"), Some(Language::VIETNAMESE));
    }
}
