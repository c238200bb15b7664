//! The arguments of `excerpt query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::shared::{FreshnessArgs, ModeArgs, QueryLimitArgs, StrictnessArgs, WordArgs, names};
use crate::config::Color;
use crate::engine::Sort;
use crate::printer;

pub(super) const QUERY_HELP: &str = "\
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

#[derive(Debug, Args)]
pub(in crate::cli) struct QueryArgs {
    /// What to look for
    #[arg(required_unless_present_any = ["queries", "schema"])]
    pub(in crate::cli) query: Option<String>,
    /// Only sections below these files and folders
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Take the queries from FILE, one a line, in QUERY's place; - for standard input. What stands before a TAB is a
    /// query's id
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(in crate::cli) queries: Option<PathBuf>,
    /// How many hits [default: 10; with -l and -c all]
    #[arg(short = 'k', long, value_name = "N")]
    pub(in crate::cli) limit: Option<usize>,
    /// How many hits to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) offset: usize,
    /// How many passages a hit shows
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(in crate::cli) passages: u16,
    /// About how long a passage is
    #[arg(long, value_name = "CHARS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(in crate::cli) width: u32,
    #[command(flatten)]
    pub(in crate::cli) mode: ModeArgs,
    #[command(flatten)]
    pub(in crate::cli) words: WordArgs,
    /// Only the paths of files with hits, the best first
    #[arg(short = 'l', long)]
    pub(in crate::cli) files_with_matches: bool,
    /// Only the number of hits
    #[arg(short, long, conflicts_with = "files_with_matches")]
    pub(in crate::cli) count: bool,
    /// Nothing but the exit status
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
    /// The paths of -l end with NUL
    #[arg(short = '0', long, requires = "files_with_matches")]
    pub(in crate::cli) null: bool,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = SortArg::Score)]
    pub(in crate::cli) sort: SortArg,
    /// The output's format
    #[arg(
        long,
        value_parser = names(printer::FORMATS.iter().map(|f| (f.name, f.about))),
        default_value = "text",
        overrides_with = "json"
    )]
    pub(in crate::cli) format: String,
    /// The same as --format ndjson
    #[arg(long, overrides_with = "format")]
    pub(in crate::cli) json: bool,
    /// Print the JSON Schema of --format ndjson, and nothing else
    #[arg(long)]
    pub(in crate::cli) schema: bool,
    /// Show scores in text
    #[arg(long, overrides_with = "no_scores")]
    pub(in crate::cli) scores: bool,
    #[arg(long, hide = true, overrides_with = "scores")]
    no_scores: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: ColorArg,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) strictness: StrictnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
}

impl QueryArgs {
    /// The name of the output's format.
    pub(in crate::cli) fn format_name(&self) -> &str {
        if self.json { "ndjson" } else { &self.format }
    }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
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

impl From<Color> for ColorArg {
    fn from(color: Color) -> ColorArg {
        match color {
            Color::Auto => ColorArg::Auto,
            Color::Always => ColorArg::Always,
            Color::Never => ColorArg::Never,
        }
    }
}
