//! The words of a query, and which words of a text each stands for.

use crate::analysis::{
    Class, Language, LanguageSet, PART_MARK, Word, WordKind, unmarked, within_distance,
    without_held_end, without_tones,
};

/// Which words of a text a query word stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// This form.
    Exact,
    /// This form, and with `'s` behind it: the last word of a quotation.
    Quoted,
    /// Every form of these classes: those of the word's stem in each language that inflects it.
    Inflected {
        /// The classes; at least one.
        classes: Vec<Class>,
    },
    /// The character, wherever it stands: every word that begins with it, in a script that is cut into pairs.
    Character,
    /// Every word that begins so.
    Prefix,
    /// Every word within so many edits.
    Fuzzy {
        /// 1 or 2.
        edits: u8,
    },
}

/// As what an occurrence of a word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// As it is written in the query.
    Written,
    /// In another form, or joined from several words.
    Other,
    /// As a part of another word.
    Part,
}

/// What is behind a word of which something is, folded, whatever the language.
pub const POSSESSIVE: &str = "'s";

/// One word of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryWord {
    /// The folded form as written.
    pub form: String,
    /// Which words it stands for.
    pub how: How,
    /// What else it stands for: its aliases. Their forms count as other forms of it.
    pub also: Vec<QueryWord>,
    /// Whether it also stands for the words that are written so but for their tones: `viet` for `việt`.
    pub ignores_tones: bool,
    /// The spelling that is asked for: case and marks. Such a word stands for its form alone.
    pub spelling: Option<String>,
    /// Whether it also stands for the parts and joins of its letters ([`crate::analysis::parts`]), as other forms.
    pub takes_parts: bool,
}

impl QueryWord {
    /// The word as it is written.
    #[must_use]
    pub fn exact(form: impl Into<String>) -> QueryWord {
        QueryWord {
            form: form.into(),
            how: How::Exact,
            also: Vec::new(),
            ignores_tones: true,
            spelling: None,
            takes_parts: false,
        }
    }

    /// As what `form` counts, which it stands for.
    #[must_use]
    pub fn kind_of(&self, form: &str) -> FormKind {
        match unmarked(form) {
            Some((PART_MARK, _)) => FormKind::Part,
            _ if self.form == form || self.how == How::Character => FormKind::Written,
            _ => FormKind::Other,
        }
    }

    /// Whether the word stands for `form`, a folded form of the text of a section that is told this language.
    #[must_use]
    pub fn matches(&self, form: &str, told: Option<Language>) -> bool {
        let section = LanguageSet::of(told);
        if let Some((_, letters)) = unmarked(form) {
            return self.takes(letters) || self.also.iter().any(|word| word.matches(form, told));
        }
        self.holds_in(form, section)
            || (self.ignores_tones
                && without_tones(form).is_some_and(|plain| self.holds_in(&plain, section)))
            || self.also.iter().any(|word| word.matches(form, told))
    }

    /// Whether it stands for the part or join of these letters.
    fn takes(&self, letters: &str) -> bool {
        self.takes_parts && self.form == letters
    }

    /// [`QueryWord::holds`], in these sections.
    fn holds_in(&self, form: &str, section: LanguageSet) -> bool {
        match &self.how {
            How::Inflected { classes } => {
                let mut classes = classes.iter();
                self.form == form
                    || classes
                        .any(|class| class.sections_of(form).holds(section) && class.holds(form))
            }
            _ => self.holds(form),
        }
    }

    /// Whether the forms that the word stands for are the same in every section: nothing of it is inflected.
    pub(crate) fn is_uninflected(&self) -> bool {
        let own = !matches!(self.how, How::Inflected { .. });
        own && self.also.iter().all(QueryWord::is_uninflected)
    }

    /// In which sections the word stands for `form`.
    #[must_use]
    pub fn sections_of(&self, form: &str) -> LanguageSet {
        let mut sections = self.own_sections_of(form);
        if self.ignores_tones
            && unmarked(form).is_none()
            && let Some(plain) = without_tones(form)
        {
            sections = sections.with(self.own_sections_of(&plain));
        }
        let aliases = self.also.iter().map(|word| word.sections_of(form));
        aliases.fold(sections, LanguageSet::with)
    }

    /// The languages in which `form` is a form of the word or of an alias, by their stemmers.
    #[must_use]
    pub fn languages_of(&self, form: &str) -> Vec<Language> {
        let own = match &self.how {
            How::Inflected { classes } => classes.as_slice(),
            _ => &[],
        };
        let own = own.iter().filter(|class| class.holds(form));
        let mut languages: Vec<Language> = own.map(|class| class.language).collect();
        languages.extend(self.also.iter().flat_map(|word| word.languages_of(form)));
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    fn own_sections_of(&self, form: &str) -> LanguageSet {
        if let Some((_, letters)) = unmarked(form) {
            return match self.takes(letters) {
                true => LanguageSet::ALL,
                false => LanguageSet::NONE,
            };
        }
        match &self.how {
            How::Inflected { classes } if self.form != form => {
                let own = classes.iter().filter(|class| class.holds(form));
                let sections = own.map(|class| class.sections_of(form));
                sections.fold(LanguageSet::NONE, LanguageSet::with)
            }
            _ if self.holds(form) => LanguageSet::ALL,
            _ => LanguageSet::NONE,
        }
    }

    /// Whether `form` has tones and the word stands for it as it is written without them.
    pub(crate) fn holds_without_tones(&self, form: &str) -> bool {
        without_tones(form).is_some_and(|plain| self.holds(&plain))
    }

    /// Whether the word stands for `form` in any section, tones as they are written.
    pub(crate) fn holds(&self, form: &str) -> bool {
        match &self.how {
            How::Exact => self.form == form,
            How::Quoted => {
                let ending = form.strip_prefix(self.form.as_str());
                ending.is_some_and(|ending| ending.is_empty() || ending == POSSESSIVE)
            }
            How::Inflected { classes } => classes.iter().any(|class| class.holds(form)),
            How::Prefix | How::Character => form.starts_with(&self.form),
            How::Fuzzy { edits } => within_distance(&self.form, form, *edits),
        }
    }
}

/// The words of a phrase that is written so. Of a script that is cut into pairs the last character of a run is left
/// out, which the pair before it holds; where it is all there is, it may stand anywhere in a text.
#[must_use]
pub fn phrase_words(written: &[Word]) -> Vec<QueryWord> {
    let written = without_held_end(written);
    let mut words: Vec<QueryWord> = Vec::with_capacity(written.len());
    for (i, word) in written.iter().enumerate() {
        match word.kind {
            WordKind::Last if i + 1 == written.len() => words.push(QueryWord {
                how: How::Character,
                ..QueryWord::exact(word.form.as_str())
            }),
            _ => words.push(QueryWord::exact(word.form.as_str())),
        }
    }
    words
}
