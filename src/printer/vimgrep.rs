//! `path:line:column:passage`, one line a passage, placed at its first highlight; columns in bytes, as Vim counts.

use std::io::{self, Write};

use super::{Style, clean};
use crate::search::SearchResults;

/// Prints every passage; a hit without text is placed at the start of its section.
pub(super) fn print(results: &SearchResults, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for hit in &results.hits {
        let path = hit.cited_path();
        let path = clean(&path);
        if hit.passages.is_empty() {
            writeln!(out, "{path}:{}:{}:", hit.start.line, hit.start.column)?;
        }
        for passage in &hit.passages {
            let first = passage.highlights.first();
            let (line, column) = first.map_or((passage.start.line, passage.byte_column), |h| {
                (h.start.line, h.byte_column)
            });
            writeln!(out, "{path}:{line}:{column}:{}", clean(&passage.text))?;
        }
    }
    Ok(())
}
