//! The article: what a reader calls one piece, as plain data.
//!
//! Formats make articles, the index stores their sections, the printers show them. Nothing here reads a file.

mod block;
mod date;
mod facts;
mod map;
mod map_coding;
mod part;
mod places;
mod run;

pub use block::{Block, BlockKind};
pub use date::{ArticleDate, DateError};
pub use facts::FilterFacts;
pub use map::SourceMap;
pub use map_coding::MapError;
pub(crate) use map_coding::{read_text, read_varint, write_text, write_varint};
pub use part::PartPath;
pub use places::Places;
pub use run::{Reads, Run};

use std::borrow::Cow;

use serde::Serialize;

/// A place in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Byte offset in the file, 0-based.
    pub byte: u64,
    /// Line, 1-based.
    pub line: u32,
    /// Column in Unicode scalar values, 1-based.
    pub column: u32,
}

impl Place {
    /// The first character of a file.
    pub const START: Place = Place {
        byte: 0,
        line: 1,
        column: 1,
    };
}

/// What is known of an article beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The title: what the metadata says, else the first top heading, else a heading that the article begins with, else `None`.
    pub title: Option<String>,
    /// The date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the source was.
    pub date: Option<String>,
    /// The authors, each as the source names it; empty where it names none.
    pub authors: Vec<String>,
    /// The language as a BCP 47 tag, in lower case.
    pub lang: Option<String>,
    /// The address the article was published at.
    pub url: Option<String>,
}

impl Metadata {
    /// The authors as one text, joined with `, `; `None` where there are none.
    #[must_use]
    pub fn author(&self) -> Option<String> {
        (!self.authors.is_empty()).then(|| self.authors.join(", "))
    }
}

/// Where a title comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TitleFrom {
    /// What the source says of itself.
    #[default]
    Metadata,
    /// A heading.
    Heading,
    /// A line of text without markup.
    Text,
}

impl TitleFrom {
    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TitleFrom::Metadata => "metadata",
            TitleFrom::Heading => "heading",
            TitleFrom::Text => "text",
        }
    }
}

/// One article, read from one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Title, date, authors, language and address.
    pub metadata: Metadata,
    /// Where the title comes from; of no meaning where there is none.
    pub title_from: TitleFrom,
    /// The sections in the order of the text; never empty.
    pub sections: Vec<Section>,
}

/// The indexed unit: a heading and the text below it, up to the next heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The headings above and of this section, outermost first; the article's title is not one of them.
    pub headings: Vec<String>,
    /// The heading's level, 1 to 6; 1 for a section without a heading.
    pub level: u8,
    /// What identifies the section in its article; unique there.
    pub anchor: String,
    /// The 1-based line of the section's own heading.
    pub heading_line: Option<u32>,
    /// Where the section begins in the source, its heading's line included.
    pub start: Place,
    /// Where the section ends in the source, exclusive.
    pub end: Place,
    /// The text without the heading: white space folded to single spaces, with the separators of
    /// `analysis` between blocks and cells and for kept line breaks.
    pub text: String,
    /// From byte offsets of `text` to places in the source.
    pub map: SourceMap,
    /// What markup sets apart in `text`, in the order in which it begins, the outer before the inner: a list inside a
    /// quotation gives both. Empty where the format cannot tell, and for sections out of an index, which does not
    /// keep them.
    pub blocks: Vec<Block>,
}

impl Section {
    /// The heading path as it is indexed: one heading a block, so that no phrase crosses two of them.
    #[must_use]
    pub fn heading_text(&self) -> Cow<'_, str> {
        match self.headings.as_slice() {
            [only] => Cow::Borrowed(only),
            all => Cow::Owned(all.join("\n")),
        }
    }
}
