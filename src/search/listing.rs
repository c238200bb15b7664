//! What is known of the sources of an index, for those who list or choose them.

use std::collections::HashSet;

use super::Index;
use crate::analysis::Language;
use crate::catalog::Outcome;
use crate::query::Filter;
use crate::source::{Reason, StoredPath};

impl Index {
    /// The sources whose sections are in the index, in the order of their paths.
    pub fn indexed_sources(&self) -> impl Iterator<Item = StoredPath> + '_ {
        let catalog = self.catalog();
        let indexed = catalog
            .sources()
            .filter(|&source| catalog.is_indexed(source));
        indexed.map(|source| catalog.path(source))
    }

    /// The sources that are not indexed, with the reason, in the order of their paths.
    pub fn unread_sources(&self) -> impl Iterator<Item = (StoredPath, Reason)> + '_ {
        let catalog = self.catalog();
        catalog
            .sources()
            .filter_map(|source| match catalog.outcome(source)?.0 {
                Outcome::Unread(reason) => Some((catalog.path(source), reason)),
                Outcome::Indexed => None,
            })
    }

    /// Whether the index knows a source at or below a path, or a part of a source that has it.
    #[must_use]
    pub fn knows_below(&self, path: &StoredPath) -> bool {
        // One that is known by this very path needs no look at the others.
        let catalog = self.catalog();
        catalog.find(path).is_some()
            || catalog
                .sources()
                .any(|source| catalog.path(source).is_under(path))
            || self.has_part(path)
    }

    /// Whether the index holds sections of a source at or below a path, or a part of a source that has it.
    #[must_use]
    pub fn holds_below(&self, path: &StoredPath) -> bool {
        let mut indexed = self.indexed_sources();
        indexed.any(|source| source.is_under(path)) || self.has_part(path)
    }

    /// Whether a part of a source has this path.
    fn has_part(&self, path: &StoredPath) -> bool {
        let within = self.catalog().within(std::slice::from_ref(path));
        within.contains(&true)
    }

    /// Whether the index knows a source at this path.
    #[must_use]
    pub fn knows(&self, path: &StoredPath) -> bool {
        self.catalog().find(path).is_some()
    }

    /// The sources whose sizes and hashes are among these, with both, in the order of their paths.
    #[must_use]
    pub fn sources_with(&self, contents: &HashSet<(u64, u128)>) -> Vec<(StoredPath, (u64, u128))> {
        let sizes: HashSet<u64> = contents.iter().map(|&(size, _)| size).collect();
        let catalog = self.catalog();
        // The hash is looked up where the size is one of them.
        let of_size = catalog.sources().filter(|&source| {
            let stat = catalog.stat(source);
            stat.is_some_and(|stat| sizes.contains(&stat.size))
        });
        let records = of_size.filter_map(|source| catalog.source(source));
        let content = |record: crate::catalog::SourceRecord| {
            let content = (record.stat.size, record.hash);
            (record.path, content)
        };
        records
            .map(content)
            .filter(|(_, content)| contents.contains(content))
            .collect()
    }

    /// The languages of the articles, as far as they are known, and how many sections each has.
    #[must_use]
    pub fn languages(&self) -> Vec<(Language, u64)> {
        self.catalog().languages()
    }

    /// Whether an article of the index passes a filter.
    #[must_use]
    pub fn has_article(&self, filter: &Filter) -> bool {
        let passing = self.catalog().select(|facts| filter.passes(facts));
        passing.into_iter().any(|passes| passes)
    }
}
