//! Writes what is found now into assertion files, as a starting point.
//!
//! The keys are put into the text of the file, behind the query of their case, so that everything else stays byte for
//! byte; what comes of it is read again before it is written.

use super::{AssertionCase, DEFAULT_TOP, read};
use crate::search::{Error, Index, SearchRequest};
use crate::source::StoredPath;

/// Longer passages are not written.
const MAX_PASSAGE_CHARS: usize = 160;

/// An assertion file that could not be filled in.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// A query cannot be asked.
    #[error("{case}")]
    Search {
        /// The file, the line and the case of the query.
        case: String,
        /// Why.
        source: Error,
    },
    /// The file would not be read as it should be; it is left as it is.
    #[error("the cases of `{0}` cannot be filled in where they stand; it is as it was")]
    Unwritable(String),
}

/// The assertion file `text` with expectations for those of its cases that have none: the number of hits, and the path,
/// heading and passage of the first. Everything else stays as it is written. The sources in `without` are not looked at.
///
/// # Errors
/// Where a query cannot be asked, and where the file cannot be filled in.
pub fn filled(
    index: &Index,
    (file, text): (&str, &str),
    cases: &[AssertionCase],
    without: &[StoredPath],
) -> Result<String, UpdateError> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let line_end = line_end_of(text);
    for case in cases.iter().filter(|case| case.expected.is_nothing()) {
        let keys = expectations(index, case, without).map_err(|source| {
            let case = format!("{file}:{}: case `{}`", case.line, case.name);
            UpdateError::Search { case, source }
        })?;
        let at = match case.is_inline {
            true => case.query_span.end,
            false => end_of_line(text, case.query_span.end),
        };
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at;
        if case.is_inline {
            keys.iter()
                .for_each(|key| out.push_str(&format!(", {key}")));
            continue;
        }
        if !out.ends_with('\n') {
            out.push_str(line_end);
        }
        keys.iter()
            .for_each(|key| out.push_str(&format!("{key}{line_end}")));
    }
    out.push_str(text.get(from..).unwrap_or_default());
    match reads_as_filled(file, &out, cases) {
        true => Ok(out),
        false => Err(UpdateError::Unwritable(file.to_string())),
    }
}

/// How the lines of a file end.
fn line_end_of(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

fn end_of_line(text: &str, from: usize) -> usize {
    let behind = text.get(from..).unwrap_or_default();
    from + behind.find('\n').map_or(behind.len(), |at| at + 1)
}

/// Whether a text has the same cases, each of which expects something.
fn reads_as_filled(file: &str, text: &str, cases: &[AssertionCase]) -> bool {
    let Ok(filled) = read(file, text.as_bytes()) else {
        return false;
    };
    let is_same = |(now, was): (&AssertionCase, &AssertionCase)| {
        (&now.query, &now.name, now.mode) == (&was.query, &was.name, was.mode)
            && !now.expected.is_nothing()
            && (was.expected.is_nothing() || now.expected == was.expected)
    };
    filled.len() == cases.len() && filled.iter().zip(cases).all(is_same)
}

/// Keys with their values, a line each.
fn expectations(
    index: &Index,
    case: &AssertionCase,
    without: &[StoredPath],
) -> Result<Vec<String>, Error> {
    let request = SearchRequest {
        mode: case.mode,
        limit: Some(DEFAULT_TOP),
        without: without.to_vec(),
        ..SearchRequest::default()
    };
    let results = index.search(&case.query, &request)?;
    let mut out = vec![format!("hits = {}", results.summary.matched)];
    let Some(hit) = results.hits.first() else {
        return Ok(out);
    };
    let quoted = |text: &str| toml::Value::String(text.to_string()).to_string();
    let path = quoted(&globset::escape(&hit.path.to_text()));
    out.push(format!("first = {path}"));
    out.push(format!("path = {path}"));
    if !case.says_top {
        out.push("top = 1".into());
    }
    if let Some(heading) = hit.headings.last() {
        out.push(format!("heading = {}", quoted(heading)));
    }
    let mut passages = hit.passages.iter();
    let shown = passages.find_map(|own| Some((own, own.highlights.first()?)));
    if let Some((passage, highlight)) = shown {
        // A long passage says more than the case is about.
        let text = match passage.text.chars().nth(MAX_PASSAGE_CHARS) {
            None => &passage.text,
            Some(_) => &highlight.text,
        };
        out.push(format!("passage = {}", quoted(text)));
    }
    Ok(out)
}
