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
/// One that holds the title, too, needs this part of the prose of the longest.
const MIN_TITLED_PART: u32 = 3;
/// Parts that call themselves the article's are one article if they hold this share of what holds them, in percent.
const TOGETHER_PERCENT: u32 = 80;
/// So many times the prose of any other article on the page makes one the page's article.
const LEADING_TIMES: u32 = 4;
/// The only part that calls itself the article has at least this part of the prose.
const MIN_ONLY_PART: u32 = 6;
/// The marks of bodies are looked for last.
const BODIES: usize = 2;
/// One of several parts that call themselves the article's needs this share, in percent.
const MARKED_PERCENT: u32 = 45;

/// Where the article stands.
#[derive(Debug, Default)]
pub(super) struct Area {
    /// The node that holds it.
    pub(super) root: usize,
    /// The nodes inside that hold its text, in order, where other text stands between them.
    pub(super) parts: Vec<usize>,
}

/// Finds the article: the narrowest node that holds it; `title` is the heading of its title.
pub(super) fn area(tree: &Tree, measures: &Measures, title: Option<usize>) -> Area {
    let mut root = 0;
    let mut is_marked = false;
    let mut parts = Vec::new();
    for (order, marks) in [is_main, is_article, is_body].into_iter().enumerate() {
        let outermost = outermost(tree, measures, root, marks);
        let titled = outermost
            .iter()
            .copied()
            .find(|&at| marks(tree, at) && title.is_some_and(|t| at < t && t < tree.end(at)));
        // The head of an article, which is marked as its body is, holds the title and little else.
        let prose = |at: usize| measures.under(at).prose;
        let most = outermost.iter().map(|&at| prose(at)).max().unwrap_or(0);
        let titled =
            titled.filter(|&at| is_article(tree, at) || prose(at) >= most / MIN_TITLED_PART);
        let found = match outermost.as_slice() {
            [] => continue,
            [only] if prose(*only) < prose(root) / MIN_ONLY_PART => continue,
            [only] => *only,
            several => {
                parts = match order {
                    BODIES => alike(tree, several, title),
                    _ => Vec::new(),
                };
                let whole = parts.first().map(|_| common(tree, &parts));
                whole
                    .or(titled)
                    .or_else(|| leading(measures, several).filter(|&at| is_article(tree, at)))
                    .or_else(|| together(tree, measures, several))
                    .or_else(|| largest(tree, measures, root, marks, is_marked))
                    .unwrap_or(root)
            }
        };
        is_marked |= found != root && order > 0;
        root = found;
    }
    if parts.is_empty() {
        root = narrow(tree, measures, root, is_marked);
    }
    Area { root, parts }
}

/// Of several bodies those that are one article in parts: they have the same classes, and no other title stands between
/// them.
fn alike(tree: &Tree, bodies: &[usize], title: Option<usize>) -> Vec<usize> {
    let start = title.unwrap_or(0);
    let mut after = bodies.iter().copied().filter(|&at| tree.end(at) > start);
    let Some(first) = after.next() else {
        return Vec::new();
    };
    let classes = tree.node(first).classes;
    let is_top = |at: &usize| tree.node(*at).element == Element::Heading(1);
    let next_title = (first.max(start + 1)..tree.nodes.len()).find(is_top);
    let next_title = next_title.unwrap_or(tree.nodes.len());
    let mut parts = vec![first];
    parts.extend(after.filter(|&at| at < next_title && tree.node(at).classes == classes));
    match parts.len() > 1 && classes != 0 {
        true => parts,
        false => Vec::new(),
    }
}

/// The innermost node that holds all of `parts`, which are in order.
fn common(tree: &Tree, parts: &[usize]) -> usize {
    let (first, last) = (parts.first().copied(), parts.last().copied());
    let mut whole = first.map_or(0, |first| tree.parent(first));
    while whole > 0 && tree.end(whole) < last.map_or(0, |last| tree.end(last)) {
        whole = tree.parent(whole);
    }
    whole
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
    let whole = common(tree, parts);
    let marked: u32 = parts.iter().map(|&at| measures.under(at).prose).sum();
    (marked >= percent_of(measures.under(whole).prose, TOGETHER_PERCENT)).then_some(whole)
}

/// The marked node under `root` that has the most prose, if it has enough; of nested ones the innermost that loses
/// nothing.
fn largest(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    marks: fn(&Tree, usize) -> bool,
    is_marked: bool,
) -> Option<usize> {
    let prose = |at: usize| measures.under(at).prose;
    let percent = if is_marked {
        TOGETHER_PERCENT
    } else {
        MARKED_PERCENT
    };
    let least = percent_of(prose(root), percent);
    (root + 1..tree.end(root))
        .filter(|&at| marks(tree, at) && prose(at) > 0 && prose(at) >= least)
        .max_by_key(|&at| (prose(at), at))
}

/// Goes down as long as one child holds nearly all the prose.
fn narrow(tree: &Tree, measures: &Measures, from: usize, is_marked: bool) -> usize {
    let mut root = from;
    loop {
        let prose = |at: usize| measures.under(at).prose;
        let Some(child) = tree.children(root).max_by_key(|&at| prose(at)) else {
            return root;
        };
        if is_marked && has_lead(tree, measures, root, child) {
            return root;
        }
        if is_one_of_several(tree, measures, root, child) {
            return root;
        }
        let is_part = tree.node(child).element.is_block()
            && measures.under(child).paragraphs > 1
            && prose(child) > 0;
        if !is_part || prose(child) < percent_of(prose(root), MAIN_CHILD_PERCENT) {
            return root;
        }
        root = child;
    }
}

/// Whether prose stands before a child: the lead of an article whose other paragraphs have a holder of their own.
fn has_lead(tree: &Tree, measures: &Measures, parent: usize, child: usize) -> bool {
    let before = tree.children(parent).take_while(|&at| at < child);
    before.into_iter().any(|at| measures.under(at).prose > 0)
}

/// Whether a child is one section of several that make up an article: they begin with headings of one rank, or have the
/// same classes, and hold text rather than links.
fn is_one_of_several(tree: &Tree, measures: &Measures, parent: usize, child: usize) -> bool {
    let rank = |at: usize| match tree.node(tree.first_heading(at)?).element {
        Element::Heading(rank) if rank > 1 => Some(rank),
        _ => None,
    };
    let own = (rank(child), tree.node(child));
    let is_like = |at: usize| {
        let (node, under) = (tree.node(at), measures.under(at));
        let is_same = own.1.classes != 0 && own.1.classes == node.classes && under.prose > 0;
        at != child
            && (own.0.is_some() && own.0 == rank(at) || is_same && own.1.element == node.element)
            && under.chars > 0
            && under.link_percent() <= MAX_MARKED_LINK_PERCENT
    };
    tree.children(parent).any(is_like)
}

fn percent_of(whole: u32, percent: u32) -> u32 {
    (u64::from(whole) * u64::from(percent) / 100) as u32
}
