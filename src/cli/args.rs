//! The arguments, as clap reads them. Every switch has a `--no-` twin; the last one given wins.

mod eval;
mod explain;
mod logged;
mod quote;
mod shared;

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use self::eval::EVAL_HELP;
pub(super) use self::eval::EvalArgs;
pub(super) use self::explain::ExplainArgs;
use self::quote::QUOTE_HELP;
pub(super) use self::quote::QuoteArgs;
pub(super) use self::shared::FreshnessArgs;
use self::shared::{ModeArgs, QueryLimitArgs, StrictnessArgs, WaitArgs, names};
pub(super) use self::shared::{WordArgs, parse_language};
use crate::check;
use crate::engine::Sort;
use crate::format::GivenLimits;
use crate::printer;
use crate::source::WalkOptions;

/// Finds the passage: indexes folders of articles, and answers queries with ranked passages, exact highlights and
/// citations that open.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    max_term_width = 100,
    args_override_self = true,
    after_help = "Exit status: 0 at least one hit, holds, or done; 1 no hit, or does not hold; 2 an error."
)]
pub(super) struct Arguments {
    /// The index's folder [default: the nearest .excerpt in this folder or above]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "EXCERPT_INDEX",
        hide_env = true,
        value_parser = path_or_nothing()
    )]
    pub(super) index: Option<PathBuf>,
    /// The configuration [default: excerpt.toml beside the index's folder]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "EXCERPT_CONFIG",
        hide_env = true,
        value_parser = path_or_nothing()
    )]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Reads a path; an empty one, as of a variable that is set to nothing, stands for none.
fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Creates or refreshes the index of files and folders
    Index(IndexArgs),
    /// Answers a query with ranked passages
    #[command(visible_alias = "search", after_help = QUERY_HELP)]
    Query(Box<QueryArgs>),
    /// Shows how files are read: title, metadata and sections
    Outline(OutlineArgs),
    /// Runs assertion files: queries, and what their answers must hold
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Measures answers against judgements: nDCG, MAP and others, beside a baseline
    #[command(after_help = EVAL_HELP)]
    Eval(Box<EvalArgs>),
    /// Says of each quotation whether it stands in the sources, and where
    #[command(after_help = QUOTE_HELP)]
    Quote(QuoteArgs),
    /// Shows one section whole, with its citation
    Show(ShowArgs),
    /// Says why a section scored so, or did not match
    #[command(after_help = "Exit status: 0 explained, a hit or not; 2 an error.")]
    Explain(ExplainArgs),
    /// Shows what is indexed, skipped and stale
    Status(StatusArgs),
    /// Reads the whole index and its checksums: sound, or not and what to do
    #[command(after_help = "Exit status: 0 sound; 1 not sound; 2 an error.")]
    Verify(VerifyArgs),
    /// Prints a shell's completion script
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: ShellArg,
    },
    /// Prints the manual page of the program or of a command
    Man(ManArgs),
}

impl Command {
    /// The name of a command whose defaults are settings.
    pub(super) fn takes_settings(&self) -> Option<&'static str> {
        match self {
            Command::Query(_) => Some("query"),
            Command::Check(_) => Some("check"),
            Command::Eval(_) => Some("eval"),
            Command::Quote(_) => Some("quote"),
            Command::Explain(_) => Some("explain"),
            _ => None,
        }
    }

    /// Whether all hits count unless the command line itself gives a limit.
    pub(super) fn counts_all(&self) -> bool {
        matches!(self, Command::Query(args) if args.count || args.files_with_matches || args.quiet)
    }
}

