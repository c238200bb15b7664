//! The ingredient *nearness*: words of the query that stand near each other count more.
//!
//! Source: after Büttcher, Clarke and Lushman, "Term proximity scoring for ad-hoc retrieval" (2006).

use super::values::{Ranking, RankingSetting};
use crate::query::{Node, Query, Term};

/// What a pair of near words counts beside its words.
pub const NEARNESS: f64 = 0.4;
/// Up to which distance in words a pair is near.
pub const WINDOW: u32 = 64;

/// More than the occurrences of a pair's first word that have the same one of the second word as their nearest count
/// together: 1 + 1/4 + 1/9 + … before it and 1/4 + 1/9 + … behind it, π²/3 − 1 in all. An occurrence of the first word counts
/// 1 at most.
pub const NEAREST: f64 = 2.3;

pub(super) static SETTINGS: [RankingSetting; 1] = [RankingSetting {
    key: "nearness",
    bounds: (0.0, 100.0),
    default: "0.4",
    set: |ranking, value| ranking.nearness = value,
}];

impl Ranking {
    /// What a pair of this idf and frequency adds.
    #[must_use]
    pub fn pair(&self, idf: f64, tf: f64) -> f64 {
        self.nearness * idf * self.saturation(tf)
    }

    /// The most that a pair of this idf adds whose frequency earns `earned`.
    #[must_use]
    pub fn pair_earning(&self, idf: f64, earned: f64) -> f64 {
        self.nearness * idf * earned
    }

    /// The most that a pair of this idf adds, whatever the section.
    #[must_use]
    pub fn pair_bound(&self, idf: f64) -> f64 {
        self.nearness * idf * (self.k1 + 1.0) * (1.0 + 1e-12)
    }
}

/// The pairs of near words of a query, as indexes into [`Query::terms`].
#[must_use]
pub fn pairs(query: &Query) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut next = 0;
    collect_pairs(&query.root, &mut next, &mut found);
    found.sort_unstable();
    found
}

/// Collects the pairs below `node`; `next` is the index of its first term. Returns the term that `node` is.
fn collect_pairs<'a>(
    node: &'a Node,
    next: &mut usize,
    found: &mut Vec<(usize, usize)>,
) -> Option<(usize, &'a Term)> {
    match node {
        Node::Term(term) => {
            *next += 1;
            Some((*next - 1, term))
        }
        Node::And(nodes) | Node::Or(nodes) => {
            let mut last: Option<(usize, &Term)> = None;
            for child in nodes
                .iter()
                .filter(|child| !matches!(child, Node::Not(_)) && !child.is_filter())
            {
                let this = collect_pairs(child, next, found);
                if let (Some((i, a)), Some((j, b))) = (last, this)
                    && a.is_bare
                    && b.is_bare
                    && a.field == b.field
                {
                    found.push((i, j));
                }
                last = this;
            }
            None
        }
        Node::Not(_) | Node::Filter(_) => None,
    }
}
