//! Finds the quotations of a document: block quotes, what stands in quotation marks, or one a line.

use std::ops::Range;

use crate::analysis::count_words;
use crate::format::{QuotableBlock, line_blocks, markdown_blocks, text_blocks};

/// Characters that begin the attribution of a block quote.
const ATTRIBUTION: [char; 3] = ['—', '–', '―'];
/// Opening marks and what closes them; the straight one is told by what stands around it.
const MARKS: [(char, &[char]); 5] = [
    ('“', &['”']),
    ('„', &['“', '”']),
    ('«', &['»']),
    ('「', &['」']),
    ('『', &['』']),
];

/// What a document's quotations are told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Block quotes and quotation marks of a Markdown document.
    Markdown,
    /// Lines that begin with `>`, and quotation marks; where there are none, each line is a quotation.
    Text,
    /// Each line is a quotation.
    Lines,
}

/// A quotation and its place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// What is quoted, without the marks around it.
    pub text: String,
    /// The line it begins on, 1-based.
    pub line: usize,
    /// The column it begins at in characters, 1-based.
    pub column: usize,
}

/// The quotations of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// The quotations, in order.
    pub quotations: Vec<Quotation>,
    /// How many stretches in marks were left out, since they have too few words.
    pub short: usize,
}

/// The quotations of a document. Stretches in quotation marks of fewer than `min_words` words are left out.
#[must_use]
pub fn extract(text: &str, marks: Marks, min_words: u64) -> Extracted {
    let blocks = match marks {
        Marks::Markdown => markdown_blocks(text),
        Marks::Text => text_blocks(text),
        Marks::Lines => line_blocks(text),
    };
    let mut places = Places::new(text);
    let mut extracted = Extracted::default();
    for block in &blocks {
        let is_whole = block.is_block_quote || marks == Marks::Lines;
        let ranges = match is_whole {
            true => whole(block).into_iter().collect(),
            false => marked(block),
        };
        for range in ranges {
            let shown = &block.text[range.clone()];
            let words = count_words(shown);
            if words == 0 || (!is_whole && words < min_words) {
                extracted.short += usize::from(words > 0);
                continue;
            }
            let (line, column) = places.of(block.source_of(range.start));
            let folded = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            extracted.quotations.push(Quotation {
                text: folded,
                line,
                column,
            });
        }
    }
    let has_none = extracted.quotations.is_empty() && extracted.short == 0;
    match has_none && marks == Marks::Text {
        true => extract(text, Marks::Lines, min_words),
        false => extracted,
    }
}

/// The whole block without its attribution and without marks around it; `None` for an attribution alone.
fn whole(block: &QuotableBlock) -> Option<Range<usize>> {
    let text = &block.text;
    let is_attribution = |line: &str| line.starts_with(ATTRIBUTION) || line.starts_with("-- ");
    if is_attribution(text.trim_start()) {
        return None;
    }
    let last = text.rfind('\n').map(|at| at + 1);
    let end = last
        .filter(|&at| is_attribution(text[at..].trim_start()))
        .unwrap_or(text.len());
    let mut range = trimmed(text, 0..end);
    let (first, last) = (
        text[range.clone()].chars().next()?,
        text[range.clone()].chars().next_back()?,
    );
    let closes = |closing: &[char]| closing.contains(&last);
    let is_marked = (first == '"' && last == '"')
        || MARKS
            .iter()
            .any(|(open, close)| *open == first && closes(close));
    let inside = range.start + first.len_utf8()..range.end - last.len_utf8().min(range.len());
    if is_marked && inside.start <= inside.end && !text[inside.clone()].contains([first, last]) {
        range = trimmed(text, inside);
    }
    Some(range)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

/// What stands between quotation marks. An opening mark that is never closed reaches to the block's end, as in a
/// quotation of several paragraphs; a straight one does not count then.
fn marked(block: &QuotableBlock) -> Vec<Range<usize>> {
    let text = &block.text;
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let behind = at + c.len_utf8();
        let end = match MARKS.iter().find(|(open, _)| *open == c) {
            _ if block.is_code(at) => None,
            Some((open, close)) => Some(closing(block, behind, *open, close).unwrap_or(text.len())),
            None if c == '"' && opens(text, at) => straight_end(block, behind),
            None => None,
        };
        at = match end {
            Some(end) => {
                ranges.push(trimmed(text, behind..end));
                end + text[end..].chars().next().map_or(0, char::len_utf8)
            }
            None => behind,
        };
    }
    ranges
}

