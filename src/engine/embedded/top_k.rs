//! The best hits so far, in the order that was asked for.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::catalog::Catalog;
use crate::engine::{Hit, Hits, SearchOptions, Sort};

/// The best hits so far.
pub(super) struct Best<'a> {
    limit: Option<usize>,
    sort: Sort,
    catalog: &'a Catalog,
    /// The worst on top; all hits where there is no limit or another order than by score.
    kept: BinaryHeap<Ranked>,
    pub(super) matched: u64,
    /// Whether that is all.
    pub(super) is_counted: bool,
}

/// A hit and the rank of its path; greater is worse.
#[derive(Debug, PartialEq)]
struct Ranked {
    hit: Hit,
    rank: u32,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        let by_place = (self.rank, self.hit.order).cmp(&(other.rank, other.hit.order));
        other.hit.score.total_cmp(&self.hit.score).then(by_place)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Best<'a> {
    pub(super) fn new(catalog: &'a Catalog, options: &SearchOptions) -> Best<'a> {
        Best {
            limit: options.limit,
            sort: options.sort,
            catalog,
            kept: BinaryHeap::new(),
            matched: 0,
            is_counted: true,
        }
    }

    /// The number of hits kept while looking; other orders than by score need all.
    pub(super) fn keep(&self) -> Option<usize> {
        self.limit.filter(|_| self.sort == Sort::Score)
    }

    /// Whether a hit of at most this score can still be among the best.
    pub(super) fn may_take(&self, bound: f64) -> bool {
        match self.keep() {
            None => true,
            Some(0) => false,
            Some(keep) => {
                self.kept.len() < keep
                    || self
                        .kept
                        .peek()
                        .is_none_or(|worst| bound >= worst.hit.score)
            }
        }
    }

    /// As [`Best::may_take`], of a hit at this place: the rank of its path and its order in the article. Of equal hits those
    /// at earlier places are better.
    pub(super) fn may_take_at(&self, bound: f64, place: impl FnOnce() -> (u32, u32)) -> bool {
        let full = self.keep().filter(|&keep| self.kept.len() >= keep);
        match full.and_then(|_| self.kept.peek()) {
            Some(worst) if bound == worst.hit.score => place() < (worst.rank, worst.hit.order),
            _ => self.may_take(bound),
        }
    }

    pub(super) fn offer(&mut self, hit: Hit, rank: u32) {
        self.kept.push(Ranked { hit, rank });
        if self.keep().is_some_and(|keep| self.kept.len() > keep) {
            self.kept.pop();
        }
    }

    pub(super) fn finish(self) -> Hits {
        let mut kept = self.kept.into_sorted_vec();
        match self.sort {
            Sort::Score => {}
            Sort::Path => kept.sort_by_key(|r| (r.rank, r.hit.order)),
            Sort::Date => kept.sort_by_cached_key(|r| {
                let date = self
                    .catalog
                    .article(r.hit.article.0)
                    .and_then(|article| article.metadata.date);
                (std::cmp::Reverse(date), r.rank, r.hit.order)
            }),
        }
        kept.truncate(self.limit.unwrap_or(usize::MAX));
        Hits {
            hits: kept.into_iter().map(|r| r.hit).collect(),
            matched: self.matched,
            is_counted: self.is_counted,
            ..Hits::default()
        }
    }
}
