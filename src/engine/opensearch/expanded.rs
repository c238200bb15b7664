//! The words of a query with the forms that the index holds of them, and how many sections hold each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::cluster::Cluster;
use super::counting::{CountedForm, count};
use super::forms::{self, ListedForm};
use super::statistics::doc_freqs;
use crate::analysis::{Language, LanguageSet};
use crate::engine::EngineError;
use crate::engine::limits::QueryBudget;
use crate::engine::ranking::Totals;
use crate::query::{Field, FormKind, QueryWord, Term};

/// So many counts are made one by one; more are looked up in what the shards know, where that is exact.
const MANY: usize = 1000;

/// A form of a word, with how many live sections hold it in each field that its term covers.
#[derive(Debug, Clone)]
pub(super) struct WordForm {
    /// As texts have it; with its mark where it is a part or join.
    pub(super) text: String,
    pub(super) kind: FormKind,
    /// In which sections it counts.
    pub(super) sections: LanguageSet,
    /// Zero until they are counted.
    pub(super) dfs: [u64; Field::COUNT],
    /// About how many sections hold it.
    estimate: u64,
}

impl WordForm {
    /// Its live df: the largest over the fields; about that until it is counted.
    pub(super) fn df(&self) -> u64 {
        match self.dfs.iter().copied().max() {
            None | Some(0) => self.estimate,
            Some(df) => df,
        }
    }
}

/// The forms of a term's words.
#[derive(Debug, Clone)]
pub(super) struct TermForms {
    /// Of each word, in order.
    pub(super) words: Vec<Vec<WordForm>>,
    /// Of the word that its words are joined to.
    pub(super) joined: Option<Vec<WordForm>>,
}

/// The idf of the terms that score.
pub(super) fn idfs(terms: &[(&Term, bool)], forms: &[TermForms], totals: &Totals) -> Vec<f64> {
    let idf = |forms: &TermForms| {
        let mut idf = 0.0;
        for word in &forms.words {
            idf += totals.idf(word.iter().map(WordForm::df).sum());
        }
        idf
    };
    let scoring = terms.iter().zip(forms).filter(|((_, scores), _)| *scores);
    scoring.map(|(_, forms)| idf(forms)).collect()
}

/// What forms are looked up and counted with.
pub(super) struct Expander<'a> {
    pub(super) cluster: &'a Cluster,
    /// The index of the forms.
    pub(super) forms: &'a str,
    /// The indices of the sections, with commas between them.
    pub(super) sections: &'a str,
    /// The languages that sections are told, `None` for none.
    pub(super) languages: &'a [Option<Language>],
    pub(super) known: &'a KnownCounts,
    /// Whether counts of some parts of the cluster will do.
    pub(super) partial: bool,
    /// The counts that were made without some parts, which count later perhaps.
    pub(super) partly: RefCell<HashMap<CountedForm, u64>>,
}

/// The counts of a snapshot that were asked already.
pub(super) type KnownCounts = Mutex<HashMap<CountedForm, u64>>;

