//! A state of an index on a cluster: what is known of its sources is held here, its sections are asked for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::json;

use super::expanded::{Expander, KnownCounts, TermForms};
use super::names::{article_id, prefix_of, section_id};
use super::owned::{self, AllSources, OwnedSources};
use super::owners::{OwnerRecord, SeenOwner, own_version};
use super::section_document::ShownDocument;
use super::shared::Shared;
use super::writer::{ClusterWriter, WriteBase};
use crate::analysis::Language;
use crate::article::PartPath;
use crate::catalog::CatalogError;
use crate::engine::limits::QueryBudget;
use crate::engine::{
    ArticleKey, EngineError, Form, Hits, IndexOwner, IndexTotals, IndexVersion, QueryLimits,
    Record, SearchOptions, SectionKey, SectionWriter, Snapshot, SourceCounts, SourceFilter,
    SourceKey, SourceRow, SourceRows, StoredSection, WriterOptions,
};
use crate::query::{Filter, Query, Term};
use crate::source::StoredPath;

/// How many sections are kept to be shown.
const MOST_SHOWN: usize = 10_000;
/// How many sections are fetched at once.
const FETCHED: usize = 500;

/// A state of an index on a cluster.
pub(super) struct ClusterSnapshot {
    pub(super) shared: Arc<Shared>,
    /// The owners whose sections are searched.
    pub(super) owners: Vec<OwnerRecord>,
    /// The document of the owner that this machine is; `None` where it is none yet.
    pub(super) seen: Option<SeenOwner>,
    /// What all owners have.
    pub(super) sources: AllSources,
    /// What this owner has, its paths as they are from its base.
    pub(super) own: OwnedSources,
    /// What all owners have, where `sources` is this owner's part of it.
    pub(super) whole: Option<AllSources>,
    /// The languages that sections are told, `None` for none.
    pub(super) languages: Vec<Option<Language>>,
    /// Whether the next commit replaces what is there, under a new id where the second is set.
    pub(super) replaces: Option<bool>,
    known: KnownCounts,
    /// What is stored of hits that were found lately.
    shown: Mutex<HashMap<SectionKey, StoredSection>>,
}

impl ClusterSnapshot {
    /// A state of these owners, of which `seen` is this machine's.
    pub(super) fn with(
        shared: &Arc<Shared>,
        (owners, seen): (Vec<OwnerRecord>, Option<SeenOwner>),
        sources: AllSources,
        own: OwnedSources,
    ) -> ClusterSnapshot {
        let told = sources
            .catalog
            .languages()
            .into_iter()
            .map(|(own, _)| Some(own));
        ClusterSnapshot {
            languages: told.chain([None]).collect(),
            shared: Arc::clone(shared),
            owners,
            seen,
            sources,
            own,
            whole: None,
            replaces: None,
            known: KnownCounts::default(),
            shown: Mutex::default(),
        }
    }

    /// The state, whose first commit replaces what is there.
    pub(super) fn in_place(mut self, is_renamed: bool) -> ClusterSnapshot {
        self.replaces = Some(is_renamed);
        self
    }

    /// The part of the state that this owner keeps.
    fn own_part(&self) -> ClusterSnapshot {
        let owners = self
            .owners
            .iter()
            .filter(|own| own.owner == self.shared.options.owner);
        let sources = AllSources::of_one(&self.shared.options.owner, &self.own);
        let state = (owners.cloned().collect(), self.seen.clone());
        ClusterSnapshot {
            replaces: self.replaces,
            whole: Some(self.sources.clone()),
            ..ClusterSnapshot::with(&self.shared, state, sources, self.own.clone())
        }
    }

    /// What stands before the paths of this owner.
    fn own_prefix(&self) -> String {
        let own = &self.shared.options.owner;
        let known = self.sources.owners.iter().find(|(owner, _)| owner == own);
        known.map_or_else(|| prefix_of(own), |(_, prefix)| prefix.clone())
    }

    /// The indices of the sections, with commas between them.
    pub(super) fn section_indices(&self) -> String {
        let names = &self.shared.names;
        let all = self.owners.iter().map(|own| names.sections(&own.owner));
        all.collect::<Vec<_>>().join(",")
    }

