//! The arguments of `excerpt query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::numbers::{number_of_hits, number_within, rank};
use super::output::OutputArgs;
use super::shared::{FreshnessArgs, ModeArgs, QueryLimitArgs, StrictnessArgs, WordArgs};
use crate::engine::Sort;

/// What stands before the arguments.
pub(super) const QUERY_SYNTAX: &str = "\
Query syntax:
  minsk agreements          both words, in any inflection (--any: either)
  \"minsk agreements\"        this phrase, these words as written
  \"minsk agreements\"~3      the phrase within 3 moves
  =US  =\"The US\"            this spelling: case and accents count
  agree*  agrement~         prefix; fuzzy (~2: two edits)
  a OR b, a AND b, -a, ( )  operators; AND binds tighter
  title:x heading:x body:x  in that field only
  path:news/** lang:en author:smith date:2014..2015   filters
  word^2                    weight
";

pub(super) const QUERY_HELP: &str = "\
Examples:
  excerpt query '\"Minsk agreements\"' news       a phrase, in the folder news
  excerpt query --plain --any 'who signed it?'   a question as people write it
  excerpt query -l 'date:2014.. author:smith'    the files that pass filters
  excerpt query --open 1 ceasefire               the best hit in $VISUAL or $EDITOR
  excerpt query --each mention --format csv minsk   a row for each mention

Words are looked for in text, headings, titles and the names of files; wifi
finds wi-fi too, and view finds ListView, but not in quotes.
A query that begins with - needs -- before it.
Exit status: 0 at least one hit, 1 none, 2 an error or an unreadable file.";

#[derive(Debug, Args)]
pub(in crate::cli) struct QueryArgs {
    /// What to search for
    #[arg(required_unless_present_any = ["queries", "schema"])]
    pub(in crate::cli) query: Option<String>,
    /// Only sections below these files and folders
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Read the queries from FILE, one a line, in QUERY's place; - for standard input. What stands before a TAB is a
    /// query's id, else the line's number is
    #[arg(
        short = 'f',
        long,
        value_name = "FILE",
        help_heading = "What is searched"
    )]
    pub(in crate::cli) queries: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) mode: ModeArgs,
    #[command(flatten)]
    pub(in crate::cli) words: WordArgs,
    #[command(flatten)]
    pub(in crate::cli) amount: AmountArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) strictness: StrictnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
}

/// How many hits are shown, which, and how much of each.
#[derive(Debug, Args)]
#[command(next_help_heading = "How much")]
pub(in crate::cli) struct AmountArgs {
    /// Show the first N hits [default: 10; with -l and -c all]
    #[arg(short = 'k', long, value_name = "N", value_parser = number_of_hits)]
    pub(in crate::cli) limit: Option<usize>,
    /// Show all hits
    #[arg(long, conflicts_with = "limit")]
    pub(in crate::cli) all: bool,
    /// Skip the first N hits
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) offset: usize,
    /// Show up to N passages of each hit
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = number_within::<u16>(1, 100))]
    pub(in crate::cli) passages: u16,
    /// Show passages of about CHARS characters
    #[arg(long, value_name = "CHARS", default_value_t = 300, value_parser = number_within::<u32>(20, 100_000))]
    pub(in crate::cli) width: u32,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = SortArg::Score)]
    pub(in crate::cli) sort: SortArg,
    /// Reverse the order; with --sort date the oldest come first
    #[arg(short, long, overrides_with = "no_reverse")]
    pub(in crate::cli) reverse: bool,
    #[arg(long, hide = true, overrides_with = "reverse")]
    no_reverse: bool,
    /// Open the N-th hit in $VISUAL or $EDITOR, at its line; else show its section in $PAGER
    #[arg(
        long,
        value_name = "N",
        value_parser = rank,
        conflicts_with_all = ["queries", "count", "files_with_matches", "quiet", "format", "json", "each", "limit", "all"]
    )]
    pub(in crate::cli) open: Option<usize>,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SortArg {
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

impl From<Sort> for SortArg {
    fn from(sort: Sort) -> SortArg {
        match sort {
            Sort::Score => SortArg::Score,
            Sort::Path => SortArg::Path,
            Sort::Date => SortArg::Date,
        }
    }
}
