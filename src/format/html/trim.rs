//! Leaves out, inside an article, what belongs to the page: lists of links, teasers, calls to subscribe or to share.

use super::element::Element;
use super::fate::{Fate, Fates};
use super::hints::Hints;
use super::measure::Measures;
use super::node_text::node_text;
use super::sections;
use super::tree::Tree;
use crate::format::metadata::dates::day_in;

/// A block of links with more text than this is a bibliography rather than a teaser, in characters.
const MAX_TEASER_CHARS: u32 = 240;
/// From this share of links on a block is a teaser, in percent.
const TEASER_LINK_PERCENT: u32 = 85;
/// With less prose than this in its text, a page is no article, in percent.
const MIN_PROSE_PERCENT: u64 = 35;
/// From this share of links on a list or a container without prose is navigation, in percent.
const MENU_LINK_PERCENT: u32 = 55;
/// A line longer than this says more than when, in characters.
const MAX_DATELINE_CHARS: u32 = 60;
/// How many nodes are looked through for the first paragraph.
const MAX_LEAD_NODES: usize = 400;
/// A block longer than this says more than a phrase of the page's, in characters.
const MAX_PHRASE_CHARS: u32 = 160;

/// How a block begins that belongs to the page; in lower case, letters and single spaces.
static PHRASES: [&str; 73] = [
    "advert",
    "advertisement",
    "all rights reserved",
    "also read",
    "also see",
    "anzeige",
    "artikel teilen",
    "auch interessant",
    "click here",
    "click to",
    "comments are closed",
    "compartilhe",
    "copyright 19",
    "copyright 20",
    "continue reading",
    "don t miss",
    "download our app",
    "editor s picks",
    "en savoir plus",
    "facebook twitter",
    "filed under",
    "follow us",
    "get access to",
    "get our",
    "get the latest",
    "have something to add",
    "image credit",
    "join the",
    "lesezeit",
    "keep reading",
    "lea también",
    "leave a comment",
    "lee también",
    "leggi anche",
    "leia mais",
    "leia também",
    "les commentaires",
    "like this",
    "lire aussi",
    "lire la suite",
    "load more",
    "log in to",
    "mehr zum thema",
    "more about",
    "more from",
    "more great",
    "more on",
    "more stories",
    "most popular",
    "most read",
    "no comments",
    "posted in",
    "read also",
    "read more",
    "read next",
    "reading time",
    "recommended",
    "related",
    "report a typo",
    "see also",
    "see more",
    "share on",
    "share this",
    "sign up",
    "story continues below",
    "subscribe",
    "temps de lecture",
    "tempo de leitura",
    "tiempo de lectura",
    "time to read",
    "trending news",
    "you may also",
    "you might also",
];

/// Marks, between `root` and its end, what belongs to the page.
pub(super) fn furniture(
    tree: &Tree,
    text: &str,
    measures: &Measures,
    root: usize,
    fates: &mut Fates,
) {
    let keeps_links = is_made_of_links(tree, measures, root);
    let in_section = sections::rows(tree, measures, root, |heading| {
        is_phrase(tree, text, measures, heading)
    });
    datelines(tree, text, measures, root, fates);
    let mut at = root + 1;
    while at < tree.end(root) {
        let is_in_section = in_section.get(at) == Some(&true);
        let is_heading = is_in_section && matches!(tree.node(at).element, Element::Heading(_));
        let keeps_links = keeps_links || is_in_section;
        if fates.is_kept(at) && !is_heading && is_furniture(tree, text, measures, at, keeps_links) {
            fates.leave_out(at..tree.end(at), Fate::Furniture);
        }
        at = if !fates.is_kept(at) {
            tree.end(at)
        } else {
            at + 1
        };
    }
    lone_headings(tree, measures, root, &in_section, fates);
}

/// Marks the lines before the first paragraph that say nothing but when and by whom.
fn datelines(tree: &Tree, text: &str, measures: &Measures, root: usize, fates: &mut Fates) {
    let is_prose = |at: &usize| measures.own(*at).prose > 0 && fates.is_kept(*at);
    let lead = (root + 1..tree.end(root))
        .take(MAX_LEAD_NODES)
        .find(is_prose);
    let Some(lead) = lead else { return };
    for at in root + 1..lead {
        let (own, under) = (measures.own(at).chars, measures.under(at).chars);
        let element = tree.node(at).element;
        let is_line = own > 0 && own == under && own <= MAX_DATELINE_CHARS;
        let is_text = element.is_block() && !matches!(element, Element::Heading(_) | Element::Cell);
        if is_line && is_text && day_in(&node_text(tree, text, fates, at)).is_some() {
            fates.leave_out(at..tree.end(at), Fate::Furniture);
        }
    }
}

