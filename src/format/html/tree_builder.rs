//! Builds the tree of a page from a streaming tokenizer's events, in linear time and memory whatever the nesting: no step
//! goes up through more than [`MAX_CLIMB`] open elements.
//!
//! Source: the HTML Living Standard, section 13.2.6 (tree construction), of which only the implied end tags are kept.

use std::collections::HashMap;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::element::Element;
use super::head_tag::{self, HEAD_ATTRIBUTES, HeadTag};
use super::hints::Hints;
use super::names;
use super::topics;
use super::tree::{PageNode, Tree};
use crate::format::builder::input::Reading;

/// How many open elements are looked through for the one that an end tag closes.
const MAX_CLIMB: usize = 256;
/// How many classes are remembered, and how long they are at most, in bytes.
const MAX_KNOWN: usize = 1000;
const MAX_KNOWN_BYTES: usize = 200;
/// How many ids of what something else opens are remembered.
const MAX_CONTROLLED: usize = 1000;

impl Tree {
    /// Reads a page; what stands in `<noscript>` becomes part of it only where `with_fallbacks`.
    pub(super) fn read(reading: &Reading<'_>, with_fallbacks: bool) -> Tree {
        let html = reading.source.text();
        let mut builder = Builder::new(html, with_fallbacks);
        let mut emitter = CallbackEmitter::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
                let (depth, nodes) = (builder.open.len(), builder.tree.nodes.len());
                builder.event(&event, span);
                let goes_on = reading.step(span.end - span.start)
                    && (nodes..builder.tree.nodes.len()).all(|_| reading.element(depth));
                (!goes_on).then_some(())
            },
        );
        emitter.naively_switch_states(true);
        // A string cannot fail to be read; the callback gives a token only to stop.
        let _ = Tokenizer::new_with_emitter(html, emitter).next();
        let mut tree = builder.finish();
        topics::settle(&mut tree, html);
        tree
    }
}

/// The start tag being read.
#[derive(Default)]
struct OpenTag {
    element: Option<Element>,
    start: usize,
    hints: Hints,
    by_id: Hints,
    classes: u32,
    id: Option<String>,
    head: Option<HeadTag>,
    is_data: bool,
    is_fallback: bool,
}

struct Builder<'a> {
    html: &'a str,
    /// Where in the text the tokenizer began.
    base: usize,
    with_fallbacks: bool,
    /// Where the content of an open `<noscript>` begins.
    fallback: Option<usize>,
    tree: Tree,
    /// The open elements, outermost first.
    open: Vec<u32>,
    tag: OpenTag,
    attribute: Vec<u8>,
    /// The element whose content is one string.
    raw: Option<Element>,
    raw_is_data: bool,
    /// What the classes said that were seen.
    known: HashMap<Box<[u8]>, Hints>,
}

