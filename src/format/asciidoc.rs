//! AsciiDoc: both styles of titles, the header, lists, delimited blocks and tables.
//!
//! Source: the AsciiDoc language documentation (docs.asciidoctor.org/asciidoc), without preprocessing: nothing is
//! included, and both sides of a condition are read.

use std::ops::Range;

use super::asciidoc_inline::AsciiDocInline;
use super::buffer::Gap;
use super::front_matter::iso_date;
use super::inline;
use super::lines::{Line, lines};
use super::outline::Outline;
use crate::article::Article;
use crate::source::Decoded;

/// Longer values of attributes are not put in for their names, in bytes.
const MAX_VALUE_BYTES: usize = 64;
/// The marks of underlined titles, by level.
const UNDERLINES: [u8; 5] = [b'=', b'-', b'~', b'^', b'+'];

/// Reads an AsciiDoc article.
pub(super) fn parse(source: &Decoded) -> Article {
    let text = source.text();
    let mut reader = Reader {
        text,
        lines: lines(text, source.line_end()),
        at: 0,
        outline: Outline::new(source),
        inline: AsciiDocInline::default(),
        anchor: None,
        style: Style::Plain,
        place: Place::Start,
        table: None,
    };
    while reader.at < reader.lines.len() {
        reader.block();
    }
    reader.outline.finish()
}

/// How the next paragraph or block is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    /// Its lines are kept.
    Verse,
    /// Its lines are kept, and it has no markup.
    Verbatim,
}

/// What the lines so far say of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Only comments and attributes came before.
    Start,
    /// Right below the article's title.
    Header,
    Body,
    /// In a list, whose items end a paragraph without a blank line.
    Item,
    /// Below a term, whose text may be indented.
    Term,
}

