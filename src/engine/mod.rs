//! The engine: keeps sections and finds the ones that match a query.
//!
//! [`Engine`] and [`Snapshot`] are the boundary: they take sections and queries as data, and give hits with stored text.
//! An engine is a place where an index lies or would; a snapshot is one state of it, which stays as it is while others
//! commit. What an engine cannot do is a typed error, never an approximation. [`open`] is all that names one of them. How
//! an engine keeps what is known of sources and articles is its own affair: those above see rows of it.

pub mod embedded;
mod error;
mod hits;
mod limits;
mod open;
#[cfg(feature = "cluster")]
pub mod opensearch;
pub mod ranking;
mod state;
mod stored_section;
mod writing;

pub use self::error::EngineError;
pub use self::hits::{Form, Hit, Hits, Proposed, SearchOptions, SectionKey, Sort, StoredSection};
pub use self::limits::{LimitExceeded, QueryBudget, QueryLimit, QueryLimits};
pub use self::open::{EngineLocation, create_folder, is_index, is_url, manifest_of, open};
pub use self::state::{
    Depth, EngineFeatures, EngineTraffic, IndexOwner, IndexVersion, Recovered, Verification,
};
pub use self::writing::{ArticlePart, CatalogChange, Tell, Wait, WriterOptions};
pub use crate::catalog::{
    ArticleKey, ArticleRecord, IndexTotals, Origin, Outcome, Record, SourceCounts, SourceFilter,
    SourceKey, SourceRecord, SourceRow, citation_of, cited_path, id_of,
};

use std::sync::Arc;

use crate::article::{Article, PartPath};
use crate::query::{Filter, Query, Term};
use crate::source::StoredPath;

/// A place where an index lies, or would. Object-safe and synchronous.
pub trait Engine: Send + Sync {
    /// The last committed state. Nothing is written, so that an index that may only be read will do.
    ///
    /// # Errors
    /// [`EngineError::Missing`] where there is none, [`EngineError::Foreign`] where something else lies there, those of
    /// other versions, and where it cannot be read.
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, EngineError>;

    /// An empty state, whose first commit makes the index, or replaces the one that is there: that stays as it is until
    /// then. Where `is_renamed` is set, the index gets an id of its own: whoever knows the id of the one that is replaced
    /// cannot bring that back under it.
    ///
    /// # Errors
    /// Where the place cannot be made, and [`EngineError::Foreign`] where something else lies there.
    fn blank(&self, is_renamed: bool) -> Result<Arc<dyn Snapshot>, EngineError>;

    /// What can be read of an index that is damaged or of another version.
    ///
    /// # Errors
    /// Where the place cannot be reached.
    fn recover(&self) -> Result<Recovered, EngineError>;

    /// What the engine can do beside what all can.
    fn features(&self) -> EngineFeatures;

    /// The bytes that the index takes.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn size_bytes(&self) -> Result<u64, EngineError>;

    /// Reads the last state, as deep as is asked, and says what is wrong with it.
    ///
    /// # Errors
    /// Where it cannot be read, or is of another version; its faults are in the result.
    fn verify(&self, depth: Depth) -> Result<Verification, EngineError>;

    /// Takes an owner out of an index of several, with all that it has.
    ///
    /// # Errors
    /// [`EngineError::Unsupported`] where an index has one owner alone; where there is none of this name, and where the
    /// index cannot be written.
    fn forget_owner(&self, owner: &str) -> Result<(), EngineError> {
        let _ = owner;
        Err(EngineError::Unsupported(
            "an index in a folder has no owners; remove the folder".into(),
        ))
    }

    /// What was sent and received so far; `None` where nothing leaves this machine.
    fn traffic(&self) -> Option<EngineTraffic> {
        None
    }
}

/// Sources, one after the other.
pub type SourceRows<'a> = Box<dyn Iterator<Item = Result<SourceRow<'a>, EngineError>> + 'a>;

/// A state of an index. It stays as it is while others commit.
pub trait Snapshot: Send + Sync {
    /// The settings that its commit kept, as text.
    fn settings(&self) -> &str;

    /// The public id of the index: 32 hexadecimal digits; `None` before its first commit.
    fn id(&self) -> Option<&str>;

    /// The version of the index, and of the program that made this state.
    fn version(&self) -> IndexVersion;

    /// What the state holds in all.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn totals(&self) -> Result<IndexTotals, EngineError>;

    /// What is known of the sources below these paths, counted; of all where there are none. Of a source that is not
    /// itself within, the parts are counted that are.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn counts(&self, within: &[StoredPath]) -> Result<SourceCounts, EngineError>;

    /// The sources that pass, in the order of their paths.
    ///
    /// # Errors
    /// Where the index cannot be read; each source that cannot.
    fn sources<'a>(&'a self, filter: SourceFilter<'a>) -> Result<SourceRows<'a>, EngineError>;

    /// The source at this path.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn source_at(&self, path: &StoredPath) -> Result<Option<SourceRow<'_>>, EngineError>;

