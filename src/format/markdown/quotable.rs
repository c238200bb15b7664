//! The text blocks of a document, for those who look for quotations in it: what stands in block quotes, and what is code.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::analysis::{BLOCK_END, CELL_END, LINE_BREAK};
use crate::article::{BlockKind, Section};
use crate::format::{Format, ReadArticle, ReadOptions};

/// What a block is that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// A code block.
    Code,
    /// HTML in Markdown; its tags are left out.
    Html,
}

/// A paragraph, heading, list item or table cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotableBlock {
    /// Its text without markup, its lines ended by line feeds.
    pub text: String,
    /// Whether it stands in a block quote.
    pub is_block_quote: bool,
    /// What it is, where it is no text.
    pub hidden: Option<Hidden>,
    /// How many `<blockquote>` and `<q>` begin in its HTML.
    pub html_quotes: usize,
    /// Whether the HTML read so far ends within a tag.
    is_in_tag: bool,
    /// The bytes of `text` that are code.
    code: Vec<Range<usize>>,
    /// From bytes of `text` to bytes of the document: where each run begins in both.
    runs: Vec<(usize, usize)>,
}

impl QuotableBlock {
    /// The byte of the document that the byte `at` of the text was read from.
    #[must_use]
    pub fn source_of(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|&(text, _)| text <= at);
        let (text, source) = self
            .runs
            .get(run.saturating_sub(1))
            .copied()
            .unwrap_or((0, 0));
        source + (at - text.min(at))
    }

    /// Whether the byte `at` of the text is code.
    #[must_use]
    pub fn is_code(&self, at: usize) -> bool {
        let next = self.code.partition_point(|code| code.end <= at);
        self.code.get(next).is_some_and(|code| code.contains(&at))
    }

    /// The bytes of the text that are code.
    #[must_use]
    pub fn code(&self) -> &[Range<usize>] {
        &self.code
    }

    fn push(&mut self, text: &str, source: usize) {
        self.runs.push((self.text.len(), source));
        self.text.push_str(text);
    }
}

/// The blocks of a Markdown document, code blocks and HTML as hidden ones; front matter is left out, and so are GitHub's
/// alerts from the block quotes.
#[must_use]
pub fn markdown_blocks(text: &str) -> Vec<QuotableBlock> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut blocks = Blocks::default();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        blocks.take(event, &range);
    }
    blocks.flush();
    blocks.done
}

#[derive(Default)]
struct Blocks {
    done: Vec<QuotableBlock>,
    open: QuotableBlock,
    /// The block quotes that are open; false for an alert.
    quotes: Vec<bool>,
    /// How many metadata blocks are open.
    metadata: usize,
}

impl Blocks {
    fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(kind)) => {
                self.flush();
                self.quotes.push(kind.is_none());
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.flush();
                self.quotes.pop();
            }
            Event::Start(Tag::MetadataBlock(_)) => {
                self.flush();
                self.metadata += 1;
            }
            Event::End(TagEnd::MetadataBlock(_)) => self.metadata -= 1,
            Event::Start(tag) if is_block(&tag) => {
                self.flush();
                self.open.hidden = match tag {
                    Tag::CodeBlock(_) => Some(Hidden::Code),
                    Tag::HtmlBlock => Some(Hidden::Html),
                    _ => None,
                };
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock,
            ) => self.flush(),
            Event::Html(html) => self.push_html(&html, range.start),
            Event::InlineHtml(tag) => self.open.html_quotes += usize::from(begins_quote(&tag)),
            Event::Text(text) if self.metadata == 0 => self.open.push(&text, range.start),
            Event::Code(text) => {
                let from = self.open.text.len();
                self.open.push(&text, range.start + 1);
                self.open.code.push(from..self.open.text.len());
            }
            Event::SoftBreak | Event::HardBreak => self.open.push("\n", range.start),
            _ => {}
        }
    }

    /// Takes the text of HTML, without its tags.
    fn push_html(&mut self, html: &str, source: usize) {
        let mut is_tag = self.open.is_in_tag;
        for (at, piece) in html.split_inclusive(['<', '>']).scan(0, |at, piece| {
            *at += piece.len();
            Some((*at - piece.len(), piece))
        }) {
            if is_tag {
                self.open.html_quotes += usize::from(begins_quote(piece));
            } else {
                self.open
                    .push(piece.trim_end_matches(['<', '>']), source + at);
            }
            is_tag = piece.ends_with('<') || (is_tag && !piece.ends_with('>'));
        }
        self.open.is_in_tag = is_tag;
    }

    fn flush(&mut self) {
        let block = std::mem::take(&mut self.open);
        if !block.text.trim().is_empty() || block.html_quotes > 0 {
            let is_block_quote = self.quotes.last().copied().unwrap_or(false);
            self.done.push(QuotableBlock {
                is_block_quote,
                ..block
            });
        }
    }
}

/// Whether a tag, with or without its `<`, begins a quotation.
fn begins_quote(tag: &str) -> bool {
    let tag = tag.trim_start_matches('<');
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
    name.is_some_and(|name| {
        ["blockquote", "q"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
    })
}

fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::Item
            | Tag::TableCell
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
    )
}

