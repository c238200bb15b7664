//! Morphology at query time: which forms of the index a query word stands for.

use std::borrow::Cow;

use super::fold::{fold, has_tones, without_tones};
use super::function_table::languages_of;
use super::language::Language;
use super::marks;
use super::script::Script;

/// Some of the languages that a section may be told, that it is told none among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LanguageSet(u128);

impl LanguageSet {
    /// No section is in any of these.
    pub const NONE: LanguageSet = LanguageSet(0);
    /// Every section is in one of these.
    pub const ALL: LanguageSet = LanguageSet(u128::MAX);

    /// What a section is told.
    #[must_use]
    pub fn of(told: Option<Language>) -> LanguageSet {
        LanguageSet(1 << told.map_or(0, Language::code))
    }

    /// Both sets.
    #[must_use]
    pub fn with(self, other: LanguageSet) -> LanguageSet {
        LanguageSet(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn holds(self, other: LanguageSet) -> bool {
        other.0 & !self.0 == 0
    }
}

/// The forms that have one stem in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The language.
    pub language: Language,
    /// The stem.
    pub stem: String,
    /// In which sections its forms are those of the word, by the script that a form begins in.
    sections: Vec<(Script, LanguageSet)>,
}

impl Class {
    /// The class of a stem whose forms count in all sections.
    #[must_use]
    pub fn everywhere(language: Language, stem: String) -> Class {
        let scripts = language.scripts().iter();
        Class {
            sections: scripts.map(|&script| (script, LanguageSet::ALL)).collect(),
            language,
            stem,
        }
    }

    /// In which sections `form`, one of its forms, is one of the word.
    #[must_use]
    pub fn sections_of(&self, form: &str) -> LanguageSet {
        let own = script_of(form).and_then(|script| {
            let mut own = self.sections.iter();
            own.find(|(own, _)| *own == script)
        });
        own.map_or(LanguageSet::NONE, |&(_, sections)| sections)
    }

    /// The letter that all forms of the class begin with, but for a sign before a name and Latin letters with marks; `None`
    /// where they may begin with any.
    pub(crate) fn first_letter(&self) -> Option<char> {
        let leaves_it = !self.language.changes_beginnings();
        self.stem.chars().next().filter(|_| leaves_it)
    }

    /// Whether any of its forms is one of the word in these sections.
    pub(crate) fn counts_in(&self, sections: LanguageSet) -> bool {
        self.sections.iter().any(|(_, own)| own.holds(sections))
    }

    /// The second letter of the forms of the class that are in ASCII; `None` where they may have any.
    pub(crate) fn second_letter(&self) -> Option<char> {
        let kept = self.language.kept_of(&self.stem)?;
        kept.chars().nth(1)
    }

    /// Whether `form` belongs to the class.
    #[must_use]
    pub fn holds(&self, form: &str) -> bool {
        self.language.may_share_stem(form, &self.stem) && self.language.stem(form) == self.stem
    }
}

impl Language {
    /// The stem of a form in this language; the form itself where it has no stemmer, or for another script's letters.
    ///
    /// The stemmers ask for marks that folding takes away: those of the endings that they know are put back, and what
    /// they leave is folded again. In Vietnamese it is the form without tones.
    #[must_use]
    pub fn stem(self, form: &str) -> Cow<'_, str> {
        if self == Language::VIETNAMESE {
            return without_tones(form).map_or(Cow::Borrowed(form), Cow::Owned);
        }
        let form = form.strip_prefix('.').unwrap_or(form);
        if self == Language::HEBREW && self.writes(form) {
            return Cow::Borrowed(marks::hebrew(form));
        }
        let Some(stemmer) = self.stemmer().filter(|_| self.writes(form)) else {
            return Cow::Borrowed(form);
        };
        let marked = self.with_marks(form);
        let stem = stemmer.stem(&marked);
        if stem.is_ascii() && !stem.is_empty() && matches!(marked, Cow::Borrowed(_)) {
            return match stem {
                // It is a part of the form.
                Cow::Borrowed(stem) => Cow::Owned(stem.to_string()),
                Cow::Owned(stem) => Cow::Owned(stem),
            };
        }
        match fold(&stem) {
            // Nothing but an ending.
            stem if stem.is_empty() => Cow::Borrowed(form),
            stem => Cow::Owned(stem),
        }
    }

