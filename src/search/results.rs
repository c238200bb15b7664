//! The answer to a query, as plain data for printers and callers.

use std::ops::Range;

use serde::Serialize;

use crate::article::{ArticleDate, PartPath, Place};
use crate::engine::{EngineTraffic, Proposed, cited_path};
use crate::source::StoredPath;

/// A stretch of a passage that satisfied the query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownHighlight {
    /// The text.
    pub text: String,
    /// Where it begins in the source.
    pub start: Place,
    /// Where it ends in the source, exclusive.
    pub end: Place,
    /// Its bytes in the passage's text.
    pub in_text: Range<usize>,
    /// The column of its start as Vim counts, in bytes, 1-based.
    pub byte_column: u64,
}

/// An extract of a section's text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownPassage {
    /// The text, white space folded to single spaces.
    pub text: String,
    /// Where it begins in the source.
    pub start: Place,
    /// Where it ends in the source, exclusive.
    pub end: Place,
    /// What satisfied the query, in order, without overlap.
    pub highlights: Vec<ShownHighlight>,
    /// The column of its start as Vim counts, in bytes, 1-based.
    pub byte_column: u64,
    /// Whether it begins in the middle of a sentence.
    pub cuts_start: bool,
    /// Whether it ends in the middle of a sentence.
    pub cuts_end: bool,
}

/// A stretch of a heading that satisfied the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadingHighlight {
    /// The heading, as an index into the path.
    pub heading: usize,
    /// Its bytes in the heading.
    pub in_text: Range<usize>,
}

/// A section that matches, with what shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchHit {
    /// The place among all hits, 1-based.
    pub rank: usize,
    /// The score, unrounded.
    pub score: f64,
    /// `path#anchor`; empty where no text was asked for.
    pub id: String,
    /// The path of its source.
    #[serde(serialize_with = "super::path_texts::path")]
    pub path: StoredPath,
    /// Whether its source is a file; a text from standard input is none.
    pub is_file: bool,
    /// The part of its source that its article is.
    pub part: PartPath,
    /// Whether its places are those of what was unpacked or decoded from the source.
    pub is_inner: bool,
    /// The article's title.
    pub title: Option<String>,
    /// The headings above and of the section, outermost first.
    pub headings: Vec<String>,
    /// The order in the article, 1-based.
    pub section: u32,
    /// The article's language.
    pub lang: Option<String>,
    /// The article's date.
    pub date: Option<ArticleDate>,
    /// The article's authors, joined with `, `.
    pub author: Option<String>,
    /// The address the article was published at.
    pub url: Option<String>,
    /// Where the section begins in the source.
    pub start: Place,
    /// Where the section ends in the source, exclusive.
    pub end: Place,
    /// What satisfied the query in the title, in bytes of it.
    pub title_highlights: Vec<Range<usize>>,
    /// What satisfied the query in the headings.
    pub heading_highlights: Vec<HeadingHighlight>,
    /// The extracts that show the hit; with [`super::Detail::Mentions`] a sentence for each highlight of its text.
    pub passages: Vec<ShownPassage>,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

/// Whether an answer rests on a look at the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum RefreshState {
    /// The index was brought up to date.
    Done,
    /// No look was wanted.
    Off,
    /// Another process is at it; the last state answered.
    Busy,
    /// The index cannot be written; the last state answered.
    ReadOnly,
    /// Some of what the index covers was not looked at, and is as it was.
    Partial,
}

impl SearchHit {
    /// The path as people open it: that of the source, with the part behind it where places are the part's own.
    #[must_use]
    pub fn cited_path(&self) -> String {
        cited_path(&self.path, &self.part, self.is_inner)
    }

    /// Where a reader begins: at the first highlight, else at the first passage, else at the section.
    #[must_use]
    pub fn place(&self) -> Place {
        let first = self.passages.iter().find_map(|own| own.highlights.first());
        let passage = self.passages.first().map(|passage| passage.start);
        first.map_or(passage.unwrap_or(self.start), |first| first.start)
    }
}

impl ShownPassage {
    /// Its first highlight, else where it begins.
    #[must_use]
    pub fn place(&self) -> Place {
        self.highlights.first().map_or(self.start, |h| h.start)
    }
}

impl RefreshState {
    /// All of them.
    pub const ALL: [RefreshState; 5] = [
        RefreshState::Done,
        RefreshState::Off,
        RefreshState::Busy,
        RefreshState::Partial,
        RefreshState::ReadOnly,
    ];

    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RefreshState::Done => "done",
            RefreshState::Off => "off",
            RefreshState::Busy => "busy",
            RefreshState::ReadOnly => "read-only",
            RefreshState::Partial => "partial",
        }
    }
}

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The files that were searched.
    pub files: u64,
    /// The articles in them.
    pub articles: u64,
    /// The parts of them that were passed over.
    pub parts_passed_over: u64,
    /// The sections that were searched.
    pub sections: u64,
    /// The sources that were skipped.
    pub skipped: u64,
    /// The sources that could not be read.
    pub unreadable: u64,
    /// The files that changed since they were indexed; `None` where nobody looked.
    pub stale: Option<u64>,
    /// Whether the files were looked at.
    pub refresh: RefreshState,
}

/// How many hits there are, and what the answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many sections match in all.
    pub matched: u64,
    /// Whether `matched` is exact, not a lower bound.
    pub matched_exact: bool,
    /// The function words that a section need not hold, in query order.
    pub optional: Vec<String>,
    /// The folder that the paths of the hits are relative to.
    #[serde(serialize_with = "super::path_texts::path")]
    pub base: StoredPath,
    /// What the answer rests on.
    pub coverage: Coverage,
    /// Over what the ranking was made, where not over all that match.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
}

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchResults {
    /// The query as it was written.
    pub query: String,
    /// What a batch calls the query.
    pub query_id: Option<String>,
    /// The hits, in order.
    pub hits: Vec<SearchHit>,
    /// What the answer rests on.
    pub summary: Summary,
    /// How long it took, where that is to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<SearchTimes>,
}

/// How long an answer took, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SearchTimes {
    /// To bring the index up to date.
    pub refresh: f64,
    /// To find the hits, and what is shown of them.
    pub search: f64,
    /// What was sent to other machines and received so far, where the index lies there.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<EngineTraffic>,
}
