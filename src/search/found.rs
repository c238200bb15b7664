//! A section that was looked up, with what its source says of its lines.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::citation::Now;
use super::source_lines::{lines_between, space_before};
use super::{Error, Index};
use crate::analysis::{BLOCK_END, LINE_BREAK};
use crate::article::{Article, Block, BlockKind, PartPath, Place, Section};
use crate::engine::{ArticleKey, Origin, Record, SectionKey};
use crate::format::{ArticleSink, Format};
use crate::refresh::read_again;
use crate::source::{Reason, StoredPath};

/// The formats whose source people read as it is written; the sources of others are markup.
const READABLE: [&str; 5] = ["text", "markdown", "asciidoc", "rst", "org"];

/// A section that was looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundSection {
    /// What is known of its source.
    pub record: Record,
    /// The folder that the source's path is relative to.
    pub base: StoredPath,
    /// Its order in the article, 1-based.
    pub order: u32,
    /// Its id.
    pub id: String,
    /// The section, with its blocks where its source could be read again.
    pub section: Section,
    /// The text below the heading as its source has it, where that is text for people and as it was indexed.
    pub written: Option<String>,
    /// By how many columns lines of code are indented in the source, by the bytes of the text that they begin at.
    pub indents: BTreeMap<usize, usize>,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

impl Index {
    /// The section with this key, of this article.
    pub(super) fn found_section(
        &self,
        article: ArticleKey,
        key: SectionKey,
    ) -> Result<FoundSection, Error> {
        let stored = self.snapshot.section(key)?;
        let (mut section, order) = (stored.section, stored.order + 1);
        let record = self.record(article)?;
        let now = self.sources().now(&record);
        let verified = now.verifies(&section, &(0..section.text.len()));
        let format = Format::of_code(record.source.format).map_or("", |format| format.name);
        let is_readable = READABLE.contains(&format) && !record.article.is_inner;
        let written = match verified {
            Some(true) if is_readable => {
                let lines = lines_between(&now, section.start, section.end);
                lines.map(|(lines, next)| written(&lines, next.as_deref(), &section))
            }
            _ => None,
        };
        if written.is_none() && verified == Some(true) {
            section.blocks = self.blocks_of(&record, &section);
        }
        let indents = indents(&section, &now);
        Ok(FoundSection {
            indents,
            id: record.id_of(&section.anchor),
            base: StoredPath::from_path(&self.location.base),
            record,
            order,
            section,
            written,
            verified,
        })
    }

    /// What markup sets apart in a section, from its source; empty where that cannot be read again.
    fn blocks_of(&self, record: &Record, section: &Section) -> Vec<Block> {
        let Some(own) = self.snapshot.own_path(&record.source.path) else {
            return Vec::new();
        };
        let path = own.below(&self.location.base);
        if record.source.origin == Origin::Stdin || !self.standing.reach.allows(&path) {
            return Vec::new();
        }
        let mut wanted = WantedSection {
            part: &record.article.part,
            section,
            blocks: Vec::new(),
        };
        let (base, source) = (&self.location.base, record.source.clone().with_path(own));
        // A source that cannot be read gives no blocks; its text is shown all the same.
        let _ = read_again(base, &self.settings, &self.rules, &source, &mut wanted);
        wanted.blocks
    }
}

/// How far the source indents the lines of code of a section, whose text has them without.
fn indents(section: &Section, now: &Now) -> BTreeMap<usize, usize> {
    let is_code = |block: &&Block| block.kind == BlockKind::Code;
    let mut indents = BTreeMap::new();
    for block in section.blocks.iter().filter(is_code) {
        let mut at = block.span.start;
        let text = section.text.get(block.span.clone()).unwrap_or_default();
        for line in text.split_inclusive([LINE_BREAK, BLOCK_END]) {
            if let Some(place) = section.map.place_of(&section.text, at) {
                indents.insert(at, space_before(now, place));
            }
            at += line.len();
        }
    }
    indents
}

/// The lines below the heading of a section; `next` is the line behind them, which may close a block.
fn written(lines: &[String], next: Option<&str>, section: &Section) -> String {
    let below = match section.heading_line {
        // A line above the heading belongs to it too.
        Some(heading) => heading.saturating_sub(section.start.line) as usize + 1,
        None => 0,
    };
    let (heading, mut body) = lines.split_at(below.min(lines.len()));
    let heading = heading.last().map_or("", |line| line.trim());
    // One below a heading without marks is what makes it one.
    if below > 0
        && !heading.starts_with(['#', '=', '*'])
        && let Some((first, rest)) = body.split_first()
        && is_rule(first.trim(), 1)
    {
        body = rest;
    }
    let mut out = body.join("\n");
    let is_open = |mark: &str| {
        let marks = body.iter().filter(|line| line.trim().starts_with(mark));
        marks.count() % 2 == 1
    };
    if let Some(next) = next.filter(|next| is_rule(next.trim(), 3) && is_open(next.trim())) {
        out.push('\n');
        out.push_str(next);
    }
    out
}

/// Whether a line is made of signs alone, as those that close a block or stand under a heading.
fn is_rule(line: &str, least: usize) -> bool {
    line.len() >= least && line.chars().all(|c| c.is_ascii_punctuation())
}

/// Takes the blocks of one section out of what is read.
struct WantedSection<'a> {
    part: &'a PartPath,
    section: &'a Section,
    blocks: Vec<Block>,
}

impl ArticleSink for WantedSection<'_> {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        if part != *self.part {
            return ControlFlow::Continue(());
        }
        let is_it =
            |own: &Section| (&own.anchor, &own.text) == (&self.section.anchor, &self.section.text);
        let found = article.sections.into_iter().find(is_it);
        self.blocks = found.map_or(Vec::new(), |section| section.blocks);
        ControlFlow::Break(())
    }

    /// What lies inside is opened before it reaches this.
    fn inner(&mut self, _: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn passed_over(&mut self, _: PartPath, _: Reason, _: Option<Place>) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SourceMap;

    fn below(lines: &[&str], next: Option<&str>, start: u32, heading: Option<u32>) -> String {
        let place = |line| Place {
            byte: 0,
            line,
            column: 1,
        };
        let section = Section {
            headings: Vec::new(),
            level: 1,
            anchor: "top".into(),
            heading_line: heading,
            start: place(start),
            end: place(start),
            text: String::new(),
            map: SourceMap::default(),
            blocks: Vec::new(),
        };
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        written(&lines, next, &section)
    }

    #[test]
    fn the_heading_is_left_out_and_a_block_is_closed() {
        assert_eq!(below(&["a", "b"], None, 1, None), "a\nb");
        assert_eq!(below(&["## H", "", "a"], Some("---"), 5, Some(5)), "\na");
        assert_eq!(below(&["H", "---", "a"], None, 5, Some(5)), "a");
        assert_eq!(below(&["===", "H", "===", "a"], None, 5, Some(6)), "a");
        assert_eq!(
            below(&["# H", "```sh", "ls"], Some("```"), 1, Some(1)),
            "```sh\nls\n```"
        );
        assert_eq!(
            below(&["# H", "```", "ls", "```"], Some("```"), 1, Some(1)),
            "```\nls\n```"
        );
        assert_eq!(below(&["# H"], Some("```"), 1, Some(1)), "");
    }
}
