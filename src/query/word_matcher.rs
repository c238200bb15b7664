//! Which words of a query a form of a text stands for, told once for each form.

use std::collections::HashMap;
use std::ops::Range;

use super::query_word::{How, QueryWord};
use crate::analysis::{Language, LanguageSet, unmarked};

/// So many forms are kept; then they are told anew.
const MAX_KNOWN: usize = 100_000;
/// In place of the letters that may follow a first one: any may.
const ANY_SECOND: u32 = u32::MAX;

/// The characters that forms may begin with, by the lowest byte of their numbers: several may share one. With each stand
/// the letters from `a` to `z`, a bit each, that may follow it in forms in ASCII.
type Beginnings = [u32; 256];

/// What is known of forms in sections that are told one language, or none.
#[derive(Debug)]
struct KnownForms {
    told: Option<Language>,
    /// What forms [of one beginning](has_one_beginning) may begin with that one of the words stands for.
    beginnings: Beginnings,
    /// The forms that were told: which of the numbers each has.
    numbers: HashMap<Box<str>, Range<usize>>,
}

/// Words of a query, to be found in the texts of many sections: no form is compared or stemmed twice.
///
/// ```
/// use excerpt::query::{QueryWord, WordMatcher};
///
/// let words = ["minsk", "talks"].map(QueryWord::exact);
/// let mut matcher = WordMatcher::new(words.iter());
/// let mut told = matcher.in_sections_told(None);
/// assert_eq!(told.matching("talks"), [1]);
/// assert!(told.matching("talk").is_empty());
/// ```
#[derive(Debug)]
pub struct WordMatcher<'q> {
    words: Vec<&'q QueryWord>,
    takes_parts: bool,
    /// By the language of the section.
    known: Vec<KnownForms>,
    numbers: Vec<usize>,
}

/// The words of a query in sections that are told one language, or none.
#[derive(Debug)]
pub struct ToldMatcher<'m, 'q> {
    words: &'m [&'q QueryWord],
    known: &'m mut KnownForms,
    numbers: &'m mut Vec<usize>,
}

impl<'q> WordMatcher<'q> {
    /// Prepares these words; they are called by their numbers in this order.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = &'q QueryWord>) -> WordMatcher<'q> {
        let words: Vec<&QueryWord> = words.into_iter().collect();
        WordMatcher {
            takes_parts: words.iter().any(|word| takes_parts(word)),
            words,
            known: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// The word with this number.
    #[must_use]
    pub fn word(&self, number: usize) -> Option<&'q QueryWord> {
        self.words.get(number).copied()
    }

    /// How many words there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.len()
    }

    /// Whether one of the words stands for parts or joins ([`crate::analysis::parts`]).
    #[must_use]
    pub fn takes_parts(&self) -> bool {
        self.takes_parts
    }

    /// The words in sections that are told this language.
    pub fn in_sections_told(&mut self, told: Option<Language>) -> ToldMatcher<'_, 'q> {
        let kept: usize = self.known.iter().map(|known| known.numbers.len()).sum();
        if kept > MAX_KNOWN {
            self.known.clear();
            self.numbers.clear();
        }
        let at = self.known.iter().position(|known| known.told == told);
        let at = at.unwrap_or_else(|| {
            self.known.push(KnownForms::new(told, &self.words));
            self.known.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "it was found, or just added")]
        let known = &mut self.known[at];
        ToldMatcher {
            words: &self.words,
            known,
            numbers: &mut self.numbers,
        }
    }
}

impl KnownForms {
    fn new(told: Option<Language>, words: &[&QueryWord]) -> KnownForms {
        let mut beginnings = [0; 256];
        let sections = LanguageSet::of(told);
        for word in words {
            add_beginnings(word, sections, &mut beginnings);
        }
        KnownForms {
            told,
            beginnings,
            numbers: HashMap::new(),
        }
    }
}

impl ToldMatcher<'_, '_> {
    /// The numbers of the words that stand for `form`, a folded form of the text, as [`QueryWord::matches`] tells.
    #[must_use]
    pub fn matching(&mut self, form: &str) -> &[usize] {
        if !self.may_match(form) {
            return &[];
        }
        let own = match self.known.numbers.get(form) {
            Some(own) => own.clone(),
            None => self.tell(form),
        };
        self.numbers.get(own).unwrap_or_default()
    }

    /// Whether one of the words may stand for the form of a word of ASCII letters and digits: a quick look at its first letters,
    /// small or capital, which spares most words of a text all others.
    #[inline]
    pub(crate) fn may_match_plain(&self, written: &str) -> bool {
        let mut letters = written.bytes().map(|byte| byte.to_ascii_lowercase());
        let Some(first) = letters.next() else {
            return true;
        };
        let seconds = self.known.beginnings.get(usize::from(first)).copied();
        let bit = letters.next().map_or(ANY_SECOND, second_bit);
        seconds.unwrap_or(ANY_SECOND) & bit != 0
    }

    /// The same of any form.
    fn may_match(&self, form: &str) -> bool {
        let letters = unmarked(form).map_or(form, |(_, letters)| letters);
        if letters.is_ascii() {
            return self.may_match_plain(letters);
        }
        let Some(first) = letters.chars().next() else {
            return true;
        };
        // Of what may follow only ASCII letters are told.
        let seconds = self.known.beginnings.get(place(first)).copied();
        seconds != Some(0) || !has_one_beginning(letters, first)
    }

