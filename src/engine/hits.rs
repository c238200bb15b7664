//! What is asked of an index, and what it answers.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::limits::QueryLimits;
use super::ranking::Ranking;
use crate::analysis::{marked, unmarked};
use crate::article::Section;
use crate::catalog::ArticleKey;
use crate::source::StoredPath;

/// A section that matches, without its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The score; 0 for a query of filters alone.
    pub score: f64,
    /// Its article.
    pub article: ArticleKey,
    /// The order of the section in its article, 0-based.
    pub order: u32,
    /// Where the engine keeps it.
    pub key: SectionKey,
}

/// Where an engine keeps a section: what the number says is the engine's own. Valid for the snapshot it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionKey(pub u64);

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Best first; ties by path, then by order in the article.
    #[default]
    Score,
    /// By path, then by order in the article.
    Path,
    /// Newest first, without a date last; then by path and order. A coarser date comes behind the finer ones it holds.
    Date,
}

/// What is asked of [`super::Snapshot::search`] beside the query.
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
    /// W of each term of the query, in its order: what it weighs in a score.
    pub weights: Vec<f64>,
    /// Over what the ranking was made, where an engine proposes sections; `None` where it ranks all that match.
    pub proposed: Option<Proposed>,
}

/// Over what a ranking was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proposed {
    /// How many sections were ranked.
    pub candidates: u64,
    /// Whether these were all that match, so that the ranking is exact.
    pub exact_ranking: bool,
    /// Whether a part of the engine did not answer.
    pub partial: bool,
}

/// A form that a query word stands for, as the index holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The folded form; of a part or join its letters.
    pub text: String,
    /// The mark of a part or join of other words ([`crate::analysis::parts`]); `None` for a word.
    pub mark: Option<char>,
    /// Its live df: the number of live sections that hold it, in the field where that is largest.
    pub df: u64,
}

impl Form {
    /// The form that a dictionary holds in so many live sections.
    #[must_use]
    pub fn of(form: &str, df: u64) -> Form {
        let (mark, letters) = unmarked(form).map_or((None, form), |(mark, own)| (Some(mark), own));
        Form {
            text: letters.to_string(),
            mark,
            df,
        }
    }

    /// As texts and dictionaries have it.
    #[must_use]
    pub fn indexed(&self) -> Cow<'_, str> {
        match self.mark {
            Some(mark) => Cow::Owned(marked(mark, &self.text)),
            None => Cow::Borrowed(&self.text),
        }
    }
}

/// A section as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSection {
    /// The order of the section in its article, 0-based.
    pub order: u32,
    /// The section.
    pub section: Section,
}
