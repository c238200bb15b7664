//! Writes checks as JUnit XML.
//!
//! Source: the schema of Jenkins's xUnit plugin, as `quick-junit` writes it.

use std::collections::HashSet;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as JunitReport, TestCase, TestCaseStatus, TestSuite};

use super::ci::{CheckOutcome, CheckedCase};
use super::clean;

/// A fact of a whole file's checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteProperty {
    /// The file, as it was named.
    pub file: String,
    /// The fact's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Writes JUnit XML: a suite for each file, what was expected and found as the failure's text and as the case's output. A
/// file with properties alone is a suite without cases.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_junit_report(
    name: &str,
    cases: &[CheckedCase],
    properties: &[SuiteProperty],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut report = JunitReport::new(name);
    let mut files: Vec<&str> = cases.iter().map(|case| case.file.as_str()).collect();
    files.extend(properties.iter().map(|property| property.file.as_str()));
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(*file));
    for file in files {
        let mut suite = TestSuite::new(clean(file).into_owned());
        suite
            .extra
            .insert("file".into(), clean(file).into_owned().into());
        let own = properties.iter().filter(|property| property.file == file);
        suite.add_properties(own.map(|own| (own.name.as_str(), own.value.as_str())));
        let own = cases.iter().filter(|case| case.file == file);
        suite.add_test_cases(own.map(test_case));
        report.add_test_suite(suite);
    }
    report.serialize(out).map_err(io::Error::other)
}

fn test_case(case: &CheckedCase) -> TestCase {
    let mut written = TestCase::new(clean(&case.name).into_owned(), status(case));
    written.set_classname(clean(&case.file).into_owned());
    if case.outcome != CheckOutcome::Passed {
        written.set_system_out(format!("{}\n{}", place(case), case.said()));
    }
    written
}

/// Where a check is asked for. The schema has no attribute for a case's line.
fn place(case: &CheckedCase) -> String {
    format!("at: {}:{}", clean(&case.file), case.line)
}

fn status(case: &CheckedCase) -> TestCaseStatus {
    let (kind, name, message) = match &case.outcome {
        CheckOutcome::Passed => return TestCaseStatus::success(),
        CheckOutcome::Failed { message, .. } => (NonSuccessKind::Failure, "expectation", message),
        CheckOutcome::Error(error) => (NonSuccessKind::Error, "error", error),
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(clean(message).into_owned());
    status.set_type(name);
    status.set_description(format!("{}\n{}", place(case), case.said()));
    status
}
