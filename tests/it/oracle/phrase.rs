//! Where the words of a phrase stand together and how near two words stand, by trying every assignment.

use std::collections::BTreeSet;

/// One place where a phrase occurs, by positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// The first position of a word of the phrase.
    pub(super) first: u32,
    /// The last position of a word of the phrase.
    pub(super) last: u32,
}

/// The occurrences of a phrase whose word `i` stands at the positions `lists[i]`.
///
/// Every pᵢ − i is tried as an offset o, in ascending order; at each, of the matches behind the last occurrence with
/// o ≤ pᵢ − i ≤ o + slop, the one with the smallest p₀, then p₁ and so on is taken.
pub(super) fn spots(lists: &[Vec<u32>], slop: u32) -> Vec<Spot> {
    let matches = all_matches(lists, slop);
    let of_word =
        |(i, list): (usize, &Vec<u32>)| list.iter().map(|&p| offset_of(i, p)).collect::<Vec<_>>();
    let offsets: BTreeSet<i64> = lists.iter().enumerate().flat_map(of_word).collect();
    let mut found: Vec<Spot> = Vec::new();
    for offset in offsets {
        let fits = |m: &&Vec<u32>| {
            let is_behind = found
                .last()
                .is_none_or(|spot| m.iter().all(|&p| p > spot.last));
            is_behind && moves(m).all(|moved| offset <= moved && moved <= offset + i64::from(slop))
        };
        if let Some(taken) = matches.iter().filter(fits).min() {
            let (first, last) = (taken.iter().min(), taken.iter().max());
            found.extend(first.zip(last).map(|(&first, &last)| Spot { first, last }));
        }
    }
    found
}

/// pᵢ − i.
fn offset_of(i: usize, position: u32) -> i64 {
    i64::from(position) - i64::try_from(i).expect("few words")
}

/// The pᵢ − i of an assignment of positions.
fn moves(assignment: &[u32]) -> impl Iterator<Item = i64> {
    assignment.iter().enumerate().map(|(i, &p)| offset_of(i, p))
}

/// Every assignment of distinct positions with max(pᵢ − i) − min(pᵢ − i) ≤ slop.
fn all_matches(lists: &[Vec<u32>], slop: u32) -> Vec<Vec<u32>> {
    let mut partial: Vec<Vec<u32>> = vec![Vec::new()];
    for list in lists {
        let mut longer = Vec::new();
        for assignment in &partial {
            for &position in list {
                let mut next = assignment.clone();
                next.push(position);
                if !assignment.contains(&position) && spread(&next) <= i64::from(slop) {
                    longer.push(next);
                }
            }
        }
        partial = longer;
    }
    partial
}

fn spread(assignment: &[u32]) -> i64 {
    let (low, high) = (moves(assignment).min(), moves(assignment).max());
    low.zip(high).map_or(0, |(low, high)| high - low)
}

/// The sum over the positions of the first word of 1/d², d being the distance to the nearest other position of the
/// second word, counted one more where that stands before; distances above `window` left out.
pub(super) fn near(first: &[u32], second: &[u32], window: u32) -> f64 {
    let distance = |p: u32, q: u32| if q > p { q - p } else { p - q + 1 };
    let mut sum = 0.0;
    for &p in first {
        let nearest = second
            .iter()
            .filter(|&&q| q != p)
            .map(|&q| distance(p, q))
            .min();
        if let Some(d) = nearest.filter(|&d| d <= window) {
            sum += 1.0 / (f64::from(d) * f64::from(d));
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Spot, near, spots};
    use crate::cases::cases;
    use excerpt::query::{nearness, occurrences};
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    fn positions(most: usize) -> impl Strategy<Value = Vec<u32>> {
        btree_set(0u32..14, 0..most).prop_map(|set| set.into_iter().collect())
    }

    /// Words whose positions are apart, as different words' are, or shared, as a repeated word's or a prefix's.
    fn phrase() -> impl Strategy<Value = Vec<Vec<u32>>> {
        let repeated = (positions(7), 2..4usize).prop_map(|(list, times)| vec![list; times]);
        prop_oneof![vec(positions(6), 2..5), repeated]
    }

    proptest! {
        #![proptest_config(cases(3_000))]

        #[test]
        fn a_phrase_occurs_where_trying_every_assignment_finds_it(lists in phrase(), slop in 0u32..7) {
            let slices: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
            let found: Vec<Spot> =
                occurrences(&slices, slop).iter().map(|o| Spot { first: o.first, last: o.last }).collect();
            prop_assert_eq!(found, spots(&lists, slop));
        }

        #[test]
        fn nearness_is_what_all_distances_give(first in positions(9), second in positions(9), window in 1u32..9) {
            prop_assert_eq!(nearness(&first, &second, window).to_bits(), near(&first, &second, window).to_bits());
        }
    }
}
