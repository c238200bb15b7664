//! Filters as the cluster is asked them: the articles that pass are known, and said by the folders and sources that hold
//! nothing else.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::names::{article_id, source_id};
use super::owned::AllSources;
use super::section_document::folders;

/// The most values that a clause takes.
const MOST_VALUES: usize = 65_536;

/// A query for the sections of these articles, by their numbers.
pub(super) fn passing(sources: &AllSources, selected: &[bool]) -> Value {
    let catalog = &sources.catalog;
    let is_selected = |article: u32| selected.get(article as usize).copied().unwrap_or(false);
    let (mut passing, mut all) = (0_u64, 0_u64);
    for source in catalog.sources() {
        for article in catalog.articles_of(source) {
            all += 1;
            passing += u64::from(is_selected(article));
        }
    }
    if passing == all {
        return json!({"match_all": {}});
    }
    if passing == 0 {
        return json!({"match_none": {}});
    }
    match passing > all / 2 {
        true => json!({"bool": {"must_not": cover(sources, &|article| !is_selected(article))}}),
        false => json!({"bool": {"should": cover(sources, &is_selected)}}),
    }
}

/// How many articles lie in a folder, and how many of them pass.
#[derive(Default)]
struct FolderCount {
    all: u64,
    passing: u64,
}

/// Clauses that hold exactly the articles that pass.
fn cover(sources: &AllSources, passes: &dyn Fn(u32) -> bool) -> Vec<Value> {
    let catalog = &sources.catalog;
    let paths: Vec<(u32, String)> = (catalog.sources())
        .map(|source| (source, catalog.path(source).to_id().into_owned()))
        .collect();
    let mut counts: HashMap<&str, FolderCount> = HashMap::new();
    for (source, path) in &paths {
        let (mut all, mut passing) = (0, 0);
        for article in catalog.articles_of(*source) {
            all += 1;
            passing += u64::from(passes(article));
        }
        for folder in folders(path) {
            let count = counts.entry(folder).or_default();
            count.all += all;
            count.passing += passing;
        }
    }
    let is_whole = |folder: &&str| {
        let count = counts.get(folder);
        count.is_some_and(|count| count.all > 0 && count.all == count.passing)
    };
    let (mut whole, mut own_sources, mut articles) = (Vec::new(), Vec::new(), Vec::new());
    for (source, path) in &paths {
        if let Some(folder) = folders(path).find(|folder| is_whole(folder)) {
            if whole.last() != Some(&folder) {
                whole.push(folder);
            }
            continue;
        }
        let (owner, own_path) = sources.owned(*source);
        let passing: Vec<u32> = catalog
            .articles_of(*source)
            .filter(|&own| passes(own))
            .collect();
        if passing.is_empty() {
            continue;
        }
        if passing.len() == catalog.articles_of(*source).count() {
            own_sources.push(source_id(owner, &own_path));
            continue;
        }
        let parts = passing
            .into_iter()
            .filter_map(|article| catalog.part(article));
        articles.extend(parts.map(|part| article_id(owner, &own_path, &part)));
    }
    let whole: Vec<String> = whole.into_iter().map(str::to_string).collect();
    [
        ("folders", whole),
        ("source", own_sources),
        ("article", articles),
    ]
    .into_iter()
    .flat_map(|(field, values)| {
        let clauses = values.chunks(MOST_VALUES);
        let clauses = clauses.map(|some| json!({"terms": {field: some}}));
        clauses.collect::<Vec<_>>()
    })
    .collect()
}