impl<'a> Builder<'a> {
    fn new(html: &'a str, with_fallbacks: bool) -> Builder<'a> {
        let mut builder = Builder {
            html,
            base: 0,
            with_fallbacks,
            fallback: None,
            tree: Tree::default(),
            open: Vec::new(),
            tag: OpenTag::default(),
            attribute: Vec::new(),
            raw: None,
            raw_is_data: false,
            known: HashMap::new(),
        };
        let root = builder.push(Element::Html, 0..html.len());
        builder.open.push(root);
        builder
    }

    /// Adds a node under the innermost open element. All nodes are made here; `self.open.len()` is their depth.
    fn push(&mut self, element: Element, span: Range<usize>) -> u32 {
        let number = self.tree.nodes.len() as u32;
        self.tree.nodes.push(PageNode {
            element,
            hints: std::mem::take(&mut self.tag.hints),
            by_id: std::mem::take(&mut self.tag.by_id),
            classes: std::mem::take(&mut self.tag.classes),
            parent: self.open.last().copied().unwrap_or(0),
            end: number + 1,
            span: span.start as u32..span.end as u32,
            id: 0,
        });
        if let Some(id) = self.tag.id.take().filter(|id| !id.is_empty()) {
            self.tree.ids.push(id);
            self.tree.nodes[number as usize].id = self.tree.ids.len() as u32;
        }
        number
    }

    fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.pop(self.html.len());
        }
        self.tree
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        let span = self.base + span.start..self.base + span.end;
        match event {
            CallbackEvent::OpenStartTag { name } => self.begin_tag(name, span.start),
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.extend_from_slice(name);
                if *name == b"hidden" {
                    self.tag.hints.add(Hints::HIDDEN);
                }
            }
            CallbackEvent::AttributeValue { value } => self.set_attribute(value),
            CallbackEvent::CloseStartTag { self_closing } => {
                self.start_tag(*self_closing, span.end);
            }
            CallbackEvent::EndTag { name } => self.end_tag(name, span),
            CallbackEvent::String { .. } => self.string(span),
            _ => {}
        }
    }

    fn begin_tag(&mut self, name: &[u8], start: usize) {
        let element = Element::named(name);
        let has_head = matches!(
            element,
            Some(Element::Html | Element::Meta | Element::Link | Element::Time)
        );
        self.tag = OpenTag {
            element,
            start,
            head: has_head.then(HeadTag::default),
            is_fallback: name == b"noscript",
            ..OpenTag::default()
        };
        if name == b"section" {
            self.tag.hints.add(Hints::SECTION);
        }
    }

    fn set_attribute(&mut self, value: &[u8]) {
        let Some(element) = self.tag.element else {
            return;
        };
        let name = self.attribute.as_slice();
        let is_told = matches!(name, b"datetime" | b"itemprop" | b"content");
        if is_told && self.tag.head.is_none() {
            self.tag.head = Some(HeadTag::default());
        }
        if head_tag::may_tell_time(element, name) {
            self.tag.head.get_or_insert_default().set_time(name, value);
        }
        if let Some(head) = &mut self.tag.head
            && let Some(known) = HEAD_ATTRIBUTES.iter().find(|k| k.as_bytes() == name)
            && head.attributes.len() < HEAD_ATTRIBUTES.len()
        {
            let text = String::from_utf8_lossy(value);
            head.attributes.push((known, text.trim().to_string()));
        }
        match name {
            b"id" => {
                self.tag.id = Some(String::from_utf8_lossy(value).trim().to_string());
                self.tag.by_id = names::of_words(value);
            }
            b"class" => self.tag.classes = hash_of(value),
            b"name" if element == Element::Anchor && self.tag.id.is_none() => {
                self.tag.id = Some(String::from_utf8_lossy(value).trim().to_string());
            }
            b"aria-controls" if self.tree.controlled.len() < MAX_CONTROLLED => {
                let ids = String::from_utf8_lossy(value);
                let ids = ids.split_ascii_whitespace().take(MAX_CONTROLLED);
                self.tree.controlled.extend(ids.map(str::to_string));
            }
            b"type" if element == Element::Raw => {
                self.tag.is_data = value.eq_ignore_ascii_case(b"application/ld+json");
            }
            _ => {}
        }
        match name {
            b"class" | b"data-component" | b"data-testid" => {
                let hints = self.of_words(value);
                self.tag.hints.add(hints);
            }
            _ => self.tag.hints.read(name, value),
        }
    }

    /// What the words of a class say. Pages repeat few of them again and again.
    fn of_words(&mut self, value: &[u8]) -> Hints {
        if let Some(known) = self.known.get(value) {
            return *known;
        }
        let hints = names::of_words(value);
        if self.known.len() < MAX_KNOWN && value.len() <= MAX_KNOWN_BYTES {
            self.known.insert(value.into(), hints);
        }
        hints
    }

    fn start_tag(&mut self, self_closing: bool, end: usize) {
        let Some(element) = self.tag.element else {
            return;
        };
        if let Some(mut head) = self.tag.head.take().filter(|h| !h.attributes.is_empty()) {
            head.at = self.tree.nodes.len();
            self.tree.tags.push(head);
        }
        if element.ends_paragraph() {
            self.imply_ends(element, self.tag.start);
        }
        match element {
            Element::Raw | Element::Title => {
                self.raw = (!self_closing).then_some(element);
                self.raw_is_data = self.tag.is_data;
                self.fallback = (self.raw.is_some() && self.tag.is_fallback).then_some(end);
            }
            Element::Meta | Element::Link | Element::Html => {}
            _ => {
                if matches!(element, Element::Anchor | Element::Annotation) {
                    self.close(|e| e == element, Element::is_block, self.tag.start);
                }
                let number = self.push(element, self.tag.start..end);
                if !(element.is_void() || (self_closing && element.is_inline())) {
                    self.open.push(number);
                }
            }
        }
    }

    /// Closes what the start of `element` closes: a paragraph or heading, the item, cell or row before it.
    fn imply_ends(&mut self, element: Element, at: usize) {
        let is_group =
            |e: Element| !(e.is_inline() || matches!(e, Element::Paragraph | Element::Heading(_)));
        let is_broken = |e: Element| match element {
            Element::Heading(_) => matches!(e, Element::Paragraph | Element::Heading(_)),
            Element::Container | Element::Header | Element::Block => e == Element::Paragraph,
            _ => matches!(e, Element::Paragraph | Element::Heading(_)),
        };
        self.close(is_broken, is_group, at);
        match element {
            Element::Item | Element::Definition => {
                self.close(|e| e == element, Element::holds_items, at)
            }
            Element::Cell => self.close(
                |e| e == element,
                |e| matches!(e, Element::Row | Element::Table),
                at,
            ),
            Element::Row => self.close(|e| e == element, |e| e == Element::Table, at),
            _ => None,
        };
    }

    /// Closes the innermost open element that is `wanted`, and those in it, unless one that `bars` lies in between.
    /// Returns its number.
    fn close(
        &mut self,
        wanted: impl Fn(Element) -> bool,
        bars: impl Fn(Element) -> bool,
        at: usize,
    ) -> Option<u32> {
        let above = self
            .open
            .iter()
            .rev()
            .take(MAX_CLIMB)
            .map(|&n| self.tree.nodes[n as usize].element)
            .take_while(|&e| wanted(e) || !bars(e))
            .position(&wanted)?;
        let kept = self.open.len() - above - 1;
        let found = self.open[kept];
        while self.open.len() > kept {
            self.pop(at);
        }
        Some(found)
    }

    fn pop(&mut self, at: usize) {
        if let Some(number) = self.open.pop() {
            let end = self.tree.nodes.len() as u32;
            let node = &mut self.tree.nodes[number as usize];
            node.end = end;
            node.span.end = at as u32;
        }
    }

    fn end_tag(&mut self, name: &[u8], tag: Range<usize>) {
        let Some(element) = Element::named(name) else {
            return;
        };
        if self.raw.take().is_some() {
            if let Some(start) = self.fallback.take() {
                self.fallback(start..tag.start);
            }
            return;
        }
        let same = |e: Element| e == element || (element.is_heading() && e.is_heading());
        let is_table = matches!(
            element,
            Element::Table | Element::Row | Element::Cell | Element::Block
        );
        let bars = |e: Element| {
            if element.is_inline() {
                e.is_block()
            } else {
                !is_table && e == Element::Cell || matches!(e, Element::Html | Element::Body)
            }
        };
        if let Some(closed) = self.close(same, bars, tag.end) {
            self.tree.nodes[closed as usize].hints.add(Hints::CLOSED);
        }
    }

    /// Reads, or remembers, what stands in `<noscript>`, which is one string to the tokenizer. It holds no other one, as
    /// the first end tag ends it.
    fn fallback(&mut self, content: Range<usize>) {
        let Some(html) = self.html.get(content.clone()) else {
            return;
        };
        if !self.with_fallbacks || self.base > 0 {
            self.tree.fallbacks.push(content);
            return;
        }
        let depth = self.open.len();
        self.base = content.start;
        let mut emitter = CallbackEmitter::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
                self.event(&event, span);
                None
            },
        );
        emitter.naively_switch_states(true);
        for _ in Tokenizer::new_with_emitter(html, emitter) {}
        (self.base, self.raw, self.fallback) = (0, None, None);
        while self.open.len() > depth {
            self.pop(content.end);
        }
    }

    fn string(&mut self, range: Range<usize>) {
        match self.raw {
            Some(Element::Title) => {
                self.tree.title.get_or_insert(range);
            }
            Some(_) => {
                if self.raw_is_data {
                    self.tree.data.push(range);
                }
            }
            None => {
                self.tag.hints = Hints::default();
                self.tag.by_id = Hints::default();
                self.tag.classes = 0;
                self.push(Element::Text, range);
            }
        }
    }
}

/// Source: Fowler, Noll and Vo's hash 1a.
fn hash_of(bytes: &[u8]) -> u32 {
    let hash = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811c_9dc5, hash)
}
