//! Plans a query over all segments, scores what matches, and keeps the best.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::{DocId, TERMINATED};

use super::expand::{Expansion, expand};
use super::matcher::Matcher;
use super::segment::OpenSegment;
use crate::analysis::Morphology;
use crate::engine::ranking::{self, Totals, WINDOW};
use crate::engine::{Catalog, Hit, Hits, SearchOptions, SectionKey, Sort};
use crate::query::{Filter, FilterFacts, Node, Query, Term, nearness};
use crate::source::StoredPath;

/// A term, expanded and weighed.
pub(super) struct PlannedTerm {
    pub(super) term: Term,
    /// One for each word of the term.
    pub(super) expansions: Vec<Expansion>,
    /// W.
    weight: f64,
    /// Whether an earlier term is the same.
    is_again: bool,
    /// Its index among the terms that score; `None` under a negation.
    index: Option<usize>,
    /// Whether nearness asks for its positions.
    pub(super) is_paired: bool,
}

/// The query's tree, ready for any segment.
pub(super) enum Plan {
    Term(PlannedTerm),
    And {
        children: Vec<Plan>,
        excluded: Vec<Plan>,
    },
    Or(Vec<Plan>),
    Sources(Arc<Vec<bool>>),
}

impl Plan {
    /// About how many documents there are to look at.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Plan::Term(term) => term.expansions.iter().map(|e| e.df).min().unwrap_or(0),
            Plan::And { children, .. } => children.iter().map(Plan::cost).min().unwrap_or(0),
            Plan::Or(children) => children.iter().map(Plan::cost).fold(0, u64::saturating_add),
            Plan::Sources(_) => u64::MAX,
        }
    }
}

/// Finds the hits of `query`, in order.
pub(super) fn search(
    segments: &[OpenSegment],
    catalog: &Catalog,
    morphology: &Morphology,
    query: &Query,
    options: &SearchOptions,
) -> tantivy::Result<Hits> {
    let totals = Totals::new(options.ranking, catalog.sections(), catalog.words());
    let pairs = ranking::pairs(query);
    let mut planner = Planner {
        segments,
        catalog,
        morphology,
        totals,
        pairs: &pairs,
        terms: query.terms(),
        weights: Vec::new(),
    };
    let mut plan = planner.plan(&query.root, false)?;
    let weights = planner.weights;
    if !options.within.is_empty() {
        let passes = select_within(catalog, &options.within);
        plan = Plan::And {
            children: vec![plan, Plan::Sources(Arc::new(passes))],
            excluded: Vec::new(),
        };
    }
    let pair_idf = |&(i, j): &(usize, usize)| weights[i].min(weights[j]);
    let near_bound = pairs
        .iter()
        .map(|pair| totals.ranking.pair_bound(pair_idf(pair)))
        .sum();
    let context = Context {
        catalog,
        totals,
        pairs: &pairs,
        weights: &weights,
        weight: weights.iter().sum(),
        near_bound,
    };
    let mut best = Best::new(catalog, options);
    for (i, segment) in segments.iter().enumerate() {
        let matcher = Matcher::open(&plan, segment, i)?;
        SegmentScorer {
            context: &context,
            segment,
            index: i as u32,
            buffers: Vec::new(),
        }
        .run(matcher, &mut best);
    }
    Ok(best.finish())
}

fn select_within(catalog: &Catalog, within: &[StoredPath]) -> Vec<bool> {
    catalog.select(|_, path| within.iter().any(|folder| path.is_under(folder)))
}

/// Turns the query's tree into a plan.
struct Planner<'a> {
    segments: &'a [OpenSegment],
    catalog: &'a Catalog,
    morphology: &'a Morphology,
    totals: Totals,
    pairs: &'a [(usize, usize)],
    /// The terms that score, in query order.
    terms: Vec<&'a Term>,
    /// The weights of those already planned.
    weights: Vec<f64>,
}

impl Planner<'_> {
    fn plan(&mut self, node: &Node, negated: bool) -> tantivy::Result<Plan> {
        if node.is_filter() {
            return Ok(Plan::Sources(Arc::new(
                self.catalog.select(|facts, _| passes(node, facts)),
            )));
        }
        Ok(match node {
            Node::Term(term) => Plan::Term(self.term(term, negated)?),
            Node::Or(nodes) => Plan::Or(
                nodes
                    .iter()
                    .map(|n| self.plan(n, negated))
                    .collect::<tantivy::Result<_>>()?,
            ),
            Node::And(nodes) => {
                let (mut children, mut excluded) = (Vec::new(), Vec::new());
                for node in nodes {
                    match node {
                        Node::Not(inner) if !inner.is_filter() => {
                            excluded.push(self.plan(inner, true)?);
                        }
                        node => children.push(self.plan(node, negated)?),
                    }
                }
                Plan::And { children, excluded }
            }
            // The parser lets a negation of words stand only in a group with something positive.
            Node::Not(_) | Node::Filter(_) => Plan::Or(Vec::new()),
        })
    }

    fn term(&mut self, term: &Term, negated: bool) -> tantivy::Result<PlannedTerm> {
        let expansions = term
            .words
            .iter()
            .map(|word| expand(self.segments, self.morphology, term, word))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let mut idf = 0.0;
        for expansion in &expansions {
            idf += self.totals.idf(expansion.df);
        }
        let weight = self.totals.ranking.weight(term, idf);
        let mut planned = PlannedTerm {
            term: term.clone(),
            expansions,
            weight,
            is_again: false,
            index: None,
            is_paired: false,
        };
        if !negated {
            let index = self.weights.len();
            self.weights.push(weight);
            planned.index = Some(index);
            planned.is_again = self.terms[..index].iter().any(|own| own.is_again(term));
            planned.is_paired = self.pairs.iter().any(|&(i, j)| i == index || j == index);
        }
        Ok(planned)
    }
}

