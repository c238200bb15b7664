//! Assertion files: what holds, what does not and why, in every report.

use crate::env::{Run, TestEnv};

const GOOD: &str = r#"
[[case]]
name = "the Minsk agreements are covered"
query = '"Minsk agreements"'
min_hits = 1
max_hits = 3
path = "corpus/news/*"
top = 3
heading = "The Ukraine Conflict"
passage = "such as the   Minsk agreements"
first = "corpus/news/blinken-diplomacy.txt"
score_above = 0.5
absent = ["drafts/**", "corpus/docs"]

[[case]]
query = "harbour mediator"
"#;

const BAD: &str = r#"[[case]]
name = "too much"
query = "harbour"
hits = 40
first = "corpus/docs/*"

[[case]]
name = "the wrong place"
query = '"Minsk agreements"'
path = "corpus/docs/install.md"

[[case]]
name = "the wrong words: 100%, #1"
query = "harbour"
path = "corpus/news/harbour-talks.txt"
passage = "the mediator left"

[[case]]
name = "not absent"
query = "harbour"
absent = ["corpus/news/**"]
score_above = 999.0

[[case]]
name = "nothing at all"
query = "harbour submarine"
"#;

fn check(files: &[(&str, &str)], args: &[&str]) -> (TestEnv, Run) {
    let env = TestEnv::with_corpus();
    let run = env.run_on("check", files, args);
    (env, run)
}

#[test]
fn cases_that_hold_are_named_and_end_with_0() {
    let (_, run) = check(&[("good.toml", GOOD)], &[]);
    let expected = "ok    the Minsk agreements are covered\nok    harbour mediator\n2 cases, 0 failed; asked of 17 sections of 4 files\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, expected), "{run:?}");
}

#[test]
fn what_does_not_hold_is_explained_in_every_report() {
    for format in ["text", "tap", "github", "json"] {
        let (_, run) = check(&[("bad.toml", BAD)], &["--format", format]);
        assert_eq!(run.status, 1, "{run:?}");
        insta::assert_snapshot!(format!("what_does_not_hold_as_{format}"), run.stdout);
    }
}

#[test]
fn junit_has_a_suite_for_each_file_and_a_text_for_each_failure() {
    let (env, run) = check(
        &[("good.toml", GOOD), ("bad.toml", BAD)],
        &["--junit", "report.xml"],
    );
    assert_eq!(run.status, 1, "{run:?}");
    let xml = std::fs::read_to_string(env.path().join("report.xml")).expect("the report");
    insta::assert_snapshot!(xml);
    let out = env.run(&["check", "good.toml", "bad.toml", "--format", "junit"]);
    assert_eq!(out.stdout, xml);
}

#[test]
fn files_that_cannot_be_read_end_with_2_and_their_place() {
    for (text, message) in [
        ("", "a.toml:1:1: there is no `[[case]]` in it"),
        (
            "[[case]]\nquery = 'x'\nhit = 2\n",
            "a.toml:3:1: unknown key `hit`; did you mean `hits`?",
        ),
        (
            "[[case]]\nquery = 'x'\npath = '['\n",
            "a.toml:3:8: invalid glob `[`",
        ),
    ] {
        let (_, run) = check(&[("a.toml", text)], &[]);
        assert!(run.status == 2 && run.stderr.contains(message), "{run:?}");
    }
    let (env, _) = check(&[], &["none.toml"]);
    let run = env.run(&["check", "none.toml"]);
    assert!(
        run.status == 2 && run.stderr.contains("cannot read `none.toml`"),
        "{run:?}"
    );
    let (_, run) = check(&[("a.toml", "[[case]]\nquery = 'a ('\n")], &[]);
    assert!(
        run.status == 2 && run.stdout.contains("ERROR a ( (a.toml:2)"),
        "{run:?}"
    );
}

#[test]
fn update_fills_in_what_holds_now_and_keeps_the_rest() {
    let text = "# Kept.\n[[case]]\nquery = '\"Minsk agreements\"' # why\n\n[[case]]\nquery = 'harbour'\nmin_hits = 1\n";
    let (env, run) = check(&[("new.toml", text)], &["--update"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "new.toml: 1 case filled in\n"),
        "{run:?}"
    );
    let written = std::fs::read_to_string(env.path().join("new.toml")).expect("the file");
    insta::assert_snapshot!(written);
    assert_eq!(env.run(&["check", "new.toml"]).status, 0);
}

#[test]
fn update_says_which_query_cannot_be_asked() {
    let text = "[[case]]\nname = 'open'\nquery = '(harbour'\n";
    let (env, run) = check(&[("new.toml", text)], &["--update"]);
    let said = "excerpt: new.toml:3: case `open`: this bracket is never closed; expected `)`\n  (harbour\n  ^\n";
    assert_eq!(run.status, 2);
    assert!(run.stderr.ends_with(said), "{}", run.stderr);
    let written = std::fs::read_to_string(env.path().join("new.toml")).expect("the file");
    assert_eq!(written, text);
}

