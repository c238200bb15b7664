//! The lines of an AsciiDoc table: cells, and blocks in them.

use super::lines::{Delimiter, is_block_macro, is_cell_style, is_comment, without_specifier};
use super::{AsciiDocReader, BlockStyle};
use crate::article::BlockKind;
use crate::format::builder::text::Gap;

impl<'a> AsciiDocReader<'a> {
    pub(super) fn table_line(&mut self, line: &'a str) {
        if Some(line) == self.table {
            self.table = None;
            self.outline.close_block(BlockKind::Table);
            self.outline.gap(Gap::Block);
            return;
        }
        if self.condition(line) || is_block_macro(line) || is_comment(line) || is_cell_style(line) {
            return;
        }
        if matches!(self.delimiter(self.at), Some(Delimiter::Verbatim)) {
            self.at += 1;
            self.region(line, true);
            // The caller takes the last line.
            self.at -= 1;
            return;
        }
        let base = self.lines.trimmed(self.at).start;
        let mut from = 0;
        self.outline.gap(Gap::Space);
        let front = line.split('|').next().unwrap_or_default();
        if front.len() < line.len() && without_specifier(front) == 0 {
            self.outline.gap(Gap::Block);
        }
        for bar in memchr::memchr_iter(b'|', line.as_bytes()) {
            if line[..bar].ends_with('\\') {
                continue;
            }
            let cell = without_specifier(&line[from..bar]);
            self.push(base + from..base + from + cell, BlockStyle::Plain);
            self.outline.gap(Gap::Cell);
            from = bar + 1;
        }
        self.push(base + from..base + line.len(), BlockStyle::Plain);
    }
}
