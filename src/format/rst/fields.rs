//! Fields `:name: value`, and the head of the fields that some articles begin with.
//!
//! Source: the reStructuredText Markup Specification of Docutils, "Bibliographic Fields" and "RCS Keywords"; PEP 12.

use super::RstReader;
use super::marks::option_len;
use crate::format::builder::text::Gap;
use crate::format::metadata::dates::read_date;
use crate::format::metadata::head_block::key_lines;
use crate::format::metadata::names::names_with_addresses;

impl RstReader<'_> {
    /// `PEP: 8`, `Title: …` and the like, as a message begins: metadata.
    pub(super) fn head(&mut self) {
        let Some((entries, len)) = key_lines(self.text) else {
            return;
        };
        let has = |name: &str| {
            entries
                .iter()
                .any(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        if !has("title") || !(has("pep") || has("author") || has("created")) {
            return;
        }
        let metadata = &mut self.outline.metadata;
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
            match key.to_ascii_lowercase().as_str() {
                "title" => metadata.title = Some(value.clone()),
                "author" | "authors" => metadata.authors = names_with_addresses(value),
                "created" | "date" => metadata.date = read_date(value).or(metadata.date.take()),
                _ => {}
            }
        }
        self.at = (self.lines.all()).partition_point(|line| line.start < len);
    }

    /// `:name: value`: metadata above the text, else text.
    pub(super) fn field(&mut self, line: &str) -> bool {
        let Some(len) = option_len(line) else {
            return false;
        };
        let name = line[1..len - 1].to_ascii_lowercase();
        if self.is_preamble && self.set_metadata(&name, line[len..].trim()) {
            self.leave(self.indent(self.at));
        } else {
            self.field_as_text(len);
        }
        true
    }

    /// Takes what a field says of the article; `false` where it says nothing that is known.
    fn set_metadata(&mut self, name: &str, value: &str) -> bool {
        let text = Some(value.to_string()).filter(|value| !value.is_empty());
        let authors = match name {
            "author" if value.contains('@') => names_with_addresses(value),
            "author" if text.is_some() => text.clone().into_iter().collect(),
            "author" | "authors" => names_with_addresses(&self.field_list()),
            _ => Vec::new(),
        };
        let metadata = &mut self.outline.metadata;
        match name {
            "author" | "authors" => metadata.authors.extend(authors),
            "date" => {
                // A version control system may have put it in: `$Date: 2002/08/23 01:13:57 $`.
                let value = value.trim_matches(['$', ' ']).trim_start_matches("Date:");
                metadata.date = read_date(value).or(metadata.date.take());
            }
            "title" => metadata.title = text.or(metadata.title.take()),
            "language" | "lang" => metadata.lang = text.map(|lang| lang.to_ascii_lowercase()),
            "orphan" | "tocdepth" | "nocomments" | "nosearch" => {}
            _ => return false,
        }
        true
    }

    /// The value of the field at hand with the lines below it; its items with semicolons between them.
    fn field_list(&self) -> String {
        let mut list = String::new();
        for at in self.at..self.end_of_indented(self.indent(self.at)) {
            let line = self.line(at);
            let line = match at == self.at {
                true => &line[option_len(line).unwrap_or(0)..],
                false => line,
            };
            match line.strip_prefix(['-', '*']) {
                Some(item) => list.push_str(&format!("; {item}")),
                None => list.push_str(&format!(" {line}")),
            }
        }
        list
    }

    fn field_as_text(&mut self, len: usize) {
        self.enter();
        let indent = self.indent(self.at);
        self.nesting.hold(indent, None, &mut self.outline);
        let start = self.lines.trimmed(self.at).start;
        self.outline.gap(Gap::Block);
        self.marked(start + 1..start + len - 1);
        self.outline.gap(Gap::Block);
        self.paragraph(start + len);
    }
}
