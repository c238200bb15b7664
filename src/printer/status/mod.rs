//! What an index holds and what a refresh did.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::clean;
use super::json::write_line;
use super::outline::FailureRecord;
use super::records::{PathRecord, VERSION};
use crate::engine::IndexVersion;
use crate::refresh::{IndexReport, Unread};
use crate::source::{ReasonKind, StoredPath};

/// A file that is indexed.
#[derive(Debug)]
pub struct IndexedFile {
    /// Its path.
    pub path: StoredPath,
    /// The name of its format.
    pub format: &'static str,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sections.
    pub sections: u32,
}

/// What an index holds.
#[derive(Debug)]
pub struct StatusReport {
    /// The index's folder.
    pub folder: String,
    /// Its version, and that of the program that made it.
    pub version: IndexVersion,
    /// The folders it covers.
    pub roots: Vec<String>,
    /// Files, sections, and what is not indexed.
    pub report: IndexReport,
    /// Words over all sections.
    pub words: u64,
    /// The tags of the languages of its articles, and how many sections are in each.
    pub languages: Vec<(&'static str, u64)>,
    /// The files that are indexed, in the order of their paths.
    pub files: Vec<IndexedFile>,
    /// Bytes of the index.
    pub index_bytes: u64,
    /// Files that changed since; `None` where they may not be looked at.
    pub stale: Option<u64>,
}

#[derive(Serialize)]
struct StatusRecord<'a> {
    v: u32,
    r#type: &'static str,
    index: &'a str,
    format: u32,
    analysis: u32,
    program: &'a str,
    roots: &'a [String],
    files: u64,
    articles: u64,
    sections: u64,
    parts_passed_over: u64,
    words: u64,
    source_bytes: u64,
    index_bytes: u64,
    stale: Option<u64>,
    skipped: usize,
    unreadable: usize,
    encodings: BTreeMap<&'a str, u64>,
    languages: BTreeMap<&'a str, u64>,
}

#[derive(Serialize)]
struct FileRecord<'a> {
    v: u32,
    r#type: &'static str,
    path: PathRecord<'a>,
    format: &'a str,
    encoding: &'a str,
    bytes: u64,
    sections: u32,
}

impl StatusReport {
    fn source_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// How many files are in each encoding.
    fn encodings(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for file in &self.files {
            *counts.entry(file.encoding).or_insert(0) += 1;
        }
        counts
    }
}

fn of_kind(report: &IndexReport, kind: ReasonKind) -> impl Iterator<Item = &Unread> {
    report
        .unread
        .iter()
        .filter(move |unread| unread.error.reason.kind() == kind)
}

/// Writes what an index holds: a record for each file, one for each source that is not indexed, then one for the whole.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_status_record(status: &StatusReport, out: &mut dyn Write) -> io::Result<()> {
    for file in &status.files {
        let record = FileRecord {
            v: VERSION,
            r#type: "file",
            path: PathRecord(&file.path),
            format: file.format,
            encoding: file.encoding,
            bytes: file.bytes,
            sections: file.sections,
        };
        write_line(&record, out)?;
    }
    for unread in &status.report.unread {
        write_line(&FailureRecord::new(&unread.path, &unread.error), out)?;
    }
    let record = StatusRecord {
        v: VERSION,
        r#type: "status",
        index: &status.folder,
        format: status.version.format,
        analysis: status.version.analysis,
        program: &status.version.program,
        roots: &status.roots,
        files: status.report.files,
        articles: status.report.articles,
        sections: status.report.sections,
        parts_passed_over: status.report.parts_passed_over,
        words: status.words,
        source_bytes: status.source_bytes(),
        index_bytes: status.index_bytes,
        stale: status.stale,
        skipped: of_kind(&status.report, ReasonKind::Skipped).count(),
        unreadable: of_kind(&status.report, ReasonKind::Failed).count(),
        encodings: status.encodings(),
        languages: status.languages.iter().copied().collect(),
    };
    write_line(&record, out)
}

/// Prints what an index holds, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_status(status: &StatusReport, out: &mut dyn Write) -> io::Result<()> {
    let report = &status.report;
    let roots: Vec<_> = status.roots.iter().map(|root| clean(root)).collect();
    writeln!(out, "index     {}", clean(&status.folder))?;
    writeln!(out, "version   {}", clean(&status.version.to_string()))?;
    writeln!(
        out,
        "covers    {}",
        if roots.is_empty() {
            "named files".to_string()
        } else {
            roots.join(", ")
        }
    )?;
    writeln!(
        out,
        "files     {}, {} of text",
        report.files,
        size(status.source_bytes())
    )?;
    if let Some(articles) = articles(report) {
        writeln!(out, "articles  {}", articles.replace(" articles", ""))?;
    }
    writeln!(out, "sections  {}, {} words", report.sections, status.words)?;
    writeln!(out, "size      {}", size(status.index_bytes))?;
    match status.stale {
        Some(stale) => writeln!(out, "stale     {stale}")?,
        None => writeln!(
            out,
            "stale     not known: not all files may be looked at, or are there"
        )?,
    }
    print_encodings(status, out)?;
    print_languages(status, out)?;
    for (name, kind) in KINDS {
        writeln!(out, "{name:9} {}", reasons(report, kind))?;
        for unread in of_kind(report, kind) {
            writeln!(
                out,
                "  {}: {}",
                clean(&unread.path.to_text()),
                clean(&unread.error.message)
            )?;
        }
    }
    Ok(())
}

