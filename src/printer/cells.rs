//! Text as lines of a terminal: characters with their width, wrapped between words, what is marked in colour.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthChar;

use super::Style;
use super::clean::{END_ISOLATE, ISOLATE, push_clean, runs_right_to_left};

const HIGHLIGHT: Ansi = AnsiColor::Red.on_default().bold();
/// Longer lines are hard to read, however wide the terminal.
pub(super) const MAX_WIDTH: usize = 100;
/// No line is narrower, however little room an indent leaves.
const MIN_WIDTH: usize = 10;

/// A character as it is shown.
pub(super) struct Cell {
    sign: CellSign,
    width: usize,
    is_marked: bool,
}

/// What is shown of a character.
enum CellSign {
    /// Itself, or a space.
    Char(char),
    /// What it is written as.
    Escape(Box<str>),
}

impl Cell {
    fn new(c: char, width: usize) -> Cell {
        Cell {
            sign: CellSign::Char(c),
            width,
            is_marked: false,
        }
    }

    fn is_space(&self) -> bool {
        self.is(' ')
    }

    fn is(&self, c: char) -> bool {
        self.char() == Some(c)
    }

    /// The character; `None` for an escape, which begins with a backslash and is of no script.
    fn char(&self) -> Option<char> {
        match self.sign {
            CellSign::Char(c) => Some(c),
            CellSign::Escape(_) => None,
        }
    }

    fn push_to(&self, out: &mut String) {
        match &self.sign {
            CellSign::Char(c) => out.push(*c),
            CellSign::Escape(escape) => out.push_str(escape),
        }
    }

    /// Whether a line may not begin with it: it closes what stands before.
    fn closes(&self) -> bool {
        const CLOSING: &str = "、。，．,.！!？?：:；;）)」』】〉》〕］]”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%％";
        self.width == 0 || self.char().is_some_and(|c| CLOSING.contains(c))
    }

    fn is_hangul(&self) -> bool {
        matches!(self.char(), Some('\u{ac00}'..='\u{d7a3}'))
    }

    /// Whether a line may not end with it: it opens what stands behind.
    fn opens(&self) -> bool {
        self.char()
            .is_some_and(|c| "（(「『【〈《〔［[“‘".contains(c))
    }
}

/// Adds the characters of a text; one that runs from right to left is isolated.
pub(super) fn push_cells(text: &str, marked: &[Range<usize>], cells: &mut Vec<Cell>) {
    let is_isolated = runs_right_to_left(text);
    if is_isolated {
        cells.push(Cell::new(ISOLATE, 0));
    }
    // The ranges are in order and apart from each other.
    let mut ranges = marked.iter().peekable();
    let mut shown = String::new();
    cells.reserve(text.len());
    for (at, c) in text.char_indices() {
        while ranges.next_if(|range| range.end <= at).is_some() {}
        let cell = match c {
            ' '..='~' => Cell::new(c, 1),
            _ => {
                shown.clear();
                push_clean(text, at, c, &mut shown);
                let mut chars = shown.chars();
                let Some(first) = chars.next() else {
                    continue;
                };
                let width = shown.chars().map(|c| c.width().unwrap_or(0)).sum();
                match chars.next() {
                    None => Cell::new(first, width),
                    Some(_) => Cell {
                        sign: CellSign::Escape(shown.as_str().into()),
                        ..Cell::new(first, width)
                    },
                }
            }
        };
        cells.push(Cell {
            is_marked: ranges.peek().is_some_and(|range| range.contains(&at)),
            ..cell
        });
    }
    if is_isolated {
        cells.push(Cell::new(END_ISOLATE, 0));
    }
}

/// Writes cells as lines behind `indent`, wrapped between words where the style has a width.
pub(super) fn write_cells(
    cells: &[Cell],
    indent: &str,
    plain: Ansi,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = |width: usize| {
        width
            .min(MAX_WIDTH)
            .saturating_sub(indent.len())
            .max(MIN_WIDTH)
    };
    let lines = wrapped(cells, style.width.map(width));
    write_lines(&lines, [indent, indent], plain, style, out)
}

/// Writes text that is safe to show behind `indent` columns, wrapped between words to `width`, its further lines behind
/// `hang` more. A word that is longer, such as a path, stays whole.
pub(super) fn write_text(
    text: &str,
    (indent, hang): (usize, usize),
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut cells = Vec::new();
    for c in text.chars() {
        cells.push(Cell::new(c, c.width().unwrap_or(0)));
    }
    let room = |indent: usize| width.saturating_sub(indent).max(MIN_WIDTH);
    let (mut lines, mut rest) = (Vec::new(), cells.as_slice());
    while !rest.is_empty() || lines.is_empty() {
        let indent = if lines.is_empty() {
            indent
        } else {
            indent + hang
        };
        let line = cut_line(&mut rest, room(indent), LongWords::Whole);
        lines.push(line);
    }
    let indents = [indent, indent + hang].map(|columns| " ".repeat(columns));
    let [first, further] = indents.each_ref().map(String::as_str);
    write_lines(
        &lines,
        [first, further],
        Ansi::new(),
        &Style::default(),
        out,
    )
}

