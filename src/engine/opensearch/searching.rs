//! Answers a query: the cluster says which sections are hits and proposes the best, our scorer ranks them.

use serde_json::{Value, json};

use super::answers::{AnswerHit, SearchAnswer};
use super::candidate::{CandidateScorer, ProposedSection};
use super::expanded::ExpandedQuery;
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
use crate::query::Query;

/// The most sections that are fetched and scored where all of a ranking is asked for.
const MOST_RANKED: u64 = 50_000;
/// The most that are fetched to tell hits from their texts.
const MOST_TOLD: u64 = 10_000;
/// The most that one answer of the cluster holds.
const MOST_PROPOSED: usize = 10_000;
/// How many are fetched at once where many are.
const PAGE: usize = 1000;

/// The sections of one query that the cluster gave, scored.
pub(super) struct ScoredSections {
    hits: Vec<Hit>,
    /// What is stored of them.
    pub(super) shown: Vec<(SectionKey, StoredSection)>,
    /// How many the cluster gave, whatever became of them.
    given: u64,
    /// Whether a part of the cluster did not answer.
    is_partial: bool,
}

/// A query as it is run.
struct QueryRun<'a> {
    snapshot: &'a ClusterSnapshot,
    options: &'a SearchOptions,
    scorer: CandidateScorer<'a>,
    /// The hits, as a filter.
    filter: Value,
    proposals: Vec<Value>,
    keeps_shown: bool,
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
        let expander = self.expander(&sections);
        let ExpandedQuery {
            terms,
            idfs,
            is_partial,
        } = expander.query(&query.root, &totals, &mut budget)?;
        let scorer = Scorer::new(totals, query, &idfs);
        let HitFilter {
            query: hits,
            is_exact,
        } = hit_filter(query, &terms, &self.languages, &self.sources);
        let mut filters = vec![hits];
        if !(options.within.is_empty() && options.without.is_empty()) {
            filters.push(passing(&self.sources, &self.selected(options)));
        }
        let proposals = proposals(query, &terms, &scorer);
        let mut run = QueryRun {
            snapshot: self,
            options,
            scorer: CandidateScorer::new(query, scorer),
            filter: json!({"bool": {"filter": filters}}),
            proposals,
            keeps_shown: true,
        };
        let mut found = run.find(&sections, is_exact)?;
        if is_partial {
            found.is_counted = false;
            found.proposed.iter_mut().for_each(|own| own.partial = true);
        }
        let weights = run.scorer.weights();
        Ok(Hits { weights, ..found })
    }

    /// The articles of the sources that the options ask for, by their numbers.
    fn selected(&self, options: &SearchOptions) -> Vec<bool> {
        let catalog = &self.sources.catalog;
        let mut selected = match options.within.is_empty() {
            true => vec![true; catalog.article_slots() as usize],
            false => catalog.within(&options.within),
        };
        let without = options.without.iter().filter_map(|path| catalog.find(path));
        for article in without.flat_map(|source| catalog.articles_of(source)) {
            if let Some(is_selected) = selected.get_mut(article as usize) {
                *is_selected = false;
            }
        }
        selected
    }
}

