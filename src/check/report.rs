//! How verdicts are printed.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{CaseVerdict, Checked, Failure};
#[cfg(feature = "cli")]
use crate::printer::write_junit_report;
use crate::printer::{
    CheckOutcome, CheckedCase, Report, clean, counted, with_coverage, write_annotations,
    write_value,
};

/// The ways to print verdicts.
pub static REPORTS: &[Report<Checked>] = &[
    Report {
        name: "text",
        about: "for people",
        print: text,
    },
    Report {
        name: "tap",
        about: "Test Anything Protocol, version 13",
        print: tap,
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
    Report {
        name: "json",
        about: "one JSON object",
        print: json,
    },
];

/// What is said of a verdict that does not hold, a label and a text each.
pub(super) fn lines(verdict: &CaseVerdict) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(error) = &verdict.error {
        lines.push(("error", error.clone()));
    }
    for Failure {
        expected,
        found,
        nearest,
    } in &verdict.failures
    {
        lines.push(("expected", expected.clone()));
        lines.push(("found", found.clone()));
        lines.extend(nearest.clone().map(|nearest| ("nearest", nearest)));
    }
    if !lines.is_empty() {
        lines.push(("again", verdict.command()));
    }
    lines
}

fn text(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let verdicts = &checked.verdicts;
    for verdict in verdicts {
        let name = clean(&verdict.case.name);
        if verdict.holds() {
            writeln!(out, "ok    {name}")?;
            continue;
        }
        let (file, line) = (clean(&verdict.case.file), verdict.case.line);
        let word = if verdict.error.is_some() {
            "ERROR"
        } else {
            "FAIL "
        };
        writeln!(out, "{word} {name} ({file}:{line})")?;
        for (label, text) in lines(verdict) {
            writeln!(out, "      {label:9} {}", clean(&text))?;
        }
    }
    let failed = verdicts.iter().filter(|verdict| !verdict.holds()).count();
    let cases = counted(verdicts.len() as u64, "case", "cases");
    let coverage = &checked.coverage;
    writeln!(
        out,
        "{cases}, {failed} failed; asked of {} of {}",
        counted(coverage.sections, "section", "sections"),
        counted(coverage.files, "file", "files")
    )
}

/// Source: testanything.org, TAP 13, with a YAML block for each failure.
fn tap(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let verdicts = &checked.verdicts;
    writeln!(out, "TAP version 13\n1..{}", verdicts.len())?;
    for (i, verdict) in verdicts.iter().enumerate() {
        let word = if verdict.holds() { "ok" } else { "not ok" };
        // A number sign would begin a directive.
        let name = clean(&verdict.case.name).replace('#', "\\#");
        writeln!(out, "{word} {} - {name}", i + 1)?;
        if verdict.holds() {
            continue;
        }
        writeln!(out, "  ---")?;
        let at = format!("{}:{}", verdict.case.file, verdict.case.line);
        writeln!(out, "  at: {}", Value::String(clean(&at).into_owned()))?;
        let all = lines(verdict);
        let many = verdict.failures.len() > 1;
        for (j, (label, text)) in all.iter().enumerate() {
            // The keys of a block are unique.
            let label = match many && *label != "again" {
                true => format!("{label}_{}", j + 1),
                false => (*label).to_string(),
            };
            writeln!(
                out,
                "  {label}: {}",
                Value::String(clean(text).into_owned())
            )?;
        }
        writeln!(out, "  ...")?;
    }
    Ok(())
}

fn github(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    write_annotations(&cases(checked), out)
}

/// Writes verdicts as JUnit XML: a suite for each assertion file.
///
/// # Errors
/// Where `out` cannot be written.
#[cfg(feature = "cli")]
pub fn write_junit(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    write_junit_report("excerpt check", &cases(checked), &[], out)
}

fn cases(checked: &Checked) -> Vec<CheckedCase> {
    let case = |verdict: &CaseVerdict| CheckedCase {
        name: verdict.case.name.clone(),
        file: verdict.case.file.clone(),
        line: verdict.case.line,
        outcome: outcome(verdict),
    };
    checked.verdicts.iter().map(case).collect()
}

fn outcome(verdict: &CaseVerdict) -> CheckOutcome {
    match (&verdict.error, verdict.failures.first()) {
        (Some(error), _) => CheckOutcome::Error(error.clone()),
        (None, None) => CheckOutcome::Passed,
        (None, Some(failure)) => CheckOutcome::Failed {
            message: format!("expected {}, found {}", failure.expected, failure.found),
            details: lines(verdict)
                .into_iter()
                .map(|(label, text)| (label.to_string(), text))
                .collect(),
        },
    }
}

fn json(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let verdicts = &checked.verdicts;
    let failure = |failure: &Failure| {
        json!({
            "expected": failure.expected,
            "found": failure.found,
            "nearest": failure.nearest,
        })
    };
    let case = |verdict: &CaseVerdict| {
        json!({
            "name": verdict.case.name,
            "file": verdict.case.file,
            "line": verdict.case.line,
            "query": verdict.case.query,
            "holds": verdict.holds(),
            "matched": verdict.matched,
            "failures": verdict.failures.iter().map(failure).collect::<Vec<_>>(),
            "error": verdict.error,
            "command": verdict.command(),
        })
    };
    let failed = verdicts.iter().filter(|verdict| !verdict.holds()).count();
    let record = json!({
        "v": 1,
        "type": "check",
        "cases": verdicts.iter().map(case).collect::<Vec<_>>(),
        "passed": verdicts.len() - failed,
        "failed": failed,
    });
    write_value(&with_coverage(record, &checked.coverage), out)
}
