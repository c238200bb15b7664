//! A page as a flat tree: nodes in the order of the text, each with where its content ends.
//!
//! Built from a streaming tokenizer's events in linear time and memory whatever the nesting: no step goes up through
//! more than [`MAX_CLIMB`] open elements.
//!
//! Source: the HTML Living Standard, section 13.2.6 (tree construction), of which only the implied end tags are kept.

use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::element::Element;
use super::head_tag::{HEAD_ATTRIBUTES, HeadTag};
use super::hints::Hints;
use crate::format::builder::input::Reading;

/// How many open elements are looked through for the one that an end tag closes.
const MAX_CLIMB: usize = 256;

/// A node: an element, or a stretch of text.
#[derive(Debug, Clone)]
pub(super) struct PageNode {
    pub(super) element: Element,
    pub(super) hints: Hints,
    /// The node that holds this one; its own number for the first.
    pub(super) parent: u32,
    /// The number after that of its last descendant.
    pub(super) end: u32,
    /// Where it begins and ends in the text, tags included.
    pub(super) span: Range<u32>,
    /// Its place in [`Tree::ids`], plus one.
    pub(super) id: u32,
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<PageNode>,
    /// The ids of nodes that have one.
    pub(super) ids: Vec<String>,
    /// What `<html>`, `<meta>`, `<link>` and `<time>` say, in order.
    pub(super) tags: Vec<HeadTag>,
    /// The contents of `<script type="application/ld+json">`.
    pub(super) data: Vec<Range<usize>>,
    /// The content of the first `<title>`.
    pub(super) title: Option<Range<usize>>,
}

impl Tree {
    /// Reads a page.
    pub(super) fn read(reading: &Reading<'_>) -> Tree {
        let html = reading.source.text();
        let mut builder = Builder::new(html.len());
        let mut emitter = CallbackEmitter::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
                let (depth, nodes) = (builder.open.len(), builder.tree.nodes.len());
                builder.event(&event, span);
                let goes_on = reading.step(span.end - span.start)
                    && (builder.tree.nodes.len() == nodes || reading.element(depth));
                (!goes_on).then_some(())
            },
        );
        emitter.naively_switch_states(true);
        // A string cannot fail to be read; the callback gives a token only to stop.
        let _ = Tokenizer::new_with_emitter(html, emitter).next();
        builder.finish()
    }

    /// The node of this number, which came from this tree.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: asked for each node of a page again and again"
    )]
    pub(super) fn node(&self, at: usize) -> &PageNode {
        &self.nodes[at]
    }

    /// The number after the last node under `at`.
    pub(super) fn end(&self, at: usize) -> usize {
        self.node(at).end as usize
    }

    pub(super) fn parent(&self, at: usize) -> usize {
        self.node(at).parent as usize
    }

    /// The nodes right under `at`.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.end(at);
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.end(child);
            Some(child)
        })
    }

    /// The id of a node.
    pub(super) fn id(&self, at: usize) -> Option<&str> {
        let id = self.node(at).id.checked_sub(1)?;
        self.ids.get(id as usize).map(String::as_str)
    }

    /// Where a node stands in the text.
    pub(super) fn span(&self, at: usize) -> Range<usize> {
        let span = &self.node(at).span;
        span.start as usize..span.end as usize
    }
}

/// The start tag being read.
#[derive(Default)]
struct OpenTag {
    element: Option<Element>,
    start: usize,
    hints: Hints,
    id: Option<String>,
    head: Option<HeadTag>,
    is_data: bool,
}

struct Builder {
    tree: Tree,
    /// The open elements, outermost first.
    open: Vec<u32>,
    tag: OpenTag,
    attribute: Vec<u8>,
    /// The element whose content is one string.
    raw: Option<Element>,
    raw_is_data: bool,
    len: usize,
}

impl Builder {
    fn new(len: usize) -> Builder {
        let mut builder = Builder {
            tree: Tree::default(),
            open: Vec::new(),
            tag: OpenTag::default(),
            attribute: Vec::new(),
            raw: None,
            raw_is_data: false,
            len,
        };
        let root = builder.push(Element::Html, 0..len);
        builder.open.push(root);
        builder
    }

    /// Adds a node under the innermost open element. All nodes are made here; `self.open.len()` is their depth.
    fn push(&mut self, element: Element, span: Range<usize>) -> u32 {
        let number = self.tree.nodes.len() as u32;
        self.tree.nodes.push(PageNode {
            element,
            hints: std::mem::take(&mut self.tag.hints),
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
            self.pop(self.len);
        }
        self.tree
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
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
            CallbackEvent::EndTag { name } => self.end_tag(name, span.end),
            CallbackEvent::String { .. } => self.string(span.start..span.end),
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
            ..OpenTag::default()
        };
    }

    fn set_attribute(&mut self, value: &[u8]) {
        let Some(element) = self.tag.element else {
            return;
        };
        let name = self.attribute.as_slice();
        if let Some(head) = &mut self.tag.head
            && let Some(known) = HEAD_ATTRIBUTES.iter().find(|k| k.as_bytes() == name)
            && head.attributes.len() < HEAD_ATTRIBUTES.len()
        {
            let text = String::from_utf8_lossy(value);
            head.attributes.push((known, text.trim().to_string()));
        }
        match name {
            b"id" => self.tag.id = Some(String::from_utf8_lossy(value).trim().to_string()),
            b"name" if element == Element::Anchor && self.tag.id.is_none() => {
                self.tag.id = Some(String::from_utf8_lossy(value).trim().to_string());
            }
            b"type" if element == Element::Raw => {
                self.tag.is_data = value.eq_ignore_ascii_case(b"application/ld+json");
            }
            _ => {}
        }
        self.tag.hints.read(name, value);
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
            }
            Element::Meta | Element::Link | Element::Html => {}
            _ => {
                if element == Element::Anchor {
                    self.close(|e| e == Element::Anchor, Element::is_block, self.tag.start);
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
            Element::Item | Element::Definition => self.close(|e| e == element, is_holder, at),
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

    fn end_tag(&mut self, name: &[u8], end: usize) {
        let Some(element) = Element::named(name) else {
            return;
        };
        if self.raw.is_some() {
            self.raw = None;
            return;
        }
        let same = |e: Element| e == element || (is_heading(element) && is_heading(e));
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
        if let Some(closed) = self.close(same, bars, end) {
            self.tree.nodes[closed as usize].hints.add(Hints::CLOSED);
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
                self.push(Element::Text, range);
            }
        }
    }
}

fn is_heading(element: Element) -> bool {
    matches!(element, Element::Heading(_))
}

/// Whether an open item belongs to an element further out.
fn is_holder(element: Element) -> bool {
    matches!(
        element,
        Element::List | Element::Cell | Element::Table | Element::Main | Element::Article
    )
}
