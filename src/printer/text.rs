//! Text for people: where it stands, under which headings, and the passages with what satisfied the query marked.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthChar;

use super::clean::push_clean;
use super::{Style, clean};
use crate::search::{SearchHit, SearchResults, ShownPassage};

const PATH: Ansi = AnsiColor::Magenta.on_default();
const PLACE: Ansi = AnsiColor::Green.on_default();
const HEADING: Ansi = AnsiColor::Cyan.on_default();
const HIGHLIGHT: Ansi = AnsiColor::Red.on_default().bold();
const WARNING: Ansi = AnsiColor::Yellow.on_default();
/// Longer lines are hard to read, however wide the terminal.
const MAX_WIDTH: usize = 100;
const INDENT: &str = "  ";

/// Prints the hits, a blank line between two.
pub(super) fn print(results: &SearchResults, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (i, hit) in results.hits.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        print_hit(hit, style, out)?;
    }
    Ok(())
}

fn print_hit(hit: &SearchHit, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let first = hit
        .passages
        .iter()
        .find_map(|passage| passage.highlights.first());
    let place = first.map_or_else(
        || hit.passages.first().map_or(hit.start, |p| p.start),
        |h| h.start,
    );
    write_styled(&clean(&hit.path.to_text()), PATH, style, out)?;
    write_styled(
        &format!(":{}:{}", place.line, place.column),
        PLACE,
        style,
        out,
    )?;
    if style.scores {
        write!(out, "  {:.6}", hit.score)?;
    }
    if hit.verified == Some(false) {
        out.write_all(b"  ")?;
        write_styled("(changed since it was indexed)", WARNING, style, out)?;
    }
    writeln!(out)?;
    print_breadcrumb(hit, style, out)?;
    hit.passages
        .iter()
        .try_for_each(|passage| print_passage(passage, style, out))
}

/// The article's title and the headings, outermost first.
fn print_breadcrumb(hit: &SearchHit, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut cells = Vec::new();
    if let Some(title) = &hit.title {
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

fn print_passage(passage: &ShownPassage, style: Style, out: &mut dyn Write) -> io::Result<()> {
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

/// A character as it is shown.
struct Cell {
    text: String,
    width: usize,
    is_marked: bool,
}

impl Cell {
    fn is_space(&self) -> bool {
        self.text == " "
    }
}

fn push_cells(text: &str, marked: &[Range<usize>], cells: &mut Vec<Cell>) {
    for (at, c) in text.char_indices() {
        let mut shown = String::new();
        push_clean(c, &mut shown);
        let width = shown.chars().map(|c| c.width().unwrap_or(0)).sum();
        cells.push(Cell {
            text: shown,
            width,
            is_marked: marked.iter().any(|range| range.contains(&at)),
        });
    }
}

/// Writes cells as lines behind `indent`, wrapped between words where the style has a width.
fn write_cells(
    cells: &[Cell],
    indent: &str,
    plain: Ansi,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = style
        .width
        .map(|width| width.min(MAX_WIDTH).saturating_sub(indent.len()).max(20));
    for line in wrapped(cells, width) {
        out.write_all(indent.as_bytes())?;
        write_line(line, plain, style, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn wrapped(cells: &[Cell], width: Option<usize>) -> Vec<&[Cell]> {
    let Some(width) = width else {
        return vec![cells];
    };
    let mut lines = Vec::new();
    let mut from = 0;
    while from < cells.len() {
        let len = line_len(&cells[from..], width);
        lines.push(&cells[from..from + len]);
        from += len;
        while cells.get(from).is_some_and(Cell::is_space) {
            from += 1;
        }
    }
    lines
}

/// How many cells fit on a line: up to the last space within the width, else up to the width.
fn line_len(cells: &[Cell], width: usize) -> usize {
    let mut used = 0;
    let mut last_space = None;
    for (i, cell) in cells.iter().enumerate() {
        if cell.is_space() {
            last_space = Some(i);
        }
        used += cell.width;
        if used > width && i > 0 {
            return last_space.filter(|&space| space > 0).unwrap_or(i);
        }
    }
    cells.len()
}

fn write_line(cells: &[Cell], plain: Ansi, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for group in cells.chunk_by(|a, b| a.is_marked == b.is_marked) {
        let text: String = group.iter().map(|cell| cell.text.as_str()).collect();
        write_styled(
            &text,
            if group[0].is_marked { HIGHLIGHT } else { plain },
            style,
            out,
        )?;
    }
    Ok(())
}

fn write_styled(text: &str, ansi: Ansi, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if !style.color || ansi == Ansi::new() {
        return out.write_all(text.as_bytes());
    }
    write!(out, "{ansi}{text}{ansi:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        let mut cells = Vec::new();
        push_cells(text, &[], &mut cells);
        wrapped(&cells, Some(width))
            .into_iter()
            .map(|l| l.iter().map(|c| c.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn lines_break_between_words_by_their_width_on_the_screen() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(lines("北京 大学", 4), ["北京", "大学"]);
        assert_eq!(lines("a\u{1b}b", 6), ["a", "\\u{1b}", "b"]);
    }
}
