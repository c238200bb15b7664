//! Output: one file a format, all printing the same results.
//!
//! Whatever comes from articles, paths or queries goes through `clean` on its way to people, and through the JSON
//! serializer on its way to programs; where a log is written whose reader takes commands, through [`LogWriter`] too.

mod cells;
mod ci;
mod clean;
mod counts;
mod csv;
mod explain;
mod hyperlinks;
mod json;
#[cfg(feature = "cli")]
mod junit;
mod layout;
mod logs;
mod md;
mod names;
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
pub use counts::{counted, grouped};
pub use hyperlinks::LinkTemplate;
pub use json::write_value;
#[cfg(feature = "cli")]
pub use junit::{SuiteProperty, write_junit_report};
pub use logs::{LogWriter, Logged, without_commands};
pub use outline::{
    OutlineEntry, OutlineFailure, print_lost, print_outline, write_lost_records,
    write_outline_failure, write_outline_record,
};
pub use records::{path_value, with_coverage, with_fields};
pub use section::{print_section, write_section_record};
pub use status::{
    other_endings, print_report, print_status, write_report_records, write_status_record,
};
pub use style::{Each, Style};
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
    /// Whether its summary tells of times.
    pub has_records: bool,
    /// Whether it can show each mention.
    pub has_mentions: bool,
    /// What stands between the results of two queries, and around all of them.
    around: Around,
    print: fn(&SearchResults, &Style, &mut dyn Write) -> io::Result<()>,
}

/// What stands around and between the results of queries.
#[derive(Debug)]
enum Around {
    /// Nothing.
    Nothing,
    /// A blank line between two.
    BlankLine,
    /// The brackets and commas of a JSON array.
    Array,
    /// A header before all.
    Header(fn(Each) -> &'static str),
}

/// The output formats.
pub static FORMATS: &[OutputFormat] = &[
    OutputFormat {
        name: "text",
        about: "for people",
        detail: Detail::Passages,
        has_records: false,
        has_mentions: true,
        around: Around::BlankLine,
        print: text::print,
    },
    OutputFormat {
        name: "ndjson",
        about: "one JSON object a line, for programs",
        detail: Detail::Passages,
        has_records: true,
        has_mentions: true,
        around: Around::Nothing,
        print: json::print_ndjson,
    },
    OutputFormat {
        name: "json",
        about: "one JSON array",
        detail: Detail::Passages,
        has_records: true,
        has_mentions: true,
        around: Around::Array,
        print: json::print_elements,
    },
    OutputFormat {
        name: "md",
        about: "Markdown to paste: quotation, citation, link",
        detail: Detail::Passages,
        has_records: false,
        has_mentions: true,
        around: Around::BlankLine,
        print: md::print,
    },
    OutputFormat {
        name: "csv",
        about: "a header, then a line a hit, or a mention",
        detail: Detail::Passages,
        has_records: false,
        has_mentions: true,
        around: Around::Header(csv::header),
        print: csv::print,
    },
    OutputFormat {
        name: "vimgrep",
        about: "path:line:column:passage, for editors",
        detail: Detail::Passages,
        has_records: false,
        has_mentions: true,
        around: Around::Nothing,
        print: vimgrep::print,
    },
    OutputFormat {
        name: "trec",
        about: "a run in TREC form, for evaluation",
        detail: Detail::Ids,
        has_records: false,
        has_mentions: false,
        around: Around::Nothing,
        print: trec::print,
    },
];

impl OutputFormat {
    /// What stands before the results of the first query, between two, and behind the last.
    #[must_use]
    pub fn around(&self, style: &Style) -> [&'static str; 3] {
        match self.around {
            Around::Nothing => ["", "", ""],
            Around::BlankLine => ["", "\n", ""],
            Around::Array => ["[\n", ",\n", "\n]\n"],
            Around::Header(header) => [header(style.each), "", ""],
        }
    }

    /// Prints the results of one query.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn print(
        &self,
        results: &SearchResults,
        style: &Style,
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

/// How paths alone are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathLines {
    /// Each on a line, escaped, for a terminal.
    Clean,
    /// Each on a line, its bytes as they are, for programs.
    Raw,
    /// Each ended by NUL, its bytes as they are.
    Null,
}

/// Prints the paths of the hits, each once, in order; behind what a batch calls the query.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_paths(
    results: &SearchResults,
    style: &Style,
    lines: PathLines,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut seen = std::collections::HashSet::new();
    for hit in results.hits.iter().filter(|hit| seen.insert(&hit.path)) {
        if let Some(id) = &results.query_id {
            write!(out, "{}\t", clean(id))?;
        }
        let path = style.seen(&hit.path, &results.summary.base);
        match lines {
            PathLines::Clean => out.write_all(clean(&path.to_text()).as_bytes())?,
            PathLines::Raw | PathLines::Null => out.write_all(path.as_bytes())?,
        }
        let end: &[u8] = if lines == PathLines::Null {
            b"\0"
        } else {
            b"\n"
        };
        out.write_all(end)?;
    }
    Ok(())
}
