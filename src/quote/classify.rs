//! What a quotation is beside the source: the same text, the same but for its dress, nearly the same, or not.

use super::dress::equal_but_for_dress;
use super::omission::Omission;
use super::pattern::Fragment;
use super::work::{Limit, Work};
use crate::analysis::is_unspaced;

/// How a quotation stands to the sources, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It stands there as it is quoted; only white space may be another.
    Verbatim,
    /// It differs in case, spaces, quotation marks, dashes or ellipses, or has a gap that does not change the sense.
    Normalised,
    /// A gap or a bracket may change the sense.
    Elided,
    /// The source says it otherwise.
    Near,
    /// Nothing like it was found.
    Absent,
    /// A limit was met before it was found.
    Unchecked,
}

impl Standing {
    /// All, the best first.
    pub const ALL: [Standing; 6] = [
        Standing::Verbatim,
        Standing::Normalised,
        Standing::Elided,
        Standing::Near,
        Standing::Absent,
        Standing::Unchecked,
    ];

    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Verbatim => "verbatim",
            Standing::Normalised => "normalised",
            Standing::Elided => "elided",
            Standing::Near => "near",
            Standing::Absent => "absent",
            Standing::Unchecked => "unchecked",
        }
    }
}

/// A stretch of a quotation beside the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Both say this.
    Same(String),
    /// They differ; one of both may be empty.
    Changed {
        /// What is quoted.
        quoted: String,
        /// What the source says.
        source: String,
    },
    /// The quotation leaves something out or replaces it.
    LeftOut(Omission),
}

/// The most words of both texts, multiplied, that are compared word by word; else the texts stand whole beside each
/// other.
const MAX_COMPARED: usize = 1_000_000;

/// How a fragment stands to the stretch of the source it lies on, and by how many characters it differs.
///
/// # Errors
/// Where comparing them takes too many steps.
pub(super) fn standing(
    fragment: &Fragment,
    source: &str,
    work: &mut Work,
) -> Result<(Standing, usize), Limit> {
    work.spend(fragment.text.len())?;
    let (quoted, source) = (folded(&fragment.text), folded(source));
    let same = quoted == source || equals_but_for_free_case(fragment, &source);
    if same && changes_case(fragment, &source) {
        return Ok((Standing::Verbatim, 0));
    }
    let standing = match same || equal_but_for_dress(&quoted, &source) {
        true if !changes_case(fragment, &source) => Standing::Elided,
        true => Standing::Normalised,
        false => Standing::Near,
    };
    Ok((standing, distance(&quoted, &source, work)?))
}

/// The text with all white space as single spaces; without it between characters that no space parts.
fn folded(text: &str) -> String {
    let is_close =
        |c: char| is_unspaced(c) || matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff65}');
    let mut out = String::with_capacity(text.len());
    for part in text.split_whitespace() {
        let is_joined = out.ends_with(is_close) && part.starts_with(is_close);
        if !out.is_empty() && !is_joined {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

fn equals_but_for_free_case(fragment: &Fragment, source: &str) -> bool {
    let quoted = &fragment.text;
    !fragment.free.is_empty()
        && quoted.chars().count() == source.chars().count()
        && quoted
            .char_indices()
            .zip(source.chars())
            .all(|((at, a), b)| {
                a == b || (fragment.free.contains(&at) && a.to_lowercase().eq(b.to_lowercase()))
            })
}

/// Whether each letter in a bracket (`[t]he`) has the other case in the source: a bracket that changes nothing claims a
/// change that is none.
fn changes_case(fragment: &Fragment, source: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.collect()
    };
    let theirs = letters(source);
    let differs = |at: &usize| {
        let (Some(before), Some(own)) = (fragment.text.get(..*at), fragment.text.get(*at..)) else {
            return false;
        };
        let place = letters(before).len();
        own.chars().next() != theirs.get(place).copied()
    };
    fragment.free.iter().all(differs)
}

/// The least number of characters to put in, take out or replace to make one text of the other.
///
/// Source: Levenshtein (1966); computed a row at a time after Wagner and Fischer (1974).
fn distance(a: &str, b: &str, work: &mut Work) -> Result<usize, Limit> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (a, b) = without_equal_ends(&a, &b);
    work.spend(a.len().saturating_mul(b.len()))?;
    // The row's first number, which says how many of `a` there are, is not kept.
    let mut row: Vec<usize> = (1..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().zip(b) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    Ok(row.last().copied().unwrap_or(a.len()))
}

/// Both without what they begin and end with alike.
fn without_equal_ends<'a, T: PartialEq>(a: &'a [T], b: &'a [T]) -> (&'a [T], &'a [T]) {
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.split_at(front).1, b.split_at(front).1);
    let back = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    (a.split_at(a.len() - back).0, b.split_at(b.len() - back).0)
}

/// Both texts word by word, with as few changed words as can be.
pub(super) fn pieces(quoted: &str, source: &str) -> Vec<Piece> {
    let (all_a, all_b): (Vec<&str>, Vec<&str>) = (
        quoted.split_whitespace().collect(),
        source.split_whitespace().collect(),
    );
    let (a, b) = without_equal_ends(&all_a, &all_b);
    let front = all_a.iter().zip(&all_b).take_while(|(x, y)| x == y).count();
    let mut pieces = Pieces::default();
    let (same, rest) = all_a.split_at(front);
    pieces.same(same);
    match a.len() * b.len() <= MAX_COMPARED {
        true => compare(a, b, &mut pieces),
        false => pieces.changed(a, b),
    }
    pieces.same(rest.split_at(a.len()).1);
    pieces.0
}

