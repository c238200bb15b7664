//! What programs that run checks read: the checks, and annotations of GitHub workflows.
//!
//! Source: GitHub's documentation of workflow commands, `error` and how its values are escaped.

use std::io::{self, Write};

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
    /// What there is to say of one that does not hold, a line each.
    pub(super) fn said(&self) -> String {
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
