//! The distance of two words, by trying every edit.

/// Whether at most `limit` edits turn `a` into `b`: insertions, deletions, substitutions and transpositions of
/// neighbours, each of one character, none of which edits what another has edited.
pub(super) fn within_edits(a: &str, b: &str, limit: u8) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    reaches(&a, &b, limit)
}

fn reaches(a: &[char], b: &[char], limit: u8) -> bool {
    if a == b {
        return true;
    }
    if let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b)
        && x == y
        && reaches(rest_a, rest_b, limit)
    {
        return true;
    }
    limit > 0
        && edited(a, b)
            .into_iter()
            .any(|(rest_a, rest_b)| reaches(rest_a, rest_b, limit - 1))
}

/// What is left of both words behind each edit that can be made at their beginnings.
fn edited<'a>(a: &'a [char], b: &'a [char]) -> Vec<(&'a [char], &'a [char])> {
    let mut rests = Vec::new();
    rests.extend(b.get(1..).map(|rest| (a, rest)));
    rests.extend(a.get(1..).map(|rest| (rest, b)));
    rests.extend(a.get(1..).zip(b.get(1..)));
    if let ([x, y, rest_a @ ..], [v, w, rest_b @ ..]) = (a, b)
        && x == w
        && y == v
    {
        rests.push((rest_a, rest_b));
    }
    rests
}

#[cfg(test)]
mod tests {
    use super::within_edits;
    use crate::cases::cases;
    use excerpt::analysis::within_distance;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(cases(2_000))]

        #[test]
        fn words_are_within_a_distance_where_that_many_edits_lead_from_one_to_the_other(
            a in "[abcé]{0,7}", b in "[abcé]{0,7}", limit in 0u8..=3,
        ) {
            prop_assert_eq!(within_distance(&a, &b, limit), within_edits(&a, &b, limit));
        }
    }
}
