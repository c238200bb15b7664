//! Text of a cluster, as it may stand in an error.

use serde::Deserialize;

/// The most characters of the cluster's text in an error.
const MAX_CHARS: usize = 200;

/// A cluster's text as an error shows it: one line, without control characters and marks that turn the direction of
/// writing, at most 200 characters.
#[must_use]
pub fn cleaned(text: &str) -> String {
    cut(&one_line(text))
}

/// The text with white space and control characters as one space each run, without invisible characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let is_shown = |c: &char| {
            !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' | '\u{fff9}'..='\u{fffd}'
                | '\u{e0000}'..='\u{e0fff}')
        };
        let word: String = word.chars().filter(is_shown).collect();
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    line
}

/// The text, cut where it is too long for an error.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    }
}

/// The error in an answer: `{"error": {"type": …, "reason": …}}`, or `{"error": "…"}` as some proxies have it.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorText,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ErrorText {
    Text(String),
    Object {
        #[serde(rename = "type")]
        kind: Option<String>,
        reason: Option<String>,
    },
}

/// What an answer says of its error; its kind and its reason.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorReason {
    /// The kind, as `cluster_block_exception`; empty where none is told.
    pub(super) kind: String,
    /// The text, raw.
    pub(super) reason: String,
}

impl ErrorReason {
    /// The error that the body of an answer tells; the body's text where it is none of OpenSearch.
    pub(super) fn of(body: &[u8]) -> ErrorReason {
        match serde_json::from_slice(body).map(|body: ErrorBody| body.error) {
            Ok(ErrorText::Text(reason)) => ErrorReason {
                kind: String::new(),
                reason,
            },
            Ok(ErrorText::Object { kind, reason }) => ErrorReason {
                kind: kind.unwrap_or_default(),
                reason: reason.unwrap_or_default(),
            },
            Err(_) => ErrorReason {
                kind: String::new(),
                reason: String::from_utf8_lossy(body).into_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_cluster_is_one_short_plain_line() {
        assert_eq!(cleaned("a\u{1b}[31m b\r\n\tc\u{202e}d\u{0}"), "a [31m b cd");
        assert_eq!(cleaned(" \n "), "");
        let long = cleaned(&"é".repeat(300));
        assert_eq!(long.chars().count(), 201);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn the_reason_is_read_where_it_stands() {
        let of = |body: &str| {
            let error = ErrorReason::of(body.as_bytes());
            (error.kind, error.reason)
        };
        let pair = |kind: &str, reason: &str| (kind.to_string(), reason.to_string());
        assert_eq!(
            of(r#"{"error":{"type":"a_b","reason":"no","root_cause":[]},"status":403}"#),
            pair("a_b", "no")
        );
        assert_eq!(of(r#"{"error":"no"}"#), pair("", "no"));
        assert_eq!(of("Unauthorized"), pair("", "Unauthorized"));
        assert_eq!(of(r#"{"error":{}}"#), pair("", ""));
        let deep = "[".repeat(100_000);
        assert_eq!(of(&deep).1, deep);
    }
}
