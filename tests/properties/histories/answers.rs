//! What an engine answers, and whether that is what the oracle says.

use excerpt::engine::{Hits, SearchOptions, Snapshot, Sort, StoredSection};
use excerpt::highlight::highlights;
use excerpt::query::Query;
use excerpt::source::StoredPath;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::history::Index;
use crate::oracle::{Oracle, OracleHit};

/// A hit as it can be compared: path, order in the article, the score and its bits.
type Line = (StoredPath, u32, f64, u64);

/// The hits of a query.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    /// The hits, in order.
    pub(super) lines: Vec<Line>,
    /// How many there are in all.
    pub(super) matched: u64,
}

/// What an index answers to a query, all hits.
pub(super) fn answer(index: &Index, query: &Query) -> Answer {
    searched(index, query, &SearchOptions::default()).0
}

/// The hits, and whether all were counted.
fn searched(index: &Index, query: &Query, options: &SearchOptions) -> (Answer, bool) {
    let found = index.engine.search(query, options).expect("an answer");
    let Hits {
        hits,
        matched,
        is_counted,
        ..
    } = found;
    let path = |article| {
        let records = index.engine.articles(&[article]).expect("its record");
        records[0].source.path.clone()
    };
    let lines = hits
        .iter()
        .map(|hit| (path(hit.article), hit.order, hit.score, hit.score.to_bits()))
        .collect();
    (Answer { lines, matched }, is_counted)
}

/// Checks hits, order, scores and highlights against the oracle, under many options.
pub(super) fn agree(index: &Index, oracle: &Oracle, query: &Query) -> Result<(), TestCaseError> {
    let all = oracle.hits(query);
    for options in many_options() {
        let expected = chosen(oracle, &all, &options);
        let (mut found, is_counted) = searched(index, query, &options);
        if !is_counted {
            prop_assert_eq!(Some(found.matched), options.count_up_to);
            prop_assert!(
                found.matched < expected.matched,
                "{:?} under {:?}",
                query.text,
                options
            );
            found.matched = expected.matched;
        }
        prop_assert_eq!(
            &found,
            &expected,
            "{:?} under {:?}: {:?}",
            query.text,
            options,
            query.root
        );
    }
    for live in oracle.sections() {
        let found = highlights(query, &live.text());
        let expected = oracle.highlights(query, live);
        prop_assert_eq!(
            found,
            expected,
            "{:?} in {:?}: {:?}",
            query.text,
            live.section,
            query.root
        );
    }
    Ok(())
}

fn many_options() -> Vec<SearchOptions> {
    let within = |paths: &[&str]| {
        paths
            .iter()
            .map(|path| StoredPath::from_bytes(path.as_bytes()))
            .collect()
    };
    let folders: [Vec<StoredPath>; 4] = [
        within(&[]),
        within(&["a"]),
        within(&["news/2022", "a.md", "/tmp"]),
        within(&[""]),
    ];
    let mut all = Vec::new();
    for limit in [None, Some(0), Some(1), Some(2), Some(5)] {
        all.push(SearchOptions {
            limit,
            ..SearchOptions::default()
        });
    }
    for (limit, count_up_to) in [(1, 1), (1, 3), (2, 2), (3, 6)] {
        all.push(SearchOptions {
            limit: Some(limit),
            count_up_to: Some(count_up_to),
            ..SearchOptions::default()
        });
    }
    for (i, folders) in folders.into_iter().enumerate() {
        let limit = [None, Some(2)][i % 2];
        for sort in [Sort::Score, Sort::Path, Sort::Date] {
            all.push(SearchOptions {
                within: folders.clone(),
                limit,
                sort,
                ..SearchOptions::default()
            });
        }
    }
    all
}

/// What the oracle gives under `options`, from all its hits.
fn chosen(oracle: &Oracle, all: &[OracleHit], options: &SearchOptions) -> Answer {
    let path = |hit: &OracleHit| oracle.sections()[hit.section].path.clone();
    let is_within = |hit: &&OracleHit| {
        options.within.is_empty()
            || options
                .within
                .iter()
                .any(|folder| holds(folder.as_bytes(), path(hit).as_bytes()))
    };
    let mut hits: Vec<OracleHit> = all.iter().filter(is_within).copied().collect();
    oracle.sort(&mut hits, options.sort);
    let matched = hits.len() as u64;
    hits.truncate(options.limit.unwrap_or(usize::MAX));
    let line = |hit: &OracleHit| {
        (
            path(hit),
            oracle.sections()[hit.section].order,
            hit.score,
            hit.score.to_bits(),
        )
    };
    Answer {
        lines: hits.iter().map(line).collect(),
        matched,
    }
}

/// Whether a path is `folder` or lies below it; the empty folder holds every relative path.
fn holds(folder: &[u8], path: &[u8]) -> bool {
    if folder.is_empty() {
        return !path.starts_with(b"/");
    }
    path == folder || path.starts_with(&[folder, b"/"].concat())
}

/// Checks that every section of an index reads back as it was added, and that none is missing or too many.
pub(super) fn read_back(index: &Index) -> Result<(), TestCaseError> {
    for (path, (source, article)) in &index.live {
        let known = index.engine.source_at(path).expect("a look");
        prop_assert_eq!(known.map(|known| known.key), Some(*source));
        let articles = index.engine.articles_of(*source).expect("its articles");
        let mut articles = articles.into_iter();
        let keys = index
            .engine
            .sections_of(articles.next().expect("an article"))
            .expect("the sections of an article");
        prop_assert_eq!(keys.len(), article.sections.len());
        for (order, (key, section)) in (0..).zip(keys.into_iter().zip(&article.sections)) {
            let found = index.engine.section(key).expect("a stored section");
            prop_assert_eq!(
                found,
                StoredSection {
                    order,
                    section: section.clone()
                }
            );
        }
    }
    let totals = index.engine.totals().expect("the totals");
    prop_assert_eq!(totals.sources as usize, index.live.len());
    Ok(())
}
