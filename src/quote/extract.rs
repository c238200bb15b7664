//! Finds the quotations of a document: block quotes, what stands in quotation marks, or one a line.

use std::ops::Range;

use super::marks::{is_pair, marked};
use crate::analysis::count_words;
use crate::format::{Hidden, QuotableBlock, line_blocks, markdown_blocks, text_blocks};

/// Characters that begin the attribution of a block quote.
const ATTRIBUTION: [char; 3] = ['—', '–', '―'];
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
    /// What was passed over.
    pub passed_over: PassedOver,
    /// Whether each line was taken for a quotation, since the text has no quotation marks.
    pub by_lines: bool,
}

/// How many stretches in quotation marks were not taken for quotations, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// They have too few words.
    pub short: usize,
    /// More than one mark could close them.
    pub ambiguous: usize,
    /// They stand in code.
    pub code: usize,
    /// They stand in HTML within Markdown.
    pub html: usize,
}

impl PassedOver {
    /// Each count with the name that programs read and the reason for people.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, &'static str, usize); 4] {
        [
            ("short", "too short", self.short),
            ("ambiguous", "with ambiguous marks", self.ambiguous),
            ("code", "in code", self.code),
            ("html", "in HTML", self.html),
        ]
    }

    /// How many in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts().iter().map(|(_, _, count)| count).sum()
    }
}

impl std::ops::AddAssign for PassedOver {
    fn add_assign(&mut self, other: PassedOver) {
        self.short += other.short;
        self.ambiguous += other.ambiguous;
        self.code += other.code;
        self.html += other.html;
    }
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
        if let Some(hidden) = block.hidden {
            let count = marked_words(&block.text, min_words);
            match hidden {
                Hidden::Code => extracted.passed_over.code += count,
                Hidden::Html => extracted.passed_over.html += count,
            }
            continue;
        }
        let is_whole = block.is_block_quote || marks == Marks::Lines;
        let ranges = match is_whole {
            true => whole(block).into_iter().collect(),
            false => in_marks(block, min_words, &mut extracted.passed_over),
        };
        for range in ranges {
            let shown = &block.text[range.clone()];
            let words = count_words(shown);
            if words == 0 || (!is_whole && words < min_words) {
                extracted.passed_over.short += usize::from(words > 0);
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
    let has_none = extracted.quotations.is_empty() && extracted.passed_over.total() == 0;
    match has_none && marks == Marks::Text {
        true => Extracted {
            by_lines: true,
            ..extract(text, Marks::Lines, min_words)
        },
        false => extracted,
    }
}

/// What stands in marks outside of code.
fn in_marks(
    block: &QuotableBlock,
    min_words: u64,
    passed_over: &mut PassedOver,
) -> Vec<Range<usize>> {
    let marked = marked(&block.text, |at| block.is_code(at));
    passed_over.ambiguous += marked.ambiguous;
    let code = block
        .code()
        .iter()
        .filter_map(|code| block.text.get(code.clone()));
    passed_over.code += code
        .map(|code| marked_words(code, min_words))
        .sum::<usize>();
    marked
        .ranges
        .into_iter()
        .map(|range| trimmed(&block.text, range))
        .collect()
}

/// How many stretches in marks have so many words.
fn marked_words(text: &str, min_words: u64) -> usize {
    let ranges = marked(text, |_| false).ranges;
    let is_long = |range: &&Range<usize>| count_words(&text[(*range).clone()]) >= min_words.max(1);
    ranges.iter().filter(is_long).count()
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
    let is_marked = is_pair(first, last);
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
        let passed_over = extract(text, Marks::Markdown, 2).passed_over;
        assert_eq!((passed_over.short, passed_over.code), (1, 1));
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
