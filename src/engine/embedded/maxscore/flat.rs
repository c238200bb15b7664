//! A flat query: words, all or any of them, with filters; and the most that a section can score by which of them stand where.

use std::sync::Arc;

use tantivy::DocId;

use super::mask::{ALL_FIELDS, BITS, BODY, BodyCounts, fields_of, words_of, words_of_first};
use crate::engine::embedded::plan::{Plan, PlannedChild, PlannedTerm};
use crate::engine::embedded::scorer::Context;
use crate::engine::embedded::segment::OpenSegment;

/// Whether a term is a word that its lists alone find.
fn is_flat(term: &PlannedTerm) -> bool {
    term.expansions.len() == 1 && !term.term.has_spelling()
}

/// Queries of more words are matched another way.
const MAX_TERMS: usize = u64::BITS as usize / BITS;
/// Where all words are wanted, and the rarest stands in so much fewer sections than all together, it leads instead.
const MIN_LEAD_SHARE: u64 = 48;

/// Fewer postings are read as they are.
const MANY_POSTINGS: u64 = 1024;

/// The rarest words that lead have this share of the query's weight.
const LEADING_SHARE: f64 = 0.5;

/// A query of words, all or any of them, with filters.
pub(in crate::engine::embedded) struct Flat<'a> {
    pub(super) terms: Vec<&'a PlannedTerm>,
    /// The bits of the optional words. They are taken to stand everywhere, and looked up in what is scored.
    pub(super) optional: u64,
    pub(super) all: bool,
    filters: Vec<Arc<Vec<bool>>>,
}

impl<'a> Flat<'a> {
    /// `plan` as a flat query; `None` where it is none, or is better led by its rarest word.
    pub(in crate::engine::embedded) fn of(plan: &'a Plan) -> Option<Flat<'a>> {
        let mut flat = Flat {
            terms: Vec::new(),
            optional: 0,
            all: true,
            filters: Vec::new(),
        };
        flat.take(plan)?;
        if flat.terms.len() > MAX_TERMS {
            return None;
        }
        let required = flat.terms.iter().enumerate();
        let required = required.filter(|&(i, _)| fields_of(flat.optional, i) == 0);
        let postings: Vec<u64> = required
            .map(|(_, term)| term.expansions[0].postings)
            .collect();
        let (sum, least) = (postings.iter().sum::<u64>(), *postings.iter().min()?);
        let is_led = flat.all && postings.len() > 1 && least * MIN_LEAD_SHARE < sum;
        (!is_led).then_some(flat)
    }

    fn take(&mut self, plan: &'a Plan) -> Option<()> {
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

    fn take_word(&mut self, child: &'a PlannedChild) -> Option<()> {
        let Plan::Term(term) = &child.plan else {
            return None;
        };
        if !child.is_required {
            let bits = ALL_FIELDS.checked_shl((BITS * self.terms.len()) as u32);
            self.optional |= bits.unwrap_or(0);
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

    /// The bits of the required words that are so common that the others may find the best sections alone; 0 where all of
    /// them have to be looked for.
    pub(super) fn common(&self, context: &Context<'_>) -> u64 {
        let mut by_rarity: Vec<usize> = (0..self.terms.len()).collect();
        by_rarity.sort_by_key(|&i| self.terms[i].expansions[0].postings);
        let weights = context.scorer.terms().iter().map(|term| term.weight);
        let weights: Vec<f64> = weights.collect();
        let all: f64 = weights.iter().sum();
        let (mut weight, mut bits) = (0.0, 0);
        for i in by_rarity {
            if weight >= all * LEADING_SHARE {
                bits |= ALL_FIELDS << (BITS * i);
            }
            weight += weights[i];
        }
        bits & !self.optional
    }

    /// Whether more than so many sections surely hold one of these words in heading or text.
    pub(super) fn has_many(&self, bits: u64, counted: u64) -> bool {
        let mut terms = self.terms.iter().enumerate();
        self.filters.is_empty()
            && terms
                .any(|(i, term)| fields_of(bits, i) != 0 && term.expansions[0].least_own > counted)
    }

    /// Whether so many sections may match that it is worth to look at the bounds of ranges first.
    pub(super) fn may_be_many(&self) -> bool {
        let required = self.terms.iter().enumerate();
        let required = required.filter(|&(i, _)| fields_of(self.optional, i) == 0);
        let postings = required.map(|(_, term)| term.expansions[0].postings);
        let most = match self.all {
            true => postings.min(),
            false => Some(postings.sum()),
        };
        most.is_some_and(|most| most > MANY_POSTINGS)
    }

    /// Whether a section with these words matches.
    pub(super) fn matches(&self, mask: u64) -> bool {
        match self.all {
            true => words_of(mask | self.optional) == words_of_first(self.terms.len()),
            // Nothing else is looked for.
            false => mask & !self.optional != 0,
        }
    }

    /// The most that a section with these words can score.
    pub(super) fn bound(&self, context: &Context<'_>, mask: u64) -> f64 {
        let most = context.scorer.totals().ranking.saturation_bound();
        context.scorer.bound(|i| fields_of(mask, i), |_| most)
    }

    /// The most that a section with these words can score whose body has so many of them and is so long.
    pub(super) fn bound_in(
        &self,
        context: &Context<'_>,
        mask: u64,
        in_body: BodyCounts,
        len: u64,
    ) -> f64 {
        let totals = context.scorer.totals();
        let most = totals.ranking.saturation_bound();
        let earned = |i| match (fields_of(mask, i), in_body.most(i)) {
            (BODY, Some(count)) => {
                totals
                    .earned([0.0, 0.0, count as f64, 0.0], |_| len)
                    .saturation
            }
            _ => most,
        };
        context.scorer.bound(|i| fields_of(mask, i), earned)
    }
}
