//! Comma-separated values: a header, then a line a hit, shown by its first passage.
//!
//! Source: RFC 4180, with a line feed at a line's end as Unix programs write it. Where a spreadsheet would take a field,
//! or what stands behind a semicolon in it, for a formula, an apostrophe stands before (OWASP, "CSV Injection").

use std::io::{self, Write};

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
        text(hit.date.map(|date| date.to_string()).as_ref()),
        place.line.to_string(),
        place.column.to_string(),
        place.byte.to_string(),
        hit.verified
            .map_or(String::new(), |is_so| is_so.to_string()),
        text(passage.map(|passage| &passage.text)),
    ]
}

/// What a formula begins with. Spreadsheets take the full-width and small variants for the same.
const FORMULA_SIGNS: [char; 12] = [
    '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫',
];

/// The text, harmless to terminals and spreadsheets: an apostrophe stands before each formula. Spreadsheets of many
/// countries take semicolons for the separator, whatever quotation marks stand around the field.
fn guarded(text: &str) -> String {
    let shown = clean(text);
    let mut out = String::with_capacity(shown.len() + 1);
    for (i, part) in shown.split(';').enumerate() {
        if i > 0 {
            out.push(';');
        }
        if begins_formula(part) {
            out.push('\'');
        }
        out.push_str(part);
    }
    out
}

/// Whether a spreadsheet could run a field that begins so: it may drop white space and quotation marks before the sign.
fn begins_formula(field: &str) -> bool {
    let is_dropped = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
    field
        .trim_start_matches(is_dropped)
        .starts_with(FORMULA_SIGNS)
}

fn written(field: &str) -> String {
    match field.contains(['"', ',', ';', '\t', '\n', '\r']) || field.starts_with(' ') {
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
            ("\t=1", "' =1"),
            ("\r\n=1", "\" \\u{a}=1\""),
            (" \u{3000}+1", "' \u{3000}+1"),
            (" plain", "\" plain\""),
            ("\"=1", "\"'\"\"=1\""),
            ("＝1", "'＝1"),
            ("－1", "'－1"),
            ("\u{ad}@x", "'@x"),
            ("a;=1", "\"a;'=1\""),
            ("a; \"-1", "\"a;' \"\"-1\""),
            ("a;b -1", "\"a;b -1\""),
            ("a - b", "a - b"),
        ] {
            assert_eq!(written(&guarded(field)), expected, "{field:?}");
        }
    }
}