    pub(super) fn expander<'a>(&'a self, sections: &'a str) -> Expander<'a> {
        Expander {
            cluster: &self.shared.cluster,
            forms: &self.shared.forms,
            sections,
            languages: &self.languages,
            known: &self.known,
            partial: self.shared.options.partial,
            partly: RefCell::default(),
        }
    }

    /// Keeps what is stored of these hits, to be shown.
    pub(super) fn keep_shown(&self, shown: Vec<(SectionKey, StoredSection)>, kept: &[SectionKey]) {
        let mut own = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        // Queries of a batch are answered side by side; each shows its hits soon.
        if own.len() > MOST_SHOWN {
            own.clear();
        }
        let mut all: HashMap<SectionKey, StoredSection> = shown.into_iter().collect();
        own.extend(kept.iter().filter_map(|key| Some((*key, all.remove(key)?))));
    }

    /// The index and the id of a section's document.
    fn document_of(&self, key: SectionKey) -> Result<(String, String), EngineError> {
        let missing = || EngineError::Damaged("no such section".into());
        let (article, order) = ((key.0 >> 32) as u32, key.0 as u32);
        let sources = &self.sources;
        let source = sources.catalog.source_of(article).ok_or_else(missing)?;
        let part = sources.catalog.part(article).ok_or_else(missing)?;
        let (owner, path) = sources.owned(source);
        let article = article_id(owner, &path, &part);
        let id = section_id(&article, sources.facts(source).generation, order);
        Ok((self.shared.names.sections(owner), id))
    }

    fn fetch(&self, keys: &[SectionKey]) -> Result<Vec<StoredSection>, EngineError> {
        let mut documents = Vec::with_capacity(keys.len());
        for key in keys {
            let (index, id) = self.document_of(*key)?;
            documents.push(json!({"_index": index, "_id": id}));
        }
        let got: GotDocuments = self
            .shared
            .cluster
            .ask("/_mget", &json!({"docs": documents}))?;
        let missing = || EngineError::Damaged("a stored section is missing".into());
        let sections = got.docs.into_iter().map(|got| {
            let document = got.source.ok_or_else(missing)?;
            document.shown.section()
        });
        sections.collect()
    }
}

#[derive(Deserialize)]
struct GotDocuments {
    docs: Vec<GotDocument>,
}

#[derive(Deserialize)]
struct GotDocument {
    #[serde(rename = "_source", default)]
    source: Option<ShownDocument>,
}

impl Snapshot for ClusterSnapshot {
    fn settings(&self) -> &str {
        let own = self.seen.as_ref().filter(|_| self.replaces.is_none());
        own.map_or("", |own| &own.record.settings)
    }

    fn id(&self) -> Option<&str> {
        self.owners.first().map(|own| own.id.as_str())
    }

    fn version(&self) -> IndexVersion {
        let own = self.seen.as_ref().filter(|_| self.replaces.is_none());
        own.map_or_else(own_version, |own| own.record.version.clone())
    }

    fn own(&self) -> Option<Arc<dyn Snapshot>> {
        Some(Arc::new(self.own_part()))
    }

    fn own_path(&self, path: &StoredPath) -> Option<StoredPath> {
        if let Some(source) = self.sources.catalog.find(path) {
            let (owner, own) = self.sources.owned(source);
            return (owner == self.shared.options.owner).then_some(own);
        }
        let own = path.as_bytes().strip_prefix(self.own_prefix().as_bytes());
        own.map(StoredPath::from_bytes)
    }

    fn path_of_own(&self, own: &StoredPath) -> StoredPath {
        owned::prefixed(&self.own_prefix(), own)
    }

    fn owners(&self) -> Vec<IndexOwner> {
        let of_one = |own: &OwnerRecord| IndexOwner {
            owner: own.owner.clone(),
            files: own.counts.sources,
            sections: own.counts.sections,
            refreshed: (own.refreshed_ms > 0).then_some(own.refreshed_ms / 1000),
            busy: own.is_open,
        };
        self.owners.iter().map(of_one).collect()
    }

    /// Sections hold the path that they are ordered, found and called by.
    fn moves_sources(&self) -> bool {
        false
    }

