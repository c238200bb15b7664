//! What a gap leaves out of the source, and whether that may change the sense.
//!
//! A gap is harmless where it is short, lies within one sentence, and holds no word of negation, denial, doubt or
//! condition; the words are listed for ten languages.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::analysis::{Language, Script, sentences, words};

/// More words than this are not left out without a change of the sense.
const MAX_HARMLESS_WORDS: usize = 40;

/// Why a gap or a bracket may change the sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SenseChange {
    /// The gap is long.
    Long,
    /// The gap reaches from one sentence into another.
    Sentence,
    /// The gap lies in a language whose words of negation, denial, doubt and condition are not listed.
    Language,
    /// The gap holds this word of negation, denial, doubt or condition.
    Word(String),
    /// The bracket replaces or adds words.
    Bracket,
}

impl SenseChange {
    /// The name that programs read.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            SenseChange::Long => "long",
            SenseChange::Sentence => "sentence",
            SenseChange::Language => "language",
            SenseChange::Word(_) => "word",
            SenseChange::Bracket => "bracket",
        }
    }

    /// The reason for people.
    #[must_use]
    pub fn explanation(&self) -> String {
        match self {
            SenseChange::Long => format!("a gap is longer than {MAX_HARMLESS_WORDS} words"),
            SenseChange::Sentence => "a gap crosses the end of a sentence".to_string(),
            SenseChange::Language => {
                "a gap lies in a language without a list of negations".to_string()
            }
            SenseChange::Word(word) => format!("a gap leaves out `{word}`"),
            SenseChange::Bracket => "a bracket replaces or adds words".to_string(),
        }
    }
}

/// The words of negation, denial, doubt and condition of a language.
struct NegationList {
    tag: &'static str,
    whole: HashSet<&'static str>,
    starts: Vec<&'static str>,
    ends: Vec<&'static str>,
}

macro_rules! list {
    ($tag:literal) => {
        ($tag, include_str!(concat!("sense_words/", $tag, ".txt")))
    };
}

/// A word a line, in small letters; `word*` is a beginning, `*word` an ending, two words stand beside each other.
static TEXTS: [(&str, &str); 10] = [
    list!("en"),
    list!("de"),
    list!("fr"),
    list!("es"),
    list!("it"),
    list!("pt"),
    list!("nl"),
    list!("ru"),
    list!("uk"),
    list!("pl"),
];

static LISTS: LazyLock<Vec<NegationList>> = LazyLock::new(|| {
    let list = |&(tag, text): &(&'static str, &'static str)| NegationList {
        tag,
        whole: text.lines().filter(|line| !line.contains('*')).collect(),
        starts: text
            .lines()
            .filter_map(|line| line.strip_suffix('*'))
            .collect(),
        ends: text
            .lines()
            .filter_map(|line| line.strip_prefix('*'))
            .collect(),
    };
    TEXTS.iter().map(list).collect()
});

impl NegationList {
    fn holds(&self, word: &str) -> bool {
        self.whole.contains(word)
            || self.starts.iter().any(|start| word.starts_with(start))
            || self.ends.iter().any(|end| word.ends_with(end))
    }

    fn of(language: Language) -> Option<&'static NegationList> {
        LISTS.iter().find(|list| list.tag == language.tag())
    }
}

/// Whether the words of negation, denial, doubt and condition of a language are listed.
pub(super) fn is_listed(language: Language) -> bool {
    NegationList::of(language).is_some()
}

/// Whether a word itself, not only its beginning, is on the list of any language.
pub(super) fn is_listed_anywhere(word: &str) -> bool {
    let word = plain(word);
    LISTS.iter().any(|list| list.whole.contains(word.as_str()))
}

/// A word as the lists have it: in small letters, composed, with a straight apostrophe, `ё` as `е`.
fn plain(word: &str) -> String {
    let lower = word.nfc().flat_map(char::to_lowercase);
    let one = |c| match c {
        '’' | 'ʼ' | '`' | '´' => '\'',
        'ё' => 'е',
        c => c,
    };
    lower.map(one).collect()
}

/// What is known of the language of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SectionLanguage {
    /// It is this one.
    Told(Language),
    /// It is one of these, the usual ones of the index in the section's script.
    OneOf(Vec<Language>),
    /// It is none that is known.
    Unknown,
}

