//! Text out of HTML: a streaming tokenizer's events, turned into text, blocks and headings.
//!
//! Nothing is kept of the tree but counters, so that time and memory are linear whatever the nesting.

use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::buffer::Gap;
use super::front_matter::iso_date;
use super::outline::Outline;

/// Elements whose content is no text of the article.
static NO_TEXT: [&str; 10] = [
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select",
    "textarea",
];
/// Elements around the article: navigation and forms.
static CHROME: [&str; 5] = ["nav", "aside", "footer", "button", "dialog"];
/// Elements that begin and end a block.
static BLOCKS: [&str; 35] = [
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Reads one stretch of HTML into an outline.
pub(super) struct HtmlText<'a, 'o> {
    text: &'a str,
    base: usize,
    outline: &'o mut Outline<'a>,
    /// Whether navigation and forms are left out.
    skip_chrome: bool,
    /// The element whose content is left out, and how many of its name are open.
    skipped: Option<(Vec<u8>, u32)>,
    tag: Tag,
    attribute: Vec<u8>,
    in_title: bool,
    title: String,
    preformatted: u32,
}

/// The start tag being read.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    start: usize,
    id: Option<String>,
    key: Option<String>,
    content: Option<String>,
    lang: Option<String>,
    rel: Option<String>,
    href: Option<String>,
}

impl<'a, 'o> HtmlText<'a, 'o> {
    /// Adds the HTML at `range` of `text` to `outline`, all of it.
    pub(super) fn read(text: &'a str, range: Range<usize>, outline: &'o mut Outline<'a>) {
        HtmlText::new(text, range.start, outline, false).run(&text[range]);
    }

    /// Reads a page. Returns the content of `<title>`, and whether an element that is left out was never closed.
    pub(super) fn read_page(
        text: &'a str,
        outline: &'o mut Outline<'a>,
        skip_chrome: bool,
    ) -> (String, bool) {
        let done = HtmlText::new(text, 0, outline, skip_chrome).run(text);
        let unclosed = done.skipped.is_some_and(|(name, _)| is_in(&CHROME, &name));
        (done.title, unclosed)
    }

    fn new(
        text: &'a str,
        base: usize,
        outline: &'o mut Outline<'a>,
        skip_chrome: bool,
    ) -> HtmlText<'a, 'o> {
        HtmlText {
            text,
            base,
            outline,
            skip_chrome,
            skipped: None,
            tag: Tag::default(),
            attribute: Vec::new(),
            in_title: false,
            title: String::new(),
            preformatted: 0,
        }
    }

