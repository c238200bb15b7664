//! Cuts a plain text into blocks: paragraphs, lists, code, and the short lines among which its headings are.

use std::ops::Range;

use super::code::is_code;
use super::lines::{LONG_LINE_COLUMNS, PlainLine, text_width};
use super::profile::Profile;
use super::shape::{ends_sentence, is_item, is_numbered_item, starts_lower, word_count};

/// So many columns must be free behind a line that was broken early.
const SPARE_COLUMNS: usize = 4;

/// What a block looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A paragraph.
    Body,
    /// One list item or several.
    List,
    /// Source code.
    Code,
    /// A line of punctuation.
    Rule,
    /// Too short to tell.
    Short,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) struct TextBlock<'a> {
    /// The block's text, as it stands.
    pub(super) text: &'a str,
    /// Its bytes in the whole text.
    pub(super) range: Range<usize>,
    /// Its lines, 0-based.
    pub(super) lines: Range<usize>,
    pub(super) kind: Kind,
    /// Its words, counted to [`super::shape::MAX_COUNTED_WORDS`].
    pub(super) words: usize,
    /// Columns before its text, of the line that stands furthest left.
    pub(super) indent: usize,
    /// Blank lines before it; none between two lines of one run, `None` before the first block.
    pub(super) gap: Option<usize>,
    /// The mark of the line that underlines it.
    pub(super) underline: Option<char>,
    /// Whether the block below goes on with it, unless it proves to be a heading.
    pub(super) runs_on: bool,
}

impl TextBlock<'_> {
    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The first line, or the whole where nothing is underlined.
    pub(super) fn own_text(&self) -> &str {
        match self.underline {
            Some(_) => self.text.lines().next().unwrap_or_default().trim_end(),
            None => self.text,
        }
    }
}

/// The blocks of a text.
pub(super) fn blocks<'a>(
    text: &'a str,
    lines: &[PlainLine],
    profile: &Profile,
) -> Vec<TextBlock<'a>> {
    let mut cutter = Cutter {
        text,
        lines,
        profile,
        blocks: Vec::new(),
    };
    let mut gap = None;
    let mut over_page = false;
    let mut at = 0;
    while at < lines.len() {
        if lines[at].is_blank() || lines[at].is_furniture {
            over_page |= lines[at].is_furniture;
            gap = gap.map(|n| n + 1);
            at += 1;
            continue;
        }
        let ends = |l: &PlainLine| l.is_blank() || l.is_furniture;
        let len = lines[at..]
            .iter()
            .position(ends)
            .unwrap_or(lines.len() - at);
        if over_page {
            gap = gap.map(|n: usize| n.min(profile.gap));
            cutter.join_over_page(at);
        }
        cutter.push_run(at..at + len, gap);
        (gap, over_page) = (Some(0), false);
        at += len;
    }
    cutter.blocks
}

struct Cutter<'a, 'l> {
    text: &'a str,
    lines: &'l [PlainLine],
    profile: &'l Profile,
    blocks: Vec<TextBlock<'a>>,
}

