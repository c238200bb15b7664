//! Finds the sections of an article that stand in one row: one of them may hold nothing but links ("See also") and is
//! still part of it.

use super::element::Element;
use super::hints::Hints;
use super::measure::Measures;
use super::tree::Tree;

/// Prose has fewer links than this, in percent.
const MAX_LINK_PERCENT: u32 = 40;

/// Which nodes below `root` belong to such a section, by their numbers: headings, and what stands below them.
/// `is_call` tells the headings of a page's own parts.
pub(super) fn rows(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    is_call: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut belongs = vec![false; tree.nodes.len()];
    for parent in root..tree.end(root) {
        let is_holder = matches!(
            tree.node(parent).element,
            Element::Container | Element::Article | Element::Main | Element::Body | Element::Html
        );
        let ranks = match is_holder {
            true => ranks_of_prose(tree, measures, parent),
            false => continue,
        };
        if ranks == Ranks::default() {
            continue;
        }
        let mut is_below = false;
        for child in tree.children(parent) {
            if let Some((heading, rank)) = heading_of(tree, child) {
                let is_named = tree.id(heading).is_some()
                    || tree.node(child).hints.any(Hints::SECTION)
                    || !is_call(heading);
                is_below = ranks.has(rank, child, heading) && is_named;
            }
            // What a part further out has taken is taken whole.
            let is_new = is_below && belongs.get(child) == Some(&false);
            if let Some(children) = belongs.get_mut(child..tree.end(child)).filter(|_| is_new) {
                children.fill(true);
            }
        }
    }
    belongs
}

/// The heading that a child is or begins with, below the first rank.
fn heading_of(tree: &Tree, child: usize) -> Option<(usize, u8)> {
    let heading = tree.first_heading(child)?;
    match tree.node(heading).element {
        Element::Heading(rank) if rank > 1 => Some((heading, rank)),
        _ => None,
    }
}

/// The ranks of the headings with prose below them, apart for headings among the text and for those of parts.
#[derive(Default, PartialEq, Eq)]
struct Ranks {
    among_text: u8,
    of_parts: u8,
}

impl Ranks {
    fn add(&mut self, rank: u8, is_part: bool) {
        match is_part {
            true => self.of_parts |= 1 << rank,
            false => self.among_text |= 1 << rank,
        }
    }

    fn has(&self, rank: u8, child: usize, heading: usize) -> bool {
        match child == heading {
            true => self.among_text & (1 << rank) != 0,
            false => self.of_parts & (1 << rank) != 0,
        }
    }
}

fn ranks_of_prose(tree: &Tree, measures: &Measures, parent: usize) -> Ranks {
    let mut ranks = Ranks::default();
    let mut last = None;
    for child in tree.children(parent) {
        let under = measures.under(child);
        let is_prose = under.prose > 0 && under.link_percent() <= MAX_LINK_PERCENT;
        match heading_of(tree, child) {
            Some((heading, rank)) if heading == child => last = Some(rank),
            Some((_, rank)) => {
                last = None;
                if is_prose {
                    ranks.add(rank, true);
                }
            }
            None => {
                if let Some(rank) = last.filter(|_| is_prose) {
                    ranks.add(rank, false);
                }
            }
        }
    }
    ranks
}
