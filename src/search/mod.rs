//! The pipeline of a query: refresh, match, highlight, cite. Command line and other front ends all come through here.

mod access;
mod adding;
mod citation;
#[cfg(feature = "cluster")]
mod cluster_place;
mod deep;
mod explain;
mod found;
mod held_files;
mod index;
mod listing;
mod location;
mod lookup;
#[cfg(not(feature = "cluster"))]
mod no_cluster;
mod open;
mod path_texts;
mod present;
mod reader;
mod rebuild;
mod refreshing;
mod registry;
mod results;
mod source_file;
mod source_lines;
mod spellings;
mod status;
mod suggest;

pub use self::citation::SourceState;
pub use self::explain::facts::{
    Chosen, Clause, ClauseKind, CoverFacts, Explanation, ForeignForm, FormFacts, PairFacts,
    PhraseGap, ScoreFacts, Share, TermFacts, Verdict, WordFacts,
};
pub use self::found::FoundSection;
pub use self::index::Index;
pub use self::listing::SizeAndHash;
pub use self::rebuild::Rebuild;
pub use crate::engine::{citation_of, cited_path, id_of};
pub use access::{Access, IndexOptions};
pub use location::{Location, LocationError};
pub use reader::{Citation, ReadSection, SectionReader, Selection, exact};
pub use refreshing::Refreshed;
pub use results::{
    Coverage, HeadingHighlight, RefreshState, SearchHit, SearchResults, SearchTimes,
    ShownHighlight, ShownPassage, Summary,
};

pub use self::spellings::on_disk;
pub use self::status::{IndexStatus, IndexedFile};
pub use suggest::Suggestion;

use serde::{Deserialize, Serialize};

use crate::engine::{EngineError, Sort};
use crate::query::{Mode, QueryError};
use crate::refresh::IndexError;
use crate::source::{Reason, StoredPath};

/// What is told of each hit; less is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Its article.
    Paths,
    /// Its id too.
    Ids,
    /// Headings, passages and places too, checked against the source.
    #[default]
    Passages,
    /// As [`Detail::Passages`], but in place of the passages each highlight of the text, with its sentence.
    Mentions,
}

/// What is asked of a search beside the query.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchRequest {
    /// How the query is read.
    pub mode: Mode,
    /// Only sections below these paths; empty for all.
    #[serde(
        serialize_with = "path_texts::paths",
        deserialize_with = "path_texts::read_paths"
    )]
    pub within: Vec<StoredPath>,
    /// No sections of these sources.
    #[serde(
        serialize_with = "path_texts::paths",
        deserialize_with = "path_texts::read_paths"
    )]
    pub without: Vec<StoredPath>,
    /// How many hits are returned at most; `None` for all.
    pub limit: Option<usize>,
    /// How many hits are passed over first.
    pub offset: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// Whether the order is reversed; what has no date stays last.
    pub reverse: bool,
    /// What is told of each hit.
    pub detail: Detail,
    /// How many passages a hit shows.
    pub passages: usize,
    /// About how long a passage is, in characters.
    pub width_chars: usize,
    /// Up to how many hits have to be counted; `None` for all. See [`crate::engine::SearchOptions::count_up_to`].
    pub count_up_to: Option<u64>,
}

impl Default for SearchRequest {
    fn default() -> SearchRequest {
        SearchRequest {
            mode: Mode::default(),
            within: Vec::new(),
            without: Vec::new(),
            limit: Some(10),
            offset: 0,
            sort: Sort::Score,
            reverse: false,
            detail: Detail::Passages,
            passages: 2,
            width_chars: 300,
            count_up_to: None,
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
    /// An index that is built anew would lose what it may not read, or what is not there.
    #[error("a rebuild of the index would lose `{path}`, which {}", if *.is_there { "leads out of its base, and which you did not name" } else { "is not there" })]
    RebuildLoses {
        /// The root.
        path: StoredPath,
        /// The index's folder.
        folder: String,
        /// Whether it is there.
        is_there: bool,
    },
    /// The owner of an index on a cluster is another machine's, or what it covers is not what is named.
    #[error(
        "this owner of the index is of `{base}` and covers {}, and this machine has no record of it",
        covered(.roots)
    )]
    OtherOwner {
        /// The folder that its paths are relative to.
        base: String,
        /// What it covers.
        roots: Vec<StoredPath>,
    },
    /// No section has this id.
    #[error("no section `{0}` in the index")]
    NoSuchSection(String),
    /// A file is indexed, but has no such section.
    #[error("`{path}` has no section `#{anchor}`; {}", listed(.nearest, *.sections))]
    NoSuchAnchor {
        /// The file.
        path: String,
        /// What was asked for.
        anchor: String,
        /// The ids of the file's sections, all or those that look most alike.
        nearest: Vec<String>,
        /// How many sections the file has.
        sections: usize,
    },
    /// A file was looked at, but is not indexed.
    #[error("`{path}` is not indexed: {} ({})", .reason.explanation(), .reason.name())]
    Unread {
        /// The file.
        path: String,
        /// Why.
        reason: Reason,
    },
    /// A file is not in the index.
    #[error("`{path}` is not in the index{}", .absence.ending())]
    UnknownFile {
        /// The file.
        path: String,
        /// What is known of it instead.
        absence: Absence,
    },
}

/// Why the index does not know a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// There is no such file.
    Missing,
    /// It is a folder.
    Folder,
    /// It lies outside what the index covers.
    Uncovered,
    /// It lies in a folder that the index covers.
    LeftOut,
}

impl Absence {
    fn ending(self) -> &'static str {
        match self {
            Absence::Missing => ", and there is no such file",
            Absence::Folder => ": it is a folder, and an id is of a section or a file",
            Absence::Uncovered => ", which does not cover its folder",
            Absence::LeftOut => {
                ": its ending, an ignore file or a glob leaves it out, or it is newer"
            }
        }
    }
}

/// What an owner covers, as a part of a message.
fn covered(roots: &[StoredPath]) -> String {
    let name = |root: &StoredPath| match root.to_text() {
        text if text.is_empty() => "`.`".to_string(),
        text => format!("`{text}`"),
    };
    match roots {
        [] => "named files".to_string(),
        roots => roots.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

/// The ids of a file's sections, as the end of a message.
fn listed(ids: &[String], sections: usize) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    let lead = if ids.len() < sections {
        format!("the nearest of its {sections} are")
    } else {
        "it has".to_string()
    };
    format!("{lead} {}", quoted.join(", "))
}
