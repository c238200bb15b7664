//! How a file is read: its metadata and sections, for people and as records.

mod lost;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::counts::counted;
use super::json::write_line;
use super::records::{PathRecord, VERSION};
use super::{clean, clean_line};
use crate::analysis::{BLOCK_END, CELL_END, LINE_BREAK, count_words};
use crate::article::{Article, BlockKind, PartPath, Place, Section};
use crate::format::Weighed;
use crate::search::id_of;
use crate::source::{ReadError, StoredPath};

pub use lost::{print_lost, write_lost_records};

/// A file that was read.
#[derive(Debug)]
pub struct OutlineEntry<'a> {
    /// Its path, as it was named.
    pub path: &'a StoredPath,
    /// The part of it that the article is.
    pub part: &'a PartPath,
    /// The name of its format.
    pub format: &'a str,
    /// The name of its encoding.
    pub encoding: &'a str,
    /// The article.
    pub article: &'a Article,
    /// Whether to say why lines count as headings.
    pub explain: bool,
    /// How they were weighed; `None` where markup tells headings.
    pub weighed: Option<&'a Weighed>,
}

/// A file that was not read.
#[derive(Debug)]
pub struct OutlineFailure<'a> {
    /// Its path, as it was named.
    pub path: &'a StoredPath,
    /// Why.
    pub error: &'a ReadError,
}

#[derive(Serialize)]
struct OutlineRecord<'a> {
    v: u32,
    r#type: &'static str,
    path: PathRecord<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    format: &'a str,
    encoding: &'a str,
    title: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_from: Option<&'static str>,
    date: Option<&'a str>,
    author: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [String],
    lang: Option<&'a str>,
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weighed: Option<WeighedRecord<'a>>,
    sections: Vec<OutlineSection<'a>>,
}

#[derive(Serialize)]
struct OutlineSection<'a> {
    id: String,
    headings: &'a [String],
    level: u8,
    heading_line: Option<u32>,
    anchor: &'a str,
    start: Place,
    end: Place,
    words: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<BlockRecord>,
}

/// A block of a section: bytes of its text.
#[derive(Serialize)]
struct BlockRecord {
    kind: BlockKind,
    start: usize,
    end: usize,
}

impl BlockRecord {
    fn all_of(section: &Section) -> Vec<BlockRecord> {
        let records = section.blocks.iter().map(|block| BlockRecord {
            kind: block.kind,
            start: block.span.start,
            end: block.span.end,
        });
        records.collect()
    }
}

/// The lines that may be headings.
#[derive(Serialize)]
struct WeighedRecord<'a> {
    threshold: i32,
    lines: Vec<LineRecord<'a>>,
}

#[derive(Serialize)]
struct LineRecord<'a> {
    line: u32,
    text: &'a str,
    points: i32,
    is_heading: bool,
    features: BTreeMap<&'static str, i32>,
}

impl<'a> WeighedRecord<'a> {
    fn new(weighed: &'a Weighed) -> WeighedRecord<'a> {
        let lines = weighed.lines.iter().map(|line| LineRecord {
            line: line.line,
            text: &line.text,
            points: line.points,
            is_heading: line.is_heading,
            features: line.features.iter().copied().collect(),
        });
        WeighedRecord {
            threshold: weighed.threshold,
            lines: lines.collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct FailureRecord<'a> {
    v: u32,
    r#type: &'static str,
    path: PathRecord<'a>,
    reason: &'static str,
    message: &'a str,
}

impl<'a> FailureRecord<'a> {
    pub(super) fn new(path: &'a StoredPath, error: &'a ReadError) -> FailureRecord<'a> {
        let (reason, message) = (error.reason.name(), error.message.as_str());
        FailureRecord {
            v: VERSION,
            r#type: "error",
            path: PathRecord(path),
            reason,
            message,
        }
    }
}

/// Writes an article as one record, its text with it where `with_text`.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_outline_record(
    entry: &OutlineEntry<'_>,
    with_text: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let metadata = &entry.article.metadata;
    let sections = entry.article.sections.iter().map(|section| OutlineSection {
        id: id_of(entry.path, entry.part, &section.anchor),
        headings: &section.headings,
        level: section.level,
        heading_line: section.heading_line,
        anchor: &section.anchor,
        start: section.start,
        end: section.end,
        words: count_words(&section.text),
        text: with_text.then(|| lines_of(&section.text)),
        blocks: match with_text {
            true => BlockRecord::all_of(section),
            false => Vec::new(),
        },
    });
    let title = title_of(entry);
    let record = OutlineRecord {
        v: VERSION,
        r#type: "article",
        path: PathRecord(entry.path),
        part: (!entry.part.is_whole()).then(|| entry.part.to_string()),
        format: entry.format,
        encoding: entry.encoding,
        title_from: title.as_ref().map(|(_, from)| *from),
        title: title.map(|(title, _)| title),
        date: metadata.date.as_deref(),
        author: metadata.author(),
        authors: &metadata.authors,
        lang: metadata.lang.as_deref(),
        url: metadata.url.as_deref(),
        weighed: entry.weighed.map(WeighedRecord::new),
        sections: sections.collect(),
    };
    write_line(&record, out)
}

/// Where a title comes from that is the file's name.
const NAME: &str = "name";

/// The title, and where it comes from: of a file without one its name, which is shown and no part of the text.
fn title_of<'a>(entry: &'a OutlineEntry<'_>) -> Option<(Cow<'a, str>, &'static str)> {
    let article = entry.article;
    match &article.metadata.title {
        Some(title) => Some((Cow::Borrowed(title.as_str()), article.title_from.name())),
        None => {
            let stem = entry.path.stem();
            (entry.part.is_whole() && !stem.is_empty()).then_some((stem, NAME))
        }
    }
}

