//! Where the words of a phrase stand together, and how near two words stand: arithmetic on positions.

/// One place where a phrase occurs, by the positions of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The first position of a word of the phrase.
    pub first: u32,
    /// The last position of a word of the phrase.
    pub last: u32,
}

/// The occurrences of a phrase, left to right and without overlap. `positions[i]` are the positions of word `i`,
/// ascending.
///
/// A match gives each word i a position pᵢ, all distinct, with max(pᵢ − i) − min(pᵢ − i) ≤ `slop`. Every
/// pᵢ − i of every word is tried as an offset o, in ascending order; at each, the match with the smallest p₀, then p₁
/// and so on is taken among those whose positions all lie behind the last occurrence and satisfy
/// o ≤ pᵢ − i ≤ o + `slop`.
///
/// Source: Lucene, `PhraseQuery.setSlop` ("the number of other words permitted between words in query phrase", a
/// move being one position of one word).
#[must_use]
pub fn occurrences(positions: &[&[u32]], slop: u32) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = Vec::new();
    if slop == 0 {
        each_run(positions, |run| found.push(run));
        return found;
    }
    let mut offsets: Vec<i64> = Vec::new();
    for (i, list) in positions.iter().enumerate() {
        offsets.extend(list.iter().map(|&p| i64::from(p) - i as i64));
    }
    offsets.sort_unstable();
    offsets.dedup();
    for offset in offsets {
        let after = found.last().map_or(-1, |o| i64::from(o.last));
        if let Some(occurrence) = occurrence_at(positions, offset, i64::from(slop), after) {
            found.push(occurrence);
        }
    }
    found
}

/// How many [`occurrences`] there are.
#[must_use]
pub fn count_occurrences<L: AsRef<[u32]>>(positions: &[L], slop: u32) -> usize {
    if slop == 0 {
        let mut count = 0;
        each_run(positions, |_| count += 1);
        return count;
    }
    let positions: Vec<&[u32]> = positions.iter().map(AsRef::as_ref).collect();
    occurrences(&positions, slop).len()
}

/// Calls `each` for the occurrences without slop: the words one behind the other, left to right and without overlap.
fn each_run<L: AsRef<[u32]>>(positions: &[L], mut each: impl FnMut(Occurrence)) {
    let Some((first, others)) = positions.split_first() else {
        return;
    };
    // A word may stand at several positions, one below the other, so that each list is looked up for itself.
    let mut free = 0;
    for &start in first.as_ref() {
        let follows = |(i, list): (u32, &L)| {
            let wanted = start.checked_add(i);
            wanted.is_some_and(|wanted| list.as_ref().binary_search(&wanted).is_ok())
        };
        if start >= free && (1..).zip(others).all(follows) {
            let last = start + others.len() as u32;
            each(Occurrence { first: start, last });
            free = last.saturating_add(1);
        }
    }
}

/// The match at `offset` with all positions above `after`.
fn occurrence_at(positions: &[&[u32]], offset: i64, slop: i64, after: i64) -> Option<Occurrence> {
    let mut choices: Vec<Vec<u32>> = Vec::with_capacity(positions.len());
    for (i, list) in positions.iter().enumerate() {
        let low = (offset + i as i64).max(after + 1);
        let high = offset + i as i64 + slop;
        let from = list.partition_point(|&p| i64::from(p) < low);
        let to = list.partition_point(|&p| i64::from(p) <= high);
        let own = list.get(from..to).filter(|own| !own.is_empty())?;
        choices.push(own.to_vec());
    }
    let taken = smallest_distinct(choices)?;
    let first = taken.iter().min().copied()?;
    let last = taken.iter().max().copied()?;
    Some(Occurrence { first, last })
}

/// One element of each list, all distinct, the smallest for the first list, then for the second and so on.
fn smallest_distinct(mut choices: Vec<Vec<u32>>) -> Option<Vec<u32>> {
    if !can_be_distinct(&choices) {
        return None;
    }
    for i in 0..choices.len() {
        let options = choices.get_mut(i).map(std::mem::take)?;
        for option in options {
            *choices.get_mut(i)? = vec![option];
            if can_be_distinct(&choices) {
                break;
            }
        }
    }
    choices
        .into_iter()
        .map(|list| list.first().copied())
        .collect()
}

