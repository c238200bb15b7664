//! One section whole, with its citation.

use std::io::{self, Write};

use anstyle::Style as Ansi;
use serde::Serialize;

use super::cells::{push_cells, write_cells};
use super::json::write_line;
use super::layout::{SectionLine, laid_out, written_lines};
use super::names::names_of;
use super::outline::lines_of;
use super::records::{PathRecord, VERSION};
use super::{Style, clean};
use crate::article::Place;
use crate::search::FoundSection;
use crate::search::{citation_of, cited_path};

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
    author: Option<String>,
    url: Option<&'a str>,
    citation: String,
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
    let (source, article) = (&found.record.source, &found.record.article);
    let metadata = &article.metadata;
    let start = found.section.start;
    let record = SectionRecord {
        v: VERSION,
        r#type: "section",
        id: &found.id,
        path: PathRecord(&source.path),
        title: metadata.title.as_deref(),
        headings: &found.section.headings,
        section: found.order,
        lang: metadata.lang.as_deref(),
        date: metadata.date.as_deref(),
        author: metadata.author(),
        url: metadata.url.as_deref(),
        citation: citation_of(&source.path, &article.part, article.is_inner, start),
        start,
        end: found.section.end,
        text: lines_of(&found.section.text),
        verified: found.verified,
    };
    write_line(&record, out)
}

/// Prints a section for people: its citation, its headings and its text: the lines of
/// the source where those are text, else its paragraphs, lists, tables and code.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_section(found: &FoundSection, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let start = found.section.start;
    let (source, article) = (&found.record.source, &found.record.article);
    let path = style.seen(&source.path, &found.base);
    let path = cited_path(&path, &article.part, article.is_inner);
    let changed = match found.verified {
        Some(false) => "  (changed since it was indexed)",
        _ => "",
    };
    let (line, column) = (start.line, start.column);
    writeln!(out, "{}:{line}:{column}{changed}", clean(&path))?;
    let metadata = &article.metadata;
    let names = names_of(metadata.title.as_deref(), &found.section.headings);
    print_line(&names.join(" › "), style, out)?;
    writeln!(out)?;
    let lines = match &found.written {
        Some(written) => written_lines(written),
        None => laid_out(&found.section, &found.indents),
    };
    lines
        .iter()
        .try_for_each(|line| print_section_line(line, style, out))
}

/// Prints a line, where there is something in it.
fn print_line(text: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let mut cells = Vec::new();
    push_cells(text, &[], &mut cells);
    write_cells(&cells, "", Ansi::new(), style, out)
}

fn print_section_line(line: &SectionLine, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut cells = Vec::new();
    push_cells(&line.text, &[], &mut cells);
    let whole = Style {
        width: style.width.filter(|_| line.may_wrap),
        ..style.clone()
    };
    if cells.is_empty() {
        return writeln!(out, "{}", line.indent.trim_end());
    }
    write_cells(&cells, &line.indent, Ansi::new(), &whole, out)
}
