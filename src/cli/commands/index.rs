//! `excerpt index`: creates or refreshes the index.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;

use super::open::{covers_something, say_rebuild};
use super::{Place, name_unread, read_input, stored_paths};
use crate::cli::Status;
use crate::cli::args::{IndexArgs, ReportFormat};
use crate::cli::progress::Bar;
use crate::engine::EngineError;
use crate::index::{IndexReport, RefreshRequest};
use crate::printer::{print_report, write_report_records};
use crate::search::{Index, Refreshed};
use crate::source::{ReasonKind, StoredPath, WalkOptions};

/// Indexes what the arguments name and reports.
pub(in crate::cli) fn run(
    place: &Place,
    args: &IndexArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (current, location) = place.locate()?;
    let config = place.read_config(&location)?;
    let (covered, walk) = (config.covered(&location.base), config.walk());
    let mut index = Index::open_or_mend(location, args.force)?.with_rules(config.rules.clone());
    say_rebuild(&index);
    let request = request(&index, &current, args, covered, walk)?;
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
        ReportFormat::Text => print_report(&report, out)?,
        ReportFormat::Ndjson => write_report_records(&report, out)?,
    }
    out.flush()?;
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

fn has_skips(report: &IndexReport) -> bool {
    !report.count_by_reason(ReasonKind::Skipped).is_empty()
}

/// What is to be covered: the paths that were named; for a new index without any those in `covered`.
fn request(
    index: &Index,
    current: &Path,
    args: &IndexArgs,
    covered: Vec<PathBuf>,
    walk: Option<WalkOptions>,
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
        let bytes = read_input(Path::new("-"))?;
        texts.push((StoredPath::from_path(&args.stdin_name), bytes));
    }
    if let Some(list) = &args.files_from {
        paths.extend(listed_files(list, args.null)?);
    }
    if paths.is_empty() && texts.is_empty() && args.files_from.is_none() && index.is_blank() {
        paths = covered;
    }
    let walk = args.walk.options().or(walk);
    let mut add = stored_paths(location, current, &paths)?;
    if add.is_empty() && walk.is_some() {
        add = index
            .settings()
            .roots
            .iter()
            .map(|root| root.path.clone())
            .collect();
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
        wait: args.wait.map(|seconds| match seconds {
            Some(seconds) => Duration::from_secs(seconds),
            None => Duration::MAX,
        }),
        ..RefreshRequest::default()
    })
}

/// The paths in a list, which end with a line feed or NUL.
fn listed_files(list: &Path, null: bool) -> anyhow::Result<Vec<PathBuf>> {
    let bytes = read_input(list)?;
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
