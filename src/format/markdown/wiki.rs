//! Links, embeds, highlights, comments and ids of note-taking programs; footnotes; roles; attributes in braces.
//!
//! Source: Obsidian's help on its Markdown, MediaWiki's links, Pandoc's manual (footnotes, bracketed spans, attributes), MyST's
//! roles and targets, PHP Markdown Extra's abbreviations.

use std::collections::HashSet;

use memchr::memmem::find_iter;

use super::dialect_lines::is_include;
use super::dialects::{DialectFinder, MAX_TAG, Mask};

/// A reference is no longer, in bytes.
const MAX_LABEL: usize = 200;
/// The roles that link: of `text <target>` the text is read.
static LINK_ROLES: [&str; 8] = [
    "doc", "download", "eq", "numref", "ref", "term", "abbr", "any",
];

impl DialectFinder<'_> {
    /// What is known by a pair of signs, wherever it stands.
    pub(super) fn signs(&mut self, start: usize) {
        let text = self.text;
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        for at in find_iter(bytes, "[[") {
            self.wiki_link(start + at);
        }
        let labels = self.footnote_labels(start);
        if !labels.is_empty() {
            for at in find_iter(bytes, "[^") {
                self.footnote(start + at, &labels);
            }
        }
        for at in find_iter(bytes, "^[") {
            self.inline_note(start + at);
        }
        self.marked(start);
        self.comments(start);
        for at in find_iter(bytes, " ^") {
            self.block_id(start + at);
        }
        for at in find_iter(bytes, "}`") {
            self.role(start + at);
        }
        for open in ["{.", "{#"] {
            for at in find_iter(bytes, open) {
                self.inline_attributes(start + at);
            }
        }
    }

    /// The rest of the line from `at` on, as far as it is looked at: the signs are not asked for at rising positions.
    fn rest_of_line(&self, at: usize) -> &str {
        let bytes = self.text.as_bytes();
        let most = bytes.len().min(at + MAX_TAG);
        let window = bytes.get(at..most).unwrap_or_default();
        let len = memchr::memchr(b'\n', window).unwrap_or(window.len());
        self.text.get(at..at + len).unwrap_or_default()
    }

    /// `[[Page]]`, `[[Page#Part|words]]`, `![[picture.png]]`.
    fn wiki_link(&mut self, at: usize) {
        let line = self.rest_of_line(at + 2);
        let Some(len) = line
            .find(['[', ']'])
            .filter(|&len| line[len..].starts_with("]]"))
        else {
            return;
        };
        let inner = &line[..len];
        let is_link = inner.chars().next().is_some_and(|c| !c.is_whitespace());
        let before = self.ahead.before(at);
        if !is_link || before.is_ascii_alphanumeric() || before == b'\\' {
            return;
        }
        let end = at + 2 + len + 2;
        if self.text.get(at..end).is_some_and(is_include) {
            return;
        }
        let shown = inner.rfind('|').map_or(0, |bar| bar + 1);
        if before == b'!' {
            // A size is no description.
            let words = &inner[shown..];
            let is_size = words.bytes().all(|b| b.is_ascii_digit() || b == b'x');
            match shown == 0 || is_size {
                true => self.hide(at - 1..end),
                false => {
                    self.hide(at - 1..at + 2 + shown);
                    self.hide(end - 2..end);
                }
            }
            return;
        }
        self.hide(at..at + 2 + shown);
        self.hide(end - 2..end);
    }

    /// The labels of the footnotes that are given, whose lines become list items.
    fn footnote_labels(&mut self, start: usize) -> HashSet<String> {
        let text = self.text;
        let mut labels = HashSet::new();
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        for at in find_iter(bytes, "]:") {
            let end = start + at;
            let line = self.line_start(end);
            let front = text.get(line..end).unwrap_or_default();
            let Some((before, label)) = front.rsplit_once("[^") else {
                continue;
            };
            if is_label(label) && is_block_front(before) {
                labels.insert(label.to_string());
                let start = line + before.len();
                self.found.push((start..end + 2, Mask::Item));
            }
        }
        labels
    }

    /// `[^label]`, where the footnote is there.
    fn footnote(&mut self, at: usize, labels: &HashSet<String>) {
        let line = self.rest_of_line(at + 2);
        let Some(len) = line.find(']').filter(|&len| labels.contains(&line[..len])) else {
            return;
        };
        let follows = line.as_bytes().get(len + 1);
        if follows != Some(&b'(') {
            self.hide(at..at + 2 + len + 1);
        }
    }

    /// `^[a note in its place]`, right behind a word. It may run over lines, not over a blank one.
    fn inline_note(&mut self, at: usize) {
        let before = self.ahead.before(at);
        if before.is_ascii_whitespace() || before == b'\\' {
            return;
        }
        let inner = at + 2..self.text.len().min(at + MAX_TAG);
        let Some(len) = closing_bracket(self.text.as_bytes().get(inner).unwrap_or_default()) else {
            return;
        };
        let close = at + 2 + len;
        if self.text.get(at + 2..close).is_some_and(has_word) {
            self.found.push((at..at + 2, Mask::Apart));
            self.hide(close..close + 1);
        }
    }

    /// `==marked==`: the signs go.
    fn marked(&mut self, start: usize) {
        let sign = "==";
        let text = self.text;
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        let mut from = start;
        for at in find_iter(bytes, sign) {
            let at = start + at;
            let before = self.ahead.before(at);
            let opens = at >= from
                && !before.is_ascii_alphanumeric()
                && !matches!(before, b'=' | b'!' | b'<' | b'>' | b'\\');
            if !opens {
                continue;
            }
            let inner = self.rest_of_line(at + sign.len());
            let Some(len) = inner.find(sign) else {
                continue;
            };
            let (words, behind) = (&inner[..len], &inner[len + sign.len()..]);
            let is_pair = !words.is_empty()
                && words.trim() == words
                && !words.starts_with('=')
                && !words.contains('`')
                && !behind.starts_with(|c: char| c.is_alphanumeric() || c == '=');
            if is_pair {
                let close = at + sign.len() + len;
                self.hide(at..at + sign.len());
                self.hide(close..close + sign.len());
                from = close + sign.len();
            }
        }
    }

    /// `%% a comment %%`, or lines between such signs on their own.
    fn comments(&mut self, start: usize) {
        let text = self.text;
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        let mut from = start;
        let mut signs = find_iter(bytes, "%%").map(|at| start + at).peekable();
        while let Some(at) = signs.next() {
            let before = self.ahead.before(at);
            if at < from || !before.is_ascii_whitespace() {
                continue;
            }
            let is_alone = self.is_alone(&(at..at + 2));
            let inline = self.rest_of_line(at + 2);
            let close = match inline.find("%%") {
                Some(len) => {
                    let behind = inline[len + 2..].chars().next();
                    let words = &inline[..len];
                    let ends = behind.is_none_or(|c| !c.is_alphanumeric());
                    (ends && !words.contains('%')).then_some(at + 2 + len)
                }
                None if is_alone => {
                    let next = signs.peek().copied().filter(|&next| next - at <= MAX_TAG);
                    next.filter(|&next| self.is_alone(&(next..next + 2)))
                }
                None => None,
            };
            if let Some(close) = close {
                self.hide(at..close + 2);
                from = close + 2;
            }
        }
    }

    /// ` ^id` at the end of a line, which other notes link to.
    fn block_id(&mut self, at: usize) {
        let line = self.rest_of_line(at + 2).trim_end();
        let is_id = line.len() >= 4
            && line.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && line.bytes().any(|b| b.is_ascii_alphabetic());
        if is_id {
            self.hide(at..at + 2 + line.len());
        }
    }

    /// A role, `{name}` before code: of a link the text is read, of others what stands in them.
    fn role(&mut self, close: usize) {
        let line = self.line_start(close);
        let before = self.text.get(line..close).unwrap_or_default();
        let Some(open) = before.rfind('{') else {
            return;
        };
        let name = &before[open + 1..];
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.');
        if name.is_empty() || name.len() > MAX_LABEL || !name.bytes().all(is_name) {
            return;
        }
        let inner = self.rest_of_line(close + 2);
        let Some(len) = inner.find('`').filter(|&len| len > 0) else {
            return;
        };
        let (start, end) = (line + open, close + 2 + len);
        let own = name.rsplit(':').next().unwrap_or(name);
        let words = &inner[..len];
        let target = words.ends_with('>').then(|| words.find(" <")).flatten();
        if LINK_ROLES.contains(&own) || target.is_some() {
            self.hide(start..close + 2);
            self.hide(target.map_or(end, |at| close + 2 + at)..end + 1);
        } else {
            self.hide(start..close + 1);
        }
    }

    /// `{.class}`, `{#id}`, `{.class width=5}` behind a link, a picture, code or words in brackets, or on a line of its own;
    /// behind a heading the parser reads them.
    fn inline_attributes(&mut self, at: usize) {
        let line = self.rest_of_line(at);
        let Some(len) = line.find('}') else {
            return;
        };
        let range = at..at + len + 1;
        let is_list = line[1..len].split_ascii_whitespace().all(is_attribute);
        if !is_list {
            return;
        }
        let before = self.ahead.before(at);
        let start = self.line_start(at);
        let front = self.text.get(start..at).unwrap_or_default();
        if self.is_alone(&range) || matches!(before, b')' | b'`' | b'*' | b'_' | b'"') {
            self.hide(range);
        } else if before == b']' {
            self.hide(range);
            // Words in brackets, which are no link.
            let inner = &front[..front.len() - 1];
            if let Some(open) = inner
                .rfind(['[', ']'])
                .filter(|&open| inner[open..].starts_with('['))
            {
                self.hide(start + open..start + open + 1);
                self.hide(at - 1..at);
            }
        }
    }

    /// `*[HTML]: what it stands for`, a target `(name)=`: they are no text.
    pub(super) fn is_definition(line: &str) -> bool {
        let target = || {
            let inner = line.strip_prefix('(')?.strip_suffix(")=")?;
            Some(!inner.is_empty() && !inner.contains(['(', ')', ' ']))
        };
        line.starts_with("*[") && line.contains("]: ") || target().unwrap_or(false)
    }
}