/// Whether each list can give an element of its own: a matching that covers all lists exists.
///
/// Source: Kuhn, "The Hungarian method for the assignment problem" (1955), by augmenting paths.
fn can_be_distinct(choices: &[Vec<u32>]) -> bool {
    let mut owner: Vec<(u32, usize)> = Vec::new();
    (0..choices.len()).all(|i| assign(i, choices, &mut owner, &mut Vec::new()))
}

fn assign(
    i: usize,
    choices: &[Vec<u32>],
    owner: &mut Vec<(u32, usize)>,
    tried: &mut Vec<u32>,
) -> bool {
    for &position in choices.get(i).into_iter().flatten() {
        if tried.contains(&position) {
            continue;
        }
        tried.push(position);
        let owned = owner.iter().position(|&(p, _)| p == position);
        let Some((at, other)) = owned.and_then(|at| Some((at, owner.get(at)?.1))) else {
            owner.push((position, i));
            return true;
        };
        if assign(other, choices, owner, tried) {
            if let Some(own) = owner.get_mut(at) {
                own.1 = i;
            }
            return true;
        }
    }
    false
}

/// How often and how near two words stand to each other: over the positions of the first word, the sum of 1/d², d
/// being the distance to the nearest other position of the second word, counted one more where that stands before. Only
/// distances up to `window`, so counted, count.
///
/// Source: Büttcher, Clarke and Lushman, "Term proximity scoring for ad-hoc retrieval on very large text collections"
/// (2006), for neighbours in the query; the extra step for the reverse order is ours.
#[must_use]
#[allow(
    clippy::indexing_slicing,
    reason = "hot: for each pair of words in each section that is scored; a checked slice costs 3 %"
)]
pub fn nearness(first: &[u32], second: &[u32], window: u32) -> f64 {
    let mut sum = 0.0;
    for &p in first {
        let at = second.partition_point(|&q| q <= p);
        let ahead = second.get(at).map(|&q| q - p);
        let behind = second[..at]
            .iter()
            .rev()
            .find(|&&q| q < p)
            .map(|&q| p - q + 1);
        let nearest = ahead.into_iter().chain(behind).min();
        if let Some(distance) = nearest.filter(|&d| d <= window) {
            sum += 1.0 / (f64::from(distance) * f64::from(distance));
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(positions: &[&[u32]], slop: u32) -> Vec<(u32, u32)> {
        occurrences(positions, slop)
            .iter()
            .map(|o| (o.first, o.last))
            .collect()
    }

    #[test]
    fn an_exact_phrase_takes_neighbours_without_overlap() {
        assert_eq!(spans(&[&[0, 4, 9], &[1, 6, 10]], 0), [(0, 1), (9, 10)]);
        assert_eq!(spans(&[&[0, 1, 2, 3], &[0, 1, 2, 3]], 0), [(0, 1), (2, 3)]);
        assert_eq!(spans(&[&[3], &[]], 0), []);
    }

    #[test]
    fn slop_counts_moves_in_either_order() {
        assert_eq!(spans(&[&[0], &[3]], 1), []);
        assert_eq!(spans(&[&[0], &[3]], 2), [(0, 3)]);
        assert_eq!(spans(&[&[1], &[0]], 1), []);
        assert_eq!(spans(&[&[1], &[0]], 2), [(0, 1)]);
    }

    #[test]
    fn one_position_serves_one_word() {
        assert_eq!(spans(&[&[5], &[5]], 3), []);
        assert_eq!(spans(&[&[5, 7], &[5, 7]], 3), [(5, 7)]);
        let same: Vec<u32> = (0..40).collect();
        let lists: Vec<&[u32]> = vec![&same; 20];
        assert_eq!(spans(&lists, 100).len(), 2);
    }

    #[test]
    fn near_is_more_than_far_and_in_order_more_than_reversed() {
        assert_eq!(nearness(&[3], &[4], 8), 1.0);
        assert_eq!(nearness(&[4], &[3], 8), 0.25);
        assert_eq!(nearness(&[3], &[12], 8), 0.0);
        assert_eq!(nearness(&[3, 10], &[5], 8), 0.25 + 1.0 / 36.0);
        assert_eq!(nearness(&[3], &[3], 8), 0.0);
    }
}
