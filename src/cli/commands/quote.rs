//! `excerpt quote`: looks the quotations of documents up in the sources.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::open::{Purpose, open};
use super::paths::{Holds, within};
use super::{Workspace, end_status, print_with, read_input, write_output};
use crate::cli::args::QuoteArgs;
use crate::cli::error::say;
use crate::cli::exit_status::Status;
use crate::format;
use crate::printer::counted;
use crate::quote::{
    Extracted, FailedDocument, Judge, Marks, PassedOver, QuoteSources, REPORTS, UnderCheck,
    Verdicts, extract, write_junit,
};
use crate::search::Index;
use crate::source::trust::MAX_NAMED_BYTES;
use crate::source::{FileError, StoredPath};

/// Endings of texts with markup that is not understood here, beside those of the formats.
const MARKED_UP: [&str; 8] = [
    "docbook", "json", "latex", "rtf", "svg", "tex", "typ", "xml",
];

/// The formats whose readers tell what a document quotes.
const READ_BY_BLOCKS: [&str; 4] = ["html", "asciidoc", "rst", "org"];

/// Reads all documents, then looks their quotations up; one that cannot be read does not stop the others.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &QuoteArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if let Some(message) = waiting(args.names_no_document(), io::stdin().is_terminal()) {
        say(message);
    }
    let mut documents = Vec::new();
    let mut failed = Vec::new();
    for file in args.documents() {
        match Document::read(&file, args) {
            Ok(document) => documents.push(document),
            Err(error) => failed.push(failed_document(&file, &error)),
        }
    }
    for failed in &failed {
        say(&failed.message);
    }
    if documents.is_empty() && args.junit.is_none() && args.format() == "text" {
        return Ok(Status::Error);
    }
    let (current, _) = workspace.locate()?;
    let index = open(workspace, &args.sources, &args.freshness, Purpose::Verdict)?;
    let index = index.with_limits(args.limits.limits());
    let named = named_sources(&index, &current, &args.sources)?;
    let (verdicts, named) = (
        judge(&index, &current, documents, failed, args, &named)?,
        named,
    );
    if let Some(path) = &args.junit {
        write_output(path, |out| write_junit(&verdicts, out))?;
    }
    let verdicts = match args.format() {
        "text" => verdicts.seen_from(&index.location().base, &current),
        _ => verdicts,
    };
    print_with(REPORTS, args.format(), &verdicts, out)?;
    let status = match (verdicts.are_complete(), verdicts.hold()) {
        (false, _) => Status::Error,
        (true, true) => Status::Success,
        (true, false) => Status::NothingFound,
    };
    end_status(&index, &named, false, status)
}

/// What is said where the program waits for somebody to type a document.
fn waiting(names_no_document: bool, is_terminal: bool) -> Option<&'static str> {
    (names_no_document && is_terminal).then_some(
        "waiting for a document on standard input, ended by Ctrl-D; `excerpt quote FILE…` reads files",
    )
}

/// Looks the quotations of all documents up.
fn judge(
    index: &Index,
    current: &Path,
    documents: Vec<Document>,
    failed: Vec<FailedDocument>,
    args: &QuoteArgs,
    named: &[StoredPath],
) -> anyhow::Result<Verdicts> {
    let under_check: Vec<UnderCheck> = documents
        .iter()
        .map(|document| document.under_check(index, current))
        .collect();
    let sources = QuoteSources::new(index, &under_check, named)?;
    let mut verdicts = Verdicts {
        judged: Vec::new(),
        failed,
        passed_over: Vec::new(),
        admits: args.admits(),
        coverage: sources.covered(index, index.coverage(named)?)?,
        left_out: sources.left_out,
    };
    let mut judge = Judge::new(index);
    for (document, selection) in documents.into_iter().zip(sources.of_documents) {
        judge.select(selection);
        let passed_over = document.extracted.passed_over;
        verdicts
            .passed_over
            .push((document.name.clone(), passed_over));
        for quotation in document.extracted.quotations {
            let judged = judge.judge(quotation)?;
            verdicts.judged.push((document.name.clone(), judged));
        }
    }
    Ok(verdicts)
}