    fn run(mut self, html: &str) -> HtmlText<'a, 'o> {
        let mut emitter = CallbackEmitter::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
                self.event(&event, span);
                None
            },
        );
        emitter.naively_switch_states(true);
        // A string cannot fail to be read, and the callback gives no tokens.
        for _ in Tokenizer::new_with_emitter(html, emitter) {}
        self
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag {
                    name: name.to_vec(),
                    start: self.base + span.start,
                    ..Tag::default()
                };
            }
            CallbackEvent::AttributeName { name } => self.attribute = name.to_vec(),
            CallbackEvent::AttributeValue { value } => self.set_attribute(value),
            CallbackEvent::CloseStartTag { self_closing } => self.start_tag(*self_closing),
            CallbackEvent::EndTag { name } => self.end_tag(name, self.base + span.end),
            CallbackEvent::String { .. } => {
                self.string(self.base + span.start..self.base + span.end);
            }
            _ => {}
        }
    }

    fn set_attribute(&mut self, value: &[u8]) {
        let text = || Some(String::from_utf8_lossy(value).trim().to_string());
        match self.attribute.as_slice() {
            b"id" => self.tag.id = text(),
            b"name" | b"property" => self.tag.key = text(),
            b"content" => self.tag.content = text(),
            b"lang" | b"xml:lang" => self.tag.lang = text(),
            b"rel" => self.tag.rel = text(),
            b"href" => self.tag.href = text(),
            _ => {}
        }
    }

    fn start_tag(&mut self, self_closing: bool) {
        let tag = std::mem::take(&mut self.tag);
        let name = tag.name.as_slice();
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += u32::from(skipped.as_slice() == name && !self_closing);
            return;
        }
        if is_in(&NO_TEXT, name) || (self.skip_chrome && is_in(&CHROME, name)) {
            self.outline.gap(Gap::Block);
            self.skipped = (!self_closing).then(|| (name.to_vec(), 1));
            return;
        }
        match name {
            b"html" | b"meta" | b"link" => self.metadata(&tag),
            b"title" => self.in_title = true,
            b"br" => self.outline.gap(Gap::Line),
            b"td" | b"th" => self.outline.gap(Gap::Cell),
            [b'h', level @ b'1'..=b'6'] => {
                self.outline
                    .start_heading(level - b'0', tag.id, tag.start..tag.start);
            }
            _ if is_in(&BLOCKS, name) => self.start_block(&tag),
            _ => {}
        }
    }

    fn start_block(&mut self, tag: &Tag) {
        let ends_heading = matches!(
            tag.name.as_slice(),
            b"p" | b"table" | b"ul" | b"ol" | b"section" | b"article"
        );
        if ends_heading && self.outline.in_heading() {
            self.outline.end_heading(tag.start);
        }
        if tag.name == b"pre" {
            self.preformatted += 1;
            self.outline.keep_lines(true);
        }
        self.outline.gap(Gap::Block);
    }

    fn end_tag(&mut self, name: &[u8], end: usize) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= u32::from(skipped.as_slice() == name);
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        match name {
            b"title" => self.in_title = false,
            b"td" | b"th" => self.outline.gap(Gap::Cell),
            [b'h', b'1'..=b'6'] => self.outline.end_heading(end),
            b"pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.outline.keep_lines(self.preformatted > 0);
                self.outline.gap(Gap::Block);
            }
            _ if is_in(&BLOCKS, name) => self.outline.gap(Gap::Block),
            _ => {}
        }
    }

    fn metadata(&mut self, tag: &Tag) {
        let metadata = &mut self.outline.metadata;
        if let Some(lang) = tag.lang.as_ref().filter(|_| tag.name == b"html") {
            metadata.lang = Some(lang.to_ascii_lowercase());
        }
        if tag.rel.as_deref() == Some("canonical") {
            metadata.url = tag.href.clone();
        }
        let (Some(key), Some(content)) = (&tag.key, &tag.content) else {
            return;
        };
        let content = htmlize::unescape(content.as_str()).into_owned();
        match key.to_ascii_lowercase().as_str() {
            "author" | "article:author" if !content.contains("://") => {
                metadata.author = Some(content);
            }
            "date" | "article:published_time" | "dc.date" => {
                metadata.date = iso_date(&content).or(metadata.date.take());
            }
            _ => {}
        }
    }

    fn string(&mut self, range: Range<usize>) {
        if self.skipped.is_some() {
            return;
        }
        let Some(raw) = self.text.get(range.clone()) else {
            return;
        };
        if self.in_title {
            self.title.push_str(&htmlize::unescape(raw));
            return;
        }
        let mut from = range.start;
        for amp in memchr::memchr_iter(b'&', raw.as_bytes()).map(|at| range.start + at) {
            if amp < from {
                continue;
            }
            let Some((len, decoded)) = entity(&self.text[amp..range.end]) else {
                continue;
            };
            self.outline.text(from..amp);
            self.outline.text_as(amp..amp + len, &decoded);
            from = amp + len;
        }
        self.outline.text(from..range.end);
    }
}

/// The character reference at the front of `text`: its length and what it stands for.
fn entity(text: &str) -> Option<(usize, String)> {
    const MAX_LEN: usize = 40;
    let body = text
        .bytes()
        .skip(1)
        .take(MAX_LEN)
        .take_while(|&b| b.is_ascii_alphanumeric() || b == b'#')
        .count();
    let ends_well = text.as_bytes().get(1 + body) == Some(&b';');
    let len = 1 + body + usize::from(ends_well);
    let raw = &text[..len];
    let decoded = htmlize::unescape(raw);
    (decoded != raw).then(|| (len, decoded.into_owned()))
}

fn is_in(table: &[&str], name: &[u8]) -> bool {
    table.iter().any(|entry| entry.as_bytes() == name)
}
