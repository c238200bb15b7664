//! From offsets in a decoded text to places in its source: byte, line and column.

use crate::article::Place;
use crate::source::Decoded;

/// Few texts have shorter lines, on the average.
const USUAL_LINE_BYTES: usize = 24;
/// No more are room made for before they are seen.
const MOST_LINES_AHEAD: usize = 1 << 16;

/// Finds places. Asking in the order of the text is cheap, also on one endless line.
pub(in crate::format) struct LineIndex<'a> {
    source: &'a Decoded,
    line_starts: Vec<usize>,
    is_ascii: bool,
    /// The last answer: offset, index of its line, column.
    last: (usize, usize, u32),
}

impl<'a> LineIndex<'a> {
    pub(in crate::format) fn new(source: &'a Decoded) -> LineIndex<'a> {
        let text = source.text();
        let lines = text.len() / USUAL_LINE_BYTES;
        let mut line_starts = Vec::with_capacity(1 + lines.min(MOST_LINES_AHEAD));
        line_starts.push(0);
        line_starts
            .extend(memchr::memchr_iter(source.line_end(), text.as_bytes()).map(|at| at + 1));
        LineIndex {
            source,
            line_starts,
            is_ascii: text.is_ascii(),
            last: (0, 0, 1),
        }
    }

    /// The place of the character at byte `offset` of the text.
    pub(in crate::format) fn at(&mut self, offset: usize) -> Place {
        let line = self.line_of(offset);
        let column = self.column(offset, line);
        self.last = (offset, line, column);
        Place {
            byte: self.source.source_byte(offset),
            line: line as u32 + 1,
            column,
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        let (_, last, _) = self.last;
        let near = &self.line_starts[last..];
        if near[0] <= offset
            && let Some(step) = near.iter().take(8).position(|&start| start > offset)
        {
            return last + step - 1;
        }
        self.line_starts.partition_point(|&start| start <= offset) - 1
    }

    fn column(&self, offset: usize, line: usize) -> u32 {
        let start = self.line_starts[line];
        if self.is_ascii {
            return (offset - start) as u32 + 1;
        }
        let (last_offset, last_line, last_column) = self.last;
        let (from, column) = if last_line == line && last_offset <= offset {
            (last_offset, last_column)
        } else {
            (start, 1)
        };
        column + self.source.text()[from..offset].chars().count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_at_line_feeds() {
        let text = "äb\r\ncd\n\nxüz";
        let source = Decoded::from_bytes(text.as_bytes().to_vec()).expect("text");
        let mut places = LineIndex::new(&source);
        for (needle, line, column) in [
            ("b", 1, 2),
            ("d", 2, 2),
            ("z", 4, 3),
            ("b", 1, 2),
            ("x", 4, 1),
        ] {
            let offset = text.find(needle).expect("found");
            assert_eq!(
                places.at(offset),
                Place {
                    byte: offset as u64,
                    line,
                    column
                },
                "{needle}"
            );
        }
    }
}
