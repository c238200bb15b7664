//! Plans a query over all segments, scores what matches, and keeps the best.

use std::sync::Arc;

use super::best::Best;
use super::matcher::Matcher;
use super::plan::{Plan, Planner};
use super::scorer::{Context, SegmentScorer};
use super::scout::{Flat, Group, Sightings};
use super::segment::OpenSegment;
use crate::analysis::Morphology;
use crate::engine::ranking::{self, Totals};
use crate::engine::{Catalog, Hits, SearchOptions};
use crate::query::Query;
use crate::source::StoredPath;

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
    let mut context = Context {
        catalog,
        totals,
        pairs: &pairs,
        weights: &weights,
        weight: weights.iter().sum(),
        near_bound: 0.0,
    };
    context.near_bound = (pairs.iter())
        .map(|&pair| totals.ranking.pair_bound(context.pair_idf(pair)))
        .sum();
    let mut best = Best::new(catalog, options);
    match Flat::of(&plan) {
        Some(flat) => run_flat(&flat, &plan, &context, segments, &mut best)?,
        None => {
            for (i, segment) in segments.iter().enumerate() {
                let matcher = Matcher::open(&plan, segment, i)?;
                SegmentScorer::new(&context, segment, i).run(matcher, &mut best);
            }
        }
    }
    Ok(best.finish())
}

/// Scores what matches a flat query, the most promising first, until nothing that is left can be among the best.
fn run_flat(
    flat: &Flat<'_>,
    plan: &Plan,
    context: &Context<'_>,
    segments: &[OpenSegment],
    best: &mut Best<'_>,
) -> tantivy::Result<()> {
    let sightings = Sightings::of(flat, context, segments)?;
    best.matched = sightings.matched();
    let groups = sightings.by_bound();
    let mut rest = groups.as_slice();
    let mut least = best.keep().unwrap_or(usize::MAX);
    loop {
        // The groups that follow in promise, until there are enough sections in them.
        let mut chosen = vec![false; groups.len()];
        let mut sum = 0;
        while let Some((&group, others)) = rest.split_first() {
            let Group { bound, count, .. } = sightings.groups[group as usize];
            if !best.may_take(bound) {
                rest = &[];
                break;
            }
            if sum > 0 && sum + count > least {
                break;
            }
            chosen[group as usize] = true;
            sum += count;
            rest = others;
        }
        if sum == 0 {
            return Ok(());
        }
        for (i, segment) in segments.iter().enumerate() {
            let found = sightings.found[i].iter();
            let docs = found.filter(|(_, group)| chosen[*group as usize]);
            let mut scorer = SegmentScorer::new(context, segment, i);
            let mut matcher = None;
            for &(doc, _) in docs {
                let matcher = match &mut matcher {
                    Some(matcher) => matcher,
                    None => matcher.insert(Matcher::open(plan, segment, i)?),
                };
                matcher.seek(doc);
                scorer.offer(matcher, doc, best);
            }
        }
        least = least.saturating_mul(MORE_EACH_ROUND);
    }
}

/// By how much more sections are scored in each round.
const MORE_EACH_ROUND: usize = 16;

fn select_within(catalog: &Catalog, within: &[StoredPath]) -> Vec<bool> {
    catalog.select(|_, path| within.iter().any(|folder| path.is_under(folder)))
}
