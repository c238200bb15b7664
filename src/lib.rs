//! `excerpt` finds the passage: articles are broken into sections, kept in an embedded index, and a query brings back
//! ranked passages with exact highlights and citations that open.
//!
//! What the command line does is a call here: see [`Index`]. The default feature `cli` is the program itself; the library
//! without it (`default-features = false`) needs none of its crates.
//!
//! ```
//! use excerpt::{Index, NoProgress, SearchRequest};
//!
//! # let folder = std::env::temp_dir().join(format!("excerpt-lib-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! std::fs::write(folder.join("talks.md"), "# Talks\n\nThe Minsk agreements failed.\n")?;
//!
//! let mut index = Index::of_folder(&folder)?;
//! index.add_folder(".", &NoProgress)?;
//! let results = index.search("\"Minsk agreements\"", &SearchRequest::default())?;
//! assert_eq!(results.hits[0].id, "talks.md#top");
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Layers, from below; imports go down only: [`article`], [`analysis`], [`source`]; [`catalog`], [`format`](mod@format), [`query`];
//! [`engine`], [`highlight`]; [`refresh`]; [`search`]; [`printer`]; the configuration, [`check`], [`eval`], [`quote`];
//! `cli`.

#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, reason = "a panic fails the test")
)]

pub mod analysis;
pub mod article;
pub mod catalog;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod config;
#[allow(
    clippy::indexing_slicing,
    reason = "its postings, tables and scores are the hot paths; 14 a thousand lines"
)]
pub mod engine;
pub mod eval;
#[allow(
    clippy::indexing_slicing,
    reason = "its loops over bytes are hot; 7 a thousand lines"
)]
pub mod format;
pub mod highlight;
pub mod printer;
pub mod query;
pub mod quote;
#[cfg(test)]
mod random_numbers;
pub mod refresh;
#[allow(
    clippy::indexing_slicing,
    reason = "`explain` asks fields by number; 7 a thousand lines"
)]
pub mod search;
pub mod source;

pub use article::{Article, ArticleDate, PartPath, Place, Section};
pub use query::Mode;
pub use refresh::{IndexReport, NoProgress, Progress, RefreshRequest};
pub use search::{
    Index, IndexOptions, Location, Refreshed, SearchHit, SearchRequest, SearchResults,
};
pub use source::StoredPath;
