//! Assertion files: queries, and what their answers must hold.
//!
//! [`read`] reads a file's cases, [`judge`] asks each query and compares, [`REPORTS`] lists how the verdicts are printed.

mod file;
mod judge;
mod report;
mod update;

pub use file::read;
pub use judge::judge;
pub use report::REPORTS;
#[cfg(feature = "cli")]
pub use report::write_junit;
pub use update::{UpdateError, filled};

use std::ops::Range;

use crate::query::{Filter, Mode};
use crate::search::Coverage;

/// A query and what its answer must hold.
#[derive(Debug, Clone)]
pub struct AssertionCase {
    /// Its name; the query where it has none.
    pub name: String,
    /// The assertion file, as it was named.
    pub file: String,
    /// The line of its query in the file, 1-based.
    pub line: usize,
    /// The bytes of its query's value in the file.
    pub query_span: Range<usize>,
    /// Whether it is written in braces, not under `[[case]]`.
    pub is_inline: bool,
    /// Whether it says how many hits are looked at.
    pub says_top: bool,
    /// The query.
    pub query: String,
    /// How the query is read.
    pub mode: Mode,
    /// What is expected.
    pub expected: Expected,
}

/// What an answer must hold; what is `None` or empty is not asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// How many hits there are.
    pub hits: Option<u64>,
    /// How many hits there are at least.
    pub min_hits: Option<u64>,
    /// How many hits there are at most.
    pub max_hits: Option<u64>,
    /// How many hits, from the best, `path`, `heading` and `passage` look at.
    pub top: usize,
    /// A filter on a hit's path.
    pub path: Option<Filter>,
    /// A heading of that hit.
    pub heading: Option<String>,
    /// Text in that hit's section; white space counts as one space.
    pub passage: Option<String>,
    /// A filter on the first hit's path.
    pub first: Option<Filter>,
    /// What that hit's score is above; the first one's where no hit is described.
    pub score_above: Option<f64>,
    /// Filters on paths that have no hit.
    pub absent: Vec<Filter>,
}

/// How many hits are looked at where a case does not say.
pub const DEFAULT_TOP: usize = 10;

impl Expected {
    /// Whether a hit is described.
    #[must_use]
    pub fn describes_hit(&self) -> bool {
        self.path.is_some() || self.heading.is_some() || self.passage.is_some()
    }

    /// Whether nothing is asked for but a hit.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let blank = Expected {
            top: self.top,
            ..Expected::default()
        };
        *self == blank
    }
}

/// What a case turned out to be.
#[derive(Debug, Clone)]
pub struct CaseVerdict {
    /// The case.
    pub case: AssertionCase,
    /// How many hits there were.
    pub matched: u64,
    /// What did not hold.
    pub failures: Vec<Failure>,
    /// Why the query could not be asked.
    pub error: Option<String>,
}

impl CaseVerdict {
    /// Whether the case holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.failures.is_empty() && self.error.is_none()
    }

    /// The command that shows the same hits.
    #[must_use]
    pub fn command(&self) -> String {
        let case = &self.case;
        let mut command = format!("excerpt query{}", case.mode.flags());
        if case.expected.top != DEFAULT_TOP {
            command.push_str(&format!(" -k {}", case.expected.top));
        }
        let quoted = case.query.replace('\'', "'\\''");
        format!("{command} -- '{quoted}'")
    }
}

/// What all cases turned out to be.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The cases, in order.
    pub verdicts: Vec<CaseVerdict>,
    /// What the verdicts rest on.
    pub coverage: Coverage,
}

/// Something that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was expected.
    pub expected: String,
    /// What came.
    pub found: String,
    /// What came nearest.
    pub nearest: Option<String>,
}
