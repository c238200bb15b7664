//! The text of a page in pieces: what stands in one block and is alike.

use std::ops::Range;

use super::element::Element;
use super::measure::Measures;
use super::node_text::clean;
use super::tree::Tree;

/// Text of one block, alike by its key.
pub(super) struct PagePiece<K> {
    pub(super) span: Range<usize>,
    /// The first node of its text.
    pub(super) at: usize,
    pub(super) block: usize,
    pub(super) key: K,
    pub(super) text: String,
}

impl<K> PagePiece<K> {
    pub(super) fn without_key(self) -> PagePiece<()> {
        PagePiece {
            span: self.span,
            at: self.at,
            block: self.block,
            key: (),
            text: self.text,
        }
    }
}

/// The pieces of the text of `nodes`, in order.
pub(super) fn pieces<K: PartialEq>(
    tree: &Tree,
    text: &str,
    measures: &Measures,
    nodes: Range<usize>,
    key: impl Fn(usize) -> K,
) -> Vec<PagePiece<K>> {
    let mut pieces: Vec<PagePiece<K>> = Vec::new();
    for at in nodes {
        let span = tree.span(at);
        let raw = text.get(span.clone()).unwrap_or_default();
        if tree.node(at).element != Element::Text || raw.is_empty() {
            continue;
        }
        let (block, key) = (measures.block(at), key(at));
        match pieces.last_mut() {
            Some(last) if last.block == block && (last.key == key || raw.trim().is_empty()) => {
                last.text.push_str(raw);
                last.span.end = span.end;
            }
            _ if raw.trim().is_empty() => {}
            _ => pieces.push(PagePiece {
                span,
                at,
                block,
                key,
                text: raw.to_string(),
            }),
        }
    }
    for piece in &mut pieces {
        piece.text = clean(&piece.text);
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}
