//! Queries of words, all or any of them, which most are.
//!
//! What matches is found first ([`self::candidates`]) and grouped by which words stand in which fields. A group has one upper
//! bound of the score, so that the groups that promise most are scored first and most groups never. Where any word will
//! do, the rare words are looked for first; if the common ones alone cannot make a hit better than those found, their
//! lists are not read (MaxScore).
//!
//! Source: Turtle and Flood, "Query evaluation: strategies and optimizations" (1995), for MaxScore.

pub(super) mod candidates;

use std::sync::Arc;

use tantivy::DocId;

use self::candidates::{BodyCounts, Group, Sightings};
use super::matcher::Matcher;
use super::plan::{Plan, PlannedTerm};
use super::scorer::{Context, SegmentScorer};
use super::segment::OpenSegment;
use super::top_k::Best;
use crate::engine::SearchOptions;

/// For each word three bits: title, heading, body.
pub(super) const BITS: usize = 3;
/// Queries of more words are matched another way.
const MAX_TERMS: usize = u64::BITS as usize / BITS;
/// Where all words are wanted, and the rarest stands in so much fewer sections than all together, it leads instead.
const MIN_LEAD_SHARE: u64 = 48;

/// The rarest words that lead have this share of the query's weight.
const LEADING_SHARE: f64 = 0.5;
/// By how much more sections are scored in each round.
const MORE_EACH_ROUND: usize = 16;

/// A query of words, all or any of them, with filters.
pub(super) struct Flat<'a> {
    pub(super) terms: Vec<&'a PlannedTerm>,
    all: bool,
    filters: Vec<Arc<Vec<bool>>>,
}

