//! How an article is to be read: limits, its encoding, and where it is cut.

use serde::{Deserialize, Serialize};

use super::patterns::Patterns;
use crate::source::{Encoding, ReadError};

/// How an article is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// How much of it is read.
    pub limits: Limits,
    /// Its encoding, where that is not to be told from its bytes.
    pub encoding: Option<Encoding>,
    /// Where it is cut into sections.
    pub split: Split,
    /// How its records are read, where it is a feed.
    pub feed: Option<Feed>,
    /// Whether it was named, not found in a folder: then it is read also where [`Format::needs_rule`] and no rule is given.
    ///
    /// [`Format::needs_rule`]: super::Format::needs_rule
    pub named: bool,
}

/// Which fields of a record say what: names of fields, with dots for nested ones. What is not given is guessed from the
/// usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// What identifies a record in its source.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Its authors.
    pub author: Option<String>,
    /// The address it was published at.
    pub url: Option<String>,
    /// Its language.
    pub lang: Option<String>,
    /// The format of its text, by the name of a format; plain text where it is not given.
    pub format: Option<String>,
}

/// Bounds on what is read of one source; beyond them it is skipped or fails with a named reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// How deep elements nest.
    pub depth: u64,
    /// How many elements (tags, list items, paragraphs, lines) there are.
    pub elements: u64,
    /// How many sections there are.
    pub sections: u64,
    /// How many steps reading takes. A step is about a byte looked at; a reader in order takes a few for each byte.
    pub steps: u64,
    /// The largest part of a source that holds several articles, in bytes.
    pub part_bytes: u64,
    /// The largest record of a feed, in bytes.
    pub record_bytes: u64,
    /// How many articles a source holds.
    pub articles: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 64 << 20,
            depth: 200_000,
            elements: 10_000_000,
            sections: 50_000,
            steps: 1_000_000_000,
            part_bytes: 64 << 20,
            record_bytes: 16 << 20,
            articles: 1_000_000,
        }
    }
}

/// Limits that someone set; the others are as they are by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GivenLimits {
    /// [`Limits::file_bytes`].
    pub max_filesize: Option<u64>,
    /// [`Limits::depth`].
    pub max_nesting: Option<u64>,
    /// [`Limits::elements`].
    pub max_elements: Option<u64>,
    /// [`Limits::sections`].
    pub max_sections: Option<u64>,
    /// [`Limits::steps`].
    pub max_steps: Option<u64>,
}

impl GivenLimits {
    /// These, and where they say nothing, `others`.
    #[must_use]
    pub fn or(self, others: GivenLimits) -> GivenLimits {
        GivenLimits {
            max_filesize: self.max_filesize.or(others.max_filesize),
            max_nesting: self.max_nesting.or(others.max_nesting),
            max_elements: self.max_elements.or(others.max_elements),
            max_sections: self.max_sections.or(others.max_sections),
            max_steps: self.max_steps.or(others.max_steps),
        }
    }

    /// These, and where they say nothing, the defaults.
    #[must_use]
    pub fn limits(self) -> Limits {
        let default = Limits::default();
        Limits {
            file_bytes: self.max_filesize.unwrap_or(default.file_bytes),
            depth: self.max_nesting.unwrap_or(default.depth),
            elements: self.max_elements.unwrap_or(default.elements),
            sections: self.max_sections.unwrap_or(default.sections),
            steps: self.max_steps.unwrap_or(default.steps),
            ..default
        }
    }
}

/// Where an article is cut into sections.
#[derive(Debug, Clone, Default)]
pub enum Split {
    /// At its headings.
    #[default]
    Auto,
    /// Nowhere.
    Never,
    /// At the lines of plain text, and at the headings of other formats, that match a pattern. In plain text those of
    /// the first pattern are the outermost.
    At(Patterns),
}

impl Split {
    /// Makes the patterns ready, where there are any.
    ///
    /// # Errors
    /// Where they take too much memory.
    pub(super) fn prepare(&self) -> Result<(), ReadError> {
        match self {
            Split::Auto | Split::Never => Ok(()),
            Split::At(patterns) => patterns.prepare(),
        }
    }

    /// The number of the first pattern that `line` matches.
    pub(super) fn pattern_of(&self, line: &str) -> Option<usize> {
        match self {
            Split::Auto | Split::Never => None,
            Split::At(patterns) => patterns.first_of(line),
        }
    }

    /// Whether a heading begins a section.
    pub(super) fn takes(&self, heading: &str) -> bool {
        match self {
            Split::Auto => true,
            Split::Never => false,
            Split::At(_) => self.pattern_of(heading).is_some(),
        }
    }
}

impl PartialEq for Split {
    fn eq(&self, other: &Split) -> bool {
        match (self, other) {
            (Split::Auto, Split::Auto) | (Split::Never, Split::Never) => true,
            (Split::At(a), Split::At(b)) => a.texts() == b.texts(),
            _ => false,
        }
    }
}
