//! The text of a node on one line, as a title or a name.

use super::element::Element;
use super::fate::Fates;
use super::tree::Tree;
use crate::analysis::boundary_at;

/// How many nodes of a heading or a byline are read.
const MAX_TEXT_NODES: usize = 64;
/// And how many bytes of each node.
const MAX_TEXT_BYTES: usize = 1000;

/// Text with its character references read, its white space folded, and without hints of where lines may break.
pub(super) fn clean(text: &str) -> String {
    let text = htmlize::unescape(text).replace(['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text under a node without what is dropped, as a title or a name.
pub(super) fn node_text(tree: &Tree, text: &str, fates: &Fates, at: usize) -> String {
    let mut raw = String::new();
    let kept = (at..tree.end(at)).filter(|&n| fates.is_kept(n));
    for n in kept.take(MAX_TEXT_NODES) {
        match tree.node(n).element {
            Element::Text => raw.push_str(front(text.get(tree.span(n)).unwrap_or_default())),
            Element::Break => raw.push(' '),
            element if element.is_block() => raw.push(' '),
            _ => {}
        }
    }
    clean(&raw)
}

/// The front of a text, cut at a character.
pub(super) fn front(text: &str) -> &str {
    text.get(..boundary_at(text, MAX_TEXT_BYTES))
        .unwrap_or_default()
}