impl SectionLanguage {
    /// The language for the ends of sentences.
    fn told(&self) -> Option<Language> {
        match self {
            SectionLanguage::Told(language) => Some(*language),
            SectionLanguage::OneOf(_) | SectionLanguage::Unknown => None,
        }
    }

    /// The lists to look words up in; `None` where one is missing. A text whose language is not told, such as a short
    /// one, is held against the lists of all languages of its script.
    fn lists(&self) -> Option<Vec<&'static NegationList>> {
        match self {
            SectionLanguage::Told(language) => Some(vec![NegationList::of(*language)?]),
            SectionLanguage::OneOf(languages) => {
                if languages.is_empty()
                    || languages.iter().any(|one| NegationList::of(*one).is_none())
                {
                    return None;
                }
                let scripts: Vec<Script> = languages
                    .iter()
                    .flat_map(|one| one.scripts())
                    .copied()
                    .collect();
                let shares = |language: &Language| {
                    language
                        .scripts()
                        .iter()
                        .any(|script| scripts.contains(script))
                };
                Some(
                    Language::all()
                        .filter(shares)
                        .filter_map(NegationList::of)
                        .collect(),
                )
            }
            SectionLanguage::Unknown => None,
        }
    }

    fn scripts(&self) -> Vec<Script> {
        match self {
            SectionLanguage::Told(language) => language.scripts().to_vec(),
            SectionLanguage::OneOf(languages) => languages
                .iter()
                .flat_map(|one| one.scripts())
                .copied()
                .collect(),
            SectionLanguage::Unknown => Vec::new(),
        }
    }
}

/// The ends of a section's sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SentenceEnds(Vec<usize>);

impl SentenceEnds {
    /// Of a text in this language.
    pub(super) fn new(text: &str, language: &SectionLanguage) -> SentenceEnds {
        let all = sentences(text, language.told());
        SentenceEnds(all.into_iter().map(|sentence| sentence.end).collect())
    }

    /// Whether the stretch holds the end of a sentence with something behind it.
    fn crosses(&self, gap: &Range<usize>) -> bool {
        // An end at the gap's own start counts: what was quoted there ended its sentence.
        let next = self.0.partition_point(|&end| end < gap.start);
        self.0.get(next).is_some_and(|&end| end <= gap.end)
    }
}

