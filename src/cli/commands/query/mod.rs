//! `excerpt query`: refreshes, searches, prints.

mod answers;
mod batch;
mod messages;
mod opening;

use std::io::Write;
use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};

use self::answers::Answers;
use self::batch::{Asked, AskedResult, paths, queries};
use self::opening::open_hit;
use super::open::{Purpose, open, with_words};
use super::paths::{Holds, inputs_among_sources, within};
use super::{Workspace, end_status};
use crate::cli::args::QueryArgs;
use crate::cli::error::say;
use crate::cli::exit_status::Status;
use crate::cli::terminal::style;
use crate::printer::{self, Each, OutputFormat, counted};
use crate::search::{Detail, Error, Index, RefreshState, SearchRequest, SearchTimes};
use crate::source::StoredPath;

/// The hits shown where no number is given.
const DEFAULT_LIMIT: usize = 10;
/// How many queries of a batch are answered before their answers are printed.
const ANSWERED_TOGETHER: usize = 256;
/// How many queries of a batch a cluster is asked at once.
const ASKED_AT_ONCE: usize = 8;
/// Up to so many hits are counted where only the best are wanted.
const COUNTED: u64 = 1000;

/// Answers the query, or the queries, of the arguments.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &QueryArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if args.output.schema {
        write!(out, "{}", printer::SCHEMA)?;
        return Ok(Status::Success);
    }
    let format = format(args)?;
    let (current, _) = workspace.locate()?;
    let style = style(args, &current)?;
    let queries = queries(args)?;
    let begun = Instant::now();
    let (index, within) = opened(workspace, args)?;
    let refresh = begun.elapsed().as_secs_f64();
    let index = with_words(index, &args.words)?.with_limits(args.limits.limits());
    // The process ends with the answers: to unmap the files of the index one by one before it does takes longer.
    let mut index = ManuallyDrop::new(index.seen_from(&current));
    let mut request = search_request(args, format, within.clone());
    let inputs = [args.queries.as_deref(), args.words.aliases.as_deref()];
    request.without = inputs_among_sources(&index, &current, inputs.into_iter().flatten())?;
    let mut answers = Answers::new(&request, args, format, style);
    for some in queries.chunks(ANSWERED_TOGETHER) {
        let mut found = search_verified(&mut index, some, &request)?;
        for results in found.iter_mut().flatten().flatten() {
            let search = results.times.map_or(0.0, |times| times.search);
            let times = SearchTimes {
                refresh,
                search,
                traffic: index.traffic(),
            };
            results.times = args.output.stats.then_some(times);
        }
        for (asked, found) in some.iter().zip(found) {
            match (args.amount.open, found) {
                (Some(rank), Ok(found)) => open_hit(&index, &current, &found?, rank, out)?,
                (_, found) => answers.answer(&index, asked, found, out)?,
            }
        }
    }
    if args.amount.open.is_some() {
        return Ok(Status::Success);
    }
    answers.end(out)?;
    if args.output.quiet && answers.has_hits {
        return Ok(answers.status());
    }
    if args.strictness.strict && answers.unverified > 0 {
        let hits = counted(answers.unverified as u64, "hit differs", "hits differ");
        say(&format!("{hits} from what the files say now"));
        answers.has_failed = true;
    }
    let status = answers.status();
    end_status(&index, &within, args.strictness.strict, status)
}

/// The index, and the paths that the answers are restricted to.
fn opened(workspace: &Workspace, args: &QueryArgs) -> anyhow::Result<(Index, Vec<StoredPath>)> {
    let paths = paths(args);
    let open = || {
        let index = open(workspace, &paths, &args.freshness, Purpose::Answer)?;
        let within = within(&index, &workspace.locate()?.0, &paths, Holds::Anything)?;
        Ok((index, within))
    };
    open().map_err(|error: anyhow::Error| match (&args.queries, &args.query) {
        (Some(_), Some(_)) if error.downcast_ref::<Error>().is_none() => error.context(
            "with -f the queries come from the file, and what is named beside it is a PATH",
        ),
        _ => error,
    })
}

