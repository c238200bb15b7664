//! What is seen of a page: where its article stands, and what is left out of it.

use super::content::{self, Area};
use super::element::Element;
use super::fate::{Fate, Fates};
use super::measure::Measures;
use super::meta::{self, PageSays};
use super::prune::{self, Names};
use super::title::{self, Title};
use super::tree::Tree;
use super::trim;

/// With less prose than this share of the page's, a page is read again, in percent.
const THIN_PERCENT: u32 = 50;
/// Another reading is better with so many times the prose.
pub(super) const BETTER_TIMES: u32 = 2;
/// What is seen of a page.
pub(super) struct View {
    /// The measures of all of the page.
    pub(super) whole: Measures,
    pub(super) said: PageSays,
    pub(super) title: Title,
    /// What is left out wherever it stands.
    pub(super) chrome: Fates,
    /// What is left out of the article.
    pub(super) fates: Fates,
    /// The node that holds the article.
    pub(super) root: usize,
    /// The prose that is kept, in characters.
    pub(super) prose: u32,
}

impl View {
    /// Sees a page by the names that it gives to its parts; where that leaves little, without them.
    pub(super) fn of(tree: &Tree, text: &str) -> View {
        let whole = Measures::of(tree, text, &Fates::default());
        let all = u64::from(whole.under(0).prose);
        let named = View::with(tree, text, whole, Names::Heeded);
        if u64::from(named.prose) * 100 >= all * u64::from(THIN_PERCENT) {
            return named;
        }
        let whole = Measures::of(tree, text, &Fates::default());
        let plain = View::with(tree, text, whole, Names::Unheeded);
        match plain.prose > named.prose.saturating_mul(BETTER_TIMES) {
            true => plain,
            false => named,
        }
    }

    fn with(tree: &Tree, text: &str, whole: Measures, names: Names) -> View {
        let chrome = prune::chrome(tree, text, &whole, names);
        let measures = Measures::of(tree, text, &chrome);
        let said = meta::said(tree, text);
        let title = title::find(tree, text, &said, &chrome);
        let Area { root, parts } = content::area(tree, &measures, title.heading);
        let mut fates = chrome.clone();
        fates.leave_out(0..root, Fate::Outside);
        fates.leave_out(tree.end(root)..tree.nodes.len(), Fate::Outside);
        keep_figures(tree, title.heading, root, &chrome, &mut fates);
        leave_out_between(tree, &measures, root, &parts, &mut fates);
        trim::furniture(tree, text, &measures, root, &mut fates);
        let is_top = |at: &usize| tree.node(*at).element == Element::Heading(1);
        if let Some(heading) = title.heading.filter(is_top) {
            fates.copy(&chrome, heading..tree.end(heading));
        }
        View {
            prose: measures.kept_prose(&fates),
            whole,
            said,
            title,
            chrome,
            fates,
            root,
        }
    }
}

/// Keeps the pictures, with their captions, that stand between the title and the text.
fn keep_figures(tree: &Tree, title: Option<usize>, root: usize, chrome: &Fates, fates: &mut Fates) {
    let mut at = title.map_or(root, |heading| tree.end(heading));
    while at < root {
        let end = tree.end(at);
        if tree.node(at).element == Element::Figure && end <= root {
            fates.copy(chrome, at..end);
            at = end;
        } else {
            at += 1;
        }
    }
}

/// Leaves out what stands between the parts of an article, but for headings.
fn leave_out_between(
    tree: &Tree,
    measures: &Measures,
    root: usize,
    parts: &[usize],
    fates: &mut Fates,
) {
    let Some(&first) = parts.first() else {
        return;
    };
    let mut next = parts.iter().copied().peekable();
    let mut at = root;
    while at < tree.end(root) {
        if next.next_if_eq(&at).is_some() {
            at = tree.end(at);
            continue;
        }
        let block = tree.node(measures.block(at)).element;
        let is_heading =
            matches!(block, Element::Heading(_)) && at > first && next.peek().is_some();
        if tree.node(at).element == Element::Text && !is_heading {
            fates.leave_out(at..at + 1, Fate::Outside);
        }
        at += 1;
    }
}
