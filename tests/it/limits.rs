//! The limits of a query: what goes beyond them is an error that names the part of the query, the same whatever became
//! of the index before.

use std::fmt::Write as _;

use crate::env::{TestEnv, finish};

/// Articles of `count` words that begin with `a`, `per_file` in each, and some that begin otherwise.
fn written(env: &TestEnv, count: usize, per_file: usize) {
    for from in (0..count).step_by(per_file) {
        let mut text = String::from("# Words\n\n");
        for i in from..(from + per_file).min(count) {
            let _ = write!(text, "a{i:05}x b{} ", i % 7);
        }
        env.write(&format!("{from:05}.md"), &text);
    }
}

fn words() -> TestEnv {
    let env = TestEnv::new();
    written(&env, 600, 100);
    assert_eq!(env.run(&["index"]).status, 0);
    env
}

const MANY: &str =
    "excerpt: the query expands to more than 500 forms, 501 of them by `a*` (--max-forms)\n";

#[test]
fn t8_a_query_of_too_many_forms_is_an_error_that_names_the_word() {
    let env = words();
    let query = |query: &str, flags: &[&str]| {
        env.run(&[&["query", "--no-refresh", "-c", query], flags].concat())
    };
    assert_eq!(query("a*", &["--max-forms", "500"]).failure(2), MANY);
    assert_eq!(query("a*", &["--max-forms", "600"]).success(), "6\n");
    // Each written word counts, wherever it stands; what takes the most is named.
    assert_eq!(query("-(a* b0) OR b1", &["--max-forms", "500"]).status, 2);
    for text in [
        "b1 -a*",
        "b1 OR a*",
        "\"b1 a*\"~3 a*",
        "a* lang:en a*",
        "b* a0001* a*",
    ] {
        let run = query(text, &["--max-forms", "500"]);
        assert!(
            run.status == 2 && run.stderr.contains("more than 500 forms"),
            "{text}: {run:?}"
        );
    }
    let twice = query("a* a* a*", &["--max-forms", "1300"]).failure(2);
    assert!(
        twice.contains("more than 1300 forms, 1301 of them by `a*`"),
        "{twice}"
    );
    let both = query("a* b*", &["--max-forms", "605"]).failure(2);
    assert!(
        both.contains("more than 605 forms, 600 of them by `a*`"),
        "{both}"
    );
    let fuzzy = query("a00123~2", &["--max-forms", "20"]).failure(2);
    assert!(fuzzy.contains("21 of them by `a00123~2`"), "{fuzzy}");
    let field = query("body:a*", &["--max-forms", "20"]).failure(2);
    assert!(field.contains("21 of them by `body:a*`"), "{field}");
}

#[test]
fn t8_postings_and_memory_are_limited_too() {
    let env = words();
    let postings = env
        .run(&["query", "b1 b2", "--max-postings", "11"])
        .failure(2);
    assert!(
        postings
            .contains("the query reads more than 11 postings, 6 of them by `b1` (--max-postings)"),
        "{postings}"
    );
    assert_eq!(
        env.run(&["query", "-q", "b1 b2", "--max-postings", "12"])
            .status,
        0
    );
    let memory = env
        .run(&["query", "a*", "--max-query-memory", "8K"])
        .failure(2);
    assert!(
        memory.contains("the query takes more than 8192 bytes of memory, 8240 of them by `a*` (--max-query-memory)"),
        "{memory}"
    );
    assert_eq!(
        env.run(&["query", "-q", "a*", "--max-query-memory", "48000"])
            .status,
        0
    );
}

#[test]
fn t8_the_error_is_the_same_for_every_history_of_an_index() {
    let limits = [
        ["--max-forms", "500"],
        ["--max-postings", "333"],
        ["--max-query-memory", "4K"],
    ];
    let asked = |env: &TestEnv| {
        limits.map(|[flag, most]| {
            env.run(&["query", "--no-refresh", "b* a*", flag, most])
                .failure(2)
        })
    };
    let expected = asked(&words());
    // Made in many steps, words in an order of their own, with sections that came and went.
    let env = TestEnv::new();
    for step in [3, 0, 5, 1, 4, 2] {
        let from = step * 100;
        let mut text = String::from("# Words\n\n");
        for i in from..from + 100 {
            let _ = write!(text, "a{i:05}x b{} ", i % 7);
        }
        env.write(&format!("{from:05}.md"), &text);
        env.write(
            &format!("gone{step}.md"),
            format!("a0{step}gone b{step} {text}"),
        );
        assert_eq!(env.run(&["index", "."]).status, 0);
    }
    for step in 0..6 {
        env.remove(&format!("gone{step}.md"));
    }
    assert_eq!(env.run(&["index"]).status, 0);
    assert_eq!(asked(&env), expected);
}

