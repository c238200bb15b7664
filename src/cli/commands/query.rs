//! `excerpt query`: refreshes, searches, prints.

use std::io::{self, IsTerminal, Write};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use anyhow::Context;

use super::hints::{say_hints, suggested};
use super::open::{Purpose, open, say_state, with_words};
use super::paths::{Holds, within};
use super::{Workspace, end_status, read_input};
use crate::cli::args::{ColorArg, QueryArgs};
use crate::cli::error::{self, say, say_to_people};
use crate::cli::exit_status::Status;
use crate::printer::{self, OutputFormat, Style};
use crate::search::{
    Coverage, Detail, Error, Index, RefreshState, SearchHit, SearchRequest, SearchResults,
};
use crate::source::StoredPath;
use crate::source::trust::MAX_LIST_BYTES;

/// The hits shown where no number is given.
const DEFAULT_LIMIT: usize = 10;
/// How many queries of a batch are answered before their answers are printed.
const ANSWERED_TOGETHER: usize = 256;
/// The width of a terminal that does not say.
const DEFAULT_WIDTH: usize = 80;

/// Answers the query, or the queries, of the arguments.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &QueryArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if args.schema {
        write!(out, "{}", printer::SCHEMA)?;
        return Ok(Status::Success);
    }
    let queries = queries(args)?;
    let paths = paths(args);
    let index = open(workspace, &paths, &args.freshness, Purpose::Answer)?;
    let mut index = with_words(index, &args.words)?.with_limits(args.limits.limits());
    let within = within(&index, &workspace.locate()?.0, &paths, Holds::Anything)?;
    let format = format(args)?;
    let request = search_request(args, format, within.clone());
    let mut answers = Answers {
        request: &request,
        args,
        format,
        has_hits: false,
        has_failed: false,
        unverified: 0,
        printed: 0,
    };
    for some in queries.chunks(ANSWERED_TOGETHER) {
        let found = search_verified(&mut index, some, &request)?;
        for (asked, found) in some.iter().zip(found) {
            answers.answer(&index, asked, found, out)?;
        }
    }
    answers.end(out)?;
    let is_excused = args.quiet && answers.has_hits;
    if is_excused {
        return Ok(answers.status());
    }
    if args.strictness.strict && answers.unverified > 0 {
        say(&format!(
            "{} hits are not what their files say now",
            answers.unverified
        ));
        answers.has_failed = true;
    }
    Ok(end_status(
        &index,
        &within,
        args.strictness.strict,
        answers.status(),
    ))
}

/// The answers to some queries. A hit that its file does not verify has the file read again, and the queries answered
/// again, once: the index did not see a change.
fn search_verified(
    index: &mut Index,
    some: &[Asked],
    request: &SearchRequest,
) -> anyhow::Result<Vec<Result<SearchResults, Error>>> {
    let found = search_all(index, some, request);
    let is_fresh = matches!(
        index.coverage(&request.within).refresh,
        RefreshState::Done | RefreshState::Partial
    );
    let mut files: Vec<StoredPath> = unverified(&found).cloned().collect();
    files.sort();
    files.dedup();
    if files.is_empty() || !is_fresh || !index.reread(files)? {
        return Ok(found);
    }
    Ok(search_all(index, some, request))
}

/// The paths of the hits that their files do not verify.
fn unverified(found: &[Result<SearchResults, Error>]) -> impl Iterator<Item = &StoredPath> {
    let hits = found.iter().flatten().flat_map(|results| &results.hits);
    hits.filter(|hit| hit.verified == Some(false))
        .map(|hit| &hit.path)
}

/// The answers to some queries, in their order; found on all cores.
fn search_all(
    index: &Index,
    some: &[Asked],
    request: &SearchRequest,
) -> Vec<Result<SearchResults, Error>> {
    let search = |asked: &Asked| index.search(&asked.text, request);
    let cores = thread::available_parallelism().map_or(1, usize::from);
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

/// A query of the command line or of a batch.
struct Asked {
    text: String,
    id: Option<String>,
    /// The line of the batch, 1-based.
    line: Option<usize>,
}

fn queries(args: &QueryArgs) -> anyhow::Result<Vec<Asked>> {
    let Some(file) = &args.queries else {
        let text = args.query.clone().unwrap_or_default();
        return Ok(vec![Asked {
            text,
            id: None,
            line: None,
        }]);
    };
    let bytes = read_input(file, MAX_LIST_BYTES)?;
    let text =
        String::from_utf8(bytes).with_context(|| format!("`{}` is not UTF-8", file.display()))?;
    let asked = |(i, line): (usize, &str)| {
        let (id, text) = match line.split_once('\t') {
            Some((id, text)) => (id.to_string(), text.to_string()),
            None => ((i + 1).to_string(), line.to_string()),
        };
        Asked {
            text,
            id: Some(id),
            line: Some(i + 1),
        }
    };
    let lines = text
        .strip_prefix('\u{feff}')
        .unwrap_or(&text)
        .lines()
        .enumerate();
    Ok(lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(asked)
        .collect())
}

/// With a batch there is no QUERY, so that the first argument is a path already.
fn paths(args: &QueryArgs) -> Vec<PathBuf> {
    let first = args
        .query
        .iter()
        .filter(|_| args.queries.is_some())
        .map(PathBuf::from);
    first.chain(args.paths.iter().cloned()).collect()
}

/// Prints answers as they come, and keeps what the exit status needs.
struct Answers<'a> {
    request: &'a SearchRequest,
    args: &'a QueryArgs,
    format: &'static OutputFormat,
    has_hits: bool,
    has_failed: bool,
    /// The hits that their files do not verify.
    unverified: usize,
    printed: usize,
}

