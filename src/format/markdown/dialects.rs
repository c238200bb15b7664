//! The habits of Markdown's kin: what site generators and editors put into Markdown that is no text.
//!
//! It is found before Markdown is read and hidden from its parser: each such stretch becomes as many bytes that mean
//! nothing (a blank line, commas) or mean the same in Markdown (a list item, a fence), so that all offsets stay.
//! Inside code nothing is left out, whatever stands there.
//!
//! Source: MDX 3, Docusaurus, Jekyll (Liquid, kramdown), Hugo, MkDocs with PyMdown, GitHub's alerts, DocFX and
//! Microsoft Learn, VitePress, MyST, Quarto.

use std::ops::Range;

use super::dialect_lines::{
    container_text, is_export, is_import, is_include, label_title, tag_len,
};
use super::fences::{CodeLines, FenceLine, FenceTracker, is_option};
use super::masks::{clear_marks, fill, fill_with};
use crate::format::builder::Hole;
use crate::format::builder::inline::Ahead;
use crate::format::builder::text::Gap;

/// Longer tags and comments are text, in bytes.
pub(super) const MAX_TAG: usize = 4000;

/// What is hidden, and the text to give to the parser instead.
pub(in crate::format) struct Habits {
    pub(super) shown: String,
    pub(super) holes: Vec<Hole>,
}

/// How a hole reads to the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    /// A blank line where nothing else is on it, else commas.
    Nothing,
    /// The same, and what stands behind it is no part of the word before it.
    Apart,
    /// The marker of a list item, for content that is indented by four.
    Item,
    /// A fence around code.
    Fence,
    /// A heading's attributes.
    Attributes,
    /// The end of a line that is a block of its own.
    Break,
}

/// Purposes of looking ahead.
pub(super) mod slot {
    pub(in crate::format) const LIQUID: usize = 0;
    pub(in crate::format) const OUTPUT: usize = 1;
    pub(in crate::format) const COMMENT: usize = 2;
    pub(in crate::format) const TICK: usize = 3;
    pub(in crate::format) const BLANK: usize = 4;
    pub(in crate::format) const LINE_END: usize = 5;
    pub(in crate::format) const BRACE: usize = 6;
    pub(in crate::format) const BRACKET: usize = 7;
    pub(in crate::format) const INCLUDE: usize = 8;
    pub(in crate::format) const COMMENT_END: usize = 9;
}

/// Finds the habits in `text`; `None` where there are none.
///
/// `head` bytes at the front are metadata, which is hidden too.
pub(in crate::format) fn find(text: &str, head: usize) -> Option<Habits> {
    let start = front_matter_len(text).max(head);
    let mut finder = DialectFinder {
        text,
        ahead: Ahead::new(text, start..text.len()),
        found: Vec::new(),
        code: CodeLines::default(),
        fence: None,
        no_tag_before: 0,
    };
    if head > 0 {
        finder.hide(0..head);
    }
    finder.lines(start);
    finder.inline(start);
    finder.signs(start);
    // Nothing is left out of code.
    let code = std::mem::take(&mut finder.code);
    let is_text =
        |(range, mask): &(Range<usize>, Mask)| *mask == Mask::Fence || code.leave_free(range);
    finder.found.retain(is_text);
    if finder.found.is_empty() {
        return None;
    }
    finder.habits()
}

/// The length of the front matter, which is not looked into.
fn front_matter_len(text: &str) -> usize {
    let mark = match text.get(..4) {
        Some("---\n" | "---\r") => "\n---",
        Some("+++\n" | "+++\r") => "\n+++",
        _ => return 0,
    };
    text[3..].find(mark).map_or(0, |len| 3 + len + mark.len())
}

pub(super) struct DialectFinder<'a> {
    pub(super) text: &'a str,
    pub(super) ahead: Ahead<'a>,
    pub(super) found: Vec<(Range<usize>, Mask)>,
    code: CodeLines,
    /// The tag that begins highlighted code, until the one that ends it.
    pub(super) fence: Option<Range<usize>>,
    /// The end of the last stretch in which a component's tag did not end.
    no_tag_before: usize,
}

