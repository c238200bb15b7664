//! Plain text: paragraphs, and the headings that stand between them without markup.

use std::ops::Range;

use super::buffer::Gap;
use super::headings::{Role, roles};
use super::lines::{Line, lines};
use super::outline::Outline;
use crate::article::Article;
use crate::source::Decoded;

/// A text with a longer line has one paragraph a line there; in characters.
const LONG_LINE_CHARS: usize = 110;

/// What a block looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A paragraph.
    Body,
    /// A list item.
    Item,
    /// A line of punctuation.
    Rule,
    /// Too short to tell.
    Short,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    /// The block's text, as it stands.
    pub(super) text: &'a str,
    /// Its bytes in the whole text.
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
    pub(super) words: usize,
    pub(super) line_count: usize,
    /// Blank lines before it; none between two lines of one run.
    pub(super) gap: usize,
    /// The mark of the line that underlines it.
    pub(super) underline: Option<char>,
}

/// Reads a plain text.
pub(super) fn parse(source: &Decoded) -> Article {
    let text = source.text();
    let blocks = blocks(text, &lines(text, source.line_end()));
    let mut outline = Outline::new(source);
    for (block, role) in blocks.iter().zip(roles(&blocks)) {
        let range = block.range.clone();
        match role {
            Role::Title => outline.title(heading_text(block), range.end),
            Role::Heading(level) => {
                outline.start_heading(level, None, range.clone());
                outline.text(heading_text(block));
                outline.end_heading(range.end);
            }
            Role::Left => {}
            Role::Break => outline.break_section(),
            Role::Text | Role::FirstText => {
                if role == Role::FirstText {
                    outline.break_section();
                }
                outline.gap(Gap::Block);
                outline.text(range);
                outline.gap(Gap::Block);
            }
        }
    }
    outline.finish()
}

/// The text of a heading, without its underline.
fn heading_text(block: &Block<'_>) -> Range<usize> {
    if block.underline.is_none() {
        return block.range.clone();
    }
    let first = block
        .text
        .lines()
        .next()
        .map_or(0, |line| line.trim_end().len());
    block.range.start..block.range.start + first
}

fn blocks<'a>(text: &'a str, lines: &[Line]) -> Vec<Block<'a>> {
    let mut all = Vec::new();
    let mut gap = 0;
    let mut at = 0;
    while at < lines.len() {
        if lines[at].is_blank() {
            gap += 1;
            at += 1;
            continue;
        }
        let len = lines[at..]
            .iter()
            .position(Line::is_blank)
            .unwrap_or(lines.len() - at);
        push_run(text, &lines[at..at + len], gap, &mut all);
        gap = 0;
        at += len;
    }
    all
}

/// Cuts a run of lines without a blank one into blocks: at underlined lines, at list items, and at every line where
/// lines are paragraphs.
fn push_run<'a>(text: &'a str, run: &[Line], gap: usize, all: &mut Vec<Block<'a>>) {
    let line_text = |line: &Line| &text[line.trimmed.clone()];
    let one_a_line = run
        .iter()
        .any(|line| line.trimmed.len() > LONG_LINE_CHARS && is_long(line_text(line)));
    let mut gap = gap;
    let mut from = 0;
    while from < run.len() {
        let underline = run
            .get(from + 1)
            .and_then(|next| underline(line_text(&run[from]), line_text(next)));
        let len = match underline {
            Some(_) => 2,
            None if one_a_line => 1,
            None => {
                1 + run[from + 1..]
                    .iter()
                    .take_while(|line| !is_item(line_text(line)))
                    .count()
            }
        };
        all.push(block(text, &run[from..from + len], gap, underline));
        gap = 0;
        from += len;
    }
}

fn block<'a>(text: &'a str, lines: &[Line], gap: usize, underline: Option<char>) -> Block<'a> {
    let range = lines[0].trimmed.start..lines[lines.len() - 1].trimmed.end;
    let text = &text[range.clone()];
    let words = text.split_whitespace().take(100).count();
    Block {
        text,
        range,
        shape: shape(text, words),
        words,
        line_count: lines.len(),
        gap,
        underline,
    }
}

fn shape(text: &str, words: usize) -> Shape {
    if !text.chars().any(char::is_alphanumeric) {
        Shape::Rule
    } else if is_item(text) {
        Shape::Item
    } else if words >= 14 || text.chars().nth(89).is_some() || (words >= 6 && ends_sentence(text)) {
        Shape::Body
    } else {
        Shape::Short
    }
}

fn is_long(line: &str) -> bool {
    line.chars().nth(LONG_LINE_CHARS).is_some()
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let core = text.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', '\u{bb}', ')', ']']);
    core.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟'])
}

/// Whether a line begins as a list item does: a bullet, or a number or letter in or before a bracket.
fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    if matches!(
        first,
        '-' | '*' | '+' | '•' | '‣' | '◦' | '▪' | '●' | '○' | '–' | '·'
    ) {
        return chars.next() == Some(' ');
    }
    let word = line.split_whitespace().next().unwrap_or("");
    let inner = word.strip_prefix('(').unwrap_or(word);
    let Some(mark) = inner.strip_suffix(')') else {
        return false;
    };
    (1..=3).contains(&mark.len())
        && mark
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// The mark of `line` where it underlines the short line above it.
fn underline(above: &str, line: &str) -> Option<char> {
    let mark = line
        .chars()
        .next()
        .filter(|c| matches!(c, '=' | '-' | '~' | '^' | '*' | '_' | '#'))?;
    let width = above.chars().count();
    let is_rule = line.len() >= 3 && line.chars().all(|c| c == mark);
    let fits = width <= 100 && line.len() + 3 >= width && above.chars().any(char::is_alphanumeric);
    (is_rule && fits && !is_item(above)).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::super::read_str;

    #[test]
    fn a_wrapped_text_has_its_paragraphs_and_items_as_blocks() {
        let article = read_str(
            "text",
            "A paragraph that was wrapped by hand\nand goes on here, as wrapped ones do.\n\n- an item\n  going on\n- another item\n",
        );
        assert_eq!(
            article.sections[0].text,
            "A paragraph that was wrapped by hand and goes on here, as wrapped ones do.\n- an item going on\n- another item"
        );
        assert_eq!(article.metadata.title, None);
    }

    #[test]
    fn underlined_lines_are_headings() {
        let text = "The Title\n=========\n\nSome words of the lead, which are enough.\n\nA part\n------\nIts text follows at once.\n\nAnother part\n------------\n\nMore text here.\n";
        let article = read_str("text", text);
        assert_eq!(article.metadata.title.as_deref(), Some("The Title"));
        let heads: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.headings.join(">"), s.heading_line))
            .collect();
        assert_eq!(
            heads,
            [
                (String::new(), None),
                ("A part".into(), Some(6)),
                ("Another part".into(), Some(10))
            ]
        );
        assert_eq!(article.sections[1].text, "Its text follows at once.");
    }

    #[test]
    fn a_text_of_one_line_is_text() {
        let article = read_str("text", "Only one line here");
        assert_eq!(article.metadata.title, None);
        assert_eq!(article.sections[0].text, "Only one line here");
    }
}
