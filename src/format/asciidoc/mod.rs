//! AsciiDoc: both styles of titles, the header, lists, delimited blocks and tables.
//!
//! Source: the AsciiDoc language documentation (docs.asciidoctor.org/asciidoc), without preprocessing: nothing is
//! included, and both sides of a condition are read.

mod blocks;
mod header;
mod inline;
mod lines;
mod tables;

use std::ops::Range;

use self::blocks::AsciiDocNesting;
use self::inline::AsciiDocInline;
use self::lines::{
    Delimiter, delimiter, inline_id, is_block_macro, is_block_title, is_comment, item_marker,
    label_len, marked_title, term_len, underlined,
};
use super::builder::Outline;
use super::builder::inline::push_inline;
use super::builder::input::Reading;
use super::builder::text::Gap;
use super::lines::SourceLines;
use crate::article::{Article, BlockKind};

/// Reads an AsciiDoc article.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let source = reading.source;
    let text = source.text();
    let mut reader = AsciiDocReader {
        text,
        lines: SourceLines::of(text, source.line_end()),
        at: 0,
        outline: Outline::new(reading),
        inline: AsciiDocInline::default(),
        anchor: None,
        style: BlockStyle::Plain,
        place: Stage::Start,
        table: None,
        nesting: AsciiDocNesting::default(),
    };
    reader.at = reader.front_matter();
    while reader.at < reader.lines.len() && reading.element(0) {
        reader.block();
    }
    reader.outline.finish()
}

/// How the next paragraph or block is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockStyle {
    Plain,
    /// Its lines are kept.
    Verse,
    /// Its lines are kept, and it has no markup.
    Verbatim,
}

/// What the lines so far say of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Only comments and attributes came before.
    Start,
    /// Right below the article's title.
    Header,
    Body,
    /// In a list, whose items end a paragraph without a blank line.
    Item,
    /// Below a term, whose text may be indented.
    Term,
}

struct AsciiDocReader<'a> {
    text: &'a str,
    lines: SourceLines<'a>,
    at: usize,
    outline: Outline<'a>,
    inline: AsciiDocInline,
    /// The anchor of the next heading.
    anchor: Option<String>,
    style: BlockStyle,
    place: Stage,
    /// The delimiter of the table being read.
    table: Option<&'a str>,
    nesting: AsciiDocNesting<'a>,
}

