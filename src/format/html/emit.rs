//! Writes the kept nodes of a page into an outline.

use super::element::Element;
use super::fate::Fates;
use super::tree::Tree;
use super::writer::HtmlMarkup;
use crate::format::builder::Outline;

/// How many nodes of a heading are looked through for an id.
const MAX_HEADING_NODES: usize = 16;

/// Writes the nodes of `tree` that are kept, in order.
pub(super) fn write<'a>(text: &'a str, tree: &Tree, fates: &Fates, outline: &mut Outline<'a>) {
    let mut markup = HtmlMarkup::new(text, outline);
    let mut open: Vec<usize> = Vec::new();
    let mut pending: Option<String> = None;
    let close_to = |open: &mut Vec<usize>, markup: &mut HtmlMarkup<'a, '_>, at: usize| {
        while let Some(last) = open.pop_if(|last| tree.end(*last) <= at) {
            markup.close(tree.node(last).element, tree.span(last).end);
        }
    };
    for (at, node) in tree.nodes.iter().enumerate() {
        close_to(&mut open, &mut markup, at);
        if !fates.is_kept(at) {
            if node.element.is_block() {
                markup.open(Element::Block, None, tree.span(at).start);
            }
            continue;
        }
        let span = tree.span(at);
        if node.element == Element::Text {
            if !text.get(span.clone()).unwrap_or_default().trim().is_empty() {
                pending = None;
            }
            markup.string(span);
            continue;
        }
        let own = tree.id(at).map(str::to_string);
        let anchor = match node.element {
            Element::Heading(_) => own.or_else(|| inner_id(tree, at)).or(pending.take()),
            _ => {
                pending = own.or(pending);
                None
            }
        };
        markup.open(node.element, anchor, span.start);
        open.push(at);
    }
    close_to(&mut open, &mut markup, usize::MAX);
}

/// The id of an anchor or a span inside a heading.
fn inner_id(tree: &Tree, heading: usize) -> Option<String> {
    (heading + 1..tree.end(heading))
        .take(MAX_HEADING_NODES)
        .find_map(|at| tree.id(at))
        .map(str::to_string)
}
