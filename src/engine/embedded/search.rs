//! Plans a query over all segments, scores what matches, and keeps the best.

use std::sync::Arc;

use super::flat::{Flat, FlatRun};
use super::limited::SearchError;
use super::matcher::Matcher;
use super::plan::{Plan, PlannedChild, Planner};
use super::scorer::{Context, SegmentScorer};
use super::segment::OpenSegment;
use super::spelled::SpelledTexts;
use super::top_k::Best;
use crate::catalog::Catalog;
use crate::engine::limits::QueryBudget;
use crate::engine::ranking::{Scorer, Totals, pairs};
use crate::engine::{Hits, SearchOptions};
use crate::query::Query;

/// Finds the hits of `query`, in order.
pub(super) fn search(
    segments: &[OpenSegment],
    catalog: &Catalog,
    query: &Query,
    options: &SearchOptions,
) -> Result<Hits, SearchError> {
    let totals = Totals::new(options.ranking, catalog.sections(), catalog.words());
    let pairs = pairs(query);
    let mut planner = Planner {
        segments,
        catalog,
        totals,
        pairs: &pairs,
        idfs: Vec::new(),
        budget: QueryBudget::new(options.limits),
        expanded: Vec::new(),
    };
    let mut plan = planner.plan(&query.root, false)?;
    let scorer = Scorer::new(totals, query, &planner.idfs);
    let weights = scorer.terms().iter().map(|term| term.weight).collect();
    if !(options.within.is_empty() && options.without.is_empty()) {
        let passes = catalog.selected(&options.within, &options.without);
        plan = Plan::And {
            children: [plan, Plan::Articles(Arc::new(passes))]
                .map(PlannedChild::required)
                .into(),
            excluded: Vec::new(),
        };
    }
    let context = Context {
        catalog,
        scorer,
        texts: SpelledTexts::new(catalog),
    };
    let mut best = Best::new(catalog, options);
    match Flat::of(&plan) {
        Some(flat) => {
            let run = FlatRun {
                flat: &flat,
                context: &context,
                segments,
            };
            run.all(options, &mut best)?;
        }
        None => {
            for (i, segment) in segments.iter().enumerate() {
                let matcher = Matcher::open(&plan, &context.texts, segment, i)?;
                SegmentScorer::new(&context, segment, i).run(matcher, &mut best);
            }
        }
    }
    context.texts.finish()?;
    Ok(Hits {
        weights,
        ..best.finish()
    })
}
