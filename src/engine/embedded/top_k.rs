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
    /// The highest lower bounds of hits, as many as are kept, the lowest on top: as many hits score no less than that.
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

    /// Notes that a hit scores at least `least`, once for each hit. It is offered later, if it may be taken then.
    pub(super) fn expect(&mut self, least: f64) {
        let Some(keep) = self.keep() else {
            return;
        };
        self.floors.push(Reverse(Floor(least)));
        if self.floors.len() > keep {
            self.floors.pop();
        }
        let lowest = self.floors.peek().map(|Reverse(floor)| floor.0);
        self.rise(lowest.filter(|_| self.floors.len() == keep));
    }

    /// As many hits as are kept score at least so much.
    fn rise(&mut self, least: Option<f64>) {
        self.least = least.map_or(self.least, |least| self.least.max(least));
    }

    /// Whether a hit of at most this score can still be among the best.
    pub(super) fn may_take(&self, bound: f64) -> bool {
        bound >= self.least
    }

    /// As [`Best::may_take`], of a hit at this place: the rank of its path and its order in the article. Of equal hits those
    /// at earlier places are better.
    pub(super) fn may_take_at(&self, bound: f64, place: impl FnOnce() -> (u32, u32)) -> bool {
        let full = self.keep().filter(|&keep| self.kept.len() >= keep);
        let worst = full.and_then(|_| self.kept.peek());
        let is_better =
            |worst: &Ranked| bound != worst.hit.score || place() < (worst.rank, worst.hit.order);
        self.may_take(bound) && worst.is_none_or(is_better)
    }

    pub(super) fn offer(&mut self, hit: Hit, rank: u32) {
        self.kept.push(Ranked { hit, rank });
        let Some(keep) = self.keep() else {
            return;
        };
        if self.kept.len() > keep {
            self.kept.pop();
        }
        let worst = self.kept.peek().map(|worst| worst.hit.score);
        self.rise(worst.filter(|_| self.kept.len() == keep));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ArticleKey, SectionKey};

    fn hit(score: f64, order: u32) -> Hit {
        Hit {
            score,
            article: ArticleKey(0),
            order,
            key: SectionKey(u64::from(order)),
        }
    }

    #[test]
    fn what_the_best_score_at_least_is_told_by_hits_and_by_low_bounds() {
        let catalog = Catalog::empty();
        let options = SearchOptions {
            limit: Some(2),
            ..SearchOptions::default()
        };
        let mut best = Best::new(&catalog, &options);
        best.expect(3.0);
        assert!(best.may_take(0.0), "one section is not two");
        best.expect(1.0);
        assert!(best.may_take(1.0) && !best.may_take(0.9));
        // Two sections score 3 and 2 at least.
        best.expect(2.0);
        assert!(best.may_take(2.0) && !best.may_take(1.9));
        best.offer(hit(3.5, 1), 7);
        best.offer(hit(2.5, 2), 7);
        assert!(best.may_take(2.5) && !best.may_take(2.4));
        // Of equal hits the earlier one is better.
        assert!(best.may_take_at(2.5, || (7, 1)) && !best.may_take_at(2.5, || (7, 3)));
        best.offer(hit(2.5, 0), 7);
        let orders: Vec<u32> = best.finish().hits.iter().map(|hit| hit.order).collect();
        assert_eq!(orders, [1, 0]);
    }

    #[test]
    fn hits_in_another_order_are_all_kept_and_none_is_where_none_is_asked_for() {
        let catalog = Catalog::empty();
        let with = |limit, sort| SearchOptions {
            limit: Some(limit),
            sort,
            ..SearchOptions::default()
        };
        let mut by_path = Best::new(&catalog, &with(1, Sort::Path));
        by_path.expect(3.0);
        by_path.offer(hit(3.0, 5), 2);
        assert!(by_path.may_take(0.1));
        by_path.offer(hit(0.1, 5), 1);
        assert_eq!(by_path.finish().hits, [hit(0.1, 5)]);
        assert!(!Best::new(&catalog, &with(0, Sort::Score)).may_take(1e9));
    }
}
