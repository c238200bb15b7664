//! `excerpt explain`: why a section scored so, or did not match.

use std::io::Write;
use std::path::Path;

use super::Workspace;
use super::open::{Purpose, open, say_state, with_words};
use super::show::section_of_line;
use crate::cli::args::{ExplainArgs, ReportFormat};
use crate::cli::exit_status::Status;
use crate::cli::terminal::section_style;
use crate::printer::{print_explanation, write_explanation_record};
use crate::search::{Error, Explanation, Index};

/// Explains the section of the arguments from an index that is up to date.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &ExplainArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let index = open(workspace, &[], &args.freshness, Purpose::Answer)?;
    let index = with_words(index, &args.words)?.with_limits(args.limits.limits());
    let (current, _) = workspace.locate()?;
    let index = index.seen_from(&current);
    let explanation = explain(&index, &current, args)?;
    match args.format {
        ReportFormat::Text => print_explanation(&explanation, &section_style(&current), out)?,
        ReportFormat::Ndjson => write_explanation_record(&explanation, out)?,
    }
    out.flush()?;
    say_state(&index, &index.coverage(&[])?);
    Ok(Status::Success)
}

/// Explains the section; where the index knows no such path, the one that is meant from the current folder.
fn explain(index: &Index, current: &Path, args: &ExplainArgs) -> Result<Explanation, Error> {
    let explain = |id: &str| index.explain(&args.query, args.mode.mode(), id);
    let explained = explain(&args.id);
    let Err(Error::UnknownFile { .. }) = explained else {
        return explained;
    };
    let (path, anchor) = args
        .id
        .split_at(args.id.rfind('#').unwrap_or(args.id.len()));
    if let Some(found) = section_of_line(index, current, args.id.as_ref())? {
        return explain(&found.id);
    }
    match index.placed(current, Path::new(path)) {
        Ok(stored) if stored.to_id() != path => explain(&format!("{}{anchor}", stored.to_id())),
        _ => explained,
    }
}
