//! The words of one section, and where those of a query stand among them.

use std::collections::BTreeSet;

use super::facts::{ForeignForm, PhraseGap};
use crate::analysis::{
    Language, LanguageSet, Morphology, PART_MARK, Word, parts, spelling, unmarked, words,
};
use crate::query::{Field, FormKind, How, MAX_SLOP, Occurrence, QueryWord, Term, occurrences};

/// The texts of a section's title, headings and body, and their words.
pub(super) struct SectionWords<'a> {
    morphology: &'a Morphology,
    /// The language that the section is told.
    told: Option<Language>,
    texts: [String; Field::COUNT],
    fields: [Vec<Word>; Field::COUNT],
    /// The parts and joins among them.
    parts: [Vec<Word>; Field::COUNT],
}

impl<'a> SectionWords<'a> {
    pub(in crate::search) fn new(
        morphology: &'a Morphology,
        told: Option<Language>,
        texts: [String; Field::COUNT],
    ) -> SectionWords<'a> {
        SectionWords {
            morphology,
            told,
            fields: Field::INDEXES.map(|f| words(&texts[f])),
            parts: Field::INDEXES.map(|f| parts(&texts[f])),
            texts,
        }
    }

    /// How often a form stands in a field, a part of other words once.
    pub(super) fn count(&self, form: &str, field: Field) -> u64 {
        let words = self.all_in(field);
        let count = words.filter(|word| word.form == form).count() as u64;
        match unmarked(form) {
            Some((PART_MARK, _)) => count.min(1),
            _ => count,
        }
    }

    /// The words of a field, its parts and joins behind them.
    fn all_in(&self, field: Field) -> impl Iterator<Item = &Word> {
        let (words, parts) = (&self.fields[field.index()], &self.parts[field.index()]);
        words.iter().chain(parts)
    }

    /// How many words each field has.
    pub(super) fn lens(&self) -> [u64; Field::MEASURED] {
        [0, 1, 2].map(|f| self.fields[f].len() as u64)
    }

    /// Whether a query word stands for `form` here.
    pub(super) fn stands_for(&self, word: &QueryWord, form: &str) -> bool {
        word.matches(form, self.told)
    }

    /// Where a query word stands in a field; parts of other words have no positions.
    pub(super) fn positions(&self, word: &QueryWord, field: Field) -> Vec<u32> {
        let own = self.all_in(field).filter(|w| {
            word.matches(&w.form, self.told) && word.kind_of(&w.form) != FormKind::Part
        });
        let mut positions: Vec<u32> = own.map(|w| w.position).collect();
        positions.sort_unstable();
        positions
    }

    /// How often a query word stands in each field, also in those that its term does not ask for.
    pub(super) fn frequencies(&self, word: &QueryWord) -> [u64; Field::COUNT] {
        Field::ALL.map(|field| self.frequency(word, field))
    }

    /// How often a query word stands in a field, each part of other words once.
    pub(super) fn frequency(&self, word: &QueryWord, field: Field) -> u64 {
        let all = self.all_in(field);
        let own = all.filter(|w| word.matches(&w.form, self.told));
        let (parts, words): (Vec<&Word>, Vec<&Word>) =
            own.partition(|w| word.kind_of(&w.form) == FormKind::Part);
        let parts: BTreeSet<&str> = parts.into_iter().map(|w| w.form.as_str()).collect();
        (words.len() + parts.len()) as u64
    }

    /// The inflections in the section of a word that is wanted as written.
    pub(super) fn inflected(&self, term: &Term, word: &QueryWord) -> Vec<String> {
        let classes = match word.how {
            How::Exact | How::Quoted => self.morphology.classes(&word.form),
            _ => Vec::new(),
        };
        let mut forms: Vec<String> = Field::ALL
            .into_iter()
            .filter(|&field| term.covers(field))
            .flat_map(|field| &self.fields[field.index()])
            .filter(|w| classes.iter().any(|class| class.holds(&w.form)))
            .map(|w| w.form.clone())
            .collect();
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    /// The words of the section that a word stands for in other languages only.
    pub(super) fn foreign(&self, term: &Term, word: &QueryWord) -> Vec<ForeignForm> {
        let fields = Field::ALL.into_iter().filter(|&field| term.covers(field));
        let own = fields.flat_map(|field| &self.fields[field.index()]);
        let mut forms: Vec<&str> = own.map(|w| w.form.as_str()).collect();
        forms.sort_unstable();
        forms.dedup();
        forms.retain(|form| {
            !self.stands_for(word, form) && word.sections_of(form) != LanguageSet::NONE
        });
        let foreign = |form: &str| ForeignForm {
            text: form.to_string(),
            languages: word.languages_of(form),
            told: self.told,
        };
        forms.into_iter().map(foreign).collect()
    }

    /// Where a phrase occurs in a field, by this slop instead of its own.
    pub(super) fn occurrences(&self, term: &Term, field: Field, slop: u32) -> Vec<Occurrence> {
        let lists: Vec<Vec<u32>> = term
            .words
            .iter()
            .map(|word| self.positions(word, field))
            .collect();
        if lists.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let lists: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
        occurrences(&lists, slop)
    }

    /// In which fields a term occurs in the spelling that it asks for, if it does.
    pub(super) fn spelled(
        &self,
        term: &Term,
        frequencies: [u64; Field::COUNT],
    ) -> [bool; Field::COUNT] {
        Field::INDEXES.map(|f| {
            frequencies[f] > 0
                && (!term.has_spelling() || term.occurs_spelled(&self.texts[f], self.told))
        })
    }

    /// How the words of a term are spelled in the section.
    pub(super) fn spellings(&self, term: &Term) -> Vec<String> {
        let mut found = Vec::new();
        for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
            let (text, words) = (&self.texts[field.index()], &self.fields[field.index()]);
            let is_meant = |own: &&Word| term.words.iter().any(|w| self.stands_for(w, &own.form));
            let own = words.iter().filter(is_meant);
            found.extend(
                own.filter_map(|own| text.get(own.range.clone()))
                    .map(spelling),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Why a phrase does not occur whose words all stand in the section.
    pub(super) fn gap(&self, term: &Term) -> PhraseGap {
        let holds_all = |field: Field| {
            let mut words = term.words.iter();
            term.covers(field) && words.all(|word| !self.positions(word, field).is_empty())
        };
        let fields = Field::ALL.into_iter().filter(|&field| holds_all(field));
        let mut least: Option<(u32, Field)> = None;
        let mut is_anywhere = false;
        for field in fields {
            is_anywhere = true;
            if let Some(slop) = self.least_slop(term, field)
                && least.is_none_or(|(best, _)| slop < best)
            {
                least = Some((slop, field));
            }
        }
        match least {
            Some((slop, field)) => PhraseGap::Moved {
                slop,
                text: self.standing(term, field, slop),
            },
            None if is_anywhere => PhraseGap::Apart,
            None => PhraseGap::Fields,
        }
    }

    /// The least slop above its own with which a phrase occurs in a field. What occurs with some slop occurs with more.
    fn least_slop(&self, term: &Term, field: Field) -> Option<u32> {
        let occurs = |slop: u32| !self.occurrences(term, field, slop).is_empty();
        if !occurs(MAX_SLOP) {
            return None;
        }
        let (mut low, mut high) = (term.slop + 1, MAX_SLOP);
        while low < high {
            let middle = low + (high - low) / 2;
            match occurs(middle) {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Some(high)
    }

    /// The text of the first occurrence of a phrase in a field.
    fn standing(&self, term: &Term, field: Field, slop: u32) -> String {
        let all = &self.fields[field.index()];
        let at = |position: u32| all.partition_point(|w| w.position < position);
        let found = self.occurrences(term, field, slop);
        let range = found
            .first()
            .map(|o| all[at(o.first)].range.start..all[at(o.last)].range.end);
        let text = range.and_then(|range| self.texts[field.index()].get(range));
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        words.join(" ")
    }
}
