//! `excerpt eval`: asks topics, and measures the answers against judgements and a baseline.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::open::{Purpose, open, with_words};
use super::paths::{Holds, inputs_among_sources, within};
use super::{Workspace, end_verdict, read_input, write_output};
use crate::cli::args::{EvalArgs, ReportFormat};
use crate::cli::error::say;
use crate::cli::exit_status::Status;
use crate::eval::{
    Baseline, Comparison, EvalError, EvalReport, EvalRequest, Evaluation, compare, evaluate,
    print_text, qrels, topics, write_records,
};
use crate::search::{Error, SearchRequest};
use crate::source::FileError;
use crate::source::trust::MAX_LIST_BYTES;

/// Reads all files before it asks anything, so that an error in the last one costs no time.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &EvalArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let topics_name = args.topics.display().to_string();
    let topics_bytes = read_input(&args.topics, MAX_LIST_BYTES)?;
    let topics = topics(&topics_name, &topics_bytes)?;
    let qrels = qrels(
        &args.qrels.display().to_string(),
        &read_input(&args.qrels, MAX_LIST_BYTES)?,
    )?;
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let index = open(workspace, &args.paths, &args.freshness, Purpose::Verdict)?;
    let index = with_words(index, &args.words)?.with_limits(args.limits.limits());
    let within = within(&index, &workspace.locate()?.0, &args.paths, Holds::Anything)?;
    let files = [&args.topics, &args.qrels].map(PathBuf::as_path);
    let optional = [&args.baseline, &args.words.aliases].into_iter().flatten();
    let inputs = files.into_iter().chain(optional.map(PathBuf::as_path));
    let without = inputs_among_sources(&index, &workspace.locate()?.0, inputs)?;
    let request = EvalRequest {
        search: SearchRequest {
            mode: args.mode.mode(),
            within: within.clone(),
            without,
            ..SearchRequest::default()
        },
        depth: args.limit,
        measures: args.measures.clone(),
    };
    let evaluation = evaluate(&index, &topics, &qrels, &request)
        .map_err(|e| placed(e, &topics_name, &topics_bytes))?;
    let options = args.mode.mode().flags();
    let compared = baseline
        .as_ref()
        .map(|baseline| compared(baseline, &evaluation, &options))
        .transpose()?;
    let report = EvalReport {
        evaluation: &evaluation,
        compared: compared
            .as_ref()
            .map(|comparison| (comparison, args.max_drop)),
        per_topic: args.per_topic,
    };
    match args.format {
        ReportFormat::Text => print_text(&report, out)?,
        ReportFormat::Ndjson => write_records(&report, out)?,
    }
    if let Some(path) = &args.save {
        let text = Baseline::of(&evaluation, &options).to_json();
        write_output(path, |out| out.write_all(text.as_bytes()))?;
    }
    let holds = compared.is_none_or(|comparison| comparison.holds(args.max_drop));
    let status = if holds {
        Status::Success
    } else {
        Status::NothingFound
    };
    end_verdict(&index, &within, args.strictness.strict, status)
}

fn read_baseline(path: &Path) -> anyhow::Result<Baseline> {
    let bytes = read_input(path, MAX_LIST_BYTES)?;
    Ok(Baseline::read(&path.display().to_string(), &bytes)?)
}

fn compared(
    baseline: &Baseline,
    evaluation: &Evaluation,
    options: &str,
) -> anyhow::Result<Comparison> {
    if baseline.options != options || baseline.depth != evaluation.depth {
        say(&format!(
            "the baseline was made with `-k {}{}`, not with `-k {}{options}`",
            baseline.depth, baseline.options, evaluation.depth
        ));
    }
    compare(baseline, evaluation).map_err(|message| anyhow!(message))
}

/// The error with its place in the topics file, where it has one.
fn placed(error: EvalError, file: &str, bytes: &[u8]) -> anyhow::Error {
    match (error, FileError::text_of(file, bytes)) {
        (
            EvalError::Topic {
                id,
                at,
                error: Error::Query(error),
            },
            Ok(text),
        ) => {
            let message = format!(
                "topic `{id}`: {} (`--plain` takes queries without syntax)",
                error.message
            );
            FileError::at(file, text, at + error.at.start, message).into()
        }
        (error, _) => error.into(),
    }
}
