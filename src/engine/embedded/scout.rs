//! Finds the sections of a flat query, and in which fields each of its words stands, before anything is scored.
//!
//! Most queries are words, all or any of them. For these the documents of all lists are read once, in windows, and
//! what matches is grouped by which words stand where. A group has one upper bound of the score, so that the groups that
//! promise most are scored first and whole groups never.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::plan::{Plan, PlannedTerm};
use super::scorer::Context;
use super::segment::OpenSegment;

/// Documents are looked at in windows of so many.
const WINDOW: u32 = 4096;
/// For each word three bits: title, heading, body.
const BITS: usize = 3;
/// Queries of more words are matched another way.
const MAX_TERMS: usize = u64::BITS as usize / BITS;
/// Where all words are wanted, and the rarest stands in so much fewer sections than all together, it leads instead.
const MIN_LEAD_SHARE: u64 = 48;

/// A query of words, all or any of them, with filters.
pub(super) struct Flat<'a> {
    terms: Vec<&'a PlannedTerm>,
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

    /// Whether a section with these words matches.
    fn matches(&self, mask: u64) -> bool {
        !self.all || (0..self.terms.len()).all(|i| fields_of(mask, i) != 0)
    }

    /// The most that a section with these words can score.
    fn bound(&self, context: &Context<'_>, mask: u64) -> f64 {
        let ranking = &context.totals.ranking;
        let most = ranking.k1 + 1.0;
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
                    alone += ranking.alone;
                }
            }
            base += term.weight * most * (1.0 + alone);
        }
        let cover: f64 = (0..2)
            .map(|field| ranking.cover_factor(field, 0) * in_field[field])
            .sum();
        let has = |i: usize| fields_of(mask, i) != 0;
        let near: f64 = (context.pairs.iter())
            .filter(|&&(i, j)| has(i) && has(j))
            .map(|&pair| ranking.pair_bound(context.pair_idf(pair)))
            .sum();
        let coordination = ranking.coordination(counted, context.weight);
        coordination * (base + cover + near) * (1.0 + 1e-9)
    }
}

/// The fields, as bits, in which the `i`-th word stands.
fn fields_of(mask: u64, i: usize) -> u64 {
    mask >> (BITS * i) & 0b111
}

/// Whether no word stands in a heading or a body.
fn is_title_alone(mask: u64) -> bool {
    const TITLES: u64 = 0o111_111_111_111_111_111_111;
    mask & !TITLES == 0
}

/// Sections in which the same words stand in the same fields.
pub(super) struct Group {
    mask: u64,
    /// How many there are.
    pub(super) count: usize,
    /// The most that one can score.
    pub(super) bound: f64,
}

/// What matches a flat query.
pub(super) struct Sightings {
    /// The groups.
    pub(super) groups: Vec<Group>,
    /// Of each segment the documents that match, in order, and their groups.
    pub(super) found: Vec<Vec<(DocId, u32)>>,
    by_mask: HashMap<u64, u32>,
}

impl Sightings {
    /// Looks through all segments.
    pub(super) fn of(
        flat: &Flat<'_>,
        context: &Context<'_>,
        segments: &[OpenSegment],
    ) -> tantivy::Result<Sightings> {
        let mut sightings = Sightings {
            groups: Vec::new(),
            found: Vec::with_capacity(segments.len()),
            by_mask: HashMap::new(),
        };
        for (i, segment) in segments.iter().enumerate() {
            let lists = open_lists(flat, segment, i)?;
            let found = sightings.look_through(flat, context, segment, lists);
            sightings.found.push(found);
        }
        Ok(sightings)
    }

    fn look_through(
        &mut self,
        flat: &Flat<'_>,
        context: &Context<'_>,
        segment: &OpenSegment,
        mut lists: Vec<List>,
    ) -> Vec<(DocId, u32)> {
        let mut found = Vec::new();
        let mut masks = vec![0; WINDOW as usize];
        // What the last document was: neighbours are often alike.
        let (mut last, mut last_group) = (0, 0);
        loop {
            lists.retain(|list| list.doc() != TERMINATED);
            let Some(base) = lists.iter().map(List::doc).min() else {
                return found;
            };
            for list in &mut lists {
                list.mark(base, &mut masks);
            }
            for (doc, mask) in (base..).zip(&mut masks).filter(|(_, mask)| **mask != 0) {
                let mask = std::mem::take(mask);
                if mask != last {
                    last = mask;
                    last_group = self.group(flat, context, mask);
                }
                if last_group != NONE && is_hit(flat, segment, doc, mask) {
                    self.groups[last_group as usize].count += 1;
                    found.push((doc, last_group));
                }
            }
        }
    }

    /// The number of the group of a mask; [`NONE`] where such sections do not match.
    fn group(&mut self, flat: &Flat<'_>, context: &Context<'_>, mask: u64) -> u32 {
        *self.by_mask.entry(mask).or_insert_with(|| {
            if !flat.matches(mask) {
                return NONE;
            }
            self.groups.push(Group {
                mask,
                count: 0,
                bound: flat.bound(context, mask),
            });
            self.groups.len() as u32 - 1
        })
    }

    /// How many sections match.
    pub(super) fn matched(&self) -> u64 {
        self.found.iter().map(|found| found.len() as u64).sum()
    }

    /// The groups, those that promise most first.
    pub(super) fn by_bound(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.groups.len() as u32).collect();
        let key = |&i: &u32| (self.groups[i as usize].bound, self.groups[i as usize].mask);
        order.sort_by(|a, b| key(b).0.total_cmp(&key(a).0).then(key(a).1.cmp(&key(b).1)));
        order
    }
}

/// In place of a group's number.
const NONE: u32 = u32::MAX;

/// Whether a section that matches is a hit: alive, let through by the filters, and not by its article's title alone.
fn is_hit(flat: &Flat<'_>, segment: &OpenSegment, doc: DocId, mask: u64) -> bool {
    if !segment.is_alive(doc) || is_title_alone(mask) && segment.order_of(doc) > 0 {
        return false;
    }
    let passes = |filter: &Arc<Vec<bool>>| {
        let source = segment.source_of(doc) as usize;
        filter.get(source).copied().unwrap_or(false)
    };
    flat.filters.iter().all(passes)
}

/// The documents of one form in one field.
struct List {
    bit: u64,
    block: BlockSegmentPostings,
    /// Where in the block it stands.
    at: usize,
}

fn open_lists(flat: &Flat<'_>, segment: &OpenSegment, index: usize) -> tantivy::Result<Vec<List>> {
    let mut lists = Vec::new();
    for (i, term) in flat.terms.iter().enumerate() {
        for list in &term.expansions[0].lists[index] {
            let inverted = &segment.inverted[list.field];
            let option = IndexRecordOption::Basic;
            lists.push(List {
                bit: 1 << (BITS * i + list.field),
                block: inverted.read_block_postings_from_terminfo(&list.info, option)?,
                at: 0,
            });
        }
    }
    Ok(lists)
}

impl List {
    fn doc(&self) -> DocId {
        self.block
            .docs()
            .get(self.at)
            .copied()
            .unwrap_or(TERMINATED)
    }

    /// Sets the bit of the documents in the window from `base` on, and moves behind it.
    fn mark(&mut self, base: DocId, masks: &mut [u64]) {
        let end = base.saturating_add(WINDOW);
        loop {
            let docs = self.block.docs();
            let Some(rest) = docs.get(self.at..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            for (i, &doc) in rest.iter().enumerate() {
                if doc >= end {
                    self.at += i;
                    return;
                }
                masks[(doc - base) as usize] |= self.bit;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}
