//! What programs that run checks read: JUnit XML, and annotations of GitHub workflows.
//!
//! Sources: the schema of Jenkins's xUnit plugin, as `quick-junit` writes it; GitHub's documentation of workflow
//! commands, `error` and how its values are escaped.

use std::collections::HashSet;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as JunitReport, TestCase, TestCaseStatus, TestSuite};

use super::clean;

/// A way to print what was checked.
#[derive(Debug)]
pub struct Report<T> {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// Prints all of it.
    pub print: fn(&T, &mut dyn Write) -> io::Result<()>,
}

/// The one of `reports` that has this name.
#[must_use]
pub fn report_named<'a, T>(reports: &'a [Report<T>], name: &str) -> Option<&'a Report<T>> {
    reports.iter().find(|report| report.name == name)
}

/// A check that was made, and how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCase {
    /// Its name.
    pub name: String,
    /// The file that asks for it, as it was named.
    pub file: String,
    /// The line it stands on, 1-based.
    pub line: usize,
    /// How it came out.
    pub outcome: CheckOutcome,
}

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

/// How a check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckOutcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed {
        /// What does not hold, in a line.
        message: String,
        /// A label and a text for each thing there is to say.
        details: Vec<(String, String)>,
    },
    /// It could not be made.
    Error(String),
}

impl CheckedCase {
    /// Where it is asked for. The schema has no attribute for a case's line.
    fn place(&self) -> String {
        format!("at: {}:{}", clean(&self.file), self.line)
    }

    /// What there is to say of one that does not hold, a line each.
    fn said(&self) -> String {
        match &self.outcome {
            CheckOutcome::Passed => String::new(),
            CheckOutcome::Error(error) => format!("error: {}", clean(error)),
            CheckOutcome::Failed { details, .. } => {
                let lines: Vec<String> = details
                    .iter()
                    .map(|(label, text)| format!("{label}: {}", clean(text)))
                    .collect();
                lines.join("\n")
            }
        }
    }
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
        written.set_system_out(format!("{}\n{}", case.place(), case.said()));
    }
    written
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
    status.set_description(format!("{}\n{}", case.place(), case.said()));
    status
}

/// Writes an annotation for each check that does not hold, at its line.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_annotations(cases: &[CheckedCase], out: &mut dyn Write) -> io::Result<()> {
    let escaped = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| {
        escaped(&clean(text))
            .replace(':', "%3A")
            .replace(',', "%2C")
    };
    for case in cases
        .iter()
        .filter(|case| case.outcome != CheckOutcome::Passed)
    {
        let (file, title, line) = (property(&case.file), property(&case.name), case.line);
        writeln!(
            out,
            "::error file={file},line={line},title={title}::{}",
            escaped(&case.said())
        )?;
    }
    Ok(())
}
