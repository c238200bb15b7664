//! Input formats: from a source's text to an article.
//!
//! A format is one file and one line in [`FORMATS`]; detection, help and documentation derive from that table.

mod buffer;
mod cut;
mod dates;
mod front_matter;
mod headings;
mod html;
mod html_text;
mod lines;
mod markdown;
mod markup;
mod outline;
mod places;
mod plain;
mod slug;

use std::path::Path;

use crate::article::Article;
use crate::source::{Decoded, ReadError, Reason};

/// More sections than this in one article are not indexed.
pub const MAX_SECTIONS: usize = 50_000;

/// An input format.
#[derive(Debug)]
pub struct Format {
    /// Its name in output.
    pub name: &'static str,
    /// The name endings of its files, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// What it is, in a few words.
    pub about: &'static str,
    parse: fn(&Decoded) -> Article,
}

/// The known formats. Their order is the number an index keeps; add new ones at the end.
pub static FORMATS: &[Format] = &[
    Format {
        name: "text",
        extensions: &["txt", "text"],
        about: "plain text; headings are found by their shape",
        parse: plain::parse,
    },
    Format {
        name: "markdown",
        extensions: &["md", "markdown", "mdown", "mkd"],
        about: "CommonMark with tables, YAML or TOML front matter",
        parse: markdown::parse,
    },
    Format {
        name: "html",
        extensions: &["html", "htm", "xhtml"],
        about: "web pages",
        parse: html::parse,
    },
];

impl Format {
    /// Reads an article. The text of `source` may be anything; the article has at least one section.
    ///
    /// # Errors
    /// [`Reason::NoText`] where there is nothing to read, [`Reason::LimitSections`] above [`MAX_SECTIONS`].
    pub fn read(&self, source: &Decoded) -> Result<Article, ReadError> {
        let article = (self.parse)(source);
        let is_empty = |section: &crate::article::Section| {
            section.text.is_empty() && section.headings.is_empty()
        };
        if article.sections.iter().all(is_empty) && article.metadata.title.is_none() {
            return Err(ReadError::new(Reason::NoText));
        }
        if article.sections.len() > MAX_SECTIONS {
            return Err(ReadError::new(Reason::LimitSections));
        }
        Ok(article)
    }

    /// The number an index keeps the format under: its place in [`FORMATS`].
    #[must_use]
    pub fn code(&self) -> u8 {
        FORMATS
            .iter()
            .position(|f| std::ptr::eq(f, self))
            .unwrap_or(0) as u8
    }
}

/// The format of a file, by the ending of its name. `None` where none is known.
#[must_use]
pub fn detect(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?;
    FORMATS.iter().find(|format| {
        format
            .extensions
            .iter()
            .any(|e| e.eq_ignore_ascii_case(extension))
    })
}

#[cfg(test)]
pub(crate) fn read_str(name: &str, text: &str) -> Article {
    let format = FORMATS
        .iter()
        .find(|f| f.name == name)
        .expect("a known format");
    let source = Decoded::from_bytes(text.as_bytes().to_vec()).expect("text");
    format.read(&source).expect("an article")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format_in_any_case() {
        for (name, format) in [
            ("a.TXT", "text"),
            ("b/c.md", "markdown"),
            ("d.XHTML", "html"),
        ] {
            assert_eq!(detect(Path::new(name)).map(|f| f.name), Some(format));
        }
        for name in ["a", "a.pdf", ".txt"] {
            assert!(detect(Path::new(name)).is_none(), "{name}");
        }
    }

    #[test]
    fn no_ending_belongs_to_two_formats() {
        let mut all: Vec<_> = FORMATS.iter().flat_map(|f| f.extensions).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