const QUERY_HELP: &str = "\
Query syntax:
  minsk agreements          both words, in any inflection (--any: either)
  \"minsk agreements\"        this phrase, these words as written
  \"minsk agreements\"~3      the phrase within 3 moves
  agree*  agrement~         prefix; fuzzy (~2: two edits)
  a OR b, a AND b, -a, ( )  operators; AND binds tighter
  title:x heading:x body:x  in that field only
  path:news/** lang:en author:smith date:2014..2015   filters
  word^2                    weight

A query that begins with - needs -- before it.
Exit status: 0 at least one hit, 1 none, 2 an error or an unreadable file.";

const CHECK_HELP: &str = "\
Assertion files are TOML:
  [[case]]
  name = \"the Minsk agreements are covered\"
  query = '\"Minsk agreements\"'          # any, plain, phrase = true as the flags of `query`
  min_hits = 1                          # also max_hits, hits
  path = \"news/x.txt\"                   # this path or glob among the first `top` hits
  top = 3                               # 10 where it is not given
  heading = \"The Ukraine Conflict\"      # in that hit's headings
  passage = \"the Minsk agreements\"      # in that hit's text
  score_above = 1.5                     # that hit's score
  first = \"news/*\"                      # the path of the first hit
  absent = [\"drafts/**\"]                # no hit here

Exit status: 0 all cases hold, 1 some do not, 2 an error.";

/// Which files are indexed.
#[derive(Debug, Args)]
pub(super) struct WalkArgs {
    /// Only files that match; with a leading ! those that do not
    #[arg(short, long = "glob", value_name = "GLOB")]
    pub(super) globs: Vec<String>,
    /// Walk hidden files and folders too
    #[arg(long, overrides_with = "no_hidden")]
    pub(super) hidden: bool,
    #[arg(long, hide = true, overrides_with = "hidden")]
    pub(super) no_hidden: bool,
    /// Do not honour .gitignore, .ignore and .excerptignore
    #[arg(long, overrides_with = "ignore")]
    pub(super) no_ignore: bool,
    #[arg(long, hide = true, overrides_with = "no_ignore")]
    pub(super) ignore: bool,
    /// Follow links
    #[arg(short = 'L', long, overrides_with = "no_follow")]
    pub(super) follow: bool,
    #[arg(long, hide = true, overrides_with = "follow")]
    pub(super) no_follow: bool,
}

impl WalkArgs {
    /// The options, where any was given.
    pub(super) fn options(&self) -> Option<WalkOptions> {
        let options = WalkOptions {
            globs: self.globs.clone(),
            hidden: self.hidden,
            no_ignore: self.no_ignore,
            follow: self.follow,
        };
        let given = self.no_hidden || self.ignore || self.no_follow;
        (given || options != WalkOptions::default()).then_some(options)
    }
}

/// Bounds on what is read of a file; one that goes beyond is skipped or fails, and named.
#[derive(Debug, Args)]
pub(super) struct LimitArgs {
    /// Skip larger files; a number of bytes, with K, M or G [default: 64M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    max_filesize: Option<u64>,
    /// Skip files whose elements nest deeper [default: 200000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_nesting: Option<u64>,
    /// Skip files of more elements (tags, paragraphs, list items) [default: 10000000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_elements: Option<u64>,
    /// Skip files of more sections [default: 50000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_sections: Option<u64>,
    /// Give a file up that takes more steps to read, a few for each byte [default: 1000000000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_steps: Option<u64>,
}

impl LimitArgs {
    /// The limits that were given.
    pub(super) fn given(&self) -> GivenLimits {
        GivenLimits {
            max_filesize: self.max_filesize,
            max_nesting: self.max_nesting,
            max_elements: self.max_elements,
            max_sections: self.max_sections,
            max_steps: self.max_steps,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct IndexArgs {
    /// Files and folders; - for standard input [default: what the index covers, or .]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) walk: WalkArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// Read the paths of files from FILE, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// The paths of --files-from end with NUL
    #[arg(short = '0', long, requires = "files_from")]
    pub(super) null: bool,
    /// The name, with its ending, that standard input is indexed under
    #[arg(long, value_name = "NAME", default_value = "stdin.txt")]
    pub(super) stdin_name: PathBuf,
    /// Accept that a folder is gone or empty where it had files; build an index of a newer version anew
    #[arg(long)]
    pub(super) force: bool,
    /// Read all files again, whatever their times say
    #[arg(long)]
    pub(super) rehash: bool,
    #[command(flatten)]
    pub(super) waiting: WaitArgs,
    #[command(flatten)]
    pub(super) strictness: StrictnessArgs,
    /// The report's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The report's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// What to look for
    #[arg(required_unless_present_any = ["queries", "schema"])]
    pub(super) query: Option<String>,
    /// Only sections below these files and folders
    pub(super) paths: Vec<PathBuf>,
    /// Take the queries from FILE, one a line, in QUERY's place; - for standard input. What stands before a TAB is a
    /// query's id
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(super) queries: Option<PathBuf>,
    /// How many hits [default: 10; with -l and -c all]
    #[arg(short = 'k', long, value_name = "N")]
    pub(super) limit: Option<usize>,
    /// How many hits to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) offset: usize,
    /// How many passages a hit shows
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(super) passages: u16,
    /// About how long a passage is
    #[arg(long, value_name = "CHARS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(super) width: u32,
    #[command(flatten)]
    pub(super) mode: ModeArgs,
    #[command(flatten)]
    pub(super) words: WordArgs,
    /// Only the paths of files with hits, the best first
    #[arg(short = 'l', long)]
    pub(super) files_with_matches: bool,
    /// Only the number of hits
    #[arg(short, long, conflicts_with = "files_with_matches")]
    pub(super) count: bool,
    /// Nothing but the exit status
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// The paths of -l end with NUL
    #[arg(short = '0', long, requires = "files_with_matches")]
    pub(super) null: bool,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = SortArg::Score)]
    pub(super) sort: SortArg,
    /// The output's format
    #[arg(
        long,
        value_parser = names(printer::FORMATS.iter().map(|f| (f.name, f.about))),
        default_value = "text",
        overrides_with = "json"
    )]
    pub(super) format: String,
    /// The same as --format ndjson
    #[arg(long, overrides_with = "format")]
    pub(super) json: bool,
    /// Print the JSON Schema of --format ndjson, and nothing else
    #[arg(long)]
    pub(super) schema: bool,
    /// Show scores in text
    #[arg(long, overrides_with = "no_scores")]
    pub(super) scores: bool,
    #[arg(long, hide = true, overrides_with = "scores")]
    no_scores: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    pub(super) color: ColorArg,
    #[command(flatten)]
    pub(super) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(super) strictness: StrictnessArgs,
    #[command(flatten)]
    pub(super) limits: QueryLimitArgs,
}

impl QueryArgs {
    /// The name of the output's format.
    pub(super) fn format_name(&self) -> &str {
        if self.json { "ndjson" } else { &self.format }
    }
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The assertion files
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The output's format
    #[arg(long, value_parser = names(check::REPORTS.iter().map(|r| (r.name, r.about))), default_value = "text")]
    pub(super) format: String,
    /// Write JUnit XML to FILE too
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Give the cases without expectations those that hold now, and write the files
    #[arg(long)]
    pub(super) update: bool,
    #[command(flatten)]
    pub(super) words: WordArgs,
    #[command(flatten)]
    pub(super) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(super) strictness: StrictnessArgs,
    #[command(flatten)]
    pub(super) limits: QueryLimitArgs,
}

#[derive(Debug, Args)]
pub(super) struct OutlineArgs {
    /// The files
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Show the sections' text too
    #[arg(long, overrides_with = "no_text")]
    pub(super) text: bool,
    #[arg(long, hide = true, overrides_with = "text")]
    no_text: bool,
    /// Show why lines count as headings, or do not
    #[arg(long, overrides_with = "no_explain")]
    pub(super) explain: bool,
    #[arg(long, hide = true, overrides_with = "explain")]
    no_explain: bool,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The section's id, such as news/x.txt#top
    pub(super) id: String,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Show the settings instead, and where each comes from; those of FILE where it is named
    #[arg(id = "config", long, value_name = "FILE")]
    pub(super) settings: Option<Option<PathBuf>>,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command
    pub(super) command: Option<String>,
}

/// Shells that complete arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShellArg {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    Nushell,
}

/// Formats of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Ndjson,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SortArg {
    /// Best first
    Score,
    /// By path, then by order in the article
    Path,
    /// Newest first, without a date last
    Date,
}

impl From<SortArg> for Sort {
    fn from(sort: SortArg) -> Sort {
        match sort {
            SortArg::Score => Sort::Score,
            SortArg::Path => Sort::Path,
            SortArg::Date => Sort::Date,
        }
    }
}

pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let units = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30)];
    let unit = units
        .iter()
        .find(|(letter, _)| text.to_ascii_uppercase().ends_with(*letter));
    let digits = if unit.is_some() {
        &text[..text.len() - 1]
    } else {
        text
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a number of bytes, with K, M or G".to_string())?;
    number
        .checked_mul(unit.map_or(1, |&(_, factor)| factor))
        .ok_or_else(|| "too large".to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("12"), Ok(12));
        assert_eq!(parse_size("2k"), Ok(2048));
        assert_eq!(parse_size("1G"), Ok(1 << 30));
        assert!(
            parse_size("x").is_err()
                && parse_size("").is_err()
                && parse_size("99999999999G").is_err()
        );
    }
}
