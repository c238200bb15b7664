//! What a quotation is beside the source: the same text, the same but for its dress, nearly the same, or not.

use unicode_normalization::UnicodeNormalization;

use super::pattern::Fragment;
use crate::analysis::is_unspaced;

/// How a quotation stands to the sources, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It stands there as it is quoted; only white space may be another.
    Verbatim,
    /// It differs in case, spaces, quotation marks, dashes or ellipses.
    Normalised,
    /// The source says it otherwise.
    Near,
    /// Nothing like it was found.
    Absent,
}

impl Standing {
    /// All, the best first.
    pub const ALL: [Standing; 4] = [
        Standing::Verbatim,
        Standing::Normalised,
        Standing::Near,
        Standing::Absent,
    ];

    /// The name that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Verbatim => "verbatim",
            Standing::Normalised => "normalised",
            Standing::Near => "near",
            Standing::Absent => "absent",
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
    /// The quotation leaves something out.
    Gap,
}

/// How a fragment stands to the stretch of the source it lies on, and by how many characters it differs.
pub(super) fn standing(fragment: &Fragment, source: &str) -> (Standing, usize) {
    let (quoted, source) = (folded(&fragment.text), folded(source));
    if quoted == source || equals_but_for_free_case(fragment, &source) {
        return (Standing::Verbatim, 0);
    }
    let distance = distance(&quoted, &source);
    match normalised(&quoted) == normalised(&source) {
        true => (Standing::Normalised, distance),
        false => (Standing::Near, distance),
    }
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

/// The text without what does not count: case, white space, the kind of quotation marks, dashes and ellipses, and signs
/// that are not seen.
fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            _ if c.is_whitespace() => {}
            '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '`' | '´'
            | '\'' | '′' | '″' => {
                out.push('"');
            }
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                // Two or three hyphens are how a dash is typed.
                if !out.ends_with('-') {
                    out.push('-');
                }
            }
            '…' => out.push_str("..."),
            _ => out.push(c),
        }
    }
    out
}

/// The least number of characters to put in, take out or replace to make one text of the other.
///
/// Source: Levenshtein (1966); computed a row at a time after Wagner and Fischer (1974).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Both texts word by word, with as few changed words as can be.
pub(super) fn pieces(quoted: &str, source: &str) -> Vec<Piece> {
    let (a, b): (Vec<&str>, Vec<&str>) = (
        quoted.split_whitespace().collect(),
        source.split_whitespace().collect(),
    );
    // The longest common subsequence of the words from each place on.
    let mut longest = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = match a[i] == b[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let mut pieces = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (mut own, mut theirs, mut same) = (Vec::new(), Vec::new(), Vec::new());
        while i < a.len() && j < b.len() && a[i] == b[j] {
            same.push(a[i]);
            (i, j) = (i + 1, j + 1);
        }
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            if j == b.len() || (i < a.len() && longest[i + 1][j] >= longest[i][j + 1]) {
                own.push(a[i]);
                i += 1;
            } else {
                theirs.push(b[j]);
                j += 1;
            }
        }
        if !same.is_empty() {
            pieces.push(Piece::Same(same.join(" ")));
        }
        if !(own.is_empty() && theirs.is_empty()) {
            pieces.push(Piece::Changed {
                quoted: own.join(" "),
                source: theirs.join(" "),
            });
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(quoted: &str, source: &str) -> (Standing, usize) {
        let fragment = Fragment {
            text: quoted.to_string(),
            free: Vec::new(),
        };
        standing(&fragment, source)
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
        };
        assert_eq!(
            standing(&free, "everything failed"),
            (Standing::Verbatim, 0)
        );
        assert_eq!(standing(&free, "everything Failed").0, Standing::Normalised);
    }

    #[test]
    fn distances_are_the_textbook_ones() {
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