impl Answers<'_> {
    fn answer(
        &mut self,
        index: &Index,
        asked: &Asked,
        found: Result<SearchResults, Error>,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let mut results = match (found, asked.line) {
            (Ok(results), _) => results,
            (Err(error), None) => return Err(error.into()),
            (Err(error), Some(line)) => {
                self.has_failed = true;
                error::report(&anyhow::Error::from(error).context(format!("line {line}")));
                return Ok(());
            }
        };
        results.query_id.clone_from(&asked.id);
        self.has_hits |= results.summary.matched > 0;
        let is_unverified = |hit: &&SearchHit| hit.verified == Some(false);
        self.unverified += results.hits.iter().filter(is_unverified).count();
        self.print(&results, out)?;
        if asked.line.is_none() {
            out.flush()?;
            self.say_more(index, &asked.text, &results)?;
        }
        Ok(())
    }

    fn print(&mut self, results: &SearchResults, out: &mut dyn Write) -> anyhow::Result<()> {
        let args = self.args;
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
        let [begin, between, _] = self.format.around;
        let before = if self.printed == 0 { begin } else { between };
        out.write_all(before.as_bytes())?;
        self.printed += 1;
        Ok(self.format.print(results, style(args), out)?)
    }

    fn end(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let [begin, _, end] = self.format.around;
        let prints = !(self.args.quiet || self.args.count || self.args.files_with_matches);
        if prints {
            let missing = if self.printed == 0 { begin } else { "" };
            write!(out, "{missing}{end}")?;
        }
        Ok(out.flush()?)
    }

    /// Says what people want to know beside the hits, and what would have matched where nothing does.
    fn say_more(&self, index: &Index, text: &str, results: &SearchResults) -> anyhow::Result<()> {
        say_state(index, &results.summary.coverage);
        let args = self.args;
        if args.quiet || args.count || args.files_with_matches {
            return Ok(());
        }
        say_more(results, args);
        say_hints(index, text, self.request.mode)?;
        if results.summary.matched == 0
            && let Some(suggestion) = index.suggest(text, self.request)?
        {
            say(&suggested(&suggestion));
        }
        Ok(())
    }

    fn status(&self) -> Status {
        match (self.has_failed, self.has_hits) {
            (true, _) => Status::Error,
            (false, true) => Status::Success,
            (false, false) => Status::NothingFound,
        }
    }
}

fn format(args: &QueryArgs) -> anyhow::Result<&'static OutputFormat> {
    let name = args.format_name();
    printer::format_named(name).with_context(|| format!("no output format `{name}`"))
}

fn search_request(
    args: &QueryArgs,
    format: &OutputFormat,
    within: Vec<StoredPath>,
) -> SearchRequest {
    let wants_text = !(args.files_with_matches || args.count || args.quiet);
    let is_strict = args.strictness.strict;
    let limit = match args.limit {
        Some(limit) => Some(limit),
        // Each hit is held against its file.
        None if is_strict && (args.count || args.quiet) => None,
        None if args.files_with_matches => None,
        None if args.count || args.quiet => Some(0),
        None => Some(DEFAULT_LIMIT),
    };
    SearchRequest {
        mode: args.mode.mode(),
        within,
        limit,
        offset: args.offset,
        sort: args.sort.into(),
        detail: match (wants_text, is_strict) {
            (_, true) => Detail::Passages,
            (true, false) => format.detail,
            (false, false) => Detail::Paths,
        },
        passages: usize::from(args.passages),
        width_chars: args.width as usize,
        count_up_to: (!args.count).then_some(COUNTED),
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

/// Up to so many hits are counted where only the best are wanted.
const COUNTED: u64 = 1000;

/// What people want to know beside the hits.
fn say_more(results: &SearchResults, args: &QueryArgs) {
    let summary = &results.summary;
    if !summary.optional.is_empty() {
        let words: Vec<String> = (summary.optional.iter())
            .map(|word| format!("`{word}`"))
            .collect();
        say_to_people(&format!("not required: {}", words.join(", ")));
    }
    let shown = args.offset as u64 + results.hits.len() as u64;
    if summary.matched == 0 {
        say_to_people(&no_hit(&summary.coverage));
    } else if shown < summary.matched {
        say_to_people(&match summary.matched_exact {
            true => format!("{shown} of {0} hits; -k {0} shows all", summary.matched),
            false => format!(
                "{shown} of more than {} hits; -c counts them",
                summary.matched
            ),
        });
    }
}

/// What "no hit" rests on.
fn no_hit(coverage: &Coverage) -> String {
    let Coverage {
        sections,
        files,
        skipped,
        ..
    } = coverage;
    let left_out = match skipped {
        0 => String::new(),
        _ => format!("; skipped files: {skipped} (`excerpt status` names them)"),
    };
    format!("no hit in {sections} sections of {files} files{left_out}")
}