    fn is_settled(&self) -> bool {
        self.owners.iter().all(|own| !own.is_open)
    }

    fn totals(&self) -> Result<IndexTotals, EngineError> {
        Ok(self.sources.catalog.totals())
    }

    fn counts(&self, within: &[StoredPath]) -> Result<SourceCounts, EngineError> {
        Ok(self.sources.catalog.counts(within)?)
    }

    fn sources<'a>(&'a self, filter: SourceFilter<'a>) -> Result<SourceRows<'a>, EngineError> {
        let rows = self.sources.catalog.rows(filter);
        Ok(Box::new(rows.map(|row| row.map_err(EngineError::from))))
    }

    fn source_at(&self, path: &StoredPath) -> Result<Option<SourceRow<'_>>, EngineError> {
        let catalog = &self.sources.catalog;
        Ok(catalog.find(path).and_then(|source| catalog.row(source)))
    }

    fn articles_of(&self, source: SourceKey) -> Result<Vec<ArticleKey>, EngineError> {
        let articles = self.sources.catalog.articles_of(source.0);
        Ok(articles.map(ArticleKey).collect())
    }

    fn article_at(
        &self,
        source: SourceKey,
        part: &PartPath,
    ) -> Result<Option<ArticleKey>, EngineError> {
        Ok(self
            .sources
            .catalog
            .find_part(source.0, part)
            .map(ArticleKey))
    }

    fn articles(&self, keys: &[ArticleKey]) -> Result<Vec<Record>, EngineError> {
        let record =
            |key: &ArticleKey| Ok(self.sources.catalog.record(key.0).ok_or(CatalogError)?);
        keys.iter().map(record).collect()
    }

    fn has_article(&self, filter: &Filter) -> Result<bool, EngineError> {
        let passing = self.sources.catalog.select(|facts| filter.passes(facts));
        Ok(passing.contains(&true))
    }

    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError> {
        match self.owners.is_empty() {
            true => Ok(Hits {
                is_counted: true,
                weights: vec![0.0; query.terms().len()],
                ..Hits::default()
            }),
            false => self.find_hits(query, options),
        }
    }

    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError> {
        let mut budget = QueryBudget::new(limits);
        let sections = self.section_indices();
        let term = Term {
            joined: None,
            ..term.clone()
        };
        let found = self.expander(&sections).terms(&[&term], &mut budget)?;
        let words = found.into_iter().flat_map(|TermForms { words, .. }| words);
        let forms = words.map(|word| {
            word.iter()
                .map(|own| Form::of(&own.text, own.df()))
                .collect()
        });
        Ok(forms.collect())
    }

    fn sections(&self, keys: &[SectionKey]) -> Result<Vec<StoredSection>, EngineError> {
        let missing: Vec<SectionKey> = {
            let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            let missing = keys.iter().filter(|key| !shown.contains_key(key));
            missing.copied().collect()
        };
        let mut fetched = HashMap::new();
        for some in missing.chunks(FETCHED) {
            fetched.extend(some.iter().copied().zip(self.fetch(some)?));
        }
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |key: &SectionKey| {
            let own = fetched.get(key).or_else(|| shown.get(key)).cloned();
            own.ok_or_else(|| EngineError::Damaged("a stored section is missing".into()))
        };
        keys.iter().map(one).collect()
    }

    fn sections_of_all(
        &self,
        articles: &[ArticleKey],
    ) -> Result<Vec<Vec<SectionKey>>, EngineError> {
        let of_one = |article: &ArticleKey| {
            let record = self.sources.catalog.article(article.0);
            let key = |order| SectionKey(u64::from(article.0) << 32 | u64::from(order));
            (0..record.map_or(0, |record| record.sections))
                .map(key)
                .collect()
        };
        Ok(articles.iter().map(of_one).collect())
    }

    fn write(&self, options: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError> {
        let base = WriteBase {
            shared: Arc::clone(&self.shared),
            seen: self.seen.clone(),
            own: self.own.clone(),
            whole: self.whole.clone(),
            replaces: self.replaces,
        };
        Ok(Box::new(ClusterWriter::open(&base, options)?))
    }

    fn tidy(&self) {}
}
