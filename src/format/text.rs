//! The formats of text: each source one article.

use std::ops::ControlFlow;

use super::builder::input::Reading;
use super::input::Input;
use super::lost::LostText;
use super::metadata::declared_encoding;
use super::options::ReadOptions;
use super::reader::Reader;
use super::sink::ArticleSink;
use super::weighed::Weighed;
use super::{asciidoc, html, markdown, org, plain, rst};
use crate::analysis::detect_language;
use crate::article::{Article, PartPath, Section};
use crate::source::{Decoded, Encoding, ReadError, Reason};

/// Reads text of one format.
#[derive(Debug)]
pub(super) struct TextReader {
    /// The encoding that a text of it says it is in.
    declared: fn(&[u8]) -> Option<Encoding>,
    parse: fn(&Reading<'_>) -> Article,
    weigh: Option<fn(&Reading<'_>) -> Weighed>,
    lost: Option<fn(&Reading<'_>) -> Vec<LostText>>,
}

/// Plain text.
pub(super) static PLAIN: TextReader = TextReader {
    declared: declared_encoding::of_comment,
    parse: plain::parse,
    weigh: Some(plain::weigh),
    lost: None,
};
/// Plain text without a title or headings of its own: the body of a message.
pub(super) static BODY: TextReader = TextReader {
    declared: declared_encoding::none,
    parse: plain::parse_body,
    weigh: None,
    lost: None,
};
/// Markdown.
pub(super) static MARKDOWN: TextReader = TextReader {
    declared: declared_encoding::none,
    parse: markdown::parse,
    weigh: None,
    lost: None,
};
/// HTML.
pub(super) static HTML: TextReader = TextReader {
    declared: declared_encoding::of_page,
    parse: html::parse,
    weigh: None,
    lost: Some(html::lost),
};
/// AsciiDoc.
pub(super) static ASCIIDOC: TextReader = TextReader {
    declared: declared_encoding::none,
    parse: asciidoc::parse,
    weigh: None,
    lost: None,
};
/// reStructuredText.
pub(super) static RST: TextReader = TextReader {
    declared: declared_encoding::of_comment,
    parse: rst::parse,
    weigh: None,
    lost: None,
};
/// Org.
pub(super) static ORG: TextReader = TextReader {
    declared: declared_encoding::of_comment,
    parse: org::parse,
    weigh: None,
    lost: None,
};

/// The formats that the text of a record may be in, by their names.
static OF_RECORDS: [(&str, &TextReader); 6] = [
    ("text", &PLAIN),
    ("markdown", &MARKDOWN),
    ("html", &HTML),
    ("asciidoc", &ASCIIDOC),
    ("rst", &RST),
    ("org", &ORG),
];

/// The reader of the format called `name`.
pub(super) fn named(name: &str) -> Option<&'static TextReader> {
    let (_, reader) = OF_RECORDS.iter().find(|(known, _)| *known == name)?;
    Some(*reader)
}

/// Whether the text of a record may be in the format called `name`: what [`Feed::format`] takes.
///
/// [`Feed::format`]: super::Feed::format
#[must_use]
pub fn is_text_format(name: &str) -> bool {
    named(name).is_some()
}

/// An article, and what was seen of its encoding on the way.
#[derive(Debug)]
pub struct ReadArticle {
    /// The article.
    pub article: Article,
    /// What its text was in.
    pub encoding: Encoding,
    /// How many sequences of it were invalid, and replaced.
    pub invalid_sequences: u32,
}

impl ReadArticle {
    pub(super) fn of(article: Article, source: &Decoded) -> ReadArticle {
        ReadArticle {
            article,
            encoding: source.encoding(),
            invalid_sequences: source.invalid_sequences(),
        }
    }

    /// Puts the article into a sink.
    pub fn put(self, part: PartPath, sink: &mut dyn ArticleSink) -> ControlFlow<()> {
        sink.decoded(self.encoding, self.invalid_sequences);
        sink.article(part, self.article)
    }
}

impl TextReader {
    /// Decodes and reads a text of this format.
    pub(super) fn read_bytes(
        &self,
        bytes: Vec<u8>,
        options: &ReadOptions,
    ) -> Result<ReadArticle, ReadError> {
        let source = self.decode(bytes, options)?;
        let article = self.article(&source, options, None)?;
        Ok(ReadArticle::of(article, &source))
    }

    /// Decodes a text of this format.
    pub(super) fn decode(
        &self,
        bytes: Vec<u8>,
        options: &ReadOptions,
    ) -> Result<Decoded, ReadError> {
        match options.encoding {
            Some(encoding) => Decoded::read_as(bytes, encoding),
            None => {
                let declared = (self.declared)(&bytes);
                Decoded::read(bytes, declared)
            }
        }
    }

    /// Reads an article, whose title something outside of the text may say. Its language is told from its words where
    /// nothing says it. The text of `source` may be anything; the article has at least one section.
    pub(super) fn article(
        &self,
        source: &Decoded,
        options: &ReadOptions,
        title: Option<&str>,
    ) -> Result<Article, ReadError> {
        options.split.prepare()?;
        let reading = Reading::new(source, options).titled(title);
        let mut article = (self.parse)(&reading);
        if let Some(reason) = reading.breach() {
            return Err(ReadError::new(reason));
        }
        let is_empty = |section: &Section| section.text.is_empty() && section.headings.is_empty();
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

    /// How the lines that may be headings were weighed, where this format weighs them.
    pub(super) fn weigh(&self, source: &Decoded, options: &ReadOptions) -> Option<Weighed> {
        self.weigh
            .map(|weigh| weigh(&Reading::new(source, options)))
    }

    /// What is left out of the article, where this format leaves something out.
    pub(super) fn lost(&self, source: &Decoded, options: &ReadOptions) -> Option<Vec<LostText>> {
        self.lost.map(|lost| lost(&Reading::new(source, options)))
    }
}

impl Reader for TextReader {
    fn read(&self, input: &Input<'_>, sink: &mut dyn ArticleSink) -> Result<(), ReadError> {
        let read = self.read_bytes(input.whole()?, input.options)?;
        let _ = read.put(input.part.clone(), sink);
        Ok(())
    }
}