#[test]
fn t8_every_command_that_asks_queries_has_the_limits() {
    let env = words();
    env.write(
        "cases.toml",
        "[[case]]\nquery = 'a*'\nmin_hits = 1\n\n[[case]]\nquery = 'b1'\nmin_hits = 1\n",
    );
    env.write("topics.tsv", "1\ta*\n");
    env.write("qrels.txt", "1 0 00000.md 1\n");
    env.write("draft.txt", "It says \"a00001x b1 a00002x\" there.\n");
    let check = env.run(&["check", "cases.toml", "--max-forms", "500"]);
    assert!(
        check.status == 2
            && check.stdout.contains("error")
            && check.stdout.contains("501 of them by `a*`"),
        "{check:?}"
    );
    assert!(check.stdout.contains("2 cases, 1 failed"), "{check:?}");
    for args in [
        &["explain", "a*", "00000.md", "--max-forms", "500"][..],
        &[
            "eval",
            "--topics",
            "topics.tsv",
            "--qrels",
            "qrels.txt",
            "--max-forms",
            "500",
        ],
    ] {
        let run = env.run(args);
        assert!(run.status == 2 && run.stderr.contains("(--max-"), "{run:?}");
    }
    // A quotation beyond a limit is unchecked; the others are judged.
    let quote = env.run(&["quote", "draft.txt", "--max-postings", "1"]);
    assert!(
        quote.status == 2 && quote.stdout.contains("(--max-postings)"),
        "{quote:?}"
    );
    let run = env.run_with_input(
        &["query", "-f", "-", "-c", "--max-forms", "500"],
        b"b1\na*\nb2\n",
    );
    assert_eq!((run.status, run.stdout.lines().count()), (2, 2), "{run:?}");
    assert!(
        run.stderr
            .contains("line 2: the query expands to more than 500 forms"),
        "{run:?}"
    );
}

#[test]
fn t8_a_found_configuration_lowers_limits_and_a_named_one_raises_them() {
    let env = words();
    let status = |args: &[&str]| env.run(&[&["query", "-q", "a*"], args].concat());
    env.write("excerpt.toml", "[limits]\nmax-forms = 500\n");
    assert_eq!(status(&[]).failure(2), MANY);
    assert_eq!(status(&["--max-forms", "600"]).status, 0);
    let variable = finish(
        env.command(&["query", "-q", "a*"])
            .env("EXCERPT_MAX_FORMS", "600"),
    );
    assert_eq!(variable.status, 0, "{variable:?}");
    env.write("excerpt.toml", "[limits]\nmax-forms = 2_000_000\n");
    let raised = "excerpt: excerpt.toml:2: `max-forms` stays at 1000000; only a configuration that is named raises it \
                  (--config)\n";
    assert_eq!(status(&[]).stderr, raised);
    let shown = |args: &[&str]| {
        let all = env.run(&[&["status", "--config"], args].concat()).success();
        let line = all
            .lines()
            .find(|line| line.starts_with("limits.max-forms"));
        line.expect("the setting").to_string()
    };
    assert!(shown(&[]).contains("1000000") && shown(&[]).ends_with("default"));
    assert!(
        shown(&["excerpt.toml"]).contains("2000000"),
        "{}",
        shown(&["excerpt.toml"])
    );
    assert_eq!(status(&["--config", "excerpt.toml"]).stderr, "");
    let error = env.write("bad.toml", "[limits]\nmax-form = 2\n");
    let run = status(&["--config", &error.display().to_string()]);
    assert!(run.stderr.contains("did you mean `max-forms`?"), "{run:?}");
}

#[test]
fn t8_the_same_word_many_times_ends_at_once() {
    let env = TestEnv::new();
    written(&env, 20_000, 5_000);
    assert_eq!(env.run(&["index"]).status, 0);
    let query = vec!["a*"; 250].join(" ");
    let error = env.run(&["query", &query, "--no-refresh"]).failure(2);
    assert_eq!(
        error,
        "excerpt: the query expands to more than 1000000 forms, 1000001 of them by `a*` (--max-forms)\n"
    );
}

#[test]
fn a_quotation_that_meets_a_limit_of_queries_is_unchecked() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    env.write(
        "draft.md",
        "He said \"the Minsk agreements, which aimed to broker\".\n",
    );
    let run = env.run(&["quote", "--max-postings", "1", "draft.md"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stdout.contains("unchecked"), "{run:?}");
    assert_eq!(env.run(&["quote", "draft.md"]).status, 0);
}
