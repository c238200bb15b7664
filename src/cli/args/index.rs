//! The arguments of `excerpt index`.

use std::path::PathBuf;

use clap::Args;

use super::cluster::DivisionArgs;
use super::shared::{LimitArgs, ReportFormat, StrictnessArgs, WaitArgs};
use crate::source::WalkOptions;

#[derive(Debug, Args)]
pub(in crate::cli) struct IndexArgs {
    /// Files and folders; - for standard input [default: what the index covers, or .]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) walk: WalkArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: LimitArgs,
    /// Read the paths of files from FILE, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) files_from: Option<PathBuf>,
    /// Paths in --files-from end with NUL
    #[arg(short = '0', long, requires = "files_from")]
    pub(in crate::cli) null: bool,
    /// Index standard input as NAME, whose ending tells the format
    #[arg(long, value_name = "NAME", default_value = "stdin.txt")]
    pub(in crate::cli) stdin_name: PathBuf,
    /// Take an owner out of an index on a cluster, with all that it indexed
    #[arg(long, value_name = "NAME", conflicts_with_all = ["paths", "files_from"])]
    pub(in crate::cli) forget_owner: Option<String>,
    /// Accept missing and emptied folders; rebuild an index made by a newer version
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Read all files again; do not trust their times
    #[arg(long)]
    pub(in crate::cli) rehash: bool,
    #[command(flatten)]
    pub(in crate::cli) waiting: WaitArgs,
    #[command(flatten)]
    pub(in crate::cli) strictness: StrictnessArgs,
    /// The report's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
    #[command(flatten)]
    pub(in crate::cli) division: DivisionArgs,
}

/// Which files are indexed.
#[derive(Debug, Args)]
pub(in crate::cli) struct WalkArgs {
    /// Include only files that match GLOB; with a leading !, exclude them
    #[arg(short, long = "glob", value_name = "GLOB")]
    pub(in crate::cli) globs: Vec<String>,
    /// Include hidden files and folders
    #[arg(long, overrides_with = "no_hidden")]
    pub(in crate::cli) hidden: bool,
    #[arg(long, hide = true, overrides_with = "hidden")]
    pub(in crate::cli) no_hidden: bool,
    /// Do not honour .gitignore, .ignore and .excerptignore
    #[arg(long, overrides_with = "ignore")]
    pub(in crate::cli) no_ignore: bool,
    #[arg(long, hide = true, overrides_with = "no_ignore")]
    pub(in crate::cli) ignore: bool,
    /// Follow links
    #[arg(short = 'L', long, overrides_with = "no_follow")]
    pub(in crate::cli) follow: bool,
    #[arg(long, hide = true, overrides_with = "follow")]
    pub(in crate::cli) no_follow: bool,
}

impl WalkArgs {
    /// The options, where any was given.
    pub(in crate::cli) fn options(&self) -> Option<WalkOptions> {
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
