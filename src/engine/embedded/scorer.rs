//! Scores the sections of a segment that match.

use tantivy::{DocId, TERMINATED};

use super::matcher::Matcher;
use super::segment::OpenSegment;
use super::top_k::Best;
use crate::catalog::Catalog;
use crate::engine::ranking::{Totals, WINDOW};
use crate::engine::{Hit, SectionKey};
use crate::query::nearness;

/// What scoring needs in every segment.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) totals: Totals,
    pub(super) pairs: &'a [(usize, usize)],
    pub(super) weights: &'a [f64],
    /// Their sum.
    pub(super) weight: f64,
    /// The most that nearness can add.
    pub(super) near_bound: f64,
}

impl Context<'_> {
    /// The smaller weight of a pair.
    pub(super) fn pair_idf(&self, (i, j): (usize, usize)) -> f64 {
        self.weights[i].min(self.weights[j])
    }
}

/// What the terms of a section add up to.
#[derive(Default)]
struct Sums {
    base: f64,
    /// The weight of the terms that count.
    weight: f64,
    /// That of those in the title and in the heading.
    field_weight: [f64; 2],
    /// How many words of the title and the heading those are.
    field_words: [u64; 2],
    /// Whether a term stands in the heading or the text.
    is_own: bool,
}

/// Scores the matches of one segment.
pub(super) struct SegmentScorer<'a> {
    context: &'a Context<'a>,
    segment: &'a OpenSegment,
    index: u32,
    /// The positions of each term in each field, for nearness.
    buffers: Vec<[Vec<u32>; 3]>,
}

impl<'a> SegmentScorer<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        segment: &'a OpenSegment,
        index: usize,
    ) -> SegmentScorer<'a> {
        let mut buffers = Vec::new();
        buffers.resize_with(context.weights.len(), Default::default);
        SegmentScorer {
            context,
            segment,
            index: index as u32,
            buffers,
        }
    }

    pub(super) fn run(mut self, mut matcher: Matcher<'_>, best: &mut Best<'_>) {
        let mut doc = matcher.seek(0);
        while doc != TERMINATED {
            if self.segment.is_alive(doc) && self.offer(&mut matcher, doc, best) {
                best.matched += 1;
            }
            doc = matcher.seek(doc + 1);
        }
    }

    /// Scores a section that matches where it may be among the best; says whether it is a hit.
    pub(super) fn offer(
        &mut self,
        matcher: &mut Matcher<'_>,
        doc: DocId,
        best: &mut Best<'_>,
    ) -> bool {
        let sums = self.sums(matcher, doc);
        let order = self.segment.order_of(doc);
        if !sums.is_own && order > 0 && !self.context.weights.is_empty() {
            return false;
        }
        let cover = self.cover(&sums, doc, order);
        let score = |near: f64| match self.context.weights {
            [] => 0.0,
            _ => {
                let ranking = self.context.totals.ranking;
                let coordination = ranking.coordination(sums.weight, self.context.weight);
                coordination * ((sums.base + cover) + near)
            }
        };
        if !best.may_take(score(self.context.near_bound)) {
            return true;
        }
        let score = score(self.near(matcher, doc));
        let article = self.segment.article_of(doc);
        let key = SectionKey {
            segment: self.index,
            doc,
        };
        best.offer(
            Hit {
                score,
                article,
                order,
                key,
            },
            self.context.catalog.article_rank(article),
        );
        true
    }

    /// Adds up the terms that count in a section.
    fn sums(&self, matcher: &mut Matcher<'_>, doc: DocId) -> Sums {
        let totals = &self.context.totals;
        let mut sums = Sums::default();
        matcher.satisfied(doc, &mut |term| {
            let counts = term.counts();
            let count = |f| {
                let (exact, others) = (counts.exact[f], counts.others[f]);
                totals.ranking.count(u64::from(exact), u64::from(others))
            };
            let earned = totals.earned([0, 1, 2].map(count), |f| self.segment.len_of(doc, f));
            let weight = term.planned.weight;
            sums.base += earned.of(weight);
            sums.weight += weight;
            sums.is_own |= counts.all(1) > 0 || counts.all(2) > 0;
            for field in [0, 1] {
                let occurrences = u64::from(counts.all(field));
                if occurrences > 0 {
                    sums.field_weight[field] += weight;
                    if !term.planned.is_again {
                        sums.field_words[field] +=
                            occurrences * term.planned.term.words.len() as u64;
                    }
                }
            }
        });
        sums
    }

    /// What title and heading add that the query's words make up.
    fn cover(&self, sums: &Sums, doc: DocId, order: u32) -> f64 {
        let mut cover = 0.0;
        for field in [0, 1] {
            let words = sums.field_words[field];
            if words > 0 {
                let len = self.segment.len_of(doc, field);
                let ranking = &self.context.totals.ranking;
                let factor = ranking.cover_factor(field, order);
                cover += ranking.cover(factor, sums.field_weight[field], words, len);
            }
        }
        cover
    }

    /// What the nearness of the query's words adds.
    fn near(&mut self, matcher: &mut Matcher<'_>, doc: DocId) -> f64 {
        if self.context.pairs.is_empty() {
            return 0.0;
        }
        self.buffers.iter_mut().flatten().for_each(Vec::clear);
        let buffers = &mut self.buffers;
        matcher.satisfied(doc, &mut |term| {
            if let Some(index) = term.planned.index.filter(|_| term.planned.is_paired) {
                for (field, buffer) in buffers[index].iter_mut().enumerate() {
                    term.positions(field, buffer);
                }
            }
        });
        let mut sum = 0.0;
        for &(i, j) in self.context.pairs {
            let per_field =
                [0, 1, 2].map(|f| nearness(&self.buffers[i][f], &self.buffers[j][f], WINDOW));
            let tf = self
                .context
                .totals
                .frequency(per_field, |field| self.segment.len_of(doc, field));
            if tf > 0.0 {
                let idf = self.context.pair_idf((i, j));
                sum += self.context.totals.ranking.pair(idf, tf);
            }
        }
        sum
    }
}