struct Reader<'a> {
    text: &'a str,
    lines: Vec<Line>,
    at: usize,
    outline: Outline<'a>,
    inline: AsciiDocInline,
    /// The anchor of the next heading.
    anchor: Option<String>,
    style: Style,
    place: Place,
    /// The delimiter of the table being read.
    table: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.lines
            .get(at)
            .map_or("", |line| &self.text[line.trimmed.clone()])
    }

    /// Reads the block at hand, or one line of it; takes at least a line.
    fn block(&mut self) {
        let line = self.line(self.at);
        if line.is_empty() {
            self.outline.gap(Gap::Block);
            if self.place == Place::Header {
                self.place = Place::Body;
            }
            self.at += 1;
        } else if self.table.is_some() {
            self.table_line(line);
            self.at += 1;
        } else if self.is_aside(line) || (self.place == Place::Header && self.header_line(line)) {
            self.at += 1;
        } else if !self.heading(line) && !self.delimited(line) {
            self.paragraph(line);
        }
    }

    /// Takes a line that is no text: a comment, an attribute, a macro that stands for a block, a mark.
    fn is_aside(&mut self, line: &str) -> bool {
        match line.as_bytes()[0] {
            b':' => self.attribute(line),
            b'[' => self.block_attributes(line),
            b'/' => line.starts_with("//") && !line.starts_with("///"),
            b'+' | b'\'' | b'<' => {
                let is_mark = matches!(line, "+" | "'''" | "<<<");
                if is_mark {
                    self.outline.gap(Gap::Block);
                }
                is_mark
            }
            _ => is_block_macro(line),
        }
    }

    /// `:name: value`, for the header or for `{name}` below.
    fn attribute(&mut self, line: &str) -> bool {
        let Some((name, value)) = attribute(line) else {
            return false;
        };
        let value = value.trim_end_matches('\\').trim();
        if line.ends_with(" \\") {
            self.at += 1;
        }
        self.set_metadata(name, value);
        if value.len() <= MAX_VALUE_BYTES {
            self.inline.set(name, value);
        }
        true
    }

    fn set_metadata(&mut self, name: &str, value: &str) {
        let metadata = &mut self.outline.metadata;
        let value = Some(value.to_string()).filter(|value| !value.is_empty());
        match name {
            "lang" => metadata.lang = value.map(|lang| lang.to_ascii_lowercase()),
            "author" | "authors" => metadata.author = value,
            "revdate" | "date" => {
                metadata.date = value
                    .and_then(|date| iso_date(&date))
                    .or(metadata.date.take());
            }
            "doctitle" | "title" => metadata.title = value,
            _ => {}
        }
    }

    /// `[[id]]`, `[#id]`, `[verse]`: says something of the next block.
    fn block_attributes(&mut self, line: &str) -> bool {
        let Some(inner) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        else {
            return false;
        };
        let begins = inner.bytes().next().unwrap_or(b'.');
        let is_known = begins.is_ascii_alphabetic() || b"[#.%\"'=".contains(&begins);
        if !is_known || inner.contains("][") || inner.trim_start_matches('[').contains('[') {
            return false;
        }
        if let Some(id) = block_id(inner) {
            self.anchor = Some(id.to_string());
        }
        let style = inner.split([',', '#', '.', '%']).next().unwrap_or_default();
        self.style = match style.trim() {
            "verse" | "synopsis" => Style::Verse,
            "source" | "listing" | "literal" => Style::Verbatim,
            _ => self.style,
        };
        self.outline.gap(Gap::Block);
        true
    }

    /// The author's and the revision's line below the title.
    fn header_line(&mut self, line: &str) -> bool {
        let metadata = &mut self.outline.metadata;
        let dates = line.split([' ', ',', ';']).find_map(iso_date);
        let is_revision = line.starts_with(|c: char| c.is_ascii_digit())
            || (line.starts_with('v') && line[1..].starts_with(|c: char| c.is_ascii_digit()));
        if is_revision {
            metadata.date = dates.or(metadata.date.take());
            return true;
        }
        if metadata.author.is_some() || !line.starts_with(char::is_alphabetic) {
            self.place = Place::Body;
            return false;
        }
        let names: Vec<&str> = line
            .split(';')
            .map(|author| author.split('<').next().unwrap_or_default().trim())
            .filter(|author| !author.is_empty())
            .collect();
        metadata.author = Some(names.join(", "));
        true
    }

    fn heading(&mut self, line: &str) -> bool {
        let span = self.lines[self.at].trimmed.clone();
        if self.lines[self.at].indent() > 0 {
            return false;
        }
        if let Some((level, inner)) = marked_title(line) {
            let inner = span.start + inner.start..span.start + inner.end;
            self.take_heading(level, inner, span.end);
            self.at += 1;
            return true;
        }
        let under = self.line(self.at + 1);
        let Some(level) = underlined(line, under) else {
            return false;
        };
        let end = self.lines[self.at + 1].trimmed.end;
        self.take_heading(level, span, end);
        self.at += 2;
        true
    }

    fn take_heading(&mut self, level: u8, inner: Range<usize>, end: usize) {
        let is_first = self.place == Place::Start;
        let own = inline_id(&self.text[inner.clone()]).map(str::to_string);
        let anchor = own.or(self.anchor.take());
        self.anchor = None;
        self.style = Style::Plain;
        let start = self.lines[self.at].trimmed.start;
        self.outline.start_heading(level, anchor, start..inner.end);
        inline::push(&mut self.outline, &self.inline, self.text, inner);
        self.outline.end_heading(end);
        self.place = if is_first && level == 1 {
            Place::Header
        } else {
            Place::Body
        };
    }

    /// What the line at `at` delimits. An indented line is text.
    fn delimiter(&self, at: usize) -> Option<Delimiter> {
        let is_at_margin = self.lines[at].indent() == 0;
        delimiter(self.line(at)).filter(|_| is_at_margin)
    }

    /// A line that begins or ends a delimited block.
    fn delimited(&mut self, line: &'a str) -> bool {
        let Some(kind) = self.delimiter(self.at) else {
            return false;
        };
        if self.place == Place::Start {
            self.place = Place::Body;
        }
        self.outline.gap(Gap::Block);
        self.at += 1;
        let line = if line.starts_with("```") { "```" } else { line };
        match kind {
            Delimiter::Transparent if self.style == Style::Verse => self.region(line, true),
            Delimiter::Transparent => {}
            Delimiter::Verbatim => self.region(line, true),
            Delimiter::Left => self.region(line, false),
            Delimiter::Table => self.table = Some(line),
        }
        if kind != Delimiter::Transparent {
            self.style = Style::Plain;
        }
        self.anchor = None;
        true
    }

    /// Takes the lines up to the one that is `end`.
    fn region(&mut self, end: &str, is_kept: bool) {
        let from = self.at;
        let is_end =
            |reader: &Self| reader.lines[reader.at].indent() == 0 && reader.line(reader.at) == end;
        while self.at < self.lines.len() && !is_end(self) {
            self.at += 1;
        }
        if is_kept && from < self.at {
            let range = self.lines[from].start..self.lines[self.at - 1].trimmed.end;
            let style = if self.style == Style::Verse {
                Style::Verse
            } else {
                Style::Verbatim
            };
            self.push(range, style);
        }
        self.style = Style::Plain;
        self.at += 1;
        self.outline.gap(Gap::Block);
    }

    fn table_line(&mut self, line: &'a str) {
        if Some(line) == self.table {
            self.table = None;
            self.outline.gap(Gap::Block);
            return;
        }
        if is_block_macro(line) || (line.starts_with("//") && !line.starts_with("///")) {
            return;
        }
        let base = self.lines[self.at].trimmed.start;
        let mut from = 0;
        self.outline.gap(Gap::Space);
        if line.starts_with('|') {
            self.outline.gap(Gap::Block);
        }
        for bar in memchr::memchr_iter(b'|', line.as_bytes()) {
            if line[..bar].ends_with('\\') {
                continue;
            }
            let cell = without_specifier(&line[from..bar]);
            self.push(base + from..base + from + cell, Style::Plain);
            self.outline.gap(Gap::Cell);
            from = bar + 1;
        }
        self.push(base + from..base + line.len(), Style::Plain);
    }

    /// A paragraph, an item or a term, up to a blank line or to what ends it.
    fn paragraph(&mut self, line: &'a str) {
        if self.place == Place::Start || self.place == Place::Header {
            self.place = Place::Body;
        }
        self.outline.gap(Gap::Block);
        self.anchor = None;
        let first = self.lines[self.at].trimmed.clone();
        let mut start = first.start;
        if let Some(len) = item_marker(line) {
            self.place = Place::Item;
            start += len;
        } else if let Some(term) = term_len(line) {
            self.push(start..start + term, Style::Plain);
            self.outline.gap(Gap::Block);
            start += term + line[term..].len() - line[term..].trim_start_matches([':', ';']).len();
            self.place = Place::Term;
        } else if self.is_literal() {
            self.style = Style::Verbatim;
        } else {
            start += label_len(line);
        }
        let style = std::mem::replace(&mut self.style, Style::Plain);
        if style == Style::Plain || start > first.start {
            self.lines_of_paragraph(start, Style::Plain);
        } else {
            self.lines_of_paragraph(self.lines[self.at].start, style);
        }
        self.outline.gap(Gap::Block);
    }

    /// Whether the indent at hand makes the paragraph literal.
    fn is_literal(&mut self) -> bool {
        let is_indented = self.lines[self.at].indent() > 0;
        if self.place == Place::Term {
            self.place = Place::Item;
            return false;
        }
        is_indented
    }

    fn lines_of_paragraph(&mut self, start: usize, style: Style) {
        let mut from = start;
        let mut end = self.lines[self.at].trimmed.end.max(start);
        let is_term_alone = start == end && self.place == Place::Term;
        self.at += 1;
        while self.at < self.lines.len() && !is_term_alone {
            let line = self.line(self.at);
            if line.is_empty() || self.ends_paragraph(line, style) {
                break;
            }
            if is_block_macro(line) || (line.starts_with("//") && !line.starts_with("///")) {
                self.push(from..end, style);
                self.outline.gap(Gap::Space);
                from = self.lines[self.at].trimmed.end;
            }
            end = self.lines[self.at].trimmed.end;
            self.at += 1;
        }
        if self.place == Place::Term && !is_term_alone {
            self.place = Place::Item;
        }
        self.push(from..end, style);
    }

    fn ends_paragraph(&self, line: &str, style: Style) -> bool {
        if style == Style::Verbatim {
            return line == "+" || self.delimiter(self.at).is_some();
        }
        let is_next_item = matches!(self.place, Place::Item | Place::Term)
            && (item_marker(line).is_some() || term_len(line).is_some());
        let is_attributes = line.starts_with('[')
            && line.ends_with(']')
            && !line[1..line.len() - 1].contains(['[', ']', ' ']);
        is_next_item || is_attributes || line == "+" || self.delimiter(self.at).is_some()
    }

    fn push(&mut self, range: Range<usize>, style: Style) {
        if range.is_empty() {
            return;
        }
        self.outline.keep_lines(style != Style::Plain);
        if style == Style::Verbatim {
            self.outline.text(range);
        } else {
            inline::push(&mut self.outline, &self.inline, self.text, range);
        }
        self.outline.keep_lines(false);
    }
}

