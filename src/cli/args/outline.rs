//! The arguments of `excerpt outline`.

use std::path::PathBuf;

use clap::Args;

use super::shared::{LimitArgs, ReportFormat};

#[derive(Debug, Args)]
pub(in crate::cli) struct OutlineArgs {
    /// The files
    #[arg(required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Also show the text of the sections
    #[arg(long, overrides_with = "no_text")]
    pub(in crate::cli) text: bool,
    #[arg(long, hide = true, overrides_with = "text")]
    no_text: bool,
    /// Show why lines count as headings, or do not
    #[arg(long, overrides_with = "no_explain")]
    pub(in crate::cli) explain: bool,
    #[arg(long, hide = true, overrides_with = "explain")]
    no_explain: bool,
    /// Show which text of a web page is in no section, and why: chrome (navigation, forms, what stands around the
    /// article), boilerplate (teasers, calls to share), comments, hidden, duplicate
    #[arg(long, overrides_with = "no_lost")]
    pub(in crate::cli) lost: bool,
    #[arg(long, hide = true, overrides_with = "lost")]
    no_lost: bool,
    #[command(flatten)]
    pub(in crate::cli) limits: LimitArgs,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
}
