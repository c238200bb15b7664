//! Markdown: CommonMark with tables, strikethrough, task lists, heading attributes and front matter; and what
//! site generators put into it, which is left out.
//!
//! Source: CommonMark 0.31 and GFM, as `pulldown-cmark` reads them. Its footnotes are off: they are read in more than
//! linear time (pulldown-cmark issue 1076).

pub(super) mod dialect_lines;
pub(super) mod dialects;
pub(super) mod embedded_html;
mod fences;
mod masks;
pub(super) mod quotable;
mod templates;
mod wiki;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use self::embedded_html::{HtmlText, note_end};
use super::builder::Outline;
use super::builder::input::Reading;
use super::builder::text::Gap;
use super::metadata::front_matter;
use super::metadata::head_block::read_head_block;
use crate::article::{Article, BlockKind};

/// Reads a Markdown article.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let source = reading.source;
    let mut outline = Outline::new(reading);
    let head = read_head_block(source.text(), &mut outline.metadata);
    let (shown, holes) = match dialects::find(source.text(), head) {
        Some(found) => (Cow::Owned(found.shown), found.holes),
        None => (Cow::Borrowed(source.text()), Vec::new()),
    };
    outline.leave_out(holes);
    let mut reader = MarkdownReader {
        source: source.text(),
        text: &shown,
        outline,
        front_matter: None,
        html: None,
        in_code: false,
        note_end: 0,
    };
    let mut depth = 0;
    for (event, range) in Parser::new_ext(&shown, options()).into_offset_iter() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if !reading.element(depth) {
            break;
        }
        reader.event(event, range);
    }
    reader.end_html();
    reader.outline.finish()
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

struct MarkdownReader<'a> {
    /// The source's text.
    source: &'a str,
    /// The same, what is no text in it hidden.
    text: &'a str,
    outline: Outline<'a>,
    /// The front matter being read.
    front_matter: Option<(MetadataBlockKind, String)>,
    /// The stretch of an HTML block that has been seen so far.
    html: Option<Range<usize>>,
    in_code: bool,
    /// Where the mark of a note ends that was seen last.
    note_end: usize,
}

impl MarkdownReader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) if range.end <= self.note_end => {}
            Event::Text(text) => self.text_event(&text, range),
            Event::Code(_) => self.outline.verbatim(inside_backticks(self.text, range)),
            Event::Html(_) => self.extend_html(range),
            Event::InlineHtml(_) => {
                self.note_end = note_end(self.text, &range).unwrap_or(self.note_end);
                HtmlText::read_inline(self.text, range, &mut self.outline);
            }
            Event::SoftBreak => self.outline.gap(Gap::Space),
            Event::HardBreak => self.outline.gap(Gap::Line),
            Event::Rule => self.outline.gap(Gap::Block),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let anchor = id.map(|id| id.to_string());
                let anchor = anchor.or_else(|| anchor_below(self.source, range.end));
                self.outline
                    .start_heading(level_number(level), anchor, trimmed(self.text, range));
            }
            Tag::MetadataBlock(kind) => self.front_matter = Some((kind, String::new())),
            Tag::HtmlBlock => self.outline.gap(Gap::Block),
            Tag::CodeBlock(_) => {
                self.outline.gap(Gap::Block);
                self.outline.open_block(BlockKind::Code);
                self.outline.keep_lines(true);
                self.in_code = true;
            }
            Tag::TableCell => self.outline.gap(Gap::Cell),
            other => self.start_block(&other.to_end()),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => self.outline.end_heading(trimmed(self.text, range).end),
            TagEnd::MetadataBlock(_) => self.end_front_matter(),
            TagEnd::HtmlBlock => {
                self.end_html();
                self.outline.gap(Gap::Block);
            }
            TagEnd::CodeBlock => {
                self.outline.close_block(BlockKind::Code);
                self.outline.keep_lines(false);
                self.in_code = false;
                self.outline.gap(Gap::Block);
            }
            TagEnd::TableCell => self.outline.gap(Gap::Cell),
            other => self.end_block(&other),
        }
    }

    fn start_block(&mut self, tag: &TagEnd) {
        if is_block(tag) {
            self.outline.gap(Gap::Block);
        }
        if let Some(kind) = block_kind(tag) {
            self.outline.open_block(kind);
        }
    }

    fn end_block(&mut self, tag: &TagEnd) {
        if let Some(kind) = block_kind(tag) {
            self.outline.close_block(kind);
        }
        if is_block(tag) {
            self.outline.gap(Gap::Block);
        }
    }

    fn text_event(&mut self, text: &str, range: Range<usize>) {
        if let Some((_, front_matter)) = &mut self.front_matter {
            front_matter.push_str(text);
        } else if self.text.get(range.clone()) != Some(text) {
            self.outline.text_as(range, text);
        } else if self.in_code {
            self.outline.verbatim(range);
        } else {
            self.outline.text(range);
        }
    }

    fn end_front_matter(&mut self) {
        let metadata = &mut self.outline.metadata;
        match self.front_matter.take() {
            Some((MetadataBlockKind::YamlStyle, text)) => front_matter::read_yaml(&text, metadata),
            Some((MetadataBlockKind::PlusesStyle, text)) => {
                front_matter::read_toml(&text, metadata);
            }
            None => {}
        }
    }

    fn extend_html(&mut self, range: Range<usize>) {
        match &mut self.html {
            Some(seen) if seen.end == range.start => seen.end = range.end,
            _ => {
                self.end_html();
                self.html = Some(range);
            }
        }
    }

    fn end_html(&mut self) {
        if let Some(range) = self.html.take() {
            HtmlText::read(self.text, range, &mut self.outline);
        }
    }
}