#[test]
fn update_keeps_the_form_that_a_file_has() {
    for (text, begins, cases) in [
        (
            "case = [{query=\"harbour\"}]\n",
            "case = [{query=\"harbour\", hits = ",
            1,
        ),
        (
            "case = [ { query = 'harbour' , name = 'a' }, # why\n  { name = 'b', query = \"minsk\" } ] # end\n",
            "case = [ { query = 'harbour', hits = ",
            2,
        ),
        (
            "[[case]]\r\nquery = 'harbour' # why\r\n\r\n[[case]]\r\nquery = 'minsk'",
            "[[case]]\r\nquery = 'harbour' # why\r\nhits = ",
            2,
        ),
        (
            "\u{feff}[[case]]\nquery = 'harbour'\ntop = 3\n",
            "\u{feff}[[case]]\nquery = 'harbour'\nhits = ",
            1,
        ),
        (
            "[[case]]\n\"query\" = \"\"\"\nharbour\"\"\"\n",
            "[[case]]\n\"query\" = \"\"\"\nharbour\"\"\"\nhits = ",
            1,
        ),
    ] {
        let (env, run) = check(&[("new.toml", text)], &["--update"]);
        assert_eq!(run.status, 0, "{text}: {run:?}");
        let written = std::fs::read_to_string(env.path().join("new.toml")).expect("the file");
        assert!(written.starts_with(begins), "{written}");
        assert_eq!(written.matches("hits = ").count(), cases, "{written}");
        let is_crlf = text.contains('\r');
        assert!(
            !is_crlf || written.matches('\n').count() == written.matches("\r\n").count(),
            "{written:?}"
        );
        let again = env.run(&["check", "new.toml"]);
        assert_eq!(again.status, 0, "{written}: {again:?}");
        // What is filled in stays as it is.
        env.run(&["check", "--update", "new.toml"]).success();
        assert_eq!(
            std::fs::read_to_string(env.path().join("new.toml")).expect("the file"),
            written
        );
    }
}

/// The elements of Jenkins's `junit-10.xsd` that are written, with the elements and the attributes that each may hold;
/// the required ones begin with `!`. `skipped` of `testsuites` is not in that schema; Ant and Surefire write it.
const SCHEMA: [(&str, &[&str], &[&str]); 6] = [
    (
        "testsuites",
        &["testsuite"],
        &["name", "time", "tests", "failures", "errors", "skipped"],
    ),
    (
        "testsuite",
        &["testcase", "properties", "system-out", "system-err"],
        &[
            "!name",
            "!tests",
            "!failures",
            "!errors",
            "skipped",
            "time",
            "file",
            "timestamp",
            "id",
            "package",
        ],
    ),
    (
        "testcase",
        &["failure", "error", "skipped", "system-out", "system-err"],
        &["!name", "time", "classname", "group"],
    ),
    ("failure", &[], &["type", "message"]),
    ("error", &[], &["type", "message"]),
    ("system-out", &[], &[]),
];

/// Holds XML against [`SCHEMA`].
fn assert_junit(xml: &str) {
    let entry = |name: &str| {
        SCHEMA
            .iter()
            .find(|(own, ..)| *own == name)
            .unwrap_or_else(|| panic!("<{name}>"))
    };
    let mut open: Vec<&str> = Vec::new();
    for tag in xml
        .split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').expect("an end").0)
    {
        if tag.starts_with('?') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (name, rest) = tag
            .trim_end_matches('/')
            .split_once(' ')
            .unwrap_or((tag.trim_end_matches('/'), ""));
        let (_, _, attributes) = entry(name);
        match open.last() {
            Some(parent) => assert!(entry(parent).1.contains(&name), "<{name}> in <{parent}>"),
            None => assert_eq!(name, "testsuites"),
        }
        let written: Vec<&str> = rest
            .split('"')
            .step_by(2)
            .map(|name| name.trim().trim_end_matches('='))
            .collect();
        let written: Vec<&str> = written
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
        for name in &written {
            assert!(
                attributes
                    .iter()
                    .any(|own| own.trim_start_matches('!') == *name),
                "{name} of <{tag}>"
            );
        }
        for required in attributes.iter().filter_map(|name| name.strip_prefix('!')) {
            assert!(written.contains(&required), "<{tag}> without {required}");
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn junit_is_as_the_schema_has_it() {
    let broken = "[[case]]\nname = '<&\">'\nquery = '\"open'\n";
    let (env, run) = check(
        &[
            ("good.toml", GOOD),
            ("bad.toml", BAD),
            ("broken.toml", broken),
        ],
        &["--format", "junit"],
    );
    assert_eq!(run.status, 2, "{run:?}");
    assert_junit(&run.stdout);
    assert!(
        run.stdout.contains("<error ") && run.stdout.contains("at: bad.toml:3"),
        "{}",
        run.stdout
    );
    env.write(
        "notes.txt",
        "\"the Minsk accords of no date\" and “Talks over the future”",
    );
    assert_junit(&env.run(&["quote", "notes.txt", "--format", "junit"]).stdout);
}
