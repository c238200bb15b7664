//! reStructuredText: titles by their adornment, directives, fields, lists and literal blocks.
//!
//! Source: the reStructuredText Markup Specification of Docutils, and the directives of Sphinx.

mod blocks;
mod csv;
mod directives;
mod fields;
mod inline;
mod list_table;
mod marks;
mod substitutions;
mod tables;

use std::ops::Range;

use self::blocks::RstNesting;
use self::directives::{LEFT, SILENT, VERBATIM, kind_of};
use self::inline::RstInline;
use self::marks::{
    adornment, command_option, directive, footnote_label, item_marker, lone_adornment, option_len,
};
use self::substitutions::substitutions;
use super::builder::Outline;
use super::builder::inline::push_inline;
use super::builder::input::Reading;
use super::builder::text::Gap;
use super::lines::SourceLines;
use super::replacements::Replacements;
use crate::article::{Article, BlockKind};

/// Reads a reStructuredText article.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let source = reading.source;
    let text = source.text();
    let lines = SourceLines::of(text, source.line_end());
    let mut reader = RstReader {
        text,
        substitutions: substitutions(text, &lines),
        lines,
        at: 0,
        outline: Outline::new(reading),
        adornments: Vec::new(),
        anchor: None,
        is_preamble: true,
        nesting: RstNesting::default(),
    };
    reader.head();
    while reader.at < reader.lines.len() && reading.element(0) {
        reader.block();
    }
    reader.outline.finish()
}

struct RstReader<'a> {
    text: &'a str,
    lines: SourceLines<'a>,
    /// What stands for `|name|`.
    substitutions: Replacements,
    at: usize,
    outline: Outline<'a>,
    /// The adornments of titles in the order they came, with whether there is a line above.
    adornments: Vec<(u8, bool)>,
    /// The label of the next heading.
    anchor: Option<String>,
    /// Whether nothing but titles, comments and fields came before.
    is_preamble: bool,
    nesting: RstNesting,
}