/// The paths of the sources, as the index keeps them; each has to be one.
fn named_sources(
    index: &Index,
    current: &Path,
    paths: &[PathBuf],
) -> anyhow::Result<Vec<StoredPath>> {
    let stored = within(index, current, paths, Holds::Anything)?;
    for (path, given) in stored.iter().zip(paths) {
        if !index.holds_below(path)? {
            bail!("no source in `{}` is in the index", given.display());
        }
    }
    Ok(stored)
}

/// A document under check.
struct Document {
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
    extracted: Extracted,
}

impl Document {
    fn read(path: &Path, args: &QuoteArgs) -> anyhow::Result<Document> {
        let name = path.display().to_string();
        let marks = marks_of(path, args)?;
        let bytes = read_input(path, MAX_NAMED_BYTES)?;
        let text = FileError::text_of(&name, &bytes)?;
        let extracted = extract(text, marks, args.min_words);
        if extracted.quotations.is_empty() {
            let message = nothing_quoted(extracted.passed_over, args.min_words);
            return Err(FileError::at(&name, text, 0, message).into());
        }
        if extracted.by_lines && args.format() == "text" {
            say(&format!(
                "`{name}` has no quotation marks; each of its lines is checked"
            ));
        }
        Ok(Document {
            name,
            path: path.to_path_buf(),
            bytes,
            extracted,
        })
    }

    /// The document as a source would be known, by its name and by what a link leads to.
    fn under_check(&self, index: &Index, current: &Path) -> UnderCheck {
        let mut paths = Vec::new();
        if self.path.as_os_str() != "-" {
            let absolute = current.join(&self.path);
            paths.extend(index.placed(current, &absolute));
            let real = absolute.canonicalize().ok();
            paths.extend(real.and_then(|real| index.placed(current, &real).ok()));
        }
        UnderCheck::new(paths, &self.bytes)
    }
}

/// How a document's quotations are told; an error for a format whose markup would be taken for text.
fn marks_of(path: &Path, args: &QuoteArgs) -> anyhow::Result<Marks> {
    let format = format::detect(path).map(|format| format.name);
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("");
    let is_marked_up = MARKED_UP.iter().any(|own| own.eq_ignore_ascii_case(ending));
    match format {
        Some("markdown") if !args.lines => Ok(Marks::Markdown),
        Some("text" | "markdown") => Ok(if args.lines {
            Marks::Lines
        } else {
            Marks::Text
        }),
        Some(name) if READ_BY_BLOCKS.contains(&name) && !args.lines => Ok(Marks::Markup(name)),
        Some(name) => bail!(
            "`{}`: quotations are read from text, Markdown, HTML, AsciiDoc, reStructuredText and Org, not from {name}{}",
            path.display(),
            if args.lines { " by lines" } else { "" }
        ),
        None if is_marked_up => bail!(
            "`{}`: quotations are read from text, Markdown, HTML, AsciiDoc, reStructuredText and Org, not from `.{ending}`",
            path.display()
        ),
        None => Ok(if args.lines {
            Marks::Lines
        } else {
            Marks::Text
        }),
    }
}

/// Says that a document has no quotations, and what was passed over in it.
fn nothing_quoted(passed_over: PassedOver, min_words: u64) -> String {
    let counts = passed_over.counts();
    let others = counts
        .iter()
        .filter(|(name, _, count)| *count > 0 && *name != "short");
    let others: Vec<String> = others
        .map(|(_, reason, count)| format!("{count} {reason}"))
        .collect();
    let message = match passed_over.short {
        0 => "there is no quotation in it".to_string(),
        _ => format!(
            "there is no quotation of {} in it",
            counted(min_words, "word", "words")
        ),
    };
    match others.is_empty() {
        true => message,
        false => format!("{message}; passed over: {}", others.join(", ")),
    }
}

fn failed_document(path: &Path, error: &anyhow::Error) -> FailedDocument {
    FailedDocument {
        file: path.display().to_string(),
        line: error
            .downcast_ref::<FileError>()
            .map_or(1, |error| error.line),
        message: format!("{error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n17_at_a_terminal_it_says_what_it_waits_for() {
        assert!(waiting(true, true).is_some_and(|message| message.contains("standard input")));
        assert_eq!(waiting(true, false), None);
        assert_eq!(waiting(false, true), None);
    }
}
