//! The arguments of `excerpt quote`.

use std::path::PathBuf;

use clap::Args;

use super::shared::{FreshnessArgs, QueryLimitArgs, names};
use crate::quote::{self, Admits};

pub(super) const QUOTE_HELP: &str = "\
Quotations are block quotes and what stands in “…”, \"…\", „…“, «…», »…«, ”…”, ‘…’, ‹…›, ›…‹, 「…」, 『…』; in a text
without any, each line. Each is
  verbatim    the source says so, word for word; only line breaks may differ
  normalised  it differs in case, spaces, quotation marks, dashes or ellipses, or leaves out words of no weight
  elided      a gap or a bracket may change the sense: [-…-]{+what the source says there+}
  near        the source says it otherwise: [-quoted-]{+source+}
  absent      nothing like it is in the index
  unchecked   a limit was met before it was found
Punctuation at its ends does not count; signs ($ % ° + -) do. […], (…), … or ... leave text out; [he] replaces it;
[sic] and [t]he change nothing. The documents and their copies are no sources.

Exit status: 0 all are verbatim or normalised (--elided: or elided; --strict: verbatim), 1 some are not, 2 an error, a
document that cannot be read, or one unchecked.";

#[derive(Debug, Args)]
pub(in crate::cli) struct QuoteArgs {
    /// The documents, text or Markdown; - for standard input [default: standard input]
    files: Vec<PathBuf>,
    /// Check against this file or folder only (repeatable); a document in it is no source of its own quotations
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) sources: Vec<PathBuf>,
    /// Treat each line as a quotation
    #[arg(long, overrides_with = "no_lines")]
    pub(in crate::cli) lines: bool,
    #[arg(long, hide = true, overrides_with = "lines")]
    no_lines: bool,
    /// Skip quotations of fewer than N words
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(in crate::cli) min_words: u64,
    /// Accept elided quotations
    #[arg(long, overrides_with = "no_elided", conflicts_with = "strict")]
    elided: bool,
    #[arg(long, hide = true, overrides_with = "elided")]
    no_elided: bool,
    /// Accept only verbatim quotations
    #[arg(long, overrides_with = "no_strict")]
    strict: bool,
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
    /// The output's format
    #[arg(
        long,
        value_parser = names(quote::REPORTS.iter().map(|r| (r.name, r.about))),
        default_value = "text",
        overrides_with = "json"
    )]
    format: String,
    /// The same as --format ndjson
    #[arg(long, overrides_with = "format")]
    json: bool,
    /// Write JUnit XML to FILE too
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) junit: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) freshness: FreshnessArgs,
    #[command(flatten)]
    pub(in crate::cli) limits: QueryLimitArgs,
}

impl QuoteArgs {
    /// The documents; standard input where none was named.
    pub(in crate::cli) fn documents(&self) -> Vec<PathBuf> {
        match self.names_no_document() {
            true => vec![PathBuf::from("-")],
            false => self.files.clone(),
        }
    }

    /// Whether no document was named.
    pub(in crate::cli) fn names_no_document(&self) -> bool {
        self.files.is_empty()
    }

    /// What holds.
    pub(in crate::cli) fn admits(&self) -> Admits {
        match (self.strict, self.elided) {
            (true, _) => Admits::Verbatim,
            (false, true) => Admits::Elided,
            (false, false) => Admits::Normalised,
        }
    }

    /// The name of the output's format.
    pub(in crate::cli) fn format(&self) -> &str {
        if self.json { "ndjson" } else { &self.format }
    }
}