fn block_kind(tag: &TagEnd) -> Option<BlockKind> {
    match tag {
        TagEnd::BlockQuote(_) => Some(BlockKind::Quotation),
        TagEnd::List(_) => Some(BlockKind::List),
        TagEnd::Table => Some(BlockKind::Table),
        _ => None,
    }
}

fn is_block(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
    )
}

fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let len = text[range.clone()].trim_end().len();
    range.start..range.start + len
}

/// The id of an attribute list on the line below a heading that ends at `end`, as kramdown has it.
fn anchor_below(text: &str, end: usize) -> Option<String> {
    let line = text
        .get(end..)?
        .trim_start_matches(['\r', '\n'])
        .lines()
        .next()?;
    let gap = text.get(end..)?.bytes().take_while(|&b| b == b'\n').count();
    // The range of a heading may hold its line end.
    let own = usize::from(text.get(..end)?.ends_with('\n'));
    let inner = line.strip_prefix("{:")?.trim_end().strip_suffix('}')?;
    (gap + own <= 1).then_some(())?;
    let id = inner
        .split_whitespace()
        .find_map(|word| word.strip_prefix('#'));
    id.filter(|id| !id.is_empty()).map(str::to_string)
}

/// The text of a code span without its backticks.
fn inside_backticks(text: &str, range: Range<usize>) -> Range<usize> {
    let raw = &text[range.clone()];
    let ticks = raw.len() - raw.trim_start_matches('`').len();
    if raw.len() < 2 * ticks {
        return range;
    }
    range.start + ticks..range.end - ticks
}

/// The text of all sections, for tests.
#[cfg(test)]
fn text_of(markdown: &str) -> String {
    let article = crate::format::read_str("markdown", markdown);
    crate::format::assert_runs_read_as_their_source(markdown, &article);
    let texts: Vec<_> = article.sections.iter().map(|s| s.text.as_str()).collect();
    texts.join("\n")
}

#[cfg(test)]
mod tests {
    use crate::format::read_str;

    #[test]
    fn a_phrase_runs_through_wraps_emphasis_links_entities_and_escapes() {
        let article = read_str(
            "markdown",
            "# Title\n\nthe **Minsk**\n[agreements](x.html)&nbsp;of `2014`, sol\\*ved &amp; agree&shy;d\n> a quote\n> goes on\n",
        );
        assert_eq!(article.metadata.title.as_deref(), Some("Title"));
        assert_eq!(article.sections.len(), 1);
        assert_eq!(
            article.sections[0].text,
            "the Minsk agreements of 2014, sol*ved & agreed\na quote goes on"
        );
        assert_eq!(article.sections[0].anchor, "top");
    }

