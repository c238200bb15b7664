//! What HTML elements mean for the text: blocks, cells, headings, line breaks, character references.
//!
//! Both readers of HTML, that of pages and that of stretches inside Markdown, write through this.

use std::ops::Range;

use super::buffer::Gap;
use super::html::Element;
use super::outline::Outline;

/// Writes elements and text into an outline.
pub(super) struct Markup<'a, 'o> {
    text: &'a str,
    pub(super) outline: &'o mut Outline<'a>,
    preformatted: u32,
}

impl<'a, 'o> Markup<'a, 'o> {
    pub(super) fn new(text: &'a str, outline: &'o mut Outline<'a>) -> Markup<'a, 'o> {
        Markup {
            text,
            outline,
            preformatted: 0,
        }
    }

    /// An element begins at byte `start`; `anchor` is what a heading is known by.
    pub(super) fn open(&mut self, element: Element, anchor: Option<String>, start: usize) {
        match element {
            Element::Break => self.outline.gap(Gap::Line),
            Element::Cell => self.outline.gap(Gap::Cell),
            Element::Heading(level) => {
                self.outline.start_heading(level, anchor, start..start);
            }
            _ if element.is_block() => self.open_block(element, start),
            _ => {}
        }
    }

    fn open_block(&mut self, element: Element, start: usize) {
        let ends_heading = matches!(
            element,
            Element::Paragraph | Element::Table | Element::List | Element::Article
        );
        if ends_heading && self.outline.in_heading() {
            self.outline.end_heading(start);
        }
        if element == Element::Preformatted {
            self.preformatted += 1;
            self.outline.keep_lines(true);
        }
        self.outline.gap(Gap::Block);
    }

    /// An element ends at byte `end`.
    pub(super) fn close(&mut self, element: Element, end: usize) {
        match element {
            Element::Cell => self.outline.gap(Gap::Cell),
            Element::Heading(_) => self.outline.end_heading(end),
            Element::Preformatted => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.outline.keep_lines(self.preformatted > 0);
                self.outline.gap(Gap::Block);
            }
            _ if element.is_block() => self.outline.gap(Gap::Block),
            _ => {}
        }
    }

    /// The text at `range`, its character references read.
    pub(super) fn string(&mut self, range: Range<usize>) {
        let Some(raw) = self.text.get(range.clone()) else {
            return;
        };
        let mut from = range.start;
        for amp in memchr::memchr_iter(b'&', raw.as_bytes()).map(|at| range.start + at) {
            if amp < from {
                continue;
            }
            let Some((len, decoded)) = reference(&self.text[amp..range.end]) else {
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
fn reference(text: &str) -> Option<(usize, String)> {
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
