//! Which forms a query word stands for in a section, by definition.

use excerpt::analysis::{FunctionWords, Language, Script};
use excerpt::query::{How, QueryWord};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::LiveSection;
use super::edits::within_edits;

/// In which languages words are inflected.
#[derive(Debug, Clone)]
pub(super) enum FormsRule {
    /// In those that the query was read in, in every section.
    Everywhere,
    /// In the section's own; how many sections are told each.
    OfSections(Vec<(Language, u64)>),
}

impl FormsRule {
    /// The rule of an index of these sections.
    pub(super) fn of(sections: &[LiveSection]) -> FormsRule {
        FormsRule::OfSections(FormsRule::counts(sections))
    }

    /// How many sections are told each language.
    pub(super) fn counts(sections: &[LiveSection]) -> Vec<(Language, u64)> {
        let mut counts: Vec<(Language, u64)> = Vec::new();
        for told in sections.iter().filter_map(|live| live.told) {
            match counts.iter_mut().find(|(own, _)| *own == told) {
                Some((_, count)) => *count += 1,
                None => counts.push((told, 1)),
            }
        }
        counts
    }

    /// Whether a query word stands for `form` in a section that is told this language.
    pub(super) fn stands_for(&self, word: &QueryWord, form: &str, told: Option<Language>) -> bool {
        if word
            .also
            .iter()
            .any(|alias| self.stands_for(alias, form, told))
        {
            return true;
        }
        if let Some(letters) = form.strip_prefix(['\u{1}', '\u{2}']) {
            return word.takes_parts && letters == word.form;
        }
        self.stands_as_written(word, form, told)
            || (word.ignores_tones
                && word.spelling.is_none()
                && untoned(form).is_some_and(|plain| self.stands_as_written(word, &plain, told)))
    }

    fn stands_as_written(&self, word: &QueryWord, form: &str, told: Option<Language>) -> bool {
        match (&word.how, self) {
            (How::Exact, _) => form == word.form,
            (How::Quoted, _) => form == word.form || form == format!("{}'s", word.form),
            (How::Inflected { classes }, FormsRule::Everywhere) => classes
                .iter()
                .any(|class| class.language.stem(form) == class.stem),
            (How::Inflected { .. }, FormsRule::OfSections(counts)) => {
                let inflects = |language: &Language| {
                    language.has_stemmer()
                        && !FunctionWords::of(*language).contains(&word.form)
                        && language.stem(form) == language.stem(&word.form)
                };
                form == word.form || languages_of(counts, form, told).iter().any(inflects)
            }
            (How::Prefix | How::Character, _) => form.starts_with(&word.form),
            (How::Fuzzy { edits }, _) => within_edits(&word.form, form, *edits),
        }
    }
}

/// The languages of a form in a section: the section's own where it is written in the form's script, else those that lead
/// the script: at least a tenth of the sections are told them that are told one of the script; where none is told any,
/// the first of the table with a stemmer.
fn languages_of(counts: &[(Language, u64)], form: &str, told: Option<Language>) -> Vec<Language> {
    let first = form.chars().find(|&c| c != '.');
    let Some(script) = first.and_then(Script::of) else {
        return Vec::new();
    };
    let writes = |language: &Language| language.scripts().contains(&script);
    if let Some(own) = told.filter(writes) {
        return vec![own];
    }
    let of_script: Vec<_> = counts.iter().filter(|(own, _)| writes(own)).collect();
    let all: u64 = of_script.iter().map(|(_, count)| count).sum();
    if all == 0 {
        let mut stemmed = Language::all().filter(|language| language.has_stemmer());
        return stemmed.find(writes).into_iter().collect();
    }
    let leads = |(_, count): &&&(Language, u64)| 10 * count >= all;
    of_script
        .iter()
        .filter(leads)
        .map(|(own, _)| *own)
        .collect()
}

/// A form that has a letter with a horn, or one of those from ạ to ỹ, without the marks of its Latin letters.
fn untoned(form: &str) -> Option<String> {
    let is_toned = |c: char| "ơƠưƯ".contains(c) || ('ạ'..='ỹ').contains(&c) || c == 'Ạ';
    if !form.nfc().any(is_toned) {
        return None;
    }
    let mut plain = String::new();
    let mut is_latin = false;
    for c in form.nfd() {
        let is_mark = is_combining_mark(c);
        if !is_mark {
            is_latin = c.is_ascii_alphabetic() || (c.is_alphabetic() && c < '\u{250}');
        }
        match c {
            'đ' => plain.push('d'),
            _ if is_mark && is_latin => {}
            _ => plain.push(c),
        }
    }
    Some(plain.nfc().collect())
}
