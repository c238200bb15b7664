//! Input formats: from a source's text to an article.
//!
//! A format is one file and one line in [`FORMATS`]; detection, help and documentation derive from that table.

mod asciidoc;
mod builder;
mod html;
mod lines;
mod markdown;
mod metadata;
mod options;
mod org;
mod patterns;
mod plain;
mod rst;
mod weighed;

use std::path::Path;

use self::builder::input::Reading;
use crate::analysis::detect_language;
use crate::article::Article;
use crate::source::{Decoded, Encoding, ReadError, Reason};

pub use self::markdown::quotable::{
    Hidden, QuotableBlock, line_blocks, markdown_blocks, text_blocks,
};
pub use options::{GivenLimits, Limits, ReadOptions, Split};
pub use patterns::{PatternError, PatternList, Patterns};
pub use weighed::{Weighed, WeighedLine};

/// An input format.
#[derive(Debug)]
pub struct Format {
    /// The number an index keeps it under; never 0, and never that of another format before.
    pub code: u8,
    /// The version of its reader: an index reads files again that another version has read.
    pub version: u16,
    /// Its name in output.
    pub name: &'static str,
    /// The name endings of its files, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// What it is, in a few words.
    pub about: &'static str,
    /// The encoding that a text of it says it is in.
    declared: fn(&[u8]) -> Option<Encoding>,
    parse: fn(&Reading<'_>) -> Article,
    weigh: Option<fn(&Reading<'_>) -> Weighed>,
}

/// The known formats. Their order is the number an index keeps; add new ones at the end.
pub static FORMATS: &[Format] = &[
    Format {
        code: 1,
        version: 1,
        name: "text",
        extensions: &["txt", "text"],
        about: "plain text; headings are found by their shape",
        declared: self::metadata::declared_encoding::of_comment,
        parse: plain::parse,
        weigh: Some(plain::weigh),
    },
    Format {
        code: 2,
        version: 1,
        name: "markdown",
        extensions: &["md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"],
        about: "CommonMark with tables and front matter, and what MDX, Jekyll, Hugo, MkDocs and DocFX add",
        declared: self::metadata::declared_encoding::none,
        parse: markdown::parse,
        weigh: None,
    },
    Format {
        code: 3,
        version: 1,
        name: "html",
        extensions: &["html", "htm", "xhtml"],
        about: "web pages",
        declared: self::metadata::declared_encoding::of_page,
        parse: html::parse,
        weigh: None,
    },
    Format {
        code: 4,
        version: 1,
        name: "asciidoc",
        extensions: &["adoc", "asciidoc", "asc"],
        about: "AsciiDoc, without its includes",
        declared: self::metadata::declared_encoding::none,
        parse: asciidoc::parse,
        weigh: None,
    },
    Format {
        code: 5,
        version: 1,
        name: "rst",
        extensions: &["rst", "rest"],
        about: "reStructuredText, without what its directives include",
        declared: self::metadata::declared_encoding::of_comment,
        parse: rst::parse,
        weigh: None,
    },
    Format {
        code: 6,
        version: 1,
        name: "org",
        extensions: &["org"],
        about: "Org mode's outlines",
        declared: self::metadata::declared_encoding::of_comment,
        parse: org::parse,
        weigh: None,
    },
];

impl Format {
    /// Decodes a source of this format.
    ///
    /// # Errors
    /// [`Reason::Binary`] for what is no text.
    pub fn decode(&self, bytes: Vec<u8>, options: &ReadOptions) -> Result<Decoded, ReadError> {
        match options.encoding {
            Some(encoding) => Decoded::read_as(bytes, encoding),
            None => {
                let declared = (self.declared)(&bytes);
                Decoded::read(bytes, declared)
            }
        }
    }

    /// Reads an article; its language is told from its words where nothing says it. The text of `source` may be anything; the article has at least one section.
    ///
    /// # Errors
    /// [`Reason::NoText`] where there is nothing to read; the reason of a limit that was reached.
    pub fn read(&self, source: &Decoded, options: &ReadOptions) -> Result<Article, ReadError> {
        options.split.prepare()?;
        let reading = Reading::new(source, options);
        let mut article = (self.parse)(&reading);
        if let Some(reason) = reading.breach() {
            return Err(ReadError::new(reason));
        }
        let is_empty = |section: &crate::article::Section| {
            section.text.is_empty() && section.headings.is_empty()
        };
        if article.sections.iter().all(is_empty) && article.metadata.title.is_none() {
            return Err(ReadError::new(Reason::NoText));
        }
        if article.sections.len() as u64 > options.limits.sections {
            return Err(ReadError::new(Reason::LimitSections));
        }
        if article.metadata.lang.is_none() {
            let texts = article.sections.iter().map(|section| section.text.as_str());
            let texts = article.metadata.title.as_deref().into_iter().chain(texts);
            article.metadata.lang = detect_language(texts).map(|lang| lang.tag().to_string());
        }
        Ok(article)
    }

    /// How the lines that may be headings were weighed; `None` where markup or the options tell headings.
    #[must_use]
    pub fn weigh(&self, source: &Decoded, options: &ReadOptions) -> Option<Weighed> {
        let weigh = self.weigh.filter(|_| options.split == Split::Auto)?;
        Some(weigh(&Reading::new(source, options)))
    }

    /// The format with this [`Format::code`].
    #[must_use]
    pub fn of_code(code: u8) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.code == code)
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
    format
        .read(&source, &ReadOptions::default())
        .expect("an article")
}

/// Asserts that every run which says so is the source's bytes.
#[cfg(test)]
pub(crate) fn assert_runs_read_as_their_source(source: &str, article: &Article) {
    for section in &article.sections {
        for run in section
            .map
            .runs()
            .iter()
            .filter(|run| run.reads == crate::article::Reads::Same)
        {
            let read = &source.as_bytes()[run.start.byte as usize..][..run.source_len as usize];
            let text = &section.text.as_bytes()[run.text as usize..][..run.text_len as usize];
            assert_eq!(read, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quadratic time would take minutes here.
    #[test]
    fn markup_without_end_is_read_in_linear_time() {
        let units = [
            "*",
            "**a ",
            "[",
            "[[",
            "[[a][",
            "`",
            "`a",
            "``a",
            ":a:",
            ":a:`",
            "|a",
            "_a",
            "a_",
            "{",
            "{{",
            "{%",
            "{/*",
            "<<",
            "((",
            "link:",
            "link:a[",
            "https:[",
            "<Ab ",
            "<Ab {",
            "\n<Ab \"",
            "[!a",
            "[!a[",
            ":::",
            "\n:::a[",
            "\n!!! a \"",
            "\n* a",
            "\n- a",
            "\n.. a",
            "\n.. a::",
            "\n|a",
            "\n+-",
            "\n+-+\n|a",
            "\n== ==\na",
            "\na\n==",
            "\n[[a",
            "\n|===\n|a",
            "\n----\na",
            "\na::",
            "\n#+begin_src",
            "\n:a:\n",
            "\n[fn:",
            "[fn:",
            "{{{",
            "\\",
            " \n",
            "\n  *",
            "a:",
            "\nimport {",
            "\nexport const =",
            "\n{a",
            "{:.",
            "|a|_",
            "[a]_",
        ];
        for unit in units {
            let text = unit.repeat(60_000 / unit.len());
            for format in FORMATS.iter().filter(|format| format.name != "text") {
                let source = Decoded::from_bytes(text.clone().into_bytes()).expect("text");
                let start = std::time::Instant::now();
                let _ = format.read(&source, &ReadOptions::default());
                let took = start.elapsed().as_secs();
                assert!(took < 10, "{} took {took} s for {unit:?}", format.name);
            }
        }
    }

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
