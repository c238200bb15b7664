//! What HTML elements mean for the text: blocks, cells, headings, line breaks, character references.
//!
//! Both readers of HTML, that of pages and that of stretches inside Markdown, write through this.

use std::ops::Range;

use super::Element;
use crate::article::BlockKind;
use crate::format::builder::Outline;
use crate::format::builder::text::Gap;

/// Writes elements and text into an outline.
pub(in crate::format) struct HtmlMarkup<'a, 'o> {
    text: &'a str,
    pub(in crate::format) outline: &'o mut Outline<'a>,
    preformatted: u32,
}

impl<'a, 'o> HtmlMarkup<'a, 'o> {
    pub(in crate::format) fn new(
        text: &'a str,
        outline: &'o mut Outline<'a>,
    ) -> HtmlMarkup<'a, 'o> {
        HtmlMarkup {
            text,
            outline,
            preformatted: 0,
        }
    }

    /// An element begins at byte `start`; `anchor` is what a heading is known by.
    pub(in crate::format) fn open(
        &mut self,
        element: Element,
        anchor: Option<String>,
        start: usize,
    ) {
        match element {
            Element::Break => self.outline.gap(Gap::Line),
            Element::Cell => self.outline.gap(Gap::Cell),
            Element::Heading(level) => {
                self.outline.start_heading(level, anchor, start..start);
            }
            Element::Quoted => self.sign(start, QUOTED_TAG, "\u{201c}"),
            _ if element.is_block() => self.open_block(element, start),
            _ => {}
        }
    }

    /// Writes a sign that is shown for this tag, where it stands at byte `at`.
    fn sign(&mut self, at: usize, tag: &str, sign: &str) {
        let range = at..at + tag.len();
        let own = self.text.get(range.clone());
        if own.is_some_and(|own| own.eq_ignore_ascii_case(tag)) {
            self.outline.text_as(range, sign);
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
        if let Some(kind) = block_kind(element) {
            self.outline.open_block(kind);
        }
    }

    /// An element ends at byte `end`.
    pub(in crate::format) fn close(&mut self, element: Element, end: usize) {
        if let Some(kind) = block_kind(element) {
            self.outline.close_block(kind);
        }
        match element {
            Element::Cell => self.outline.gap(Gap::Cell),
            Element::Heading(_) => self.outline.end_heading(end),
            Element::Preformatted => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.outline.keep_lines(self.preformatted > 0);
                self.outline.gap(Gap::Block);
            }
            Element::Quoted => {
                let at = end.saturating_sub(QUOTED_END.len());
                self.sign(at, QUOTED_END, "\u{201d}");
            }
            _ if element.is_block() => self.outline.gap(Gap::Block),
            _ => {}
        }
    }

    /// The text at `range`, its character references read.
    pub(in crate::format) fn string(&mut self, range: Range<usize>) {
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

/// What the tags of words in quotation marks begin and end with.
const QUOTED_TAG: &str = "<q";
const QUOTED_END: &str = "</q>";

fn block_kind(element: Element) -> Option<BlockKind> {
    match element {
        Element::Quote => Some(BlockKind::Quotation),
        Element::Preformatted => Some(BlockKind::Code),
        Element::List => Some(BlockKind::List),
        Element::Table => Some(BlockKind::Table),
        _ => None,
    }
}

/// The character reference at the front of `text`: its length and what it stands for.
fn reference(text: &str) -> Option<(usize, String)> {
    const MAX_LEN: usize = 40;
    let behind = text.get(1..)?.as_bytes();
    let run = |skip: usize, is: fn(&u8) -> bool| {
        skip + behind
            .iter()
            .skip(skip)
            .take(MAX_LEN)
            .take_while(|b| is(b))
            .count()
    };
    let body = match behind {
        [b'#', b'x' | b'X', ..] => run(2, u8::is_ascii_hexdigit),
        [b'#', ..] => run(1, u8::is_ascii_digit),
        _ => run(0, u8::is_ascii_alphanumeric),
    };
    let ends_well = text.as_bytes().get(1 + body) == Some(&b';');
    let len = 1 + body + usize::from(ends_well);
    let raw = &text[..len];
    let decoded = htmlize::unescape(raw);
    if decoded == raw {
        return None;
    }
    // Letters behind a reference without its semicolon are not part of it: `&copy2024`.
    let shared = raw.bytes().rev().zip(decoded.bytes().rev());
    let behind = shared
        .take_while(|(a, b)| a == b && a.is_ascii_alphanumeric())
        .count();
    let own = &decoded[..decoded.len() - behind];
    Some((len - behind, own.to_string()))
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_reference_ends_where_it_says_so_or_its_letters_do() {
        let read = |text: &str| reference(text);
        for (text, len, decoded) in [
            ("&amp;x", 5, "&"),
            ("&copy2024", 5, "©"),
            ("&#x41;y", 6, "A"),
            ("&#65y;", 4, "A"),
            ("&#59;", 5, ";"),
            ("&#1noscript>", 3, "\u{1}"),
        ] {
            assert_eq!(read(text), Some((len, decoded.to_string())), "{text}");
        }
        for text in ["&", "& x", "&#;", "&zzz;", "&#x;"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
