//! What people see on a terminal, which `script` makes.

use std::process::Command;

use crate::env::TestEnv;

/// What the program shows on a terminal of so many columns; `None`, with a word, where there is no `script`.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
pub(crate) fn shown(env: &TestEnv, columns: usize, args: &str) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_excerpt");
    let script = format!("stty cols {columns} rows 50; '{program}' {args}");
    let mut command = Command::new("script");
    command
        .args(["-qec", &script, "/dev/null"])
        .current_dir(env.path())
        .env("HOME", "/nonexistent")
        .env("TERM", "dumb");
    let Ok(output) = command.output() else {
        eprintln!("skipped in part: there is no `script` to make a terminal");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}

#[test]
fn totals_come_first_and_lines_break_between_words_at_each_width() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    for columns in [20, 40, 80, 200] {
        let Some(text) = shown(&env, columns, "query --any 'harbour talks archive' -k 2") else {
            return;
        };
        let (first, hits) = text.split_once("\n\n").expect("hits");
        assert_eq!(
            first.replace('\n', " "),
            "3 hits, 1 to 2 shown (--all shows all)",
            "{columns}"
        );
        for line in hits.lines().filter(|line| !line.starts_with("corpus/")) {
            assert!(line.chars().count() <= columns, "{columns}: {line:?}");
        }
        insta::assert_snapshot!(format!("query_at_{columns}"), text);
    }
}

#[test]
fn show_breaks_between_words_and_keeps_code() {
    let env = TestEnv::new();
    let words = "several words of about the same length ".repeat(6);
    let code = "x".repeat(90);
    env.write(
        "a.md",
        format!("# Title\n\n{words}\n\n- item one\n- item two\n\n```\n    {code} end\n```\n"),
    );
    env.run(&["index"]).success();
    let Some(text) = shown(&env, 80, "show a.md") else {
        return;
    };
    assert!(text.contains(&format!("    {code} end\n")), "{text}");
    assert!(text.contains("\n- item one\n- item two\n"), "{text}");
    let whole: Vec<&str> = words.split_whitespace().collect();
    let body = text.split("\n\n").nth(1).expect("a body");
    assert!(
        body.lines().count() >= 3 && body.lines().all(|line| line.len() <= 80),
        "{text}"
    );
    assert_eq!(body.split_whitespace().collect::<Vec<_>>(), whole);
}

#[test]
fn explain_and_status_break_between_words_at_each_width() {
    let env = TestEnv::with_corpus();
    env.write("corpus/other.pdf", "no text");
    env.write("corpus/empty.bin.txt", "a\0b");
    env.run(&["index"]).success();
    let section = "corpus/news/harbour-talks.txt";
    let explained = format!("explain '\"harbour talks\" mediator agreements' {section}");
    for columns in [20, 40, 80, 200] {
        for args in [explained.as_str(), "status"] {
            let Some(text) = shown(&env, columns, args) else {
                return;
            };
            let mut has_filled = false;
            for line in text.lines().filter(|line| !line.is_empty()) {
                let width = line.trim_end().chars().count();
                // A path is not broken; a terminal shows it whole all the same.
                let is_path = line.split_whitespace().any(|word| word.contains('/'));
                assert!(width <= columns || is_path, "{columns}: {line:?}");
                has_filled |= width > 60;
            }
            let fills = columns >= 80 && args != "status";
            assert_eq!(has_filled, fills, "{columns}: {text}");
        }
    }
}