    /// The articles of a source, in their order.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn articles_of(&self, source: SourceKey) -> Result<Vec<ArticleKey>, EngineError>;

    /// The article of a source that is this part of it.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn article_at(
        &self,
        source: SourceKey,
        part: &PartPath,
    ) -> Result<Option<ArticleKey>, EngineError>;

    /// What is known of these articles and their sources, in the order of the keys.
    ///
    /// # Errors
    /// Where the index cannot be read, or has no such article.
    fn articles(&self, keys: &[ArticleKey]) -> Result<Vec<Record>, EngineError>;

    /// Whether an article passes the filter.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn has_article(&self, filter: &Filter) -> Result<bool, EngineError>;

    /// Finds the sections that match, in order.
    ///
    /// # Errors
    /// [`EngineError::Limit`], and where the index cannot be read.
    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError>;

    /// The forms that each word of a term stands for, by their text; those of live sections only.
    ///
    /// # Errors
    /// [`EngineError::Limit`], and where the index cannot be read.
    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError>;

    /// Reads sections, in the order of their keys.
    ///
    /// # Errors
    /// Where the index cannot be read, or holds no such section.
    fn sections(&self, keys: &[SectionKey]) -> Result<Vec<StoredSection>, EngineError>;

    /// Reads a section.
    ///
    /// # Errors
    /// As [`Snapshot::sections`].
    fn section(&self, key: SectionKey) -> Result<StoredSection, EngineError> {
        let missing = || EngineError::Damaged("no such section".into());
        self.sections(&[key])?.pop().ok_or_else(missing)
    }

    /// The anchor of a section: what its id has behind its article's path. An engine that keeps anchors apart reads no
    /// text for one.
    ///
    /// # Errors
    /// As [`Snapshot::sections`].
    fn anchor(&self, key: SectionKey) -> Result<String, EngineError> {
        Ok(self.section(key)?.section.anchor)
    }

    /// The sections of each of these articles, in their order. Those of one source are looked for together.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn sections_of_all(&self, articles: &[ArticleKey])
    -> Result<Vec<Vec<SectionKey>>, EngineError>;

    /// The sections of an article, in their order.
    ///
    /// # Errors
    /// As [`Snapshot::sections_of_all`].
    fn sections_of(&self, article: ArticleKey) -> Result<Vec<SectionKey>, EngineError> {
        Ok(self.sections_of_all(&[article])?.pop().unwrap_or_default())
    }

    /// Begins a change to this state; one at a time.
    ///
    /// # Errors
    /// [`EngineError::Busy`], [`EngineError::Outdated`] where this is not the last state, and [`EngineError::ReadOnly`],
    /// beside the others.
    fn write(&self, options: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError>;

    /// Removes what runs that were killed left, where it can.
    fn tidy(&self);

    /// The part of the state that is read from this machine's files, its paths as they are from their base; `None` where
    /// that is all of it. A refresh changes that part.
    fn own(&self) -> Option<Arc<dyn Snapshot>> {
        None
    }

    /// The path, from this machine's base, of what lies at `path` in the index; `None` for what other machines read.
    fn own_path(&self, path: &StoredPath) -> Option<StoredPath> {
        Some(path.clone())
    }

    /// Where the index has, or would have, what lies at this path from this machine's base.
    fn path_of_own(&self, own: &StoredPath) -> StoredPath {
        own.clone()
    }

    /// Those who write to the index, where several may; empty where it has one owner alone.
    fn owners(&self) -> Vec<IndexOwner> {
        Vec::new()
    }

    /// Whether a commit may give a source that it knows another path, its sections staying as they are.
    fn moves_sources(&self) -> bool {
        true
    }

    /// Whether no change is under way that is partly visible. Where one is, counts may be off.
    fn is_settled(&self) -> bool {
        true
    }
}

/// A change in the making. Dropped without [`SectionWriter::commit`] it leaves the index as it was.
pub trait SectionWriter: Send + Sync {
    /// Begins a source that the index does not know: the key under which its articles are added. The keys of sources
    /// that are begun one after the other rise.
    ///
    /// # Errors
    /// Where the storage failed.
    fn begin(&self, path: &StoredPath, origin: Origin) -> Result<SourceKey, EngineError>;

    /// Adds the sections of an article of this source, behind the articles that were added before.
    ///
    /// # Errors
    /// Where the storage failed.
    fn add(
        &self,
        source: SourceKey,
        part: ArticlePart,
        article: Article,
    ) -> Result<(), EngineError>;

    /// Takes the articles of a source out, those added later excepted. The source stays known.
    ///
    /// # Errors
    /// Where the storage failed.
    fn withdraw(&self, source: SourceKey) -> Result<(), EngineError>;

    /// Takes a source out, with its articles.
    ///
    /// # Errors
    /// Where the storage failed.
    fn remove(&self, source: SourceKey) -> Result<(), EngineError>;

    /// Makes the change visible, whole.
    ///
    /// # Errors
    /// Where the storage failed; the index is then as it was.
    fn commit(self: Box<Self>, change: CatalogChange) -> Result<(), EngineError>;
}
