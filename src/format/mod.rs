//! Input formats: from a source's bytes to articles.
//!
//! A format is one file or folder and one line in [`FORMATS`]; detection, help and documentation derive from that table.

mod asciidoc;
mod assembled;
mod builder;
mod feed;
mod html;
mod input;
mod line_stream;
mod lines;
mod lost;
mod mail;
mod markdown;
mod metadata;
mod options;
mod org;
mod patterns;
mod plain;
mod read;
mod reader;
mod record_places;
mod relocate;
mod replacements;
mod rst;
mod sink;
mod text;
mod weighed;

use std::path::Path;

use self::text::TextReader;
use crate::article::Article;
use crate::source::{Decoded, ReadError, Reason};

pub use self::input::{Input, InputBytes};
pub use self::lost::{LostReason, LostText};
pub use self::markdown::quotable::{
    Hidden, QuotableBlock, article_blocks, line_blocks, markdown_blocks, text_blocks,
};
pub use self::read::read_articles;
pub use self::reader::Reader;
use self::reader::guarded;
pub use self::sink::ArticleSink;
pub use self::text::{ReadArticle, is_text_format};
pub use options::{Feed, GivenLimits, Limits, ReadOptions, Split};
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
    /// The largest file of it, in bytes, where no limit is given.
    pub max_file_bytes: u64,
    /// Whether its files are read only under a rule, or where they are named: else every log of a folder became articles.
    pub needs_rule: bool,
    reader: ReaderKind,
}

/// How a format's bytes become articles.
#[derive(Debug)]
enum ReaderKind {
    /// As text that is one article.
    Text(&'static TextReader),
    /// By a reader of its own.
    Own(&'static dyn Reader),
}

/// The largest file that is read whole, in bytes.
const WHOLE_BYTES: u64 = 64 << 20;
/// The largest file that is streamed, in bytes.
const STREAMED_BYTES: u64 = 16 << 30;

/// The known formats.
pub static FORMATS: &[Format] = &[
    Format {
        code: 1,
        version: 2,
        name: "text",
        extensions: &["txt", "text"],
        about: "plain text; headings are found by their shape",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::PLAIN),
    },
    Format {
        code: 2,
        version: 2,
        name: "markdown",
        extensions: &["md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"],
        about: "CommonMark with tables, footnotes, definition lists and front matter (YAML, TOML, JSON, MultiMarkdown, Pandoc), and what MDX, Jekyll, Hugo, MkDocs, DocFX, MyST, Quarto and Obsidian add",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::MARKDOWN),
    },
    Format {
        code: 3,
        version: 2,
        name: "html",
        extensions: &["html", "htm", "xhtml"],
        about: "web pages",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::HTML),
    },
    Format {
        code: 4,
        version: 2,
        name: "asciidoc",
        extensions: &["adoc", "asciidoc", "asc"],
        about: "AsciiDoc, without its includes",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::ASCIIDOC),
    },
    Format {
        code: 5,
        version: 2,
        name: "rst",
        extensions: &["rst", "rest"],
        about: "reStructuredText, without what its directives include",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::RST),
    },
    Format {
        code: 6,
        version: 2,
        name: "org",
        extensions: &["org"],
        about: "Org mode's outlines",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Text(&text::ORG),
    },
    Format {
        code: 7,
        version: 2,
        name: "eml",
        extensions: &["eml"],
        about: "a mail message, with its attachments",
        max_file_bytes: WHOLE_BYTES,
        needs_rule: false,
        reader: ReaderKind::Own(&mail::EmlReader),
    },
    Format {
        code: 8,
        version: 2,
        name: "mbox",
        extensions: &["mbox", "mbx"],
        about: "mailboxes; each message is an article",
        max_file_bytes: STREAMED_BYTES,
        needs_rule: false,
        reader: ReaderKind::Own(&mail::MboxReader),
    },
    Format {
        code: 9,
        version: 2,
        name: "jsonl",
        extensions: &["jsonl", "ndjson"],
        about: "a JSON record a line, each an article; read under a rule, or where named",
        max_file_bytes: STREAMED_BYTES,
        needs_rule: true,
        reader: ReaderKind::Own(&feed::JsonlReader),
    },
];

impl Format {
    /// Decodes a source of a format of text.
    ///
    /// # Errors
    /// [`Reason::Binary`] for what is no text, [`Reason::UnknownFormat`] where the format is not one of text.
    pub fn decode(&self, bytes: Vec<u8>, options: &ReadOptions) -> Result<Decoded, ReadError> {
        self.text()?.decode(bytes, options)
    }

    /// Reads a text as an article; its language is told from its words where nothing says it. The text of `source` may be
    /// anything; the article has at least one section.
    ///
    /// # Errors
    /// [`Reason::NoText`] where there is nothing to read; the reason of a limit that was reached; [`Reason::UnknownFormat`]
    /// where the format is not one of text.
    pub fn read(&self, source: &Decoded, options: &ReadOptions) -> Result<Article, ReadError> {
        self.text()?.article(source, options, None)
    }

    /// Decodes and reads a text as an article; a reader that panics is a failure of that text alone.
    ///
    /// # Errors
    /// As [`Format::decode`] and [`Format::read`], and [`Reason::ParserBug`].
    pub fn read_bytes(
        &self,
        bytes: Vec<u8>,
        options: &ReadOptions,
    ) -> Result<ReadArticle, ReadError> {
        let reader = self.text()?;
        guarded(|| reader.read_bytes(bytes, options))
    }

