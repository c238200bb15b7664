//! Answers a query: the cluster says which sections are hits and proposes the best, our scorer ranks them.

use serde_json::{Value, json};

use super::answers::{AnswerHit, SearchAnswer};
use super::candidate::{CandidateScorer, ProposedSection};
use super::counting::{BATCH, search_and_count};
use super::expanded::idfs;
use super::hit_filter::{HitFilter, hit_filter};
use super::pages::read_pages;
use super::passing::passing;
use super::proposals::proposals;
use super::section_document::{ShownDocument, ShownSection};
use super::snapshot::ClusterSnapshot;
use super::transport::encoded;
use crate::engine::limits::QueryBudget;
use crate::engine::ranking::{Scorer, Totals};
use crate::engine::{
    ArticleKey, EngineError, Hit, Hits, Proposed, SearchOptions, SectionKey, Sort, StoredSection,
};
use crate::query::{Query, Term};

/// The most sections that are fetched and scored where all of a ranking is asked for.
const MOST_RANKED: u64 = 50_000;
/// The most that are fetched to tell hits from their texts.
const MOST_TOLD: u64 = 10_000;
/// The most that one answer of the cluster holds.
const MOST_PROPOSED: usize = 10_000;
/// How many are fetched at once where many are.
const PAGE: usize = 1000;

/// The sections of one query that the cluster gave, scored.
#[derive(Default)]
struct ScoredSections {
    hits: Vec<Hit>,
    /// What is stored of them.
    shown: Vec<(SectionKey, StoredSection)>,
    /// How many the cluster gave, whatever became of them.
    given: u64,
    /// How many hits there are.
    matched: u64,
    /// Whether a part of the cluster did not answer.
    is_partial: bool,
}

/// A query as it is run.
struct QueryRun<'a> {
    snapshot: &'a ClusterSnapshot,
    /// The indices of the sections.
    sections: &'a str,
    sort: Sort,
    /// The hits, as a filter.
    filter: Value,
    /// What the cluster ranks by.
    proposals: Vec<Value>,
}

impl ClusterSnapshot {
    /// Finds the hits of `query`, in order.
    pub(super) fn find_hits(
        &self,
        query: &Query,
        options: &SearchOptions,
    ) -> Result<Hits, EngineError> {
        let catalog = &self.sources.catalog;
        let totals = Totals::new(options.ranking, catalog.sections(), catalog.words());
        let mut budget = QueryBudget::new(options.limits);
        let sections = self.section_indices();
        let terms = query.all_terms();
        let all: Vec<&Term> = terms.iter().map(|(term, _)| *term).collect();
        let expander = self.expander(&sections);
        let mut forms = expander.look_up(&all, budget.room())?;
        let HitFilter {
            query: hits,
            is_exact,
        } = hit_filter(query, &forms, &self.languages, &self.sources);
        let mut run = QueryRun {
            snapshot: self,
            sections: &sections,
            sort: options.sort,
            filter: self.within(hits, options),
            proposals: Vec::new(),
        };
        let limit = options.limit.unwrap_or(usize::MAX);
        let wanted = run.wanted(limit).filter(|_| is_exact);
        let uncounted = expander.uncounted(&all, &mut forms);
        let mut first = None;
        if let (Some(size), true) = (wanted, uncounted.len() <= BATCH) {
            // What is estimated will do for proposals: scores are made of what is counted.
            let scorer = Scorer::new(totals, query, &idfs(&terms, &forms, &totals));
            run.proposals = proposals(query, &forms, &scorer);
            let body = run.first_body(size);
            let found = search_and_count(&self.shared.cluster, &sections, &body, &uncounted)?;
            first = found.map(|(found, counts)| {
                expander.learn(uncounted, counts);
                found
            });
        }
        expander.count(&all, &mut forms)?;
        expander.settle(&all, &mut forms, &mut budget)?;
        let scorer = Scorer::new(totals, query, &idfs(&terms, &forms, &totals));
        if first.is_none() {
            run.proposals = proposals(query, &forms, &scorer);
        }
        let mut scorer = CandidateScorer::new(query, scorer);
        let mut found = match wanted {
            Some(size) => run.first(size, first, &mut scorer)?,
            None => run.all(is_exact, &mut scorer)?,
        };
        let weights = scorer.weights();
        found.is_partial |= expander.is_partial();
        let found = run.finish(found, limit);
        Ok(Hits { weights, ..found })
    }