impl<'a> Cutter<'a, '_> {
    fn line(&self, at: usize) -> &'a str {
        &self.text[self.lines[at].trimmed.clone()]
    }

    /// A paragraph that the end of a page cut in two goes on behind it.
    fn join_over_page(&mut self, next: usize) {
        let goes_on = starts_lower(self.line(next));
        if let Some(last) = self.blocks.last_mut().filter(|_| goes_on) {
            last.runs_on = last.kind == Kind::Body && !ends_sentence(last.text);
        }
    }

    /// Cuts a run of lines without a blank one: at underlined lines, at every line where lines are paragraphs, and
    /// behind a first line that was broken early.
    fn push_run(&mut self, run: Range<usize>, gap: Option<usize>) {
        let one_a_line = self.lines[run.clone()]
            .iter()
            .any(|line| line.width > LONG_LINE_COLUMNS);
        let mut gap = gap;
        let mut from = run.start;
        let mut rest_from = run.start;
        while from < run.end {
            let mark = (from + 1 < run.end)
                .then(|| underline(self.line(from), self.line(from + 1)))
                .flatten();
            let len = if mark.is_some() { 2 } else { 1 };
            if mark.is_some() || one_a_line {
                self.push_paragraph(rest_from..from, &mut gap);
                self.push(from..from + len, &mut gap, mark);
                rest_from = from + len;
            }
            from += len;
        }
        self.push_paragraph(rest_from..run.end, &mut gap);
    }

    fn push_paragraph(&mut self, lines: Range<usize>, gap: &mut Option<usize>) {
        if lines.is_empty() {
            return;
        }
        let from = lines.start;
        if self.is_broken_early(&lines) {
            self.push(from..from + 1, gap, None);
            if let Some(first) = self.blocks.last_mut() {
                first.runs_on = true;
            }
            self.push(from + 1..lines.end, gap, None);
        } else {
            self.push(lines, gap, None);
        }
    }

    fn push(&mut self, lines: Range<usize>, gap: &mut Option<usize>, underline: Option<char>) {
        let (first, last) = (&self.lines[lines.start], &self.lines[lines.end - 1]);
        let range = first.trimmed.start..last.trimmed.end;
        let text = &self.text[range.clone()];
        let words = word_count(text);
        self.blocks.push(TextBlock {
            kind: self.kind(text, words, &lines),
            text,
            words,
            range,
            indent: self.lines[lines.clone()]
                .iter()
                .map(|l| l.indent)
                .min()
                .unwrap_or(0),
            lines,
            gap: gap.replace(0),
            underline,
            runs_on: false,
        });
    }

    fn kind(&self, text: &str, words: usize, lines: &Range<usize>) -> Kind {
        let share = |is: fn(&str) -> bool, percent: usize| {
            let count = lines.clone().filter(|&at| is(self.line(at))).count();
            count * 100 > lines.len() * percent
        };
        if !text.chars().any(char::is_alphanumeric) {
            return Kind::Rule;
        }
        let is_list = |line: &str| is_item(line) || is_numbered_item(line);
        if is_item(text) || (lines.len() > 1 && share(is_list, 59)) {
            return Kind::List;
        }
        let is_long = words >= 14 || text_width(text) >= 90;
        if is_long && !(lines.len() > 3 && share(is_code, 40)) {
            Kind::Body
        } else if is_code(text) {
            Kind::Code
        } else if words >= 6 && ends_sentence(text) {
            Kind::Body
        } else {
            Kind::Short
        }
    }

    /// Whether the first line of a wrapped paragraph ends although the next word still had room, and both lines begin
    /// like a beginning: a heading without a blank line below it, perhaps.
    fn is_broken_early(&self, lines: &Range<usize>) -> bool {
        let wrap = self.profile.wrap;
        if lines.len() < 2 || !(50..=110).contains(&wrap) {
            return false;
        }
        let (first, second) = (&self.lines[lines.start], &self.lines[lines.start + 1]);
        let (above, below) = (self.line(lines.start), self.line(lines.start + 1));
        let next_word = below.split_whitespace().next().unwrap_or_default();
        let spare = wrap.saturating_sub(first.width + 1 + text_width(next_word));
        let small = usize::from(starts_lower(above)) + usize::from(starts_lower(below));
        let needed = [SPARE_COLUMNS, 12, 25][small];
        let is_small = (first.width - first.indent) * 10 <= wrap * 9;
        spare >= needed
            && is_small
            && first.indent <= second.indent
            && !is_item(above)
            && !is_item(below)
            && !is_numbered_item(below)
            && !is_code(above)
            && (!above.ends_with(['.', ',', ';', ':', '-', '–', '—'])
                || (above.ends_with("...") && spare > 12))
            && below.chars().any(char::is_alphanumeric)
            && (second.width * 10 > wrap * 6 || (lines.len() == 2 && word_count(below) >= 8))
    }
}

/// The mark of `line` where it underlines the short line above it.
fn underline(above: &str, line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|c| {
        matches!(
            c,
            '=' | '-' | '~' | '^' | '*' | '_' | '#' | '+' | '.' | '"' | '\'' | '`'
        )
    })?;
    if line.len() < 3 || !line.chars().all(|c| c == mark) {
        return None;
    }
    let width = text_width(above);
    let fits = width <= 100 && line.len() + 3 >= width && above.chars().any(char::is_alphanumeric);
    (fits && !is_item(above)).then_some(mark)
}
