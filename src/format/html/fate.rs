//! What becomes of each node of a page: it is kept, or left out for a reason.

use std::ops::Range;

/// What becomes of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// Its element, or the names it has, are those of what stands around an article.
    Chrome,
    /// It is not shown.
    Unseen,
    /// Readers wrote it.
    Comments,
    /// The sign of a link, or of a note.
    Mark,
    /// It stands outside of the article.
    Outside,
    /// Links, teasers, calls to subscribe or to share.
    Furniture,
}

/// The fates of the nodes of a page, by their numbers; those beyond the last are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Fates(Vec<Fate>);

impl Fates {
    /// So many nodes, all kept.
    pub(super) fn kept(nodes: usize) -> Fates {
        Fates(vec![Fate::Kept; nodes])
    }

    pub(super) fn of(&self, at: usize) -> Fate {
        self.0.get(at).copied().unwrap_or(Fate::Kept)
    }

    pub(super) fn is_kept(&self, at: usize) -> bool {
        self.of(at) == Fate::Kept
    }

    /// Leaves out those of `nodes` that were kept so far.
    pub(super) fn leave_out(&mut self, nodes: Range<usize>, fate: Fate) {
        let nodes = self.0.get_mut(nodes).unwrap_or_default();
        for kept in nodes.iter_mut().filter(|known| **known == Fate::Kept) {
            *kept = fate;
        }
    }

    /// Gives `nodes` the fates that they have in `other`.
    pub(super) fn copy(&mut self, other: &Fates, nodes: Range<usize>) {
        if let (Some(own), Some(others)) = (self.0.get_mut(nodes.clone()), other.0.get(nodes)) {
            own.copy_from_slice(others);
        }
    }
}
