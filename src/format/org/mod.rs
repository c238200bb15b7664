//! Org: headlines, drawers, blocks, lists and tables.
//!
//! Source: Org Syntax (orgmode.org/worg/org-syntax.html); the Org manual, "Export Settings".

mod blocks;
mod inline;
mod marks;

use std::ops::Range;

use self::blocks::OrgNesting;
use self::inline::OrgInline;
use self::marks::{
    block_name, fixed_width, footnote_marker, is_aside, is_block_end, is_comment_tree, is_drawer,
    item_marker, macro_definition, property, stars, tags, term_len,
};
use super::builder::Outline;
use super::builder::inline::push_inline;
use super::builder::input::Reading;
use super::builder::text::Gap;
use super::lines::SourceLines;
use super::metadata::dates::read_date;
use super::replacements::Replacements;
use crate::article::{Article, BlockKind};

/// Keywords of headlines that every Org knows, or that are common.
static TODO_KEYWORDS: [&str; 11] = [
    "TODO",
    "DONE",
    "NEXT",
    "WAITING",
    "WAIT",
    "HOLD",
    "STARTED",
    "CANCELLED",
    "CANCELED",
    "SOMEDAY",
    "PROJ",
];
/// Blocks that are left out. Before Org 9, what `export` holds stood in blocks of the format's name.
static LEFT_BLOCKS: [&str; 9] = [
    "ascii", "beamer", "comment", "docbook", "export", "html", "latex", "man", "odt",
];
/// Blocks whose lines are kept, without markup.
static VERBATIM_BLOCKS: [&str; 2] = ["src", "example"];

/// Reads an Org article.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let source = reading.source;
    let text = source.text();
    let mut reader = OrgReader {
        text,
        lines: SourceLines::of(text, source.line_end()),
        at: 0,
        outline: Outline::new(reading),
        keywords: Vec::new(),
        excluded_tags: Vec::new(),
        nesting: OrgNesting::default(),
        macros: Replacements::default(),
    };
    while reader.at < reader.lines.len() && reading.element(0) {
        reader.block();
    }
    reader.outline.finish()
}

struct OrgReader<'a> {
    text: &'a str,
    lines: SourceLines<'a>,
    at: usize,
    outline: Outline<'a>,
    /// The keywords of headlines that the article sets.
    keywords: Vec<&'a str>,
    /// The tags whose trees the article leaves out; Org's own where it names none.
    excluded_tags: Vec<&'a str>,
    nesting: OrgNesting,
    /// What stands for `{{{name}}}`, from where it is defined on.
    macros: Replacements,
}

