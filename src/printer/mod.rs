//! Output: one file a format, all printing the same results.
//!
//! Whatever comes from articles, paths or queries goes through `clean` on its way to people, and through the JSON
//! serializer on its way to programs; where a log is written whose reader takes commands, through [`LogWriter`] too.

mod ci;
mod clean;
mod csv;
mod explain;
mod json;
#[cfg(feature = "cli")]
mod junit;
mod logs;
mod md;
mod outline;
mod records;
mod section;
mod status;
mod style;
mod text;
mod trec;
mod verification;
mod vimgrep;

pub use self::explain::record::write_explanation_record;
pub use self::explain::text::print_explanation;
pub use ci::{CheckOutcome, CheckedCase, Report, report_named, write_annotations};
pub use clean::{clean, clean_line};
pub use json::write_value;
#[cfg(feature = "cli")]
pub use junit::{SuiteProperty, write_junit_report};
pub use logs::{LogWriter, Logged, without_commands};
pub use outline::{
    OutlineEntry, OutlineFailure, print_outline, write_outline_failure, write_outline_record,
};
pub use records::{path_value, with_coverage, with_fields};
pub use section::{print_section, write_section_record};
pub use status::{print_report, print_status, write_report_records, write_status_record};
pub use style::Style;
pub use trec::trec_id;
pub use verification::{print_verification, write_verification_record};

use std::io::{self, Write};

use crate::search::{Detail, SearchResults};

/// An output format of query results.
#[derive(Debug)]
pub struct OutputFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// What it needs to know of each hit.
    pub detail: Detail,
    /// What stands before the results of the first query, between two, and behind the last.
    pub around: [&'static str; 3],
    print: fn(&SearchResults, Style, &mut dyn Write) -> io::Result<()>,
}

/// The output formats.
pub static FORMATS: &[OutputFormat] = &[
    OutputFormat {
        name: "text",
        about: "for people",
        detail: Detail::Passages,
        around: ["", "\n", ""],
        print: text::print,
    },
    OutputFormat {
        name: "ndjson",
        about: "one JSON object a line, for programs",
        detail: Detail::Passages,
        around: ["", "", ""],
        print: json::print_ndjson,
    },
    OutputFormat {
        name: "json",
        about: "one JSON array",
        detail: Detail::Passages,
        around: ["[\n", ",\n", "\n]\n"],
        print: json::print_elements,
    },
    OutputFormat {
        name: "md",
        about: "Markdown to paste: quotation, citation, link",
        detail: Detail::Passages,
        around: ["", "\n", ""],
        print: md::print,
    },
    OutputFormat {
        name: "csv",
        about: "a header, then a line a hit",
        detail: Detail::Passages,
        around: [csv::HEADER, "", ""],
        print: csv::print,
    },
    OutputFormat {
        name: "vimgrep",
        about: "path:line:column:passage, for editors",
        detail: Detail::Passages,
        around: ["", "", ""],
        print: vimgrep::print,
    },
    OutputFormat {
        name: "trec",
        about: "a run in TREC form, for evaluation",
        detail: Detail::Ids,
        around: ["", "", ""],
        print: trec::print,
    },
];

impl OutputFormat {
    /// Prints the results of one query.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn print(
        &self,
        results: &SearchResults,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        (self.print)(results, style, out)
    }
}

/// The JSON Schema of the records of `ndjson`.
pub const SCHEMA: &str = include_str!("schema.json");

/// The output format of this name.
#[must_use]
pub fn format_named(name: &str) -> Option<&'static OutputFormat> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Prints the paths of the hits, each once, in order; ended by NUL and as they are where `null`.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_paths(results: &SearchResults, null: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = std::collections::HashSet::new();
    for hit in results.hits.iter().filter(|hit| seen.insert(&hit.path)) {
        if null {
            out.write_all(hit.path.as_bytes())?;
            out.write_all(b"\0")?;
        } else {
            writeln!(out, "{}", clean(&hit.path.to_text()))?;
        }
    }
    Ok(())
}
