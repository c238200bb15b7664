//! `excerpt show`: one section whole.

use std::io::Write;

use super::Workspace;
use crate::cli::args::{ReportFormat, ShowArgs};
use crate::cli::exit_status::Status;
use crate::printer::{print_section, write_section_record};

/// Looks the section up in the index as it is, and checks it against its source.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &ShowArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (_, location) = workspace.locate()?;
    let found = workspace.options.open(location)?.section(&args.id)?;
    match args.format {
        ReportFormat::Text => print_section(&found, out)?,
        ReportFormat::Ndjson => write_section_record(&found, out)?,
    }
    Ok(Status::Success)
}
