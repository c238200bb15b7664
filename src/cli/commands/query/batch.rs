//! The queries of a run: the one of the command line, or those of a file, one a line.

use std::path::PathBuf;

use crate::cli::args::QueryArgs;
use crate::cli::commands::read_input;
use crate::search::{Error, SearchResults};
use crate::source::trust::MAX_LIST_BYTES;

/// A query of the command line or of a batch.
pub(super) struct Asked {
    /// The query; `None` where its line is no UTF-8.
    pub(super) text: Option<String>,
    pub(super) id: Option<String>,
    /// The line of the batch, 1-based.
    pub(super) line: Option<usize>,
}

/// The answer to a query; `None` where it is no text.
pub(super) type AskedResult = Option<Result<SearchResults, Error>>;

/// The queries of the arguments.
pub(super) fn queries(args: &QueryArgs) -> anyhow::Result<Vec<Asked>> {
    match &args.queries {
        Some(file) => Ok(batch(&read_input(file, MAX_LIST_BYTES)?)),
        None => Ok(vec![Asked {
            text: Some(args.query.clone().unwrap_or_default()),
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
        let Ok(text) = std::str::from_utf8(line) else {
            return Some(Asked {
                text: None,
                id: None,
                line: Some(number),
            });
        };
        let (id, text) = match text.split_once('\t') {
            Some((id, text)) => (id.to_string(), text),
            None => (number.to_string(), text),
        };
        (!line.trim_ascii().is_empty()).then(|| Asked {
            text: Some(text.to_string()),
            id: Some(id),
            line: Some(number),
        })
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
        let asked = batch(b"\xef\xbb\xbfone\r\n\nx\ttwo\n\xff\nthree");
        let read: Vec<_> = asked
            .iter()
            .map(|own| (own.text.as_deref(), own.id.as_deref(), own.line))
            .collect();
        assert_eq!(
            read,
            [
                (Some("one"), Some("1"), Some(1)),
                (Some("two"), Some("x"), Some(3)),
                (None, None, Some(4)),
                (Some("three"), Some("5"), Some(5)),
            ]
        );
    }
}
