//! Text out of a stretch of HTML inside another format: all of it, element by element as it comes.
//!
//! Nothing is kept but counters, so that time and memory are linear whatever the nesting.

use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::analysis::takes_note;
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

/// The last place up to `at` where a character begins or the text ends.
fn boundary_at(text: &str, at: usize) -> usize {
    let mut places = (0..=at.min(text.len())).rev();
    places.find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

impl<'a, 'o> HtmlText<'a, 'o> {
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
