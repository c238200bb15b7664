//! The lines of a plain text.

use std::ops::Range;

/// A line of the text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Where the line begins, white space included, as a byte of the text.
    pub(super) start: usize,
    /// The line without white space around it, as bytes of the text.
    pub(super) trimmed: Range<usize>,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.trimmed.is_empty()
    }

    /// The bytes of white space before the line's text.
    pub(super) fn indent(&self) -> usize {
        self.trimmed.start - self.start
    }
}

/// The lines of a text, by number. One that is not there is empty, and stands at the text's end.
#[derive(Debug)]
pub(super) struct SourceLines<'a> {
    text: &'a str,
    all: Vec<Line>,
}

impl<'a> SourceLines<'a> {
    /// The lines of `text`, ended by the byte `line_end`.
    pub(super) fn of(text: &'a str, line_end: u8) -> SourceLines<'a> {
        let all = lines(text, line_end);
        SourceLines { text, all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn all(&self) -> &[Line] {
        &self.all
    }

    /// The text of a line, without white space around it.
    pub(super) fn text(&self, at: usize) -> &'a str {
        let line = self.all.get(at);
        line.and_then(|line| self.text.get(line.trimmed.clone()))
            .unwrap_or_default()
    }

    /// [`Line::trimmed`] of a line.
    pub(super) fn trimmed(&self, at: usize) -> Range<usize> {
        let end = self.text.len()..self.text.len();
        self.all.get(at).map_or(end, |line| line.trimmed.clone())
    }

    /// [`Line::start`] of a line.
    pub(super) fn start(&self, at: usize) -> usize {
        self.all.get(at).map_or(self.text.len(), |line| line.start)
    }

    /// [`Line::indent`] of a line.
    pub(super) fn indent(&self, at: usize) -> usize {
        self.all.get(at).map_or(0, Line::indent)
    }
}

/// The lines of `text`, ended by the byte `line_end`.
pub(super) fn lines(text: &str, line_end: u8) -> Vec<Line> {
    let mut all = Vec::new();
    let mut from = 0;
    for end in memchr::memchr_iter(line_end, text.as_bytes()) {
        all.push(line(text, from..end));
        from = end + 1;
    }
    if from < text.len() {
        all.push(line(text, from..text.len()));
    }
    all
}

fn line(text: &str, range: Range<usize>) -> Line {
    let raw = &text[range.clone()];
    let start = range.start + (raw.len() - raw.trim_start().len());
    let end = range.start + raw.trim_end().len();
    Line {
        start: range.start,
        trimmed: start..end.max(start),
    }
}