/// Writes a file that was not read as one record.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_outline_failure(failure: &OutlineFailure<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_line(&FailureRecord::new(failure.path, failure.error), out)
}

/// Prints how a file is read, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_outline(
    entry: &OutlineEntry<'_>,
    with_text: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let encoding = match entry.encoding {
        "utf-8" => String::new(),
        other => format!(", {other}"),
    };
    let path = entry.path.to_text();
    let name = entry.part.below(&path);
    let name = name.as_deref().unwrap_or(&path);
    writeln!(out, "{} ({}{encoding})", clean(name), entry.format)?;
    let m = &entry.article.metadata;
    let author = m.author();
    if let Some((title, from)) = title_of(entry) {
        let from = match from {
            NAME => " (the file's name)",
            _ => "",
        };
        writeln!(out, "  title: {}{from}", clean_line(&title))?;
    }
    let facts = [
        ("date", &m.date),
        ("author", &author),
        ("lang", &m.lang),
        ("url", &m.url),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(out, "  {name}: {}", clean_line(value))?;
        }
    }
    for section in &entry.article.sections {
        let words = count_words(&section.text);
        let heading = section
            .headings
            .last()
            .filter(|_| section.heading_line.is_some());
        let indent = "  ".repeat(usize::from(section.level));
        let line = section.heading_line.unwrap_or(section.start.line);
        let name = heading.map_or("(no heading)".into(), |heading| clean_line(heading));
        writeln!(
            out,
            "{line:6}{indent}{name}  #{}  {}",
            clean(&section.anchor),
            counted(words, "word", "words")
        )?;
        if with_text {
            for text in lines_of(&section.text).lines() {
                writeln!(out, "      {indent}  {}", clean_line(text))?;
            }
        }
    }
    if entry.explain {
        explain(entry, out)?;
    }
    Ok(())
}

/// Says why lines count as headings.
fn explain(entry: &OutlineEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(weighed) = entry.weighed else {
        return writeln!(out, "  headings are marked in {}", entry.format);
    };
    let threshold = weighed.threshold;
    writeln!(
        out,
        "  lines that may be headings, from {threshold} points:"
    )?;
    for line in &weighed.lines {
        let role = if line.is_heading { "heading" } else { "text" };
        writeln!(
            out,
            "{:6}  {:+4} {role:7}  {}",
            line.line,
            line.points,
            clean_line(&line.text)
        )?;
        let mut features = line.features.clone();
        features.sort_by_key(|&(_, points)| std::cmp::Reverse(points.abs()));
        let named: Vec<String> = features
            .iter()
            .map(|(name, points)| format!("{name} {points:+}"))
            .collect();
        writeln!(out, "{:23}{}", "", named.join(", "))?;
    }
    Ok(())
}

/// A section's text as lines: a block a line, cells divided by tabs. Each byte keeps its place.
pub(super) fn lines_of(text: &str) -> String {
    let shown = |c: char| match c {
        BLOCK_END | LINE_BREAK => '\n',
        CELL_END => '\t',
        other => other,
    };
    text.chars().map(shown).collect()
}
