//! `excerpt status`: what the index holds, and how far it is behind.

use std::io::Write;

use serde_json::json;

use super::Workspace;
use crate::catalog::{Outcome, SourceRecord};
use crate::cli::args::{ReportFormat, StatusArgs};
use crate::cli::exit_status::Status;
use crate::format::Format;
use crate::printer::{
    IndexedFile, StatusReport, clean, print_status, write_status_record, write_value,
};
use crate::refresh::IndexReport;

/// Reports on the index, without changing it.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &StatusArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if args.settings.is_some() {
        return settings(workspace, args.format, out);
    }
    let (_, location) = workspace.locate()?;
    let rules = workspace.rules(&location)?;
    let index = workspace.options.open(location)?.with_rules(rules);
    let catalog = index.catalog();
    let indexed = catalog
        .sources()
        .filter_map(|source| catalog.source(source))
        .filter(|r| r.outcome == Outcome::Indexed);
    let root_name = |path: &crate::source::StoredPath| match path.to_text() {
        text if text.is_empty() => ".".to_string(),
        text => text.into_owned(),
    };
    let status = StatusReport {
        folder: index.location().folder.display().to_string(),
        version: index.version(),
        roots: index
            .settings()
            .roots
            .iter()
            .map(|root| root_name(&root.path))
            .collect(),
        report: IndexReport::of(catalog),
        words: catalog.words()[2],
        languages: (catalog.languages().into_iter())
            .map(|(language, sections)| (language.tag(), sections))
            .collect(),
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

/// Shows each setting with its value and where that came from.
fn settings(
    workspace: &Workspace,
    format: ReportFormat,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (_, location) = workspace.locate()?;
    let settings = &workspace.read_config(&location)?.settings;
    for (setting, value, origin) in settings.all() {
        let name = format!("{}.{}", setting.table, setting.key);
        match format {
            ReportFormat::Text => {
                let (value, origin) = (clean(value), origin.to_string());
                writeln!(out, "{name:24} {value:12} {}", clean(&origin))?;
            }
            ReportFormat::Ndjson => {
                let record = json!({
                    "v": 1,
                    "type": "setting",
                    "name": name,
                    "value": value,
                    "origin": origin.to_string(),
                    "variable": setting.variable(),
                });
                write_value(&record, out)?;
            }
        }
    }
    Ok(Status::Success)
}

fn file(record: SourceRecord) -> IndexedFile {
    IndexedFile {
        format: Format::of_code(record.format).map_or("", |format| format.name),
        encoding: record.encoding.name(),
        bytes: record.stat.size,
        sections: record.sections,
        path: record.path,
    }
}