/// The answers to some queries. A hit that its file does not verify has the file read again, and the queries answered
/// again, once: the index did not see a change.
fn search_verified(
    index: &mut Index,
    some: &[Asked],
    request: &SearchRequest,
) -> anyhow::Result<Vec<AskedResult>> {
    let found = search_all(index, some, request);
    let is_fresh = matches!(
        index.coverage(&request.within)?.refresh,
        RefreshState::Done | RefreshState::Partial
    );
    let mut files: Vec<StoredPath> = unverified(&found).cloned().collect();
    files.sort();
    files.dedup();
    if files.is_empty() || !is_fresh || !index.reread(&files)? {
        return Ok(found);
    }
    Ok(search_all(index, some, request))
}

/// The paths of the hits that their files do not verify.
fn unverified(found: &[AskedResult]) -> impl Iterator<Item = &StoredPath> {
    let answered = found.iter().flatten().flatten();
    let hits = answered.flat_map(|results| &results.hits);
    hits.filter(|hit| hit.verified == Some(false))
        .map(|hit| &hit.path)
}

/// The answers to some queries, in their order; found on all cores.
fn search_all(index: &Index, some: &[Asked], request: &SearchRequest) -> Vec<AskedResult> {
    let search = |asked: &Asked| {
        let begun = Instant::now();
        let mut found = index.search(asked.text.as_ref().map_err(|why| *why)?, request);
        if let Ok(results) = &mut found {
            let search = begun.elapsed().as_secs_f64();
            let times = SearchTimes {
                refresh: 0.0,
                search,
                traffic: None,
            };
            results.times = Some(times);
        }
        Ok(found)
    };
    let cores = match index.location().is_remote() {
        // What is waited for is the cluster.
        true => ASKED_AT_ONCE,
        // To count the cores reads several files.
        false if some.len() == 1 => 1,
        false => thread::available_parallelism().map_or(1, usize::from),
    };
    if some.len() < cores || cores == 1 {
        return some.iter().map(search).collect();
    }
    let shares: Vec<&[Asked]> = some.chunks(some.len().div_ceil(cores)).collect();
    let answer = |share: &[Asked]| share.iter().map(search).collect::<Vec<_>>();
    thread::scope(|scope| {
        let start = |&share| thread::Builder::new().spawn_scoped(scope, move || answer(share));
        let searching: Vec<_> = shares.iter().map(start).collect();
        let found = searching.into_iter().zip(&shares).map(|(started, share)| {
            match started.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(found)) => found,
                Ok(Err(panic)) => resume_unwind(panic),
                // The system allows no more threads.
                Err(_) => answer(share),
            }
        });
        found.flatten().collect()
    })
}

fn format(args: &QueryArgs) -> anyhow::Result<&'static OutputFormat> {
    let name = args.output.format_name();
    let format = printer::format_named(name);
    let format = format.with_context(|| format!("no output format `{name}`"))?;
    if Each::from(args.output.each) == Each::Mention && !format.has_mentions {
        bail!("--format {name} is of hits, not of mentions");
    }
    Ok(format)
}

fn search_request(
    args: &QueryArgs,
    format: &OutputFormat,
    within: Vec<StoredPath>,
) -> SearchRequest {
    let (amount, output) = (&args.amount, &args.output);
    let is_strict = args.strictness.strict;
    let (limit, offset) = match amount.open {
        Some(rank) => (Some(1), amount.offset.saturating_add(rank - 1)),
        None => (limit(args), amount.offset),
    };
    SearchRequest {
        mode: args.mode.mode(),
        within,
        without: Vec::new(),
        limit,
        offset,
        sort: amount.sort.into(),
        reverse: amount.reverse,
        detail: match (output.shows_hits(), is_strict, output.each.into()) {
            (true, _, Each::Mention) => Detail::Mentions,
            (_, true, _) => Detail::Passages,
            (true, false, _) => format.detail,
            (false, false, _) => Detail::Paths,
        },
        passages: usize::from(amount.passages),
        width_chars: amount.width as usize,
        count_up_to: (!output.count).then_some(COUNTED),
    }
}

/// How many hits are looked at.
fn limit(args: &QueryArgs) -> Option<usize> {
    let (amount, output) = (&args.amount, &args.output);
    let counts = output.count || output.quiet;
    match amount.limit {
        Some(limit) => Some(limit),
        None if amount.all || output.files_with_matches => None,
        // Each hit is held against its file.
        None if counts && args.strictness.strict => None,
        None if counts => Some(0),
        None => Some(DEFAULT_LIMIT),
    }
}