impl DialectFinder<'_> {
    pub(super) fn hide(&mut self, range: Range<usize>) {
        self.found.push((range, Mask::Nothing));
    }

    /// What is known by the front of its line.
    fn lines(&mut self, start: usize) {
        let mut from = start;
        let mut fences = FenceTracker::default();
        let mut in_options = false;
        let ends = memchr::memchr_iter(b'\n', &self.text.as_bytes()[start..]);
        for end in ends.map(|at| start + at).chain([self.text.len()]) {
            let bytes = &self.text.as_bytes()[from..end];
            let indent = bytes
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
            in_options = in_options && is_option(bytes);
            match fences.next(bytes) {
                FenceLine::Code => self.code.add(from..(end + 1).min(self.text.len())),
                FenceLine::Directive(title) => {
                    self.found
                        .push((from + indent..from + title.start, Mask::Nothing));
                    self.found.push((end..end, Mask::Break));
                }
                FenceLine::End | FenceLine::DirectiveOption => self.hide(from + indent..end),
                FenceLine::Text if in_options => self.hide(from + indent..end),
                FenceLine::Text => {
                    if bytes.get(indent).is_some_and(|&b| LINE_STARTS[b as usize]) {
                        self.line(from, from + indent, end);
                        in_options = bytes[indent..].starts_with(b":::");
                    }
                }
            }
            from = end + 1;
        }
    }

    fn line(&mut self, line_start: usize, from: usize, end: usize) {
        let line = self.text[from..end].trim_end();
        let range = from..from + line.len();
        let is_at_margin = from == line_start;
        match line.as_bytes()[0] {
            b':' if line.starts_with(":::") => self.container(range),
            b'!' | b'?' | b'=' => self.labelled(line, range),
            b'[' | b'@' | b'-' | b';' if is_include(line) => self.hide(range),
            b'<' => self.component(range.start),
            b'i' if is_at_margin && line.starts_with("import ") => self.import(range),
            b'e' if is_at_margin && is_export(line) => {
                let end = self.ahead.find(slot::BLANK, from, "\n\n");
                let end = end.unwrap_or(range.end);
                // A fence is not part of a program.
                let fence = memchr::memmem::find(&self.text.as_bytes()[from..end], b"\n```");
                self.hide(from..fence.map_or(end, |at| from + at));
            }
            b'*' | b'(' if DialectFinder::is_definition(line) => self.hide(range),
            _ => {}
        }
    }

    /// `:::note Title`, `:::image … alt-text="…":::`, `:::`. The title stays.
    fn container(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        let kept = container_text(line);
        if kept.is_empty() {
            self.hide(range);
            return;
        }
        self.hide(range.start..range.start + kept.start);
        self.found
            .push((range.start + kept.end..range.end, Mask::Break));
    }

    /// `!!! note "Title"`, `??? note`, `=== "Tab"`.
    fn labelled(&mut self, line: &str, range: Range<usize>) {
        let Some(title) = label_title(line) else {
            return;
        };
        self.found
            .push((range.start..range.start + title.start, Mask::Item));
        self.found
            .push((range.start + title.end..range.end, Mask::Break));
    }

    fn import(&mut self, range: Range<usize>) {
        let stop = self.ahead.find(slot::BLANK, range.start, "\n\n");
        let stop = stop.unwrap_or(self.text.len()).min(range.start + MAX_TAG);
        let mut end = range.end;
        if self.text[range.clone()].contains('{') && !self.text[range.clone()].contains('}') {
            let rest = self.text.as_bytes().get(end..stop).unwrap_or_default();
            let Some(brace) = memchr::memchr(b'}', rest) else {
                return;
            };
            let tail = &rest[brace..];
            end += brace + memchr::memchr(b'\n', tail).unwrap_or(tail.len());
        }
        let whole = self.text.get(range.start..end).unwrap_or_default();
        if is_import(whole.trim_end()) {
            self.hide(range.start..range.start + whole.trim_end().len());
        }
    }

    /// The tag of a component at the front of a line: `<Tabs …>`, `</Tabs>`.
    fn component(&mut self, start: usize) {
        let rest = &self.text.as_bytes()[start..];
        if rest.starts_with(b"<<< ") {
            let end = self.ahead.find(slot::LINE_END, start, "\n");
            self.hide(start..end.unwrap_or(self.text.len()));
            return;
        }
        let name = 1 + usize::from(rest.get(1) == Some(&b'/'));
        let is_upper = rest.get(name).is_some_and(u8::is_ascii_uppercase);
        let is_name = is_upper
            && rest
                .get(name + 1)
                .is_some_and(|&b| b.is_ascii_lowercase() || b == b'.');
        if !is_name || start < self.no_tag_before {
            return;
        }
        let window = &rest[..rest.len().min(MAX_TAG)];
        match tag_len(window) {
            Ok(len) => self.hide(start..start + len),
            Err(read) => self.no_tag_before = start + read,
        }
    }

    /// What may stand anywhere in a line.
    fn inline(&mut self, start: usize) {
        let text = self.text;
        let mut from = start;
        for at in memchr::memchr2_iter(b'{', b'!', &text.as_bytes()[start..]) {
            let at = start + at;
            if at < from {
                continue;
            }
            if let Some(end) = self.code.end_of(at) {
                from = end;
                continue;
            }
            let hidden = match (text.as_bytes()[at], text.as_bytes().get(at + 1)) {
                (b'!', _) if at > start && text.as_bytes()[at - 1] == b'[' => self.alert(at - 1),
                (b'{', Some(b'%' | b'{' | b':' | b'/' | b'\'' | b'"')) => self.braces(at),
                (b'{', Some(b'a'..=b'z')) => self.expression(at),
                _ => None,
            };
            from = hidden.unwrap_or(from);
        }
        for at in memchr::memmem::find_iter(&text.as_bytes()[start..], ":::image ") {
            let at = start + at;
            let line_end = self.ahead.find(slot::LINE_END, at, "\n");
            let line = &text[at..line_end.unwrap_or(text.len())];
            if let Some(len) = line[3..].find(":::").filter(|&len| len < MAX_TAG) {
                self.container(at..at + 3 + len + 3);
            }
        }
    }

    /// `[!NOTE]`, `[!INCLUDE [x](y)]`, `[!div …]`. Returns where it ends.
    fn alert(&mut self, at: usize) -> Option<usize> {
        let line_end = self.line_end(at);
        let line = &self.text[at..line_end.min(self.text.len())];
        let word = line[2..]
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
            .count();
        let name = &line[2..2 + word];
        let close = self.ahead.find(slot::BRACKET, at + 2, "]")?;
        let nested = self.text.get(at + 2..close)?.len() <= MAX_TAG
            && self.text[at + 2..close].contains('[');
        let end = if nested {
            self.ahead.find(slot::INCLUDE, at, ")]")? + 2
        } else {
            close + 1
        };
        if word == 0 || end > line_end || self.text[end..].starts_with('(') {
            return None;
        }
        if matches!(name, "UICONTROL" | "DNL") {
            self.hide(at..at + 3 + word);
            self.hide(end - 1..end);
            return Some(end);
        }
        let is_folded = word + 3 == end - at && self.text[end..].starts_with(['-', '+']);
        let end = end + usize::from(is_folded);
        self.hide(at..end);
        if word + 3 <= end - at && !nested {
            self.found.push((line_end..line_end, Mask::Break));
        }
        Some(end)
    }

    pub(super) fn line_end(&mut self, at: usize) -> usize {
        self.ahead
            .find(slot::LINE_END, at, "\n")
            .unwrap_or(self.text.len())
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        // Longer lines begin elsewhere, which is as good: they are no headings.
        let from = at.saturating_sub(MAX_TAG);
        let before = &self.text.as_bytes()[from..at];
        let start = memchr::memrchr(b'\n', before).map_or(from, |found| from + found + 1);
        (start..=at)
            .find(|&start| self.text.is_char_boundary(start))
            .unwrap_or(at)
    }

    pub(super) fn indent(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..at];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Whether nothing else is on the lines of `range` but the marks of a quotation.
    pub(super) fn is_alone(&mut self, range: &Range<usize>) -> bool {
        let before = &self.text[self.line_start(range.start)..range.start];
        let line_end = self.line_end(range.end);
        before.bytes().all(|b| matches!(b, b' ' | b'\t' | b'>'))
            && self.text[range.end..line_end]
                .bytes()
                .all(|b| b.is_ascii_whitespace())
    }

    /// Puts what was found in order and hides it.
    fn habits(mut self) -> Option<Habits> {
        let mut found = std::mem::take(&mut self.found);
        // Of two at one place the one with a meaning counts.
        found.sort_by_key(|(range, mask)| (range.start, *mask == Mask::Nothing, range.end));
        let mut joined: Vec<(Range<usize>, Mask)> = Vec::with_capacity(found.len());
        for (range, mask) in found {
            match joined.last_mut() {
                Some((last, _)) if range.start < last.end => {}
                Some((last, Mask::Nothing))
                    if mask == Mask::Nothing && self.is_blank_between(last.end, range.start) =>
                {
                    last.end = range.end.max(last.end);
                }
                _ => joined.push((range, mask)),
            }
        }
        self.ahead = Ahead::new(self.text, 0..self.text.len());
        let mut shown = self.text.as_bytes().to_vec();
        let mut holes = Vec::with_capacity(joined.len());
        for (range, mask) in joined {
            let is_alone = self.is_alone(&range);
            let is_margin = self.indent(range.start) < 4;
            let hidden = &mut shown[range.clone()];
            match mask {
                Mask::Item => fill(hidden, b"-   ,"),
                Mask::Fence => fill_with(hidden, b"~~~", b' '),
                Mask::Attributes => clear_marks(hidden),
                Mask::Nothing if is_alone && is_margin => fill_with(hidden, b"", b' '),
                Mask::Nothing | Mask::Apart | Mask::Break => fill(hidden, b""),
            }
            let gap = match mask {
                Mask::Item | Mask::Break => Gap::Block,
                _ if is_alone => Gap::Block,
                Mask::Apart => Gap::Space,
                _ => Gap::None,
            };
            holes.push(Hole { range, gap });
        }
        String::from_utf8(shown)
            .ok()
            .map(|shown| Habits { shown, holes })
    }

    fn is_blank_between(&self, from: usize, to: usize) -> bool {
        let between = self.text.as_bytes().get(from..to).unwrap_or_default();
        between.len() < 100 && between.iter().all(|b| matches!(b, b' ' | b'\t'))
    }
}

