//! Filters as the cluster is asked them: the articles that pass are known, and said by the folders and sources that hold
//! nothing else.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::names::{article_id, source_id};
use super::owned::AllSources;
use super::section_document::{folders, keyword_path};

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

/// What holds exactly the articles that pass.
#[derive(Default)]
struct Cover {
    folders: Vec<String>,
    sources: Vec<String>,
    articles: Vec<String>,
}

/// Clauses that hold exactly the articles that pass.
fn cover(sources: &AllSources, passes: &dyn Fn(u32) -> bool) -> Vec<Value> {
    let catalog = &sources.catalog;
    let paths: Vec<(u32, String)> = (catalog.sources())
        .map(|source| (source, keyword_path(&catalog.path(source)).into_owned()))
        .collect();
    let counts = folder_counts(sources, &paths, passes);
    let is_whole = |folder: &&str| {
        let count = counts.get(folder);
        count.is_some_and(|count| count.all > 0 && count.all == count.passing)
    };
    let mut cover = Cover::default();
    for (source, path) in &paths {
        match folders(path).find(|folder| is_whole(folder)) {
            Some(folder) if cover.folders.last().is_some_and(|last| last == folder) => {}
            Some(folder) => cover.folders.push(folder.to_string()),
            None => cover.add(sources, *source, passes),
        }
    }
    cover.clauses()
}

/// How many articles lie in each folder, and how many of them pass.
fn folder_counts<'p>(
    sources: &AllSources,
    paths: &'p [(u32, String)],
    passes: &dyn Fn(u32) -> bool,
) -> HashMap<&'p str, FolderCount> {
    let mut counts: HashMap<&str, FolderCount> = HashMap::new();
    for (source, path) in paths {
        let (mut all, mut passing) = (0, 0);
        for article in sources.catalog.articles_of(*source) {
            all += 1;
            passing += u64::from(passes(article));
        }
        for folder in folders(path) {
            let count = counts.entry(folder).or_default();
            count.all += all;
            count.passing += passing;
        }
    }
    counts
}

impl Cover {
    /// Adds a source, or those of its articles that pass.
    fn add(&mut self, sources: &AllSources, source: u32, passes: &dyn Fn(u32) -> bool) {
        let catalog = &sources.catalog;
        let (owner, path) = sources.owned(source);
        let articles: Vec<u32> = catalog.articles_of(source).collect();
        let passing: Vec<u32> = articles
            .iter()
            .copied()
            .filter(|&own| passes(own))
            .collect();
        if passing.is_empty() {
            return;
        }
        if passing.len() == articles.len() {
            self.sources.push(source_id(owner, &path));
            return;
        }
        let parts = passing
            .into_iter()
            .filter_map(|article| catalog.part(article));
        let ids = parts.map(|part| article_id(owner, &path, &part));
        self.articles.extend(ids);
    }

    fn clauses(self) -> Vec<Value> {
        let mut clauses = Vec::new();
        for (field, values) in [
            ("folders", self.folders),
            ("source", self.sources),
            ("article", self.articles),
        ] {
            let chunks = values.chunks(MOST_VALUES);
            clauses.extend(chunks.map(|some| json!({"terms": {field: some}})));
        }
        clauses
    }
}
