//! The sections that a flat query finds in a segment, without frequencies or scores.

use super::query::{Flat, SegmentLists};
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::lists::{
    DocBits, DocFinder, FoundDocs, NumberedWord, Sighting, TITLES,
};
use crate::engine::embedded::segment::OpenSegment;

/// The hits of a flat query in a segment.
pub(super) enum HitSet {
    /// In order.
    Few(Vec<Sighting>),
    Many(DocBits),
}

impl HitSet {
    /// The hits of `flat`, whose lists these are.
    pub(super) fn of(flat: &Flat<'_>, lists: &SegmentLists<'_>) -> tantivy::Result<HitSet> {
        let words = lists.words.iter().enumerate();
        let required = words.filter(|&(i, _)| flat.is_required(i));
        let words: Vec<NumberedWord<'_>> = required.collect();
        let segment = lists.segment;
        let finder = DocFinder(segment);
        let found = match flat.all {
            true => finder.all_of(words)?,
            false => finder.any_of(&words)?,
        };
        Ok(match found {
            FoundDocs::Few(docs) => HitSet::Few(docs),
            FoundDocs::Many { all, own } => HitSet::Many(with_own(all, &own, segment)),
        }
        .kept_by(flat, segment))
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        match self {
            HitSet::Few(docs) => docs.len() as u64,
            HitSet::Many(all) => all.count(),
        }
    }

    /// The hits, in order; where it is not known which words stand where, they may anywhere.
    pub(super) fn all(&self) -> Vec<Sighting> {
        match self {
            HitSet::Few(docs) => docs.clone(),
            HitSet::Many(all) => all.sightings(u64::MAX),
        }
    }

    /// The ranges that have hits, in order.
    pub(super) fn ranges(&self) -> Vec<u32> {
        match self {
            HitSet::Few(docs) => {
                let mut ranges: Vec<u32> = docs.iter().map(|hit| hit.doc / RANGE).collect();
                ranges.dedup();
                ranges
            }
            HitSet::Many(all) => {
                let ranges = (0..).zip(all.chunks(RANGE));
                let with_hits = ranges.filter(|&(_, has_hits)| has_hits);
                with_hits.map(|(range, _)| range).collect()
            }
        }
    }

    /// Leaves out what is deleted, kept back by the filters, or found by its article's title alone without being its first
    /// section.
    fn kept_by(self, flat: &Flat<'_>, segment: &OpenSegment) -> HitSet {
        match self {
            HitSet::Few(mut docs) => {
                docs.retain(|&Sighting { doc, mask }| {
                    let is_own = mask & !TITLES != 0 || segment.order_of(doc) == 0;
                    is_own && segment.is_alive(doc) && flat.passes(segment, doc)
                });
                HitSet::Few(docs)
            }
            HitSet::Many(mut all) => {
                for &doc in segment.deleted() {
                    all.clear(doc);
                }
                if flat.is_filtered() {
                    for Sighting { doc, .. } in all.sightings(0) {
                        if !flat.passes(segment, doc) {
                            all.clear(doc);
                        }
                    }
                }
                HitSet::Many(all)
            }
        }
    }
}

/// Those of the documents that hold a word elsewhere than in the title, or are the first of their article.
fn with_own(mut all: DocBits, own: &DocBits, segment: &OpenSegment) -> DocBits {
    for Sighting { doc, .. } in all.without(own).sightings(0) {
        if segment.order_of(doc) > 0 {
            all.clear(doc);
        }
    }
    all
}
