//! The arguments of `excerpt eval`.

use std::path::PathBuf;

use clap::Args;

use super::shared::{
    FreshnessArgs, ModeArgs, QueryLimitArgs, ReportFormat, StrictnessArgs, WordArgs,
};
use crate::eval::EvalMeasure;

pub(super) const EVAL_HELP: &str = "\
Topics are a line each: an id, a TAB and a query; --plain --any take questions as people write them.
Qrels are in TREC form: topic, 0, document, grade. A document with a # is a section (its id, as
`query --format trec` prints it), one without is an article (its path), judged by its best section.

  excerpt eval --topics topics.tsv --qrels qrels.txt --save baseline.json
  excerpt eval --topics topics.tsv --qrels qrels.txt --baseline baseline.json --max-drop 0.01

Exit status: 0 measured, and no drop; 1 a measure dropped by more than --max-drop; 2 an error.";

#[derive(Debug, Args)]
pub(in crate::cli) struct EvalArgs {
    /// The topics; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) topics: PathBuf,
    /// The judgements
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) qrels: PathBuf,
    /// Only sections below these files and folders
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// What is measured: ndcg, map, mrr, recall, p and judged, each with @ and how many documents count. The first one
    /// decides which topics were lost and won
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "LIST",
        default_value = "ndcg@10,map,mrr,recall@100,p@10,judged@10"
    )]
    pub(in crate::cli) measures: Vec<EvalMeasure>,
    /// Retrieve N documents for each topic
    #[arg(short = 'k', long, value_name = "N", default_value_t = 1000)]
    pub(in crate::cli) limit: usize,
    #[command(flatten)]
    pub(in crate::cli) mode: ModeArgs,
    #[command(flatten)]
    pub(in crate::cli) words: WordArgs,
    /// Save the figures to FILE
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) save: Option<PathBuf>,
    /// Compare with the figures that --save wrote to FILE
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Fail where a mean drops by more than X
    #[arg(long, value_name = "X", default_value_t = 0.0, requires = "baseline", value_parser = parse_drop)]
    pub(in crate::cli) max_drop: f64,
    /// Show each topic's figures
    #[arg(long)]
    pub(in crate::cli) per_topic: bool,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
    #[command(flatten)]
    pub(in crate::cli) strictness: StrictnessArgs,
    /// The output's format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
}

fn parse_drop(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(drop) if (0.0..=1.0).contains(&drop) => Ok(drop),
        _ => Err("expected a number from 0 to 1".to_string()),
    }
}