/// What a delimiter line says of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    /// The block is text like any other.
    Transparent,
    Verbatim,
    /// The block is left out.
    Left,
    Table,
}

fn delimiter(line: &str) -> Option<Delimiter> {
    let bytes = line.as_bytes();
    let first = *bytes.first()?;
    if line == "--" {
        return Some(Delimiter::Transparent);
    }
    if first == b'`' {
        let is_fence = line.starts_with("```") && !line[3..].contains('`');
        return is_fence.then_some(Delimiter::Verbatim);
    }
    if bytes.len() < 4 {
        return None;
    }
    if matches!(first, b'|' | b'!' | b',' | b':') && bytes[1..].iter().all(|&b| b == b'=') {
        return Some(Delimiter::Table);
    }
    let kind = match first {
        b'-' | b'.' => Delimiter::Verbatim,
        b'+' | b'/' => Delimiter::Left,
        b'=' | b'*' | b'_' => Delimiter::Transparent,
        _ => return None,
    };
    bytes.iter().all(|&b| b == first).then_some(kind)
}

/// The name and value of `:name: value`.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let len = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-!".contains(b))
        .count();
    let value = rest[len..].strip_prefix(':')?;
    let is_attribute = len > 0 && (value.is_empty() || value.starts_with([' ', '\t']));
    is_attribute.then_some((&rest[..len], value.trim()))
}

