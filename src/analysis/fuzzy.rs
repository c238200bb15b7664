//! The distance of two words in edits.

/// Whether at most `limit` edits turn `a` into `b`: insertions, deletions, substitutions and transpositions of
/// neighbours, each of one character, none of which edits what another has edited.
///
/// Source: optimal string alignment; Boytsov, "Indexing methods for approximate dictionary searching" (2011), section 2.2.
#[must_use]
pub fn within_distance(a: &str, b: &str, limit: u8) -> bool {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let limit = usize::from(limit);
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut own_before = None;
    for (i, &own) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        let mut edits = i + 1;
        row.push(edits);
        let mut other_before = None;
        let above = last.iter().zip(last.iter().skip(1));
        for (j, (&other, (diagonal, above))) in b.iter().zip(above).enumerate() {
            let substituted = diagonal + usize::from(own != other);
            edits = substituted.min(above + 1).min(edits + 1);
            if own_before == Some(other) && other_before == Some(own) {
                let swapped = j.checked_sub(1).and_then(|at| before_last.get(at));
                edits = swapped.map_or(edits, |swapped| edits.min(swapped + 1));
            }
            row.push(edits);
            other_before = Some(other);
        }
        own_before = Some(own);
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().is_some_and(|&edits| edits <= limit)
}

/// What to say of a word that is none of `names`: the one that is meant, else all of them.
///
/// ```
/// assert_eq!(excerpt::analysis::did_you_mean("limt", &["limit", "width"]), "did you mean `limit`?");
/// ```
#[must_use]
pub fn did_you_mean(word: &str, names: &[&str]) -> String {
    match nearest(word, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names.join(", ")),
    }
}

/// The name among `names` that is meant by `word`, if one is within two edits; of several the nearest.
fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let within = |edits| {
        let mut names = names.iter().copied();
        names.find(|name| within_distance(word, name, edits))
    };
    within(1).or_else(|| within(2).filter(|_| word.chars().count() > 3))
}

#[cfg(test)]
mod tests {
    use super::within_distance;

    #[test]
    fn edits_count_in_characters_and_a_transposition_is_one() {
        assert!(within_distance("agrement", "agreement", 1));
        assert!(within_distance("agremeent", "agreement", 2));
        assert!(!within_distance("agrmnt", "agreement", 2));
        assert!(within_distance("minks", "minsk", 1));
        assert!(within_distance("кёльн", "кельн", 1));
        assert!(!within_distance("ca", "abc", 2));
        assert!(within_distance("", "ab", 2));
    }
}
