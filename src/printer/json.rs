//! JSON output: NDJSON, and one array.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::clean::first_unsafe;
use super::records::{HitRecord, MentionRecord, SummaryRecord};
use super::{Each, Style};
use crate::search::SearchResults;

/// Compact JSON in which characters that could harm a terminal are escapes too.
struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = first_unsafe(rest) {
            CompactFormatter.write_string_fragment(writer, &rest[..at])?;
            let len = rest[at..].chars().next().map_or(1, char::len_utf8);
            for unit in rest[at..at + len].encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + len..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// About how many bytes a record has.
const RECORD_BYTES: usize = 4096;

/// Adds a record in JSON to what is to be written.
fn push_json<T: Serialize>(record: &T, out: &mut Vec<u8>) -> io::Result<()> {
    record
        .serialize(&mut Serializer::with_formatter(out, SafeFormatter))
        .map_err(io::Error::from)
}

/// Writes one record, without a line feed.
pub(super) fn write_json<T: Serialize>(record: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut json = Vec::with_capacity(RECORD_BYTES);
    push_json(record, &mut json)?;
    out.write_all(&json)
}

/// Writes one record on a line.
pub(super) fn write_line<T: Serialize>(record: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut json = Vec::with_capacity(RECORD_BYTES);
    push_json(record, &mut json)?;
    json.push(b'\n');
    out.write_all(&json)
}

/// Prints each hit, or mention, on a line, then the summary.
pub(super) fn print_ndjson(
    results: &SearchResults,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    print_each(results, style, b"\n", out)?;
    write_line(&SummaryRecord::new(results), out)
}

/// Prints the same records as elements of an array.
pub(super) fn print_elements(
    results: &SearchResults,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    print_each(results, style, b",\n", out)?;
    write_json(&SummaryRecord::new(results), out)
}

/// Prints the records of all hits, each ended by `end`.
fn print_each(
    results: &SearchResults,
    style: &Style,
    end: &[u8],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut json = Vec::with_capacity(RECORD_BYTES);
    let mut write = |json: &mut Vec<u8>| {
        json.extend_from_slice(end);
        out.write_all(json)?;
        json.clear();
        Ok::<(), io::Error>(())
    };
    for hit in &results.hits {
        if style.each == Each::Hit {
            push_json(&HitRecord::new(results, hit), &mut json)?;
            write(&mut json)?;
            continue;
        }
        for mention in MentionRecord::all_of(results, hit) {
            push_json(&mention, &mut json)?;
            write(&mut json)?;
        }
    }
    Ok(())
}

/// Writes one value on a line.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_value(value: &serde_json::Value, out: &mut dyn Write) -> io::Result<()> {
    write_line(value, out)
}
