//! The arguments of `excerpt explain`.

use clap::Args;

use super::shared::{FreshnessArgs, ModeArgs, QueryLimitArgs, ReportFormat, WordArgs};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// The query
    pub(in crate::cli) query: String,
    /// The section's id (news/x.txt#top), a line as hits print it (news/x.txt:12:3), or a file, of which the
    /// best section is explained
    pub(in crate::cli) id: String,
    #[command(flatten)]
    pub(in crate::cli) mode: ModeArgs,
    #[command(flatten)]
    pub(in crate::cli) words: WordArgs,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
}