/// Why leaving the stretch `gap` out of `text` may change the sense; `None` where it does not. The number of its words is
/// the second.
pub(super) fn change_of_gap(
    text: &str,
    gap: &Range<usize>,
    language: &SectionLanguage,
    ends: &SentenceEnds,
) -> (Option<SenseChange>, usize) {
    let left_out = &text[gap.clone()];
    let found = words(left_out);
    let count = found.len();
    if count > MAX_HARMLESS_WORDS {
        return (Some(SenseChange::Long), count);
    }
    if ends.crosses(gap) {
        return (Some(SenseChange::Sentence), count);
    }
    if count == 0 {
        return (None, 0);
    }
    let Some(lists) = language.lists() else {
        return (Some(SenseChange::Language), count);
    };
    let scripts = language.scripts();
    let is_foreign = |form: &str| {
        let script = form.chars().next().and_then(Script::of);
        script.is_some_and(|script| !scripts.contains(&script))
    };
    if found.iter().any(|word| is_foreign(&word.form)) {
        return (Some(SenseChange::Language), count);
    }
    // The month, and no auxiliary: a gap within a sentence does not begin one.
    let found: Vec<_> = found
        .into_iter()
        .filter(|word| &left_out[word.range.clone()] != "May")
        .collect();
    let plain: Vec<String> = found
        .iter()
        .map(|word| plain(&left_out[word.range.clone()]))
        .collect();
    let pairs = plain.windows(2).map(|pair| pair.join(" "));
    let all = plain.iter().cloned().chain(pairs);
    let mut all = all.filter(|word| lists.iter().any(|list| list.holds(word)));
    (all.next().map(SenseChange::Word), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: &str, before: &str, gap: &str, behind: &str) -> Option<SenseChange> {
        let text = format!("{before} {gap} {behind}");
        let language = SectionLanguage::Told(Language::of_tag(tag).expect(tag));
        let ends = SentenceEnds::new(&text, &language);
        let range = before.len()..before.len() + gap.len() + 2;
        change_of_gap(&text, &range, &language, &ends).0
    }

    #[test]
    fn negation_denial_doubt_and_condition_are_seen_in_ten_languages() {
        for (tag, before, gap, behind) in [
            ("en", "We are", "not", "leaving"),
            ("en", "We", "don’t", "leave"),
            ("en", "The minister", "denied that he had ever", "met them"),
            ("en", "The", "so-called", "experts"),
            ("de", "Wir werden", "nicht", "gehen"),
            ("de", "Er hat", "angeblich", "gelogen"),
            ("fr", "Il", "n’a", "parlé"),
            ("fr", "Il viendra", "à condition", "de parler"),
            ("es", "El ministro", "negó que", "vendría"),
            ("it", "Il governo", "forse", "cadrà"),
            ("pt", "O governo", "não", "caiu"),
            ("nl", "Hij heeft", "nooit", "gelogen"),
            ("ru", "Мы", "никогда", "уйдём"),
            ("ru", "Он", "якобы", "ушёл"),
            ("uk", "Ми", "не", "підемо"),
            ("pl", "My", "nigdy", "odejdziemy"),
            ("en", "The", "illegal and former", "leader spoke"),
            ("en", "They voted", "against", "the union"),
            ("en", "He", "jokingly", "said so"),
            ("de", "Der", "ehemalige", "Minister kam"),
            ("fr", "Ils votent", "contre", "le projet"),
            ("es", "El acuerdo", "ilegal", "fue firmado"),
            ("it", "Il ministro", "accusato", "parla"),
            ("pt", "O ministro", "suspeito", "falou"),
            ("nl", "De", "voormalige", "minister sprak"),
            ("ru", "Это", "незаконное", "решение"),
            ("uk", "Це", "незаконне", "рішення"),
            ("pl", "To", "nielegalna", "umowa"),
        ] {
            let change = of(tag, before, gap, behind);
            assert!(
                matches!(change, Some(SenseChange::Word(_))),
                "{gap}: {change:?}"
            );
        }
    }

    #[test]
    fn what_holds_none_of_them_changes_nothing() {
        for (tag, before, gap, behind) in [
            ("en", "The talks", "on the harbour in Geneva", "ended"),
            ("en", "The talks", "held again in Geneva", "ended"),
            (
                "de",
                "Die Gespräche",
                "wurden am Freitag in Genf",
                "beendet",
            ),
            (
                "fr",
                "Les entretiens",
                "de vendredi à Genève",
                "ont pris fin",
            ),
            ("es", "Las conversaciones", "del viernes", "terminaron"),
            ("it", "I colloqui", "di venerdì a Ginevra", "sono finiti"),
            ("pt", "As conversações", "de sexta-feira", "terminaram"),
            ("nl", "De gesprekken", "in Genève", "eindigden"),
            ("ru", "Переговоры", "в Женеве", "завершились"),
            ("uk", "Переговори", "у Женеві", "завершилися"),
            ("pl", "Rozmowy", "w Genewie", "zakończyły się"),
        ] {
            assert_eq!(of(tag, before, gap, behind), None, "{gap}");
        }
    }

    #[test]
    fn long_gaps_ends_of_sentences_and_other_languages_may_change_the_sense() {
        let long = "word ".repeat(MAX_HARMLESS_WORDS + 1);
        assert_eq!(of("en", "a", long.trim_end(), "b"), Some(SenseChange::Long));
        assert_eq!(
            of("en", "a", "end. The", "next"),
            Some(SenseChange::Sentence)
        );
        assert_eq!(
            of("en", "It ended.", "The", "next"),
            Some(SenseChange::Sentence)
        );
        assert_eq!(
            of("sv", "Vi", "kommer", "att gå"),
            Some(SenseChange::Language)
        );
        assert_eq!(of("en", "a", "Москва", "b"), Some(SenseChange::Language));
        assert_eq!(of("sv", "Vi", "", "att gå"), None);
    }

    #[test]
    fn the_lists_are_sorted_and_in_small_letters() {
        for (tag, text) in TEXTS {
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.is_sorted() && lines.len() > 60, "{tag}");
            assert!(Language::of_tag(tag).is_some(), "{tag}");
            for line in lines {
                assert_eq!(plain(line), line, "{tag}");
                assert!(line.split(' ').count() <= 2, "{tag}: {line}");
            }
        }
    }
}
