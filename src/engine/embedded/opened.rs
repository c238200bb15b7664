//! An opened state of an index: what queries are answered from.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::expand::{expand, largest};
use super::segment::{OpenSegment, key_of, place_of};
use super::snapshot::{State, is_foreign, open_state};
use super::storage::disk::{Disk, Folder};
use super::storage::faults::{seen, storage_error};
use super::storage::names::MANIFEST;
use super::{verify, writer};
use crate::article::PartPath;
use crate::catalog::{
    ArticleKey, CatalogError, IndexTotals, Record, SourceCounts, SourceFilter, SourceKey, SourceRow,
};
use crate::engine::limits::QueryBudget;
use crate::engine::{
    Depth, EngineError, Form, Hits, IndexVersion, QueryLimits, SearchOptions, SectionKey,
    SectionWriter, Snapshot, SourceRows, StoredSection, Verification, WriterOptions,
};
use crate::query::{Filter, Query, Term};
use crate::source::StoredPath;
use crate::source::trust::Users;

/// An opened state of an index in a folder. It stays as it is while others commit.
pub struct EmbeddedSnapshot {
    disk: Arc<dyn Disk>,
    pub(super) state: State,
}

impl std::fmt::Debug for EmbeddedSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedSnapshot")
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

impl EmbeddedSnapshot {
    /// Opens the last committed state. Nothing is written, so that a read-only folder will do.
    ///
    /// # Errors
    /// [`EngineError::Missing`] where there is none, [`EngineError::Foreign`] where the folder is something else's,
    /// those of other versions, and where it cannot be read.
    pub fn open(folder: &Path) -> Result<EmbeddedSnapshot, EngineError> {
        EmbeddedSnapshot::open_for(folder, Users::of_process(None))
    }

    /// As [`EmbeddedSnapshot::open`], for these users.
    ///
    /// # Errors
    /// The same.
    pub fn open_for(folder: &Path, users: Users) -> Result<EmbeddedSnapshot, EngineError> {
        EmbeddedSnapshot::open_on(on_folder(folder, users)?)
    }

    /// As [`EmbeddedSnapshot::open`], on any disk.
    ///
    /// # Errors
    /// The same.
    pub fn open_on(disk: Arc<dyn Disk>) -> Result<EmbeddedSnapshot, EngineError> {
        let state = open_state(&disk)?;
        Ok(EmbeddedSnapshot::with(disk, state))
    }

    /// An empty state, whose first commit makes the index in `folder`, or replaces the one that is there: that stays as
    /// it is until then. The folder is created where it is not there.
    ///
    /// # Errors
    /// Where the folder cannot be made, and [`EngineError::Foreign`] where it is something else's.
    pub fn blank(folder: &Path) -> Result<EmbeddedSnapshot, EngineError> {
        EmbeddedSnapshot::blank_for(folder, Users::of_process(None))
    }

    /// As [`EmbeddedSnapshot::blank`], for these users.
    ///
    /// # Errors
    /// The same.
    pub fn blank_for(folder: &Path, users: Users) -> Result<EmbeddedSnapshot, EngineError> {
        EmbeddedSnapshot::blank_on(on_folder(folder, users)?)
    }

    /// The state, whose first commit gives the index an id of its own: whoever knows the id of the one that is replaced
    /// cannot bring that back under it.
    #[must_use]
    pub fn renamed(mut self) -> EmbeddedSnapshot {
        self.state.is_renamed = true;
        self
    }

    /// As [`EmbeddedSnapshot::blank`], on any disk.
    ///
    /// # Errors
    /// Where the disk cannot be read.
    pub fn blank_on(disk: Arc<dyn Disk>) -> Result<EmbeddedSnapshot, EngineError> {
        if is_foreign(disk.as_ref()) {
            return Err(EngineError::Foreign(format!("{disk:?}")));
        }
        let state = State::blank(seen(disk.as_ref(), MANIFEST)?);
        Ok(EmbeddedSnapshot::with(disk, state))
    }

    fn with(disk: Arc<dyn Disk>, state: State) -> EmbeddedSnapshot {
        EmbeddedSnapshot { disk, state }
    }