    /// Whether a form has a stem in this language that may be another form's too.
    pub(crate) fn inflects(self, form: &str) -> bool {
        if self == Language::VIETNAMESE {
            return has_tones(form);
        }
        self.has_stemmer() && self.writes(form.strip_prefix('.').unwrap_or(form))
    }

    /// Whether the word begins with a letter of one of the language's scripts.
    fn writes(self, word: &str) -> bool {
        let script = word.chars().next().and_then(Script::of);
        script.is_some_and(|script| self.scripts().contains(&script))
    }

    /// What every form in ASCII begins with that has this stem, where that is known: what the English stemmer puts in place
    /// of an ending differs from it in the last two letters at most (`agency`: `agenc`, `happy`: `happi`, `dying`: `die`).
    ///
    /// Source: Snowball's `english.sbl`; a test asks the stemmer.
    fn kept_of(self, stem: &str) -> Option<&str> {
        let kept = stem.get(..stem.len().checked_sub(2)?)?;
        let is_known = self == Language::ENGLISH && stem.is_ascii() && !kept.is_empty();
        is_known.then_some(kept)
    }

    /// A quick look that spares most stemming: most stemmers leave a word's first letter. A Latin letter that kept its
    /// mark when the word was folded may lose it.
    fn may_share_stem(self, form: &str, stem: &str) -> bool {
        let form = form.strip_prefix('.').unwrap_or(form);
        if let Some(kept) = self.kept_of(stem)
            && form.is_ascii()
        {
            return form.starts_with(kept);
        }
        let first = form.chars().next();
        self.changes_beginnings()
            || first == stem.chars().next()
            || first.is_some_and(|c| !c.is_ascii() && Script::of(c) == Some(Script::Latin))
    }
}

/// Maps words to the classes of forms with one stem, in the languages of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Morphology {
    languages: Vec<Language>,
    /// The languages of each script that lead it: queries may be in them, and sections that are told no language of the
    /// script.
    leading: Vec<(Script, Language)>,
    /// Whether words have the forms of all the languages in every section, whatever it is told.
    is_everywhere: bool,
}

/// A language leads a script where it has this share of the sections that are told a language of the script: one in ten.
const LEADING_SHARE: u64 = 10;

impl Morphology {
    /// The morphology of these languages, in every section. Words in a script that none of them is written in are read in
    /// the first language of that script in the table.
    #[must_use]
    pub fn of(languages: impl IntoIterator<Item = Language>) -> Morphology {
        let counted = languages.into_iter().map(|language| (language, 1));
        Morphology {
            is_everywhere: true,
            ..Morphology::led_by(counted, u64::MAX)
        }
    }

    /// The morphology of an index that has so many sections in each of these languages. A word has the forms of a
    /// section's own language. A section that is told none of its script, or none, and a query, are in those languages of
    /// the script that lead it: at least a tenth of the sections are told them that are told a language of the script.
    /// Where none is, it is the first language of the script in the table: `agreements` in an index of Russian articles is
    /// English.
    #[must_use]
    pub fn of_counted(languages: impl IntoIterator<Item = (Language, u64)>) -> Morphology {
        Morphology::led_by(languages, LEADING_SHARE)
    }

    /// The morphology whose languages lead where they have one of `share` sections.
    fn led_by(languages: impl IntoIterator<Item = (Language, u64)>, share: u64) -> Morphology {
        let own: Vec<(Language, u64)> = languages.into_iter().collect();
        let default_of = |script: &Script| {
            let mut all = Language::all().filter(|language| language.has_stemmer());
            all.find(|language| language.scripts().contains(script))
        };
        let mut leading = Vec::new();
        for script in Script::ALL {
            let writes = |(language, _): &&(Language, u64)| language.scripts().contains(&script);
            let told: u64 = own.iter().filter(writes).map(|(_, count)| count).sum();
            let leads = |(_, count): &&(Language, u64)| count.saturating_mul(share) >= told;
            match own.iter().any(|language| writes(&language)) {
                true => {
                    let those = own.iter().filter(writes).filter(leads);
                    leading.extend(those.map(|&(language, _)| (script, language)));
                }
                false => leading.extend(default_of(&script).map(|language| (script, language))),
            }
        }
        let all = own.iter().map(|&(language, _)| language);
        let mut languages: Vec<Language> = all.collect();
        languages.extend(leading.iter().map(|&(_, language)| language));
        languages.sort_unstable();
        languages.dedup();
        Morphology {
            languages,
            leading,
            is_everywhere: false,
        }
    }

