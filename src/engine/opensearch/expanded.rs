//! The words of a query with the forms that the index holds of them, and how many sections hold each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::cluster::Cluster;
use super::counting::{CountedForm, count};
use super::forms;
use crate::analysis::{Language, LanguageSet};
use crate::engine::EngineError;
use crate::engine::limits::QueryBudget;
use crate::engine::ranking::Totals;
use crate::query::{Field, FormKind, Node, QueryWord, Term};

/// A form of a word, with how many live sections hold it in each field that its term covers.
#[derive(Debug, Clone)]
pub(super) struct WordForm {
    /// As texts have it; with its mark where it is a part or join.
    pub(super) text: String,
    pub(super) kind: FormKind,
    /// In which sections it counts.
    pub(super) sections: LanguageSet,
    pub(super) dfs: [u64; Field::COUNT],
}

impl WordForm {
    /// Its live df: the largest over the fields.
    pub(super) fn df(&self) -> u64 {
        self.dfs.iter().copied().max().unwrap_or(0)
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

/// The terms of a query, negated ones among them, as the evaluator meets them.
#[derive(Debug, Default)]
pub(super) struct ExpandedQuery {
    pub(super) terms: Vec<TermForms>,
    /// The idf of those that score.
    pub(super) idfs: Vec<f64>,
    /// Whether a part of the cluster did not count them.
    pub(super) is_partial: bool,
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
}

/// The counts of a snapshot that were asked already.
pub(super) type KnownCounts = Mutex<HashMap<CountedForm, u64>>;

impl Expander<'_> {
    /// Expands all terms below a node.
    pub(super) fn query(
        &self,
        root: &Node,
        totals: &Totals,
        budget: &mut QueryBudget,
    ) -> Result<ExpandedQuery, EngineError> {
        let mut terms = Vec::new();
        collect(root, true, &mut terms);
        let all: Vec<&Term> = terms.iter().map(|(term, _)| *term).collect();
        let (expanded, is_whole) = self.terms(&all, budget)?;
        let mut idfs = Vec::new();
        for ((_, scores), forms) in terms.iter().zip(&expanded) {
            if *scores {
                let df = |word: &Vec<WordForm>| word.iter().map(WordForm::df).sum();
                let mut idf = 0.0;
                for word in &forms.words {
                    idf += totals.idf(df(word));
                }
                idfs.push(idf);
            }
        }
        Ok(ExpandedQuery {
            terms: expanded,
            idfs,
            is_partial: !is_whole,
        })
    }

    /// Expands terms, and counts what they take of the budget; says also whether all parts of the cluster counted.
    pub(super) fn terms(
        &self,
        terms: &[&Term],
        budget: &mut QueryBudget,
    ) -> Result<(Vec<TermForms>, bool), EngineError> {
        let of_term = |term: &&'_ Term| -> Vec<QueryWord> {
            term.words.iter().chain(&term.joined).cloned().collect()
        };
        let words: Vec<QueryWord> = terms.iter().flat_map(of_term).collect();
        if words.is_empty() {
            return Ok((Vec::new(), true));
        }
        let words: Vec<&QueryWord> = words.iter().collect();
        let found = forms::may_match(self.cluster, self.forms, &words, budget.room())?;
        let mut expanded: Vec<TermForms> = terms
            .iter()
            .map(|term| TermForms {
                words: term
                    .words
                    .iter()
                    .map(|word| matching(word, &found))
                    .collect(),
                joined: term.joined.as_ref().map(|word| matching(word, &found)),
            })
            .collect();
        let is_whole = self.count(terms, &mut expanded)?;
        for (term, forms) in terms.iter().zip(&mut expanded) {
            budget.begin(term.to_string());
            for word in forms.words.iter_mut().chain(&mut forms.joined) {
                // Those of sections that are gone.
                word.retain(|form| form.df() > 0);
                word.iter().try_for_each(|form| budget.count(&form.dfs))?;
            }
        }
        Ok((expanded, is_whole))
    }

    fn count(&self, terms: &[&Term], expanded: &mut [TermForms]) -> Result<bool, EngineError> {
        let mut wanted: Vec<CountedForm> = Vec::new();
        self.each_counted(terms, expanded, &mut |counted, _| {
            wanted.push(counted.clone());
        });
        wanted.sort_unstable();
        wanted.dedup();
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.retain(|counted| !known.contains_key(counted));
        }
        let (counts, is_whole) = count(self.cluster, self.sections, &wanted, self.partial)?;
        let new: HashMap<CountedForm, u64> = wanted.into_iter().zip(counts).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.each_counted(terms, expanded, &mut |counted, df| {
            let count = known.get(counted).or_else(|| new.get(counted));
            *df = count.copied().unwrap_or(0);
        });
        // Later the other parts may count too.
        if is_whole {
            known.extend(new);
        }
        Ok(is_whole)
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

/// The terms below a node, in the order of the evaluator, and whether each scores.
fn collect<'q>(node: &'q Node, scores: bool, terms: &mut Vec<(&'q Term, bool)>) {
    match node {
        Node::Term(term) => terms.push((term, scores)),
        Node::And(nodes) | Node::Or(nodes) => {
            nodes.iter().for_each(|node| collect(node, scores, terms));
        }
        Node::Not(inner) => collect(inner, false, terms),
        Node::Filter(_) => {}
    }
}

/// Those of these forms that a word stands for, not yet counted.
fn matching(word: &QueryWord, forms: &[String]) -> Vec<WordForm> {
    let found = forms.iter().filter_map(|form| {
        let sections = word.sections_of(form);
        (sections != LanguageSet::NONE).then(|| WordForm {
            text: form.clone(),
            kind: word.kind_of(form),
            sections,
            dfs: [0; Field::COUNT],
        })
    });
    found.collect()
}