/// The paragraphs of a plain text; lines that begin with `>` are block quotes.
#[must_use]
pub fn text_blocks(text: &str) -> Vec<QuotableBlock> {
    let mut blocks = Vec::new();
    let mut open = QuotableBlock::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start_matches(['>', ' ', '\t']);
        let is_block_quote = line.trim_start().starts_with('>');
        let source = at + (line.len() - inner.len());
        at += line.len();
        let shown = inner.trim_end();
        if (shown.is_empty() || is_block_quote != open.is_block_quote) && !open.text.is_empty() {
            blocks.push(std::mem::take(&mut open));
        }
        if shown.is_empty() {
            continue;
        }
        if !open.text.is_empty() {
            open.push("\n", source);
        }
        open.is_block_quote = is_block_quote;
        open.push(shown, source);
    }
    if !open.text.is_empty() {
        blocks.push(open);
    }
    blocks
}

/// The blocks of a document of another format, by its reader: what it quotes, and its code as a hidden one. A document that
/// the reader refuses is read as plain text.
#[must_use]
pub fn article_blocks(format: &Format, text: &str) -> Vec<QuotableBlock> {
    let read = format.read_bytes(text.as_bytes().to_vec(), &ReadOptions::default());
    let Ok(ReadArticle { article, .. }) = read else {
        return text_blocks(text);
    };
    let sections = article.sections.iter();
    sections.flat_map(blocks_of_section).collect()
}

fn blocks_of_section(section: &Section) -> Vec<QuotableBlock> {
    let mut blocks = Vec::new();
    let mut from = 0;
    let text = section.text.as_str();
    for part in text.split_inclusive([BLOCK_END, CELL_END]) {
        let range = from..from + part.trim_end_matches([BLOCK_END, CELL_END]).len();
        from += part.len();
        let is_in = |kind: BlockKind| {
            let own = section.blocks.iter().filter(|block| block.kind == kind);
            own.into_iter()
                .any(|block| block.span.start <= range.start && range.end <= block.span.end)
        };
        let mut block = QuotableBlock {
            is_block_quote: is_in(BlockKind::Quotation),
            hidden: is_in(BlockKind::Code).then_some(Hidden::Code),
            ..QuotableBlock::default()
        };
        for run in section.map.runs_within(range.start, range.end) {
            let start = (run.text as usize).max(range.start);
            let place = section.map.place_of(text, start);
            let byte = place.map_or(0, |place| place.byte as usize);
            block.runs.push((start - range.start, byte));
        }
        block.text = text[range].replace(LINE_BREAK, "\n");
        if !block.text.is_empty() {
            blocks.push(block);
        }
    }
    blocks
}

/// The lines of a text that are not blank, a block each.
#[must_use]
pub fn line_blocks(text: &str) -> Vec<QuotableBlock> {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut block = QuotableBlock::default();
        let shown = line.trim();
        block.push(shown, at + (line.len() - line.trim_start().len()));
        at += line.len();
        if !shown.is_empty() {
            blocks.push(block);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(blocks: &[QuotableBlock]) -> Vec<(&str, bool)> {
        blocks
            .iter()
            .map(|b| (b.text.as_str(), b.is_block_quote))
            .collect()
    }

    #[test]
    fn markdown_keeps_quotes_and_leaves_code_out() {
        let text = "---\ntitle: x\n---\n# One\n\nA *b* `\"c\"` d\ne.\n\n> quoted\n> too\n\n```\n\"no\"\n```\n\n> [!NOTE]\n> An alert.\n";
        let blocks = markdown_blocks(text);
        assert_eq!(
            shown(&blocks),
            [
                ("One", false),
                ("A b \"c\" d\ne.", false),
                ("quoted\ntoo", true),
                ("\"no\"\n", false),
                ("An alert.", false)
            ]
        );
        assert_eq!(blocks[3].hidden, Some(Hidden::Code));
        let html =
            markdown_blocks("<blockquote class=\"a b\">\n\"one <b>two</b>\"\n</blockquote>\n");
        assert_eq!(html[0].text.trim(), "\"one two\"");
        assert_eq!(html[0].hidden, Some(Hidden::Html));
        assert_eq!(blocks[1].code, vec![4..7]);
        let too = blocks[2].text.find("too").expect("it");
        assert!(text[blocks[2].source_of(too)..].starts_with("too\n"));
        assert!(text[blocks[1].source_of(2)..].starts_with("b*"));
    }

    #[test]
    fn plain_text_has_paragraphs_and_lines() {
        let text = "One\n  two\n\n> three\n> four\nfive\n";
        let blocks = text_blocks(text);
        assert_eq!(
            shown(&blocks),
            [("One\ntwo", false), ("three\nfour", true), ("five", false)]
        );
        assert!(text[blocks[0].source_of(4)..].starts_with("two"));
        assert!(text[blocks[1].source_of(6)..].starts_with("four"));
        let lines = line_blocks(text);
        assert_eq!(lines.len(), 5);
        assert!(text[lines[1].source_of(0)..].starts_with("two"));
    }
}