impl<'a> AsciiDocReader<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.lines.text(at)
    }

    /// Reads the block at hand, or one line of it; takes at least a line.
    fn block(&mut self) {
        let line = self.line(self.at);
        if line.is_empty() {
            self.outline.gap(Gap::Block);
            if self.place == Stage::Header {
                self.place = Stage::Body;
            }
            self.at += 1;
        } else if self.table.is_some() {
            self.table_line(line);
            self.at += 1;
        } else if self.condition(line)
            || self.is_aside(line)
            || (self.place == Stage::Header && self.header_line(line))
        {
            self.at += 1;
        } else if !self.heading(line) && !self.delimited(line) {
            self.paragraph(line);
        }
    }

    /// Takes a line that is no text: a comment, an attribute, a macro that stands for a block, a mark.
    fn is_aside(&mut self, line: &str) -> bool {
        match line.bytes().next().unwrap_or_default() {
            b':' => self.attribute(line),
            b'[' => self.block_attributes(line),
            b'/' => is_comment(line),
            b'+' | b'\'' | b'<' => {
                let is_mark = matches!(line, "+" | "'''" | "<<<");
                self.nesting.is_attached |= line == "+";
                if is_mark {
                    self.outline.gap(Gap::Block);
                }
                is_mark
            }
            _ => is_block_macro(line),
        }
    }

    fn heading(&mut self, line: &str) -> bool {
        let span = self.lines.trimmed(self.at);
        if self.lines.indent(self.at) > 0 {
            return false;
        }
        if let Some((level, inner)) = marked_title(line) {
            let inner = span.start + inner.start..span.start + inner.end;
            self.take_heading(level, inner, span.end);
            self.at += 1;
            return true;
        }
        let under = self.line(self.at + 1);
        let Some(level) = underlined(line, under) else {
            return false;
        };
        let end = self.lines.trimmed(self.at + 1).end;
        self.take_heading(level, span, end);
        self.at += 2;
        true
    }

    fn take_heading(&mut self, level: u8, inner: Range<usize>, end: usize) {
        let is_first = self.place == Stage::Start;
        let own = inline_id(&self.text[inner.clone()]).map(str::to_string);
        let anchor = own.or(self.anchor.take());
        self.anchor = None;
        self.style = BlockStyle::Plain;
        self.nesting.end_all(&mut self.outline);
        let start = self.lines.trimmed(self.at).start;
        self.outline.start_heading(level, anchor, start..inner.end);
        push_inline(&mut self.outline, &self.inline, self.text, inner);
        self.outline.end_heading(end);
        self.place = if is_first && level == 1 {
            Stage::Header
        } else {
            Stage::Body
        };
    }

    /// What the line at `at` delimits. An indented line is text.
    fn delimiter(&self, at: usize) -> Option<Delimiter> {
        let is_at_margin = self.lines.indent(at) == 0;
        delimiter(self.line(at)).filter(|_| is_at_margin)
    }

    /// A line that begins or ends a delimited block.
    fn delimited(&mut self, line: &'a str) -> bool {
        let Some(kind) = self.delimiter(self.at) else {
            return false;
        };
        if self.place == Stage::Start {
            self.place = Stage::Body;
        }
        self.outline.gap(Gap::Block);
        if kind != Delimiter::Transparent || self.style == BlockStyle::Verse {
            let belongs = self.belongs_to_item();
            self.nesting.leave_list(belongs, &mut self.outline);
        }
        self.at += 1;
        let line = if line.starts_with("```") { "```" } else { line };
        match kind {
            Delimiter::Transparent if self.style == BlockStyle::Verse => self.region(line, true),
            Delimiter::Transparent => {
                let belongs = self.belongs_to_item();
                self.nesting.region(line, belongs, &mut self.outline);
            }
            Delimiter::Verbatim => self.region(line, true),
            Delimiter::Left => self.region(line, false),
            Delimiter::Table => {
                self.table = Some(line);
                self.outline.open_block(BlockKind::Table);
            }
        }
        self.nesting.is_quoted = false;
        if kind != Delimiter::Transparent {
            self.style = BlockStyle::Plain;
        }
        self.anchor = None;
        true
    }

    /// Takes the lines up to the one that is `end`.
    fn region(&mut self, end: &str, is_kept: bool) {
        let from = self.at;
        let is_end =
            |reader: &Self| reader.lines.indent(reader.at) == 0 && reader.line(reader.at) == end;
        while self.at < self.lines.len() && !is_end(self) {
            self.at += 1;
        }
        if is_kept && from < self.at {
            let range = self.lines.start(from)..self.lines.trimmed(self.at - 1).end;
            let style = if self.style == BlockStyle::Verse {
                BlockStyle::Verse
            } else {
                BlockStyle::Verbatim
            };
            let kind = self.kept_kind(style);
            self.outline.open_block(kind);
            self.push(range, style);
            self.outline.close_block(kind);
        }
        self.style = BlockStyle::Plain;
        self.at += 1;
        self.outline.gap(Gap::Block);
    }

    /// Whether the line at hand belongs to an item above by its indent, or to the term right above it.
    fn belongs_to_item(&self) -> bool {
        self.place == Stage::Term || self.lines.indent(self.at) > 0
    }

    /// What lines are that are kept.
    fn kept_kind(&self, style: BlockStyle) -> BlockKind {
        match self.nesting.is_quoted && style != BlockStyle::Verbatim {
            true => BlockKind::Quotation,
            false => BlockKind::Code,
        }
    }

    /// A paragraph, an item or a term, up to a blank line or to what ends it.
    fn paragraph(&mut self, line: &'a str) {
        if self.place == Stage::Start || self.place == Stage::Header {
            self.place = Stage::Body;
        }
        self.outline.gap(Gap::Block);
        self.anchor = None;
        let first = self.lines.trimmed(self.at);
        let mut start = first.start;
        if let Some(len) = item_marker(line) {
            self.nesting.enter_list(&mut self.outline);
            self.place = Stage::Item;
            start += len;
        } else if let Some(term) = term_len(line) {
            self.nesting.enter_list(&mut self.outline);
            self.push(start..start + term, BlockStyle::Plain);
            self.outline.gap(Gap::Block);
            start += term + line[term..].len() - line[term..].trim_start_matches([':', ';']).len();
            self.place = Stage::Term;
        } else if is_block_title(line) {
            self.push(first.start + 1..first.end, BlockStyle::Plain);
            self.outline.gap(Gap::Block);
            self.at += 1;
            return;
        } else {
            let belongs = self.belongs_to_item();
            self.nesting.leave_list(belongs, &mut self.outline);
            if self.is_literal() {
                self.style = BlockStyle::Verbatim;
            } else {
                start += label_len(line);
            }
        }
        self.styled_paragraph(start, start > first.start);
        self.outline.gap(Gap::Block);
    }

    /// The paragraph whose text begins at `start`; behind a marker no style holds.
    fn styled_paragraph(&mut self, start: usize, is_marked: bool) {
        let style = std::mem::replace(&mut self.style, BlockStyle::Plain);
        let (start, style) = match style == BlockStyle::Plain || is_marked {
            true => (start, BlockStyle::Plain),
            false => (self.lines.start(self.at), style),
        };
        let is_quoted = self.nesting.is_quoted && !is_marked;
        let kind = (is_quoted || style != BlockStyle::Plain).then(|| self.kept_kind(style));
        self.nesting.is_quoted = false;
        if let Some(kind) = kind {
            self.outline.open_block(kind);
        }
        self.lines_of_paragraph(start, style);
        if let Some(kind) = kind {
            self.outline.close_block(kind);
        }
    }

    /// Whether the indent at hand makes the paragraph literal.
    fn is_literal(&mut self) -> bool {
        let is_indented = self.lines.indent(self.at) > 0;
        if self.place == Stage::Term {
            self.place = Stage::Item;
            return false;
        }
        is_indented
    }

    fn lines_of_paragraph(&mut self, start: usize, style: BlockStyle) {
        let mut from = start;
        let mut end = self.lines.trimmed(self.at).end.max(start);
        let is_term_alone = start == end && self.place == Stage::Term;
        self.at += 1;
        while self.at < self.lines.len() && !is_term_alone {
            let line = self.line(self.at);
            if line.is_empty() || self.ends_paragraph(line, style) {
                break;
            }
            if is_block_macro(line) || is_comment(line) {
                self.push(from..end, style);
                self.outline.gap(Gap::Space);
                from = self.lines.trimmed(self.at).end;
                self.condition(line);
            }
            end = self.lines.trimmed(self.at).end;
            self.at += 1;
        }
        if self.place == Stage::Term && !is_term_alone {
            self.place = Stage::Item;
        }
        self.push(from..end, style);
    }

    fn ends_paragraph(&self, line: &str, style: BlockStyle) -> bool {
        if style == BlockStyle::Verbatim {
            return line == "+" || self.delimiter(self.at).is_some();
        }
        let is_next_item = matches!(self.place, Stage::Item | Stage::Term)
            && (item_marker(line).is_some() || term_len(line).is_some());
        let is_attributes = line.starts_with('[')
            && line.ends_with(']')
            && !line[1..line.len() - 1].contains(['[', ']', ' ']);
        is_next_item || is_attributes || line == "+" || self.delimiter(self.at).is_some()
    }

    fn push(&mut self, range: Range<usize>, style: BlockStyle) {
        if range.is_empty() {
            return;
        }
        self.outline.keep_lines(style != BlockStyle::Plain);
        if style == BlockStyle::Verbatim {
            self.outline.text(range);
        } else {
            push_inline(&mut self.outline, &self.inline, self.text, range);
        }
        self.outline.keep_lines(false);
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{assert_runs_read_as_their_source, outline_of, read_str};

    #[test]
    fn what_is_above_or_below_the_line_is_text_and_marks_of_notes_are_none() {
        let text = "E is mc^2^, H~2~O, the 3^rd^ and x^*a*^; 5^ and ^6, ~ 7 ~, y^n, \\^kept^, [.x]^y^.\n\n\
                    Treaties^1^ and towns.^12^ Rules^[3]^ fell.^†^\n";
        let article = read_str("asciidoc", text);
        assert_eq!(
            article.sections[0].text,
            "E is mc2, H2O, the 3rd and xa; 5^ and ^6, ~ 7 ~, y^n, ^kept^, y.\nTreaties and towns. Rules fell."
        );
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn attributes_are_whole_and_conditions_are_read() {
        let long = "a long description ".repeat(8);
        let long = long.trim();
        let text = format!(
            ":description: {long}\n:over: one \\\n  two + \\\n  three\n:old: four +\nfive\n:nested: so {{over}}\n\n\
             {{description}}: {{over}}, {{old}}, {{nested}}.\n\nifdef::x[Inside *it*.]\nifndef::y[:z: set]\n\n{{z}} to\nifdef::x[the quay]\nnow\n"
        );
        let article = read_str("asciidoc", &text);
        assert_eq!(
            article.sections[0].text,
            format!(
                "{long}: one two three, four five, so one two three.\nInside it.\nset to the quay now"
            )
        );
        assert_runs_read_as_their_source(&text, &article);
    }

    #[test]
    fn a_source_block_may_name_its_language_alone() {
        let text = "= T\n\nRun it:\n\n[,ruby]\n----\nputs *1*\n----\n\n[,sh]\nls *.md\n";
        let article = read_str("asciidoc", text);
        assert_eq!(article.sections[0].text, "Run it:\nputs *1*\nls *.md");
    }

    #[test]
    fn front_matter_above_the_title_is_metadata_and_code_in_cells_is_code() {
        let text = "---\ntitle: Other\ndate: 2023-04-05\n---\n= The Quay\n\n|===\na|\n[source,js]\n----\na | b\n----\n|c\n|===\n";
        let article = read_str("asciidoc", text);
        assert_eq!(article.metadata.date.as_deref(), Some("2023-04-05"));
        assert_eq!(article.sections[0].text, "a | b\nc");
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn both_styles_of_titles_make_sections() {
        let text = "= The Title\nAnn Bee <a@b.c>; Cee Dee\nv1.0, 2024-05-02\n:lang: EN\n:product: Some Thing\n\n\
                    Lead of {product}, {unknown}.\n\n[[own]]\n== A *b*\n\nx\n\nUnder\n~~~~~\n\ny\n\n[#two.role]\n== C ==\nz\n";
        let article = read_str("asciidoc", text);
        let meta = &article.metadata;
        assert_eq!(meta.title.as_deref(), Some("The Title"));
        assert_eq!(meta.authors, ["Ann Bee", "Cee Dee"]);
        assert_eq!(meta.date.as_deref(), Some("2024-05-02"));
        assert_eq!(meta.lang.as_deref(), Some("en"));
        assert_eq!(
            outline_of(&article),
            [
                (String::new(), "top", 1, "Lead of Some Thing, {unknown}."),
                ("A b".into(), "own", 2, "x"),
                ("A b>Under".into(), "under", 3, "y"),
                ("C".into(), "two", 2, "z"),
            ]
        );
    }

    #[test]
    fn a_note_in_its_place_is_no_part_of_the_word_before_it() {
        let text =
            "The lawsfootnote:[new ones] rose.footnote:x[again] The rulesfootnote:x[] fell.\n";
        let article = read_str("asciidoc", text);
        assert_eq!(
            article.sections[0].text,
            "The laws new ones rose. again The rules fell."
        );
        assert_runs_read_as_their_source(text, &article);
    }

    #[test]
    fn lists_and_blocks_keep_their_text() {
        let text = "Lead.\n\n* one\nwrapped\n** [x] two\n+\nmore\n\n`-n`::\n--dry::\n\tThe term.\n\nNOTE: Noted.\n\n\
                    .A title\n[source,sh]\n----\n$ x *y*\n  z\n----\n\n====\nAn _example_.\n====\n\n////\nno\n////\n// no\n\
                    include::no[]\n\n literal *l*\n\n[verse]\n'a' [-b]\n_c_\n";
        assert_eq!(
            read_str("asciidoc", text).sections[0].text,
            "Lead.\none wrapped\ntwo\nmore\n-n\n--dry\nThe term.\nNoted.\nA title\n$ x *y*\x0bz\nAn example.\n\
             literal *l*\n'a' [-b]\x0bc"
        );
    }

    #[test]
    fn tables_are_cells() {
        let text = "[cols=2]\n|===\n|A |B\n\n|1\n|one *x*\n2+|both\n|===\nEnd.\n";
        assert_eq!(
            read_str("asciidoc", text).sections[0].text,
            "A\tB\n1\none x\nboth\nEnd."
        );
    }

    #[test]
    fn a_phrase_runs_through_markup() {
        let text = "The *Minsk\n_agreements_* of <<t,the two>> and link:x.html[a link], https://x.y[site^], see linkgit:git-add[1],\n\
                    `a_b_c` +x*y*+ {caret}((term)), un**bound**ed, 2*3*4 \\*kept*, “*é*”.\n";
        let article = read_str("asciidoc", text);
        assert_eq!(
            article.sections[0].text,
            "The Minsk agreements of the two and a link, site, see git-add, a_b_c x*y* ^term, unbounded, 2*3*4 *kept*, “é”."
        );
        assert_runs_read_as_their_source(text, &article);
    }
}
