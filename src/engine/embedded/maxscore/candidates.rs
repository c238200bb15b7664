//! Finds the sections of a flat query, and in which fields each of its words stands, before anything is scored.
//!
//! The documents of all lists are read once, in windows, and what matches is grouped by which words stand where.

use std::collections::HashMap;

use tantivy::{DocId, TERMINATED};

use super::doc_lists::{DocList, open_lists};
use super::flat::Flat;
use super::mask::{BodyCounts, fields_of, is_title_alone};
use crate::engine::embedded::scorer::Context;
use crate::engine::embedded::segment::OpenSegment;

/// Documents are looked at in windows of so many.
const WINDOW: u32 = 2048;
/// Sections in which the same words stand in the same fields.
pub(super) struct Group {
    mask: u64,
    /// How many there are.
    pub(super) count: usize,
    /// The most that one can score.
    pub(super) bound: f64,
}

/// A document that matches.
pub(super) struct Sighting {
    pub(super) doc: DocId,
    /// The number of its group.
    pub(super) group: u32,
    pub(super) in_body: BodyCounts,
}

/// What matches a flat query.
pub(super) struct Sightings {
    /// The groups.
    pub(super) groups: Vec<Group>,
    /// What matches in each segment, in order.
    pub(super) found: Vec<Vec<Sighting>>,
    /// What is not looked at, and taken for there.
    assumed: u64,
    by_mask: HashMap<u64, u32>,
    /// The groups of some masks, to be had faster.
    recent: [(u64, u32); RECENT],
}

/// How many masks are remembered, a power of two.
const RECENT: usize = 256;

impl Sightings {
    /// Looks through all segments. The words whose bits are `assumed` are not looked for: groups are bounded as if they
    /// stood everywhere, and what only they match is not found.
    pub(super) fn of(
        flat: &Flat<'_>,
        context: &Context<'_>,
        segments: &[OpenSegment],
        assumed: u64,
    ) -> tantivy::Result<Sightings> {
        let mut sightings = Sightings {
            groups: Vec::new(),
            found: Vec::with_capacity(segments.len()),
            assumed,
            by_mask: HashMap::new(),
            recent: [(0, NONE); RECENT],
        };
        for (i, segment) in segments.iter().enumerate() {
            let lists = open_lists(flat, (segment, i), assumed, true)?;
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
        mut lists: Vec<DocList>,
    ) -> Vec<Sighting> {
        let mut found = Vec::new();
        let mut masks = [0; WINDOW as usize];
        let mut counts = [0; WINDOW as usize];
        loop {
            lists.retain(|list| list.doc() != TERMINATED);
            let Some(base) = lists.iter().map(DocList::doc).min() else {
                return found;
            };
            for list in &mut lists {
                list.mark(base, &mut masks, Some(&mut counts));
            }
            for (start, chunk) in (0..).step_by(CHUNK).zip(masks.chunks_exact_mut(CHUNK)) {
                if chunk.iter().fold(0, |all, mask| all | mask) == 0 {
                    continue;
                }
                for (at, mask) in (start..).zip(chunk).filter(|(_, mask)| **mask != 0) {
                    let doc = base + at as DocId;
                    let (mask, in_body) = (std::mem::take(mask), std::mem::take(&mut counts[at]));
                    let group = self.group(flat, context, mask);
                    if group != NONE && self.is_hit(flat, segment, doc, mask) {
                        self.groups[group as usize].count += 1;
                        found.push(Sighting {
                            doc,
                            group,
                            in_body: BodyCounts(in_body),
                        });
                    }
                }
            }
        }
    }

    /// The number of the group of a mask; [`NONE`] where such sections do not match.
    fn group(&mut self, flat: &Flat<'_>, context: &Context<'_>, mask: u64) -> u32 {
        let at = (mask.wrapping_mul(SPREAD) >> (u64::BITS - RECENT.ilog2())) as usize;
        if self.recent[at].0 != mask {
            self.recent[at] = (mask, self.group_of(flat, context, mask));
        }
        self.recent[at].1
    }

    fn group_of(&mut self, flat: &Flat<'_>, context: &Context<'_>, mask: u64) -> u32 {
        *self.by_mask.entry(mask).or_insert_with(|| {
            if !flat.matches(mask) {
                return NONE;
            }
            self.groups.push(Group {
                mask,
                count: 0,
                bound: flat.bound(context, mask | self.assumed),
            });
            self.groups.len() as u32 - 1
        })
    }

    /// Whether a section that matches is a hit: alive, let through by the filters, and not by its article's title alone.
    /// What is assumed may stand elsewhere too.
    fn is_hit(&self, flat: &Flat<'_>, segment: &OpenSegment, doc: DocId, mask: u64) -> bool {
        let is_sure = self.assumed & !flat.optional == 0;
        let may_be_title_alone = is_sure && is_title_alone(mask & !flat.optional);
        segment.is_alive(doc)
            && !(may_be_title_alone && segment.order_of(doc) > 0)
            && flat.passes(segment, doc)
    }

    /// How many sections are hits; at least so many where something is assumed.
    pub(super) fn matched(&self, flat: &Flat<'_>) -> u64 {
        let is_sure = self.assumed & !flat.optional == 0;
        let is_own = |group: &&Group| is_sure || !is_title_alone(group.mask & !flat.optional);
        let counted = self.groups.iter().filter(is_own);
        counted.map(|group| group.count as u64).sum()
    }

    /// Which words stand where in a group's sections, or are taken to.
    pub(super) fn mask_of(&self, group: u32) -> u64 {
        self.groups[group as usize].mask | self.assumed
    }

    /// The groups, those that promise most first.
    pub(super) fn by_bound(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.groups.len() as u32).collect();
        let key = |&i: &u32| (self.groups[i as usize].bound, self.groups[i as usize].mask);
        order.sort_by(|a, b| key(b).0.total_cmp(&key(a).0).then(key(a).1.cmp(&key(b).1)));
        order
    }
}

