//! Reads assertion files.

use serde::Deserialize;
use toml::Spanned;

use super::{AssertionCase, DEFAULT_TOP, Expected};
use crate::analysis::did_you_mean;
use crate::query::{Filter, Mode};
use crate::source::FileError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    case: Vec<Spanned<Written>>,
}

/// A case as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<String>,
    query: Spanned<String>,
    #[serde(default)]
    any: bool,
    #[serde(default)]
    plain: bool,
    #[serde(default)]
    phrase: bool,
    #[serde(default)]
    exact: bool,
    hits: Option<u64>,
    min_hits: Option<u64>,
    max_hits: Option<u64>,
    top: Option<Spanned<usize>>,
    path: Option<Spanned<String>>,
    heading: Option<String>,
    passage: Option<String>,
    first: Option<Spanned<String>>,
    score_above: Option<f64>,
    #[serde(default)]
    absent: Vec<Spanned<String>>,
}

/// The cases of an assertion file, in its order.
///
/// # Errors
/// What is no TOML or no UTF-8, an unknown key, a bad glob, and a file without a case.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<AssertionCase>, FileError> {
    let text = FileError::text_of(file, bytes)?;
    let written: WrittenFile = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        FileError::at(file, text, start, said(error.message()))
    })?;
    if written.case.is_empty() {
        return Err(FileError::at(file, text, 0, "there is no `[[case]]` in it"));
    }
    let cases = written.case.into_iter();
    cases.map(|case| case_of(file, text, case)).collect()
}

/// The parser's message; that of an unknown key with the nearest one that there is.
fn said(message: &str) -> String {
    let message = message.trim_end();
    let Some(rest) = message.strip_prefix("unknown field ") else {
        return message.to_string();
    };
    let mut names = rest.split('`').skip(1).step_by(2);
    let unknown = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    format!("unknown key `{unknown}`; {}", did_you_mean(unknown, &known))
}

fn case_of(file: &str, text: &str, written: Spanned<Written>) -> Result<AssertionCase, FileError> {
    let start = written.span().start;
    let is_inline = text.get(start..).is_some_and(|own| own.starts_with('{'));
    let written = written.into_inner();
    let glob = |glob: &Spanned<String>| {
        let message = || format!("invalid glob `{}`", glob.get_ref());
        Filter::path(glob.get_ref())
            .ok_or_else(|| FileError::at(file, text, glob.span().start, message()))
    };
    let top = match &written.top {
        Some(top) if *top.get_ref() == 0 => {
            return Err(FileError::at(
                file,
                text,
                top.span().start,
                "`top` is at least 1",
            ));
        }
        top => top.as_ref().map_or(DEFAULT_TOP, |top| *top.get_ref()),
    };
    let expected = Expected {
        hits: written.hits,
        min_hits: written.min_hits,
        max_hits: written.max_hits,
        top,
        path: written.path.as_ref().map(glob).transpose()?,
        heading: written.heading,
        passage: written.passage,
        first: written.first.as_ref().map(glob).transpose()?,
        score_above: written.score_above,
        absent: written.absent.iter().map(glob).collect::<Result<_, _>>()?,
    };
    let query_span = written.query.span();
    let says_top = written.top.is_some();
    let query = written.query.into_inner();
    Ok(AssertionCase {
        name: written.name.unwrap_or_else(|| query.clone()),
        file: file.to_string(),
        line: FileError::at(file, text, query_span.start, "").line,
        query_span,
        is_inline,
        says_top,
        query,
        mode: Mode {
            any: written.any,
            plain: written.plain,
            phrase: written.phrase,
            exact: written.exact,
        },
        expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read_with_the_place_of_its_query() {
        let text = "# cases\n[[case]]\nname = 'a'\nquery = '\"x y\"'\nmin_hits = 2\nabsent = ['drafts/**']\nplain = true\n";
        let cases = read("c.toml", text.as_bytes()).expect("cases");
        let case = &cases[0];
        assert_eq!((case.name.as_str(), case.line), ("a", 4));
        assert_eq!(&text[case.query_span.clone()], "'\"x y\"'");
        assert_eq!(
            (case.expected.min_hits, case.expected.top, case.mode.plain),
            (Some(2), 10, true)
        );
        assert!(!case.expected.is_nothing());
    }

    #[test]
    fn errors_name_their_place() {
        for (text, error) in [
            ("", "c.toml:1:1: there is no `[[case]]` in it"),
            (
                "[[case]]\nquery = 'x'\nhit = 1\n",
                "c.toml:3:1: unknown key `hit`; did you mean `hits`?",
            ),
            (
                "[[case]]\nname = 'x'\n",
                "c.toml:1:1: missing field `query`",
            ),
            (
                "[[case]]\nquery = 'x'\npath = 'a['\n",
                "c.toml:3:8: invalid glob `a[`",
            ),
            (
                "[[case]]\nquery = 'x'\ntop = 0\n",
                "c.toml:3:7: `top` is at least 1",
            ),
            ("[[case]]\nquery = 'x\n", "c.toml:2:"),
        ] {
            let found = read("c.toml", text.as_bytes()).expect_err(text).to_string();
            assert!(found.starts_with(error), "{found}");
        }
        let found = read("c.toml", b"a\n\xff").expect_err("no text").to_string();
        assert_eq!(found, "c.toml:2:1: not UTF-8");
    }
}
