//! Leaves out what stands around an article: by element, by role, by the words of classes, by the share of links.

use super::element::Element;
use super::hints::Hints;
use super::measure::{Measures, TextMeasure};
use super::tree::Tree;
use crate::analysis::takes_note;

/// No part with more than this share of the page's prose is left out, in percent.
const MAX_DROPPED_PROSE_PERCENT: u64 = 40;
/// No part with more than this share of the page's text is left out, in percent.
const MAX_DROPPED_PERCENT: u64 = 85;
/// Comments may be longer than the article, if this much prose is left, in characters.
const MIN_LEFT_CHARS: u32 = 400;

/// Marks what is left out of a page wherever it stands.
pub(super) fn chrome(tree: &Tree, text: &str, measures: &Measures) -> Vec<bool> {
    let mut is_dropped = vec![false; tree.nodes.len()];
    let total = measures.under(0);
    let mut at = 0;
    while at < tree.nodes.len() {
        let is_out = is_mark(tree, text, at)
            || is_note(tree, text, at)
            || (is_chrome(tree, at) && may_drop(tree, at, measures.under(at), total));
        if is_out {
            is_dropped[at..tree.end(at)].fill(true);
            at = tree.end(at);
        } else {
            at += 1;
        }
    }
    is_dropped
}

/// Whether a text is the sign of a link from a heading to itself (`¶`).
fn is_mark(tree: &Tree, text: &str, at: usize) -> bool {
    let parent = tree.parent(at);
    let is_linked = tree.node(parent).element == Element::Anchor
        && matches!(tree.node(tree.parent(parent)).element, Element::Heading(_));
    tree.node(at).element == Element::Text
        && is_linked
        && !htmlize::unescape(text.get(tree.span(at)).unwrap_or_default())
            .contains(char::is_alphanumeric)
}

/// The longest mark of a note, in bytes.
const MAX_NOTE_BYTES: usize = 12;

/// Whether raised text is the mark of a note: a link, a sign, a number in brackets, or a number behind a word. `x²` and
/// `km²` stay.
fn is_note(tree: &Tree, text: &str, at: usize) -> bool {
    if tree.node(at).element != Element::Raised {
        return false;
    }
    let inside = || (at + 1..tree.end(at)).take(MAX_NOTE_BYTES);
    let strings = inside().filter(|&i| tree.node(i).element == Element::Text);
    let content: String = strings.filter_map(|i| text.get(tree.span(i))).collect();
    let mark = content.trim();
    let number = mark.trim_matches(['[', ']', '(', ')']);
    let is_number = !number.is_empty()
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b',');
    let is_sign = !mark.is_empty()
        && mark
            .chars()
            .all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶'));
    let is_linked = tree.node(tree.parent(at)).element == Element::Anchor
        || inside().any(|i| tree.node(i).element == Element::Anchor);
    let is_short = mark.len() <= MAX_NOTE_BYTES;
    let before = || {
        at.checked_sub(1)
            .and_then(|i| text.get(tree.span(i)))
            .unwrap_or_default()
    };
    let is_marked = is_linked || number.len() < mark.len();
    is_short && (is_sign || (is_number && (is_marked || takes_note(before(), number))))
        || (is_short && is_linked && mark.chars().count() == 1)
}

fn is_chrome(tree: &Tree, at: usize) -> bool {
    let node = tree.node(at);
    match node.element {
        Element::Nav
        | Element::Aside
        | Element::Footer
        | Element::Button
        | Element::Dialog
        | Element::Hidden
        | Element::Caption
        | Element::Form => true,
        Element::Text | Element::Html | Element::Body | Element::Main => false,
        Element::Heading(1) => node.hints.any(Hints::HIDDEN),
        Element::Quote => node.hints.any(Hints::HIDDEN.or(Hints::COMMENTS)),
        Element::Anchor => {
            let is_in_heading = matches!(tree.node(tree.parent(at)).element, Element::Heading(_));
            node.hints.any(Hints::HIDDEN) || (is_in_heading && node.hints.any(Hints::CHROME))
        }
        Element::Span => node
            .hints
            .any(Hints::HIDDEN.or(Hints::CHROME).or(Hints::CAPTION)),
        _ if node.hints.any(Hints::EMBED) => node.hints.any(Hints::HIDDEN),
        _ => {
            let strong = Hints::CHROME
                .or(Hints::COMMENTS)
                .or(Hints::HIDDEN)
                .or(Hints::CONSENT);
            let weak = Hints::ABOUT.or(Hints::CAPTION);
            !node.hints.any(Hints::ITEM_BODY) && node.hints.any(strong.or(weak))
        }
    }
}

/// Whether so much may go: an end tag that is missing, or a word on a wrapper, must not cost the article.
fn may_drop(tree: &Tree, at: usize, part: TextMeasure, total: TextMeasure) -> bool {
    let node = tree.node(at);
    if !node.hints.any(Hints::CLOSED) && !node.element.may_lack_end() {
        return false;
    }
    if node.element == Element::Hidden {
        return true;
    }
    let is_sure = Hints::COMMENTS.or(Hints::CONSENT).or(Hints::HIDDEN);
    if node.hints.any(is_sure) && total.prose - part.prose >= MIN_LEFT_CHARS {
        return true;
    }
    let share = |part: u32, total: u32| u64::from(part) * 100 / u64::from(total.max(1));
    share(part.prose, total.prose) <= MAX_DROPPED_PROSE_PERCENT
        && share(part.chars, total.chars) <= MAX_DROPPED_PERCENT
}