impl<'a> RstReader<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.lines.text(at)
    }

    fn indent(&self, at: usize) -> usize {
        self.lines.indent(at)
    }

    /// Reads the block at hand; takes at least a line.
    fn block(&mut self) {
        let line = self.line(self.at);
        if line.is_empty() {
            self.outline.gap(Gap::Block);
            self.at += 1;
        } else if line == ".." || line.starts_with(".. ") || line.starts_with("__ ") {
            self.enter();
            self.explicit(line, self.indent(self.at));
        } else if !self.heading(line) && !self.table(line) && !self.field(line) {
            self.is_preamble = false;
            self.enter_text(line);
            self.text_block(line);
        }
    }

    /// Ends and begins what the indent of the line at hand says.
    fn enter(&mut self) {
        let indent = self.indent(self.at);
        self.nesting.enter(indent, None, &mut self.outline);
    }

    /// The same for text, which may be an item.
    fn enter_text(&mut self, line: &str) {
        let indent = self.indent(self.at);
        let below = Some(self.indent(self.at + 1)).filter(|_| !self.line(self.at + 1).is_empty());
        let content = blocks::item_content(line, indent, below);
        self.nesting.enter(indent, content, &mut self.outline);
    }

    /// A title with its adornment, or a rule.
    fn heading(&mut self, line: &str) -> bool {
        if self.indent(self.at) > 0 && adornment(line).is_none() {
            return false;
        }
        let (title, under) = (self.line(self.at + 1), self.line(self.at + 2));
        if let Some(mark) = adornment(line).or_else(|| lone_adornment(line, title)) {
            if !title.is_empty() && line == under {
                self.take_heading(mark, true);
                return true;
            }
            let is_rule = line.len() >= 4;
            if is_rule {
                self.outline.gap(Gap::Block);
                self.at += 1;
            }
            return is_rule;
        }
        let under = title;
        let width = line.chars().count();
        match adornment(under).or_else(|| lone_adornment(under, line)) {
            Some(mark) if under.len() >= width.min(4) && self.indent(self.at + 1) == 0 => {
                self.take_heading(mark, false);
                true
            }
            _ => false,
        }
    }

    fn take_heading(&mut self, mark: u8, is_over: bool) {
        self.nesting.end_all(&mut self.outline);
        let title = self.lines.trimmed(self.at + usize::from(is_over));
        let last = self.at + 1 + usize::from(is_over);
        let start = self.lines.trimmed(self.at).start;
        let end = self.lines.trimmed(last).end;
        let adornment = (mark, is_over);
        let level = match self.adornments.iter().position(|&a| a == adornment) {
            Some(known) => known,
            None => {
                self.adornments.push(adornment);
                self.adornments.len() - 1
            }
        };
        self.outline
            .start_heading(level.min(5) as u8 + 1, self.anchor.take(), start..title.end);
        self.marked(title);
        self.outline.end_heading(end);
        self.at = last + 1;
    }

    fn table(&mut self, line: &str) -> bool {
        let end = if tables::is_grid_border(line) {
            tables::grid_end(self.text, self.lines.all(), self.at)
        } else if tables::is_simple_border(line) {
            tables::simple_end(self.text, self.lines.all(), self.at)
        } else {
            return false;
        };
        self.is_preamble = false;
        self.enter();
        self.outline.open_block(BlockKind::Table);
        let lines = self.lines.all().get(self.at..end).unwrap_or_default();
        let markup = RstInline(&self.substitutions);
        tables::push(&mut self.outline, &markup, self.text, lines);
        self.outline.close_block(BlockKind::Table);
        self.at = end;
        true
    }

    /// `.. ` and what it begins: a target, a footnote, a substitution, a directive or a comment.
    /// What is indented by more than `indent` belongs to it.
    fn explicit(&mut self, line: &str, indent: usize) {
        self.outline.gap(Gap::Block);
        let rest = line[2..].trim_start();
        if let Some(label) = rest.strip_prefix('_') {
            let name = label.split(':').next().unwrap_or_default();
            self.anchor = Some(name.trim_matches('`').to_string()).filter(|n| !n.is_empty());
            self.leave(indent);
        } else if let Some(len) = footnote_label(rest) {
            let start = self.lines.trimmed(self.at).end - rest.len() + len;
            self.nesting.hold(indent, None, &mut self.outline);
            self.paragraph(start);
        } else if let Some((name, arguments)) = directive(rest).filter(|_| line.starts_with("..")) {
            self.directive(name, arguments, indent);
        } else if rest.is_empty() && self.line(self.at + 1).is_empty() {
            self.at += 1;
        } else {
            self.leave(indent);
        }
    }

    /// Leaves out the line at hand and the lines below it that are indented by more than `indent`.
    fn leave(&mut self, indent: usize) {
        self.at = self.end_of_indented(indent);
    }

    /// Where the lines end that are below the one at hand and indented by more than `indent`; blank lines at the end
    /// are not among them.
    fn end_of_indented(&self, indent: usize) -> usize {
        let mut end = self.at + 1;
        let below = self.lines.all().iter().enumerate().skip(end);
        for (at, line) in below {
            if line.is_blank() {
                continue;
            }
            if line.indent() <= indent {
                break;
            }
            end = at + 1;
        }
        end
    }

    fn directive(&mut self, name: &str, arguments: &str, indent: usize) {
        if LEFT.contains(&name) {
            self.leave(indent);
            return;
        }
        self.anchor = None;
        self.is_preamble = false;
        if name == "csv-table" {
            self.csv_table(arguments, indent);
            return;
        }
        if name == "list-table" && self.list_table(arguments, indent) {
            return;
        }
        self.nesting.hold(indent, kind_of(name), &mut self.outline);
        let is_silent = VERBATIM.contains(&name) || SILENT.contains(&name);
        if !arguments.is_empty() && !is_silent {
            let end = self.lines.trimmed(self.at).end;
            self.paragraph(end - arguments.len());
        } else {
            self.at += 1;
        }
        while self.indent(self.at) > indent && option_len(self.line(self.at)).is_some() {
            self.at += 1;
        }
        if VERBATIM.contains(&name) {
            self.at -= 1;
            self.verbatim(indent, (name != "math").then_some(BlockKind::Code));
        }
    }

    /// The lines below the one at hand that are indented by more than `indent`, as they stand.
    fn verbatim(&mut self, indent: usize, kind: Option<BlockKind>) {
        let end = self.end_of_indented(indent);
        self.outline.gap(Gap::Block);
        if let Some(kind) = kind {
            self.outline.open_block(kind);
        }
        self.outline.keep_lines(true);
        if self.at + 1 < end {
            let range = self.lines.start(self.at + 1)..self.lines.trimmed(end - 1).end;
            self.outline.text(range);
        }
        self.outline.keep_lines(false);
        if let Some(kind) = kind {
            self.outline.close_block(kind);
        }
        self.outline.gap(Gap::Block);
        self.at = end;
    }

    /// A paragraph, an item, a line of a line block or a doctest.
    fn text_block(&mut self, line: &str) {
        let start = self.lines.trimmed(self.at).start;
        self.anchor = None;
        if line == "|" || line.starts_with("| ") {
            self.outline.gap(Gap::Line);
            self.marked(start + 1..start + line.len());
            self.outline.gap(Gap::Line);
            self.at += 1;
        } else if line.starts_with(">>> ") {
            self.doctest();
        } else if let Some((options, text)) = command_option(line) {
            self.outline.gap(Gap::Block);
            self.marked(start..start + options);
            self.paragraph(start + text);
        } else {
            let mut len = 0;
            while let Some(marker) = item_marker(&line[len..]) {
                len += marker;
            }
            self.paragraph(start + len);
        }
    }

    fn doctest(&mut self) {
        self.outline.gap(Gap::Block);
        self.outline.open_block(BlockKind::Code);
        self.outline.keep_lines(true);
        let from = self.lines.start(self.at);
        while !self.line(self.at).is_empty() {
            self.at += 1;
        }
        self.outline.text(from..self.lines.trimmed(self.at - 1).end);
        self.outline.keep_lines(false);
        self.outline.close_block(BlockKind::Code);
        self.outline.gap(Gap::Block);
    }

    /// A paragraph whose text begins at `start`, in the line at hand; a literal block where it announces one.
    fn paragraph(&mut self, start: usize) {
        let first = self.lines.trimmed(self.at);
        let indent = self.lines.indent(self.at);
        let column = if start > first.start {
            self.indent(self.at + 1).max(indent + 1)
        } else {
            indent
        };
        // In `* - a` the next item of the inner list stands right below.
        let marker = item_marker(self.line(self.at));
        let has_inner_items = marker.is_some_and(|len| first.start + len < start);
        let mut end = first.end.max(start);
        self.at += 1;
        while !self.line(self.at).is_empty() && self.indent(self.at) == column {
            let line = self.line(self.at);
            let is_field = option_len(line).is_some() && start > first.start;
            if is_field || (has_inner_items && item_marker(line).is_some()) {
                break;
            }
            end = self.lines.trimmed(self.at).end;
            self.at += 1;
        }
        self.outline.gap(Gap::Block);
        let text = &self.text[start.min(end)..end];
        let Some(kept) = text.strip_suffix("::") else {
            self.marked(start..end);
            self.outline.gap(Gap::Block);
            return;
        };
        let is_spaced = kept.is_empty() || kept.ends_with([' ', '\n']);
        let kept = start + kept.len() + usize::from(!is_spaced);
        self.marked(start..kept);
        self.at -= 1;
        self.verbatim(self.indent(self.at), Some(BlockKind::Code));
    }

    fn marked(&mut self, range: Range<usize>) {
        let markup = RstInline(&self.substitutions);
        push_inline(&mut self.outline, &markup, self.text, range);
    }
}

