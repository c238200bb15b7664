//! What people and programs see: every output format on the same results, and the help.

use crate::env::TestEnv;

const QUERY: [&str; 4] = ["query", "agreements OR (archive reader)", "-k", "3"];

fn shown(args: &[&str]) -> String {
    let env = TestEnv::with_corpus();
    let _ = env.run(&["index"]);
    let mut all = QUERY.to_vec();
    all.extend(args);
    env.run(&all).success()
}

#[test]
fn text() {
    insta::assert_snapshot!(shown(&["--scores"]));
}

#[test]
fn text_in_colour() {
    insta::assert_snapshot!(shown(&["--color", "always"]).replace('\u{1b}', "␛"));
}

#[test]
fn ndjson() {
    insta::assert_snapshot!(shown(&["--json"]));
}

#[test]
fn json_is_the_same_as_one_array() {
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&shown(&["--format", "json"])).expect("an array");
    assert_eq!(array, crate::env::records(&shown(&["--json"])));
}

#[test]
fn vimgrep() {
    insta::assert_snapshot!(shown(&["--format", "vimgrep"]));
}

#[test]
fn csv() {
    insta::assert_snapshot!(shown(&["--format", "csv"]));
}

#[test]
fn md() {
    insta::assert_snapshot!(shown(&["--format", "md"]));
}

#[test]
fn completions_and_manuals_name_the_commands() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        let script = env.run(&["completions", shell]).success();
        assert!(
            script.contains("outline") && script.contains("max-sections"),
            "{shell}"
        );
    }
    let manual = env.run(&["man"]).success();
    assert!(
        manual.starts_with(".ie") || manual.contains(".TH excerpt"),
        "{manual}"
    );
    let query = env.run(&["man", "query"]).success();
    assert!(
        query.contains("excerpt-query") && query.contains("no\\-refresh"),
        "{query}"
    );
    let run = env.run(&["man", "nothing"]);
    assert!(
        run.status == 2 && run.stderr.contains("there is no command `nothing`"),
        "{run:?}"
    );
}

#[test]
fn outline_for_people() {
    let env = TestEnv::with_corpus();
    insta::assert_snapshot!(
        env.run(&[
            "outline",
            "corpus/docs/install.md",
            "corpus/news/harbour-talks.txt"
        ])
        .success()
    );
}

#[test]
fn reports_for_people() {
    let env = TestEnv::with_corpus();
    env.write("corpus/empty.txt", "");
    let index = env.run(&["index"]);
    let status = env.run(&["status"]).success();
    let folder = env.path().join(".excerpt").display().to_string();
    let status = status.replace(&folder, "FOLDER/.excerpt");
    let sizeless: Vec<&str> = status
        .lines()
        .filter(|line| !line.starts_with("size"))
        .collect();
    insta::assert_snapshot!(format!(
        "{}--\n{}--\n{}",
        index.stdout,
        index.stderr,
        sizeless.join("\n")
    ));
}

#[test]
fn help() {
    let env = TestEnv::new();
    for command in [
        "", "index", "query", "check", "outline", "show", "explain", "status", "verify", "quote",
    ] {
        let args: Vec<&str> = [command, "--help"]
            .into_iter()
            .filter(|arg| !arg.is_empty())
            .collect();
        insta::assert_snapshot!(format!("help_{command}"), env.run(&args).success());
    }
}

#[test]
fn the_same_sections_and_query_give_the_same_bytes() {
    assert_eq!(shown(&["--json"]), shown(&["--json"]));
}

#[test]
fn the_readme_session_is_what_happens() {
    let readme = include_str!("../../README.md");
    let session = readme
        .split("```console\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a session");
    let env = TestEnv::with_samples();
    let program = env!("CARGO_BIN_EXE_excerpt");
    for block in session.split("$ excerpt ").skip(1) {
        let (line, expected) = block.split_once('\n').expect("a command and its output");
        let script = format!("'{program}' {line} 2>&1");
        let run = crate::env::finish(
            std::process::Command::new("sh")
                .args(["-c", &script])
                .current_dir(env.path())
                .env("HOME", "/nonexistent"),
        );
        assert_eq!(run.stdout.trim_end(), expected.trim_end(), "excerpt {line}");
    }
}
