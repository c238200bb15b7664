//! One section whole, with its citation.

use std::io::{self, Write};

use serde::Serialize;

use super::json::write_line;
use super::outline::lines_of;
use super::records::{PathRecord, VERSION};
use super::{clean, clean_line};
use crate::article::Place;
use crate::search::FoundSection;

#[derive(Serialize)]
struct SectionRecord<'a> {
    v: u32,
    r#type: &'static str,
    id: &'a str,
    path: PathRecord<'a>,
    title: Option<&'a str>,
    headings: &'a [String],
    section: u32,
    lang: Option<&'a str>,
    date: Option<&'a str>,
    start: Place,
    end: Place,
    text: String,
    verified: Option<bool>,
}

/// Writes a section as one record.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_section_record(found: &FoundSection, out: &mut dyn Write) -> io::Result<()> {
    let metadata = &found.record.article.metadata;
    let record = SectionRecord {
        v: VERSION,
        r#type: "section",
        id: &found.id,
        path: PathRecord(&found.record.source.path),
        title: metadata.title.as_deref(),
        headings: &found.section.headings,
        section: found.order,
        lang: metadata.lang.as_deref(),
        date: metadata.date.as_deref(),
        start: found.section.start,
        end: found.section.end,
        text: lines_of(&found.section.text),
        verified: found.verified,
    };
    write_line(&record, out)
}

/// Prints a section for people: its citation, its headings, its text.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_section(found: &FoundSection, out: &mut dyn Write) -> io::Result<()> {
    let start = found.section.start;
    write!(
        out,
        "{}:{}:{}",
        clean(&found.record.cited_path()),
        start.line,
        start.column
    )?;
    writeln!(
        out,
        "{}",
        if found.verified == Some(false) {
            "  (changed since it was indexed)"
        } else {
            ""
        }
    )?;
    let path: Vec<_> = found
        .record
        .article
        .metadata
        .title
        .iter()
        .chain(&found.section.headings)
        .map(|h| clean_line(h))
        .collect();
    if !path.is_empty() {
        writeln!(out, "{}", path.join(" › "))?;
    }
    for block in lines_of(&found.section.text).lines() {
        writeln!(out, "\n{}", clean_line(block))?;
    }
    Ok(())
}
