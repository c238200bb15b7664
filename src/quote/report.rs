//! How judged quotations are printed.

use std::io::{self, Write};

use super::classify::{Piece, Standing};
use super::judge::{FoundQuotation, JudgedQuotation};
use super::omission::Omission;
use super::records::print_ndjson;
use super::sense::SenseChange;
use super::verdicts::Verdicts;
use crate::printer::{
    CheckOutcome, CheckedCase, Report, clean, clean_line, counted, write_annotations,
};
#[cfg(feature = "cli")]
use crate::printer::{SuiteProperty, write_junit_report};

/// How many characters of a quotation people see on its line.
const MAX_SHOWN_CHARS: usize = 60;
/// How many words of a gap people see.
const MAX_SHOWN_WORDS: usize = 60;

/// The ways to print verdicts.
pub static REPORTS: &[Report<Verdicts>] = &[
    Report {
        name: "text",
        about: "for people",
        print: text,
    },
    Report {
        name: "ndjson",
        about: "one JSON object a line, for programs",
        print: print_ndjson,
    },
    #[cfg(feature = "cli")]
    Report {
        name: "junit",
        about: "JUnit XML",
        print: write_junit,
    },
    Report {
        name: "github",
        about: "annotations of GitHub workflows",
        print: github,
    },
];

fn text(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    for (file, judged) in &verdicts.judged {
        text_of_one(file, judged, out)?;
    }
    let shown =
        |standing: &Standing| *standing <= Standing::Absent || verdicts.count(*standing) > 0;
    let count = |standing: Standing| format!("{} {}", verdicts.count(standing), standing.name());
    let counts: Vec<String> = Standing::ALL.into_iter().filter(shown).map(count).collect();
    writeln!(
        out,
        "quotations: {} ({})",
        verdicts.judged.len(),
        counts.join(", ")
    )?;
    let passed_over = verdicts.passed_over().counts();
    let passed_over = passed_over.iter().filter(|(_, _, count)| *count > 0);
    let passed_over: Vec<String> = passed_over
        .map(|(_, reason, count)| format!("{count} {reason}"))
        .collect();
    if !passed_over.is_empty() {
        writeln!(out, "passed over: {}", passed_over.join(", "))?;
    }
    let coverage = &verdicts.coverage;
    writeln!(
        out,
        "looked for in {} of {}",
        counted(coverage.sections, "section", "sections"),
        counted(coverage.files, "file", "files")
    )?;
    if !verdicts.left_out.is_empty() {
        let paths: Vec<String> = verdicts
            .left_out
            .iter()
            .map(|path| clean(&path.to_text()).into_owned())
            .collect();
        writeln!(
            out,
            "left out as sources, since they are under check: {}",
            paths.join(", ")
        )?;
    }
    Ok(())
}

fn text_of_one(file: &str, judged: &JudgedQuotation, out: &mut dyn Write) -> io::Result<()> {
    let JudgedQuotation {
        quotation,
        standing,
        found,
        limit,
    } = judged;
    let (file, name) = (clean(file), standing.name());
    writeln!(
        out,
        "{name:11} {file}:{}:{}  {}",
        quotation.line,
        quotation.column,
        short(&quotation.text)
    )?;
    if let Some(limit) = limit {
        writeln!(out, "{:11} {}", "", limit.explanation())?;
    }
    let Some(found) = found else {
        return Ok(());
    };
    let changed = match found.verified {
        Some(false) => "  (does not hold: changed since it was indexed)",
        _ => "",
    };
    writeln!(out, "{:11} {}{changed}", "", place(found))?;
    if *standing != Standing::Verbatim || !found.left_out.is_empty() {
        writeln!(out, "{:11} {}", "", clean_line(&difference(found)))?;
    }
    match changes(found) {
        changes if *standing == Standing::Elided => {
            writeln!(out, "{:11} elided: {}", "", clean(&changes))
        }
        _ => Ok(()),
    }
}

/// Why gaps and brackets may change the sense, each reason once.
fn changes(found: &FoundQuotation) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for change in found.left_out.iter().filter_map(|own| own.change.as_ref()) {
        let reason = change.explanation();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    // A letter in a bracket that has the same case in the source.
    if reasons.is_empty() {
        reasons.push(SenseChange::Bracket.explanation());
    }
    reasons.join("; ")
}

