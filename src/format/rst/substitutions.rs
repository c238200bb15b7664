//! Substitutions: texts that an article defines to be put in for `|name|`.
//!
//! Source: the reStructuredText Markup Specification of Docutils, "Substitution Definitions".

use std::ops::Range;

use super::inline::RstInline;
use super::marks::{directive, option_len};
use crate::format::builder::inline::inline_text;
use crate::format::lines::SourceLines;
use crate::format::metadata::one_line;
use crate::format::replacements::Replacements;

/// A longer definition is none, in bytes: nested ones would be read again and again.
const MAX_DEFINITION_BYTES: usize = 16 << 10;

/// What the article defines, wherever that stands. A text holds of others what is defined above it.
pub(super) fn substitutions(text: &str, lines: &SourceLines<'_>) -> Replacements {
    let mut all = Replacements::default();
    for at in 0..lines.len() {
        let Some(rest) = lines.text(at).strip_prefix("..") else {
            continue;
        };
        let Some(defined) = rest.trim_start().strip_prefix('|') else {
            continue;
        };
        let Some((name, body)) = defined.split_once("| ") else {
            continue;
        };
        let (Some(name), Some((kind, arguments))) = (one_line(name), directive(body.trim_start()))
        else {
            continue;
        };
        let start = lines.trimmed(at).end - arguments.len();
        let range = start..end_of(lines, at).max(start);
        if range.len() > MAX_DEFINITION_BYTES {
            continue;
        }
        let Some(put) = put_for(kind, &all, text, range) else {
            continue;
        };
        all.define(name.to_lowercase(), put.clone());
        all.define(name, put);
    }
    all
}

/// Where the lines end that are indented below the one at `at`: at a blank line or an option.
fn end_of(lines: &SourceLines<'_>, at: usize) -> usize {
    let goes_on = |&next: &usize| {
        let line = lines.text(next);
        !line.is_empty() && lines.indent(next) > lines.indent(at) && option_len(line).is_none()
    };
    let last = (at + 1..lines.len()).take_while(goes_on).last();
    lines.trimmed(last.unwrap_or(at)).end
}

/// What the directive `kind` with this content says; `None` for what is not known.
fn put_for(kind: &str, all: &Replacements, text: &str, range: Range<usize>) -> Option<String> {
    match kind {
        "replace" => one_line(&inline_text(&RstInline(all), text, range)),
        "unicode" => {
            let words = text.get(range)?.split_whitespace();
            let words = words.take_while(|&word| word != "..");
            Some(
                words
                    .map(|word| code(word).unwrap_or(word.into()))
                    .collect(),
            )
        }
        "image" | "raw" => Some(String::new()),
        _ => None,
    }
}

/// The character in `0xA9`, `U+A9`, `x201C`, `&#xA9;` or `169`.
fn code(word: &str) -> Option<String> {
    let hex = ["0x", "x", "\\x", "U+", "u", "\\u", "&#x"];
    let digits = hex.iter().find_map(|front| word.strip_prefix(front));
    let number = match digits {
        Some(digits) => u32::from_str_radix(digits.trim_end_matches(';'), 16),
        None => word.parse(),
    };
    char::from_u32(number.ok()?).map(String::from)
}
