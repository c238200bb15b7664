//! The configuration file and the limits: what they change of how files are read, and when files are read again.

use crate::env::{TestEnv, records};

const MINUTES: &str = "Minutes of the council\n\nItem 1: Budget\nThe budget was read and approved by all.\n\n\
    Item 2: Harbour\nThe harbour stays closed until the ice has gone.\n";

/// The headings of each section of a file as the index has it.
fn headings(env: &TestEnv, file: &str) -> Vec<String> {
    let out = env.run(&["query", "--json", &format!("path:{file}"), "-k", "100"]);
    let all = records(&out.stdout);
    let hits = all.iter().filter(|r| r["type"] == "hit");
    hits.map(|hit| hit["headings"].to_string()).collect()
}

#[test]
fn a_rule_that_changes_reads_its_files_again_and_no_others() {
    let env = TestEnv::new();
    env.write("minutes/may.txt", MINUTES);
    env.write(
        "minutes/june.md",
        "# June\n\nText.\n\n## Item 1\n\nMore.\n\n## Aside\n\nLess.\n",
    );
    env.write("other.txt", "Another article.\n");
    assert_eq!(env.run(&["index"]).status, 0);
    let changed = |config: &str| {
        env.write("excerpt.toml", config);
        let report = env.run(&["index", "--format", "ndjson"]).success();
        records(&report).last().expect("a report")["changed"].clone()
    };
    assert_eq!(
        changed("[[index.files]]\nglob = 'minutes/**'\nsplit-at = '^Item \\d'\n"),
        2
    );
    assert_eq!(
        headings(&env, "minutes/may.txt"),
        [r#"["Item 1: Budget"]"#, r#"["Item 2: Harbour"]"#]
    );
    assert_eq!(headings(&env, "minutes/june.md"), ["[]", r#"["Item 1"]"#]);
    assert_eq!(
        changed("[[index.files]]\nglob = 'minutes'\nsplit = 'never'\n"),
        2
    );
    assert_eq!(headings(&env, "minutes/may.txt"), ["[]"]);
    assert_eq!(env.hits(&["harbour"])[0]["id"], "minutes/may.txt#top");
    // The same words again: nothing to do.
    assert_eq!(
        changed("# again\n[[index.files]]\nglob = 'minutes'\nsplit = 'never'\n"),
        0
    );
    assert_eq!(changed(""), 2);
    let sections = || {
        let outline = env.run(&["outline", "minutes/june.md", "--format", "ndjson"]);
        let record = &records(&outline.success())[0];
        record["sections"].as_array().map(Vec::len)
    };
    assert_eq!(sections(), Some(3));
    env.write(
        "excerpt.toml",
        "[[index.files]]\nglob = 'minutes'\nsplit = 'never'\n",
    );
    assert_eq!(sections(), Some(1));
    assert!(env.run(&["status"]).success().contains("stale     2"));
}

#[test]
fn an_encoding_can_be_set_for_some_files() {
    let env = TestEnv::new();
    // Too short for a guess: "да" in koi8-r.
    env.write("old/a.txt", [0xc4, 0xc1]);
    env.write(
        "excerpt.toml",
        "[[index.files]]\nglob = 'old/*'\nencoding = 'koi8-r'\n",
    );
    assert_eq!(env.hits(&["да"])[0]["path"], "old/a.txt");
}

#[test]
fn a_bad_configuration_is_an_error_that_names_its_place() {
    let env = TestEnv::new();
    env.write("a.txt", "Text.\n");
    env.write("excerpt.toml", "[index]\nmax-sektions = 3\n");
    let run = env.run(&["query", "text"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("excerpt.toml:2:1: ")
            && run
                .stderr
                .contains("unknown key `max-sektions` in `[index]`; did you mean `max-sections`?"),
        "{run:?}"
    );
    let run = env.run(&["query", "text", "--config", "none.toml"]);
    assert!(
        run.status == 2 && run.stderr.contains("cannot read `none.toml`"),
        "{run:?}"
    );
    env.write("good.toml", "[index]\nmax-sections = 3\n");
    assert_eq!(
        env.run(&["query", "text", "--config", "good.toml"]).status,
        0
    );
}

/// What `excerpt index` with `args` says of the one bad file, and its exit status.
fn breach(env: &TestEnv, args: &[&str]) -> (i32, String) {
    let mut all = vec!["index", "--format", "ndjson"];
    all.extend(args);
    let run = env.run(&all);
    let errors: Vec<_> = records(&run.stdout)
        .iter()
        .filter(|r| r["type"] == "error")
        .map(|r| {
            format!(
                "{} {}",
                r["path"].as_str().unwrap_or("?"),
                r["reason"].as_str().unwrap_or("?")
            )
        })
        .collect();
    assert_eq!(
        env.run(&["query", "-q", "good", "--no-refresh"]).status,
        0,
        "the neighbour is indexed"
    );
    (run.status, errors.join(", "))
}

#[test]
fn each_limit_has_a_flag_and_a_named_reason_and_loses_no_neighbour() {
    for (name, bad, flag, reason, status) in [
        (
            "bad.html",
            "<div>x".repeat(50),
            "--max-nesting=40",
            "limit-depth",
            0,
        ),
        (
            "bad.md",
            "> ".repeat(50) + "x",
            "--max-nesting=40",
            "limit-depth",
            0,
        ),
        (
            "bad.html",
            "<p>x</p>".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.md",
            "- x\n".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.txt",
            "A line of text.\n\n".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.rst",
            "A line of text.\n\n".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.adoc",
            "A line of text.\n\n".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.org",
            "A line of text.\n\n".repeat(50),
            "--max-elements=40",
            "limit-nodes",
            0,
        ),
        (
            "bad.md",
            "# H\n\ntext\n\n".repeat(50),
            "--max-sections=40",
            "limit-sections",
            0,
        ),
        (
            "bad.org",
            "* H\ntext\n".repeat(50),
            "--max-sections=40",
            "limit-sections",
            0,
        ),
        ("bad.txt", "word ".repeat(500), "--max-steps=400", "time", 2),
        ("bad.md", "word ".repeat(500), "--max-steps=400", "time", 2),
        (
            "bad.html",
            "word ".repeat(500),
            "--max-steps=400",
            "time",
            2,
        ),
        ("bad.rst", "word ".repeat(500), "--max-steps=400", "time", 2),
        (
            "bad.adoc",
            "word ".repeat(500),
            "--max-steps=400",
            "time",
            2,
        ),
        ("bad.org", "word ".repeat(500), "--max-steps=400", "time", 2),
        (
            "bad.txt",
            "word ".repeat(500),
            "--max-filesize=2K",
            "too-large",
            0,
        ),
    ] {
        let env = TestEnv::new();
        env.write("good.txt", "A good article.\n");
        env.write(name, bad);
        let expected = (status, format!("{name} {reason}"));
        assert_eq!(breach(&env, &[flag]), expected, "{name} {flag}");
        // The index keeps the limit; another one reads the file again.
        assert_eq!(breach(&env, &[]), expected, "{name} {flag}, again");
        let (flag, _) = flag.split_once('=').expect("a flag");
        assert_eq!(
            breach(&env, &[flag, "1000000"]),
            (0, String::new()),
            "{name} {flag}"
        );
    }
}

#[test]
fn a_limit_in_the_configuration_gives_way_to_the_flag() {
    let env = TestEnv::new();
    env.write("good.txt", "A good article.\n");
    env.write("bad.md", "# H\n\ntext\n\n".repeat(50));
    env.write("excerpt.toml", "[index]\nmax-sections = 40\n");
    assert_eq!(breach(&env, &[]), (0, "bad.md limit-sections".into()));
    assert_eq!(breach(&env, &["--max-sections", "60"]), (0, String::new()));
    assert_eq!(breach(&env, &[]), (0, String::new()));
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    env.write(
        "excerpt.toml",
        "[query]\nlimit = 1\nany = true\nformat = \"csv\"\n",
    );
    let lines = |args: &[&str], variable: &str| {
        let mut command = env.command(args);
        command.env("EXCERPT_LIMIT", variable);
        crate::env::finish(&mut command).success().lines().count()
    };
    // A header, then a line a hit; with any of the words there are several.
    assert_eq!(
        env.run(&["query", "harbour diplomacy"])
            .success()
            .lines()
            .count(),
        2
    );
    assert_eq!(lines(&["query", "harbour diplomacy"], "2"), 3);
    assert_eq!(lines(&["query", "harbour diplomacy", "-k", "3"], "2"), 4);
    assert_eq!(
        lines(&["--index", ".excerpt", "query", "harbour diplomacy"], "2"),
        3
    );
    assert_eq!(
        env.run(&["query", "-c", "harbour diplomacy"]).success(),
        env.run(&["query", "-c", "-k", "99", "harbour diplomacy"])
            .success()
    );
    assert_eq!(
        env.run(&["query", "-l", "harbour diplomacy"])
            .success()
            .lines()
            .count(),
        2
    );
    let run = env.run(&["query", "harbour diplomacy", "--no-any", "--json"]);
    assert_eq!((run.status, run.stdout.lines().count()), (1, 1), "{run:?}");
    let mut command = env.command(&["query", "harbour"]);
    let error = crate::env::finish(command.env("EXCERPT_LIMIT", "many")).failure(2);
    assert!(
        error.contains("EXCERPT_LIMIT: expected a number from 0, not `many`"),
        "{error}"
    );
}

#[test]
fn ranking_can_be_weighed_and_explain_agrees() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    let score = |args: &[&str]| env.hits(args)[0]["score"].as_f64().expect("a score");
    let before = score(&["harbour"]);
    env.write(
        "excerpt.toml",
        "[ranking]\ntitle-weight = 1\nb = 0.1\nk1 = 2\n",
    );
    let after = score(&["harbour"]);
    assert!((before - after).abs() > 0.1, "{before} {after}");
    let out = env
        .run(&["explain", "harbour", "corpus/news/harbour-talks.txt"])
        .success();
    assert!(out.contains(&format!("score {after:.6}")), "{out}");
}

#[test]
fn status_shows_where_each_setting_comes_from() {
    let env = TestEnv::new();
    env.write(
        "excerpt.toml",
        "[query]\nlimit = 7\n\n[index]\nmax-filesize = \"1M\"\n",
    );
    let mut command = env.command(&["status", "--config"]);
    let out = crate::env::finish(command.env("EXCERPT_WIDTH", "99")).success();
    insta::assert_snapshot!(out);
    env.write("other.toml", "[query]\nlimit = 8\n");
    let out = env
        .run(&["status", "--config", "other.toml", "--format", "ndjson"])
        .success();
    let limit = crate::env::records(&out)
        .into_iter()
        .find(|record| record["name"] == "query.limit");
    let limit = limit.expect("the setting");
    assert_eq!(
        (limit["value"].as_str(), limit["origin"].as_str()),
        (Some("8"), Some("other.toml:2"))
    );
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README");
    for record in crate::env::records(&out) {
        let (table, key) = record["name"]
            .as_str()
            .and_then(|name| name.split_once('.'))
            .expect("a name");
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `[{table}]` |")))
            .expect(table);
        assert!(row.contains(&format!("`{key}`")), "{key} is not in README");
    }
}

#[test]
fn paths_and_globs_say_what_an_index_covers() {
    let env = TestEnv::with_corpus();
    env.write("other.txt", "A harbour elsewhere.\n");
    env.write(
        "excerpt.toml",
        "[index]\npaths = [\"corpus\"]\nglobs = [\"*.txt\"]\n",
    );
    let run = env.run(&["query", "-l", "harbour"]);
    assert_eq!(run.stdout, "corpus/news/harbour-talks.txt\n", "{run:?}");
    assert_eq!(env.run(&["query", "-c", "path:**"]).success(), "9\n");
    env.write("excerpt.toml", "[index]\nglobs = [\"*.md\"]\n");
    let out = env.run(&["index"]).success();
    assert!(out.contains("1 added, 2 removed"), "{out}");
    for (text, message) in [
        (
            "[index]\npaths = [\"../x\"]\n",
            "excerpt.toml:2:10: a path of the configuration lies in its folder",
        ),
        (
            "[index]\npaths = [\"/etc\"]\n",
            "excerpt.toml:2:10: a path of the configuration",
        ),
        (
            "[index]\nglobs = [\"a[\"]\n",
            "excerpt.toml:2:10: invalid glob `a[`",
        ),
        (
            "[index]\nglob = [\"a\"]\n",
            "excerpt.toml:2:1: unknown key `glob` in `[index]`; did you mean `globs`?",
        ),
    ] {
        env.write("excerpt.toml", text);
        let error = env.run(&["index"]).failure(2);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn t7_patterns_of_a_configuration_share_one_budget() {
    let env = TestEnv::new();
    env.write("plain.md", "# Plain\n\nText.\n");
    env.write("minutes/may.txt", MINUTES);
    let rules = "[[index.files]]\nglob = 'minutes/**'\nsplit-at = '\\w{0,60}'\n".repeat(400);
    env.write("excerpt.toml", &rules);
    let run = env.run(&["index"]);
    assert!(
        run.status == 2
            && run.stderr.contains(
                "minutes/may.txt: with the pattern `\\w{0,60}` all patterns take more than"
            ),
        "{run:?}"
    );
    // Where no file asks for them, they are not compiled.
    assert_eq!(env.run(&["query", "-c", "text", "plain.md"]).stdout, "1\n");
    env.write(
        "excerpt.toml",
        "[[index.files]]\nglob = 'minutes/**'\nsplit-at = ['^Item \\d', '^\\w{0,60}:']\n",
    );
    assert_eq!(env.run(&["index"]).status, 0);
    assert_eq!(headings(&env, "minutes/may.txt").len(), 2);
    for (text, message) in [
        (
            format!("[index]\nglobs = [{}]\n", "'a*', ".repeat(2_000)),
            "with the glob `a*` there are more than 1000",
        ),
        (
            format!("[index]\nglobs = ['{}']\n", "{a,".repeat(30_000)),
            "longer than 65536 bytes together",
        ),
        (
            "[[index.files]]\nglob = 'x/**'\nsplit = 'never'\n".repeat(1_001),
            "excerpt.toml:3001:1: with the glob `x/**`",
        ),
        (
            format!(
                "[[index.files]]\nglob = 'a'\nsplit-at = '{}'\n",
                "\\w".repeat(5_000)
            ),
            "excerpt.toml:1:1: the pattern `",
        ),
    ] {
        env.write("excerpt.toml", text);
        let run = env.run(&["index"]);
        assert!(
            run.status == 2 && run.stderr.contains(message),
            "{message}: {}",
            &run.stderr[..run.stderr.len().min(500)]
        );
    }
}
