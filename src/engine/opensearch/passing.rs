//! Filters as the cluster is asked them: the articles that pass are known, and said by the folders and sources that hold
//! nothing else.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::mappings::one_of;
use super::names::{article_id, source_id};
use super::owned::AllSources;
use super::section_document::{folders, keyword_path};

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
        let folders = one_of("folders", &self.folders);
        let sources = one_of("source", &self.sources);
        let articles = one_of("article", &self.articles);
        folders.chain(sources).chain(articles).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::article::{Metadata, PartPath};
    use crate::catalog::{Catalog, CatalogDraft};
    use crate::engine::opensearch::owned::OwnedSources;
    use crate::engine::{ArticlePart, Origin, SourceKey};
    use crate::random_numbers::RandomNumbers;
    use crate::source::StoredPath;

    /// Sources with so many articles each; one article alone is all of its source.
    fn sources(all: &[(&str, usize)]) -> AllSources {
        let mut draft = CatalogDraft::default();
        for (path, articles) in all {
            let path = StoredPath::from_bytes(path.as_bytes());
            let source = SourceKey(draft.add(&path, Origin::Walked));
            for article in 0..*articles {
                let whole = PartPath::default();
                let part = ArticlePart {
                    path: match articles {
                        1 => whole,
                        _ => whole.child(&article.to_string()),
                    },
                    is_inner: false,
                };
                let number = draft.reserve_article();
                draft.put_article(number, part.record(source, 1, Metadata::default()));
            }
        }
        let catalog = Catalog::open(Box::new(draft.encode())).expect("a catalog");
        let own = OwnedSources {
            generations: vec![1; catalog.slots() as usize],
            catalog: catalog.into(),
        };
        AllSources::of_one("main", &own)
    }

    /// The articles that clauses hold, as the cluster would find them by their fields.
    fn held(sources: &AllSources, query: &Value) -> BTreeSet<u32> {
        let catalog = &sources.catalog;
        let all = || catalog.sources().flat_map(|own| catalog.articles_of(own));
        let holds = |clauses: &Value, article: u32| {
            let source = catalog.source_of(article).expect("a source");
            let path = catalog.path(source);
            let own_path = keyword_path(&path);
            let part = catalog.part(article).expect("a part");
            let mut values: Vec<String> = folders(&own_path).map(str::to_string).collect();
            values.push(source_id("main", &path));
            values.push(article_id("main", &path, &part));
            let clauses = clauses.as_array().expect("clauses");
            clauses.iter().any(|clause| {
                let terms = clause["terms"].as_object().expect("terms");
                terms
                    .values()
                    .flat_map(|own| own.as_array().expect("values"))
                    .any(|value| {
                        values
                            .iter()
                            .any(|own| own == value.as_str().expect("a text"))
                    })
            })
        };
        match query {
            query if query.get("match_all").is_some() => all().collect(),
            query if query.get("match_none").is_some() => BTreeSet::new(),
            query => match query["bool"].get("should") {
                Some(clauses) => all().filter(|&own| holds(clauses, own)).collect(),
                None => all()
                    .filter(|&own| !holds(&query["bool"]["must_not"], own))
                    .collect(),
            },
        }
    }

    #[test]
    fn exactly_the_articles_that_pass_are_held() {
        let sources = sources(&[
            ("a/b/1.md", 1),
            ("a/b/2.md", 1),
            ("a/c d/3%.md", 1),
            ("a.mbox", 4),
            ("empty.md", 0),
            ("e/f/g/h.mbox", 2),
            ("x.md", 1),
        ]);
        let slots = sources.catalog.article_slots() as usize;
        let mut numbers = RandomNumbers::new();
        for turn in 0..300 {
            let selected: Vec<bool> = (0..slots).map(|_| numbers.below(3) > turn % 3).collect();
            let expected: BTreeSet<u32> = (0..slots as u32)
                .filter(|&own| selected[own as usize])
                .collect();
            let query = passing(&sources, &selected);
            assert_eq!(
                held(&sources, &query),
                expected,
                "seed {}: {query}",
                numbers.seed
            );
        }
    }

    #[test]
    fn a_folder_of_which_all_passes_is_one_value() {
        let sources = sources(&[
            ("a/b/1.md", 1),
            ("a/b/2.md", 1),
            ("c.md", 1),
            ("d.md", 1),
            ("e.md", 1),
        ]);
        let selected: Vec<bool> = vec![true, true, false, false, false];
        let query = passing(&sources, &selected);
        assert_eq!(
            query,
            json!({"bool": {"should": [{"terms": {"folders": ["a"]}}]}})
        );
    }
}
