//! `excerpt status`: what the index holds, and how far it is behind.

use std::io::Write;

use super::Place;
use crate::cli::Status;
use crate::cli::args::{ReportFormat, StatusArgs};
use crate::engine::{Outcome, Record};
use crate::format::FORMATS;
use crate::index::IndexReport;
use crate::printer::{IndexedFile, StatusReport, print_status, write_status_record};
use crate::search::Index;

/// Reports on the index, without changing it.
pub(in crate::cli) fn run(
    place: &Place,
    args: &StatusArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (_, location) = place.locate()?;
    let rules = place.rules(&location)?;
    let index = Index::open(location)?.with_rules(rules);
    let catalog = index.catalog();
    let indexed = catalog
        .sources()
        .filter_map(|source| catalog.record(source))
        .filter(|r| r.outcome == Outcome::Indexed);
    let root_name = |path: &crate::source::StoredPath| match path.to_text() {
        text if text.is_empty() => ".".to_string(),
        text => text.into_owned(),
    };
    let status = StatusReport {
        folder: index.location().folder.display().to_string(),
        roots: index
            .settings()
            .roots
            .iter()
            .map(|root| root_name(&root.path))
            .collect(),
        report: IndexReport::of(catalog),
        words: catalog.words()[2],
        files: indexed.map(file).collect(),
        index_bytes: index.size_bytes()?,
        stale: index.count_stale()?,
    };
    match args.format {
        ReportFormat::Text => print_status(&status, out)?,
        ReportFormat::Ndjson => write_status_record(&status, out)?,
    }
    Ok(Status::Success)
}

fn file(record: Record) -> IndexedFile {
    IndexedFile {
        format: FORMATS
            .get(usize::from(record.format))
            .map_or("", |format| format.name),
        encoding: record.encoding.name(),
        bytes: record.size,
        sections: record.sections,
        path: record.path,
    }
}
