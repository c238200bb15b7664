//! Scores the sections of a segment that match.

use tantivy::{DocId, TERMINATED};

use super::matcher::Matcher;
use super::segment::{OpenSegment, key_of};
use super::spelled::SpelledTexts;
use super::top_k::Best;
use crate::catalog::{ArticleKey, Catalog};
use crate::engine::Hit;
use crate::engine::ranking::{Counts, Evidence, Score, ScoreBuffers, Scorer};
use crate::query::Field;

/// What scoring needs in every segment.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) scorer: Scorer,
    pub(super) texts: SpelledTexts<'a>,
}

/// The place of a section among those that score the same: the rank of its article's path, and its order there.
pub(super) fn place_among(doc: DocId, segment: &OpenSegment, context: &Context<'_>) -> (u32, u32) {
    let rank = context.catalog.article_rank(segment.article_of(doc));
    (rank, segment.order_of(doc))
}

/// Scores the matches of one segment.
pub(super) struct SegmentScorer<'a> {
    context: &'a Context<'a>,
    segment: &'a OpenSegment,
    index: u32,
    buffers: ScoreBuffers,
}

/// A section that a matcher stands at.
struct Postings<'m, 'a> {
    matcher: &'m mut Matcher<'a>,
    segment: &'m OpenSegment,
    doc: DocId,
}

impl Evidence for Postings<'_, '_> {
    fn order(&self) -> u32 {
        self.segment.order_of(self.doc)
    }

    fn len(&self, field: usize) -> u64 {
        self.segment.len_of(self.doc, field)
    }

    fn terms(&mut self, out: &mut Vec<(usize, Counts)>) {
        self.matcher.satisfied(self.doc, &mut |term| {
            if let Some(place) = term.planned.index {
                out.push((place, term.counts()));
            }
        });
    }

    fn positions(&mut self, scorer: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]) {
        self.matcher.satisfied(self.doc, &mut |term| {
            let place = term.planned.index;
            if let Some(place) = place.filter(|&place| scorer.terms()[place].is_paired) {
                for (field, buffer) in out[place].iter_mut().enumerate() {
                    term.positions(field, buffer);
                }
            }
        });
    }
}

impl<'a> SegmentScorer<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        segment: &'a OpenSegment,
        index: usize,
    ) -> SegmentScorer<'a> {
        SegmentScorer {
            context,
            segment,
            index: index as u32,
            buffers: context.scorer.buffers(),
        }
    }

    pub(super) fn run(mut self, mut matcher: Matcher<'_>, best: &mut Best<'_>) {
        let mut doc = matcher.seek(0);
        while doc != TERMINATED {
            if self.segment.is_alive(doc) && self.offer_matched(&mut matcher, doc, best) {
                best.matched += 1;
            }
            doc = matcher.seek(doc + 1);
        }
    }

    fn offer_matched(
        &mut self,
        matcher: &mut Matcher<'_>,
        doc: DocId,
        best: &mut Best<'_>,
    ) -> bool {
        let mut section = Postings {
            matcher,
            segment: self.segment,
            doc,
        };
        match best.keep() {
            // Only counted.
            Some(0) => (self.context.scorer).is_hit(&mut section, &mut self.buffers),
            _ => self.offer(&mut section, doc, best) != Score::NoHit,
        }
    }

    /// Scores a section that matches, and takes it where it may be among the best.
    fn offer(&mut self, section: &mut Postings<'_, '_>, doc: DocId, best: &mut Best<'_>) -> Score {
        let (context, segment) = (self.context, self.segment);
        let may_take = |most| best.may_take_at(most, || place_among(doc, segment, context));
        let scored = (context.scorer).score(section, &mut self.buffers, may_take);
        if let Score::Hit { score, .. } = scored {
            take_hit((segment, self.index), (doc, score), context, best);
        }
        scored
    }
}

/// Takes a section of the `index`-th segment that scores so much, where it is among the best.
pub(super) fn take_hit(
    (segment, index): (&OpenSegment, u32),
    (doc, score): (DocId, f64),
    context: &Context<'_>,
    best: &mut Best<'_>,
) {
    let (rank, order) = place_among(doc, segment, context);
    let hit = Hit {
        score,
        article: ArticleKey(segment.article_of(doc)),
        order,
        key: key_of(index, doc),
    };
    best.offer(hit, rank);
}
