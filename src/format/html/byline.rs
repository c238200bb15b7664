//! Reads the names of authors: in the head of a page, in its data, and in the line below its title.

use super::author_names::{
    CONNECTORS, MAX_BYLINE_CHARS, as_name, has_front, may_be_name, reads_as_name,
};
use super::element::Element;
use super::fate::Fates;
use super::hints::Hints;
use super::node_text::{clean, front, node_text};
use super::pieces::PagePiece;
use super::tree::Tree;

/// How many nodes of a byline are read.
const MAX_NODES: usize = 64;

/// The names in a byline: the first piece of its text that reads as a name, and those joined to it.
pub(super) fn names_in(tree: &Tree, text: &str, at: usize) -> Option<String> {
    let linked = (at..tree.end(at)).take(MAX_NODES).find(|&n| {
        let hints = tree.node(n).hints;
        n != at
            && tree.node(n).element == Element::Anchor
            && hints.any(Hints::AUTHOR.or(Hints::AUTHOR_LINK))
    });
    let mut names = String::new();
    let mut is_joined = false;
    let mut skipped = 0;
    for n in (linked.unwrap_or(at)..tree.end(at)).take(MAX_NODES) {
        let node = tree.node(n);
        if n < skipped {
            continue;
        }
        if matches!(
            node.element,
            Element::Time | Element::Hidden | Element::Button
        ) {
            skipped = tree.end(n);
            continue;
        }
        if node.element != Element::Text {
            continue;
        }
        let raw = clean(front(text.get(tree.span(n)).unwrap_or_default()));
        // Names that are marked as such need nothing between them.
        if has_hint(tree, tree.parent(n), Hints::NAME) && !names.is_empty() && !is_joined {
            names.push_str(", ");
            is_joined = true;
        }
        match joined(&raw, names.is_empty(), is_joined) {
            Joined::Name(joint, name) => {
                names.push_str(joint);
                names.push_str(&name);
                is_joined = raw.ends_with([',', '&']);
            }
            Joined::Joint(joint) => {
                names.push_str(joint);
                is_joined = true;
            }
            Joined::Nothing if names.is_empty() => {}
            Joined::Nothing => break,
        }
    }
    let names = names.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')'));
    (!names.is_empty() && names.chars().count() <= MAX_BYLINE_CHARS).then(|| names.to_string())
}

/// What a piece of a byline is.
enum Joined {
    /// A name, and what joins it to those before.
    Name(&'static str, String),
    /// What joins the names before to those behind.
    Joint(&'static str),
    Nothing,
}

fn joined(raw: &str, is_first: bool, is_joined: bool) -> Joined {
    let front = raw.trim_matches(|c: char| c == ',' || c.is_whitespace());
    let joint = match front.to_lowercase() {
        word if word.is_empty() && raw.contains(',') => ", ",
        word if !CONNECTORS.contains(&word.as_str()) => "",
        word if word == "and" => " and ",
        _ => " & ",
    };
    if !joint.is_empty() {
        return match is_first {
            true => Joined::Nothing,
            false => Joined::Joint(joint),
        };
    }
    if is_first {
        return match as_name(raw).filter(|name| reads_as_name(name)) {
            Some(name) => Joined::Name("", name),
            None => Joined::Nothing,
        };
    }
    let (joint, rest) = match raw.strip_prefix("and ") {
        Some(rest) => (" and ", rest),
        None => match raw.strip_prefix(", ") {
            Some(rest) => (", ", rest),
            None if is_joined => ("", raw),
            None => return Joined::Nothing,
        },
    };
    match as_name(rest).filter(|name| reads_as_name(name)) {
        Some(name) => Joined::Name(joint, name),
        None => Joined::Nothing,
    }
}

/// So many nodes that are marked as authors are looked at,
const MAX_MARKED: usize = 100;
/// and so many names.
const MAX_CANDIDATES: usize = 12;

/// The authors that the page may name, the likeliest first: in what it calls the author's, in a line near the title
/// that begins as bylines do, in links to authors' pages.
pub(super) fn candidates<K>(
    tree: &Tree,
    text: &str,
    near: &[PagePiece<K>],
    start: usize,
    end: usize,
) -> Vec<String> {
    let is_author = |at: &usize| has_hint(tree, *at, Hints::AUTHOR);
    let is_link = |at: &usize| has_hint(tree, *at, Hints::AUTHOR_LINK);
    let named = |at: usize| names_in(tree, text, at);
    let whole = |at: usize| as_name(&node_text(tree, text, &Fates::default(), at));
    let line = |piece: &PagePiece<K>| {
        let is_short = piece.text.chars().count() <= MAX_BYLINE_CHARS;
        let is_line = is_short && has_front(&piece.text);
        is_line.then(|| names_in(tree, text, piece.block))?
    };
    let linked = (start..end)
        .filter(is_link)
        .take(MAX_MARKED)
        .filter_map(whole);
    let nicknames = (start..end).filter(is_author).take(MAX_MARKED);
    let nicknames = nicknames.filter_map(whole).filter(|name| may_be_name(name));
    (start..end)
        .filter(is_author)
        .take(MAX_MARKED)
        .filter_map(named)
        .take(MAX_CANDIDATES)
        .chain(near.iter().filter_map(line))
        .chain(
            (0..start.min(end))
                .filter(is_author)
                .take(MAX_MARKED)
                .filter_map(named)
                .take(1),
        )
        .chain(
            linked
                .filter(|name| reads_as_name(name))
                .take(MAX_CANDIDATES),
        )
        .chain(nicknames.take(1))
        .take(2 * MAX_CANDIDATES)
        .collect()
}

/// Whether a node has a hint, and is not what a reader wrote.
fn has_hint(tree: &Tree, at: usize, wanted: Hints) -> bool {
    let hints = tree.node(at).hints;
    hints.any(wanted) && !hints.any(Hints::COMMENTS)
}
