//! Cuts text into sentences, for passages.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::is_barrier;

/// Abbreviations that do not end a sentence, in lower case without the last full stop. Sorted.
static ABBREVIATIONS: [&str; 45] = [
    "adm", "approx", "apr", "aug", "ave", "brig", "capt", "cf", "col", "corp", "dec", "dr", "e.g",
    "eq", "etc", "feb", "fig", "gen", "gov", "hon", "i.e", "inc", "jan", "jr", "lt", "ltd", "maj",
    "mr", "mrs", "ms", "mt", "nov", "oct", "pp", "prof", "rep", "rev", "sen", "sgt", "sr", "st",
    "u.k", "u.n", "u.s", "vs",
];

/// The sentences of `text` as byte ranges, in order, without the white space between them. A block's or a cell's
/// end ends a sentence too.
///
/// Source: Unicode Standard Annex 29, section 5, joined again behind abbreviations and initials.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if is_barrier(c) {
            push_block(text, from..at, &mut all);
            from = at + c.len_utf8();
        }
    }
    push_block(text, from..text.len(), &mut all);
    all
}

fn push_block(text: &str, block: Range<usize>, all: &mut Vec<Range<usize>>) {
    let mut open: Option<Range<usize>> = None;
    for (at, piece) in text[block.clone()].split_sentence_bound_indices() {
        let start = block.start + at + (piece.len() - piece.trim_start().len());
        let end = block.start + at + piece.trim_end().len();
        if start >= end {
            continue;
        }
        open = match open.take() {
            Some(last) if goes_on(&text[last.clone()]) => Some(last.start..end),
            last => {
                all.extend(last);
                Some(start..end)
            }
        };
    }
    all.extend(open);
}

/// Whether a piece ends in an abbreviation or an initial, so that its sentence goes on.
fn goes_on(piece: &str) -> bool {
    let Some(rest) = piece.strip_suffix('.') else {
        return false;
    };
    let word = rest
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '\u{201c}'))
        .next()
        .unwrap_or(rest);
    let mut chars = word.chars();
    let is_initial =
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_none() && word != "I";
    is_initial
        || ABBREVIATIONS
            .binary_search(&word.to_lowercase().as_str())
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn abbreviations_and_initials_do_not_end_a_sentence() {
        assert_eq!(
            texts(
                "Dr. Smith met J. Doe. They agreed! Did they? \u{201c}Yes.\u{201d} I said no. In the U.S. it rained."
            ),
            [
                "Dr. Smith met J. Doe.",
                "They agreed!",
                "Did they?",
                "\u{201c}Yes.\u{201d}",
                "I said no.",
                "In the U.S. it rained."
            ]
        );
    }

    #[test]
    fn blocks_and_cells_end_sentences() {
        assert_eq!(
            texts("one item\nanother one\tcell\n\nlast"),
            ["one item", "another one", "cell", "last"]
        );
        assert_eq!(texts(" \n "), Vec::<&str>::new());
    }

    #[test]
    fn the_abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }
}
