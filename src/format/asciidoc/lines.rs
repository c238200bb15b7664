//! What a line of AsciiDoc is: a delimiter, an attribute, a title, an item, a term.

use std::ops::Range;

/// The marks of underlined titles, by level.
const UNDERLINES: [u8; 5] = [b'=', b'-', b'~', b'^', b'+'];

/// What a delimiter line says of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// The block is text like any other.
    Transparent,
    Verbatim,
    /// The block is left out.
    Left,
    Table,
}

pub(super) fn delimiter(line: &str) -> Option<Delimiter> {
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
pub(super) fn attribute(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let len = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-!".contains(b))
        .count();
    let value = rest[len..].strip_prefix(':')?;
    let is_attribute = len > 0 && (value.is_empty() || value.starts_with([' ', '\t']));
    is_attribute.then_some((&rest[..len], value.trim()))
}

/// Whether a line is a comment of its own.
pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("///")
}

/// Whether a line in a cell says how the block below it is read.
pub(super) fn is_cell_style(line: &str) -> bool {
    let inner = line
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let style = inner.and_then(|inner| inner.split([',', '%']).next());
    style.is_some_and(|style| CELL_STYLES.contains(&style))
}

/// The styles of blocks that stand in cells.
static CELL_STYLES: [&str; 12] = [
    "CAUTION",
    "IMPORTANT",
    "NOTE",
    "TIP",
    "WARNING",
    "listing",
    "literal",
    "quote",
    "source",
    "square",
    "verse",
    "",
];

/// What stands before the mark by which a value goes on in the next line.
pub(super) fn continued(value: &str) -> Option<&str> {
    match value.strip_suffix(" \\") {
        // `+ \` breaks the line in what is read.
        Some(rest) => Some(rest.strip_suffix(" +").unwrap_or(rest)),
        None => value.strip_suffix(" +"),
    }
}

/// Where the text stands in `ifdef::name[text]`.
pub(super) fn condition_text(line: &str) -> Option<Range<usize>> {
    let is_condition = line.starts_with("ifdef::") || line.starts_with("ifndef::");
    let start = line
        .find('[')
        .filter(|_| is_condition && line.ends_with(']'))?
        + 1;
    (start + 1 < line.len()).then_some(start..line.len() - 1)
}

/// The id in the block attributes `inner`.
pub(super) fn block_id(inner: &str) -> Option<&str> {
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
pub(super) fn inline_id(title: &str) -> Option<&str> {
    let (_, rest) = title.split_once("[[")?;
    let (id, _) = rest.split_once("]]")?;
    id.split(',').next().filter(|id| !id.is_empty())
}

/// The level of a title with its marks before it, and where its text stands in the line.
pub(super) fn marked_title(line: &str) -> Option<(u8, Range<usize>)> {
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
pub(super) fn underlined(line: &str, under: &str) -> Option<u8> {
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
pub(super) fn is_block_macro(line: &str) -> bool {
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
pub(super) fn item_marker(line: &str) -> Option<usize> {
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
pub(super) fn term_len(line: &str) -> Option<usize> {
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

/// The length of a label (`NOTE: `) at the front of a paragraph.
pub(super) fn label_len(line: &str) -> usize {
    let labels = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "];
    let label = labels.iter().find(|label| line.starts_with(*label));
    label.map_or(0, |label| label.len())
}

/// Whether a line is the title of the block below it.
pub(super) fn is_block_title(line: &str) -> bool {
    line.starts_with('.') && line[1..].starts_with(|c: char| c != '.' && !c.is_whitespace())
}

/// The length of a cell without the specifier of the next one (`2+`, `.3+^.>s`).
pub(super) fn without_specifier(cell: &str) -> usize {
    let word = cell.rsplit([' ', '\t']).next().unwrap_or(cell);
    let is_specifier = !word.is_empty()
        && word.len() <= 12
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+*.<>^adehlmsv".contains(&b));
    let ends_well = word.ends_with(['+', '*', '<', '>', '^']) || word.len() == 1;
    if is_specifier && (ends_well || word.contains(['+', '*', '^'])) {
        cell.len() - word.len()
    } else {
        cell.len()
    }
}
