//! The engine: keeps sections and finds the ones that match a query.
//!
//! [`Engine`] is the boundary: it takes sections and the query as data, and gives hits with stored text. What it
//! cannot run is a typed error, never an approximation.

mod catalog;
mod draft;
pub mod embedded;
pub mod ranking;

pub use catalog::{Catalog, CatalogError, Origin, Outcome, Record};
pub use draft::CatalogDraft;

use std::sync::Arc;

use self::ranking::Ranking;
use crate::article::{Article, Section};
use crate::query::{Query, Term};
use crate::source::StoredPath;

/// A section that matches, without its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The score; 0 for a query of filters alone.
    pub score: f64,
    /// The number of its source in the catalog.
    pub source: u32,
    /// The order of the section in its article, 0-based.
    pub order: u32,
    /// Where the engine keeps it.
    pub key: SectionKey,
}

/// Where an engine keeps a section; valid for the opened state it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionKey {
    /// The segment.
    pub segment: u32,
    /// The document in it.
    pub doc: u32,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first; ties by path, then by order in the article.
    #[default]
    Score,
    /// By path, then by order in the article.
    Path,
    /// Newest first, without a date last; then by path and order. A coarser date comes behind the finer ones it holds.
    Date,
}

/// What is asked of [`Engine::search`] beside the query.
#[derive(Debug, Clone, Default)]
pub struct SearchOptions {
    /// Only sections of sources that are, or lie below, one of these; empty for all.
    pub within: Vec<StoredPath>,
    /// How many hits at most; `None` for all.
    pub limit: Option<usize>,
    /// Their order.
    pub sort: Sort,
    /// What their scores are made with.
    pub ranking: Ranking,
    /// Up to how many hits have to be counted, `None` for all: finding the best ones alone is faster. Where `limit` is
    /// more, or all words are wanted, all are counted.
    pub count_up_to: Option<u64>,
}

/// The hits of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    /// The first hits, in order.
    pub hits: Vec<Hit>,
    /// How many hits there are in all; where they were not counted, as many as had to be, and there are more.
    pub matched: u64,
    /// Whether all were counted.
    pub is_counted: bool,
}

/// A form that a query word stands for, as the index holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The folded form.
    pub text: String,
    /// Its live df: the number of live sections that hold it, in the field where that is largest.
    pub df: u64,
}

/// A section as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSection {
    /// The order of the section in its article, 0-based.
    pub order: u32,
    /// The section.
    pub section: Section,
}

/// What an engine cannot do, and why.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no index.
    #[error("there is no index in `{0}`")]
    Missing(String),
    /// Another process is changing the index.
    #[error("another process is refreshing the index")]
    Busy,
    /// The index cannot be written.
    #[error("the index cannot be written: {0}")]
    ReadOnly(String),
    /// The index was made by another version and has to be built anew.
    #[error("the index has format {found}, this program needs {needed}")]
    OtherVersion {
        /// The version of the index.
        found: String,
        /// The version this program makes.
        needed: String,
        /// What the index covered, as [`Engine::settings`] gave it.
        settings: Option<String>,
    },
    /// The index is damaged.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The storage failed.
    #[error("the index could not be read or written: {0}")]
    Storage(String),
}

/// Keeps sections and answers queries. Object-safe and synchronous.
pub trait Engine: Send + Sync {
    /// What is known of each source, in the state that was opened.
    fn catalog(&self) -> &Arc<Catalog>;

    /// The settings that the last commit kept, as text.
    fn settings(&self) -> &str;

    /// Finds the sections that match, in order.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError>;

    /// The forms that each word of a term stands for, by their text; those of live sections only.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn forms(&self, term: &Term) -> Result<Vec<Vec<Form>>, EngineError>;

    /// Reads a section.
    ///
    /// # Errors
    /// Where the index cannot be read, or holds no such section.
    fn section(&self, key: SectionKey) -> Result<StoredSection, EngineError>;

    /// The sections of a source, in their order.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn sections_of(&self, source: u32) -> Result<Vec<SectionKey>, EngineError>;

    /// The bytes that the index takes on disk.
    ///
    /// # Errors
    /// Where its folder cannot be read.
    fn size_bytes(&self) -> Result<u64, EngineError>;

    /// Begins a change; one at a time. `volume_bytes` is about how much text is to come.
    ///
    /// # Errors
    /// [`EngineError::Busy`] and [`EngineError::ReadOnly`] beside the others.
    fn writer(&self, volume_bytes: u64) -> Result<Box<dyn SectionWriter>, EngineError>;
}

/// A change in the making. Dropped without [`SectionWriter::commit`] it leaves the index as it was.
pub trait SectionWriter: Send + Sync {
    /// Removes the sections of a source, those added later excepted.
    ///
    /// # Errors
    /// Where the storage failed.
    fn remove(&self, source: u32) -> Result<(), EngineError>;

    /// Adds an article's sections and returns the words of its fields, each summed over the sections.
    ///
    /// # Errors
    /// Where the storage failed.
    fn add(&self, source: u32, article: Article) -> Result<[u64; 3], EngineError>;

    /// Makes the change visible, whole, with this catalog and these settings.
    ///
    /// # Errors
    /// Where the storage failed; the index is then as it was.
    fn commit(self: Box<Self>, catalog: &CatalogDraft, settings: &str) -> Result<(), EngineError>;
}
