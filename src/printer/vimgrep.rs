//! `path:line:column:passage`, one line a passage, placed at its first highlight; columns in bytes, as Vim counts. In a
//! batch the query's id stands in brackets before the passage.

use std::io::{self, Write};

use super::{Each, Style, clean};
use crate::search::SearchResults;

/// Prints every passage; a hit without text is placed at the start of its section.
pub(super) fn print(results: &SearchResults, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let id = results.query_id.as_deref();
    let id = id.map_or(String::new(), |id| format!("[{}] ", clean(id)));
    for hit in &results.hits {
        let path = style.cited(results, hit);
        let path = clean(&path);
        if hit.passages.is_empty() && style.each == Each::Hit {
            let start = hit.start;
            writeln!(out, "{path}:{}:{}:{id}", start.line, start.column)?;
        }
        for passage in &hit.passages {
            let first = passage.highlights.first();
            let column = first.map_or(passage.byte_column, |h| h.byte_column);
            let (line, text) = (passage.place().line, clean(&passage.text));
            writeln!(out, "{path}:{line}:{column}:{id}{text}")?;
        }
    }
    Ok(())
}