    #[test]
    fn headings_make_paths_and_anchors() {
        let article = read_str(
            "markdown",
            "# T\n\nlead\n\n## A\n\n### B {#own}\n\ntext\n\nSetext\n------\n\nx\n\n## A\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n",
        );
        let seen: Vec<_> = article
            .sections
            .iter()
            .map(|s| {
                (
                    s.headings.join(">"),
                    s.anchor.as_str(),
                    s.level,
                    s.heading_line,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (String::new(), "top", 1, None),
                ("A".into(), "a", 2, Some(5)),
                ("A>B".into(), "own", 3, Some(7)),
                ("Setext".into(), "setext", 2, Some(11)),
                ("A".into(), "a-1", 2, Some(16)),
            ]
        );
        assert_eq!(article.sections[4].text, "one\ntwo\na\tb\nc\td");
    }

    #[test]
    fn a_heading_of_too_many_words_is_text_and_such_a_title_is_cut() {
        let long = "é w ".repeat(400);
        let article = read_str(
            "markdown",
            &format!("# {long}\n\n## b\n\nc\n\n### {long}\n\nd\n"),
        );
        let headings: Vec<_> = article
            .sections
            .iter()
            .map(|s| s.headings.concat())
            .collect();
        assert_eq!(headings, ["", "b"]);
        for section in &article.sections {
            assert!(section.text.contains(long.trim_end()), "{}", section.text);
        }
        assert_eq!(article.metadata.title, None);
        let article = read_str("markdown", &format!("---\ntitle: x{long}\n---\n\na\n"));
        let title = article.metadata.title.expect("a title");
        assert!((1_000..=1_024).contains(&title.len()) && long.contains(&title[1..]));
    }

    #[test]
    fn front_matter_is_metadata_and_the_same_first_heading_is_the_title() {
        let article = read_str(
            "markdown",
            "---\ntitle: >\n  The\n  Title\nauthors:\n- Ann\n- Bob\ndate: 2023-11\n---\n\n# The title\n\nText.\n",
        );
        assert_eq!(article.metadata.title.as_deref(), Some("The Title"));
        assert_eq!(article.metadata.date.as_deref(), Some("2023-11"));
        assert_eq!(article.metadata.authors, ["Ann", "Bob"]);
        assert_eq!(article.sections.len(), 1);
        assert!(article.sections[0].headings.is_empty());
        let other = read_str(
            "markdown",
            "+++\ntitle = 'Other'\n+++\n\n# Heading\n\nText.\n",
        );
        assert_eq!(other.sections[0].headings, ["Heading"]);
    }

    #[test]
    fn code_keeps_its_lines_and_html_loses_its_tags() {
        let article = read_str(
            "markdown",
            "```rust\nfn a() {}\n  b();\n```\n\n<div class=x>\nSome <b>bold</b> text\n</div>\n\na<br>b <!-- no -->c\n",
        );
        assert_eq!(
            article.sections[0].text,
            "fn a() {}\x0bb();\nSome bold text\na\x0bb c"
        );
    }

    #[test]
    fn an_attribute_list_below_a_heading_has_its_anchor() {
        let article = read_str(
            "markdown",
            "## A\n{: #a1 .b}\n\nx\n\nB\n---\n{: .c #b1 }\n\n## C\n\n{: #d}\ny\n",
        );
        let anchors: Vec<&str> = article.sections.iter().map(|s| s.anchor.as_str()).collect();
        assert_eq!(anchors, ["a1", "b1", "c"]);
    }

    #[test]
    fn an_article_of_a_title_alone_is_one_empty_section() {
        let article = read_str("markdown", "# Only\n");
        assert_eq!(article.sections.len(), 1);
        assert_eq!(
            (
                article.sections[0].text.as_str(),
                article.sections[0].anchor.as_str()
            ),
            ("", "top")
        );
        assert_eq!(article.sections[0].start.line, 1);
    }
}
