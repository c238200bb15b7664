//! The language of a section, for its negations and the ends of its sentences.

use super::pattern::Pattern;
use super::sections::KeptSection;
use super::sense::{SectionLanguage, is_listed};
use crate::analysis::{FunctionWords, Language, Script, Word};
use crate::search::Index;

/// What share of a script's sections a language has at least to be a usual one of the index: one in so many.
const USUAL: u64 = 10;
/// How many words of a section say of which language it may be.
const MAX_VOTES: usize = 100;

/// How many sections of the index each language has.
#[derive(Debug)]
pub(super) struct Languages(Vec<(Language, u64)>);

impl Languages {
    /// Those of an index.
    pub(super) fn new(index: &Index) -> Languages {
        Languages(index.languages().to_vec())
    }

    /// The language of a section, which only the gaps of a pattern ask for.
    pub(super) fn of(&self, kept: &KeptSection, pattern: &Pattern) -> SectionLanguage {
        match &kept.read.record.article.metadata.lang {
            _ if pattern.links.is_empty() => SectionLanguage::Unknown,
            Some(tag) => {
                Language::of_tag(tag).map_or(SectionLanguage::Unknown, SectionLanguage::Told)
            }
            None => {
                let usual = self.usual_languages(&kept.read.section.text);
                SectionLanguage::OneOf(likely_languages(&kept.words, usual))
            }
        }
    }

    /// The languages that a tenth of the told sections in the script of `text` have; where none is told, the first one
    /// of the script that inflects words.
    fn usual_languages(&self, text: &str) -> Vec<Language> {
        let Some(script) = text.chars().find_map(Script::of) else {
            return Vec::new();
        };
        let is_own = |language: Language| language.scripts().contains(&script);
        let of_script: Vec<_> = self
            .0
            .iter()
            .filter(|(language, _)| is_own(*language))
            .collect();
        let all: u64 = of_script.iter().map(|(_, sections)| sections).sum();
        let usual = of_script
            .iter()
            .filter(|(_, sections)| sections * USUAL >= all);
        let usual: Vec<Language> = usual.map(|(language, _)| *language).collect();
        match usual.is_empty() {
            true => Language::all()
                .find(|&one| is_own(one) && one.has_stemmer())
                .into_iter()
                .collect(),
            false => usual,
        }
    }
}

/// Of the languages of a script those with the most function words among the first words of a section too short to tell
/// its language, the `usual` ones first; these where it has none.
fn likely_languages(words: &[Word], usual: Vec<Language>) -> Vec<Language> {
    let scripts: Vec<Script> = usual
        .iter()
        .flat_map(|one| one.scripts())
        .copied()
        .collect();
    let is_own = |one: &Language| one.scripts().iter().any(|own| scripts.contains(own));
    let votes = |language: Language| {
        let own = FunctionWords::of(language);
        let first = words.iter().take(MAX_VOTES);
        first.filter(|word| own.contains(&word.form)).count()
    };
    let all: Vec<(Language, usize)> = Language::all()
        .filter(is_own)
        .map(|language| (language, votes(language)))
        .collect();
    let most = all.iter().map(|(_, votes)| *votes).max().unwrap_or(0);
    let best = all.iter().filter(|(_, votes)| *votes == most && most > 0);
    let mut best: Vec<Language> = best.map(|(language, _)| *language).collect();
    // Of neighbours that share their function words, those that can be judged.
    if best.iter().any(|&language| is_listed(language)) {
        best.retain(|&language| is_listed(language));
    }
    match best.is_empty() || best.iter().any(|language| usual.contains(language)) {
        true => usual,
        false => best,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    #[test]
    fn a_short_section_is_in_the_language_whose_function_words_it_has() {
        let english = vec![Language::ENGLISH];
        for (text, expected) in [
            ("Bakan dün evi satmadı ve gitti", "tr"),
            ("Le ministre a vendu hier la maison de Lyon", "fr"),
            ("The minister sold the house", "en"),
            ("Xyzzy plugh", "en"),
        ] {
            let likely = likely_languages(&words(text), english.clone());
            let tags: Vec<&str> = likely.into_iter().map(Language::tag).collect();
            assert!(tags.contains(&expected), "{text}: {tags:?}");
        }
    }
}
