//! Plain text whose sections are given: none, or one from each line that matches a pattern on.

use std::ops::Range;

use super::blocks::blocks;
use super::lines::{PlainLine, lines};
use super::metadata;
use super::profile::Profile;
use super::roles::{Role, roles_without_headings};
use super::writer::BlockWriter;
use crate::article::Article;
use crate::format::builder::Outline;
use crate::format::builder::input::Reading;

/// The level of headings of the first pattern: below the title.
const FIRST_LEVEL: usize = 2;

/// Reads a plain text without a look for headings of its own. Its title is what stands before the first given one.
pub(super) fn parse(reading: &Reading<'_>) -> Article {
    let mut outline = outline(reading, true);
    let text = reading.source.text();
    let lines = lines(text, reading.source.line_end());
    metadata::complete(&mut outline.metadata, text, &lines);
    outline.finish()
}

/// Reads a text that has neither a title nor metadata of its own.
pub(super) fn parse_body(reading: &Reading<'_>) -> Article {
    outline(reading, false).finish()
}

fn outline<'a>(reading: &'a Reading<'a>, may_have_title: bool) -> Outline<'a> {
    let text = reading.source.text();
    let mut lines = lines(text, reading.source.line_end());
    let mut outline = Outline::new(reading);
    if may_have_title {
        metadata::take_head(&mut outline.metadata, text, &mut lines);
    }
    let profile = Profile::of(text, &lines);
    let mut from = 0;
    for (at, line) in lines.iter().enumerate() {
        let Some(pattern) = reading.split.pattern_of(&text[line.trimmed.clone()]) else {
            continue;
        };
        outline = stretch(text, &lines, from..at, &profile, outline, may_have_title);
        let level = (FIRST_LEVEL + pattern).min(6) as u8;
        outline.start_heading(level, None, line.trimmed.clone());
        outline.text(line.trimmed.clone());
        outline.end_heading(line.trimmed.end);
        from = at + 1;
        if !reading.element(0) {
            break;
        }
    }
    stretch(
        text,
        &lines,
        from..lines.len(),
        &profile,
        outline,
        may_have_title,
    )
}

/// Writes the lines between two headings. A title can only stand before the first one.
fn stretch<'a>(
    text: &'a str,
    lines: &[PlainLine],
    range: Range<usize>,
    profile: &Profile,
    outline: Outline<'a>,
    may_have_title: bool,
) -> Outline<'a> {
    let (is_first, is_followed) = (may_have_title && range.start == 0, range.end < lines.len());
    let lines = &lines[range];
    let blocks = blocks(text, lines, profile);
    let roles = match is_first {
        true => roles_without_headings(&blocks, profile, is_followed),
        false => vec![Role::Text; blocks.len()],
    };
    let mut writer = BlockWriter {
        text,
        lines,
        outline,
        open: None,
    };
    for (block, role) in blocks.iter().zip(roles) {
        writer.block(block, role);
    }
    writer.outline
}

#[cfg(test)]
mod tests {

    use crate::article::Article;
    use crate::format::{FORMATS, PatternList, ReadOptions, Split};
    use crate::source::Decoded;

    const MINUTES: &str = "Minutes of the council\n\nPresent: all.\nPART ONE\nItem 1: Budget\nThe budget was read.\n\nWHAT NOW\n\n\
        Nothing.\nItem 2\nDone.\nPART TWO\nNone.\n";

    fn read(split: Split) -> Article {
        let source = Decoded::from_bytes(MINUTES.as_bytes().to_vec()).expect("text");
        let options = ReadOptions {
            split,
            ..ReadOptions::default()
        };
        FORMATS[0].read(&source, &options).expect("an article")
    }

    #[test]
    fn lines_that_match_begin_sections_and_nothing_else_does() {
        let patterns = ["^PART ", "^Item \\d"];
        let patterns = PatternList::new().add(&patterns.map(str::to_string));
        let article = read(Split::At(patterns.expect("patterns")));
        assert_eq!(
            article.metadata.title.as_deref(),
            Some("Minutes of the council")
        );
        let sections: Vec<_> = article
            .sections
            .iter()
            .map(|s| (s.headings.join("/"), s.heading_line, s.text.as_str()))
            .collect();
        assert_eq!(
            sections,
            [
                (String::new(), None, "Present: all."),
                ("PART ONE".into(), Some(4), ""),
                (
                    "PART ONE/Item 1: Budget".into(),
                    Some(5),
                    "The budget was read.\nWHAT NOW\nNothing."
                ),
                ("PART ONE/Item 2".into(), Some(11), "Done."),
                ("PART TWO".into(), Some(13), "None."),
            ]
        );
    }

    #[test]
    fn never_is_one_section() {
        let article = read(Split::Never);
        assert_eq!(article.sections.len(), 1);
        assert!(article.sections[0].text.contains("Item 1: Budget"));
        assert!(article.sections[0].text.ends_with("None."));
    }
}
