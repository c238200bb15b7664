//! A flat query: words, all or any of them, with filters.

use std::sync::Arc;

use tantivy::DocId;

use crate::engine::embedded::expand::Expansion;
use crate::engine::embedded::lists::{ALL_FIELDS, MAX_WORDS, WordLists, bit_of, fields_of};
use crate::engine::embedded::plan::{Plan, PlannedChild, PlannedTerm};
use crate::engine::embedded::segment::OpenSegment;

/// Whether a term is a word that its lists alone find.
fn is_flat(term: &PlannedTerm<'_>) -> bool {
    term.expansions.len() == 1 && term.joined.is_none() && !term.term.has_spelling()
}

/// A query of words, all or any of them, with filters.
pub(in crate::engine::embedded) struct Flat<'a> {
    pub(super) terms: Vec<&'a PlannedTerm<'a>>,
    /// The bits of the optional words. They are taken to stand everywhere, and looked up in what is scored.
    pub(super) optional: u64,
    pub(super) all: bool,
    filters: Vec<Arc<Vec<bool>>>,
}

impl<'a> Flat<'a> {
    /// `plan` as a flat query; `None` where it is none.
    pub(in crate::engine::embedded) fn of(plan: &'a Plan<'a>) -> Option<Flat<'a>> {
        let mut flat = Flat {
            terms: Vec::new(),
            optional: 0,
            all: true,
            filters: Vec::new(),
        };
        flat.take(plan)?;
        if flat.terms.len() > MAX_WORDS {
            return None;
        }
        flat.required().next()?;
        Some(flat)
    }

    fn take(&mut self, plan: &'a Plan<'a>) -> Option<()> {
        match plan {
            Plan::Term(term) if is_flat(term) => self.terms.push(term),
            Plan::Or(children) if self.terms.is_empty() => {
                self.all = false;
                children
                    .iter()
                    .try_for_each(|child| self.take_word(child))?;
            }
            Plan::And { children, excluded } if excluded.is_empty() => {
                for child in children {
                    match &child.plan {
                        Plan::Articles(passes) => self.filters.push(Arc::clone(passes)),
                        // Words beside alternatives are not flat.
                        _ if !self.all => return None,
                        Plan::Term(_) => self.take_word(child)?,
                        // Nothing but its aliases is optional beside a word.
                        _ if !child.is_required => return None,
                        plan => self.take(plan)?,
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn take_word(&mut self, child: &'a PlannedChild<'a>) -> Option<()> {
        let Plan::Term(term) = &child.plan else {
            return None;
        };
        if !child.is_required {
            // Queries of more words are not flat.
            if self.terms.len() < MAX_WORDS {
                self.optional |= ALL_FIELDS * bit_of(self.terms.len(), 0);
            }
        }
        self.terms.push(is_flat(term).then_some(term)?);
        Some(())
    }

    /// Whether the filters let a section through.
    pub(super) fn passes(&self, segment: &OpenSegment, doc: DocId) -> bool {
        let article = || segment.article_of(doc) as usize;
        let passes = |filter: &Arc<Vec<bool>>| filter.get(article()).copied().unwrap_or(false);
        self.filters.iter().all(passes)
    }

    /// Whether filters keep sections back.
    pub(super) fn is_filtered(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Whether more than so many sections surely hold a required word in heading or text.
    pub(super) fn has_many(&self, counted: u64) -> bool {
        !self.is_filtered() && self.required().any(|word| word.least_own > counted)
    }

    /// Whether a hit needs the `i`-th word, or may have it as one of several.
    pub(super) fn is_required(&self, i: usize) -> bool {
        fields_of(self.optional, i) == 0
    }

    fn required(&self) -> impl Iterator<Item = &Expansion> {
        let terms = self.terms.iter().enumerate();
        let required = terms.filter(|&(i, _)| self.is_required(i));
        required.map(|(_, term)| term.expansions[0].as_ref())
    }
}

/// The lists of a flat query's words in a segment, in order of the words.
pub(super) struct SegmentLists<'a> {
    pub(super) segment: &'a OpenSegment,
    pub(super) words: Vec<WordLists<'a>>,
}

impl<'a> SegmentLists<'a> {
    /// Those in the `index`-th segment.
    pub(super) fn open(
        flat: &Flat<'a>,
        (segment, index): (&'a OpenSegment, usize),
    ) -> tantivy::Result<SegmentLists<'a>> {
        let words = flat.terms.iter();
        let words = words.map(|term| WordLists::open(segment, &term.expansions[0].lists[index]));
        Ok(SegmentLists {
            segment,
            words: words.collect::<tantivy::Result<_>>()?,
        })
    }
}