    /// How the lines that may be headings were weighed; `None` where markup or the options tell headings.
    #[must_use]
    pub fn weigh(&self, source: &Decoded, options: &ReadOptions) -> Option<Weighed> {
        let reader = self.text().ok().filter(|_| options.split == Split::Auto)?;
        reader.weigh(source, options)
    }

    /// What of a page's text is in no section of its article, and why; `None` where the format has nothing around its
    /// articles.
    #[must_use]
    pub fn lost(&self, source: &Decoded, options: &ReadOptions) -> Option<Vec<LostText>> {
        self.text().ok()?.lost(source, options)
    }

    /// Whether each of its files is text and one article, read by [`Format::decode`] and [`Format::read`].
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.reader, ReaderKind::Text(_))
    }

    /// The largest file of it that is read, in bytes: a given limit holds for all formats.
    #[must_use]
    pub fn max_bytes(&self, given: GivenLimits) -> u64 {
        given.max_filesize.unwrap_or(self.max_file_bytes)
    }

    /// The format with this [`Format::code`].
    #[must_use]
    pub fn of_code(code: u8) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.code == code)
    }

    fn text(&self) -> Result<&'static TextReader, ReadError> {
        match self.reader {
            ReaderKind::Text(reader) => Ok(reader),
            ReaderKind::Own(_) => Err(ReadError::new(Reason::UnknownFormat)),
        }
    }

    /// What turns its bytes into articles.
    fn reader(&self) -> &'static dyn Reader {
        match self.reader {
            ReaderKind::Text(reader) => reader,
            ReaderKind::Own(reader) => reader,
        }
    }
}

/// The format of a file, by the ending of its name. `None` where none is known, or where files of it are not read without
/// a rule, see [`detect_for`].
#[must_use]
pub fn detect(path: &Path) -> Option<&'static Format> {
    by_ending(path).filter(|format| !format.needs_rule)
}

/// The format of a file that is to be read with `options`: one that is not read without a rule is known where the options
/// have the rule, or say that the file was named.
#[must_use]
pub fn detect_for(path: &Path, options: &ReadOptions) -> Option<&'static Format> {
    let is_wanted = options.named || options.feed.is_some();
    by_ending(path).filter(|format| !format.needs_rule || is_wanted)
}

fn by_ending(path: &Path) -> Option<&'static Format> {
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

/// The heading path, anchor, level and text of each section, for tests.
#[cfg(test)]
pub(crate) fn outline_of(article: &Article) -> Vec<(String, &str, u8, &str)> {
    let sections = article.sections.iter();
    sections
        .map(|section| {
            (
                section.headings.join(">"),
                section.anchor.as_str(),
                section.level,
                section.text.as_str(),
            )
        })
        .collect()
}

/// What a source gives to its sink, for tests.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) articles: Vec<(String, Article)>,
    /// The parts that were passed over, why, and in which line they begin.
    pub(crate) passed_over: Vec<(String, &'static str, Option<u32>)>,
    /// No more articles than these are wanted.
    pub(crate) wanted: Option<usize>,
}

#[cfg(test)]
impl Collected {
    /// The parts that the articles are.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.articles
            .iter()
            .map(|(part, _)| part.as_str())
            .collect()
    }

    /// The same, with their titles.
    pub(crate) fn titles(&self) -> Vec<(&str, Option<&str>)> {
        let articles = self.articles.iter();
        articles
            .map(|(part, article)| (part.as_str(), article.metadata.title.as_deref()))
            .collect()
    }
}

#[cfg(test)]
impl ArticleSink for Collected {
    fn article(
        &mut self,
        part: crate::article::PartPath,
        article: Article,
    ) -> std::ops::ControlFlow<()> {
        self.articles.push((part.to_string(), article));
        match self.wanted == Some(self.articles.len()) {
            true => std::ops::ControlFlow::Break(()),
            false => std::ops::ControlFlow::Continue(()),
        }
    }

    fn inner(
        &mut self,
        _: crate::article::PartPath,
        _: &str,
        _: Vec<u8>,
    ) -> std::ops::ControlFlow<()> {
        unreachable!("what lies inside is opened before")
    }

    fn passed_over(
        &mut self,
        part: crate::article::PartPath,
        reason: Reason,
        at: Option<crate::article::Place>,
    ) {
        let line = at.map(|at| at.line);
        self.passed_over
            .push((part.to_string(), reason.name(), line));
    }
}

/// All that the file called `name` with these bytes holds, and how its reading ended.
#[cfg(test)]
pub(crate) fn read_all(
    name: &str,
    bytes: &[u8],
    options: &ReadOptions,
) -> (Collected, Result<(), ReadError>) {
    let mut sink = Collected::default();
    let path = crate::source::StoredPath::from_bytes(name.as_bytes());
    let format = by_ending(Path::new(name)).expect("a known ending");
    let result = read_articles(format, &path, InputBytes::Held(bytes), options, &mut sink);
    (sink, result)
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
            "\n> a",
            "\n____\na",
            "\n#+begin_quote\n- a",
            "<ul><pre>a",
            "<blockquote>a<h2>b</h2>c",
            "</ul><table>a",
        ];
        for unit in units {
            let text = unit.repeat(60_000 / unit.len());
            for format in FORMATS.iter().filter(|format| format.name != "text") {
                let source = Decoded::from_bytes(text.clone().into_bytes()).expect("text");
                if let Ok(article) = format.read(&source, &ReadOptions::default()) {
                    assert_runs_read_as_their_source(&text, &article);
                }
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
