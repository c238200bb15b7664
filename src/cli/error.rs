//! Errors for people: what went wrong, where, and what to do.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use unicode_width::UnicodeWidthStr;

use super::system_limits;
use crate::engine::EngineError;
use crate::printer::{clean, without_commands};
use crate::query::QueryError;
use crate::refresh::IndexError;
use crate::search;
use crate::search::{Absence, LocationError};
use crate::source::{INDEX_FOLDER, WalkError};

/// How much of a query is shown on either side of the place of an error, in characters.
const QUERY_CONTEXT_CHARS: usize = 60;

/// Says one line on standard error.
pub(super) fn say(message: &str) {
    write_lines(&format!(
        "excerpt: {}\n",
        clean(&system_limits::with_names(message))
    ));
}

/// Writes lines that are clean to standard error.
fn write_lines(lines: &str) {
    let lines = match writes_log() {
        true => Cow::Owned(without_commands(lines)),
        false => Cow::Borrowed(lines),
    };
    // Where standard error is gone there is nobody to tell.
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

/// Each line of a text, clean.
fn clean_lines(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", clean(line)))
        .collect()
}

/// Whether what is written becomes the log of a service that takes commands from it: GitHub's, Azure's, TeamCity's.
pub(super) fn writes_log() -> bool {
    let variables = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"];
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    variables.into_iter().any(is_set)
}

/// Shows what clap says of the arguments, its help too, and ends the program. Its errors are in the style of ours; they
/// repeat arguments as they are, and nothing tells their signs from its colours, so that they have none.
pub(super) fn exit_with(error: &clap::Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    write_lines(&clean_lines(&restyled(&error.render().to_string())));
    std::process::exit(error.exit_code());
}

/// An error of the argument parser in the style of ours.
fn restyled(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let begun = line
            .strip_prefix("error: ")
            .map(|said| format!("excerpt: {said}"));
        let hint = || {
            Some(format!(
                "excerpt: hint: {}",
                line.trim_start().strip_prefix("tip: ")?
            ))
        };
        begun.or_else(hint).unwrap_or_else(|| line.to_string())
    });
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        // A hint belongs to what stands above it.
        let is_hint = line.starts_with("excerpt: hint: ");
        if is_hint && all.last().is_some_and(String::is_empty) {
            all.pop();
        }
        all.push(line);
    }
    all.join("\n")
}

/// What a bug said of itself, the last one.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps what a bug says of itself. One in a reader is that file's failure, and not said here.
pub(super) fn note_panic(info: &PanicHookInfo<'_>) {
    *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(info.to_string());
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        let trace = std::backtrace::Backtrace::capture();
        write_lines(&clean_lines(&format!("{info}\n{trace}")));
    }
}

/// Reports a bug.
pub(super) fn report_panic() {
    let noted = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(limit) = noted.as_deref().and_then(system_limits::of_panic) {
        return say(limit);
    }
    say(&format!(
        "this is a bug in excerpt {}: {}",
        env!("CARGO_PKG_VERSION"),
        noted.unwrap_or_default().replace('\n', " ")
    ));
    say(
        "hint: please report these lines, with the command that led here, to the makers of excerpt",
    );
}

/// Says it on a terminal only.
pub(super) fn say_to_people(message: &str) {
    if io::stderr().is_terminal() {
        say(message);
    }
}

/// Whether the reader of our output went away, which is no error.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Reports an error with its causes, the place in the query, and a hint.
pub(super) fn report(error: &anyhow::Error) {
    say(&format!("{error:#}"));
    if let Some(query) = find::<QueryError>(error).or_else(|| match find::<search::Error>(error) {
        Some(search::Error::Query(query)) => Some(query),
        _ => None,
    }) {
        write_lines(&caret(query));
    }
    if let Some(hint) = find::<search::Error>(error).and_then(hint) {
        say(&format!("hint: {hint}"));
    }
}

fn find<E: std::error::Error + Send + Sync + 'static>(error: &anyhow::Error) -> Option<&E> {
    error.chain().find_map(|cause| cause.downcast_ref::<E>())
}

/// The query and a caret under the place of the error.
fn caret(error: &QueryError) -> String {
    let before = &error.query[..error.at.start.min(error.query.len())];
    let behind = &error.query[before.len()..];
    let skipped = before.chars().count().saturating_sub(QUERY_CONTEXT_CHARS);
    let before: String = before.chars().skip(skipped).collect();
    let behind: String = behind.chars().take(QUERY_CONTEXT_CHARS).collect();
    let marked = error.query.get(error.at.clone()).unwrap_or("");
    let marked: String = marked.chars().take(QUERY_CONTEXT_CHARS).collect();
    let lead = if skipped > 0 { "…" } else { "" };
    let indent = " ".repeat(clean(&before).width() + lead.width());
    let carets = "^".repeat(clean(&marked).width().max(1));
    format!(
        "  {lead}{}{}\n  {indent}{carets}\n",
        clean(&before),
        clean(&behind)
    )
}

