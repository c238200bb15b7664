//! Leaves out what stands around an article: by element, by role, by the words of classes, by the share of links.
//!
//! What a page calls its parts is not what they are. So a name counts only where text and links do not speak against
//! it, and where names would leave out too much of the page, they are not believed ([`Names`]).

use std::collections::{HashMap, HashSet};

use super::element::Element;
use super::fate::{Fate, Fates};
use super::hints::Hints;
use super::measure::{Measures, TextMeasure};
use super::tree::Tree;
use crate::analysis::takes_note;

/// No part with more than this share of the page's prose is left out, in percent, nor are all that only their names
/// speak against.
const MAX_DROPPED_PROSE_PERCENT: u64 = 40;
/// No part with more than this share of the page's text is left out, in percent.
const MAX_DROPPED_PERCENT: u64 = 85;
/// Comments may be longer than the article, if this much prose is left, in characters.
const MIN_LEFT_CHARS: u32 = 400;
/// A note beside the text has fewer links than this, in percent.
const MAX_NOTE_LINK_PERCENT: u32 = 25;
/// What opens when it is asked for is part of the text with fewer links than this, in percent.
const MAX_PANEL_LINK_PERCENT: u32 = 40;

/// So many paragraphs,
const MIN_PROSE_PARAGRAPHS: u32 = 3;
/// that are this share of a part's text, in percent,
const MIN_PROSE_PERCENT: u64 = 80;
/// with no more links in them, in percent, are text of the article whatever the part is called.
const MAX_PROSE_LINK_PERCENT: u32 = 10;

/// Whether the words of classes and ids are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Heeded,
    Unheeded,
}

/// Marks what is left out of a page wherever it stands.
pub(super) fn chrome(tree: &Tree, text: &str, measures: &Measures, names: Names) -> Fates {
    let pruning = Pruning {
        tree,
        text,
        measures,
        names,
        top_headings: (0..tree.nodes.len())
            .filter(|&at| tree.node(at).element == Element::Heading(1))
            .collect(),
        text_classes: text_classes(tree, measures),
        keeps_comments: false,
    };
    let (fates, sums) = pruning.fates();
    let total = measures.under(0).prose;
    let left = total.saturating_sub(sums.comments);
    let keeps_comments = sums.comments > 0 && left < MIN_LEFT_CHARS && sums.comments > left;
    let is_over = percent(sums.named, total) > MAX_DROPPED_PROSE_PERCENT;
    if !keeps_comments && !is_over {
        return fates;
    }
    let names = if is_over { Names::Unheeded } else { names };
    let pruning = Pruning {
        names,
        keeps_comments,
        ..pruning
    };
    pruning.fates().0
}

/// How much prose is left out for what it is called, in characters.
#[derive(Default)]
struct DroppedProse {
    named: u32,
    comments: u32,
}

struct Pruning<'p> {
    tree: &'p Tree,
    text: &'p str,
    measures: &'p Measures,
    names: Names,
    /// The headings of the first rank, in order.
    top_headings: Vec<usize>,
    /// The classes that paragraphs of prose have.
    text_classes: HashSet<u32>,
    /// The page is made of what readers wrote.
    keeps_comments: bool,
}