/// Whether nothing but the marks of quotations and list items stands in a text.
fn is_block_front(text: &str) -> bool {
    text.split([' ', '\t', '>']).all(|mark| {
        let number = mark.trim_end_matches(['.', ')']);
        let is_number = !number.is_empty()
            && number.len() + 1 == mark.len()
            && number.bytes().all(|b| b.is_ascii_digit());
        matches!(mark, "" | "-" | "*" | "+") || is_number
    })
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.len() <= MAX_LABEL && !label.contains(['[', ']', ' ', '\n', '^'])
}

/// Where the bracket is that closes the text, within its paragraph.
fn closing_bracket(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    for at in memchr::memchr3_iter(b'[', b']', b'\n', text) {
        match text.get(at) {
            Some(b'[') => open += 1,
            Some(b']') if open == 0 => return Some(at),
            Some(b']') => open -= 1,
            _ if text.get(at + 1).is_none_or(|b| matches!(b, b'\n' | b'\r')) => return None,
            _ => {}
        }
    }
    None
}

/// Whether letters stand together in a text, as in no class of a regular expression (`^[a-z]`).
fn has_word(text: &str) -> bool {
    const MIN_LETTERS: usize = 3;
    let mut letters = text.split(|c: char| !c.is_alphabetic());
    letters.any(|word| word.chars().nth(MIN_LETTERS - 1).is_some())
}

