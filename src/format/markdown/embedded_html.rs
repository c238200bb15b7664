//! Text out of a stretch of HTML inside another format: all of it, element by element as it comes.
//!
//! Nothing is kept but counters, so that time and memory are linear whatever the nesting.

use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::analysis::{boundary_at, takes_note};
use crate::format::builder::Outline;
use crate::format::builder::text::Gap;
use crate::format::html::Element;
use crate::format::html::writer::HtmlMarkup;

/// Reads one stretch of HTML into an outline.
pub(super) struct HtmlText<'a, 'o> {
    markup: HtmlMarkup<'a, 'o>,
    base: usize,
    /// The element whose content is left out, and how many of its kind are open.
    skipped: Option<(Element, u32)>,
    tag: Tag,
    is_id: bool,
}

/// The start tag being read.
#[derive(Default)]
struct Tag {
    element: Option<Element>,
    start: usize,
    id: Option<String>,
}

/// How far before a mark its word is looked for, and how long its content may be, in bytes.
const NOTE_BYTES: usize = 128;

/// The end of the mark of a note whose tag `<sup>` stands at `range`; `None` where it is something else.
pub(super) fn note_end(text: &str, range: &Range<usize>) -> Option<usize> {
    let tag = text.get(range.clone())?.strip_prefix("<sup")?;
    let window = text.get(range.end..boundary_at(text, range.end + NOTE_BYTES))?;
    let content = window.get(..window.find("</sup>")?)?;
    let front = text.get(boundary_at(text, range.start.saturating_sub(NOTE_BYTES))..range.start)?;
    let is_linked = content.contains("href=") || content.contains("](#");
    let shown = match content.split_once('>') {
        Some((_, behind)) => behind.split('<').next().unwrap_or_default(),
        None => content.split("](").next().unwrap_or_default(),
    };
    let number = shown.trim_matches(['[', ']', '(', ')', '\\', ' ']);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_note = is_number && (is_linked || shown.contains('[') || takes_note(front, number));
    (tag.starts_with(['>', ' ']) && is_note).then_some(range.end + content.len())
}

/// A tag that says all by its name.
#[derive(Debug, PartialEq, Eq)]
struct NamedTag {
    /// `None` for one that means nothing to the text.
    element: Option<Element>,
    is_end: bool,
}

/// The names of all elements are shorter.
const MOST_NAME_BYTES: usize = 16;

impl NamedTag {
    /// The tag that these bytes are; `None` where they may be more than a tag, and where its attributes, or what follows
    /// it, are read otherwise.
    fn of(raw: &[u8]) -> Option<NamedTag> {
        let inner = raw.strip_prefix(b"<")?.strip_suffix(b">")?;
        let (inner, is_end) = match inner.strip_prefix(b"/") {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        inner.first().filter(|byte| byte.is_ascii_alphabetic())?;
        // A sign of this kind in an attribute is no end: it is left to who reads them.
        memchr::memchr2(b'<', b'>', inner).is_none().then_some(())?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let len = inner.iter().take_while(|byte| is_name(byte)).count();
        let (name, rest) = inner.split_at_checked(len)?;
        matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n' | b'/')).then_some(())?;
        let mut lower = [0; MOST_NAME_BYTES];
        let element = lower.get_mut(..len).and_then(|lower| {
            lower.copy_from_slice(name);
            lower.make_ascii_lowercase();
            Element::named(lower)
        });
        match element {
            // Their ids count, or what they hold is no text.
            Some(Element::Heading(_) | Element::Raw | Element::Hidden | Element::Title) => None,
            _ => Some(NamedTag { element, is_end }),
        }
    }
}

impl<'a, 'o> HtmlText<'a, 'o> {
    /// Adds a stretch of inline HTML, which mostly is one tag: those that say all by their name are not taken apart.
    pub(super) fn read_inline(text: &'a str, range: Range<usize>, outline: &'o mut Outline<'a>) {
        let raw = text.get(range.clone()).unwrap_or_default();
        let Some(tag) = NamedTag::of(raw.as_bytes()) else {
            HtmlText::read(text, range, outline);
            return;
        };
        let mut markup = HtmlMarkup::new(text, outline);
        match (tag.element, tag.is_end) {
            (None, _) => {}
            (Some(element), true) => markup.close(element, range.end),
            (Some(element), false) => markup.open(element, None, range.start),
        }
    }

