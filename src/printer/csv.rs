//! Comma-separated values: a header, then a line a hit, shown by its first passage.
//!
//! Source: RFC 4180, with a line feed at a line's end as Unix programs write it. A field that a spreadsheet would take
//! for a formula begins with an apostrophe (OWASP, "CSV Injection").

use std::borrow::Cow;
use std::io::{self, Write};

use super::clean::is_unsafe;
use super::{Style, clean};
use crate::search::{SearchHit, SearchResults};

/// The first line.
pub(super) const HEADER: &str = "query_id,query,rank,score,id,path,title,headings,section,lang,date,line,column,byte,verified,passage\n";

/// Prints a line a hit.
pub(super) fn print(results: &SearchResults, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for hit in &results.hits {
        let fields = fields(results, hit);
        let written: Vec<String> = fields.iter().map(|field| written(field)).collect();
        writeln!(out, "{}", written.join(","))?;
    }
    Ok(())
}

fn fields(results: &SearchResults, hit: &SearchHit) -> [String; 16] {
    let passage = hit.passages.first();
    let first = passage.and_then(|passage| passage.highlights.first());
    let place = first
        .map(|highlight| highlight.start)
        .or(passage.map(|passage| passage.start))
        .unwrap_or(hit.start);
    let text = |text: Option<&String>| guarded(text.map_or("", String::as_str));
    [
        guarded(results.query_id.as_deref().unwrap_or_default()),
        guarded(&results.query),
        hit.rank.to_string(),
        format!("{:.6}", hit.score),
        guarded(&hit.id),
        guarded(&hit.path.to_text()),
        text(hit.title.as_ref()),
        guarded(&hit.headings.join(" › ")),
        hit.section.to_string(),
        text(hit.lang.as_ref()),
        text(hit.date.as_ref()),
        place.line.to_string(),
        place.column.to_string(),
        place.byte.to_string(),
        hit.verified
            .map_or(String::new(), |is_so| is_so.to_string()),
        text(passage.map(|passage| &passage.text)),
    ]
}

/// The text, harmless to terminals and spreadsheets.
fn guarded(text: &str) -> String {
    let shown = match text.contains(is_unsafe) {
        true => clean(text),
        false => Cow::Borrowed(text),
    };
    match shown.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{shown}"),
        false => shown.into_owned(),
    }
}

fn written(field: &str) -> String {
    match field.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{guarded, written};

    #[test]
    fn fields_are_quoted_and_guarded() {
        for (field, expected) in [
            ("plain", "plain"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("-1, +2", "\"'-1, +2\""),
            ("@x", "'@x"),
        ] {
            assert_eq!(written(&guarded(field)), expected);
        }
    }
}
