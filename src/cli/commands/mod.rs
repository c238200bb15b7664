//! The commands, a file each; each reads as the story of the command.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod eval;
pub(super) mod explain;
mod hints;
pub(super) mod index;
mod open;
pub(super) mod outline;
mod paths;
pub(super) mod query;
pub(super) mod quote;
pub(super) mod show;
pub(super) mod status;
pub(super) mod verify;

use std::cell::OnceCell;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::{Arguments, ClusterArgs, Command, DivisionArgs};
use super::cluster::location as cluster_location;
use super::error::say;
use super::exit_status::Status;
use super::trust::index_options;
use crate::config::{Config, ConfigRequest, named_location};
use crate::engine::is_url;
use crate::printer::{Report, counted, report_named};
use crate::refresh::{KeptCause, Rules};
use crate::search::{Index, IndexOptions, Location};
use crate::source::trust::{read_named, read_up_to};
use crate::source::{Reason, ReasonKind, StoredPath};

/// How many files are named on standard error.
const MAX_NAMED: usize = 20;

/// The folder that a command runs in: its index and its configuration, those that were named or else the nearest.
pub(super) struct Workspace {
    pub(super) index: Option<PathBuf>,
    pub(super) config: Option<PathBuf>,
    /// How a cluster is reached, and how an index on it is made.
    cluster: ClusterArgs,
    division: Option<DivisionArgs>,
    /// For whom indexes are opened.
    pub(super) options: IndexOptions,
    /// The current folder and the index, once they are located.
    located: OnceCell<(PathBuf, Location)>,
    /// What was read of the latter and of the environment.
    read: OnceCell<Config>,
}

impl Workspace {
    pub(super) fn of(arguments: &Arguments) -> Workspace {
        let is_named = |path: &PathBuf| !path.as_os_str().is_empty();
        let named = |path: &Option<PathBuf>| path.clone().filter(is_named);
        Workspace {
            index: named(&arguments.index),
            config: named(&arguments.config),
            cluster: arguments.cluster.clone(),
            division: match &arguments.command {
                Command::Index(args) => Some(args.division),
                _ => None,
            },
            options: index_options(),
            located: OnceCell::new(),
            read: OnceCell::new(),
        }
    }

    /// The current folder and the index: the one that was named, else the nearest.
    pub(super) fn locate(&self) -> anyhow::Result<(PathBuf, Location)> {
        if let Some(located) = self.located.get() {
            return Ok(located.clone());
        }
        let current = std::env::current_dir().context("cannot tell the current folder")?;
        let configured = match (&self.index, &self.config) {
            (None, Some(config)) => named_location(config)?,
            _ => None,
        };
        let location = match self.index.as_ref().or(configured.as_ref()) {
            Some(url) if url.to_str().is_some_and(is_url) => {
                let args = (&self.cluster, self.division);
                cluster_location(url, args, self.options.state_dir.as_deref(), &current)?
            }
            Some(folder) => Location::named(folder, &current),
            None => Location::nearest(&current),
        };
        Ok(self.located.get_or_init(|| (current, location)).clone())
    }

    /// What the configuration says of reading files.
    fn rules(&self, location: &Location) -> anyhow::Result<Rules> {
        Ok(self.read_config(location)?.rules.clone())
    }

    /// What the configuration and the environment say; read once.
    pub(super) fn read_config(&self, location: &Location) -> anyhow::Result<&Config> {
        if let Some(config) = self.read.get() {
            return Ok(config);
        }
        let (current, _) = self.locate()?;
        let config = Config::read(&ConfigRequest {
            named: self.config.as_deref(),
            location,
            current: &current,
            options: &self.options,
            variable: &|name| std::env::var(name).ok(),
        })?;
        config.notices.iter().for_each(|notice| say(notice));
        if let Some(file) = &config.left_out {
            say(&format!(
                "`{file}` belongs to another user and is left out; --config takes it"
            ));
        }
        Ok(self.read.get_or_init(|| config))
    }
}