fn passes(node: &Node, facts: &FilterFacts<'_>) -> bool {
    match node {
        Node::Filter(filter) => Filter::passes(filter, facts),
        Node::And(nodes) => nodes.iter().all(|node| passes(node, facts)),
        Node::Or(nodes) => nodes.iter().any(|node| passes(node, facts)),
        Node::Not(node) => !passes(node, facts),
        Node::Term(_) => false,
    }
}

/// What scoring needs in every segment.
struct Context<'a> {
    catalog: &'a Catalog,
    totals: Totals,
    pairs: &'a [(usize, usize)],
    weights: &'a [f64],
    /// Their sum.
    weight: f64,
    /// The most that nearness can add.
    near_bound: f64,
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
struct SegmentScorer<'a> {
    context: &'a Context<'a>,
    segment: &'a OpenSegment,
    index: u32,
    /// The positions of each term in each field, for nearness.
    buffers: Vec<[Vec<u32>; 3]>,
}

impl SegmentScorer<'_> {
    fn run(mut self, mut matcher: Matcher<'_>, best: &mut Best<'_>) {
        self.buffers
            .resize_with(self.context.weights.len(), Default::default);
        let mut doc = matcher.seek(0);
        while doc != TERMINATED {
            if self.segment.is_alive(doc) {
                self.offer(&mut matcher, doc, best);
            }
            doc = matcher.seek(doc + 1);
        }
    }

    fn offer(&mut self, matcher: &mut Matcher<'_>, doc: DocId, best: &mut Best<'_>) {
        let sums = self.sums(matcher, doc);
        let order = self.segment.order_of(doc);
        if !sums.is_own && order > 0 && !self.context.weights.is_empty() {
            return;
        }
        best.matched += 1;
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
            return;
        }
        let score = score(self.near(matcher, doc));
        let source = self.segment.source_of(doc);
        let key = SectionKey {
            segment: self.index,
            doc,
        };
        best.offer(
            Hit {
                score,
                source,
                order,
                key,
            },
            self.context.catalog.rank(source),
        );
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
                let idf = self.context.weights[i].min(self.context.weights[j]);
                sum += self.context.totals.ranking.pair(idf, tf);
            }
        }
        sum
    }
}

/// The best hits so far.
struct Best<'a> {
    limit: Option<usize>,
    sort: Sort,
    catalog: &'a Catalog,
    /// The worst on top; all hits where there is no limit or another order than by score.
    kept: BinaryHeap<Ranked>,
    matched: u64,
}

/// A hit and the rank of its path; greater is worse.
#[derive(Debug, PartialEq)]
struct Ranked {
    hit: Hit,
    rank: u32,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        let by_place = (self.rank, self.hit.order).cmp(&(other.rank, other.hit.order));
        other.hit.score.total_cmp(&self.hit.score).then(by_place)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Best<'a> {
    fn new(catalog: &'a Catalog, options: &SearchOptions) -> Best<'a> {
        Best {
            limit: options.limit,
            sort: options.sort,
            catalog,
            kept: BinaryHeap::new(),
            matched: 0,
        }
    }

    /// The number of hits kept while looking; other orders than by score need all.
    fn keep(&self) -> Option<usize> {
        self.limit.filter(|_| self.sort == Sort::Score)
    }

    /// Whether a hit of at most this score can still be among the best.
    fn may_take(&self, bound: f64) -> bool {
        match self.keep() {
            None => true,
            Some(0) => false,
            Some(keep) => {
                self.kept.len() < keep
                    || self
                        .kept
                        .peek()
                        .is_none_or(|worst| bound >= worst.hit.score)
            }
        }
    }

    fn offer(&mut self, hit: Hit, rank: u32) {
        self.kept.push(Ranked { hit, rank });
        if self.keep().is_some_and(|keep| self.kept.len() > keep) {
            self.kept.pop();
        }
    }

    fn finish(self) -> Hits {
        let mut kept = self.kept.into_sorted_vec();
        match self.sort {
            Sort::Score => {}
            Sort::Path => kept.sort_by_key(|r| (r.rank, r.hit.order)),
            Sort::Date => kept.sort_by_cached_key(|r| {
                let date = self
                    .catalog
                    .record(r.hit.source)
                    .and_then(|record| record.metadata.date);
                (std::cmp::Reverse(date), r.rank, r.hit.order)
            }),
        }
        kept.truncate(self.limit.unwrap_or(usize::MAX));
        Hits {
            hits: kept.into_iter().map(|r| r.hit).collect(),
            matched: self.matched,
        }
    }
}
