//! Fences: which lines are code, in which nothing else is looked for, and which are directives, whose content is text.
//!
//! Source: CommonMark 0.31, fenced code blocks; MyST, directives.

use std::ops::Range;

/// Directives whose content is text to be read.
static TEXT_DIRECTIVES: [&str; 52] = [
    "abstract",
    "admonition",
    "aside",
    "attention",
    "card",
    "caution",
    "compound",
    "container",
    "corollary",
    "danger",
    "definition",
    "deprecated",
    "details",
    "div",
    "dropdown",
    "epigraph",
    "error",
    "example",
    "exercise",
    "figure",
    "glossary",
    "grid",
    "grid-item",
    "grid-item-card",
    "highlights",
    "hint",
    "important",
    "lemma",
    "list-table",
    "margin",
    "note",
    "proof",
    "proposition",
    "pull-quote",
    "question",
    "quote",
    "remark",
    "rubric",
    "seealso",
    "sidebar",
    "solution",
    "tab-item",
    "tab-set",
    "table",
    "tabs",
    "theorem",
    "tip",
    "todo",
    "topic",
    "versionadded",
    "versionchanged",
    "warning",
];

/// What a line is to fences.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FenceLine {
    /// None of their business.
    Text,
    /// Code, or a fence around it.
    Code,
    /// The fence that begins a directive, up to its title in these bytes of the line.
    Directive(Range<usize>),
    /// The fence that ends a directive.
    End,
    /// An option of a directive.
    DirectiveOption,
}

struct Fence {
    mark: u8,
    len: usize,
    /// How far the text of the list item is indented that it stands in; what is indented less ends it. 0 where it stands in
    /// none.
    item: usize,
    is_quoted: bool,
    is_code: bool,
}

/// Follows the fences of a text, line by line.
#[derive(Default)]
pub(super) struct FenceTracker {
    open: Vec<Fence>,
    /// How far the text of the last list item is indented; 0 behind a list.
    item: usize,
    /// Whether the last line was blank.
    was_blank: bool,
    /// Whether options of a directive may follow.
    in_options: bool,
}

impl FenceTracker {
    /// What the next line is.
    pub(super) fn next(&mut self, line: &[u8]) -> FenceLine {
        if self.is_plain(line) {
            self.was_blank = false;
            self.in_options = false;
            return FenceLine::Text;
        }
        let (indent, is_quoted) = prefix(line);
        let rest = line.get(indent..).unwrap_or_default();
        let is_blank = rest.trim_ascii().is_empty();
        if !is_blank {
            self.leave(indent, is_quoted);
        }
        let was_blank = std::mem::replace(&mut self.was_blank, is_blank);
        let was_in_options = std::mem::take(&mut self.in_options);
        let is_code = self.open.last().is_some_and(|fence| fence.is_code);
        let marks = match is_code {
            true => 0,
            false => list_marks(rest),
        };
        let start = indent + marks;
        if marks > 0 {
            self.item = start;
        } else if !is_code && was_blank && !is_blank && indent < self.item {
            self.item = 0;
        }
        let rest = line.get(start..).unwrap_or_default();
        let Some((mark, len)) = fence_of(rest) else {
            if was_in_options && !is_code && is_option(rest) {
                self.in_options = true;
                return FenceLine::DirectiveOption;
            }
            return match is_code {
                true => FenceLine::Code,
                false => FenceLine::Text,
            };
        };
        let info = rest.get(len..).unwrap_or_default().trim_ascii();
        if info.is_empty() && self.closes(mark, len) {
            return match self.open.pop() {
                Some(fence) if !fence.is_code => FenceLine::End,
                _ => FenceLine::Code,
            };
        }
        if is_code {
            return FenceLine::Code;
        }
        let title = directive_title(info);
        self.open.push(Fence {
            mark,
            len,
            item: if start >= self.item { self.item } else { 0 },
            is_quoted,
            is_code: title.is_none(),
        });
        self.begin(title, line.trim_ascii_end().len())
    }

    /// What a line is that begins a fence and ends at `end`, with a title of so many bytes where it is a directive.
    fn begin(&mut self, title: Option<usize>, end: usize) -> FenceLine {
        match title {
            Some(title) => {
                self.in_options = true;
                FenceLine::Directive(end - title..end)
            }
            None => FenceLine::Code,
        }
    }

    /// Whether a line is text, as most are: it begins with a letter, and nothing is open that it could end.
    fn is_plain(&self, line: &[u8]) -> bool {
        let begins_with_letter = line.first().is_some_and(u8::is_ascii_alphabetic);
        begins_with_letter && self.open.is_empty() && self.item == 0
    }