/// Reads a file of at most `max_bytes` whole; `-` is standard input.
fn read_input(file: &Path, max_bytes: u64) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let read = read_up_to(io::stdin().lock(), max_bytes);
        return read.context("cannot read standard input");
    }
    read_named(file, max_bytes).with_context(|| format!("cannot read `{}`", file.display()))
}

/// The sources below the paths that could not be read; where `strict` also those that were skipped.
fn unread_within(
    index: &Index,
    within: &[StoredPath],
    strict: bool,
) -> anyhow::Result<Vec<(StoredPath, Reason)>> {
    let coverage = index.coverage(&[])?;
    let skipped = if strict { coverage.skipped } else { 0 };
    if coverage.unreadable + skipped == 0 {
        return Ok(Vec::new());
    }
    let counts = |reason: Reason| strict || reason.kind() == ReasonKind::Failed;
    let is_within = |path: &StoredPath| within.is_empty() || path.is_under_any(within);
    let mut unread = index.unread_sources()?;
    unread.retain(|(path, reason)| counts(*reason) && is_within(path));
    Ok(unread)
}

/// `status`, unless a file below the paths could not be read: then what was asked rests on less than it should. Names
/// those files.
fn end_status(
    index: &Index,
    within: &[StoredPath],
    strict: bool,
    status: Status,
) -> anyhow::Result<Status> {
    let unread = unread_within(index, within, strict)?;
    let has_lost = (index.kept().iter()).any(|kept| kept.cause != KeptCause::Beyond);
    if unread.is_empty() {
        return Ok(if has_lost { Status::Error } else { status });
    }
    let named: Vec<_> = unread
        .iter()
        .map(|(path, reason)| (path, reason.name(), reason.explanation()))
        .collect();
    name_unread(named.into_iter());
    Ok(Status::Error)
}

/// As [`end_status`], of verdicts: says of how many answers the ranking was not made over all that matches.
fn end_verdict(
    index: &Index,
    within: &[StoredPath],
    strict: bool,
    status: Status,
) -> anyhow::Result<Status> {
    let status = end_status(index, within, strict, status)?;
    let inexact = index.inexact_rankings();
    if inexact == 0 {
        return Ok(status);
    }
    let answers = counted(inexact, "answer", "answers");
    say(&format!(
        "the ranking of {answers} was made over the sections that the cluster proposed, not over all that match (--candidates)"
    ));
    Ok(if strict { Status::Error } else { status })
}

/// Writes a file whole, or not at all. A link that stands in its place is replaced, not followed: a checkout can bring
/// one. What is no file, such as a pipe, is written to as it is.
fn write_output(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let is_special = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    let written = match is_special {
        true => fs::File::options()
            .write(true)
            .open(path)
            .and_then(|file| fill(file, write)),
        false => replace(path, write),
    };
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Writes a new file and gives it the name.
fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let next = path.with_file_name(name);
    let written = fs::File::create_new(&next).and_then(|file| {
        if let Ok(metadata) = fs::symlink_metadata(path)
            && metadata.is_file()
        {
            file.set_permissions(metadata.permissions())?;
        }
        fill(file, write)?;
        fs::rename(&next, path)
    });
    if written.is_err() {
        // Where it was made, it is ours.
        let _ = fs::remove_file(&next);
    }
    written
}

fn fill(file: fs::File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    write(&mut file)?;
    file.flush()
}

/// Prints with the one of `reports` that has this name.
fn print_with<T>(
    reports: &[Report<T>],
    name: &str,
    checked: &T,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let report = report_named(reports, name).with_context(|| format!("no report `{name}`"))?;
    Ok((report.print)(checked, out)?)
}

/// Says of each file why it was not read; of many only the first ones.
fn name_unread<'a>(unread: impl ExactSizeIterator<Item = (&'a StoredPath, &'a str, &'a str)>) {
    let count = unread.len();
    for (path, reason, message) in unread.take(MAX_NAMED) {
        say(&format!("{}: {message} ({reason})", paths::name_of(path)));
    }
    if count > MAX_NAMED {
        say(&format!(
            "and {} more; `excerpt status` names them all",
            count - MAX_NAMED
        ));
    }
}