/// Where the mark that closes stands; marks may nest.
fn closing(block: &QuotableBlock, from: usize, open: char, close: &[char]) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in block.text[from..].char_indices() {
        if close.contains(&c) && depth == 0 {
            return Some(from + at);
        }
        if close.contains(&c) {
            depth -= 1;
        } else if c == open {
            depth += 1;
        }
    }
    None
}

/// Whether a straight mark at `at` opens: nothing, a space or a bracket before it, and no space behind it.
fn opens(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let behind = text[at + 1..].chars().next();
    before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | ',' | '!' | '?' | '"'))
        && behind.is_some_and(|c| !c.is_whitespace())
}

/// The straight mark that closes: no space before it and no letter behind it.
fn straight_end(block: &QuotableBlock, from: usize) -> Option<usize> {
    let text = &block.text;
    let closes = |at: usize| {
        let before = text[from..at].chars().next_back();
        let behind = text[at + 1..].chars().next();
        before.is_some_and(|c| !c.is_whitespace()) && behind.is_none_or(|c| !c.is_alphanumeric())
    };
    text[from..]
        .match_indices('"')
        .map(|(at, _)| from + at)
        .find(|&at| !block.is_code(at) && closes(at))
}

/// Lines and columns of bytes that are asked for in rising order.
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Places<'a> {
        Places {
            text,
            at: 0,
            line: 1,
            line_start: 0,
        }
    }

    fn of(&mut self, byte: usize) -> (usize, usize) {
        if byte < self.at {
            *self = Places::new(self.text);
        }
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        for (at, _) in self.text[self.at..byte].match_indices('\n') {
            self.line += 1;
            self.line_start = self.at + at + 1;
        }
        self.at = byte;
        (
            self.line,
            self.text[self.line_start..byte].chars().count() + 1,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, marks: Marks) -> Vec<(String, usize, usize)> {
        let extracted = extract(text, marks, 2);
        extracted
            .quotations
            .into_iter()
            .map(|q| (q.text, q.line, q.column))
            .collect()
    }

    fn texts(text: &str, marks: Marks) -> Vec<String> {
        found(text, marks)
            .into_iter()
            .map(|(text, _, _)| text)
            .collect()
    }

    #[test]
    fn quotations_of_markdown_are_found_with_their_places() {
        let text = "He said “the *Minsk*\nagreements” and \"went home\" at 5\".\n\n> “A whole\n> quotation.”\n> — Somebody\n\n\
                    > — Somebody else\n\nSee `\"not this\"` and \"this\" word.\n";
        assert_eq!(
            found(text, Marks::Markdown),
            [
                ("the Minsk agreements".into(), 1, 10),
                ("went home".into(), 2, 18),
                ("A whole quotation.".into(), 4, 4),
            ]
        );
        assert_eq!(extract(text, Marks::Markdown, 2).short, 1);
    }

    #[test]
    fn marks_nest_and_may_stay_open_over_a_paragraph() {
        assert_eq!(
            texts("„Ein Wort“ und «deux mots» und “a “b c” d”.", Marks::Text),
            ["Ein Wort", "deux mots", "a “b c” d"]
        );
        assert_eq!(
            texts(
                "“One paragraph of it.\n\n“And the last of it.” Then.",
                Marks::Text
            ),
            ["One paragraph of it.", "And the last of it."]
        );
        assert_eq!(
            texts("a 5\" pipe and a 6\" pipe", Marks::Markdown),
            Vec::<String>::new()
        );
        assert_eq!(
            texts("(\"in brackets\"), \"one\ntwo,\" he said", Marks::Text),
            ["in brackets", "one two,"]
        );
    }

    #[test]
    fn without_marks_each_line_of_a_text_is_one() {
        assert_eq!(
            found("first line\n\n  second\n", Marks::Text),
            [("first line".into(), 1, 1), ("second".into(), 3, 3)]
        );
        assert_eq!(
            texts("\"first\" line\n“second”\n", Marks::Lines),
            ["\"first\" line", "second"]
        );
        assert_eq!(
            texts("no marks here\n", Marks::Markdown),
            Vec::<String>::new()
        );
    }
}
