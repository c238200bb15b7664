//! A page as a flat tree: nodes in the order of the text, each with where its content ends.

use std::collections::HashSet;
use std::ops::Range;

use super::element::Element;
use super::head_tag::HeadTag;
use super::hints::Hints;

/// A node: an element, or a stretch of text.
#[derive(Debug, Clone)]
pub(super) struct PageNode {
    pub(super) element: Element,
    pub(super) hints: Hints,
    /// What its id would say, did it name a role.
    pub(super) by_id: Hints,
    /// The node that holds this one; its own number for the first.
    pub(super) parent: u32,
    /// The number after that of its last descendant.
    pub(super) end: u32,
    /// Where it begins and ends in the text, tags included.
    pub(super) span: Range<u32>,
    /// A hash of its classes; 0 for none.
    pub(super) classes: u32,
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
    /// The ids of what something else opens (`aria-controls`).
    pub(super) controlled: HashSet<String>,
    /// The contents of `<noscript>`.
    pub(super) fallbacks: Vec<Range<usize>>,
    /// The heading that each node begins with; 0 for none.
    pub(super) first_headings: Vec<u32>,
}

impl Tree {
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

    /// The heading that a node begins with.
    pub(super) fn first_heading(&self, at: usize) -> Option<usize> {
        let heading = self.first_headings.get(at).copied()?;
        (heading > 0).then_some(heading as usize)
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
