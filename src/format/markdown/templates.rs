//! Templates, comments, attribute lists and expressions in braces.

use std::ops::Range;

use super::dialects::{DialectFinder, MAX_TAG, Mask, slot};

/// The parameters of shortcodes whose values readers see.
static SHOWN_KEYS: [&str; 7] = [
    "alt", "caption", "heading", "label", "name", "summary", "title",
];

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
        if inner == "comment" {
            return self.comment(range);
        }
        if matches!(
            self.text.get(range.start + 2..range.start + 3),
            Some("<" | "%")
        ) {
            self.shortcode(&range, is_alone);
        } else {
            self.hide(range.clone());
        }
        Some(range.end)
    }

    /// `{% comment %}` up to its end.
    fn comment(&mut self, range: Range<usize>) -> Option<usize> {
        let found = self.ahead.find(slot::COMMENT_END, range.end, "endcomment");
        let end = found.and_then(|at| self.text[at..].find("%}").map(|len| at + len + 2));
        let end = end.unwrap_or(range.end);
        self.hide(range.start..end);
        Some(end)
    }

    /// `{{< figure src="x" caption="What it shows" >}}`: what is shown of it stays.
    fn shortcode(&mut self, range: &Range<usize>, is_alone: bool) {
        let mut from = range.start;
        for value in shown_values(&self.text[range.clone()]) {
            let mask = match is_alone {
                true => Mask::Break,
                false => Mask::Nothing,
            };
            self.found.push((from..range.start + value.start, mask));
            from = range.start + value.end;
        }
        let mask = match is_alone && from > range.start {
            true => Mask::Break,
            false => Mask::Nothing,
        };
        self.found.push((from..range.end, mask));
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

/// Where the values of a shortcode stand that readers see.
fn shown_values(shortcode: &str) -> Vec<Range<usize>> {
    let mut values = Vec::new();
    for (at, _) in shortcode.match_indices("=\"") {
        let key = shortcode[..at].rsplit(char::is_whitespace).next();
        let start = at + 2;
        let len = shortcode[start..].find('"').unwrap_or(0);
        if len > 0 && key.is_some_and(|key| SHOWN_KEYS.contains(&key)) {
            values.push(start..start + len);
        }
    }
    values
}