    /// In which sections words of this script have their forms in `language`: those that are told it, and where it leads
    /// the script those that are told none of it.
    fn sections_of(&self, script: Script, language: Language) -> LanguageSet {
        if self.is_everywhere {
            return LanguageSet::ALL;
        }
        let own = LanguageSet::of(Some(language));
        if !self.leading.contains(&(script, language)) {
            return own;
        }
        let others = Language::all().filter(|other| !other.scripts().contains(&script));
        let others = others.map(Some).chain([None]).map(LanguageSet::of);
        others.fold(own, LanguageSet::with)
    }

    /// Its languages, in the order of the table.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The languages that inflect words, in order.
    pub(crate) fn inflecting(&self) -> impl Iterator<Item = Language> + '_ {
        self.languages
            .iter()
            .copied()
            .filter(|language| language.has_stemmer())
    }

    /// The classes of the forms that a bare query word stands for, one for each language that inflects it. None for a
    /// function word of all of them, and for what is no word of letters: these stand only for themselves.
    #[must_use]
    pub fn classes(&self, form: &str) -> Vec<Class> {
        // The names that have signs are no words that change.
        if form.starts_with('.') || form.ends_with(['+', '#']) {
            return Vec::new();
        }
        let own = languages_of(form);
        let languages = self.inflecting().filter(|language| language.writes(form));
        let inflected = languages.filter(|language| own & language.bit() == 0);
        let sections = |language: Language| {
            let scripts = language.scripts().iter();
            scripts
                .map(|&script| (script, self.sections_of(script, language)))
                .collect()
        };
        inflected
            .map(|language| Class {
                language,
                stem: language.stem(form).into_owned(),
                sections: sections(language),
            })
            .collect()
    }

    /// The function words of a query that has these forms as plain words. Its language is one of those that lead the
    /// script of most of its words, of several scripts the first: the one whose function words most of them are; where
    /// several languages know as many, each of them; where none knows any, it has none.
    #[must_use]
    pub fn function_words<'a>(&self, forms: impl IntoIterator<Item = &'a str>) -> FunctionWords {
        let forms: Vec<&str> = forms.into_iter().collect();
        let Some(script) = script_of_most(&forms) else {
            return FunctionWords { languages: 0 };
        };
        let candidates = self.leading.iter().filter(|(own, _)| *own == script);
        let known = |language: Language| {
            let knows = |form: &&&str| languages_of(form) & language.bit() != 0;
            (language.bit(), forms.iter().filter(knows).count())
        };
        let counts: Vec<(u128, usize)> = candidates.map(|&(_, own)| known(own)).collect();
        let most = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
        let is_it = |&&(_, count): &&(u128, usize)| count == most && most > 0;
        FunctionWords {
            languages: counts.iter().filter(is_it).map(|&(bit, _)| bit).sum(),
        }
    }
}

/// The script that a form begins in; a sign before a name does not count.
fn script_of(form: &str) -> Option<Script> {
    let form = form.trim_start_matches('.');
    form.chars().next().and_then(Script::of)
}

/// The script that most of these words begin in; of several the one whose first word stands first.
fn script_of_most(forms: &[&str]) -> Option<Script> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in forms.iter().filter_map(|form| script_of(form)) {
        match counts.iter_mut().find(|(own, _)| *own == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    let most = counts.iter().map(|&(_, count)| count).max()?;
    let first = counts.iter().find(|&&(_, count)| count == most)?;
    Some(first.0)
}

/// The function words of one or more languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionWords {
    /// A bit for each language.
    languages: u128,
}

impl FunctionWords {
    /// Those of one language.
    #[must_use]
    pub fn of(language: Language) -> FunctionWords {
        FunctionWords {
            languages: language.bit(),
        }
    }

    /// Whether `form` is one.
    #[must_use]
    pub fn contains(&self, form: &str) -> bool {
        languages_of(form) & self.languages != 0
    }
}

impl Language {
    /// Its bit in sets of languages.
    pub(super) fn bit(self) -> u128 {
        1 << self.index()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::of_tag(tag).expect(tag)
    }

