//! Where the metadata of a page is looked for: its article, and the lines around its title.

use super::fate::{Fate, Fates};
use super::measure::Measures;
use super::pieces::{PagePiece, pieces};
use super::tree::Tree;

/// How many nodes before the title are looked at for its line,
const NODES_BEFORE_TITLE: usize = 40;
/// how many behind the first paragraph,
const NODES_BEHIND_TITLE: usize = 16;
/// and how many behind the title in all.
const MAX_NODES_NEAR_TITLE: usize = 400;
/// A longer line is prose, in bytes.
const MAX_LINE_BYTES: usize = 160;

/// Where in a page its metadata is looked for.
pub(super) struct Surroundings<'p> {
    pub(super) tree: &'p Tree,
    pub(super) text: &'p str,
    pub(super) measures: &'p Measures,
    /// What is left out wherever it stands.
    pub(super) chrome: &'p Fates,
    /// The heading of the title.
    pub(super) title: Option<usize>,
    /// The node that holds the article.
    pub(super) root: usize,
}

impl Surroundings<'_> {
    /// The nodes from the title, or from the root without one, to the end of the article.
    pub(super) fn article(&self) -> (usize, usize) {
        let start = self.title.unwrap_or(self.root);
        (start, self.tree.end(self.root).max(self.title.unwrap_or(0)))
    }

    /// The short lines around the title, up to the first paragraphs.
    pub(super) fn near_title(&self) -> Vec<PagePiece<()>> {
        let (start, end) = self.article();
        let from = start.saturating_sub(NODES_BEFORE_TITLE);
        let is_prose = |at: &usize| self.measures.own(*at).prose > 0;
        let lead = (start..end).find(is_prose).unwrap_or(end);
        let to = end
            .min(lead.max(start) + NODES_BEHIND_TITLE)
            .min(start + MAX_NODES_NEAR_TITLE);
        let visible = |at: usize| !matches!(self.chrome.of(at), Fate::Unseen | Fate::Comments);
        let nodes = pieces(
            self.tree,
            self.text,
            self.measures,
            from..to.max(from),
            visible,
        );
        let lines = nodes.into_iter().filter(|piece| piece.key);
        let lines: Vec<PagePiece<()>> = lines.map(PagePiece::without_key).collect();
        let (mut behind, before): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|piece| piece.at >= start);
        // What stands before the title is farther from it the earlier it comes.
        behind.extend(before.into_iter().rev());
        behind.retain(|piece| piece.text.len() <= MAX_LINE_BYTES);
        behind
    }
}