impl Pruning<'_> {
    fn fates(&self) -> (Fates, DroppedProse) {
        let tree = self.tree;
        let mut fates = Fates::kept(tree.nodes.len());
        let mut sums = DroppedProse::default();
        let mut at = 0;
        while at < tree.nodes.len() {
            let fate = self.fate(at);
            if fate == Fate::Kept {
                at += 1;
                continue;
            }
            let prose = self.measures.under(at).prose;
            match fate {
                Fate::Comments => sums.comments = sums.comments.saturating_add(prose),
                Fate::Chrome if by_name(tree.node(at).element) => {
                    sums.named = sums.named.saturating_add(prose);
                }
                _ => {}
            }
            fates.leave_out(at..tree.end(at), fate);
            at = tree.end(at);
        }
        (fates, sums)
    }

    fn fate(&self, at: usize) -> Fate {
        let (tree, text) = (self.tree, self.text);
        if is_mark(tree, text, at) || is_note(tree, text, at) {
            return Fate::Mark;
        }
        let fate = self.role(at);
        let part = self.measures.under(at);
        match fate == Fate::Kept || may_drop(tree, at, part, self.measures.under(0)) {
            true => fate,
            false => Fate::Kept,
        }
    }

    /// What its element and its hints make of a node.
    fn role(&self, at: usize) -> Fate {
        let node = self.tree.node(at);
        let hidden = match node.hints.any(Hints::HIDDEN) && !self.is_panel(at) {
            true => Fate::Unseen,
            false => Fate::Kept,
        };
        match node.element {
            Element::Nav | Element::Footer | Element::Dialog | Element::Form => Fate::Chrome,
            Element::Annotation | Element::Hidden => Fate::Unseen,
            Element::Aside if self.is_note_beside(at) => hidden,
            Element::Aside => Fate::Chrome,
            Element::Button if self.is_question(at) => hidden,
            Element::Button => Fate::Chrome,
            Element::Text | Element::Html | Element::Body | Element::Main => Fate::Kept,
            Element::Heading(1) | Element::Caption => hidden,
            Element::Quote if node.hints.any(Hints::COMMENTS) => self.comments(),
            Element::Quote => hidden,
            Element::Anchor => {
                let parent = self.tree.node(self.tree.parent(at)).element;
                let is_in_heading = matches!(parent, Element::Heading(_));
                match is_in_heading && node.hints.any(Hints::CHROME) {
                    true => Fate::Chrome,
                    false => hidden,
                }
            }
            Element::Span if self.has_name(at, Hints::CHROME.or(Hints::CAPTION)) => Fate::Chrome,
            Element::Span => hidden,
            _ if node.hints.any(Hints::EMBED) || hidden != Fate::Kept => hidden,
            _ if node.hints.any(Hints::ITEM_BODY) => Fate::Kept,
            _ if self.holds_top_heading(at) => Fate::Kept,
            _ if node.hints.any(Hints::COMMENTS) => self.comments(),
            _ if node.hints.any(Hints::CONSENT) => Fate::Chrome,
            _ if self.has_name(at, Hints::CHROME.or(Hints::ABOUT).or(Hints::CAPTION)) => {
                Fate::Chrome
            }
            _ => Fate::Kept,
        }
    }

    fn comments(&self) -> Fate {
        match self.keeps_comments {
            true => Fate::Kept,
            false => Fate::Comments,
        }
    }

    /// Whether a node has one of these names, and is not a paragraph of prose or begins with a heading of the text.
    fn has_name(&self, at: usize, wanted: Hints) -> bool {
        let node = self.tree.node(at);
        self.names == Names::Heeded
            && node.hints.any(wanted)
            && !self.text_classes.contains(&node.classes)
            && !self.reads_as_prose(at)
            && !self.fills_body(at)
    }

    /// Whether a node has nearly all the prose of what calls itself the body of an article.
    fn fills_body(&self, at: usize) -> bool {
        let parent = self.tree.parent(at);
        let is_body = self
            .tree
            .node(parent)
            .hints
            .any(Hints::BODY.or(Hints::ITEM_BODY));
        let (own, all) = (self.measures.under(at), self.measures.under(parent));
        is_body && own.prose > 0 && percent(own.prose, all.prose) >= MIN_PROSE_PERCENT
    }

    /// Whether a top heading stands under a node: what is named for how it is printed may hold the title.
    fn holds_top_heading(&self, at: usize) -> bool {
        let end = self.tree.end(at);
        let next = self.top_headings.partition_point(|&heading| heading < at);
        self.top_headings
            .get(next)
            .is_some_and(|&heading| heading < end)
    }

    /// Whether a node is a paragraph of prose, or hardly anything but such paragraphs.
    fn reads_as_prose(&self, at: usize) -> bool {
        if self.tree.node(at).element == Element::Paragraph {
            return self.measures.own(at).prose > 0;
        }
        let under = self.measures.under(at);
        under.paragraphs >= MIN_PROSE_PARAGRAPHS
            && under.prose >= MIN_LEFT_CHARS
            && percent(under.prose, under.chars) >= MIN_PROSE_PERCENT
            && under.link_percent() <= MAX_PROSE_LINK_PERCENT
    }

    /// Whether what is hidden is the text of a tab or an answer, rather than a menu.
    fn is_panel(&self, at: usize) -> bool {
        let under = self.measures.under(at);
        self.tree.node(at).hints.any(Hints::PANEL)
            && under.prose > 0
            && under.link_percent() <= MAX_PANEL_LINK_PERCENT
    }

    /// Whether an aside is a note of the article: prose among the paragraphs of the article, without a role of the page.
    fn is_note_beside(&self, at: usize) -> bool {
        let under = self.measures.under(at);
        let beside = self.measures.beside(self.tree.parent(at));
        under.chars > 0
            && under.link_percent() <= MAX_NOTE_LINK_PERCENT
            && !self.has_name(at, Hints::CHROME.or(Hints::ABOUT))
            && beside >= under.chars
    }

    /// Whether a button is the question of an accordion: in a heading, or what opens the text that follows it.
    fn is_question(&self, at: usize) -> bool {
        let parent = self.tree.parent(at);
        if matches!(self.tree.node(parent).element, Element::Heading(_)) {
            return true;
        }
        let next = self.tree.end(at);
        let is_space = |n: usize| {
            let text = self.text.get(self.tree.span(n)).unwrap_or_default();
            self.tree.node(n).element == Element::Text && text.trim().is_empty()
        };
        let next = if next < self.tree.end(parent) && is_space(next) {
            next + 1
        } else {
            next
        };
        let under = self.measures.under(next);
        next < self.tree.end(parent)
            && self.tree.node(at).hints.any(Hints::OPENS)
            && self.tree.node(next).element.is_block()
            && under.prose > 0
            && under.link_percent() <= MAX_PANEL_LINK_PERCENT
    }
}