    /// Closes the fences of the lists and quotations that end before a line.
    fn leave(&mut self, indent: usize, is_quoted: bool) {
        let is_left = |fence: &Fence| (fence.is_quoted && !is_quoted) || indent < fence.item;
        while self.open.last().is_some_and(is_left) {
            self.open.pop();
        }
    }

    fn closes(&self, mark: u8, len: usize) -> bool {
        let last = self.open.last();
        last.is_some_and(|fence| fence.mark == mark && fence.len <= len)
    }
}

/// The lines of a text that are fenced code, the fences among them.
#[derive(Default)]
pub(super) struct CodeLines(Vec<Range<usize>>);

impl CodeLines {
    /// Adds a line, with its end, behind those before.
    pub(super) fn add(&mut self, line: Range<usize>) {
        match self.0.last_mut().filter(|last| last.end == line.start) {
            Some(last) => last.end = line.end,
            None => self.0.push(line),
        }
    }

    /// The end of the code in which a byte stands.
    pub(super) fn end_of(&self, at: usize) -> Option<usize> {
        let next = self.0.partition_point(|code| code.end <= at);
        let code = self.0.get(next).filter(|code| code.start <= at)?;
        Some(code.end)
    }

    /// Whether a stretch neither begins nor ends in code.
    pub(super) fn leave_free(&self, range: &Range<usize>) -> bool {
        let last = range.end.saturating_sub(1).max(range.start);
        self.end_of(range.start).is_none() && self.end_of(last).is_none()
    }
}

/// How many bytes indent a line, the marks of quotations among them; and whether there are such.
fn prefix(line: &[u8]) -> (usize, bool) {
    let is_prefix = |b: &&u8| matches!(b, b' ' | b'\t' | b'>');
    let len = line.iter().take_while(is_prefix).count();
    let is_quoted = line.iter().take(len).any(|&b| b == b'>');
    (len, is_quoted)
}

/// The length of the marks of list items at the front of a line.
fn list_marks(line: &[u8]) -> usize {
    let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
    let mark = match line.get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
        _ => return 0,
    };
    let spaces = line.iter().skip(mark).take_while(|&&b| b == b' ').count();
    match spaces {
        0 => 0,
        _ => mark + spaces,
    }
}

/// The mark and the length of the fence that a line begins with.
fn fence_of(line: &[u8]) -> Option<(u8, usize)> {
    let mark = *line.first().filter(|b| matches!(b, b'`' | b'~'))?;
    let len = line.iter().take_while(|&&b| b == mark).count();
    let is_span = mark == b'`' && line.iter().skip(len).any(|&b| b == b'`');
    (len >= 3 && !is_span).then_some((mark, len))
}

/// The length of the title of a directive whose content is text; `None` where it is code.
fn directive_title(info: &[u8]) -> Option<usize> {
    let inner = info.strip_prefix(b"{")?;
    let close = inner.iter().position(|&b| b == b'}')?;
    let name = std::str::from_utf8(inner.get(..close)?).ok()?;
    let name = name.strip_prefix("prf:").unwrap_or(name);
    let is_text = TEXT_DIRECTIVES.binary_search(&name).is_ok();
    is_text.then_some(())?;
    let title = inner.get(close + 1..)?.trim_ascii();
    // What a figure is given is the path of its picture.
    Some(if name == "figure" { 0 } else { title.len() })
}

/// Whether a line is `:name: value`.
pub(super) fn is_option(line: &[u8]) -> bool {
    let Some(rest) = line.trim_ascii().strip_prefix(b":") else {
        return false;
    };
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let name = rest.iter().take_while(is_name).count();
    name > 0 && rest.get(name) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        let mut tracker = FenceTracker::default();
        let kind = |line: &str| match tracker.next(line.as_bytes()) {
            FenceLine::Text => 't',
            FenceLine::Code => 'c',
            FenceLine::Directive(_) => 'd',
            FenceLine::End => 'e',
            FenceLine::DirectiveOption => 'o',
        };
        text.lines().map(kind).collect()
    }

    #[test]
    fn fences_are_fences() {
        for (text, expected) in [
            ("a\n```js\nb\n```\nc", "tccct"),
            ("~~~~\n```\n~~~\n~~~~\nc", "cccct"),
            ("```a`b\nc", "tt"),
            ("- ```\n  a\n  ```\n- b", "ccct"),
            ("1. x\n\n   ```\n   a\n\nb", "ttccct"),
            ("> ```\n> a\nb", "cct"),
            (
                "```{note} T\n:class: x\na\n```python\nb\n```\n```\nc",
                "dotcccet",
            ),
            ("````{tip}\n```{warning}\na\n```\n````\nb", "ddteet"),
            ("```{code-cell}\n:tags: x\n```\na", "ccct"),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }
}