    /// The hits of the sources that the options ask for.
    fn within(&self, hits: Value, options: &SearchOptions) -> Value {
        let (within, without) = (&options.within, &options.without);
        let mut filters = vec![hits];
        if !(within.is_empty() && without.is_empty()) {
            let selected = self.sources.catalog.selected(within, without);
            filters.push(passing(&self.sources, &selected));
        }
        json!({"bool": {"filter": filters}})
    }
}

impl QueryRun<'_> {
    /// How many sections are asked of the cluster at once, where that is enough for so many hits.
    fn wanted(&self, limit: usize) -> Option<usize> {
        let pool = self.snapshot.shared.options.candidates.min(MOST_PROPOSED);
        match self.sort {
            _ if limit == 0 => Some(0),
            Sort::Score => (limit <= pool).then_some(pool),
            Sort::Path | Sort::Date => (limit <= MOST_PROPOSED).then_some(limit),
        }
    }

    /// The query as the cluster is asked it.
    fn query(&self) -> Value {
        match self.sort {
            Sort::Score if !self.proposals.is_empty() => json!({"bool": {
                "filter": [self.filter],
                "should": self.proposals,
            }}),
            _ => json!({"constant_score": {"filter": self.filter}}),
        }
    }

    /// The order in which the cluster gives hits; `None` for best first.
    fn order(&self) -> Option<Value> {
        match self.sort {
            Sort::Score if !self.proposals.is_empty() => None,
            Sort::Score | Sort::Path => Some(json!(["path", "article_order", "order"])),
            Sort::Date => Some(json!([
                {"date": {"order": "desc", "missing": "_last"}},
                "path",
                "article_order",
                "order",
            ])),
        }
    }

    /// The search for the first `count` that the cluster gives.
    fn first_body(&self, count: usize) -> Value {
        let mut body = json!({
            "size": count,
            "query": self.query(),
            "track_total_hits": true,
        });
        if let (Some(order), Some(body)) = (self.order(), body.as_object_mut()) {
            body.insert("sort".into(), order);
        }
        body
    }

    /// The first `count` that the cluster gives; `found` is its answer where it gave one that is whole.
    fn first(
        &self,
        count: usize,
        found: Option<SearchAnswer<ShownDocument>>,
        scorer: &mut CandidateScorer<'_>,
    ) -> Result<ScoredSections, EngineError> {
        let shared = &self.snapshot.shared;
        let found = match found {
            Some(found) => found,
            None => {
                let sections = encoded(self.sections);
                let path = format!("/{sections}/_search?search_type=dfs_query_then_fetch");
                let body = self.first_body(count);
                shared
                    .cluster
                    .search(&path, &body, shared.options.partial)?
            }
        };
        let mut scored = ScoredSections {
            is_partial: !found.is_whole(),
            matched: found.matched(),
            ..ScoredSections::default()
        };
        self.score(found.hits.hits, scorer, &mut scored, true)?;
        Ok(scored)
    }

    /// All that the cluster finds, unless that is too much. Where the filter is not exact, those that are hits are told
    /// from their texts.
    fn all(
        &self,
        is_exact: bool,
        scorer: &mut CandidateScorer<'_>,
    ) -> Result<ScoredSections, EngineError> {
        let cluster = &self.snapshot.shared.cluster;
        let count = json!({"size": 0, "track_total_hits": true, "query": self.query()});
        let path = format!("/{}/_search", encoded(self.sections));
        let partial = self.snapshot.shared.options.partial;
        let found: SearchAnswer<ShownDocument> = cluster.search(&path, &count, partial)?;
        let is_counted = found.is_whole();
        let total = found.matched();
        let most = match (is_exact, self.sort) {
            (false, _) => MOST_TOLD,
            (true, Sort::Score) => MOST_RANKED,
            // Their order is the cluster's.
            (true, Sort::Path | Sort::Date) => u64::MAX,
        };
        if total > most {
            return Err(too_many(total, most, is_exact));
        }
        let mut body = json!({"size": PAGE, "query": self.query()});
        let order = self.order().filter(|_| self.sort != Sort::Score);
        if let (Some(order), Some(body)) = (order, body.as_object_mut()) {
            body.insert("sort".into(), order);
        }
        let of = (self.sections, &body);
        let begin = ScoredSections::default;
        let (mut all, is_whole) = read_pages(cluster, of, partial, begin, |all, page| {
            self.score(page, scorer, all, false)
        })?;
        all.is_partial = !(is_counted && is_whole);
        all.matched = match is_exact {
            true => all.given,
            false => all.hits.len() as u64,
        };
        Ok(all)
    }

    /// Scores what the cluster gave, in its order.
    fn score(
        &self,
        found: Vec<AnswerHit<ShownDocument>>,
        scorer: &mut CandidateScorer<'_>,
        scored: &mut ScoredSections,
        keeps_shown: bool,
    ) -> Result<(), EngineError> {
        scored.given += found.len() as u64;
        for hit in found {
            let Some(document) = hit.source else {
                return Err(EngineError::Unavailable(
                    "a section came without its text".into(),
                ));
            };
            if let Some((hit, stored)) = self.scored(document.shown, scorer)? {
                scored.hits.push(hit);
                if keeps_shown {
                    scored.shown.push((hit.key, stored));
                }
            }
        }
        Ok(())
    }

    /// A section with its score, where it is a hit and of its source's generation.
    fn scored(
        &self,
        shown: ShownSection,
        scorer: &mut CandidateScorer<'_>,
    ) -> Result<Option<(Hit, StoredSection)>, EngineError> {
        let sources = &self.snapshot.sources;
        let source = sources.find(&shown.owner, &shown.path());
        let Some(source) = source.filter(|&own| sources.facts(own).generation == shown.generation)
        else {
            return Ok(None);
        };
        let Some(article) = sources.catalog.find_part(source, &shown.part()) else {
            return Ok(None);
        };
        let order = shown.order;
        let stored = shown.section()?;
        let record = sources
            .catalog
            .record(article)
            .ok_or(crate::catalog::CatalogError)?;
        let path = record.source.path.to_text();
        let inner = record.article.part.below(&path);
        let (headings, name) = (stored.section.heading_text(), record.name_of(order));
        let candidate = ProposedSection {
            order,
            told: record.article.language(),
            texts: [
                record.article.metadata.title.as_deref().unwrap_or_default(),
                &headings,
                &stored.section.text,
                &name,
            ],
            facts: record.article.facts(&path, inner.as_deref()),
        };
        let score = scorer.score(&candidate);
        let key = SectionKey(u64::from(article) << 32 | u64::from(order));
        let hit = score.map(|score| Hit {
            score,
            article: ArticleKey(article),
            order,
            key,
        });
        Ok(hit.map(|hit| (hit, stored)))
    }

    fn finish(&self, mut ranked: ScoredSections, limit: usize) -> Hits {
        let catalog = &self.snapshot.sources.catalog;
        let place = |hit: &Hit| (catalog.article_rank(hit.article.0), hit.order);
        match self.sort {
            Sort::Score => ranked
                .hits
                .sort_by(|a, b| b.score.total_cmp(&a.score).then(place(a).cmp(&place(b)))),
            Sort::Path => ranked.hits.sort_by_key(place),
            Sort::Date => {
                let date = |hit: &Hit| catalog.article(hit.article.0)?.metadata.date;
                ranked
                    .hits
                    .sort_by_cached_key(|hit| (std::cmp::Reverse(date(hit)), place(hit)));
            }
        }
        ranked.hits.truncate(limit);
        let kept: Vec<SectionKey> = ranked.hits.iter().map(|hit| hit.key).collect();
        self.snapshot.keep_shown(ranked.shown, &kept);
        Hits {
            hits: ranked.hits,
            matched: ranked.matched,
            is_counted: !ranked.is_partial,
            weights: Vec::new(),
            proposed: Some(Proposed {
                candidates: ranked.given,
                exact_ranking: self.sort != Sort::Score || ranked.given >= ranked.matched,
                partial: ranked.is_partial,
            }),
        }
    }
}

/// The error where more sections match than are fetched.
fn too_many(total: u64, most: u64, is_exact: bool) -> EngineError {
    EngineError::Unsupported(match is_exact {
        true => format!(
            "{total} sections match, and a cluster's are ranked up to {most}; ask for fewer hits, or `--sort path` lists them all"
        ),
        false => format!(
            "{total} sections may match, and up to {most} are told by their spelling or long phrases; add a word or a filter"
        ),
    })
}