/// Pieces, neighbours of a kind joined.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn same(&mut self, words: &[&str]) {
        match self.0.last_mut() {
            _ if words.is_empty() => {}
            Some(Piece::Same(last)) => {
                last.push(' ');
                last.push_str(&words.join(" "));
            }
            _ => self.0.push(Piece::Same(words.join(" "))),
        }
    }

    fn changed(&mut self, own: &[&str], theirs: &[&str]) {
        if !(own.is_empty() && theirs.is_empty()) {
            self.0.push(Piece::Changed {
                quoted: own.join(" "),
                source: theirs.join(" "),
            });
        }
    }
}

fn compare(mut a: &[&str], mut b: &[&str], pieces: &mut Pieces) {
    let table = SubsequenceTable::new(a, b);
    while !(a.is_empty() && b.is_empty()) {
        let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let (front, own) = a.split_at(same);
        pieces.same(front);
        let theirs = b.split_at(same).1;
        (a, b) = (own, theirs);
        loop {
            match (a.split_first(), b.split_first()) {
                (None, None) => break,
                (Some((x, _)), Some((y, _))) if x == y => break,
                (Some((_, rest)), None) => a = rest,
                (Some((_, rest)), Some((_, others)))
                    if table.len_of(rest, b) >= table.len_of(a, others) =>
                {
                    a = rest;
                }
                (_, Some((_, rest))) => b = rest,
            }
        }
        let (own, _) = own.split_at(own.len() - a.len());
        let (theirs, _) = theirs.split_at(theirs.len() - b.len());
        pieces.changed(own, theirs);
    }
}

/// How long the longest common subsequence is of each end of one text and each end of another.
struct SubsequenceTable {
    width: usize,
    /// By how many words the ends have, a row for each of the first text's.
    lens: Vec<u32>,
}

impl SubsequenceTable {
    fn new(a: &[&str], b: &[&str]) -> SubsequenceTable {
        let width = b.len() + 1;
        let mut lens = vec![0; (a.len() + 1) * width];
        let mut rows = lens.chunks_exact_mut(width);
        let mut above: &[u32] = rows.next().unwrap_or_default();
        for (x, row) in a.iter().rev().zip(rows) {
            let mut len = 0;
            let cells = row.iter_mut().skip(1);
            let ends = above.iter().zip(above.iter().skip(1));
            for ((y, cell), (&diagonal, &shorter)) in b.iter().rev().zip(cells).zip(ends) {
                len = match x == y {
                    true => diagonal + 1,
                    false => shorter.max(len),
                };
                *cell = len;
            }
            above = row;
        }
        SubsequenceTable { width, lens }
    }

    /// That of two ends of the texts.
    fn len_of(&self, a: &[&str], b: &[&str]) -> u32 {
        let len = self.lens.get(a.len() * self.width + b.len());
        len.copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing_of(fragment: &Fragment, source: &str) -> (Standing, usize) {
        let mut work = Work::new();
        work.begin();
        standing(fragment, source, &mut work).expect("few steps")
    }

    fn of(quoted: &str, source: &str) -> (Standing, usize) {
        let fragment = Fragment {
            text: quoted.to_string(),
            ..Fragment::default()
        };
        standing_of(&fragment, source)
    }

    #[test]
    fn dress_is_told_from_words() {
        assert_eq!(
            of("the Minsk agreements", "the  Minsk\nagreements"),
            (Standing::Verbatim, 0)
        );
        assert_eq!(
            of("The Minsk agreements", "the Minsk agreements").0,
            Standing::Normalised
        );
        assert_eq!(
            of("don't \"go\" - now...", "don’t ‘go’ — now…").0,
            Standing::Normalised
        );
        assert_eq!(
            of("a word -- typed", "a word—typed").0,
            Standing::Normalised
        );
        assert_eq!(of("cease fire", "ceasefire"), (Standing::Normalised, 1));
        assert_eq!(
            of("the agreements, signed", "the agreements signed"),
            (Standing::Near, 1)
        );
        assert_eq!(of("café", "cafe"), (Standing::Near, 1));
        assert_eq!(of("cafe\u{301}", "café").0, Standing::Normalised);
        let free = Fragment {
            text: "Everything failed".into(),
            free: vec![0],
            ..Fragment::default()
        };
        assert_eq!(
            standing_of(&free, "everything failed"),
            (Standing::Verbatim, 0)
        );
        assert_eq!(
            standing_of(&free, "everything Failed").0,
            Standing::Normalised
        );
    }

    #[test]
    fn distances_are_the_textbook_ones() {
        let distance = |a, b| {
            let mut work = Work::new();
            work.begin();
            distance(a, b, &mut work).expect("few steps")
        };
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "абв"), 3);
        assert_eq!(distance("saturday", "sunday"), 3);
    }

    #[test]
    fn differences_are_shown_word_by_word() {
        let same = |text: &str| Piece::Same(text.to_string());
        let changed = |quoted: &str, source: &str| Piece::Changed {
            quoted: quoted.into(),
            source: source.into(),
        };
        assert_eq!(
            pieces(
                "the Minsk accords failed",
                "the Minsk agreements have failed"
            ),
            [
                same("the Minsk"),
                changed("accords", "agreements have"),
                same("failed")
            ]
        );
        assert_eq!(
            pieces("a b", "b c"),
            [changed("a", ""), same("b"), changed("", "c")]
        );
        assert_eq!(pieces("", ""), []);
    }
}
