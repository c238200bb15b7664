//! A run in TREC form: query id, `Q0`, section id, rank, score, program.
//!
//! Source: trec_eval, README, "The format of a run".

use std::io::{self, Write};

use super::Style;
use super::clean::is_unsafe_at;
use crate::search::SearchResults;

/// The last field of each line.
const RUN: &str = "excerpt";
/// The id of a query that has none.
const NO_ID: &str = "1";

/// Prints a line a hit.
pub(super) fn print(results: &SearchResults, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let query = trec_id(results.query_id.as_deref().unwrap_or(NO_ID));
    for hit in &results.hits {
        writeln!(
            out,
            "{query} Q0 {} {} {:.6} {RUN}",
            trec_id(&hit.id),
            hit.rank,
            hit.score
        )?;
    }
    Ok(())
}

/// An id as one field: white space, `%` and what may not reach a terminal percent-encoded.
#[must_use]
pub fn trec_id(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for (at, c) in id.char_indices() {
        if c.is_whitespace() || c == '%' || is_unsafe_at(id, at, c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::trec_id;

    #[test]
    fn ids_are_one_field() {
        assert_eq!(trec_id("a b%c.txt#t\u{a0}x"), "a%20b%25c.txt#t%C2%A0x");
    }
}
