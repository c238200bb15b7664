//! Comma-separated values: a header, then a line a hit, shown by its first passage, or a line a mention.
//!
//! Source: RFC 4180, with a line feed at a line's end as Unix programs write it. Where a spreadsheet would take a field,
//! or what stands behind a semicolon in it, for a formula, an apostrophe stands before (OWASP, "CSV Injection").

use std::io::{self, Write};

use super::records::MentionRecord;
use super::{Each, Style, clean};
use crate::article::Place;
use crate::search::citation_of;
use crate::search::{SearchHit, SearchResults, ShownPassage};

/// The first line of hits.
const HIT_HEADER: &str = "query_id,query,rank,score,id,path,title,headings,section,lang,date,line,column,byte,verified,passage,author,url,citation\n";
/// The first line of mentions.
const MENTION_HEADER: &str = "query_id,query,rank,score,id,path,title,headings,section,lang,date,line,column,byte,verified,author,url,citation,mention,highlight,sentence\n";

/// The first line.
pub(super) fn header(each: Each) -> &'static str {
    match each {
        Each::Hit => HIT_HEADER,
        Each::Mention => MENTION_HEADER,
    }
}

/// Prints a line a hit, or a mention.
pub(super) fn print(results: &SearchResults, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for hit in &results.hits {
        if style.each == Each::Hit {
            let place = hit.passages.first().map_or(hit.start, ShownPassage::place);
            let mut row = fields(results, hit, place);
            let passage = hit.passages.first();
            row.push(guarded(passage.map_or("", |passage| passage.text.as_str())));
            row.extend(origin(hit, place));
            write_row(&row, out)?;
            continue;
        }
        for mention in MentionRecord::all_of(results, hit) {
            let mut row = fields(results, hit, mention.place());
            row.extend(origin(hit, mention.place()));
            row.push(mention.number().to_string());
            row.push(guarded(mention.text()));
            row.push(guarded(mention.sentence()));
            write_row(&row, out)?;
        }
    }
    Ok(())
}

fn write_row(row: &[String], out: &mut dyn Write) -> io::Result<()> {
    let written: Vec<String> = row.iter().map(|field| written(field)).collect();
    writeln!(out, "{}", written.join(","))
}

fn fields(results: &SearchResults, hit: &SearchHit, place: Place) -> Vec<String> {
    let text = |text: Option<&String>| guarded(text.map_or("", String::as_str));
    vec![
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
    ]
}

/// Author, address and citation.
fn origin(hit: &SearchHit, place: Place) -> [String; 3] {
    [
        guarded(hit.author.as_deref().unwrap_or_default()),
        guarded(hit.url.as_deref().unwrap_or_default()),
        guarded(&citation_of(&hit.path, &hit.part, hit.is_inner, place)),
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