/// What to do about an error.
fn hint(error: &search::Error) -> Option<String> {
    match error {
        search::Error::Engine(error) | search::Error::Index(IndexError::Engine(error)) => {
            engine_hint(error)
        }
        search::Error::Index(IndexError::NothingThere { path })
            if path.as_bytes().starts_with(b"-") =>
        {
            Some("what stands behind `--` is a path; options go before it".into())
        }
        search::Error::Index(
            IndexError::NothingThere { .. } | IndexError::Walk(WalkError::MissingRoot { .. }),
        ) => Some("a query of several words is one argument: \"needle haystack\"".into()),
        search::Error::RebuildLoses {
            path,
            folder,
            is_there,
        } => Some(match is_there {
            true => {
                let (folder, path) = (shell(folder), shell(&path.to_text()));
                format!("`excerpt index --index {folder} {path}` names it; the index is as it was")
            }
            false => {
                "`excerpt index --force` accepts that it is gone; the index is as it was".into()
            }
        }),
        search::Error::OtherOwner { .. } => Some(
            "`--owner NAME` makes this machine an owner of its own; on the machine that takes this one over, name the same paths and options in the same folder"
                .into(),
        ),
        search::Error::Location(LocationError::Link { folder }) => Some(format!(
            "`--index {}` takes the folder that it leads to",
            shell(folder)
        )),
        search::Error::Location(LocationError::Outside { .. }) => {
            Some("`--index DIR` keeps an index of files from anywhere".into())
        }
        search::Error::NoSuchSection(_) => {
            Some("ids are printed by `excerpt query --format ndjson`".into())
        }
        search::Error::UnknownFile {
            absence: Absence::Uncovered,
            ..
        } => Some("`excerpt index PATH` adds it".into()),
        search::Error::UnknownFile { .. } => {
            Some("`excerpt status --format ndjson` lists the files of the index".into())
        }
        _ => None,
    }
}

fn engine_hint(error: &EngineError) -> Option<String> {
    match error {
        EngineError::Missing(place) if place.contains("://") => Some(format!(
            "`excerpt index --index {} PATH` creates it",
            shell(place)
        )),
        EngineError::Missing(_) => Some("`excerpt index` creates it".into()),
        EngineError::Busy(_) => Some("`--wait SECONDS` waits until it is done".into()),
        EngineError::Damaged(_) | EngineError::OlderVersion { .. } => {
            Some("`excerpt index` builds it anew".into())
        }
        EngineError::Foreign(folder) => Some(foreign_hint(Path::new(folder))),
        EngineError::NewerVersion { .. } => Some(
            "a newer excerpt can read it; `excerpt index --force` builds it anew with this one"
                .into(),
        ),
        _ => None,
    }
}

/// A word as a shell takes it: names come from strangers, and people paste what a hint says.
pub(super) fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,@%".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// What to do about a folder of something else: often it is that of the articles.
fn foreign_hint(folder: &Path) -> String {
    let own = folder.join(INDEX_FOLDER);
    match own.is_dir() {
        true => format!(
            "its index is `--index {}`",
            shell(&own.display().to_string())
        ),
        false => "`--index DIR` is the folder of the index itself: an empty or a new one".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_hints_are_words_of_a_shell() {
        for (word, typed) in [
            ("art/a-1.md", "art/a-1.md"),
            ("a b; touch x", "'a b; touch x'"),
            ("$(x)", "'$(x)'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(shell(word), typed);
        }
    }

    #[test]
    fn the_caret_stands_under_the_place_whatever_the_characters_width() {
        let error = QueryError {
            query: "北京 \"x".into(),
            at: 7..8,
            message: String::new(),
        };
        assert_eq!(caret(&error), "  北京 \"x\n       ^\n");
        let end = QueryError {
            query: "a".into(),
            at: 1..1,
            message: String::new(),
        };
        assert_eq!(caret(&end), "  a\n   ^\n");
    }

    #[test]
    fn a_long_query_is_shown_around_the_place() {
        let query = format!("{}\"", "x".repeat(500));
        let error = QueryError {
            at: 500..501,
            query,
            message: String::new(),
        };
        let shown = caret(&error);
        assert!(
            shown
                .lines()
                .all(|line| line.chars().count() <= 2 * QUERY_CONTEXT_CHARS + 4),
            "{shown}"
        );
        assert_eq!(
            shown
                .lines()
                .next()
                .and_then(|l| l.chars().position(|c| c == '"')),
            shown
                .lines()
                .nth(1)
                .and_then(|l| l.chars().position(|c| c == '^'))
        );
    }
}
