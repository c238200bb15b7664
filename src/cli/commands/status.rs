//! `excerpt status`: what the index holds, and how far it is behind.

use std::io::Write;

use serde_json::json;

use super::Workspace;
use crate::cli::args::{ReportFormat, StatusArgs};
use crate::cli::exit_status::Status;
use crate::cli::terminal::section_style;
use crate::printer::{clean, print_status, write_status_record, write_value};

/// Reports on the index, without changing it.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &StatusArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if args.settings.is_some() {
        return settings(workspace, args.format, out);
    }
    let (current, location) = workspace.locate()?;
    let rules = workspace.rules(&location)?;
    let index = workspace.options.open(location)?.with_rules(rules);
    let status = index.status()?;
    match args.format {
        ReportFormat::Text => print_status(&status, &section_style(&current), out)?,
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