/// Writes lines, the first behind the one indent, the further ones behind the other.
fn write_lines(
    lines: &[&[Cell]],
    [first, further]: [&str; 2],
    plain: Ansi,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    // What is isolated is so in each of its lines.
    let mut is_isolated = false;
    for (i, line) in lines.iter().enumerate() {
        let indent = if i == 0 { first } else { further };
        out.write_all(indent.as_bytes())?;
        if is_isolated {
            write!(out, "{ISOLATE}")?;
        }
        write_line(line, plain, style, out)?;
        let last = line
            .iter()
            .rfind(|cell| cell.is(ISOLATE) || cell.is(END_ISOLATE));
        is_isolated = last.map_or(is_isolated, |cell| cell.is(ISOLATE));
        if is_isolated {
            write!(out, "{END_ISOLATE}")?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn wrapped(cells: &[Cell], width: Option<usize>) -> Vec<&[Cell]> {
    let Some(width) = width else {
        return vec![cells];
    };
    let mut lines = Vec::new();
    let mut rest = cells;
    while !rest.is_empty() {
        lines.push(cut_line(&mut rest, width, LongWords::Broken));
    }
    lines
}

/// What becomes of a word that is longer than a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LongWords {
    Broken,
    Whole,
}

/// The cells that fit on a line, and leaves what stands on the next ones.
fn cut_line<'c>(rest: &mut &'c [Cell], width: usize, long: LongWords) -> &'c [Cell] {
    let (line, behind) = rest.split_at(line_len(rest, width, long));
    let spaces = behind.iter().take_while(|cell| cell.is_space()).count();
    *rest = behind.split_at(spaces).1;
    line
}

/// How many cells fit on a line: up to the last space or wide character within the width, else up to the width.
fn line_len(cells: &[Cell], width: usize, long: LongWords) -> usize {
    let mut used = 0;
    let mut last_break = None;
    let mut last: Option<&Cell> = None;
    for (i, cell) in cells.iter().enumerate() {
        if cell.is_space() || last.is_some_and(|last| may_break(last, cell)) {
            last_break = Some(i);
        }
        last = Some(cell);
        used += cell.width;
        if used > width && i > 0 {
            match last_break.filter(|&at| at > 0) {
                Some(at) => return at,
                None if long == LongWords::Broken => return i,
                None => {}
            }
        }
    }
    cells.len()
}

/// Whether a line may end between two characters without a space: beside a wide one, but not in a Korean word.
fn may_break(before: &Cell, cell: &Cell) -> bool {
    let is_between = |cell: &Cell| cell.width == 2 && !cell.is_hangul();
    (is_between(before) || is_between(cell)) && !before.opens() && !cell.closes()
}

fn write_line(cells: &[Cell], plain: Ansi, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for group in cells.chunk_by(|a, b| a.is_marked == b.is_marked) {
        let mut text = String::with_capacity(group.len());
        group.iter().for_each(|cell| cell.push_to(&mut text));
        let is_marked = group.first().is_some_and(|cell| cell.is_marked);
        let ansi = if is_marked { HIGHLIGHT } else { plain };
        write_styled(&text, ansi, style, out)?;
    }
    Ok(())
}

pub(super) fn write_styled(
    text: &str,
    ansi: Ansi,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
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
            .map(|line| {
                let mut text = String::new();
                line.iter().for_each(|cell| cell.push_to(&mut text));
                text
            })
            .collect()
    }

    #[test]
    fn lines_break_between_words_by_their_width_on_the_screen() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(lines("北京 大学", 4), ["北京", "大学"]);
        assert_eq!(lines("ab 北京大学", 7), ["ab 北京", "大学"]);
        assert_eq!(lines("北京。「大学」", 6), ["北京。", "「大", "学」"]);
        assert_eq!(lines("2월에 서명되었다.", 14), ["2월에", "서명되었다."]);
        assert_eq!(lines("กี่กี่กี่", 2), ["กี่กี่", "กี่"]);
        assert_eq!(lines("a\u{1b}b", 6), ["a", "\\u{1b}", "b"]);
    }

    #[test]
    fn further_lines_of_a_text_hang_and_long_words_stay_whole() {
        let shown = |text: &str, width: usize| {
            let mut out = Vec::new();
            write_text(text, (2, 3), width, &mut out).expect("written");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(
            shown("one two three four five", 15),
            "  one two three\n     four five\n"
        );
        assert_eq!(
            shown("a/path/that/is/longer than it", 12),
            "  a/path/that/is/longer\n     than it\n"
        );
        assert_eq!(
            shown("at \u{2068}שלום עולם שלום\u{2069} on", 14),
            "  at \u{2068}שלום עולם\u{2069}\n     \u{2068}שלום\u{2069} on\n"
        );
        assert_eq!(shown("", 14), "  \n");
    }

    #[test]
    fn text_from_right_to_left_is_isolated_in_each_of_its_lines() {
        let mut cells = Vec::new();
        push_cells("Talks", &[], &mut cells);
        push_cells(" › ", &[], &mut cells);
        push_cells("שלום עולם", &[], &mut cells);
        let style = Style {
            width: Some(20),
            ..Style::default()
        };
        let mut out = Vec::new();
        write_cells(&cells, "", Ansi::new(), &style, &mut out).expect("written");
        let whole = String::from_utf8(out).expect("text");
        assert_eq!(whole, "Talks › \u{2068}שלום עולם\u{2069}\n");
        let mut out = Vec::new();
        let mut cells = Vec::new();
        push_cells("שלום עולם שלום עולם שלום", &[], &mut cells);
        write_cells(&cells, "  ", Ansi::new(), &style, &mut out).expect("written");
        let lines = String::from_utf8(out).expect("text");
        for line in lines.lines() {
            assert!(
                line.starts_with("  \u{2068}") && line.ends_with('\u{2069}'),
                "{line:?}"
            );
            assert_eq!(line.matches('\u{2068}').count(), 1, "{line:?}");
        }
    }
}
