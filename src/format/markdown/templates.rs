//! Templates, comments, attribute lists and expressions in braces.

use std::ops::Range;

use super::dialects::{DialectFinder, MAX_TAG, Mask, slot};

impl DialectFinder<'_> {
    /// Tags and outputs of templates, comments, attribute lists. Returns where it ends.
    pub(super) fn braces(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let before = self.ahead.before(at);
        match bytes[at + 1] {
            b'%' => {
                let end = self.ahead.find(slot::LIQUID, at + 2, "%}")? + 2;
                self.template(at..end)
            }
            b'{' if !before.is_ascii_alphanumeric() && !b"_^\\$".contains(&before) => {
                let end = self.ahead.find(slot::OUTPUT, at + 2, "}}")? + 2;
                self.template(at..end)
            }
            b'/' if bytes.get(at + 2) == Some(&b'*') => {
                let end = self.ahead.find(slot::COMMENT, at + 3, "*/}")? + 3;
                (end - at <= MAX_TAG).then_some(())?;
                self.attributes(at..end);
                Some(end)
            }
            b':' if matches!(bytes.get(at + 2), Some(b' ' | b'.' | b'#' | b't')) => {
                let end = self.ahead.find(slot::BRACE, at + 2, "}")? + 1;
                let line_end = self.line_end(at);
                let is_last = end <= line_end && self.text[end..line_end].trim().is_empty();
                is_last.then_some(())?;
                self.attributes(at..end);
                Some(end)
            }
            b'\'' | b'"' if self.text[at + 2..].starts_with([' ', '\'', '"']) => {
                let end = at + 4 + usize::from(bytes.get(at + 3) == bytes.get(at + 1));
                let is_space = matches!(self.text.get(at..end), Some("{' '}" | "{\" \"}"));
                is_space.then(|| self.hide(at..end))?;
                Some(end)
            }
            _ => None,
        }
    }

    /// A tag of a template; those around highlighted code become its fences.
    fn template(&mut self, range: Range<usize>) -> Option<usize> {
        let len = range.len();
        let tick = self.ahead.find(slot::TICK, range.start, "`");
        let blank = self.ahead.find(slot::BLANK, range.start, "\n\n");
        let is_broken = [tick, blank].iter().flatten().any(|&at| at < range.end);
        if len > MAX_TAG || is_broken {
            return None;
        }
        let inner =
            self.text[range.clone()].trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let is_alone = self.is_alone(&range) && self.indent(range.start) < 4;
        if is_alone && inner.starts_with("highlight") && len >= 8 {
            self.fence = Some(range.clone());
        } else if is_alone
            && matches!(inner, "endhighlight" | "/ highlight" | "/highlight")
            && let Some(begin) = self.fence.take()
        {
            self.found.push((begin, Mask::Fence));
            self.found.push((range.clone(), Mask::Fence));
        }
        self.hide(range.clone());
        Some(range.end)
    }

    /// An attribute list or a comment: behind a heading it may hold the heading's anchor.
    fn attributes(&mut self, range: Range<usize>) {
        let line = self.line_start(range.start);
        let is_heading = self.text[line..range.start].trim_start().starts_with('#');
        let mask = if is_heading && self.text[range.clone()].contains('#') {
            Mask::Attributes
        } else {
            Mask::Nothing
        };
        self.found.push((range, mask));
    }

    /// `{children}`, `{frontMatter.title}`, `{list()}` on a line of its own.
    pub(super) fn expression(&mut self, at: usize) -> Option<usize> {
        let end = self.ahead.find(slot::BRACE, at, "}")? + 1;
        let inner = self.text.get(at + 1..end - 1).filter(|i| i.len() < 100)?;
        let is_expression = inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._$()".contains(&b));
        let is_one = is_expression && self.is_alone(&(at..end)) && self.indent(at) < 4;
        is_one.then(|| self.hide(at..end))?;
        Some(end)
    }
}
