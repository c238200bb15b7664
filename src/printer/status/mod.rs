//! What an index holds and what a refresh did.

mod owners;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use self::owners::owner_line;
use super::cells::{MAX_WIDTH, write_text};
use super::counts::{counted, grouped};
use super::json::write_line;
use super::outline::FailureRecord;
use super::records::{PathRecord, VERSION};
use super::{Style, clean};
use crate::engine::IndexOwner;
use crate::refresh::{IndexReport, OtherFiles, Unread};
use crate::search::IndexStatus;
use crate::source::ReasonKind;

/// How many endings of files that are not read are named.
const MAX_ENDINGS: usize = 8;

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
    other_files: BTreeMap<&'a str, u64>,
    #[serde(skip_serializing_if = "<[IndexOwner]>::is_empty")]
    owners: &'a [IndexOwner],
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
pub fn write_status_record(status: &IndexStatus, out: &mut dyn Write) -> io::Result<()> {
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
        other_files: status.other_files.by_ending().into_iter().collect(),
        owners: &status.owners,
    };
    write_line(&record, out)
}

/// The columns of the names that rows begin with.
const NAME_COLUMNS: usize = 10;
/// On a narrower terminal there is no room for two columns.
const LEAST_FOR_COLUMNS: usize = 40;

/// Rows of a name and what there is to say of it.
struct Rows<'a> {
    /// The width of the terminal; `None` leaves lines whole.
    width: Option<usize>,
    out: &'a mut dyn Write,
}

impl Rows<'_> {
    /// A row: its further lines stand below what there is to say, where there is room.
    fn row(&mut self, name: &str, said: &str) -> io::Result<()> {
        let hang = match self.width {
            Some(..LEAST_FOR_COLUMNS) => 2,
            _ => NAME_COLUMNS,
        };
        self.text(&format!("{name:9} {said}"), 0, hang)
    }

    /// A row about a row.
    fn detail(&mut self, said: &str) -> io::Result<()> {
        self.text(said, 2, 2)
    }

    fn text(&mut self, text: &str, indent: usize, hang: usize) -> io::Result<()> {
        let width = self.width.map_or(usize::MAX, |width| width.min(MAX_WIDTH));
        write_text(text, (indent, hang), width, self.out)
    }
}

/// Prints what an index holds, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_status(status: &IndexStatus, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Rows {
        width: style.width,
        out,
    };
    let report = &status.report;
    let roots: Vec<_> = status.roots.iter().map(|root| clean(root)).collect();
    rows.row("index", &clean(&status.folder))?;
    rows.row("version", &clean(&status.version.to_string()))?;
    match roots.is_empty() {
        true => rows.row("covers", "named files")?,
        false => rows.row("covers", &roots.join(", "))?,
    }
    let files = grouped(report.files);
    let text = size(status.source_bytes());
    rows.row("files", &format!("{files}, {text} of text"))?;
    if let Some(articles) = articles(report) {
        let number = articles.replace(" articles", "").replace(" article", "");
        rows.row("articles", &number)?;
    }
    let sections = grouped(report.sections);
    let words = counted(status.words, "word", "words");
    rows.row("sections", &format!("{sections}, {words}"))?;
    rows.row("size", &size(status.index_bytes))?;
    for (i, owner) in status.owners.iter().enumerate() {
        let name = if i == 0 { "owners" } else { "" };
        rows.row(name, &owner_line(owner))?;
    }
    match status.stale {
        Some(stale) => rows.row("stale", &stale.to_string())?,
        None => rows.row(
            "stale",
            "not known: not all files may be looked at, or are there",
        )?,
    }
    print_encodings(status, &mut rows)?;
    print_languages(status, &mut rows)?;
    for (name, kind) in KINDS {
        rows.row(name, &reasons(report, kind))?;
        for unread in of_kind(report, kind) {
            let (path, message) = (unread.path.to_text(), &unread.error.message);
            rows.detail(&format!("{}: {}", clean(&path), clean(message)))?;
        }
    }
    match other_endings(&status.other_files) {
        Some(endings) => rows.row("not read", &endings),
        None => Ok(()),
    }
}

/// The languages, that of most sections first.
fn print_languages(status: &IndexStatus, rows: &mut Rows<'_>) -> io::Result<()> {
    let mut languages = status.languages.clone();
    languages.sort_by_key(|&(tag, sections)| (std::cmp::Reverse(sections), tag));
    let named: Vec<String> = languages
        .iter()
        .map(|(tag, n)| format!("{tag} {n}"))
        .collect();
    match named.is_empty() {
        true => Ok(()),
        false => rows.row("languages", &format!("{}, in sections", named.join(", "))),
    }
}

/// The encodings, and the files that are in others than UTF-8.
fn print_encodings(status: &IndexStatus, rows: &mut Rows<'_>) -> io::Result<()> {
    let counts = status.encodings();
    let named: Vec<_> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    if !named.is_empty() {
        rows.row("encodings", &named.join(", "))?;
    }
    for file in status.files.iter().filter(|file| file.encoding != "utf-8") {
        let path = file.path.to_text();
        rows.detail(&format!("{}: {}", clean(&path), file.encoding))?;
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

/// Prints what a refresh did, and how long it took, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_report(report: &IndexReport, took: Duration, out: &mut dyn Write) -> io::Result<()> {
    let files = counted(report.files, "file", "files");
    let articles = articles(report).map_or(String::new(), |articles| format!("{articles}, "));
    let sections = counted(report.sections, "section", "sections");
    let seconds = took.as_secs_f64();
    let done = [
        (report.added, "added"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.renamed, "renamed"),
    ];
    let mut said: Vec<String> = done
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(*count)))
        .collect();
    if said.is_empty() {
        said.push("no changes".into());
    }
    if report.unchanged > 0 {
        said.push(format!("{} unchanged", grouped(report.unchanged)));
    }
    writeln!(out, "{}", said.join(", "))?;
    writeln!(
        out,
        "{files} indexed ({articles}{sections}) in {seconds:.1} s"
    )?;
    for (name, kind) in KINDS {
        if of_kind(report, kind).next().is_some() {
            writeln!(out, "{name}: {}", reasons(report, kind))?;
        }
    }
    match other_endings(&report.others) {
        Some(endings) => writeln!(out, "not read: {endings}"),
        None => Ok(()),
    }
}

/// How many files of other formats there are, and their endings, the commonest first.
#[must_use]
pub fn other_endings(others: &OtherFiles) -> Option<String> {
    let all = others.by_ending();
    let named = all.iter().take(MAX_ENDINGS).map(|(ending, count)| {
        let name = match ending.is_empty() {
            true => "without an ending".to_string(),
            false => format!(".{}", clean(ending)),
        };
        format!("{name} {}", grouped(*count))
    });
    let mut named: Vec<String> = named.collect();
    if all.len() > MAX_ENDINGS {
        named.push("…".into());
    }
    let files = counted(others.total(), "file", "files");
    (!named.is_empty()).then(|| format!("{files} of other formats ({})", named.join(", ")))
}

/// The articles, where some files hold another number of them than one.
fn articles(report: &IndexReport) -> Option<String> {
    let passed_over = match report.parts_passed_over {
        0 => String::new(),
        count => format!(" ({} passed over)", counted(count, "part", "parts")),
    };
    let is_plain = report.articles == report.files && passed_over.is_empty();
    let articles = counted(report.articles, "article", "articles");
    (!is_plain).then(|| format!("{articles}{passed_over}"))
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
