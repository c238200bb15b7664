//! Text for people: where it stands, under which headings, and the passages with what satisfied the query marked.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::cells::{push_cells, write_cells, write_styled};
use super::counts::counted;
use super::hyperlinks::linked;
use super::names::title_beside;
use super::{Each, Style, clean};
use crate::article::Place;
use crate::search::{SearchHit, SearchResults, ShownPassage};

const PATH: Ansi = AnsiColor::Magenta.on_default();
const PLACE: Ansi = AnsiColor::Green.on_default();
const HEADING: Ansi = AnsiColor::Cyan.on_default();
const QUERY: Ansi = Ansi::new().bold();
const FACTS: Ansi = Ansi::new().dimmed();
const WARNING: Ansi = AnsiColor::Yellow.on_default();
const INDENT: &str = "  ";

/// Prints the hits, a blank line between two; before them what a batch calls the query.
pub(super) fn print(results: &SearchResults, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(id) = &results.query_id {
        let name = format!("# {}: {}", clean(id), clean(&results.query));
        write_styled(&name, QUERY, style, out)?;
        out.write_all(b"\n")?;
        if results.hits.is_empty() {
            writeln!(out, "{INDENT}no hits")?;
        }
    }
    if style.totals && results.summary.matched > 0 {
        let mut cells = Vec::new();
        push_cells(&totals(results), &[], &mut cells);
        write_cells(&cells, "", FACTS, style, out)?;
        out.write_all(b"\n")?;
    }
    for (i, hit) in results.hits.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        print_hit(results, hit, style, out)?;
    }
    Ok(())
}

/// How many hits there are, and which of them follow.
fn totals(results: &SearchResults) -> String {
    let summary = &results.summary;
    let all = match summary.matched_exact {
        true => counted(summary.matched, "hit", "hits"),
        false => format!("more than {}", counted(summary.matched, "hit", "hits")),
    };
    let first = results.hits.first().map_or(0, |hit| hit.rank);
    let last = results.hits.last().map_or(0, |hit| hit.rank);
    let is_whole = results.hits.len() as u64 == summary.matched && summary.matched_exact;
    match is_whole || results.hits.is_empty() {
        true => all,
        false => format!("{all}, {first} to {last} shown (--all shows all)"),
    }
}

fn print_hit(
    results: &SearchResults,
    hit: &SearchHit,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = hit.place();
    linked(style.url(results, hit).as_deref(), out, |out| {
        write_styled(&clean(&style.cited(results, hit)), PATH, style, out)?;
        write_styled(&at(place), PLACE, style, out)
    })?;
    if style.scores {
        write!(out, "  {:.6}", hit.score)?;
    }
    if hit.verified == Some(false) {
        out.write_all(b"  ")?;
        write_styled("(changed since it was indexed)", WARNING, style, out)?;
    }
    writeln!(out)?;
    print_breadcrumb(hit, style, out)?;
    print_facts(hit, style, out)?;
    print_passages(hit, style, out)
}

fn at(place: Place) -> String {
    format!(":{}:{}", place.line, place.column)
}

/// The article's title and the headings, outermost first; a first heading that is the title stands for both.
fn print_breadcrumb(hit: &SearchHit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut cells = Vec::new();
    if let Some(title) = title_beside(hit.title.as_deref(), &hit.headings) {
        push_cells(title, &hit.title_highlights, &mut cells);
    }
    for (i, heading) in hit.headings.iter().enumerate() {
        if !cells.is_empty() {
            push_cells(" › ", &[], &mut cells);
        }
        let own = hit.heading_highlights.iter().filter(|h| h.heading == i);
        let ranges: Vec<_> = own.map(|h| h.in_text.clone()).collect();
        push_cells(heading, &ranges, &mut cells);
    }
    if cells.is_empty() {
        return Ok(());
    }
    write_cells(&cells, "", HEADING, style, out)
}

/// The date, the authors and the address of the article, as far as they are known.
fn print_facts(hit: &SearchHit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let date = hit.date.map(|date| date.to_string());
    let facts = [date, hit.author.clone(), hit.url.clone()];
    let mut cells = Vec::new();
    for fact in facts.iter().flatten() {
        if !cells.is_empty() {
            push_cells(" · ", &[], &mut cells);
        }
        push_cells(fact, &[], &mut cells);
    }
    match cells.is_empty() {
        true => Ok(()),
        false => write_cells(&cells, "", FACTS, style, out),
    }
}

/// The passages, what is left out between two as `…`; each mention behind its place.
fn print_passages(hit: &SearchHit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut before: Option<&ShownPassage> = None;
    for passage in &hit.passages {
        if style.each == Each::Mention {
            write!(out, "{INDENT}")?;
            write_styled(
                at(passage.place()).trim_start_matches(':'),
                PLACE,
                style,
                out,
            )?;
            writeln!(out)?;
        } else if before.is_some_and(|before| !before.cuts_end && !passage.cuts_start) {
            writeln!(out, "{INDENT}…")?;
        }
        print_passage(passage, style, out)?;
        before = Some(passage);
    }
    Ok(())
}

fn print_passage(passage: &ShownPassage, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let ranges: Vec<_> = passage
        .highlights
        .iter()
        .map(|h| h.in_text.clone())
        .collect();
    let mut cells = Vec::new();
    if passage.cuts_start {
        push_cells("… ", &[], &mut cells);
    }
    push_cells(&passage.text, &ranges, &mut cells);
    if passage.cuts_end {
        push_cells(" …", &[], &mut cells);
    }
    write_cells(&cells, INDENT, Ansi::new(), style, out)
}