impl<'a> OrgReader<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.lines.text(at)
    }

    /// Reads the block at hand; takes at least a line.
    fn block(&mut self) {
        let line = self.line(self.at);
        let is_at_margin = self.lines.indent(self.at) == 0;
        let indent = self.lines.indent(self.at);
        self.nesting.leave(line, indent, &mut self.outline);
        if is_at_margin && let Some(stars) = stars(line) {
            self.headline(line, stars);
        } else if is_aside(line) {
            self.outline.gap(Gap::Block);
            self.at += 1;
        } else if let Some(keyword) = line.strip_prefix("#+") {
            self.keyword(keyword);
        } else if line.starts_with('|') {
            self.table_row(line);
        } else if is_drawer(line) {
            self.drawer(line);
        } else if line == ":" || line.starts_with(": ") {
            self.fixed_width();
        } else {
            self.paragraph(line);
        }
    }

    fn headline(&mut self, line: &'a str, stars: usize) {
        let base = self.lines.trimmed(self.at).start;
        let kept = self.headline_text(line, stars);
        self.at += 1;
        if is_comment_tree(&line[kept.clone()]) || self.is_excluded(line) {
            self.leave_tree(stars);
            return;
        }
        let anchor = self.properties();
        let level = stars.min(6) as u8;
        self.nesting.end_all(&mut self.outline);
        let end = base + line.len();
        self.outline.start_heading(level, anchor, base..end);
        let range = base + kept.start..base + kept.end;
        let markup = OrgInline(&self.macros);
        push_inline(&mut self.outline, &markup, self.text, range);
        self.outline.end_heading(end);
    }

    /// Whether a headline has a tag whose trees are not exported.
    fn is_excluded(&self, line: &str) -> bool {
        let excluded = |tag: &str| match self.excluded_tags.is_empty() {
            true => tag == "noexport",
            false => self.excluded_tags.contains(&tag),
        };
        tags(line)
            .split(':')
            .any(|tag| !tag.is_empty() && excluded(tag))
    }

    /// Leaves out what is below a headline of so many stars.
    fn leave_tree(&mut self, own_stars: usize) {
        self.nesting.end_all(&mut self.outline);
        self.outline.gap(Gap::Block);
        let ends = |at: usize| {
            let is_at_margin = self.lines.indent(at) == 0;
            is_at_margin && stars(self.line(at)).is_some_and(|stars| stars <= own_stars)
        };
        let end = (self.at..self.lines.len()).find(|&at| ends(at));
        self.at = end.unwrap_or(self.lines.len());
    }

    /// The text of a headline without stars, keyword, priority and tags.
    fn headline_text(&self, line: &str, stars: usize) -> Range<usize> {
        let tagged = line.len() - tags(line).len();
        let end = line[..tagged].trim_end().len().max(stars);
        let mut start = end - line[stars..end].trim_start().len();
        let word = line[start..end].split(' ').next().unwrap_or_default();
        if TODO_KEYWORDS.contains(&word) || self.keywords.contains(&word) {
            start = end - line[start + word.len()..end].trim_start().len();
        }
        let rest = &line[start..end];
        let is_priority = rest.starts_with("[#") && rest.as_bytes().get(3) == Some(&b']');
        if is_priority {
            start = end - rest[4..].trim_start().len();
        }
        start..end
    }

    /// Takes the planning line and the properties below a headline; gives its `CUSTOM_ID`.
    fn properties(&mut self) -> Option<String> {
        let line = self.line(self.at);
        let is_planning = ["SCHEDULED:", "DEADLINE:", "CLOSED:"]
            .iter()
            .any(|word| line.starts_with(word));
        self.at += usize::from(is_planning);
        let mut anchor = None;
        if !self.line(self.at).eq_ignore_ascii_case(":PROPERTIES:") {
            return None;
        }
        self.at += 1;
        while let Some((key, value)) = property(self.line(self.at)) {
            self.at += 1;
            if key.eq_ignore_ascii_case("CUSTOM_ID") && !value.is_empty() {
                anchor = Some(value.to_string());
            }
            if key.eq_ignore_ascii_case("END") {
                break;
            }
        }
        anchor
    }

    /// A drawer's lines: those of properties and logs are left out, the text of others stays.
    fn drawer(&mut self, line: &str) {
        self.outline.gap(Gap::Block);
        self.at += 1;
        let is_left = ["PROPERTIES", "LOGBOOK"]
            .iter()
            .any(|name| line[1..line.len() - 1].eq_ignore_ascii_case(name));
        while is_left && self.at < self.lines.len() {
            let line = self.line(self.at);
            if line.is_empty() || stars(line).is_some() {
                break;
            }
            self.at += 1;
            if line.eq_ignore_ascii_case(":END:") {
                break;
            }
        }
    }

    /// A line that begins with `#+`: metadata, a caption, or the first or last line of a block.
    fn keyword(&mut self, keyword: &'a str) {
        self.outline.gap(Gap::Block);
        if let Some(name) = block_name(keyword) {
            self.nesting.quotation(keyword, &mut self.outline);
            self.begin_block(name);
            return;
        }
        self.at += 1;
        let Some((key, value)) = keyword.split_once(':') else {
            return;
        };
        let value = value.trim();
        let metadata = &mut self.outline.metadata;
        match key.to_ascii_lowercase().as_str() {
            _ if value.is_empty() => {}
            "title" => {
                let title = metadata.title.get_or_insert_default();
                title.push_str(if title.is_empty() { "" } else { " " });
                title.push_str(value);
            }
            "author" => metadata.authors.push(value.to_string()),
            "language" => metadata.lang = Some(value.to_ascii_lowercase()),
            "date" => {
                let date = value.trim_matches(['<', '[', '>', ']']);
                metadata.date = read_date(date).or(metadata.date.take());
            }
            "todo" | "seq_todo" | "typ_todo" => self.keywords.extend(
                value
                    .split([' ', '|'])
                    .map(|word| word.split('(').next().unwrap_or_default())
                    .filter(|word| !word.is_empty())
                    .take(100),
            ),
            "exclude_tags" => {
                let tags = value.split_ascii_whitespace().take(100);
                self.excluded_tags.extend(tags);
            }
            "macro" => {
                if let Some((name, text)) = macro_definition(value) {
                    self.macros.define(name.to_lowercase(), text.to_string());
                }
            }
            "caption" => {
                let end = self.lines.trimmed(self.at - 1).end;
                self.marked(end - value.len()..end);
                self.outline.gap(Gap::Block);
            }
            _ => {}
        }
    }

    fn begin_block(&mut self, name: &str) {
        self.at += 1;
        let is_in = |table: &[&str]| table.iter().any(|other| name.eq_ignore_ascii_case(other));
        let (is_left, is_verbatim) = (is_in(&LEFT_BLOCKS), is_in(&VERBATIM_BLOCKS));
        if !is_left && !is_verbatim && !name.eq_ignore_ascii_case("verse") {
            return;
        }
        let from = self.at;
        while self.at < self.lines.len() && !is_block_end(self.line(self.at), name) {
            self.at += 1;
        }
        if from < self.at && !is_left {
            let range = self.lines.start(from)..self.lines.trimmed(self.at - 1).end;
            let kind = match is_verbatim {
                true => BlockKind::Code,
                false => BlockKind::Quotation,
            };
            self.outline.open_block(kind);
            self.outline.keep_lines(true);
            if is_verbatim {
                self.outline.text(range);
            } else {
                self.marked(range);
            }
            self.outline.keep_lines(false);
            self.outline.close_block(kind);
        }
        self.at += 1;
        self.outline.gap(Gap::Block);
    }

    fn table_row(&mut self, line: &str) {
        let base = self.lines.trimmed(self.at).start;
        self.at += 1;
        self.outline.gap(Gap::Block);
        self.nesting.enter_table(&mut self.outline);
        if line.starts_with("|-") {
            return;
        }
        let mut from = 1;
        for bar in memchr::memchr_iter(b'|', line.as_bytes().get(1..).unwrap_or_default()) {
            self.marked(base + from..base + bar + 1);
            self.outline.gap(Gap::Cell);
            from = bar + 2;
        }
        self.marked(base + from..base + line.len());
        self.outline.gap(Gap::Block);
    }

    /// The lines that begin with a colon: text as it stands.
    fn fixed_width(&mut self) {
        self.outline.gap(Gap::Block);
        self.outline.open_block(BlockKind::Code);
        self.outline.keep_lines(true);
        while let Some(rest) = fixed_width(self.line(self.at)) {
            let end = self.lines.trimmed(self.at).end;
            self.outline.text(end - rest.len()..end);
            self.outline.gap(Gap::Line);
            self.at += 1;
        }
        self.outline.keep_lines(false);
        self.outline.close_block(BlockKind::Code);
        self.outline.gap(Gap::Block);
    }

    /// A paragraph or an item, up to a blank line or to what ends it.
    fn paragraph(&mut self, line: &str) {
        self.outline.gap(Gap::Block);
        let first = self.lines.trimmed(self.at);
        let indent = self.lines.indent(self.at);
        let is_at_margin = indent == 0;
        let mut start = first.start;
        if let Some(len) = item_marker(line, is_at_margin) {
            self.nesting.enter_list(indent, &mut self.outline);
            start += len;
            if let Some(term) = term_len(&line[len..]) {
                self.marked(start..start + term);
                self.outline.gap(Gap::Block);
                start += term + 4;
            }
        } else if let Some(len) = footnote_marker(line) {
            start += len;
        }
        let mut end = first.end.max(start);
        self.at += 1;
        while self.at < self.lines.len() && !self.ends_paragraph() {
            end = self.lines.trimmed(self.at).end;
            self.at += 1;
        }
        self.marked(start..end);
        self.outline.gap(Gap::Block);
    }

    fn ends_paragraph(&self) -> bool {
        let line = self.line(self.at);
        let is_at_margin = self.lines.indent(self.at) == 0;
        line.starts_with(['|', '#'])
            || is_aside(line)
            || is_drawer(line)
            || fixed_width(line).is_some()
            || (is_at_margin && (stars(line).is_some() || footnote_marker(line).is_some()))
            || item_marker(line, is_at_margin).is_some()
    }

    fn marked(&mut self, range: Range<usize>) {
        let markup = OrgInline(&self.macros);
        push_inline(&mut self.outline, &markup, self.text, range);
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{assert_runs_read_as_their_source, outline_of, read_str};

    #[test]
    fn headlines_lose_their_keywords_and_keep_their_ids() {
        let text = "#+TITLE: The\n#+TITLE: Title\n#+AUTHOR: Ann\n#+DATE: <2024-05-02 Thu>\n#+LANGUAGE: EN\n\
                    #+TODO: REVIEW | SHIPPED(s)\nLead.\n* SHIPPED [#A] First /part/ [1/3] :work:home:\n\
                    SCHEDULED: <2024-05-03 Fri>\n:PROPERTIES:\n:CUSTOM_ID: own\n:END:\n:LOGBOOK:\n- State\n:END:\n\
                    Text.\n*** TODO Deep\nx\n* Second\n*bold* at the margin\n";
        let article = read_str("org", text);
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("The Title"));
        assert_eq!(meta.authors, ["Ann"]);
        assert_eq!(meta.date.as_deref(), Some("2024-05-02"));
        assert_eq!(meta.lang.as_deref(), Some("en"));
        assert_eq!(
            outline_of(&article),
            [
                (String::new(), "top", 1, "Lead."),
                ("First part".into(), "own", 1, "Text."),
                ("First part>Deep".into(), "deep", 3, "x"),
                ("Second".into(), "second", 1, "bold at the margin"),
            ]
        );
    }

    #[test]
    fn lists_tables_and_blocks_keep_their_text() {
        let text = "- [ ] one\n  wrapped\n- term :: def\n 1. [@3] sub\n\n| a | =b= |\n|---+-----|\n| c | d |\n\n\
                    #+BEGIN_SRC sh\nx *y*\n  z\n#+END_SRC\n#+begin_quote\nA /quote/.\n#+end_quote\n\
                    #+begin_comment\nno\n#+end_comment\n: fixed *w*\n# no\n#+CAPTION: A *caption*\n[[./i.png]]\n";
        assert_eq!(
            read_str("org", text).sections[0].text,
            "one wrapped\nterm\ndef\nsub\na\tb\nc\td\nx *y*\x0bz\nA quote.\nfixed *w*\nA caption"
        );
    }

    #[test]
    fn a_note_in_its_place_is_no_part_of_the_word_before_it() {
        let text = "The laws[fn::new ones] rose, the rules[fn:x:old] fell[fn:1].\n";
        let article = read_str("org", text);
        assert_eq!(
            article.sections[0].text,
            "The laws new ones rose, the rules old fell."
        );
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn trees_and_blocks_that_are_no_text_are_left_out() {
        let text = "#+TITLE: T\n#+EXCLUDE_TAGS: noexport old\n\nLead.\n* COMMENT No\nno\n** No\nno\n* TODO [#B] COMMENT no\nno\n* No :work:noexport:\nno\n** no\n* noexport kept\n** NO :noexport:\n** No :old:\nno\n* COMMENTS kept\nx\n** COMMENT\nno\n*** no\n** Kept\n\
                    #+BEGIN_HTML\n<b>no</b>\n#+END_HTML\n#+begin_export latex\nno\n#+end_export\n#+BEGIN_COMMENT\nno\n#+END_COMMENT\n\
                    #+BEGIN_LaTeX\nno\n#+END_LaTeX\ny\n";
        assert_eq!(
            outline_of(&read_str("org", text)),
            [
                (String::new(), "top", 1, "Lead."),
                ("noexport kept".into(), "noexport-kept", 1, ""),
                ("COMMENTS kept".into(), "comments-kept", 1, "x"),
                ("COMMENTS kept>Kept".into(), "kept", 2, "y"),
            ]
        );
    }

    #[test]
    fn dates_of_the_head_are_read_as_people_write_them() {
        for date in [
            "<2024-05-02 Thu>",
            "[2024-05-02 Thu 10:00]",
            "2 May 2024",
            "May 2, 2024",
            "2024-05-02",
        ] {
            let article = read_str("org", &format!("#+DATE: {date}\n\nText.\n"));
            assert_eq!(
                article.metadata.date.as_deref(),
                Some("2024-05-02"),
                "{date}"
            );
        }
    }

    #[test]
    fn macros_are_put_in_where_the_article_defines_them() {
        let text = "#+MACRO: ship The *ship* $1 of $2\n#+MACRO: port Riga\n\
                    A {{{port}}} and {{{ship(Anna, 1\\,5 t)}}}; {{{ship}}}; {{{unknown(a)}}}.\n";
        assert_eq!(
            read_str("org", text).sections[0].text,
            "A Riga and The ship Anna of 1,5 t; The ship of ; ."
        );
    }

    #[test]
    fn notes_stay_where_they_are_given_and_drawers_name_their_section() {
        let text = "#+TITLE: T\n* H\n:PROPERTIES:\n:CUSTOM_ID: own\n:ID: no\n:END:\n:NOTES:\nKept.\n:END:\nA word[fn:1], on <2024-05-02 Thu 10:00>--<2024-05-03 Fri>.\n\n\
                    * Footnotes\n\n[fn:1] The /note/\ngoes on.\n[fn:x] Another.\n";
        let article = read_str("org", text);
        assert_eq!(
            outline_of(&article),
            [
                (
                    "H".into(),
                    "own",
                    1,
                    "Kept.\nA word, on 2024-05-02 Thu 10:00--2024-05-03 Fri."
                ),
                (
                    "Footnotes".into(),
                    "footnotes",
                    1,
                    "The note goes on.\nAnother."
                ),
            ]
        );
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn a_phrase_runs_through_markup() {
        let text = "The *Minsk\n agreements* of [[https://x.y][the /two/]] ~a*b~[fn:1], 2*3*4, a/b/c on [2014-09-05 Fri].\n\n[fn:1] A note.\n";
        let article = read_str("org", text);
        assert_eq!(
            article.sections[0].text,
            "The Minsk agreements of the two a*b, 2*3*4, a/b/c on 2014-09-05 Fri.\nA note."
        );
        assert_runs_read_as_their_source(text, &article);
    }
}