    fn tell(&mut self, form: &str) -> Range<usize> {
        let from = self.numbers.len();
        let words = self.words.iter().enumerate();
        let own = words.filter(|(_, word)| word.matches(form, self.known.told));
        self.numbers.extend(own.map(|(number, _)| number));
        let own = from..self.numbers.len();
        self.known.numbers.insert(form.into(), own.clone());
        own
    }
}

fn takes_parts(word: &QueryWord) -> bool {
    word.takes_parts || word.also.iter().any(takes_parts)
}

fn place(first: char) -> usize {
    u32::from(first) as usize & 0xff
}

/// Whether every stem of a folded form begins as it does, in the languages that leave beginnings as they are: it is in
/// ASCII, or begins with no Latin letter, nor with a sign before a name, and has no tones ([`crate::analysis::has_tones`]).
fn has_one_beginning(form: &str, first: char) -> bool {
    // What tone letters and marks begin with in UTF-8, and other letters too.
    let may_have_tones = || form.bytes().any(|b| matches!(b, 0xc6 | 0xcc | 0xcd | 0xe1));
    let is_no_latin = first > '\u{24f}' && !matches!(first, '\u{1e00}'..='\u{1eff}');
    form.is_ascii() || (is_no_latin && !may_have_tones())
}

/// The bit of a letter from `a` to `z`; all for another byte.
fn second_bit(byte: u8) -> u32 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        _ => ANY_SECOND,
    }
}

/// Notes what the forms of one beginning begin with that a word stands for in these sections.
fn add_beginnings(word: &QueryWord, sections: LanguageSet, beginnings: &mut Beginnings) {
    let mut add = |first: char, second: Option<char>| {
        let bit = second.map(|second| u8::try_from(second).map_or(ANY_SECOND, second_bit));
        let own = beginnings.get_mut(place(first));
        own.into_iter()
            .for_each(|own| *own |= bit.unwrap_or(ANY_SECOND));
    };
    let mut written = word.form.chars();
    if let Some(first) = written.next() {
        add(first, written.next());
    }
    let mut is_open = word.form.is_empty();
    match &word.how {
        How::Exact | How::Quoted | How::Character | How::Prefix => {}
        How::Inflected { classes } => {
            // Of a name the sign before it does not count.
            add('.', None);
            for class in classes.iter().filter(|own| own.counts_in(sections)) {
                match class.first_letter() {
                    Some(first) => add(first, class.second_letter()),
                    None => is_open = true,
                }
            }
        }
        How::Fuzzy { .. } => is_open = true,
    }
    if is_open {
        beginnings.fill(ANY_SECOND);
    }
    word.also
        .iter()
        .for_each(|word| add_beginnings(word, sections, beginnings));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{JOIN_MARK, Morphology, PART_MARK, marked};
    use crate::query::{Mode, Node, Term, parse};

    fn terms<'q>(node: &'q Node, all: &mut Vec<&'q Term>) {
        match node {
            Node::Term(term) => all.push(term),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| terms(node, all)),
            Node::Not(node) => terms(node, all),
            Node::Filter(_) => {}
        }
    }

    const FORMS: &str = "agree agrees agreed agreement agreements agrement net .net .nets c++ viet vi\u{1ec7}t việt da đa \
        foo foobar wifi usa us u.s u.s.a blair blair's blairs chat chats cat cats été ete études étude 京 京a 京都 都 \
        москва москвы москве ging gegangen gehen geht اتفاق الاتفاق اتفاقات жơ жo ơж .нет нет x 1 1,000 can't ceann gceann chinn a";

    #[test]
    fn a_prepared_word_stands_for_what_it_stands_for() {
        let tags = ["en", "fr", "vi", "de", "ru", "ar", "ga"];
        let languages = tags.map(|tag| Language::of_tag(tag).expect(tag));
        let queries = [
            "agreements",
            "\"the agreement\"",
            "agre* agrement~ agrement~2",
            ".net c++ viet",
            "việt đa",
            "foo wi-fi U.S.A.",
            "\"blair\"",
            "cats -chats",
            "études",
            "京",
            "京都 京*",
            "москвы OR gehen",
            "الاتفاق",
            "gceann^2 =US",
            "жo .нет",
            "йод",
            "a~1 1 ete~",
        ];
        let morphologies = [
            Morphology::of(languages),
            Morphology::of_counted(languages.map(|language| (language, 10))),
            Morphology::of_counted([(languages[0], 100), (languages[1], 1)]),
        ];
        let mut forms: Vec<String> = FORMS.split_whitespace().map(str::to_string).collect();
        for mark in [PART_MARK, JOIN_MARK] {
            forms.extend(FORMS.split_whitespace().map(|form| marked(mark, form)));
        }
        for (query, morphology) in queries
            .iter()
            .flat_map(|q| morphologies.iter().map(move |m| (q, m)))
        {
            let query = parse(query, Mode::default(), morphology).expect(query);
            let mut all = Vec::new();
            terms(&query.root, &mut all);
            let words = all
                .iter()
                .flat_map(|term| term.words.iter().chain(&term.joined));
            let words: Vec<&QueryWord> = words.collect();
            let mut matcher = WordMatcher::new(words.iter().copied());
            // Twice: as they are told, and as they are kept.
            for told in [
                None,
                Some(languages[0]),
                Some(languages[6]),
                None,
                Some(languages[2]),
            ] {
                for form in &forms {
                    let expected: Vec<usize> = (0..words.len())
                        .filter(|&number| words[number].matches(form, told))
                        .collect();
                    let found = matcher.in_sections_told(told).matching(form).to_vec();
                    assert_eq!(found, expected, "{form} in {}", query.text);
                }
            }
        }
    }
}
