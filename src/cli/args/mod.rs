//! The arguments, as clap reads them. Every switch has a `--no-` twin; the last one given wins.

mod check;
mod cluster;
mod defaults;
mod eval;
mod explain;
mod given;
mod index;
mod logged;
mod numbers;
mod outline;
mod output;
mod query;
mod quote;
mod shared;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use self::check::CHECK_HELP;
pub(super) use self::check::CheckArgs;
pub(super) use self::cluster::{ClusterArgs, DivisionArgs};
use self::eval::EVAL_HELP;
pub(super) use self::eval::EvalArgs;
pub(super) use self::explain::ExplainArgs;
pub(super) use self::index::IndexArgs;
pub(super) use self::outline::OutlineArgs;
pub(super) use self::output::{ColorArg, OutputArgs};
pub(super) use self::query::QueryArgs;
use self::query::{QUERY_HELP, QUERY_SYNTAX};
use self::quote::QUOTE_HELP;
pub(super) use self::quote::QuoteArgs;
pub(super) use self::shared::{FreshnessArgs, ReportFormat, WordArgs};

/// What stands below the commands.
const EXAMPLES: &str = "\
Examples:
  excerpt query '\"Minsk agreements\"' news   the passages in the folder news, best first
  excerpt show news/x.txt:14                 the section at that line
  excerpt query --help                       the query syntax

Exit status: 0 success; 1 no hits, or a check failed; 2 error.";

/// Search a folder of articles; get passages you can cite
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    max_term_width = 100,
    args_override_self = true,
    after_help = EXAMPLES
)]
pub(super) struct Arguments {
    /// The index: a folder, or a cluster's URL with its name, https://host:9200/NAME [default: the nearest .excerpt in
    /// this folder or above]
    #[arg(
        long,
        global = true,
        help_heading = "Index",
        value_name = "DIR|URL",
        env = "EXCERPT_INDEX",
        hide_env = true,
        value_parser = path_or_nothing()
    )]
    pub(super) index: Option<PathBuf>,
    /// The configuration [default: excerpt.toml beside the index's folder]
    #[arg(
        long,
        global = true,
        help_heading = "Index",
        value_name = "FILE",
        env = "EXCERPT_CONFIG",
        hide_env = true,
        value_parser = path_or_nothing()
    )]
    pub(super) config: Option<PathBuf>,
    #[command(flatten)]
    pub(super) cluster: ClusterArgs,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Reads a path; an empty one, as of a variable that is set to nothing, stands for none.
fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// Help in which what stands before the arguments follows the usage.
const SYNTAX_FIRST: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Creates or refreshes the index of files and folders
    Index(IndexArgs),
    /// Answers a query with ranked passages
    #[command(
        visible_alias = "search",
        before_help = QUERY_SYNTAX,
        after_help = QUERY_HELP,
        help_template = SYNTAX_FIRST
    )]
    Query(Box<QueryArgs>),
    /// Shows how files are read: title, metadata and sections
    Outline(OutlineArgs),
    /// Runs assertion files: queries and what their answers must contain
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Measures relevance (nDCG, MAP…), optionally against a baseline
    #[command(after_help = EVAL_HELP)]
    Eval(Box<EvalArgs>),
    /// Checks each quotation against the sources
    #[command(after_help = QUOTE_HELP)]
    Quote(QuoteArgs),
    /// Shows one section whole, with its citation
    Show(ShowArgs),
    /// Explains why a section scored so, or did not match
    #[command(after_help = "Exit status: 0 explained, a hit or not; 2 an error.")]
    Explain(ExplainArgs),
    /// Shows what is indexed, skipped and stale
    Status(StatusArgs),
    /// Verifies the whole index and its checksums
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
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Also read all sources again and compare each section with its stored text
    #[arg(long)]
    pub(super) deep: bool,
    /// The report's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The section's id (news/x.txt#top), or a file with a line (news/x.txt:14) or without
    #[arg(value_name = "ID|PATH[:LINE]", value_parser = OsStringValueParser::new())]
    pub(super) target: OsString,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }
}
