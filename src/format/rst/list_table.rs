//! Tables that are written as a list of rows, each a list of cells.
//!
//! Source: the directives of Docutils, "List Table".

use super::RstReader;
use super::marks::{item_marker, option_len};
use crate::article::BlockKind;
use crate::format::builder::text::Gap;

/// A table in so many others is read as a list.
const MAX_NESTED: usize = 8;
/// The bullets of a list.
static BULLETS: [char; 6] = ['*', '-', '+', '•', '‣', '⁃'];

/// The indents of the bullets.
struct ListColumns {
    row: usize,
    /// Of the cells of the row at hand; `None` before its first one.
    cell: Option<usize>,
}

impl RstReader<'_> {
    /// `.. list-table:: title`: the title, and of each row its cells. False where it stands in too many others.
    pub(super) fn list_table(&mut self, title: &str, indent: usize) -> bool {
        if self.nesting.tables() >= MAX_NESTED {
            return false;
        }
        let end = self.end_of_indented(indent);
        self.table_title(title);
        while self.at < end && option_len(self.line(self.at)).is_some() {
            self.option_end(end);
        }
        while self.at < end && self.line(self.at).is_empty() {
            self.at += 1;
        }
        self.nesting
            .hold(indent, Some(BlockKind::Table), &mut self.outline);
        let mut columns = ListColumns {
            row: self.indent(self.at),
            cell: None,
        };
        while self.at < end {
            match self.bullet(&mut columns) {
                // The first cell stands below the row's bullet.
                Some(_) if columns.cell.is_none() && self.line(self.at).len() == 1 => self.at += 1,
                Some(len) => self.list_cell(&columns, len, end),
                None => self.block(),
            }
        }
        true
    }

    /// The length of the bullets that a row or a cell begins with, at the front of the line at hand.
    fn bullet(&mut self, columns: &mut ListColumns) -> Option<usize> {
        let line = self.line(self.at);
        let indent = self.indent(self.at);
        let len = bullet_len(line)?;
        if indent <= columns.row {
            let cell = bullet_len(&line[len..]);
            columns.cell = cell.map(|_| indent + len);
            self.outline.gap(Gap::Block);
            return Some(len + cell.unwrap_or(0));
        }
        if columns.cell.is_some_and(|cell| indent > cell) {
            return None;
        }
        columns.cell = Some(indent);
        self.outline.gap(Gap::Cell);
        Some(len)
    }

    /// A cell whose text begins behind a bullet of `len` bytes. A paragraph is one text with its lines; what comes below
    /// it are blocks.
    fn list_cell(&mut self, columns: &ListColumns, len: usize, table_end: usize) {
        self.nesting.enter(columns.row, None, &mut self.outline);
        let own_indent = columns.cell.unwrap_or(columns.row);
        self.nesting.hold(own_indent, None, &mut self.outline);
        let rest = &self.line(self.at)[len..];
        if rest.starts_with(".. ") {
            self.explicit(rest, self.indent(self.at) + len);
            return;
        }
        let first = self.at;
        let is_inner =
            |at: usize| at < table_end && !self.line(at).is_empty() && self.indent(at) > own_indent;
        let end = (first + 1..).find(|&at| !is_inner(at)).unwrap_or(first + 1);
        let start = self.lines.trimmed(first).start + len;
        if self.line(end - 1).ends_with("::") {
            self.paragraph(start);
            return;
        }
        self.at = end;
        if !rest.starts_with("| ") {
            self.marked(start..self.lines.trimmed(end - 1).end);
            return;
        }
        for at in first..end {
            let line = self.lines.trimmed(at);
            let start = if at == first { start } else { line.start };
            let bar = usize::from(self.text[start..line.end].starts_with('|'));
            self.outline.gap(Gap::Line);
            self.marked(start + bar..line.end);
        }
    }
}

fn bullet_len(line: &str) -> Option<usize> {
    item_marker(line).filter(|_| line.starts_with(BULLETS))
}
