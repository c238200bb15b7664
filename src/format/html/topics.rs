//! Tells ids that name a topic from ids that name a role, and finds the heading that a part begins with.
//!
//! The id of a heading, or of a section with one, is made from its words so that links lead there: `#sharing-files` is
//! about sharing, it is no bar of buttons.

use super::element::Element;
use super::hints::Hints;
use super::tree::Tree;

/// How many children of a part are looked through for its heading.
const MAX_CHILDREN: usize = 6;
/// How many characters of a heading are compared with an id.
const MAX_TITLE_CHARS: usize = 200;
/// How many nodes of a heading are read.
const MAX_NODES: usize = 16;

/// Says of each node which heading it begins with, and adds to its hints what its id says where that is no topic.
pub(super) fn settle(tree: &mut Tree, text: &str) {
    let mut first = vec![0u32; tree.nodes.len()];
    for at in (0..tree.nodes.len()).rev() {
        let heading = own_heading(tree, text, &first, at);
        if let Some(found) = first.get_mut(at) {
            *found = heading;
        }
    }
    for at in 0..tree.nodes.len() {
        let heading = first.get(at).copied().unwrap_or_default() as usize;
        let is_controlled = tree.id(at).is_some_and(|id| tree.controlled.contains(id));
        let mut by_id = match is_topic(tree, text, at, heading) {
            true => Hints::default(),
            false => tree.node(at).by_id,
        };
        if is_controlled {
            by_id.add(Hints::PANEL);
        }
        if by_id != Hints::default()
            && let Some(node) = tree.nodes.get_mut(at)
        {
            node.hints.add(by_id);
        }
    }
    tree.first_headings = first;
}

/// The number of the heading that a part begins with, itself for a heading; 0 where it begins otherwise.
fn own_heading(tree: &Tree, text: &str, first: &[u32], at: usize) -> u32 {
    match tree.node(at).element {
        Element::Heading(_) => return at as u32,
        Element::Container | Element::Article | Element::Header | Element::Item => {}
        _ => return 0,
    }
    for child in tree.children(at).take(MAX_CHILDREN) {
        let node = tree.node(child);
        let is_empty = match node.element {
            Element::Text => {
                let text = text.get(tree.span(child)).unwrap_or_default();
                text.trim().is_empty()
            }
            Element::Anchor | Element::Span | Element::Break => tree.end(child) == child + 1,
            _ => false,
        };
        if !is_empty {
            return first.get(child).copied().unwrap_or_default();
        }
    }
    0
}

/// Whether the id of a node names what it is about: that of a heading, of a section with one, or of a block whose
/// heading says the same.
fn is_topic(tree: &Tree, text: &str, at: usize, heading: usize) -> bool {
    if heading == 0 {
        return false;
    }
    if heading == at || tree.node(at).hints.any(Hints::SECTION) {
        return true;
    }
    let id = tree.id(at).unwrap_or_default();
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let inside = (heading..tree.end(heading)).take(MAX_NODES);
    let strings = inside.filter(|&n| tree.node(n).element == Element::Text);
    let chars = strings.flat_map(|n| text.get(tree.span(n)).unwrap_or_default().chars());
    let title: String = chars.take(MAX_TITLE_CHARS).collect();
    let is_comments = tree.node(at).by_id.any(Hints::COMMENTS);
    !is_comments && !id.is_empty() && letters(id) == letters(&title)
}