impl Expander<'_> {
    /// The forms of terms, with an estimate of how many sections hold each.
    pub(super) fn look_up(
        &self,
        terms: &[&Term],
        room: usize,
    ) -> Result<Vec<TermForms>, EngineError> {
        let words: Vec<&QueryWord> = (terms.iter())
            .flat_map(|term| term.words.iter().chain(&term.joined))
            .collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let found = forms::may_match(self.cluster, self.forms, &words, room)?;
        let of_word = |word: &QueryWord| matching(word, &found);
        let of_term = |term: &&Term| TermForms {
            words: term.words.iter().map(of_word).collect(),
            joined: term.joined.as_ref().map(of_word),
        };
        Ok(terms.iter().map(of_term).collect())
    }

    /// What is still to be counted of these forms.
    pub(super) fn uncounted(&self, terms: &[&Term], forms: &mut [TermForms]) -> Vec<CountedForm> {
        let mut wanted: Vec<CountedForm> = Vec::new();
        self.each_counted(terms, forms, &mut |counted, _| {
            wanted.push(counted.clone());
        });
        wanted.sort_unstable();
        wanted.dedup();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.retain(|counted| !known.contains_key(counted));
        wanted
    }

    /// Keeps what was counted.
    pub(super) fn learn(&self, counted: Vec<CountedForm>, counts: Vec<u64>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(counted.into_iter().zip(counts));
    }

    /// Takes the counts of forms in, once all are known; those of sections that are gone are left out. Counts what they
    /// take of the budget.
    pub(super) fn settle<'q>(
        &self,
        terms: &[&'q Term],
        forms: &mut [TermForms],
        budget: &mut QueryBudget<'q>,
    ) -> Result<(), EngineError> {
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let partly = self.partly.borrow();
            self.each_counted(terms, forms, &mut |counted, df| {
                let count = known.get(counted).or_else(|| partly.get(counted));
                *df = count.copied().unwrap_or(0);
            });
        }
        for (term, forms) in terms.iter().zip(forms) {
            budget.begin(term);
            for word in forms.words.iter_mut().chain(&mut forms.joined) {
                word.retain(|form| form.dfs.iter().any(|&df| df > 0));
                word.iter().try_for_each(|form| budget.count(&form.dfs))?;
            }
        }
        Ok(())
    }

    /// Expands terms, and counts what they take of the budget.
    pub(super) fn terms<'q>(
        &self,
        terms: &[&'q Term],
        budget: &mut QueryBudget<'q>,
    ) -> Result<Vec<TermForms>, EngineError> {
        let mut forms = self.look_up(terms, budget.room())?;
        self.count(terms, &mut forms)?;
        self.settle(terms, &mut forms, budget)?;
        Ok(forms)
    }

    /// Counts what is not counted yet.
    pub(super) fn count(
        &self,
        terms: &[&Term],
        forms: &mut [TermForms],
    ) -> Result<(), EngineError> {
        let mut wanted = self.uncounted(terms, forms);
        if wanted.len() > MANY {
            // Those of some languages alone are counted one by one.
            let (all, some) = wanted.into_iter().partition(|own| own.tags.is_none());
            wanted = some;
            match doc_freqs(self.cluster, self.sections, &all)? {
                Some(counts) => self.learn(all, counts),
                None => wanted.extend(all),
            }
        }
        let (counts, is_whole) = count(self.cluster, self.sections, &wanted, self.partial)?;
        match is_whole {
            true => self.learn(wanted, counts),
            false => self
                .partly
                .borrow_mut()
                .extend(wanted.into_iter().zip(counts)),
        }
        Ok(())
    }

    /// Whether a part of the cluster did not count.
    pub(super) fn is_partial(&self) -> bool {
        !self.partly.borrow().is_empty()
    }

    /// Calls `each` for each form in each field that its term covers.
    fn each_counted(
        &self,
        terms: &[&Term],
        expanded: &mut [TermForms],
        each: &mut impl FnMut(&CountedForm, &mut u64),
    ) {
        for (term, forms) in terms.iter().zip(expanded) {
            for form in forms.words.iter_mut().chain(&mut forms.joined).flatten() {
                let tags = self.tags_of(form.sections);
                for field in Field::ALL.into_iter().filter(|&field| term.covers(field)) {
                    let counted = CountedForm {
                        form: form.text.clone(),
                        field: field.index(),
                        tags: tags.clone(),
                    };
                    each(&counted, &mut form.dfs[field.index()]);
                }
            }
        }
    }

    /// The tags of the languages in which a form counts; `None` where it does in all that sections are told.
    fn tags_of(&self, sections: LanguageSet) -> Option<Vec<&'static str>> {
        let holds = |told: &&Option<Language>| sections.holds(LanguageSet::of(**told));
        let own: Vec<&'static str> = (self.languages.iter().filter(holds))
            .map(|told| tag_of(*told))
            .collect();
        (own.len() < self.languages.len()).then_some(own)
    }
}

/// The tag by which sections are found that are told this language.
pub(super) fn tag_of(told: Option<Language>) -> &'static str {
    told.map_or(forms::NO_LANGUAGE, Language::tag)
}

/// Those of these forms that a word stands for, not yet counted.
fn matching(word: &QueryWord, forms: &[ListedForm]) -> Vec<WordForm> {
    let found = forms.iter().filter_map(|form| {
        let sections = word.sections_of(&form.text);
        (sections != LanguageSet::NONE).then(|| WordForm {
            text: form.text.clone(),
            kind: word.kind_of(&form.text),
            sections,
            dfs: [0; Field::COUNT],
            estimate: form.sections,
        })
    });
    found.collect()
}
