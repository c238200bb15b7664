//! The lines of a plain text.

use std::collections::HashMap;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

/// A line above this many columns is a paragraph by itself.
pub(super) const LONG_LINE_COLUMNS: usize = 110;
/// A tab reaches to the next column that is a multiple of this.
const TAB_COLUMNS: usize = 8;
/// A running head stands on at least this many pages.
const RUNNING_HEAD_PAGES: usize = 3;

/// A line of the text.
#[derive(Debug, Clone)]
pub(super) struct PlainLine {
    /// The line without white space around it, as bytes of the text.
    pub(super) trimmed: Range<usize>,
    /// Columns before its text.
    pub(super) indent: usize,
    /// Columns from the margin to its end.
    pub(super) width: usize,
    /// Whether it belongs to the page and not to the text: `[Page 7]`, a running head.
    pub(super) is_furniture: bool,
}

impl PlainLine {
    pub(super) fn is_blank(&self) -> bool {
        self.trimmed.is_empty()
    }
}

/// The lines of `text`, ended by the byte `line_end`.
pub(super) fn lines(text: &str, line_end: u8) -> Vec<PlainLine> {
    let mut all = Vec::new();
    let mut from = 0;
    for end in memchr::memchr_iter(line_end, text.as_bytes()) {
        all.push(line(text, from..end));
        from = end + 1;
    }
    if from < text.len() {
        all.push(line(text, from..text.len()));
    }
    mark_furniture(text, &mut all);
    all
}

fn line(text: &str, range: Range<usize>) -> PlainLine {
    let raw = &text[range.clone()];
    // Most lines begin and end with a sign of ASCII, which need not be decoded.
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let start = match is_plain(raw.as_bytes().first()) {
        true => range.start,
        false => range.start + (raw.len() - raw.trim_start().len()),
    };
    let end = match is_plain(raw.as_bytes().last()) {
        true => range.end,
        false => range.start + raw.trim_end().len(),
    };
    let trimmed = start..end.max(start);
    let indent = columns(&text[range.start..start]);
    PlainLine {
        width: indent + text_width(&text[trimmed.clone()]),
        trimmed,
        indent,
        is_furniture: false,
    }
}

/// The columns of white space at the front of a line.
fn columns(space: &str) -> usize {
    space.chars().fold(0, |at, c| match c {
        '\t' => at - at % TAB_COLUMNS + TAB_COLUMNS,
        '\u{c}' => at,
        _ => at + 1,
    })
}

/// The columns of a text; wide characters count double.
pub(super) fn text_width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    match is_narrow(text) {
        true => text.chars().count(),
        false => text.width(),
    }
}

/// Whether each character beyond ASCII surely takes a column: Latin letters, dashes and quotes.
fn is_narrow(text: &str) -> bool {
    let is_narrow = |[first, second, third]: [u8; 3]| match (first, second) {
        (0xc3..=0xc9, _) => true,
        (0xe2, 0x80) => (0x90..=0xa7).contains(&third),
        _ => false,
    };
    // A line end of two characters takes one column.
    memchr::memchr(b'\r', text.as_bytes()).is_none() && beyond_ascii(text).all(is_narrow)
}

/// The first bytes of each character beyond ASCII; 0 behind the end.
pub(super) fn beyond_ascii(text: &str) -> impl Iterator<Item = [u8; 3]> + '_ {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let step = bytes.get(at..).and_then(<[u8]>::first_chunk);
            let marks = step.map(|step| u64::from_le_bytes(*step) & HIGH);
            match marks {
                Some(0) => {
                    at += size_of::<u64>();
                    continue;
                }
                Some(marks) => at += (marks.trailing_zeros() / u8::BITS) as usize,
                None => {}
            }
            let first = byte(at)?;
            at += 1;
            if first >= 0xc0 {
                let behind = |more: usize| byte(at + more).unwrap_or(0);
                return Some([first, behind(0), behind(1)]);
            }
        }
    })
}

/// Marks the lines at the edges of pages: `[Page 7]`, and what stands first on several pages behind a form feed.
fn mark_furniture(text: &str, lines: &mut [PlainLine]) {
    let has_pages = text.contains('\u{c}');
    let mut heads: Vec<(usize, String)> = Vec::new();
    let mut from = 0;
    for at in 0..lines.len() {
        let own = &text[lines[at].trimmed.clone()];
        if own.ends_with(']') && is_page_number(own) {
            lines[at].is_furniture = true;
        }
        if has_pages && !lines[at].is_blank() {
            if text[from..lines[at].trimmed.start].contains('\u{c}') {
                heads.push((at, without_digits(own)));
            }
            from = lines[at].trimmed.end;
        }
    }
    let mut pages: HashMap<&str, usize> = HashMap::new();
    for (_, head) in &heads {
        *pages.entry(head).or_default() += 1;
    }
    for (at, head) in &heads {
        lines[*at].is_furniture |= pages[head.as_str()] >= RUNNING_HEAD_PAGES;
    }
}

fn is_page_number(line: &str) -> bool {
    let Some(number) = line
        .rfind("[Page ")
        .and_then(|at| line.get(at + 6..line.len() - 1))
    else {
        return false;
    };
    (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn without_digits(line: &str) -> String {
    line.chars()
        .filter(|c| !c.is_ascii_digit())
        .take(120)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indents_and_widths_are_columns() {
        let text = "  ab\n\tcd\r\n日本\n\n";
        let seen: Vec<_> = lines(text, b'\n')
            .iter()
            .map(|l| (l.indent, l.width))
            .collect();
        assert_eq!(seen, [(2, 4), (8, 10), (0, 4), (0, 0)]);
    }

    #[test]
    fn narrow_characters_take_a_column_each() {
        let all = ('\0'..'\u{3000}').filter(|c| is_narrow(&c.to_string()));
        let all: Vec<char> = all.collect();
        assert!(all.len() > 590 && all.contains(&'é') && all.contains(&'’'));
        for pair in all.windows(2) {
            let text: String = pair.iter().collect();
            assert_eq!(text.width(), 2, "{text:?}");
            assert_eq!(text_width(&text), 2, "{text:?}");
        }
        let text: String = all.into_iter().collect();
        assert_eq!(text.width(), text_width(&text));
    }

    #[test]
    fn page_numbers_and_running_heads_are_furniture() {
        let page = "text\n\nDoe      Informational     [Page 1]\n\u{c}\nRFC 1   Title   May 1999\n\nmore\n";
        let text = page.repeat(4);
        let furniture = lines(&text, b'\n')
            .iter()
            .filter(|l| l.is_furniture)
            .count();
        assert_eq!(furniture, 8);
        assert!(!lines("see [Page one two]\n", b'\n')[0].is_furniture);
    }
}
