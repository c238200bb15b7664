//! JUnit XML.
//!
//! Source: the schema of Jenkins's xUnit plugin, as `quick-junit` writes it.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Verdict;
use super::report::lines;
use crate::printer::clean;

/// Writes verdicts as JUnit XML: a suite for each assertion file, what was expected and found in each failure's text.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_junit(verdicts: &[Verdict], out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report::new("excerpt check");
    for of_file in verdicts.chunk_by(|a, b| a.case.file == b.case.file) {
        let mut suite = TestSuite::new(clean(&of_file[0].case.file).into_owned());
        suite.add_test_cases(of_file.iter().map(test_case));
        report.add_test_suite(suite);
    }
    report.serialize(out).map_err(io::Error::other)
}

fn test_case(verdict: &Verdict) -> TestCase {
    let case = &verdict.case;
    let mut written = TestCase::new(clean(&case.name).into_owned(), status(verdict));
    written.set_classname(clean(&case.file).into_owned());
    let attributes = [("file", case.file.clone()), ("line", case.line.to_string())];
    for (name, value) in attributes {
        written.extra.insert(name.into(), value.into());
    }
    written
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    if verdict.holds() {
        return TestCaseStatus::success();
    }
    let (kind, message) = match (&verdict.error, verdict.failures.first()) {
        (Some(error), _) => (NonSuccessKind::Error, error.clone()),
        (None, Some(failure)) => (
            NonSuccessKind::Failure,
            format!("expected {}, found {}", failure.expected, failure.found),
        ),
        (None, None) => (NonSuccessKind::Failure, String::new()),
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(clean(&message).into_owned());
    status.set_type(match kind {
        NonSuccessKind::Error => "error",
        NonSuccessKind::Failure => "expectation",
    });
    let said: Vec<String> = lines(verdict)
        .iter()
        .map(|(label, text)| format!("{label}: {}", clean(text)))
        .collect();
    status.set_description(said.join("\n"));
    status
}