/// The bytes that a line of [`DialectFinder::line`] begins with.
static LINE_STARTS: [bool; 256] = {
    let mut table = [false; 256];
    let starts = b":!?=[@-;<ie*(";
    let mut at = 0;
    while at < starts.len() {
        table[starts[at] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use crate::format::markdown::text_of as text;
    use crate::format::read_str;

    #[test]
    fn containers_and_labels_keep_their_titles_and_text() {
        assert_eq!(
            text(
                ":::note A title\nThe *first*.\n:::\n\n:::tip[Other]\nb\n:::\n\n::: moniker range=\">1\"\nc\n::: moniker-end\n\n:::{.x}\nd\n:::\n"
            ),
            "A title\nThe first.\nOther\nb\nc\nd"
        );
        assert_eq!(
            text("::: {.callout-note title=\"Mind the gap\" collapse=true}\nText.\n:::\n"),
            "Mind the gap\nText."
        );
        assert_eq!(
            text(
                "!!! note \"Its title\"\n    Some *text*.\n\n    More.\n\n??? tip\n    Folded.\n\n=== \"Tab\"\n\n    Of a tab.\n"
            ),
            "Its title\nSome text.\nMore.\nFolded.\nTab\nOf a tab."
        );
        assert_eq!(
            text(
                "> [!NOTE]\n> An alert.\n\n> [!tip]- A title\n> Folded.\n\nUses [!INCLUDE [x](y.md)] it.\n\n[!div class=\"a\"]\n"
            ),
            "An alert.\nA title\nFolded.\nUses it."
        );
        assert_eq!(
            text(
                "a\n\n:::image source=\"x\" alt-text=\"The *picture*\":::\n\n- b :::image source=\"y\":::\n"
            ),
            "a\nThe picture\nb"
        );
    }

    #[test]
    fn templates_go_and_what_stands_between_them_stays() {
        assert_eq!(
            text(
                "Use {{ site.name }} the\n{% if a %}inner{% endif %} [link]({{ u }}/x).\n\n{% include n.html %}\n{: .note }\nb\n\n{{< tab >}}{{% x %}}\nquoted *c*\n{{% /x %}}{{< /tab >}}\n"
            ),
            "Use the inner link.\nb\nquoted c"
        );
        assert_eq!(
            text("{% highlight c %}\na *b*\n  d\n{% endhighlight %}\n\ne\n"),
            "a *b*\x0bd\ne"
        );
        assert_eq!(
            text("$x_{{a}}$ and ${{ b }} stay {a, b}\n"),
            "$x_{{a}}$ and ${{ b }} stay {a, b}"
        );
    }

    #[test]
    fn components_go_and_their_text_stays() {
        assert_eq!(
            text(
                "import A from '@a';\nimport {\n  B,\n} from \"b\";\n\nexport const x = {\n  y: 1,\n};\n\n<Tabs v={[{a: '>'}]}>\n<Tab.Item\n  x=\"1\">\nA *tab*.\n</Tab.Item>\n</Tabs>\n\n{props.children}\n\n{/* no\n*/}\n\n<Card t={<B />}>Card</Card>\n\nimport it from there\n"
            ),
            "A tab.\nCard\nimport it from there"
        );
    }

    #[test]
    fn headings_take_the_anchors_of_every_kin() {
        let article = read_str(
            "markdown",
            "## A {#a1 .b}\n\n## B {: #b1 .c }\n\n## C {/* #c1 */}\n\n<h2 id=d1>D</h2>\n\n## E {{ x }} f\n",
        );
        let seen: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.headings.join(">"), s.anchor.clone()))
            .collect();
        let want = [
            ("A", "a1"),
            ("B", "b1"),
            ("C", "c1"),
            ("D", "d1"),
            ("E f", "e-f"),
        ];
        assert_eq!(seen, want.map(|(h, a)| (h.to_string(), a.to_string())));
    }

    #[test]
    fn code_is_never_touched() {
        assert_eq!(
            text(
                "```\n:::note\n{% x %} [!NOTE]\n!!! note\nimport a from 'a'\n```\n\n    {{ x }}\n    <Tabs>\n\n`{{ x }}` and `[!NOTE]`\n"
            ),
            ":::note\x0b{% x %} [!NOTE]\x0b!!! note\x0bimport a from 'a'\n{{ x }}\x0b<Tabs>\n{{ x }} and [!NOTE]"
        );
    }

    #[test]
    fn includes_and_tables_of_contents_go() {
        assert_eq!(
            text("[[toc]]\n\n[TOC]\n\n--8<-- \"x\"\n\n@@include[x](y)\n\n<<< @/x.js\n\na\n"),
            "a"
        );
    }
}