impl QueryRun<'_> {
    fn find(&mut self, sections: &str, is_exact: bool) -> Result<Hits, EngineError> {
        let limit = self.options.limit.unwrap_or(usize::MAX);
        if !is_exact {
            let ranked = self.all(sections, MOST_TOLD)?;
            let matched = ranked.hits.len() as u64;
            return Ok(self.finish(ranked, matched, limit));
        }
        let pool = self.snapshot.shared.options.candidates;
        let wanted = match self.options.sort {
            _ if limit == 0 => 0,
            Sort::Score => pool.max(limit).min(MOST_PROPOSED),
            Sort::Path | Sort::Date => limit,
        };
        let is_pooled = self.options.sort != Sort::Score || limit <= pool;
        if wanted <= MOST_PROPOSED && is_pooled {
            let (ranked, matched) = self.first(sections, wanted)?;
            return Ok(self.finish(ranked, matched, limit));
        }
        let most = match self.options.sort {
            Sort::Score => MOST_RANKED,
            // Their order is the cluster's.
            Sort::Path | Sort::Date => u64::MAX,
        };
        self.keeps_shown = false;
        let ranked = self.all(sections, most)?;
        let matched = ranked.given;
        Ok(self.finish(ranked, matched, limit))
    }

    /// The query as the cluster is asked it.
    fn query(&self) -> Value {
        match self.options.sort {
            Sort::Score if !self.proposals.is_empty() => json!({"bool": {
                "filter": [self.filter],
                "should": self.proposals,
            }}),
            _ => json!({"constant_score": {"filter": self.filter}}),
        }
    }

    /// The order in which the cluster gives hits; `None` for best first.
    fn sort(&self) -> Option<Value> {
        let path = json!(["path", "article_order", "order"]);
        match self.options.sort {
            Sort::Score if !self.proposals.is_empty() => None,
            Sort::Score | Sort::Path => Some(path),
            Sort::Date => Some(json!([
                {"date": {"order": "desc", "missing": "_last"}},
                "path",
                "article_order",
                "order",
            ])),
        }
    }

    /// The first `count` that the cluster gives, and how many hits there are.
    fn first(
        &mut self,
        sections: &str,
        count: usize,
    ) -> Result<(ScoredSections, u64), EngineError> {
        let mut body = json!({
            "size": count,
            "query": self.query(),
            "track_total_hits": true,
            "_source": ["shown"],
        });
        if let (Some(sort), Some(body)) = (self.sort(), body.as_object_mut()) {
            body.insert("sort".into(), sort);
        }
        let path = format!(
            "/{}/_search?search_type=dfs_query_then_fetch",
            encoded(sections)
        );
        let shared = &self.snapshot.shared;
        let partial = shared.options.partial;
        let found: SearchAnswer<ShownDocument> = shared.cluster.search(&path, &body, partial)?;
        let is_partial = !found.is_whole();
        let matched = found.hits.total.map_or(0, |total| total.value);
        let ranked = self.score(found.hits.hits)?;
        Ok((
            ScoredSections {
                is_partial,
                ..ranked
            },
            matched,
        ))
    }

    /// All that the cluster finds, unless that is more than `most`.
    fn all(&mut self, sections: &str, most: u64) -> Result<ScoredSections, EngineError> {
        let count = json!({"size": 0, "track_total_hits": true, "query": self.query()});
        let path = format!("/{}/_search", encoded(sections));
        let (cluster, partial) = (
            &self.snapshot.shared.cluster,
            self.snapshot.shared.options.partial,
        );
        let found: SearchAnswer<ShownDocument> = cluster.search(&path, &count, partial)?;
        let total = found.hits.total.map_or(0, |total| total.value);
        if total > most {
            return Err(EngineError::Unsupported(format!(
                "{total} sections match, and a cluster's are ranked up to {most}; ask for fewer hits, or `--sort path` lists them all"
            )));
        }
        let mut body = json!({"size": PAGE, "query": self.query(), "_source": ["shown"]});
        if let (Some(sort), Some(body)) = (
            self.sort().filter(|_| self.options.sort != Sort::Score),
            body.as_object_mut(),
        ) {
            body.insert("sort".into(), sort);
        }
        let begin = || ScoredSections {
            hits: Vec::new(),
            shown: Vec::new(),
            given: 0,
            is_partial: false,
        };
        let (all, is_whole) =
            read_pages(cluster, (sections, &body), partial, begin, |all, page| {
                let ranked = self.score(page)?;
                all.hits.extend(ranked.hits);
                all.shown.extend(ranked.shown);
                all.given += ranked.given;
                Ok(())
            })?;
        Ok(ScoredSections {
            is_partial: !is_whole,
            ..all
        })
    }

    /// Scores what the cluster gave, in its order.
    fn score(
        &mut self,
        found: Vec<AnswerHit<ShownDocument>>,
    ) -> Result<ScoredSections, EngineError> {
        let mut ranked = ScoredSections {
            hits: Vec::with_capacity(found.len()),
            shown: Vec::new(),
            given: found.len() as u64,
            is_partial: false,
        };
        for hit in found {
            let Some(document) = hit.source else {
                return Err(EngineError::Unavailable(
                    "a section came without its text".into(),
                ));
            };
            if let Some((hit, stored)) = self.scored(document.shown)? {
                ranked.hits.push(hit);
                if self.keeps_shown {
                    ranked.shown.push((hit.key, stored));
                }
            }
        }
        Ok(ranked)
    }

    /// A section with its score, where it is a hit and of its source's generation.
    fn scored(&mut self, shown: ShownSection) -> Result<Option<(Hit, StoredSection)>, EngineError> {
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
        let score = self.scorer.score(&candidate);
        let key = SectionKey(u64::from(article) << 32 | u64::from(order));
        let hit = score.map(|score| Hit {
            score,
            article: ArticleKey(article),
            order,
            key,
        });
        Ok(hit.map(|hit| (hit, stored)))
    }

    fn finish(&self, mut ranked: ScoredSections, matched: u64, limit: usize) -> Hits {
        let catalog = &self.snapshot.sources.catalog;
        let place = |hit: &Hit| (catalog.article_rank(hit.article.0), hit.order);
        match self.options.sort {
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
            matched,
            is_counted: !ranked.is_partial,
            weights: Vec::new(),
            proposed: Some(Proposed {
                candidates: ranked.given,
                exact_ranking: self.options.sort != Sort::Score || ranked.given >= matched,
                partial: ranked.is_partial,
            }),
        }
    }
}
