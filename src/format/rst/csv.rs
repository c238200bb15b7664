//! Tables whose rows are written as values with commas between them.
//!
//! Source: the directives of Docutils, "CSV Table"; RFC 4180.

use std::ops::Range;

use super::RstReader;
use super::marks::option_len;
use crate::article::BlockKind;
use crate::format::builder::text::Gap;

impl RstReader<'_> {
    /// `.. csv-table:: title`: the title, the row of the option `header`, and the rows that stand in the article.
    pub(super) fn csv_table(&mut self, title: &str, indent: usize) {
        let end = self.end_of_indented(indent);
        self.table_title(title);
        let mut cells = CsvCells::new(self.text);
        let mut header = None;
        while self.at < end
            && let Some(len) = option_len(self.line(self.at))
        {
            let line = self.line(self.at);
            let start = self.lines.trimmed(self.at).start + len;
            let value = line[len..].trim();
            let own_end = self.option_end(end);
            match &line[..len] {
                ":header:" => header = Some(start..own_end),
                ":delim:" => cells.delimiter = sign(value).unwrap_or(cells.delimiter),
                ":quote:" => cells.quote = sign(value).unwrap_or(cells.quote),
                _ => {}
            }
        }
        self.outline.open_block(BlockKind::Table);
        if let Some(header) = header {
            self.csv_rows(&mut cells, header);
        }
        if self.at < end {
            let body = self.lines.start(self.at)..self.lines.trimmed(end - 1).end;
            self.csv_rows(&mut cells, body);
        }
        self.outline.close_block(BlockKind::Table);
        self.at = end.max(self.at);
    }

    /// Passes over the line of a table's directive; adds the title.
    pub(super) fn table_title(&mut self, title: &str) {
        if title.is_empty() {
            self.outline.gap(Gap::Block);
            self.at += 1;
        } else {
            let title_end = self.lines.trimmed(self.at).end;
            self.paragraph(title_end - title.len());
        }
    }

    /// Passes over an option and the lines that go on with it; gives where its text ends.
    pub(super) fn option_end(&mut self, end: usize) -> usize {
        let mut text_end = self.lines.trimmed(self.at).end;
        self.at += 1;
        while self.at < end {
            let line = self.line(self.at);
            if line.is_empty() || option_len(line).is_some() {
                break;
            }
            text_end = self.lines.trimmed(self.at).end;
            self.at += 1;
        }
        text_end
    }

    fn csv_rows(&mut self, cells: &mut CsvCells<'_>, range: Range<usize>) {
        (cells.at, cells.end) = (range.start, range.end);
        while cells.at < cells.end {
            loop {
                let (pieces, ends_row) = cells.cell();
                for piece in pieces {
                    self.marked(piece);
                }
                if ends_row {
                    break;
                }
                self.outline.gap(Gap::Cell);
            }
            self.outline.gap(Gap::Block);
        }
    }
}

/// The sign that an option names.
fn sign(value: &str) -> Option<u8> {
    match value {
        "tab" => Some(b'\t'),
        "space" => Some(b' '),
        _ => (value.bytes().next()).filter(|sign| value.len() == 1 && sign.is_ascii_punctuation()),
    }
}

/// Cuts a range of a text into cells.
struct CsvCells<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    delimiter: u8,
    quote: u8,
}

impl CsvCells<'_> {
    fn new(text: &str) -> CsvCells<'_> {
        CsvCells {
            text,
            at: 0,
            end: 0,
            delimiter: b',',
            quote: b'"',
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        (at < self.end).then(|| self.text.as_bytes().get(at).copied())?
    }

    /// The pieces that the next cell's text is made of, without its quotes, and whether it is the last of its row.
    fn cell(&mut self) -> (Vec<Range<usize>>, bool) {
        let is_space = |b: u8| matches!(b, b' ' | b'\t') && b != self.delimiter;
        let mut at = self.at;
        while self.byte(at).is_some_and(is_space) {
            at += 1;
        }
        self.at = at;
        let pieces = match self.byte(self.at) {
            Some(byte) if byte == self.quote => self.quoted(),
            _ => {
                let start = self.at;
                self.pass_cell();
                std::iter::once(start..self.at).collect()
            }
        };
        self.pass_cell();
        let ends_row = self.byte(self.at) != Some(self.delimiter);
        self.at += 1;
        (pieces, ends_row)
    }

    fn pass_cell(&mut self) {
        let is_inner = |b: u8| b != self.delimiter && !matches!(b, b'\n' | b'\r');
        let mut at = self.at;
        while self.byte(at).is_some_and(is_inner) {
            at += 1;
        }
        self.at = at;
    }

    /// Text in quotes, in which two quotes stand for one. One that nothing closes goes up to the end.
    fn quoted(&mut self) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut from = self.at + 1;
        loop {
            let rest = self.text.as_bytes().get(from..self.end).unwrap_or_default();
            let Some(len) = memchr::memchr(self.quote, rest) else {
                pieces.push(from.min(self.end)..self.end);
                self.at = self.end;
                return pieces;
            };
            let close = from + len;
            if self.byte(close + 1) != Some(self.quote) {
                pieces.push(from..close);
                self.at = close + 1;
                return pieces;
            }
            pieces.push(from..close + 1);
            from = close + 2;
        }
    }
}