/// Whether a word is one of a list of attributes.
fn is_attribute(word: &str) -> bool {
    let name = |name: &str| {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.');
        !name.is_empty() && name.bytes().all(is_name)
    };
    match word.strip_prefix(['.', '#']) {
        Some(rest) => name(rest),
        None => word.split_once('=').is_some_and(|(key, _)| name(key)),
    }
}

#[cfg(test)]
mod tests {
    use crate::format::markdown::text_of as text;

    #[test]
    fn links_and_embeds_of_notes_read_as_their_words() {
        assert_eq!(
            text(
                "See [[Harbour talks]], [[Quay#Ferries|the ferries]] and ![[map.png]] or ![[map.png|300]].\n"
            ),
            "See Harbour talks, the ferries and or ."
        );
        assert_eq!(
            text("![[map.png|A map of the quay]]\n\n`[[x]]` a[[1]] [[ -f x ]] [[1,2],[3,4]]\n"),
            "A map of the quay\n[[x]] a[[1]] [[ -f x ]] [[1,2],[3,4]]"
        );
        assert_eq!(
            text("a\n\n```\n[[Page]] ==x== %%y%%\n```\n"),
            "a\n[[Page]] ==x== %%y%%"
        );
    }

    #[test]
    fn footnotes_are_read_where_they_are_given() {
        assert_eq!(
            text(
                "The depth[^1] of the *quay*[^long-one] is known.\n\n[^1]: Six fathoms.\n[^long-one]: Of 1911.\n\n    A second paragraph.\n\nEnd [^none] of [^a-z].\n"
            ),
            "The depth of the quay is known.\nSix fathoms.\nOf 1911.\nA second paragraph.\nEnd [^none] of [^a-z]."
        );
    }

