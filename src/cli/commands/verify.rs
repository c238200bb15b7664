//! `excerpt verify`: reads the whole index and says whether it is sound.

use std::io::Write;

use super::Workspace;
use crate::cli::args::{ReportFormat, VerifyArgs};
use crate::cli::error::say;
use crate::cli::exit_status::Status;
use crate::printer::{print_verification, write_verification_record};
use crate::search::Index;

/// Verifies the index.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &VerifyArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (_, location) = workspace.locate()?;
    let folder = location.folder.display().to_string();
    let found = match args.deep {
        true => {
            let rules = workspace.rules(&location)?;
            let index = workspace.options.open(location)?.with_rules(rules);
            index.verify_sources()?
        }
        false => Index::verify(&location)?,
    };
    match args.format {
        ReportFormat::Text => print_verification(&folder, &found, out)?,
        ReportFormat::Ndjson => write_verification_record(&folder, &found, out)?,
    }
    out.flush()?;
    if found.faults.is_empty() {
        return Ok(Status::Success);
    }
    say("hint: `excerpt index` builds it anew");
    Ok(Status::NothingFound)
}
