//! The queries of a run: the one of the command line, or those of a file, one a line.

use std::path::PathBuf;

use crate::cli::args::QueryArgs;
use crate::cli::commands::read_input;
use crate::search::{Error, SearchResults};
use crate::source::trust::MAX_LIST_BYTES;

/// A query of the command line or of a batch.
pub(super) struct Asked {
    /// The query, or why its line has none.
    pub(super) text: Result<String, &'static str>,
    pub(super) id: Option<String>,
    /// The line of the batch, 1-based.
    pub(super) line: Option<usize>,
}

/// The answer to a query, or why there is none to answer.
pub(super) type AskedResult = Result<Result<SearchResults, Error>, &'static str>;

/// The queries of the arguments.
pub(super) fn queries(args: &QueryArgs) -> anyhow::Result<Vec<Asked>> {
    match &args.queries {
        Some(file) => Ok(batch(&read_input(file, MAX_LIST_BYTES)?)),
        None => Ok(vec![Asked {
            text: Ok(args.query.clone().unwrap_or_default()),
            id: None,
            line: None,
        }]),
    }
}

/// The queries in the lines of a file; blank ones do not count.
fn batch(bytes: &[u8]) -> Vec<Asked> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    let asked = |(i, line): (usize, &[u8])| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let number = i + 1;
        let is_blank = line.trim_ascii().is_empty();
        let (id, text) = match std::str::from_utf8(line) {
            Err(_) => (None, Err("not UTF-8")),
            Ok(text) => match text.split_once('\t') {
                // An empty field would shift those behind it.
                Some((id, _)) if id.trim().is_empty() => {
                    (None, Err("there is no id before the TAB"))
                }
                Some((id, text)) => (Some(id.to_string()), Ok(text.to_string())),
                None => (Some(number.to_string()), Ok(text.to_string())),
            },
        };
        let line = Some(number);
        (!is_blank).then_some(Asked { text, id, line })
    };
    lines.filter_map(asked).collect()
}

/// With a batch there is no QUERY, so that the first argument is a path already.
pub(super) fn paths(args: &QueryArgs) -> Vec<PathBuf> {
    let first = args
        .query
        .iter()
        .filter(|_| args.queries.is_some())
        .map(PathBuf::from);
    first.chain(args.paths.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_text_leaves_the_others() {
        let asked = batch(b"\xef\xbb\xbfone\r\n\nx\ttwo\n\xff\nthree\n\tfour\n \tfive\n\t\n");
        let read: Vec<_> = asked
            .iter()
            .map(|own| {
                (
                    own.text.as_deref().map_err(|why| *why),
                    own.id.as_deref(),
                    own.line,
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (Ok("one"), Some("1"), Some(1)),
                (Ok("two"), Some("x"), Some(3)),
                (Err("not UTF-8"), None, Some(4)),
                (Ok("three"), Some("5"), Some(5)),
                (Err("there is no id before the TAB"), None, Some(6)),
                (Err("there is no id before the TAB"), None, Some(7)),
            ]
        );
    }
}
