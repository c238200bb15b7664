//! The best hits so far, in the order that was asked for.

use std::cmp::{Ordering, Reverse};
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
    /// The least that sections score, the lowest on top: the highest ones, as many as are kept, so that as many score no less
    /// than the lowest of them.
    floors: BinaryHeap<Reverse<Floor>>,
    /// What hits score at least that may still be among the best.
    least: f64,
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

/// The least that a section scores.
#[derive(Debug, PartialEq)]
struct Floor(f64);

impl Eq for Floor {}

impl Ord for Floor {
    fn cmp(&self, other: &Floor) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Floor {
    fn partial_cmp(&self, other: &Floor) -> Option<Ordering> {
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
            floors: BinaryHeap::new(),
            least: match options.limit {
                Some(0) => f64::INFINITY,
                _ => f64::NEG_INFINITY,
            },
            matched: 0,
            is_counted: true,
        }
    }

    /// The number of hits kept while looking; other orders than by score need all.
    pub(super) fn keep(&self) -> Option<usize> {
        self.limit.filter(|_| self.sort == Sort::Score)
    }

    /// Learns that a hit, which is told once and will be offered unless it may not be taken any more, scores at least so much.
    pub(super) fn expect(&mut self, least: f64) {
        let Some(keep) = self.keep() else {
            return;
        };
        self.floors.push(Reverse(Floor(least)));
        if self.floors.len() > keep {
            self.floors.pop();
        }
        if self.floors.len() == keep
            && let Some(Reverse(floor)) = self.floors.peek()
        {
            self.least = self.least.max(floor.0);
        }
    }

    /// Whether a hit of at most this score can still be among the best.
    pub(super) fn may_take(&self, bound: f64) -> bool {
        bound >= self.least
    }

    /// As [`Best::may_take`], of a hit at this place: the rank of its path and its order in the article. Of equal hits those
    /// at earlier places are better.
    pub(super) fn may_take_at(&self, bound: f64, place: impl FnOnce() -> (u32, u32)) -> bool {
        let full = self.keep().filter(|&keep| self.kept.len() >= keep);
        match full.and_then(|_| self.kept.peek()) {
            Some(worst) if bound == worst.hit.score => {
                self.may_take(bound) && place() < (worst.rank, worst.hit.order)
            }
            _ => self.may_take(bound),
        }
    }

    pub(super) fn offer(&mut self, hit: Hit, rank: u32) {
        self.kept.push(Ranked { hit, rank });
        let Some(keep) = self.keep() else {
            return;
        };
        if self.kept.len() > keep {
            self.kept.pop();
        }
        if self.kept.len() == keep
            && let Some(worst) = self.kept.peek()
        {
            self.least = self.least.max(worst.hit.score);
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