    /// What was found of the files, unless they went because there is a newer state.
    fn unless_outdated<T>(&self, found: Result<T, EngineError>) -> Result<T, EngineError> {
        if seen(self.disk.as_ref(), MANIFEST)? == self.state.seen {
            found
        } else {
            Err(EngineError::Outdated)
        }
    }

    /// Reads the state, as deep as is asked, and says what is wrong with it.
    ///
    /// # Errors
    /// [`EngineError::Outdated`] where files went because there is a newer state, and where they cannot be read.
    pub fn verify(&self, depth: Depth) -> Result<Verification, EngineError> {
        self.unless_outdated(match depth {
            Depth::Sums => verify::sums(&self.disk, &self.state),
            Depth::Full => verify::verify(&self.disk, &self.state),
        })
    }

    fn segment(&self, key: SectionKey) -> Result<&OpenSegment, EngineError> {
        self.state
            .segments
            .get(place_of(key).0 as usize)
            .ok_or_else(|| EngineError::Damaged("no such section".into()))
    }
}

pub(super) fn on_folder(folder: &Path, users: Users) -> Result<Arc<dyn Disk>, EngineError> {
    match Folder::open(folder, users) {
        Ok(disk) => Ok(Arc::new(disk)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(EngineError::Missing(folder.display().to_string()))
        }
        Err(error) => Err(storage_error(&error)),
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn settings(&self) -> &str {
        self.state.settings()
    }

    fn id(&self) -> Option<&str> {
        self.state.id()
    }

    fn version(&self) -> IndexVersion {
        self.state.version()
    }

    fn totals(&self) -> Result<IndexTotals, EngineError> {
        self.state.sound(self.state.catalog.totals())
    }

    fn counts(&self, within: &[StoredPath]) -> Result<SourceCounts, EngineError> {
        let manifest = self.state.manifest.as_ref();
        match manifest.and_then(|manifest| manifest.counts) {
            Some(counts) if within.is_empty() => Ok(counts),
            _ => Ok(self.state.sound(self.state.catalog.counts(within))??),
        }
    }

    fn sources<'a>(&'a self, filter: SourceFilter<'a>) -> Result<SourceRows<'a>, EngineError> {
        let rows = self.state.catalog.rows(filter);
        Ok(Box::new(rows.map(|row| row.map_err(EngineError::from))))
    }

    fn source_at(&self, path: &StoredPath) -> Result<Option<SourceRow<'_>>, EngineError> {
        let catalog = &self.state.catalog;
        let row = |source| catalog.row(source).ok_or(CatalogError);
        let found = catalog.find(path).map(row).transpose();
        Ok(self.state.sound(found)??)
    }

    fn articles_of(&self, source: SourceKey) -> Result<Vec<ArticleKey>, EngineError> {
        let articles = self.state.catalog.articles_of(source.0);
        self.state.sound(articles.map(ArticleKey).collect())
    }

    fn article_at(
        &self,
        source: SourceKey,
        part: &PartPath,
    ) -> Result<Option<ArticleKey>, EngineError> {
        let article = self.state.catalog.find_part(source.0, part);
        self.state.sound(article.map(ArticleKey))
    }

    fn articles(&self, keys: &[ArticleKey]) -> Result<Vec<Record>, EngineError> {
        let record = |key: &ArticleKey| Ok(self.state.catalog.record(key.0).ok_or(CatalogError)?);
        let records = keys.iter().map(record).collect();
        self.state.sound(records)?
    }

    fn has_article(&self, filter: &Filter) -> Result<bool, EngineError> {
        let passing = self.state.catalog.select(|facts| filter.passes(facts));
        self.state.sound(passing.contains(&true))
    }

    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError> {
        let search =
            || super::search::search(&self.state.segments, &self.state.catalog, query, options);
        self.state.guard_limited(search)
    }

    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError> {
        let mut budget = QueryBudget::new(limits);
        budget.begin(term);
        let mut forms_of = |word| {
            let (_, forms) = expand(&self.state.segments, term, word, &mut budget)?;
            let forms = forms
                .into_iter()
                .map(|(form, dfs)| Form::of(&String::from_utf8_lossy(&form), largest(&dfs)));
            Ok(forms.collect())
        };
        self.state
            .guard_limited(|| term.words.iter().map(&mut forms_of).collect())
    }

    fn sections(&self, keys: &[SectionKey]) -> Result<Vec<StoredSection>, EngineError> {
        let read = |&key: &SectionKey| {
            let (segment, doc) = (self.segment(key)?, place_of(key).1);
            let stored = self.state.guard(|| segment.stored(doc))?;
            stored.ok_or_else(|| EngineError::Damaged("a stored section cannot be read".into()))
        };
        keys.iter().map(read).collect()
    }

    fn anchor(&self, key: SectionKey) -> Result<String, EngineError> {
        let (segment, doc) = (self.segment(key)?, place_of(key).1);
        let anchor = self.state.guard(|| segment.anchor(doc))?;
        anchor.ok_or_else(|| EngineError::Damaged("a stored section cannot be read".into()))
    }

    fn sections_of_all(
        &self,
        articles: &[ArticleKey],
    ) -> Result<Vec<Vec<SectionKey>>, EngineError> {
        let catalog = &self.state.catalog;
        let sources = articles.iter().filter_map(|own| catalog.source_of(own.0));
        let sources: BTreeSet<u32> = self.state.sound(sources.collect())?;
        let mut found: HashMap<u32, Vec<(u32, SectionKey)>> = HashMap::new();
        found.extend(articles.iter().map(|article| (article.0, Vec::new())));
        for source in sources {
            for (i, segment) in (0..).zip(&self.state.segments) {
                let take = |article, order, doc| {
                    if let Some(own) = found.get_mut(&article) {
                        own.push((order, key_of(i, doc)));
                    }
                };
                self.state.guard(|| segment.each_of(source, take))?;
            }
        }
        found.values_mut().for_each(|own| own.sort_unstable());
        let keys = |article: &ArticleKey| {
            let own = found.get(&article.0).into_iter().flatten();
            own.map(|&(_, key)| key).collect()
        };
        Ok(articles.iter().map(keys).collect())
    }

    fn write(&self, options: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError> {
        Ok(Box::new(writer::EmbeddedWriter::open(
            &self.disk,
            &self.state,
            options,
        )?))
    }

    fn tidy(&self) {
        // What cannot be removed now is so the next time.
        if let Some(manifest) = &self.state.manifest {
            let _ = super::storage::commit::tidy(self.disk.as_ref(), manifest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ArticlePart, CatalogChange, Origin};

    /// Lengths are counted when a section is cut; they have to be the tokens that Tantivy indexed.
    #[test]
    fn counted_lengths_are_the_tokens_indexed() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = EmbeddedSnapshot::blank(folder.path()).expect("an index");
        let text = "# The Title\n\nSome *wo\u{ad}rds*, l'\u{c9}tat; 北京 U.S. 3.14\n\n## A heading\n\n| a | b |\n|---|---|\n| c | |\n\n### Deeper, ـ \n\n- x\n";
        let article = crate::format::read_str("markdown", text);
        let writer = engine.write(&WriterOptions::default()).expect("a writer");
        let source = writer.begin(&StoredPath::from_bytes(b"a.md"), Origin::Walked);
        let added = writer.add(source.expect("a source"), ArticlePart::default(), article);
        added.expect("added");
        writer.commit(CatalogChange::default()).expect("committed");
        let engine = EmbeddedSnapshot::open(folder.path()).expect("the index");
        let tokens = |field: usize| {
            engine
                .state
                .segments
                .iter()
                .map(|s| s.inverted[field].total_num_tokens())
                .sum::<u64>()
        };
        let totals = engine.totals().expect("the totals");
        // The join of the initials is no word.
        let [title, heading, body] = totals.words;
        assert_eq!([0, 1, 2].map(tokens), [title, heading, body + 1]);
        assert!(totals.words.iter().all(|&words| words > 0));
    }
}
