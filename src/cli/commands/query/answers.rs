//! Prints answers as they come, and keeps what the exit status needs.

use std::io::{self, IsTerminal, Write};

use anyhow::anyhow;

use super::batch::{Asked, AskedResult};
use super::messages::{no_hit, not_required, said_first, suggested, took};
use crate::cli::args::QueryArgs;
use crate::cli::commands::hints::say_hints;
use crate::cli::commands::open::say_state;
use crate::cli::error::{self, say, say_to_people};
use crate::cli::exit_status::Status;
use crate::printer::{self, OutputFormat, PathLines, Style};
use crate::search::{Index, SearchHit, SearchRequest, SearchResults};

/// Prints answers as they come, and keeps what the exit status needs.
pub(super) struct Answers<'a> {
    request: &'a SearchRequest,
    args: &'a QueryArgs,
    format: &'static OutputFormat,
    style: Style,
    pub(super) has_hits: bool,
    pub(super) has_failed: bool,
    /// The hits that their files do not verify.
    pub(super) unverified: usize,
    printed: usize,
}

impl<'a> Answers<'a> {
    pub(super) fn new(
        request: &'a SearchRequest,
        args: &'a QueryArgs,
        format: &'static OutputFormat,
        style: Style,
    ) -> Answers<'a> {
        Answers {
            request,
            args,
            format,
            style,
            has_hits: false,
            has_failed: false,
            unverified: 0,
            printed: 0,
        }
    }

    pub(super) fn answer(
        &mut self,
        index: &Index,
        asked: &Asked,
        found: AskedResult,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let found = match found {
            Ok(found) => found.map_err(anyhow::Error::from),
            Err(why) => Err(anyhow!(why)),
        };
        let mut results = match (found, asked.line) {
            (Ok(results), _) => results,
            (Err(error), None) => return Err(error),
            (Err(error), Some(line)) => {
                self.has_failed = true;
                error::report(&error.context(format!("{}: line {line}", self.batch_name())));
                return Ok(());
            }
        };
        results.query_id.clone_from(&asked.id);
        self.has_hits |= results.summary.matched > 0;
        let is_unverified = |hit: &&SearchHit| hit.verified == Some(false);
        self.unverified += results.hits.iter().filter(is_unverified).count();
        let is_alone = asked.line.is_none();
        if is_alone && self.args.output.shows_hits() && !self.style.totals {
            said_first(&results)
                .iter()
                .for_each(|said| say_to_people(said));
        }
        self.print(&results, out)?;
        if let Some(times) = results.times.filter(|_| !self.format.has_records) {
            out.flush()?;
            say(&took(times));
        }
        if is_alone {
            out.flush()?;
            self.say_more(index, &results)?;
        }
        Ok(())
    }

    /// How the file of the queries is called.
    fn batch_name(&self) -> String {
        match &self.args.queries {
            Some(file) if file.as_os_str() != "-" => format!("`{}`", file.display()),
            _ => "standard input".to_string(),
        }
    }

    fn print(&mut self, results: &SearchResults, out: &mut dyn Write) -> anyhow::Result<()> {
        let output = &self.args.output;
        if output.quiet {
            return Ok(());
        }
        if output.count {
            return self.print_count(results, out);
        }
        if output.files_with_matches {
            let lines = match (output.null, io::stdout().is_terminal()) {
                (true, _) => PathLines::Null,
                (false, true) => PathLines::Clean,
                (false, false) => PathLines::Raw,
            };
            return Ok(printer::print_paths(results, &self.style, lines, out)?);
        }
        let [begin, between, _] = self.format.around(&self.style);
        let before = if self.printed == 0 { begin } else { between };
        out.write_all(before.as_bytes())?;
        self.printed += 1;
        Ok(self.format.print(results, &self.style, out)?)
    }

    fn print_count(&self, results: &SearchResults, out: &mut dyn Write) -> anyhow::Result<()> {
        let amount = &self.args.amount;
        let matched = results.summary.matched.saturating_sub(amount.offset as u64);
        let most = amount.limit.map_or(u64::MAX, |limit| limit as u64);
        if let Some(id) = &results.query_id {
            write!(out, "{}\t", printer::clean(id))?;
        }
        Ok(writeln!(out, "{}", matched.min(most))?)
    }

    pub(super) fn end(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let [begin, _, end] = self.format.around(&self.style);
        if self.args.output.shows_hits() {
            let missing = if self.printed == 0 { begin } else { "" };
            write!(out, "{missing}{end}")?;
        }
        Ok(out.flush()?)
    }

    /// Says what the answer rests on where it is not the present state, and what would have matched where nothing does.
    fn say_more(&self, index: &Index, results: &SearchResults) -> anyhow::Result<()> {
        say_state(index, &results.summary.coverage);
        if let Some(words) = not_required(&results.summary.optional) {
            say_to_people(&words);
        }
        if self.args.output.shows_hits() {
            say_hints(index, results, self.request)?;
        }
        if !self.args.output.shows_hits() || results.summary.matched > 0 {
            return Ok(());
        }
        let coverage = &results.summary.coverage;
        // Where there is nothing to search, scripts have to know why too.
        if coverage.files == 0 || io::stderr().is_terminal() {
            let others = index.other_files(&self.request.within)?;
            say(&no_hit(coverage, &others));
        }
        if let Some(suggestion) = index.suggest(&results.query, self.request)? {
            say(&suggested(&suggestion));
        }
        Ok(())
    }

    pub(super) fn status(&self) -> Status {
        match (self.has_failed, self.has_hits) {
            (true, _) => Status::Error,
            (false, true) => Status::Success,
            (false, false) => Status::NothingFound,
        }
    }
}
