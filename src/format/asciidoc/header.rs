//! The header of an AsciiDoc article, and the attributes of its blocks.

use super::lines::{attribute, block_id, condition_text, continued};
use super::{AsciiDocReader, BlockStyle, Stage};
use crate::format::builder::text::Gap;
use crate::format::metadata::dates::read_date;
use crate::format::metadata::front_matter;

impl AsciiDocReader<'_> {
    /// `:name: value`, for the header or for `{name}` below. A value goes on behind a `\` or, as of old, a `+` at the end of
    /// its line.
    pub(super) fn attribute(&mut self, line: &str) -> bool {
        let Some((name, first)) = attribute(line) else {
            return false;
        };
        let mut value = String::new();
        let mut part = first;
        while let Some(rest) = continued(part) {
            value.push_str(rest);
            value.push(' ');
            self.at += 1;
            part = self.line(self.at);
        }
        value.push_str(part);
        let value = value.trim();
        self.set_metadata(name, value);
        self.inline.set(name, value);
        true
    }

    /// `ifdef::name[text]`: both sides of a condition are read.
    pub(super) fn condition(&mut self, line: &str) -> bool {
        let Some(inner) = condition_text(line) else {
            return false;
        };
        if !self.attribute(&line[inner.clone()]) {
            self.outline.gap(Gap::Space);
            let base = self.lines.trimmed(self.at).start;
            self.push(base + inner.start..base + inner.end, BlockStyle::Plain);
            self.outline.gap(Gap::Space);
        }
        true
    }

    /// Front matter, as site generators put it above the title. The lines that it takes.
    pub(super) fn front_matter(&mut self) -> usize {
        let mark = self.line(0);
        if mark != "---" && mark != "+++" {
            return 0;
        }
        let Some(end) = (1..self.lines.len()).find(|&at| self.line(at) == mark) else {
            return 0;
        };
        let text = &self.text[self.lines.start(1)..self.lines.start(end)];
        match mark {
            "---" => front_matter::read_yaml(text, &mut self.outline.metadata),
            _ => front_matter::read_toml(text, &mut self.outline.metadata),
        }
        end + 1
    }

    fn set_metadata(&mut self, name: &str, value: &str) {
        let metadata = &mut self.outline.metadata;
        let value = Some(value.to_string()).filter(|value| !value.is_empty());
        match name {
            "lang" => metadata.lang = value.map(|lang| lang.to_ascii_lowercase()),
            "author" | "authors" => metadata.authors = value.into_iter().collect(),
            "revdate" | "date" | "published" => {
                metadata.date = value
                    .and_then(|date| read_date(&date))
                    .or(metadata.date.take());
            }
            "doctitle" | "title" => metadata.title = value,
            _ => {}
        }
    }

    /// `[[id]]`, `[#id]`, `[verse]`: says something of the next block.
    pub(super) fn block_attributes(&mut self, line: &str) -> bool {
        let Some(inner) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        else {
            return false;
        };
        let begins = inner.bytes().next().unwrap_or(b'.');
        let is_source = inner.starts_with(',') && inner.len() > 1;
        let is_known = is_source || begins.is_ascii_alphabetic() || b"[#.%\"'=".contains(&begins);
        if !is_known || inner.contains("][") || inner.trim_start_matches('[').contains('[') {
            return false;
        }
        if let Some(id) = block_id(inner) {
            self.anchor = Some(id.to_string());
        }
        let style = inner.split([',', '#', '.', '%']).next().unwrap_or_default();
        self.nesting.is_quoted |= matches!(style.trim(), "quote" | "verse");
        self.style = match style.trim() {
            "verse" | "synopsis" => BlockStyle::Verse,
            "source" | "listing" | "literal" => BlockStyle::Verbatim,
            // `[,ruby]` is short for `[source,ruby]`.
            "" if is_source => BlockStyle::Verbatim,
            _ => self.style,
        };
        self.outline.gap(Gap::Block);
        true
    }

    /// The author's and the revision's line below the title.
    pub(super) fn header_line(&mut self, line: &str) -> bool {
        let metadata = &mut self.outline.metadata;
        let dates = line.split([' ', ',', ';']).find_map(read_date);
        let is_revision = line.starts_with(|c: char| c.is_ascii_digit())
            || (line.starts_with('v') && line[1..].starts_with(|c: char| c.is_ascii_digit()));
        if is_revision {
            metadata.date = dates.or(metadata.date.take());
            return true;
        }
        if !metadata.authors.is_empty() || !line.starts_with(char::is_alphabetic) {
            self.place = Stage::Body;
            return false;
        }
        let names = line
            .split(';')
            .map(|author| author.split('<').next().unwrap_or_default().trim())
            .filter(|author| !author.is_empty());
        metadata.authors = names.map(str::to_string).collect();
        true
    }
}
