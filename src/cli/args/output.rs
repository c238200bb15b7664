//! How `excerpt query` prints what it found.

use clap::{Args, ValueEnum};

use super::shared::names;
use crate::config::Color;
use crate::printer::{self, Each};

/// How hits are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// Print only the paths of files with hits, the best first
    #[arg(short = 'l', long, conflicts_with_all = ["count", "quiet", "format", "json", "each"])]
    pub(in crate::cli) files_with_matches: bool,
    /// Print only the number of hits
    #[arg(short, long, conflicts_with_all = ["quiet", "format", "json", "each"])]
    pub(in crate::cli) count: bool,
    /// Print nothing; only the exit status tells
    #[arg(short, long, conflicts_with_all = ["format", "json", "each"])]
    pub(in crate::cli) quiet: bool,
    /// End the paths of -l with NUL
    #[arg(
        short = '0',
        long,
        requires = "files_with_matches",
        conflicts_with_all = ["count", "quiet", "format", "json", "each", "open"]
    )]
    pub(in crate::cli) null: bool,
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
    /// What a record, a row or a line is made for
    #[arg(long, value_enum, default_value_t = EachArg::Hit)]
    pub(in crate::cli) each: EachArg,
    /// Print the JSON Schema of --format ndjson, and nothing else
    #[arg(long, conflicts_with_all = ["query", "queries"])]
    pub(in crate::cli) schema: bool,
    /// Show scores in text
    #[arg(long, overrides_with = "no_scores")]
    pub(in crate::cli) scores: bool,
    #[arg(long, hide = true, overrides_with = "scores")]
    pub(super) no_scores: bool,
    /// Say how long the refresh and the search took
    #[arg(long, overrides_with = "no_stats")]
    pub(in crate::cli) stats: bool,
    #[arg(long, hide = true, overrides_with = "stats")]
    no_stats: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: ColorArg,
    /// Link places in text: file, vscode, cursor, vscodium, kitty, none, or a URL with {path} {line} {column} {page}
    /// {host} [default: file, at a terminal that has links]
    #[arg(
        long,
        value_name = "FORMAT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "file",
        overrides_with = "no_hyperlink"
    )]
    pub(in crate::cli) hyperlink: Option<String>,
    #[arg(long, hide = true, overrides_with = "hyperlink")]
    pub(in crate::cli) no_hyperlink: bool,
}

impl OutputArgs {
    /// The name of the output's format.
    pub(in crate::cli) fn format_name(&self) -> &str {
        if self.json { "ndjson" } else { &self.format }
    }

    /// Whether hits themselves are printed.
    pub(in crate::cli) fn shows_hits(&self) -> bool {
        !(self.files_with_matches || self.count || self.quiet)
    }
}

/// What a record, a row or a line is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum EachArg {
    /// Each hit
    Hit,
    /// Each mention: what matched, with its sentence; -k and --offset count hits
    Mention,
}

impl From<EachArg> for Each {
    fn from(each: EachArg) -> Each {
        match each {
            EachArg::Hit => Each::Hit,
            EachArg::Mention => Each::Mention,
        }
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

impl From<Color> for ColorArg {
    fn from(color: Color) -> ColorArg {
        match color {
            Color::Auto => ColorArg::Auto,
            Color::Always => ColorArg::Always,
            Color::Never => ColorArg::Never,
        }
    }
}
