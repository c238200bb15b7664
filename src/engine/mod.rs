//! The engine: keeps sections and finds the ones that match a query.
//!
//! [`Engine`] is the boundary: it takes sections and the query as data, and gives hits with stored text. What it
//! cannot run is a typed error, never an approximation.

pub mod embedded;
mod limits;
pub mod ranking;

pub use limits::{LimitExceeded, QueryLimit, QueryLimits};

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::ranking::Ranking;
use crate::article::{Article, Section};
use crate::catalog::{Catalog, CatalogDraft};
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
    /// No sections of these sources.
    pub without: Vec<StoredPath>,
    /// How many hits at most; `None` for all.
    pub limit: Option<usize>,
    /// Their order.
    pub sort: Sort,
    /// What their scores are made with.
    pub ranking: Ranking,
    /// What the query may take.
    pub limits: QueryLimits,
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

/// How a change is made.
#[derive(Debug, Clone, Default)]
pub struct WriterOptions {
    /// About how many bytes of text are to come.
    pub volume_bytes: u64,
    /// On how many threads; `None` for all cores.
    pub threads: Option<usize>,
    /// How long the end of another's change is waited for.
    pub wait: Wait,
    /// Whether somebody waits for an answer, so that large segments are left for another time.
    pub is_brief: bool,
}

/// How long the end of another process's change is waited for; by default not at all.
#[derive(Clone, Default)]
pub struct Wait {
    /// The longest wait.
    pub at_most: Duration,
    /// Is told whom a wait is for, once it takes a second.
    pub tell: Option<Tell>,
}

/// Is told whom a wait is for.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait")
            .field("at_most", &self.at_most)
            .finish_non_exhaustive()
    }
}

/// The version of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexVersion {
    /// Of the files.
    pub format: u32,
    /// Of what words are made of text.
    pub analysis: u32,
    /// Of the program.
    pub program: String,
}

impl std::fmt::Display for IndexVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "format {}, analysis {} (excerpt {})",
            self.format, self.analysis, self.program
        )
    }
}

/// What reading all of an index found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The files that belong to the index.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The live sections.
    pub sections: u64,
    /// What is wrong; where it is much, the first of it.
    pub faults: Vec<String>,
    /// Files that killed runs left. They do no harm.
    pub strays: u64,
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
    /// Another process is changing the index; it is named where it can be.
    #[error("{0} is refreshing the index")]
    Busy(String),
    /// Another process changed the index since it was opened.
    #[error("another process changed the index meanwhile")]
    Outdated,
    /// The index cannot be written.
    #[error("the index cannot be written: {0}")]
    ReadOnly(String),
    /// The index was made by an older version and has to be built anew.
    #[error("the index is of {found}, this program needs {own}")]
    OlderVersion {
        /// The version of the index.
        found: String,
        /// The version this program makes.
        own: String,
    },
    /// The index was made by a newer version.
    #[error("the index is of {found}, which is newer than this program with {own}")]
    NewerVersion {
        /// The version of the index.
        found: String,
        /// The version this program makes.
        own: String,
    },
    /// The folder holds files of something else.
    #[error("`{0}` is not empty and is no index of excerpt")]
    Foreign(String),
    /// The index is damaged.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The query goes beyond a limit.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
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
    /// [`EngineError::Limit`], and where the index cannot be read.
    fn search(&self, query: &Query, options: &SearchOptions) -> Result<Hits, EngineError>;

    /// The forms that each word of a term stands for, by their text; those of live sections only.
    ///
    /// # Errors
    /// [`EngineError::Limit`], and where the index cannot be read.
    fn forms(&self, term: &Term, limits: QueryLimits) -> Result<Vec<Vec<Form>>, EngineError>;

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

    /// The public id of the index: 32 hexadecimal digits; `None` before its first commit.
    fn id(&self) -> Option<&str>;

    /// The version of the index, and of the program that made its last state.
    fn version(&self) -> IndexVersion;

    /// Begins a change to this state; one at a time.
    ///
    /// # Errors
    /// [`EngineError::Busy`], [`EngineError::Outdated`] and [`EngineError::ReadOnly`] beside the others.
    fn writer(&self, options: &WriterOptions) -> Result<Box<dyn SectionWriter>, EngineError>;

    /// Removes what runs that were killed left, where it can.
    fn tidy(&self);

    /// Reads all files and holds them against their sums.
    ///
    /// # Errors
    /// [`EngineError::Damaged`], and where they cannot be read.
    fn check_sums(&self) -> Result<(), EngineError>;

    /// Reads everything, and holds what belongs together against each other.
    ///
    /// # Errors
    /// Where the index cannot be read; its faults are in the result.
    fn verify(&self) -> Result<Verification, EngineError>;
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