/// The id in the block attributes `inner`.
fn block_id(inner: &str) -> Option<&str> {
    let id = if let Some(rest) = inner.strip_prefix('[') {
        rest.strip_suffix(']')?.split(',').next()?
    } else if let Some((_, rest)) = inner.split_once("id=") {
        rest.trim_matches(['"', '\'']).split(['"', ',']).next()?
    } else {
        let rest = inner.split_once('#')?.1;
        rest.split(['.', ',', '%', ' ']).next()?
    };
    (!id.is_empty()).then_some(id)
}

/// The id of an anchor inside a title.
fn inline_id(title: &str) -> Option<&str> {
    let (_, rest) = title.split_once("[[")?;
    let (id, _) = rest.split_once("]]")?;
    id.split(',').next().filter(|id| !id.is_empty())
}

/// The level of a title with its marks before it, and where its text stands in the line.
fn marked_title(line: &str) -> Option<(u8, Range<usize>)> {
    let mark = line.chars().next().filter(|c| matches!(c, '=' | '#'))?;
    let marks = line.len() - line.trim_start_matches(mark).len();
    let rest = &line[marks..];
    if marks > 6 || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let start = line.len() - rest.trim_start().len();
    let closing = &line[line.trim_end_matches(mark).len()..];
    let mut end = line.len();
    if closing.len() == marks && line[..line.len() - marks].ends_with(' ') {
        end = line[..line.len() - marks].trim_end().len();
    }
    (start < end).then_some((marks as u8, start..end))
}

