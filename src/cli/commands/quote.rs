//! `excerpt quote`: looks the quotations of documents up in the sources.

use std::io::Write;
use std::path::Path;

use super::open::{Purpose, open};
use super::{Place, end_status, print_with, read_input, write_output};
use crate::cli::Status;
use crate::cli::args::QuoteArgs;
use crate::format;
use crate::quote::{Extracted, Judge, Marks, REPORTS, Verdicts, extract, write_junit};
use crate::source::FileError;
use crate::source::trust::MAX_NAMED_BYTES;

/// Reads all documents before it looks anything up, so that an error in the last one costs no time.
pub(in crate::cli) fn run(
    place: &Place,
    args: &QuoteArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let documents = args.documents();
    let documents: Vec<(String, Extracted)> = documents
        .iter()
        .map(|file| document(file, args))
        .collect::<anyhow::Result<_>>()?;
    let index = open(place, &[], &args.freshness, Purpose::Verdict)?;
    let index = index.with_limits(args.limits.limits());
    let mut judge = Judge::new(&index);
    let mut verdicts = Verdicts {
        judged: Vec::new(),
        short: documents.iter().map(|(_, extracted)| extracted.short).sum(),
        strict: args.strict,
        coverage: index.coverage(&[]),
    };
    for (file, extracted) in documents {
        for quotation in extracted.quotations {
            verdicts
                .judged
                .push((file.clone(), judge.judge(quotation)?));
        }
    }
    if let Some(path) = &args.junit {
        write_output(path, |out| write_junit(&verdicts, out))?;
    }
    print_with(&REPORTS, args.format(), &verdicts, out)?;
    let status = if verdicts.hold() {
        Status::Success
    } else {
        Status::NothingFound
    };
    Ok(end_status(&index, &[], false, status))
}

fn document(path: &Path, args: &QuoteArgs) -> anyhow::Result<(String, Extracted)> {
    let name = path.display().to_string();
    let bytes = read_input(path, MAX_NAMED_BYTES)?;
    let text = FileError::text_of(&name, &bytes)?;
    let is_markdown = format::detect(path).is_some_and(|format| format.name == "markdown");
    let marks = match (args.lines, is_markdown) {
        (true, _) => Marks::Lines,
        (false, true) => Marks::Markdown,
        (false, false) => Marks::Text,
    };
    let extracted = extract(text, marks, args.min_words);
    if extracted.quotations.is_empty() {
        let message = match extracted.short {
            0 => "there is no quotation in it".to_string(),
            _ => format!("there is no quotation of {} words in it", args.min_words),
        };
        return Err(FileError::at(&name, text, 0, message).into());
    }
    Ok((name, extracted))
}