/// `path:line:column` of what was found.
fn place(found: &FoundQuotation) -> String {
    format!(
        "{}:{}:{}",
        clean(&found.path.to_text()),
        found.start.line,
        found.start.column
    )
}

/// What a gap or a bracket stands for, as a difference; of a long gap the words at its ends.
fn left_out(own: &Omission) -> String {
    let words: Vec<&str> = own.source.as_deref().unwrap_or("").split(' ').collect();
    let source = match words.len() > MAX_SHOWN_WORDS {
        true => {
            let (front, behind) = words.split_at(MAX_SHOWN_WORDS / 2);
            let (middle, back) = behind.split_at(behind.len() - MAX_SHOWN_WORDS / 2);
            format!(
                "{} (… {} words …) {}",
                front.join(" "),
                middle.len(),
                back.join(" ")
            )
        }
        false => words.join(" "),
    };
    match source.is_empty() {
        true => format!("[-{}-]", own.quoted),
        false => format!("[-{}-]{{+{source}+}}", own.quoted),
    }
}

/// Both texts in one: `[-quoted-]{+source+}` where they differ, as `git diff --word-diff` writes it.
fn difference(found: &FoundQuotation) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => text.clone(),
        Piece::LeftOut(own) => left_out(own),
        Piece::Changed { quoted, source } => {
            let quoted = if quoted.is_empty() {
                String::new()
            } else {
                format!("[-{quoted}-]")
            };
            let source = if source.is_empty() {
                String::new()
            } else {
                format!("{{+{source}+}}")
            };
            quoted + &source
        }
    };
    found.pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
}

fn short(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.into_owned(),
    }
}

/// Writes verdicts as JUnit XML: a suite for each document, with properties that count what was passed over in it.
///
/// # Errors
/// Where `out` cannot be written.
#[cfg(feature = "cli")]
pub fn write_junit(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    let mut properties = Vec::new();
    for (file, passed_over) in &verdicts.passed_over {
        let counts = passed_over.counts().into_iter();
        let property = |(name, _, count): (&str, &str, usize)| SuiteProperty {
            file: file.clone(),
            name: format!("passed-over.{name}"),
            value: count.to_string(),
        };
        properties.extend(counts.filter(|(_, _, count)| *count > 0).map(property));
    }
    write_junit_report("excerpt quote", &cases(verdicts), &properties, out)
}

fn github(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    write_annotations(&cases(verdicts), out)
}

fn cases(verdicts: &Verdicts) -> Vec<CheckedCase> {
    let case = |(file, judged): &(String, JudgedQuotation)| CheckedCase {
        name: short(&judged.quotation.text),
        file: file.clone(),
        line: judged.quotation.line,
        outcome: match judged.limit {
            Some(limit) => CheckOutcome::Error(format!(
                "the quotation is unchecked: {}",
                limit.explanation()
            )),
            None if verdicts.accepts(judged) => CheckOutcome::Passed,
            None => failure(judged),
        },
    };
    let failed = verdicts.failed.iter().map(|failed| CheckedCase {
        name: "the document".to_string(),
        file: failed.file.clone(),
        line: failed.line,
        outcome: CheckOutcome::Error(failed.message.clone()),
    });
    verdicts.judged.iter().map(case).chain(failed).collect()
}

fn failure(judged: &JudgedQuotation) -> CheckOutcome {
    let mut details = vec![("quoted".to_string(), judged.quotation.text.clone())];
    let mut message = format!("the quotation is {}", judged.standing.name());
    let Some(found) = &judged.found else {
        details.push((
            "source".to_string(),
            "nothing like it in the index".to_string(),
        ));
        return CheckOutcome::Failed { message, details };
    };
    message = format!("{message}: {}", place(found));
    details.push(("source".to_string(), found.text.clone()));
    details.push(("difference".to_string(), difference(found)));
    let changes = changes(found);
    if judged.standing == Standing::Elided && !changes.is_empty() {
        details.push(("elided".to_string(), changes));
    }
    details.push(("place".to_string(), place(found)));
    if found.verified == Some(false) {
        details.push((
            "changed".to_string(),
            "the source changed since it was indexed".to_string(),
        ));
    }
    CheckOutcome::Failed { message, details }
}