/// Counts the hits of a flat query.
pub(super) fn count_hits(flat: &Flat<'_>, segments: &[OpenSegment]) -> tantivy::Result<u64> {
    let mut count = 0;
    each_hit(flat, segments, |_, _, _| {
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

/// Calls `each` for the hits of a flat query, in order: the number of their segment, their document, and which words stand in
/// which of its fields. Neither frequencies nor groups are made, and where all words are wanted, what lies between their
/// documents is passed by.
pub(super) fn each_hit(
    flat: &Flat<'_>,
    segments: &[OpenSegment],
    mut each: impl FnMut(usize, DocId, u64) -> tantivy::Result<()>,
) -> tantivy::Result<()> {
    for (index, segment) in segments.iter().enumerate() {
        let mut lists = open_lists(flat, (segment, index), flat.optional, false)?;
        let mut masks = [0; WINDOW as usize];
        while let Some(base) = next_window(flat, &mut lists) {
            for list in &mut lists {
                list.mark(base, &mut masks, None);
            }
            for (start, chunk) in (base..).step_by(CHUNK).zip(masks.chunks_exact_mut(CHUNK)) {
                if chunk.iter().fold(0, |all, mask| all | mask) == 0 {
                    continue;
                }
                for (doc, mask) in (start..).zip(chunk) {
                    let mask = std::mem::take(mask);
                    let is_hit = mask != 0
                        && flat.matches(mask)
                        && !(is_title_alone(mask) && segment.order_of(doc) > 0)
                        && segment.is_alive(doc)
                        && flat.passes(segment, doc);
                    if is_hit {
                        each(index, doc, mask)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The first document from which on the query may match, to which all lists are moved; `None` at the end.
fn next_window(flat: &Flat<'_>, lists: &mut Vec<DocList>) -> Option<DocId> {
    lists.retain(|list| list.doc() != TERMINATED);
    let first_of = |word: usize| {
        let own = lists.iter().filter(|list| list.word() == word);
        own.map(DocList::doc).min()
    };
    if !flat.all {
        return lists.iter().map(DocList::doc).min();
    }
    let words = (0..flat.terms.len()).filter(|&word| fields_of(flat.optional, word) == 0);
    let base = words
        .map(first_of)
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()?;
    lists.iter_mut().for_each(|list| list.seek(base));
    Some(base)
}

/// In place of a group's number.
const NONE: u32 = u32::MAX;

/// So many masks are looked at together.
const CHUNK: usize = 8;
/// Spreads the bits of a mask: 2⁶⁴ by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