/// Whether what stands under `root` is made of teasers and lists: those of a page without an article are its content.
fn is_made_of_links(tree: &Tree, measures: &Measures, root: usize) -> bool {
    let is_text = |at: usize| {
        matches!(
            tree.node(at).element,
            Element::Paragraph | Element::Heading(2..)
        )
    };
    let (mut teasers, mut all) = (0, 0);
    for at in (root..tree.end(root)).filter(|&at| is_text(at) && measures.own(at).chars > 0) {
        let own = measures.own(at);
        all += 1;
        teasers += usize::from(is_teaser(own.chars, own.link_percent()));
    }
    let under = measures.under(root);
    teasers * 5 >= all * 2
        || u64::from(under.prose) * 100 < u64::from(under.chars) * MIN_PROSE_PERCENT
}

fn is_furniture(
    tree: &Tree,
    text: &str,
    measures: &Measures,
    at: usize,
    keeps_links: bool,
) -> bool {
    let (under, own) = (measures.under(at), measures.own(at));
    if under.chars == 0 || tree.node(at).hints.any(Hints::EMBED) {
        return false;
    }
    match tree.node(at).element {
        Element::List | Element::Container | Element::Header => {
            (!keeps_links
                && under.prose == 0
                && under.link_percent() >= MENU_LINK_PERCENT
                && under.chars > 0)
                || (!keeps_links && is_teaser(under.chars, under.link_percent()))
                || (own.chars > 0 && is_phrase(tree, text, measures, at))
        }
        Element::Paragraph | Element::Heading(2..) | Element::Item => {
            (!keeps_links && is_teaser(under.chars, under.link_percent()))
                || is_phrase(tree, text, measures, at)
        }
        // What a term stands for may be links: only a list of nothing else is a menu.
        Element::Definition => is_phrase(tree, text, measures, at),
        _ => false,
    }
}

fn is_teaser(chars: u32, link_percent: u32) -> bool {
    chars <= MAX_TEASER_CHARS && link_percent >= TEASER_LINK_PERCENT
}

/// Whether the text at a node begins with a phrase of the page's, and is short.
fn is_phrase(tree: &Tree, text: &str, measures: &Measures, at: usize) -> bool {
    if measures.under(at).chars > MAX_PHRASE_CHARS {
        return false;
    }
    let front = front_words(tree, text, at);
    PHRASES.iter().any(|phrase| {
        front.starts_with(phrase)
            && (phrase.ends_with(' ') || !front[phrase.len()..].starts_with(char::is_alphabetic))
    })
}

/// The first letters of a node's text, in lower case, everything else as single spaces.
fn front_words(tree: &Tree, text: &str, at: usize) -> String {
    const MAX_CHARS: usize = 32;
    // Items in items in items would each be read to the innermost one.
    const MAX_NODES: usize = 64;
    let mut front = String::new();
    let texts = (at..tree.end(at))
        .take(MAX_NODES)
        .filter(|&n| tree.node(n).element == Element::Text);
    let chars = texts.flat_map(|n| text.get(tree.span(n)).unwrap_or_default().chars());
    for c in chars.take(4 * MAX_CHARS) {
        if c.is_alphanumeric() {
            front.extend(c.to_lowercase());
        } else if !front.is_empty() && !front.ends_with(' ') {
            front.push(' ');
        }
        if front.len() >= MAX_CHARS {
            break;
        }
    }
    front
}

/// Leaves out a heading when all between it and the next heading, or the end, is left out and was something.
fn lone_headings(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    in_section: &[bool],
    fates: &mut Fates,
) {
    let mut below_is_empty = true;
    let mut dropped_below = false;
    for at in (root + 1..tree.end(root)).rev() {
        let node = tree.node(at);
        match node.element {
            Element::Heading(level) if level > 1 && fates.is_kept(at) => {
                if below_is_empty && dropped_below && in_section.get(at) != Some(&true) {
                    fates.leave_out(at..tree.end(at), Fate::Furniture);
                } else {
                    below_is_empty = true;
                    dropped_below = false;
                }
            }
            Element::Heading(1) => (below_is_empty, dropped_below) = (true, false),
            Element::Text if in_heading(tree, measures, at) => {}
            Element::Text if !fates.is_kept(at) => dropped_below = true,
            Element::Text if fates.is_kept(at) => {
                below_is_empty &= node.span.is_empty();
            }
            _ => {}
        }
    }
}

fn in_heading(tree: &Tree, measures: &Measures, at: usize) -> bool {
    matches!(tree.node(measures.block(at)).element, Element::Heading(_))
}