#[cfg(test)]
mod tests {
    use crate::article::BlockKind;
    use crate::format::{assert_runs_read_as_their_source, outline_of, read_str};

    #[test]
    fn adornments_make_levels_in_the_order_they_come() {
        let text = "=====\nTitle\n=====\n\n:Author: Ann\n:Date: 2024-05-02\n\nLead.\n\n.. _own label:\n\nA\n===\n\nx\n\n\
                    B *c*\n-----\n\ny\n\nD\n===\n\nz\n\n----\n\nend\n";
        let article = read_str("rst", text);
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("Title"));
        assert_eq!(meta.authors, ["Ann"]);
        assert_eq!(meta.date.as_deref(), Some("2024-05-02"));
        assert_eq!(
            outline_of(&article),
            [
                (String::new(), "top", 1, "Lead."),
                ("A".into(), "own label", 2, "x"),
                ("A>B c".into(), "b-c", 3, "y"),
                ("D".into(), "d", 2, "z\nend"),
            ]
        );
    }

    #[test]
    fn directives_keep_what_is_to_be_read() {
        let text = ".. note:: A note\n   goes on.\n\n   More.\n\n.. code-block:: sh\n   :linenos:\n\n   $ x *y*\n     z\n\n\
                    .. figure:: i.png\n   :width: 1\n\n   The *caption*.\n\n.. image:: no.png\n.. toctree::\n\n   no\n\n\
                    .. |no| replace:: no\n.. a comment\n   no\n\nCode::\n\n   a *b*\n\n.. [1] A footnote.\n";
        assert_eq!(
            read_str("rst", text).sections[0].text,
            "A note goes on.\nMore.\n$ x *y*\x0bz\nThe caption.\nCode:\na *b*\nA footnote."
        );
    }

    #[test]
    fn lists_fields_and_tables_are_blocks_and_cells() {
        let text = "Lead.\n\n* one\n  wrapped\n* two\n\n(a) three\n\nterm\n  its definition\n\n:param x: the *x*\n\n\
                    +------+------+\n| H1   | H2   |\n+======+======+\n| a b  | long |\n|      | cell |\n+------+------+\n\
                    | both of it  |\n+------+------+\n\n=====  ===\nA      B\n=====  ===\n1      one *x*\n       more\n2      two\n=====  ===\n\n| a\n| b\n";
        assert_eq!(
            read_str("rst", text).sections[0].text,
            "Lead.\none wrapped\ntwo\nthree\nterm\nits definition\nparam x\nthe x\n\
             H1\tH2\na b\tlong cell\nboth of it\nA\tB\n1\tone x more\n2\ttwo\na\x0bb"
        );
    }

    #[test]
    fn a_csv_table_has_its_title_its_header_and_its_cells() {
        let text = "Lead.\n\n.. csv-table:: Ships of *1920*\n   :header: \"Name\", Tonnage,\n     \"Home port\"\n   :widths: 1, 2\n\n   \"Star \"\"A\"\"\", 12, Riga\n   \"Two\n   lines\",, *Oslo*\n\n\
                    .. csv-table::\n   :delim: ;\n   :quote: '\n\n   a, b; 'c;d'\n   \"open\n\n.. csv-table:: Kept\n   :file: x.csv\n\nEnd.\n";
        let article = read_str("rst", text);
        assert_eq!(
            article.sections[0].text,
            "Lead.\nShips of 1920\nName\tTonnage\nHome port\nStar \"A\"\t12\tRiga\nTwo lines\tOslo\n\
             a, b\tc;d\n\"open\nKept\nEnd."
        );
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn a_list_table_has_rows_of_cells() {
        let text = "Lead.\n\n.. list-table:: Ships of *1920*\n   :widths: 1\n     2\n   :header-rows: 1\n\n   * - Name\n     - Home\n       port\n   * - *Star*\n     -\n     - Riga\n\n   *\n     - | two\n       | lines\n     - A first.\n\n       - inner\n       - items\n     - .. image:: a.png\n          :alt: no\n     - last\n   * - .. code-block:: sh\n\n          run - it\n     - Example::\n\n          x\n\n     - end\n\nEnd.\n\n\
                    .. list-table::\n\n    no list here\n\n.. list-table::\n    :align: left\n\n\n\nAfter.\n";
        let article = read_str("rst", text);
        let section = &article.sections[0];
        assert_eq!(
            section.text,
            "Lead.\nShips of 1920\nName\tHome port\nStar\tRiga\ntwo\u{b}lines\tA first.\ninner\nitems\nlast\nrun - it\nExample:\nx\nend\nEnd.\n\
             no list here\nAfter."
        );
        let tables = section.blocks.iter();
        let tables = tables.filter(|block| block.kind == BlockKind::Table);
        let first = tables.map(|block| &section.text[block.span.clone()]).next();
        assert!(first.is_some_and(|table| table.starts_with("Name") && table.ends_with("end")));
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn list_tables_in_list_tables_end_somewhere() {
        let mut text = String::new();
        for depth in 0..1500 {
            let indent = " ".repeat(depth);
            text.push_str(&format!("{indent}* - .. list-table::\n\n"));
        }
        text.push_str("\nEnd.\n");
        let article = read_str("rst", &format!(".. list-table::\n\n{text}"));
        assert!(article.sections[0].text.ends_with("End."));
    }

    #[test]
    fn substitutions_are_put_in_for_their_names() {
        let text = "|Version| of |long  name|, |logo| and |copy|; |free| and |unknown|.\n\n.. |version| replace:: Release *4*\n   of May\n\
                    .. |long name| replace:: a |version| ship\n.. |logo| image:: a.png\n   :alt: no\n\
                    .. |copy| unicode:: 0xA9 U+20 Ann .. a sign\n   :trim:\n.. |free| replace:: |free|\n";
        assert_eq!(
            read_str("rst", text).sections[0].text,
            "Release 4 of May of a Release 4 of May ship, and © Ann; free and unknown."
        );
    }

    #[test]
    fn substitutions_grow_an_article_by_a_bounded_length() {
        let mut text = String::from("x\n\n");
        text.push_str(&format!(".. |a| replace:: {}\n", "word ".repeat(700)));
        for i in 0..50 {
            text.push_str(&format!(".. |b{i}| replace:: |a| |a| |a|\n"));
        }
        text.push('\n');
        text.push_str(&"|a| |b1|\n".repeat(20_000));
        let article = read_str("rst", &text);
        let len: usize = article.sections.iter().map(|s| s.text.len()).sum();
        assert!(len < (1 << 20) + text.len(), "{len}");
        assert!(len > 1 << 19, "{len}");
    }

    #[test]
    fn options_are_terms_and_their_wrapped_text_is_one_block() {
        let text = "Options:\n\n-a            all of\n              it\n-f FILE, --file=FILE  the *file*\n    to read\n\n    More of it.\n\
                    --long\n    its text\n/V            version\n\n-5 degrees  outside\n\n-- no option  here\n";
        assert_eq!(
            read_str("rst", text).sections[0].text,
            "Options:\n-a\nall of it\n-f FILE, --file=FILE\nthe file to read\nMore of it.\n--long\nits text\n/V\nversion\n\
             -5 degrees\noutside\n-- no option here"
        );
    }

    #[test]
    fn titles_of_one_letter_have_adornments_of_one_mark() {
        let text = "=\nA\n=\n\nx\n\nB\n-\n\ny\n\n-\n\nz\n";
        assert_eq!(
            outline_of(&read_str("rst", text)),
            [(String::new(), "top", 1, "x"), ("B".into(), "b", 2, "y\nz"),]
        );
    }

    #[test]
    fn a_head_as_of_a_message_is_metadata() {
        let text = "PEP: 8\nTitle: Style Guide\nVersion: $Revision$\nAuthor: Ann Berg <ann@a.b>,\n        bob@a.b (Bob Roe)\n\
                    Status: Active\nContent-Type: text/x-rst\nCreated: 05-Jul-2001\nPost-History:\n\nIntroduction\n============\n\nText.\n";
        let article = read_str("rst", text);
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("Style Guide"));
        assert_eq!(meta.authors, ["Ann Berg", "Bob Roe"]);
        assert_eq!(meta.date.as_deref(), Some("2001-07-05"));
        assert_eq!(
            outline_of(&article),
            [("Introduction".into(), "introduction", 1, "Text.")]
        );
    }

    #[test]
    fn fields_above_the_text_are_metadata() {
        for (fields, authors) in [
            (":Author: Ann Berg, PhD", &["Ann Berg, PhD"][..]),
            (":author: Ann Berg <ann@a.b>", &["Ann Berg"]),
            (":Authors: Ann Berg, Bob Roe", &["Ann Berg", "Bob Roe"]),
            (":Authors: Berg, Ann; Roe, Bob", &["Berg, Ann", "Roe, Bob"]),
            (
                ":Authors:\n  - Ann Berg\n  - Bob\n    Roe",
                &["Ann Berg", "Bob Roe"],
            ),
        ] {
            let text = format!("T\n=\n\n{fields}\n:Date: $Date: 2024-05-02 10:00 $\n\nText.\n");
            let article = read_str("rst", &text);
            assert_eq!(article.metadata.authors, authors, "{fields}");
            assert_eq!(article.metadata.date.as_deref(), Some("2024-05-02"));
            assert_eq!(article.sections[0].text, "Text.", "{fields}");
        }
    }

    #[test]
    fn comments_and_raw_text_are_left_out_and_titles_of_directives_stay() {
        let text = "Lead.\n\n..\n   no\n\n   no\n     no\n\n.. no\n   no\n\n.. raw:: html\n\n   <b>no</b>\n\n   <i>no</i>\n\n\
                    .. admonition:: An admonition\n\n   its text\n\n.. topic:: A topic\n\n   its *text*\n\n.. sidebar:: A sidebar\n   :subtitle: no\n\n   its text\n\n\
                    .. rubric:: A rubric\n\n.. table:: A table\n   :align: left\n\n   == ==\n   a  b\n   == ==\n\n.. list-table:: A list\n   :header-rows: 1\n\n   * - c\n     - d\n\n\
                    .. figure:: i.png\n   :alt: no\n\n   A caption\n\n   A legend\n\n:ref:`A role <no>` and :doc:`/no title <no>`.\n";
        assert_eq!(
            read_str("rst", text).sections[0].text,
            "Lead.\nAn admonition\nits text\nA topic\nits text\nA sidebar\nits text\nA rubric\nA table\na\tb\nA list\nc\td\n\
             A caption\nA legend\nA role and /no title."
        );
    }

    #[test]
    fn a_phrase_runs_through_markup() {
        let text = "The **Minsk\nagreements** of :ref:`the two <t>`, `a link <http://x>`_, word_, |sub|, ``a *b*`` [1]_,\nsnake_case \\*kept\\*, *args and é*.\n";
        let article = read_str("rst", text);
        assert_eq!(
            article.sections[0].text,
            "The Minsk agreements of the two, a link, word, sub, a *b* , snake_case *kept*, args and é."
        );
        assert_runs_read_as_their_source(text, &article);
    }
}