    /// Adds the HTML at `range` of `text` to `outline`, all of it.
    pub(super) fn read(text: &'a str, range: Range<usize>, outline: &'o mut Outline<'a>) {
        let mut reader = HtmlText {
            markup: HtmlMarkup::new(text, outline),
            base: range.start,
            skipped: None,
            tag: Tag::default(),
            is_id: false,
        };
        let mut emitter = CallbackEmitter::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
                reader.event(&event, span);
                None
            },
        );
        emitter.naively_switch_states(true);
        // A string cannot fail to be read, and the callback gives no tokens.
        for _ in Tokenizer::new_with_emitter(&text[range], emitter) {}
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag {
                    element: Element::named(name),
                    start: self.base + span.start,
                    id: None,
                };
            }
            CallbackEvent::AttributeName { name } => self.is_id = *name == b"id",
            CallbackEvent::AttributeValue { value } if self.is_id => {
                self.tag.id = Some(String::from_utf8_lossy(value).trim().to_string());
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start_tag(*self_closing),
            CallbackEvent::EndTag { name } => self.end_tag(name, self.base + span.end),
            CallbackEvent::String { .. } if self.skipped.is_none() => {
                self.markup
                    .string(self.base + span.start..self.base + span.end);
            }
            _ => {}
        }
    }

    fn start_tag(&mut self, self_closing: bool) {
        let tag = std::mem::take(&mut self.tag);
        let Some(element) = tag.element else { return };
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += u32::from(*skipped == element && !self_closing);
        } else if matches!(element, Element::Raw | Element::Hidden | Element::Title) {
            self.markup.outline.gap(Gap::Block);
            self.skipped = (!self_closing).then_some((element, 1));
        } else {
            self.markup.open(element, tag.id, tag.start);
        }
    }

    fn end_tag(&mut self, name: &[u8], end: usize) {
        let Some(element) = Element::named(name) else {
            return;
        };
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= u32::from(*skipped == element);
            if *depth == 0 {
                self.skipped = None;
            }
        } else {
            self.markup.close(element, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ReadOptions;
    use crate::format::builder::input::Reading;
    use crate::source::Decoded;

    #[test]
    fn a_tag_by_its_name_alone_reads_as_one_that_is_taken_apart() {
        let names = [
            "a",
            "A",
            "b",
            "br",
            "hr",
            "p",
            "pre",
            "xmp",
            "q",
            "Q",
            "sup",
            "td",
            "li",
            "ul",
            "div",
            "x-y",
            "blockquote",
            "table",
            "tr",
            "plaintext",
            "h2",
            "script",
            "title",
            "svg",
            "verylongnameofatag",
            "body",
            "html",
            "img",
            "link",
            "rt",
            "dialog",
            "button",
            "time",
        ];
        let forms = [
            "<N>",
            "</N>",
            "<N/>",
            "<N />",
            "</N >",
            "<N id=\"x\">",
            "<N a b='c d'>",
            "<N\nhref=x/>",
            "<N a='<'>",
            "<N a=\">\">",
            "<N",
            "<!-- N -->",
            "<1N>",
            "< N>",
        ];
        let mut quick = 0;
        for name in names {
            for form in forms {
                let tag = form.replace('N', name);
                quick += usize::from(NamedTag::of(tag.as_bytes()).is_some());
                let text = format!("one {tag}two\nthree</q> &amp; four");
                let source = Decoded::from_bytes(text.clone().into_bytes()).expect("text");
                let options = ReadOptions::default();
                let reading = Reading::new(&source, &options);
                let range = 4..4 + tag.len();
                let read = |is_inline: bool| {
                    let mut outline = Outline::new(&reading);
                    outline.text(0..range.start);
                    match is_inline {
                        true => HtmlText::read_inline(source.text(), range.clone(), &mut outline),
                        false => HtmlText::read(source.text(), range.clone(), &mut outline),
                    }
                    outline.text(range.end..text.len());
                    outline.finish()
                };
                assert_eq!(read(true), read(false), "{tag}");
            }
        }
        assert!(quick > 150, "{quick}");
    }
}
