//! Finds the title of a page's article, and the heading it stands in.

use super::element::Element;
use super::hints::Hints;
use super::meta::{PageSays, node_text};
use super::tree::Tree;
use crate::analysis::fold;

/// How many top headings of a page are looked at.
const MAX_HEADINGS: usize = 20;
/// A shorter text inside a longer one says nothing, in bytes.
const MIN_AGREEING_BYTES: usize = 8;
/// What stands between an article's title and the name of its site.
static SEPARATORS: [&str; 9] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " : ",
];

/// A title, and the heading that it was read from.
#[derive(Debug, Default)]
pub(super) struct Title {
    pub(super) text: Option<String>,
    pub(super) heading: Option<usize>,
}

/// The title of a page: the top heading that agrees with what the page says of itself; else what it says; else the
/// first top heading of the page; else `<title>`. The site's name is cut off.
pub(super) fn find(tree: &Tree, text: &str, said: &PageSays, is_dropped: &[bool]) -> Title {
    let headings = top_headings(tree, text, is_dropped);
    let named: Vec<String> = [&said.data.title, &said.title]
        .into_iter()
        .flatten()
        .map(|name| without_site(name, said, &headings))
        .collect();
    let head = said
        .head_title
        .as_ref()
        .map(|name| without_site(name, said, &headings));
    let agreed = if named.is_empty() {
        agreeing(&headings, head.as_slice())
    } else {
        agreeing(&headings, &named)
    };
    if let Some((at, text)) = agreed {
        return Title {
            text: Some(text.clone()),
            heading: Some(*at),
        };
    }
    if let Some(name) = named.into_iter().next() {
        return Title {
            text: Some(name),
            heading: None,
        };
    }
    match headings.first() {
        Some((at, text)) => Title {
            text: Some(text.clone()),
            heading: Some(*at),
        },
        None => Title {
            text: head,
            heading: None,
        },
    }
}

/// The top headings of a page that are seen, with their texts.
fn top_headings(tree: &Tree, text: &str, is_dropped: &[bool]) -> Vec<(usize, String)> {
    (0..tree.nodes.len())
        .filter(|&at| {
            let node = tree.node(at);
            node.element == Element::Heading(1)
                && !node.hints.any(Hints::HIDDEN)
                && is_dropped.get(at) == Some(&false)
        })
        .take(MAX_HEADINGS)
        .map(|at| (at, node_text(tree, text, is_dropped, at)))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// The longest heading that agrees with one of `names`; the first of equals.
fn agreeing<'h>(headings: &'h [(usize, String)], names: &[String]) -> Option<&'h (usize, String)> {
    headings
        .iter()
        .rev()
        .filter(|(_, text)| names.iter().any(|name| agree(text, name)))
        .max_by_key(|(_, text)| text.len())
}

/// Whether two titles are the same, or one is a good part of the other.
fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    short == long
        || (short.len() >= MIN_AGREEING_BYTES
            && short.len() * 2 >= long.len()
            && long.contains(&short))
}

/// A name without that of the site, where the site's own name or a heading confirms the cut.
fn without_site(name: &str, said: &PageSays, headings: &[(usize, String)]) -> String {
    let site = said.site.as_deref().map(fold).unwrap_or_default();
    let is_site = |part: &str| {
        let part = fold(part);
        !site.is_empty() && !part.is_empty() && (site.contains(&part) || part.contains(&site))
    };
    let is_heading = |part: &str| {
        let part = fold(part);
        headings.iter().any(|(_, text)| fold(text) == part)
    };
    for separator in SEPARATORS {
        for (first, last) in [name.rsplit_once(separator), name.split_once(separator)]
            .into_iter()
            .flatten()
        {
            if is_site(last) && !is_site(first) || is_heading(first) {
                return first.trim().to_string();
            }
            if is_site(first) && !is_site(last) || is_heading(last) {
                return last.trim().to_string();
            }
        }
    }
    name.to_string()
}
