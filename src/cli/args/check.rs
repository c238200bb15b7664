//! The arguments of `excerpt check`.

use std::path::PathBuf;

use clap::Args;

use super::shared::{FreshnessArgs, QueryLimitArgs, StrictnessArgs, WordArgs, names};
use crate::check;

pub(super) const CHECK_HELP: &str = "\
Assertion files are TOML:
  [[case]]
  name = \"the Minsk agreements are covered\"
  query = '\"Minsk agreements\"'          # any, plain, phrase, exact = true as the flags of `query`
  min_hits = 1                          # also max_hits, hits
  path = \"news/x.txt\"                   # this path or glob among the first `top` hits
  top = 3                               # 10 where it is not given
  heading = \"The Ukraine Conflict\"      # in that hit's headings
  passage = \"the Minsk agreements\"      # in that hit's text
  score_above = 1.5                     # that hit's score
  first = \"news/*\"                      # the path of the first hit
  absent = [\"drafts/**\"]                # no hit here

Exit status: 0 all cases hold, 1 some do not, 2 an error.";

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// The assertion files
    #[arg(required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The output's format
    #[arg(long, value_parser = names(check::REPORTS.iter().map(|r| (r.name, r.about))), default_value = "text")]
    pub(in crate::cli) format: String,
    /// Write JUnit XML to FILE too
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) junit: Option<PathBuf>,
    /// Fill in what holds now for cases without expectations, and write the files
    #[arg(long)]
    pub(in crate::cli) update: bool,
    #[command(flatten)]
    pub(in crate::cli) words: WordArgs,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) strictness: StrictnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
}
