//! Writes what is found now into assertion files, as a starting point.

use super::{AssertionCase, DEFAULT_TOP};
use crate::search::{Error, Index, SearchRequest};

/// Longer passages are not written.
const MAX_PASSAGE_CHARS: usize = 160;

/// The assertion file `text` with expectations for those of its cases that have none: the number of hits, and the path,
/// heading and passage of the first. Everything else stays as it is written.
///
/// # Errors
/// Where a query cannot be asked.
pub fn filled(index: &Index, text: &str, cases: &[AssertionCase]) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for case in cases.iter().filter(|case| case.expected.is_nothing()) {
        let behind = &text[case.query_span.end..];
        let end = case.query_span.end + behind.find('\n').map_or(behind.len(), |at| at + 1);
        out.push_str(&text[from..end]);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&expectations(index, case)?);
        from = end;
    }
    out.push_str(&text[from..]);
    Ok(out)
}

fn expectations(index: &Index, case: &AssertionCase) -> Result<String, Error> {
    let request = SearchRequest {
        mode: case.mode,
        limit: Some(DEFAULT_TOP),
        ..SearchRequest::default()
    };
    let results = index.search(&case.query, &request)?;
    let mut out = format!("hits = {}\n", results.summary.matched);
    let Some(hit) = results.hits.first() else {
        return Ok(out);
    };
    let quoted = |text: &str| toml::Value::String(text.to_string()).to_string();
    let path = globset::escape(&hit.path.to_text());
    out.push_str(&format!(
        "first = {}\npath = {}\ntop = 1\n",
        quoted(&path),
        quoted(&path)
    ));
    if let Some(heading) = hit.headings.last() {
        out.push_str(&format!("heading = {}\n", quoted(heading)));
    }
    let mut passages = hit.passages.iter();
    let shown = passages.find_map(|own| Some((own, own.highlights.first()?)));
    if let Some((passage, highlight)) = shown {
        // A long passage says more than the case is about.
        let text = match passage.text.chars().nth(MAX_PASSAGE_CHARS) {
            None => &passage.text,
            Some(_) => &highlight.text,
        };
        out.push_str(&format!("passage = {}\n", quoted(text)));
    }
    Ok(out)
}