    fn together(tag: &str, forms: &[&str]) {
        let morphology = Morphology::of([language(tag)]);
        let classes = morphology.classes(forms[0]);
        for form in forms {
            assert!(
                classes.iter().any(|class| class.holds(form)),
                "{tag}: {form} {classes:?}"
            );
        }
    }

    #[test]
    fn english_forms_begin_as_their_stems_but_for_two_letters() {
        let letters = ["a", "e", "i", "y", "s", "d", "g", "n", "l", "t", "b"];
        let mut fronts = vec![String::new()];
        let mut from = 0;
        for _ in 0..4 {
            let behind = fronts.len();
            for i in from..behind {
                let longer = letters.map(|letter| format!("{}{letter}", fronts[i]));
                fronts.extend(longer);
            }
            from = behind;
        }
        let endings = "- s 's 's' ed ing ying ingly edly ied ies ings inglys sses eed eedly ly tional enci anci abli \
                       abilities entli izer ization ational ation ator alism aliti alli fulness ousli ousness iveness iviti \
                       bility bli ogist logi ogical fulli lessli icate iciti ical ness ful ative alize ement ment ent ic \
                       able ible ant ence ance iti ous ive ize ion e l ll y .x 1";
        let named = "skis skies sky idly gently ugly early only singly dying lying tying vying hoeing news inning outing \
                     canning herring earring evening succeed proceed exceed andes atlas cosmos bias howe arsenal communism \
                     generally university internal laterally organization pasted emergency";
        let ended = |front: &String| {
            let front = front.clone();
            endings.split_whitespace().map(move |end| match end {
                "-" => front.clone(),
                end => format!("{front}{end}"),
            })
        };
        let all = fronts.iter().flat_map(ended);
        for form in all.chain(named.split_whitespace().map(str::to_string)) {
            let stem = Language::ENGLISH.stem(&form);
            let kept = Language::ENGLISH.kept_of(&stem).unwrap_or_default();
            assert!(form.starts_with(kept), "{form}: {stem}");
        }
    }

    #[test]
    fn inflections_share_a_class_and_function_words_have_none() {
        together("en", &["agreements", "agreement", "agreement's"]);
        together(
            "ru",
            &["соглашение", "соглашения", "соглашений", "соглашениями"],
        );
        let english = Morphology::of([Language::ENGLISH]);
        let classes = english.classes("agreements");
        assert!(!classes.iter().any(|class| class.holds("agree")));
        assert_eq!(english.classes("is"), []);
        assert_eq!(english.classes("2014"), []);
        assert_eq!(english.classes("c++"), []);
    }

    #[test]
    fn what_is_written_together_with_a_word_is_taken_off() {
        for (tag, word, form) in [
            ("ar", "الإرهاب", "والإرهاب"),
            ("ar", "القرار", "فالقرار"),
            ("ar", "سياسة", "والسياسة"),
            ("ar", "كتاب", "وكتابه"),
            ("ar", "كتاب", "فكتابهم"),
            ("ar", "مستشفى", "المستشفي"),
            ("ar", "مسئول", "المسؤول"),
            ("ar", "مسؤول", "والمسئولون"),
            ("ar", "معلم", "معلمات"),
            ("ar", "اتفاقية", "الاتفاقيات"),
            ("ar", "حكومة", "وللحكومة"),
            ("ar", "وزير", "والوزير"),
            ("ar", "وزارة", "ووزارة"),
            ("ar", "وزارة", "بالوزارة"),
            ("ar", "علاقة", "والعلاقات"),
            ("ar", "ثقافة", "وبالثقافة"),
            ("ar", "قانون", "بالقانون"),
            ("ar", "عام", "فالعام"),
            ("fa", "خانه", "خانهٔ"),
            ("fa", "نامه", "نامه‌های"),
            ("fa", "مدرسه", "مدرسهٔ"),
            ("fa", "کتاب", "کتابی"),
            ("fa", "دولت", "دولت‌ها"),
            ("fa", "مسئول", "مسؤول"),
            ("fa", "آئین", "آیین"),
            ("fa", "بزرگ", "بزرگترین"),
            ("he", "שלום", "ולשלום"),
            ("he", "ממשלה", "מהממשלה"),
            ("he", "ירושלים", "שבירושלים"),
            ("he", "בית", "בבית"),
            ("he", "ספר", "הספר"),
        ] {
            let stems = [word, form].map(|own| language(tag).stem(&fold(own)).into_owned());
            assert_eq!(stems[0], stems[1], "{word} {form}");
        }
        for (tag, word, other) in [
            ("ar", "وطن", "طن"),
            ("ar", "كلام", "لام"),
            ("ar", "وحدة", "حدة"),
            ("ar", "والد", "الد"),
            ("ar", "بالغ", "الغ"),
            ("ar", "ولاية", "لاية"),
            ("fa", "خانه", "خان"),
            ("fa", "شیر", "شیراز"),
            ("fa", "ماه", "ماهی"),
            ("he", "ספר", "מספר"),
            ("he", "לב", "כלב"),
            ("he", "בן", "לבן"),
        ] {
            let stems = [word, other].map(|own| language(tag).stem(&fold(own)).into_owned());
            assert_ne!(stems[0], stems[1], "{word} {other}");
        }
    }

