//! The header of an AsciiDoc article, and the attributes of its blocks.

use super::lines::{attribute, block_id};
use super::{AsciiDocReader, BlockStyle, Stage};
use crate::format::builder::text::Gap;
use crate::format::metadata::dates::read_date;

/// Longer values of attributes are not put in for their names, in bytes.
const MAX_VALUE_BYTES: usize = 64;

impl AsciiDocReader<'_> {
    /// `:name: value`, for the header or for `{name}` below.
    pub(super) fn attribute(&mut self, line: &str) -> bool {
        let Some((name, value)) = attribute(line) else {
            return false;
        };
        let value = value.trim_end_matches('\\').trim();
        if line.ends_with(" \\") {
            self.at += 1;
        }
        self.set_metadata(name, value);
        if value.len() <= MAX_VALUE_BYTES {
            self.inline.set(name, value);
        }
        true
    }

    fn set_metadata(&mut self, name: &str, value: &str) {
        let metadata = &mut self.outline.metadata;
        let value = Some(value.to_string()).filter(|value| !value.is_empty());
        match name {
            "lang" => metadata.lang = value.map(|lang| lang.to_ascii_lowercase()),
            "author" | "authors" => metadata.authors = value.into_iter().collect(),
            "revdate" | "date" => {
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
        let is_known = begins.is_ascii_alphabetic() || b"[#.%\"'=".contains(&begins);
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
