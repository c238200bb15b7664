//! `excerpt query`: refreshes, searches, prints.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{locate, name_unread, stored_paths};
use crate::cli::Status;
use crate::cli::args::{ColorArg, QueryArgs};
use crate::cli::error::{say, say_to_people};
use crate::cli::progress::Bar;
use crate::engine::{Outcome, Record};
use crate::index::RefreshRequest;
use crate::printer::{self, Style};
use crate::query::Mode;
use crate::search::{Index, Location, RefreshState, SearchRequest, SearchResults};
use crate::source::{Reason, ReasonKind, StoredPath};

/// The hits shown where no number is given.
const DEFAULT_LIMIT: usize = 10;
/// The width of a terminal that does not say.
const DEFAULT_WIDTH: usize = 80;

/// Answers the query of the arguments.
pub(in crate::cli) fn run(
    index: Option<&Path>,
    args: &QueryArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (current, location) = locate(index)?;
    let index = open(location, &current, args)?;
    let within = stored_paths(index.location(), &current, &args.paths)?;
    let results = index.search(&args.query, &search_request(args, within.clone()))?;
    print(&results, args, out)?;
    out.flush()?;
    let unread = unread_within(&index, &within, args.strict);
    let has_hits = results.summary.matched > 0;
    let is_excused = args.quiet && has_hits;
    if !unread.is_empty() && !is_excused {
        let named: Vec<_> = unread
            .iter()
            .map(|(record, reason)| (&record.path, reason.name(), reason.explanation()))
            .collect();
        name_unread(named.into_iter());
        return Ok(Status::Error);
    }
    say_more(&results, args);
    Ok(if has_hits {
        Status::Success
    } else {
        Status::NothingFound
    })
}

/// Opens the index, brought up to date; one is made where there is none.
fn open(location: Location, current: &Path, args: &QueryArgs) -> anyhow::Result<Index> {
    let is_new = !location.exists();
    if args.no_refresh
        || (!args.refresh && std::env::var_os("EXCERPT_REFRESH").is_some_and(|v| v == "never"))
    {
        let index = Index::open(location)?;
        for path in stored_paths(index.location(), current, &args.paths)? {
            if !index.covers(&path) && !path.as_bytes().is_empty() {
                bail!("`{path}` is not in the index, and no look for files was wanted");
            }
        }
        return Ok(index);
    }
    let location = if is_new {
        new_location(location, current, args)?
    } else {
        location
    };
    let mut index = Index::open_or_create(location)?;
    if index.rebuilds() {
        say("the index was made by another version and is built anew");
    }
    let mut paths = stored_paths(index.location(), current, &args.paths)?;
    paths.retain(|path| is_new || !index.covers(path));
    if is_new && paths.is_empty() {
        paths = stored_paths(index.location(), current, &[PathBuf::from(".")])?;
    }
    for path in &paths {
        let name = if path.as_bytes().is_empty() {
            ".".into()
        } else {
            path.to_text()
        };
        say(&format!("indexing `{name}`"));
    }
    let request = RefreshRequest {
        add: paths,
        ..RefreshRequest::default()
    };
    index.refresh(&request, &Bar::default())?;
    Ok(index)
}

/// Where an index is made. Nobody wants one of a whole disk or home by a query alone.
fn new_location(location: Location, current: &Path, args: &QueryArgs) -> anyhow::Result<Location> {
    let is_home = |folder: &Path| std::env::home_dir().is_some_and(|home| home == folder);
    let covers = |folder: &Path| folder.parent().is_none() || is_home(folder);
    let paths: Vec<PathBuf> = args.paths.iter().map(|path| current.join(path)).collect();
    let covers_much = if paths.is_empty() {
        covers(current)
    } else {
        paths.iter().any(|path| covers(path))
    };
    if covers_much {
        bail!(
            "there is no index here, and this is the root or home folder; name a PATH, or make one with `excerpt index .`"
        );
    }
    Ok(location)
}

fn search_request(args: &QueryArgs, within: Vec<StoredPath>) -> SearchRequest {
    let wants_text = !(args.files_with_matches || args.count || args.quiet);
    let limit = match args.limit {
        Some(limit) => Some(limit),
        None if args.files_with_matches => None,
        None if args.count || args.quiet => Some(0),
        None => Some(DEFAULT_LIMIT),
    };
    SearchRequest {
        mode: Mode {
            any: args.any,
            plain: args.plain,
            phrase: args.phrase,
        },
        within,
        limit,
        offset: args.offset,
        sort: args.sort.into(),
        passages: if wants_text {
            usize::from(args.passages)
        } else {
            0
        },
        width_chars: args.width as usize,
    }
}

fn print(results: &SearchResults, args: &QueryArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    if args.quiet {
        return Ok(());
    }
    if args.count {
        let matched = results.summary.matched.saturating_sub(args.offset as u64);
        let limited = args
            .limit
            .map_or(matched, |limit| matched.min(limit as u64));
        return Ok(writeln!(out, "{limited}")?);
    }
    if args.files_with_matches {
        return Ok(printer::print_paths(results, args.null, out)?);
    }
    let name = if args.json {
        "ndjson"
    } else {
        args.format.as_str()
    };
    match printer::format_named(name) {
        Some(format) => Ok(format.print(results, style(args), out)?),
        None => bail!("no output format `{name}`"),
    }
}

fn style(args: &QueryArgs) -> Style {
    let is_terminal = io::stdout().is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match args.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            is_terminal && !no_color && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    let columns =
        || terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
    Style {
        color,
        width: is_terminal.then(columns),
        scores: args.scores,
    }
}

/// The sources below the paths that could not be read; where `strict` also those that were skipped.
fn unread_within(index: &Index, within: &[StoredPath], strict: bool) -> Vec<(Record, Reason)> {
    let catalog = index.catalog();
    let unread = catalog
        .sources()
        .filter_map(|source| match catalog.outcome(source)?.0 {
            Outcome::Unread(reason) if strict || reason.kind() == ReasonKind::Failed => {
                Some((catalog.record(source)?, reason))
            }
            _ => None,
        });
    unread
        .filter(|(record, _)| {
            within.is_empty() || within.iter().any(|path| record.path.is_under(path))
        })
        .collect()
}

/// What people at a terminal want to know beside the hits.
fn say_more(results: &SearchResults, args: &QueryArgs) {
    let summary = &results.summary;
    match summary.refresh {
        RefreshState::Busy => {
            say("another process is refreshing the index; this answers from its last state");
        }
        RefreshState::ReadOnly if summary.stale != Some(0) => {
            say("the index cannot be written; this answers from its last state");
        }
        _ => {}
    }
    if args.quiet || args.count || args.files_with_matches {
        return;
    }
    let shown = args.offset as u64 + results.hits.len() as u64;
    if summary.matched == 0 {
        say_to_people(&format!(
            "no hit in {} sections of {} files",
            summary.sections, summary.files
        ));
    } else if shown < summary.matched {
        say_to_people(&format!(
            "{shown} of {} hits; -k {} shows all",
            summary.matched, summary.matched
        ));
    }
}
