//! The pipeline of a query: refresh, match, highlight, cite. Command line and other front ends all come through here.

mod cite;
mod library;
mod location;
mod reader;
mod results;
mod show;

pub use cite::id_of;
pub use library::{FoundSection, Index, Refreshed};
pub use location::{INDEX_FOLDER, Location, LocationError};
pub use reader::{Citation, ReadSection, SectionReader, exact};
pub use results::{
    Coverage, HeadingHighlight, RefreshState, SearchHit, SearchResults, ShownHighlight,
    ShownPassage, Summary,
};

use crate::engine::ranking::Ranking;
use crate::engine::{EngineError, Sort};
use crate::index::IndexError;
use crate::query::{Mode, QueryError};
use crate::source::StoredPath;

/// What is told of each hit; less is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Its article.
    Paths,
    /// Its id too.
    Ids,
    /// Headings, passages and places too, checked against the source.
    #[default]
    Passages,
}

/// What is asked of a search beside the query.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    /// How the query is read.
    pub mode: Mode,
    /// Only sections below these paths; empty for all.
    pub within: Vec<StoredPath>,
    /// How many hits are returned at most; `None` for all.
    pub limit: Option<usize>,
    /// How many hits are passed over first.
    pub offset: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// What scores are made with.
    pub ranking: Ranking,
    /// What is told of each hit.
    pub detail: Detail,
    /// How many passages a hit shows.
    pub passages: usize,
    /// About how long a passage is, in characters.
    pub width_chars: usize,
}

impl Default for SearchRequest {
    fn default() -> SearchRequest {
        SearchRequest {
            mode: Mode::default(),
            within: Vec::new(),
            limit: Some(10),
            offset: 0,
            sort: Sort::Score,
            ranking: Ranking::default(),
            detail: Detail::Passages,
            passages: 2,
            width_chars: 300,
        }
    }
}

/// What can go wrong with an index and its queries.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The refresh failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index could not be found or made.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// No section has this id.
    #[error("no section `{0}` in the index")]
    NoSuchSection(String),
}
