//! The text of a section as lines for people.

use std::collections::BTreeMap;

use crate::analysis::{BLOCK_END, CELL_END, LINE_BREAK};
use crate::article::{Block, BlockKind, Section};

/// How far apart tab stops are, as terminals have them.
const TAB_COLUMNS: usize = 8;
/// How many blocks around a line are told.
const MAX_DEPTH: usize = 32;
/// Code that is indented by more columns is so by a stranger's joke.
const MAX_INDENT: usize = 200;

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SectionLine {
    /// What stands before each of its lines on a screen.
    pub(super) indent: String,
    /// The text.
    pub(super) text: String,
    /// Whether it may be broken between words: code and rows of tables may not.
    pub(super) may_wrap: bool,
}

/// The lines of a section as its source has them.
pub(super) fn written_lines(written: &str) -> Vec<SectionLine> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    let blank = written.lines().take_while(|line| line.trim().is_empty());
    for line in written.trim_end().lines().skip(blank.count()) {
        let text = line.trim_start();
        let marks = ["```", "~~~", "----", "...."];
        let mark = marks.into_iter().find(|mark| text.starts_with(mark));
        let is_set = fence.is_some()
            || mark.is_some()
            || line.starts_with("    ")
            || line.starts_with('\t')
            || text.starts_with(['|', '+']);
        lines.push(SectionLine {
            indent: String::new(),
            text: without_tabs(line.trim_end()),
            may_wrap: !is_set,
        });
        fence = match (fence, mark) {
            (None, mark) => mark,
            (Some(open), Some(mark)) if open == mark => None,
            (open, _) => open,
        };
    }
    lines
}

/// The text with spaces up to the next tab stop for each tab.
fn without_tabs(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        match c {
            '\t' => {
                let spaces = TAB_COLUMNS - column % TAB_COLUMNS;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

/// The lines of a section's text: a blank line between two paragraphs, and each item, row, line of code and quotation
/// in its place.
pub(super) fn laid_out(section: &Section, indents: &BTreeMap<usize, usize>) -> Vec<SectionLine> {
    let mut lines: Vec<SectionLine> = Vec::new();
    let mut before: Option<Vec<&Block>> = None;
    let mut blocks = section.blocks.iter().peekable();
    let mut open: Vec<&Block> = Vec::new();
    let mut at = 0;
    for unit in section.text.split(BLOCK_END) {
        while let Some(block) = blocks.next_if(|block| block.span.start <= at) {
            open.push(block);
        }
        open.retain(|block| at < block.span.end);
        // Nobody nests deeper, but who wants to make this slow.
        open.truncate(MAX_DEPTH);
        let holders = open.clone();
        let start = at;
        at += unit.len() + BLOCK_END.len_utf8();
        let is_close = |kind| matches!(kind, BlockKind::List | BlockKind::Table | BlockKind::Code);
        let shares = before.as_ref().is_some_and(|before| {
            let first = |all: &[&Block]| {
                all.iter()
                    .find(|block| is_close(block.kind))
                    .map(|b| b.span.clone())
            };
            first(before).is_some() && first(before) == first(&holders)
        });
        if before.is_some() && !shares {
            lines.push(blank());
        }
        let mut line_start = start;
        let indented = |line: &str| {
            let columns = indents.get(&line_start).copied().unwrap_or(0);
            line_start += line.len() + LINE_BREAK.len_utf8();
            " ".repeat(columns.min(MAX_INDENT))
        };
        push_unit(unit, &holders, indented, &mut lines);
        before = Some(holders);
    }
    lines
}

fn blank() -> SectionLine {
    SectionLine {
        indent: String::new(),
        text: String::new(),
        may_wrap: true,
    }
}

/// Adds the lines of a paragraph, an item, a row or a stretch of code.
fn push_unit(
    unit: &str,
    holders: &[&Block],
    mut indented: impl FnMut(&str) -> String,
    lines: &mut Vec<SectionLine>,
) {
    let count = |kind| holders.iter().filter(|block| block.kind == kind).count();
    let quoted = "> ".repeat(count(BlockKind::Quotation));
    let depth = count(BlockKind::List);
    let is_code = count(BlockKind::Code) > 0;
    let is_row = count(BlockKind::Table) > 0;
    let inside = "  ".repeat(depth);
    let cells = if is_row { " | " } else { "  " };
    for (i, line) in unit.split(LINE_BREAK).enumerate() {
        let space = indented(line);
        let text = line.replace(CELL_END, cells);
        let (indent, text) = match (depth, i, is_code) {
            (_, _, true) => (format!("{quoted}{inside}    {space}"), text),
            (0, _, _) => (quoted.clone(), text),
            (_, 0, _) => {
                let outer = "  ".repeat(depth - 1);
                (format!("{quoted}{outer}"), format!("- {text}"))
            }
            _ => (format!("{quoted}{inside}"), text),
        };
        lines.push(SectionLine {
            indent,
            text,
            may_wrap: !is_code && !is_row,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Place, SourceMap};

    fn shown(text: &str, blocks: &[(BlockKind, std::ops::Range<usize>)]) -> Vec<String> {
        let blocks = blocks.iter().map(|(kind, span)| Block {
            kind: *kind,
            span: span.clone(),
        });
        let section = Section {
            headings: Vec::new(),
            level: 1,
            anchor: "top".into(),
            heading_line: None,
            start: Place::START,
            end: Place::START,
            text: text.into(),
            map: SourceMap::default(),
            blocks: blocks.collect(),
        };
        let indents = BTreeMap::from([(29, 2)]);
        let lines = laid_out(&section, &indents);
        lines
            .iter()
            .map(|line| format!("{}{}", line.indent, line.text))
            .collect()
    }

    #[test]
    fn lists_tables_code_and_quotations_keep_their_shape() {
        let text = "Intro.\none\ntwo\na\tb\nc\td\nx = 1\u{b}y = 2\nSaid.";
        let blocks = [
            (BlockKind::List, 7..14),
            (BlockKind::Table, 15..22),
            (BlockKind::Code, 23..34),
            (BlockKind::Quotation, 35..40),
        ];
        assert_eq!(
            shown(text, &blocks),
            [
                "Intro.",
                "",
                "- one",
                "- two",
                "",
                "a | b",
                "c | d",
                "",
                "    x = 1",
                "      y = 2",
                "",
                "> Said."
            ]
        );
        assert_eq!(shown("a\nb", &[]), ["a", "", "b"]);
    }

    #[test]
    fn lines_of_code_and_tables_are_not_wrapped() {
        let lines =
            written_lines("Words here.\n\n```sh\nls -l\n```\n\n\tmake\n| a | b |\nmore\n\n");
        let wraps: Vec<bool> = lines.iter().map(|line| line.may_wrap).collect();
        assert_eq!(
            wraps,
            [true, true, false, false, false, true, false, false, true]
        );
        assert_eq!(lines[6].text, "        make");
    }
}
