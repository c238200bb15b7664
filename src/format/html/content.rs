//! Finds the part of a page that is its article.

use super::element::Element;
use super::hints::Hints;
use super::measure::Measures;
use super::tree::Tree;

/// The article is looked for in a child that has at least this share of the prose, in percent.
const MAIN_CHILD_PERCENT: u32 = 80;
/// The only part that calls itself the article needs so much text, in characters,
const MIN_MARKED_CHARS: u32 = 140;
/// and no more links in it than these, in percent.
const MAX_MARKED_LINK_PERCENT: u32 = 40;
/// Parts that call themselves the article's are one article if they hold this share of what holds them, in percent.
const TOGETHER_PERCENT: u32 = 80;
/// So many times the prose of any other article on the page makes one the page's article.
const LEADING_TIMES: u32 = 4;
/// One of several parts that call themselves the article's needs this share, in percent.
const MARKED_PERCENT: u32 = 45;

/// The node that holds the article, the narrowest one that does; `title` is the heading of its title.
pub(super) fn root(tree: &Tree, measures: &Measures, title: Option<usize>) -> usize {
    let mut root = 0;
    for marks in [is_main, is_article, is_body] {
        let outermost = outermost(tree, measures, root, marks);
        let titled = outermost
            .iter()
            .copied()
            .find(|&at| marks(tree, at) && title.is_some_and(|t| at < t && t < tree.end(at)));
        root = match outermost.as_slice() {
            [] => root,
            [only] => *only,
            several => titled
                .or_else(|| leading(measures, several).filter(|&at| is_article(tree, at)))
                .or_else(|| together(tree, measures, several))
                .or_else(|| largest(tree, measures, root, marks))
                .unwrap_or(root),
        };
    }
    narrow(tree, measures, root)
}

fn is_main(tree: &Tree, at: usize) -> bool {
    tree.node(at).element == Element::Main || tree.node(at).hints.any(Hints::MAIN)
}

fn is_article(tree: &Tree, at: usize) -> bool {
    tree.node(at).element == Element::Article
}

fn is_body(tree: &Tree, at: usize) -> bool {
    tree.node(at).hints.any(Hints::BODY.or(Hints::ITEM_BODY))
        && matches!(
            tree.node(at).element,
            Element::Container | Element::Article | Element::Main | Element::Cell | Element::Header
        )
}

/// The nodes under `root` that are marked and have some text, but for those inside others.
fn outermost(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    is_marked: fn(&Tree, usize) -> bool,
) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = root + 1;
    while at < tree.end(root) {
        let under = measures.under(at);
        let has_text = under.chars >= MIN_MARKED_CHARS
            && under.prose > 0
            && under.link_percent() <= MAX_MARKED_LINK_PERCENT;
        if has_text && is_marked(tree, at) {
            found.push(at);
            at = tree.end(at);
        } else {
            at += 1;
        }
    }
    found
}

/// The part that has far more prose than any other.
fn leading(measures: &Measures, parts: &[usize]) -> Option<usize> {
    let prose = |at: usize| measures.under(at).prose;
    let first = *parts.iter().max_by_key(|&&at| prose(at))?;
    let others = parts.iter().filter(|&&at| at != first);
    let second = others.map(|&at| prose(at)).max().unwrap_or(0);
    (prose(first) >= second.saturating_mul(LEADING_TIMES)).then_some(first)
}

/// The node that holds all of `parts` and hardly any other prose: an article in several parts.
fn together(tree: &Tree, measures: &Measures, parts: &[usize]) -> Option<usize> {
    let (&first, &last) = (parts.first()?, parts.last()?);
    let mut whole = tree.parent(first);
    while tree.end(whole) < tree.end(last) {
        whole = tree.parent(whole);
    }
    let marked: u32 = parts.iter().map(|&at| measures.under(at).prose).sum();
    (marked >= percent_of(measures.under(whole).prose, TOGETHER_PERCENT)).then_some(whole)
}

/// The marked node under `root` that has the most prose, if it has enough; of nested ones the innermost that loses
/// nothing.
fn largest(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    is_marked: fn(&Tree, usize) -> bool,
) -> Option<usize> {
    let prose = |at: usize| measures.under(at).prose;
    let least = percent_of(prose(root), MARKED_PERCENT);
    (root + 1..tree.end(root))
        .filter(|&at| is_marked(tree, at) && prose(at) > 0 && prose(at) >= least)
        .max_by_key(|&at| (prose(at), at))
}

/// Goes down as long as one child holds nearly all the prose.
fn narrow(tree: &Tree, measures: &Measures, from: usize) -> usize {
    let mut root = from;
    loop {
        let prose = |at: usize| measures.under(at).prose;
        let Some(child) = tree.children(root).max_by_key(|&at| prose(at)) else {
            return root;
        };
        let is_part = tree.node(child).element.is_block()
            && measures.under(child).paragraphs > 1
            && prose(child) > 0;
        if !is_part || prose(child) < percent_of(prose(root), MAIN_CHILD_PERCENT) {
            return root;
        }
        root = child;
    }
}

fn percent_of(whole: u32, percent: u32) -> u32 {
    (u64::from(whole) * u64::from(percent) / 100) as u32
}