/// The level of the title that the line `under` makes of `line`.
fn underlined(line: &str, under: &str) -> Option<u8> {
    let mark = *under.as_bytes().first()?;
    let level = UNDERLINES.iter().position(|&m| m == mark)?;
    let fits = under.len() >= 2 && under.bytes().all(|b| b == mark);
    if !fits || !line.contains(char::is_alphanumeric) || line.starts_with(['.', '[']) {
        return None;
    }
    let width = line.chars().count();
    (width.abs_diff(under.len()) <= 2).then_some(level as u8 + 1)
}

/// Whether a line is a macro that stands for a block, or a directive: `include::x[]`, `endif::[]`.
fn is_block_macro(line: &str) -> bool {
    let name = line.bytes().take_while(u8::is_ascii_alphanumeric).count();
    name > 0
        && line[name..].starts_with("::")
        && !line[name + 2..].starts_with([' ', '\t'])
        && line.ends_with(']')
        && line[name..]
            .split('[')
            .next()
            .is_some_and(|target| !target.contains(char::is_whitespace))
}

/// The length of the marker of a list item at the front of `line`, the space after it and a check box included.
fn item_marker(line: &str) -> Option<usize> {
    let first = *line.as_bytes().first()?;
    let run = line.bytes().take_while(|&b| b == first).count();
    let marker = match first {
        b'*' | b'.' if run <= 5 => run,
        b'-' if run == 1 => 1,
        b'0'..=b'9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            digits + usize::from(line[digits..].starts_with('.'))
        }
        b'a'..=b'z' if line[1..].starts_with('.') => 2,
        b'<' => line.bytes().take(6).position(|b| b == b'>')? + 1,
        _ => return None,
    };
    let is_callout_or_mark = !line.as_bytes()[marker - 1].is_ascii_digit();
    let rest = &line[marker..];
    let text = rest.trim_start();
    if !is_callout_or_mark || text.len() == rest.len() || text.is_empty() {
        return None;
    }
    let boxed = ["[ ] ", "[*] ", "[x] "]
        .iter()
        .any(|mark| text.starts_with(mark));
    Some(line.len() - text.len() + if boxed { 4 } else { 0 })
}

/// The length of the term that a line begins with, in `term:: text`.
fn term_len(line: &str) -> Option<usize> {
    let ends_term = |at: usize, mark: u8| {
        let run = line.as_bytes()[at..].iter().take_while(|&&b| b == mark);
        let run = run.count();
        let after = line.as_bytes().get(at + run);
        (2..=4).contains(&run) && after.is_none_or(|b| matches!(b, b' ' | b'\t'))
    };
    let starts_run = |at: usize, mark: u8| at > 0 && line.as_bytes()[at - 1] != mark;
    memchr::memchr_iter(b':', line.as_bytes())
        .find(|&at| starts_run(at, b':') && ends_term(at, b':'))
        .or_else(|| {
            let at = line.find(";;")?;
            (starts_run(at, b';') && at + 2 == line.len()).then_some(at)
        })
}

/// The length of a label (`NOTE: `) or of a block title's dot at the front of a paragraph.
fn label_len(line: &str) -> usize {
    let labels = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "];
    let label = labels.iter().find(|label| line.starts_with(*label));
    let is_block_title =
        line.starts_with('.') && line[1..].starts_with(|c: char| c != '.' && !c.is_whitespace());
    label.map_or(usize::from(is_block_title), |label| label.len())
}

/// The length of a cell without the specifier of the next one (`2+`, `.3+^.>s`).
fn without_specifier(cell: &str) -> usize {
    let word = cell.rsplit([' ', '\t']).next().unwrap_or(cell);
    let is_specifier = !word.is_empty()
        && word.len() <= 12
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+*.<>^adehlmsv".contains(&b));
    let ends_well = word.ends_with(['+', '*', '<', '>', '^']) || word.len() == 1;
    if is_specifier && ends_well || (is_specifier && word.contains(['+', '*', '^'])) {
        cell.len() - word.len()
    } else {
        cell.len()
    }
}
