//! `excerpt index`: creates or refreshes the index.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::bail;

use super::open::{covers_something, only_read, say_kept, say_rebuild, wait};
use super::paths::stored_paths;
use super::{Workspace, name_unread, read_input};
use crate::cli::args::{IndexArgs, ReportFormat};
use crate::cli::error::say;
use crate::cli::exit_status::Status;
use crate::cli::progress::Bar;
use crate::engine::EngineError;
use crate::printer::{print_report, write_report_records};
use crate::refresh::{IndexReport, RefreshRequest};
use crate::search::{Access, Index, Refreshed};
use crate::source::trust::{MAX_LIST_BYTES, resolved};
use crate::source::{ReasonKind, StoredPath};

/// Indexes what the arguments name and reports.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &IndexArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (current, location) = workspace.locate()?;
    if let Some(owner) = &args.forget_owner {
        workspace.options.forget_owner(&location, owner)?;
        say(&format!("forgot `{owner}`, with all that it indexed"));
        return Ok(Status::Success);
    }
    let config = workspace.read_config(&location)?;
    let covered = config.covered(&location.base);
    let index = workspace.options.open_or_mend(location, args.force)?;
    let mut index = index.with_rules(config.rules.clone());
    say_rebuild(&index);
    let request = request(&index, &current, args, covered)?;
    match index.access() {
        Access::Own => {}
        Access::Unrecorded if !request.add.is_empty() || index.location().is_remote() => {}
        access => bail!("{}", only_read(&index, access)),
    }
    say_other_base(&index, &current);
    let begun = Instant::now();
    let report = match index.refresh(&request, &Bar::default())? {
        Refreshed::Done(report) => report,
        Refreshed::Busy(holder) => {
            return Err(crate::search::Error::Engine(EngineError::Busy(holder)).into());
        }
        Refreshed::ReadOnly => bail!(
            "the index in `{}` cannot be written",
            index.location().folder.display()
        ),
    };
    match args.format {
        ReportFormat::Text => {
            let took = begun.elapsed();
            print_report(&report, took, out)?;
        }
        ReportFormat::Ndjson => write_report_records(&report, out)?,
    }
    out.flush()?;
    say_kept(&index);
    let unread: Vec<_> = report
        .unread
        .iter()
        .map(|u| (&u.path, u.error.reason.name(), u.error.message.as_str()))
        .collect();
    name_unread(unread.into_iter());
    let is_error = report.has_failures() || (args.strictness.strict && has_skips(&report));
    Ok(if is_error {
        Status::Error
    } else {
        Status::Success
    })
}

/// Says which index is refreshed where it is not one of the current folder.
fn say_other_base(index: &Index, current: &Path) {
    let location = index.location();
    if resolved(&location.base) != resolved(current) {
        say(&format!(
            "the index is in `{}`, for files in `{}`",
            location.folder.display(),
            location.base.display()
        ));
    }
}

fn has_skips(report: &IndexReport) -> bool {
    !report.count_by_reason(ReasonKind::Skipped).is_empty()
}

/// What is to be covered: the paths that were named; for a new index without any those in `covered`.
fn request(
    index: &Index,
    current: &Path,
    args: &IndexArgs,
    covered: Vec<PathBuf>,
) -> anyhow::Result<RefreshRequest> {
    let location = index.location();
    let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
    let mut paths: Vec<PathBuf> = args
        .paths
        .iter()
        .filter(|path| !is_stdin(path))
        .cloned()
        .collect();
    let mut texts = Vec::new();
    if args.paths.iter().any(|path| is_stdin(&path)) {
        let most = index
            .rules()
            .options(&StoredPath::default(), index.settings().limits);
        let bytes = read_input(Path::new("-"), most.limits.file_bytes)?;
        texts.push((StoredPath::from_path(&args.stdin_name), bytes));
    }
    if let Some(list) = &args.files_from {
        paths.extend(listed_files(list, args.null)?);
    }
    if paths.is_empty() && texts.is_empty() && args.files_from.is_none() && index.is_blank_here()? {
        if location.is_remote() {
            bail!("name what is indexed on the cluster: `excerpt index --index URL PATH`");
        }
        paths = covered;
    }
    let walk = args.walk.options();
    let mut add = stored_paths(location, current, &paths)?;
    if add.is_empty() && walk.is_some() && index.access() == Access::Own {
        add = rewalked(index);
    }
    if add.is_empty() && texts.is_empty() {
        covers_something(index)?;
    }
    Ok(RefreshRequest {
        add,
        texts,
        walk,
        limits: args.limits.given(),
        force: args.force,
        rehash: args.rehash,
        counts_others: args.format == ReportFormat::Text,
        wait: wait(args.waiting.at_most()),
        ..RefreshRequest::default()
    })
}

/// The roots whose options change where no paths are named: those in the base. What leads out of it has to be named.
fn rewalked(index: &Index) -> Vec<StoredPath> {
    let base = resolved(&index.location().base);
    let is_inside = |path: &StoredPath| resolved(&path.below(&base)).starts_with(&base);
    let roots = index.settings().roots.iter().map(|root| root.path.clone());
    roots.filter(is_inside).collect()
}

/// The paths in a list, which end with a line feed or NUL.
fn listed_files(list: &Path, null: bool) -> anyhow::Result<Vec<PathBuf>> {
    let bytes = read_input(list, MAX_LIST_BYTES)?;
    let end = if null { b'\0' } else { b'\n' };
    let lines = bytes.split(|&byte| byte == end);
    let trimmed = lines.map(|line| {
        if null {
            line
        } else {
            line.strip_suffix(b"\r").unwrap_or(line)
        }
    });
    Ok(trimmed
        .filter(|line| !line.is_empty())
        .map(path_of_bytes)
        .collect())
}

#[cfg(unix)]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