/// The classes, by their hashes, that several paragraphs of prose have: short ones that have them too are text.
fn text_classes(tree: &Tree, measures: &Measures) -> HashSet<u32> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        let is_prose = node.element == Element::Paragraph && measures.own(at).prose > 0;
        if is_prose && node.classes != 0 {
            *counts.entry(node.classes).or_default() += 1;
        }
    }
    let often = counts
        .into_iter()
        .filter(|(_, count)| *count >= MIN_PROSE_PARAGRAPHS);
    often.map(|(classes, _)| classes).collect()
}

/// Whether an element says nothing of its role itself.
fn by_name(element: Element) -> bool {
    !matches!(
        element,
        Element::Nav
            | Element::Footer
            | Element::Dialog
            | Element::Form
            | Element::Aside
            | Element::Button
    )
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

/// Whether so much may go: an end tag that is missing, or a word on a wrapper, must not cost the article.
fn may_drop(tree: &Tree, at: usize, part: TextMeasure, total: TextMeasure) -> bool {
    let node = tree.node(at);
    let is_annotation = node.element == Element::Annotation;
    if !node.hints.any(Hints::CLOSED) && !node.element.may_lack_end() {
        return false;
    }
    if node.element == Element::Hidden || is_annotation {
        return true;
    }
    let is_sure = Hints::COMMENTS.or(Hints::CONSENT).or(Hints::HIDDEN);
    if node.hints.any(is_sure) && total.prose - part.prose >= MIN_LEFT_CHARS {
        return true;
    }
    percent(part.prose, total.prose) <= MAX_DROPPED_PROSE_PERCENT
        && percent(part.chars, total.chars) <= MAX_DROPPED_PERCENT
}

fn percent(part: u32, total: u32) -> u64 {
    u64::from(part) * 100 / u64::from(total.max(1))
}
