//! The arguments of `excerpt explain`.

use clap::Args;

use super::ReportFormat;
use super::shared::{FreshnessArgs, ModeArgs};
use crate::query::Mode;

#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// The query
    pub(in crate::cli) query: String,
    /// The section's id, such as news/x.txt#top; of a file alone its best section is explained
    pub(in crate::cli) id: String,
    #[command(flatten)]
    mode: ModeArgs,
    #[command(flatten)]
    freshness: FreshnessArgs,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
}

impl ExplainArgs {
    /// How the query is read.
    pub(in crate::cli) fn mode(&self) -> Mode {
        self.mode.mode()
    }

    /// Whether changed files are looked for first.
    pub(in crate::cli) fn wants_refresh(&self) -> bool {
        self.freshness.wants_refresh()
    }
}