impl<'a> Flat<'a> {
    /// `plan` as a flat query; `None` where it is none, or is better led by its rarest word.
    pub(super) fn of(plan: &'a Plan) -> Option<Flat<'a>> {
        let mut flat = Flat {
            terms: Vec::new(),
            all: true,
            filters: Vec::new(),
        };
        flat.take(plan)?;
        let postings = |term: &&PlannedTerm| term.expansions[0].postings;
        let (sum, least) = (
            flat.terms.iter().map(postings).sum::<u64>(),
            flat.terms.iter().map(postings).min()?,
        );
        let is_led = flat.all && flat.terms.len() > 1 && least * MIN_LEAD_SHARE < sum;
        (flat.terms.len() <= MAX_TERMS && !is_led).then_some(flat)
    }

    fn take(&mut self, plan: &'a Plan) -> Option<()> {
        match plan {
            Plan::Term(term) if term.expansions.len() == 1 => self.terms.push(term),
            Plan::Or(plans) if self.terms.is_empty() => {
                self.all = false;
                for plan in plans {
                    let Plan::Term(term) = plan else { return None };
                    self.terms
                        .push((term.expansions.len() == 1).then_some(term)?);
                }
            }
            Plan::And { children, excluded } if excluded.is_empty() => {
                for child in children {
                    match child {
                        Plan::Sources(passes) => self.filters.push(Arc::clone(passes)),
                        // Words beside alternatives are not flat.
                        _ if !self.all => return None,
                        child => self.take(child)?,
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether the filters let a section through.
    pub(super) fn passes(&self, segment: &OpenSegment, doc: DocId) -> bool {
        let source = || segment.source_of(doc) as usize;
        let passes = |filter: &Arc<Vec<bool>>| filter.get(source()).copied().unwrap_or(false);
        self.filters.iter().all(passes)
    }

    /// The bits of the words that are so common that the others may find the best sections alone; 0 where all words
    /// have to be looked for.
    fn common(&self) -> u64 {
        let mut by_rarity: Vec<usize> = (0..self.terms.len()).collect();
        by_rarity.sort_by_key(|&i| self.terms[i].expansions[0].postings);
        let all: f64 = self.terms.iter().map(|term| term.weight).sum();
        let (mut weight, mut bits) = (0.0, 0);
        for i in by_rarity {
            if weight >= all * LEADING_SHARE {
                bits |= 0b111 << (BITS * i);
            }
            weight += self.terms[i].weight;
        }
        bits
    }

    /// Whether more than so many sections surely hold one of these words in heading or text.
    fn has_many(&self, bits: u64, counted: u64) -> bool {
        let mut terms = self.terms.iter().enumerate();
        self.filters.is_empty()
            && terms
                .any(|(i, term)| fields_of(bits, i) != 0 && term.expansions[0].least_own > counted)
    }

    /// Whether a section with these words matches.
    pub(super) fn matches(&self, mask: u64) -> bool {
        !self.all || (0..self.terms.len()).all(|i| fields_of(mask, i) != 0)
    }

    /// The most that a section with these words can score.
    pub(super) fn bound(&self, context: &Context<'_>, mask: u64) -> f64 {
        let most = context.totals.ranking.k1 + 1.0;
        self.bound_by(context, mask, |_| most)
    }

    /// The most that a section with these words can score whose body has so many of them and is so long.
    fn bound_in(&self, context: &Context<'_>, mask: u64, in_body: BodyCounts, len: u64) -> f64 {
        let totals = &context.totals;
        let most = totals.ranking.k1 + 1.0;
        self.bound_by(context, mask, |i| {
            match (fields_of(mask, i), in_body.most(i)) {
                (BODY, Some(count)) => totals.earned([0.0, 0.0, count as f64], |_| len).saturation,
                _ => most,
            }
        })
    }

    /// The bound where the frequencies of the `i`-th word earn at most `earned(i)`.
    fn bound_by(&self, context: &Context<'_>, mask: u64, earned: impl Fn(usize) -> f64) -> f64 {
        let ranking = &context.totals.ranking;
        let (mut base, mut counted, mut in_field) = (0.0, 0.0, [0.0; 2]);
        for (i, term) in self.terms.iter().enumerate() {
            let fields = fields_of(mask, i);
            if fields == 0 {
                continue;
            }
            counted += term.weight;
            let mut alone = 0.0;
            for (field, weight) in in_field.iter_mut().enumerate() {
                if fields & 1 << field != 0 {
                    *weight += term.weight;
                    alone += ranking.alone * (ranking.k1 + 1.0);
                }
            }
            base += term.weight * (earned(i) + alone);
        }
        let cover: f64 = (0..2)
            .map(|field| ranking.cover_factor(field, 0) * in_field[field])
            .sum();
        let has = |i: usize| fields_of(mask, i) != 0;
        // A pair is no nearer than at each occurrence of its first word.
        let near: f64 = (context.pairs.iter())
            .filter(|&&(i, j)| has(i) && has(j))
            .map(|&(i, j)| ranking.nearness * context.pair_idf((i, j)) * earned(i))
            .sum();
        let coordination = ranking.coordination(counted, context.weight);
        coordination * (base + cover + near) * (1.0 + 1e-9)
    }
}

/// The body's bit among the fields of a word.
const BODY: u64 = 0b100;

/// The fields, as bits, in which the `i`-th word stands.
fn fields_of(mask: u64, i: usize) -> u64 {
    mask >> (BITS * i) & 0b111
}

/// Whether no word stands in a heading or a body.
pub(super) fn is_title_alone(mask: u64) -> bool {
    const TITLES: u64 = 0o111_111_111_111_111_111_111;
    mask & !TITLES == 0
}

/// A flat query and what it is asked of.
pub(super) struct FlatRun<'a> {
    pub(super) flat: &'a Flat<'a>,
    pub(super) plan: &'a Plan,
    pub(super) context: &'a Context<'a>,
    pub(super) segments: &'a [OpenSegment],
}

impl FlatRun<'_> {
    /// Finds the best hits and counts all.
    pub(super) fn all(&self, options: &SearchOptions, best: &mut Best<'_>) -> tantivy::Result<()> {
        let keep = best.keep().filter(|&keep| keep > 0);
        let most = options
            .count_up_to
            .filter(|&most| !self.flat.all && keep.is_some_and(|keep| keep as u64 <= most));
        let is_done = match most {
            Some(most) => self.led_by_rare(most, best)?,
            None => false,
        };
        if !is_done {
            best.clear();
            let sightings = self.look(0)?;
            best.matched = sightings.matched();
            self.score(&sightings, best)?;
        }
        if let Some(most) = most.filter(|&most| is_done || best.matched > most) {
            best.matched = most;
            best.is_counted = false;
        }
        Ok(())
    }

    fn look(&self, assumed: u64) -> tantivy::Result<Sightings> {
        Sightings::of(self.flat, self.context, self.segments, assumed)
    }

    /// Looks for the rare words only; says whether that was enough, and there are more than `counted` hits.
    fn led_by_rare(&self, counted: u64, best: &mut Best<'_>) -> tantivy::Result<bool> {
        let common = self.flat.common();
        if common == 0 {
            return Ok(false);
        }
        let sightings = self.look(common)?;
        self.score(&sightings, best)?;
        let has_many = sightings.matched() > counted || self.flat.has_many(common, counted);
        Ok(has_many && !best.may_take(self.flat.bound(self.context, common)))
    }

    /// Scores what was found, the most promising first, until nothing that is left can be among the best.
    fn score(&self, sightings: &Sightings, best: &mut Best<'_>) -> tantivy::Result<()> {
        let groups = sightings.by_bound();
        let mut rest = groups.as_slice();
        let mut most = best.keep().unwrap_or(usize::MAX);
        loop {
            let mut chosen = vec![false; groups.len()];
            let mut sum = 0;
            while let Some((&group, others)) = rest.split_first() {
                let Group { bound, count, .. } = sightings.groups[group as usize];
                if !best.may_take(bound) {
                    rest = &[];
                    break;
                }
                if sum > 0 && sum + count > most {
                    break;
                }
                chosen[group as usize] = true;
                sum += count;
                rest = others;
            }
            if sum == 0 && rest.is_empty() {
                return Ok(());
            }
            for i in 0..self.segments.len() {
                self.score_in(i, sightings, &chosen, best)?;
            }
            most = most.saturating_mul(MORE_EACH_ROUND);
        }
    }

    /// Scores those of the chosen groups in the `i`-th segment that may be among the best.
    fn score_in(
        &self,
        i: usize,
        sightings: &Sightings,
        chosen: &[bool],
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let segment = &self.segments[i];
        let mut scorer = SegmentScorer::new(self.context, segment, i);
        let mut matcher = None;
        let found = sightings.found[i].iter();
        for sighting in found.filter(|sighting| chosen[sighting.group as usize]) {
            let doc = sighting.doc;
            if best.is_full() {
                let mask = sightings.mask_of(sighting.group);
                let len = segment.len_of(doc, 2);
                let bound = self
                    .flat
                    .bound_in(self.context, mask, sighting.in_body, len);
                if !best.may_take(bound) {
                    continue;
                }
            }
            let matcher = match &mut matcher {
                Some(matcher) => matcher,
                None => matcher.insert(Matcher::open(self.plan, segment, i)?),
            };
            matcher.seek(doc);
            scorer.offer(matcher, doc, best);
        }
        Ok(())
    }
}