    #[test]
    fn footnotes_in_lists_and_quotations_are_read_there() {
        for (markdown, read) in [
            (
                "- one[^1]\n\n  [^1]: Six *fathoms*.\n- two\n",
                "one\nSix fathoms.\ntwo",
            ),
            ("- one[^1]\n  [^1]: Six.\n", "one\nSix."),
            ("- one[^1]\n- [^1]: Six.\n", "one\nSix."),
            ("1. one[^1]\n2. [^1]: Six.\n", "one\nSix."),
            ("1. one[^1]\n\n    [^1]: Six.\n\nEnd.\n", "one\nSix.\nEnd."),
            ("- one[^1]\n\n\t[^1]: Six.\n", "one\nSix."),
            ("- > one[^1]\n  >\n  > [^1]: Six.\n", "one\nSix."),
            ("> - one[^1]\n>\n> [^1]: Six.\n", "one\nSix."),
        ] {
            assert_eq!(text(markdown), read, "{markdown}");
        }
    }

    #[test]
    fn notes_in_their_place_are_text_and_no_part_of_a_word() {
        assert_eq!(
            text(
                "The laws^[New *ones*, see [here](x) and\n[there].] rose.^[Ibid.] A `a^[bcd]`, grep ^[abc] x^[a-z] a\\^[bcd] and ^[open\n\nend].\n"
            ),
            "The laws New ones, see here and [there]. rose. Ibid. A a^[bcd], grep ^[abc] x^[a-z] a^[bcd] and ^[open\nend]."
        );
    }

    #[test]
    fn highlights_comments_and_ids_leave_their_words() {
        assert_eq!(
            text(
                "The ==marked words== stay, a == b and c==d==e too. ^quay-1\n\nSeen %% not this %% here.\n\n%%\nNor *this*.\n%%\n\nfor %%i in (*) do echo %%i of 10 ^6\n"
            ),
            "The marked words stay, a == b and c==d==e too.\nSeen here.\nfor %%i in (*) do echo %%i of 10 ^6"
        );
    }

    #[test]
    fn roles_targets_and_attributes_leave_their_words() {
        assert_eq!(
            text(
                "(the-quay)=\n\n# Quay\n\nSee {ref}`the talks <talks>`, {doc}`guide` and {math}`x*y*z`, {py:func}`f`.\n"
            ),
            "See the talks, guide and x*y*z, f."
        );
        assert_eq!(
            text(
                "A [red word]{.red}, [a link](x){.button target=y} and `code`{.sh}. Set {.x, .y} or f{#a}.\n\n{.lead}\n\n*[HTML]: Hyper Text\n\nHTML\n"
            ),
            "A red word, a link and code. Set {.x, .y} or f{#a}.\nHTML"
        );
    }

    #[test]
    fn directives_are_text_with_a_title_and_fences_are_code() {
        assert_eq!(
            text(
                "```{admonition} The *tide*\n:class: tip\n\nIt comes.\n```\n\n````{note}\n```python\nx = 1\n```\nAfter.\n````\n\n:::{warning} Mind\n:name: y\nThe gap.\n:::\n\n```{code-cell}\n:tags: z\n1 + 1\n```\n"
            ),
            "The tide\nIt comes.\nx = 1\nAfter.\nMind\nThe gap.\n:tags: z\x0b1 + 1"
        );
        assert_eq!(
            text(
                "```js\nexport const a = 1;\n```\n\n## Quay\n\nText.\n\nexport default function B() {\n```\nc\n```\n"
            ),
            "export const a = 1;\nText.\nc"
        );
        assert_eq!(
            text("```\n{/* a\n```\n\nText.\n\n```\nb */}\n```\n"),
            "{/* a\nText.\nb */}"
        );
    }

    #[test]
    fn definitions_are_blocks_and_shortcodes_keep_what_is_seen() {
        assert_eq!(
            text("Quay\n:   Where ships lie.\n:   A wall.\n\nTide\n: The sea's rise.\n"),
            "Quay\nWhere ships lie.\nA wall.\nTide\nThe sea's rise."
        );
        assert_eq!(
            text(
                "{{< figure src=\"x.png\" title=\"A map\" caption=\"Of the quay\" >}}\n\n{{< tab name=\"Linux\" >}}\nRun it.\n{{< /tab >}}\n\na {% comment %} not *this* {% endcomment %} b\n"
            ),
            "A map\nOf the quay\nLinux\nRun it.\na b"
        );
    }
}