    #[test]
    fn languages_that_change_beginnings_too() {
        together("ar", &["كتاب", "الكتاب", "بالكتاب", "كتابها"]);
        together("id", &["baca", "membaca", "dibaca"]);
        together(
            "ga",
            &["bád", "bhád"].map(fold).each_ref().map(String::as_str),
        );
    }

    /// The quick look of a class loses none of its forms. Words of any characters are tried, not only real ones: in a
    /// text a word may begin with a mark.
    #[test]
    fn a_class_holds_every_form_with_its_stem() {
        let mut seed = 7_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % below
        };
        for own in Language::all().filter(|own| own.has_stemmer() || *own == Language::VIETNAMESE) {
            let is_own = |&c: &char| {
                let script = Script::of(c);
                script.is_some_and(|script| own.scripts().contains(&script))
            };
            let characters: Vec<char> = ('\0'..'\u{10000}').filter(is_own).collect();
            for &first in &characters {
                for length in [0, 1, 2, 3, 5, 8] {
                    let mut word = String::from(first);
                    word.extend((0..length).map(|_| characters[next(characters.len())]));
                    let form = fold(&word);
                    let class = Class::everywhere(own, own.stem(&form).into_owned());
                    assert!(class.holds(&form), "{form:?} {class:?}");
                }
            }
        }
    }

    #[test]
    fn a_script_without_an_article_is_read_in_its_first_language() {
        let german = Morphology::of([language("de")]);
        let tags = |form: &str| {
            let classes = german.classes(form);
            classes
                .iter()
                .map(|class| class.language.tag())
                .collect::<Vec<_>>()
        };
        assert_eq!(tags("haus"), ["de"]);
        assert_eq!(tags("соглашение"), ["ru"]);
        assert_eq!(tags("北京"), Vec::<&str>::new());
    }

    #[test]
    fn a_query_is_in_a_language_that_leads_its_script() {
        let rare = Morphology::of_counted([(Language::ENGLISH, 91), (language("de"), 9)]);
        assert!(!rare.function_words(["der", "hafen"]).contains("der"));
        assert!(rare.function_words(["the", "port"]).contains("the"));
        let tenth = Morphology::of_counted([(Language::ENGLISH, 90), (language("de"), 10)]);
        assert!(tenth.function_words(["der", "hafen"]).contains("der"));
        // Of a script without a section its first language.
        assert!(rare.function_words(["в", "порту"]).contains("в"));
        assert!(!rare.function_words(["в", "the", "port"]).contains("в"));
        assert!(!rare.function_words(["port"]).contains("the"));
        let russian = Morphology::of_counted([(language("ru"), 3)]);
        assert!(russian.function_words(["the", "port"]).contains("the"));
    }

    #[test]
    fn a_word_of_two_languages_is_a_function_word_where_the_query_is_of_that_language() {
        let both = Morphology::of([Language::ENGLISH, language("de")]);
        let is_function =
            |query: &str, word: &str| both.function_words(query.split(' ')).contains(word);
        assert!(is_function("die katze", "die"));
        assert!(!is_function("what did the president say about war", "war"));
        assert!(is_function("what did the president say about war", "the"));
        let tags: Vec<&str> = both
            .classes("war")
            .iter()
            .map(|class| class.language.tag())
            .collect();
        assert_eq!(tags, ["en"]);
    }
}
