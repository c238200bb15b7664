//! The tables of reStructuredText that are drawn: grid tables and simple tables.

use std::ops::Range;

use super::inline::RstInline;
use crate::analysis::boundary_at;
use crate::format::builder::Outline;
use crate::format::builder::inline::push_inline;
use crate::format::builder::text::Gap;
use crate::format::lines::Line;

/// Of a table with more columns, each line is read for itself.
const MAX_COLUMNS: usize = 64;

/// Whether a line is a border of a grid table: `+---+===+`.
pub(super) fn is_grid_border(line: &str) -> bool {
    line.len() >= 4
        && (line.starts_with("+-") || line.starts_with("+="))
        && line.ends_with('+')
        && line.bytes().all(|b| b"+-=".contains(&b))
}

/// Whether a line is a border of a simple table: `====  ===`.
pub(super) fn is_simple_border(line: &str) -> bool {
    line.starts_with("==") && line.contains(' ') && line.bytes().all(|b| b"= ".contains(&b))
}

/// Where the grid table ends that begins at `from`.
pub(super) fn grid_end(text: &str, lines: &[Line], from: usize) -> usize {
    lines[from..]
        .iter()
        .position(|line| !text[line.trimmed.clone()].starts_with(['+', '|']))
        .map_or(lines.len(), |len| from + len)
}

/// Where the simple table ends that begins at `from`: behind a border that no text follows at once.
pub(super) fn simple_end(text: &str, lines: &[Line], from: usize) -> usize {
    let is_border = |at: usize| is_simple_border(&text[lines[at].trimmed.clone()]);
    let is_blank = |at: usize| lines.get(at).is_none_or(Line::is_blank);
    (from + 1..lines.len())
        .find(|&at| is_border(at) && is_blank(at + 1))
        .map_or(lines.len(), |at| at + 1)
}

/// Adds the cells of a table, row by row.
pub(super) fn push(outline: &mut Outline<'_>, markup: &RstInline<'_>, text: &str, lines: &[Line]) {
    let Some(border) = lines.first() else { return };
    let border_text = &text[border.trimmed.clone()];
    let is_grid = is_grid_border(border_text);
    let columns = columns(border_text, is_grid);
    let mut row: Vec<&Line> = Vec::new();
    for line in lines {
        let line_text = &text[line.trimmed.clone()];
        let is_border = if is_grid {
            line_text.starts_with('+')
        } else {
            is_rule(line_text)
        };
        let begins_row = !is_grid && line.indent() <= border.indent();
        if is_border || begins_row || line.is_blank() {
            push_row(outline, markup, text, &row, &columns, border.indent());
            row.clear();
        }
        if !is_border && !line.is_blank() {
            row.push(line);
        }
    }
    push_row(outline, markup, text, &row, &columns, border.indent());
}

/// Whether a line only underlines columns.
fn is_rule(line: &str) -> bool {
    line.bytes().all(|b| b"=- ".contains(&b)) && line.contains("--") || is_simple_border(line)
}

/// The columns that a border draws, in characters from its start.
fn columns(border: &str, is_grid: bool) -> Vec<Range<usize>> {
    let gap = if is_grid { '+' } else { ' ' };
    let mut all = Vec::new();
    let mut from = 0;
    for part in border.split(gap) {
        if !part.is_empty() {
            all.push(from..from + part.len());
        }
        from += part.len() + 1;
    }
    all
}

/// Adds one row: each column of all its lines, then the next one.
fn push_row(
    outline: &mut Outline<'_>,
    markup: &RstInline<'_>,
    text: &str,
    row: &[&Line],
    columns: &[Range<usize>],
    indent: usize,
) {
    outline.gap(Gap::Block);
    let lines: Vec<Vec<Range<usize>>> = row
        .iter()
        .map(|line| cells(text, line, columns, indent))
        .collect();
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..count {
        for cell in lines.iter().filter_map(|cells| cells.get(column)) {
            outline.gap(Gap::Space);
            push_inline(outline, markup, text, cell.clone());
        }
        outline.gap(Gap::Cell);
    }
    outline.gap(Gap::Block);
}

/// The cells of one line. A cell that runs over a column's end goes on to the next end.
fn cells(text: &str, line: &Line, columns: &[Range<usize>], indent: usize) -> Vec<Range<usize>> {
    // White space may be wider than a byte.
    let start = boundary_at(text, line.start + indent.min(line.indent()));
    let whole = start..line.trimmed.end;
    if columns.len() > MAX_COLUMNS {
        return vec![whole];
    }
    let mut all = Vec::with_capacity(columns.len());
    let mut open = 0;
    let mut next = 0;
    let line_text = &text[whole.clone()];
    for (column, (at, c)) in line_text.char_indices().enumerate() {
        if columns.get(next).is_some_and(|range| range.start == column) && open == usize::MAX {
            open = at;
        }
        // The last column has no end: its text may be longer than its border.
        if next + 1 < columns.len() && columns[next].end == column {
            next += 1;
            if matches!(c, '|' | '+' | ' ') {
                all.push(inner(line_text, open, at, whole.start));
                open = usize::MAX;
            } else {
                all.push(whole.start + at..whole.start + at);
            }
        }
    }
    if open != usize::MAX {
        all.push(inner(line_text, open, line_text.len(), whole.start));
    }
    all
}

/// The text of a cell, without its borders.
fn inner(line: &str, from: usize, to: usize, base: usize) -> Range<usize> {
    let cell = &line[from.min(to)..to];
    if cell.bytes().all(|b| b"-=+| ".contains(&b)) {
        return base + to..base + to;
    }
    let borders = |c: char| c == '|' || c.is_whitespace();
    let start = to - cell.trim_start_matches(borders).len();
    let end = start + line[start..to].trim_end_matches(borders).len();
    base + start..base + end
}