/// The languages, that of most sections first.
fn print_languages(status: &StatusReport, out: &mut dyn Write) -> io::Result<()> {
    let mut languages = status.languages.clone();
    languages.sort_by_key(|&(tag, sections)| (std::cmp::Reverse(sections), tag));
    let named: Vec<String> = languages
        .iter()
        .map(|(tag, n)| format!("{tag} {n}"))
        .collect();
    match named.is_empty() {
        true => Ok(()),
        false => writeln!(out, "languages {}, in sections", named.join(", ")),
    }
}

/// The encodings, and the files that are in others than UTF-8.
fn print_encodings(status: &StatusReport, out: &mut dyn Write) -> io::Result<()> {
    let counts = status.encodings();
    let named: Vec<_> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    if !named.is_empty() {
        writeln!(out, "encodings {}", named.join(", "))?;
    }
    for file in status.files.iter().filter(|file| file.encoding != "utf-8") {
        let path = file.path.to_text();
        writeln!(out, "  {}: {}", clean(&path), file.encoding)?;
    }
    Ok(())
}

static KINDS: [(&str, ReasonKind); 3] = [
    ("skipped", ReasonKind::Skipped),
    ("failed", ReasonKind::Failed),
    ("warned", ReasonKind::Warned),
];

/// The number of sources of a kind, and of each reason.
fn reasons(report: &IndexReport, kind: ReasonKind) -> String {
    let counts = report.count_by_reason(kind);
    let sum: u64 = counts.values().sum();
    let each: Vec<String> = counts
        .iter()
        .map(|(reason, count)| format!("{} {count}", reason.name()))
        .collect();
    if each.is_empty() {
        sum.to_string()
    } else {
        format!("{sum} ({})", each.join(", "))
    }
}

/// Prints what a refresh did, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_report(report: &IndexReport, out: &mut dyn Write) -> io::Result<()> {
    let IndexReport {
        added,
        changed,
        removed,
        renamed,
        unchanged,
        files,
        sections,
        ..
    } = report;
    writeln!(
        out,
        "{added} added, {changed} changed, {removed} removed, {renamed} renamed, {unchanged} unchanged"
    )?;
    match articles(report) {
        Some(articles) => writeln!(
            out,
            "{files} files, {articles}, {sections} sections indexed"
        )?,
        None => writeln!(out, "{files} files, {sections} sections indexed")?,
    }
    for (name, kind) in KINDS {
        if report
            .unread
            .iter()
            .any(|unread| unread.error.reason.kind() == kind)
        {
            writeln!(out, "{name}: {}", reasons(report, kind))?;
        }
    }
    Ok(())
}

/// The articles, where some files hold another number of them than one.
fn articles(report: &IndexReport) -> Option<String> {
    let passed_over = match report.parts_passed_over {
        0 => String::new(),
        count => format!(" ({count} parts passed over)"),
    };
    let is_plain = report.articles == report.files && passed_over.is_empty();
    (!is_plain).then(|| format!("{} articles{passed_over}", report.articles))
}

#[derive(Serialize)]
struct ReportRecord {
    v: u32,
    r#type: &'static str,
    added: u64,
    changed: u64,
    removed: u64,
    renamed: u64,
    unchanged: u64,
    files: u64,
    articles: u64,
    sections: u64,
    parts_passed_over: u64,
    skipped: usize,
    unreadable: usize,
    bytes_read: u64,
}

/// Writes what a refresh did: a record for each source that is not indexed, then one for the whole.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_report_records(report: &IndexReport, out: &mut dyn Write) -> io::Result<()> {
    for unread in &report.unread {
        write_line(&FailureRecord::new(&unread.path, &unread.error), out)?;
    }
    let record = ReportRecord {
        v: VERSION,
        r#type: "index",
        added: report.added,
        changed: report.changed,
        removed: report.removed,
        renamed: report.renamed,
        unchanged: report.unchanged,
        files: report.files,
        articles: report.articles,
        sections: report.sections,
        parts_passed_over: report.parts_passed_over,
        skipped: of_kind(report, ReasonKind::Skipped).count(),
        unreadable: of_kind(report, ReasonKind::Failed).count(),
        bytes_read: report.bytes_read,
    };
    write_line(&record, out)
}

/// A number of bytes in the largest unit that leaves it above 1.
pub(super) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "B" {
                format!("{bytes} B")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_one_decimal_from_a_thousand_on() {
        assert_eq!(
            [size(0), size(999), size(1500), size(81_900_000)],
            ["0 B", "999 B", "1.5 kB", "81.9 MB"]
        );
    }
}
