//! Batches, orders, numbers, and flags that contradict each other.

use crate::env::TestEnv;

fn dated() -> TestEnv {
    let env = TestEnv::new();
    for (name, date) in [
        ("a", "2014"),
        ("b", "2012-03"),
        ("c", ""),
        ("d", "2020-01-02"),
    ] {
        let head = match date {
            "" => String::new(),
            date => format!("---\ndate: {date}\n---\n\n"),
        };
        env.write(
            &format!("{name}.md"),
            format!("{head}A falcon of {name}.\n"),
        );
    }
    env.run(&["index"]).success();
    env
}

#[test]
fn each_answer_of_a_batch_says_which_query_it_answers() {
    let env = dated();
    env.write(
        "queries.tsv",
        "first\tfalcon\nnothingatall\nthird\tx\n\"\nd falcon\n",
    );
    let shown = |args: &[&str]| {
        env.run(
            &[
                &[
                    "query",
                    "-f",
                    "queries.tsv",
                    "--sort",
                    "path",
                    "a.md",
                    "d.md",
                ],
                args,
            ]
            .concat(),
        )
    };
    let run = shown(&["-c"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (2, "first\t2\n2\t0\nthird\t0\n5\t1\n")
    );
    assert!(run.stderr.contains("line 4"), "{}", run.stderr);
    assert_eq!(shown(&["-l"]).stdout, "first\ta.md\nfirst\td.md\n5\td.md\n");
    assert_eq!(
        shown(&["-l", "-0"]).stdout,
        "first\ta.md\0first\td.md\x005\td.md\0"
    );
    insta::assert_snapshot!(
        ["text", "md", "vimgrep"]
            .map(|format| shown(&["--format", format]).stdout)
            .join("--\n")
    );
}

#[test]
fn a_line_that_is_no_text_leaves_the_others() {
    let env = dated();
    env.write("queries", b"falcon\n\xff\nfalcon\n");
    let run = env.run(&["query", "-f", "queries", "-c"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, "1\t4\n3\t4\n"));
    assert!(
        run.stderr.contains("`queries`: line 2: not UTF-8"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_line_with_an_empty_id_is_refused() {
    let env = dated();
    env.write("queries", "\tfalcon\na\tfalcon\n \tfalcon\n\n");
    let run = env.run(&["query", "-f", "queries", "--format", "trec"]);
    assert_eq!(run.status, 2);
    for line in run.stdout.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        assert_eq!(
            (fields.len(), fields[0], fields[1]),
            (6, "a", "Q0"),
            "{line}"
        );
    }
    assert_eq!(run.stdout.lines().count(), 4);
    for line in ["line 1", "line 3"] {
        let told = format!("`queries`: {line}: there is no id before the TAB");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
}

#[test]
fn orders_can_be_reversed_and_what_has_no_date_stays_last() {
    let env = dated();
    let list = |args: &[&str]| {
        let all = env
            .run(&[&["query", "-l", "falcon"], args].concat())
            .success();
        all.lines()
            .map(|line| line.trim_end_matches(".md").to_string())
            .collect::<String>()
    };
    assert_eq!(list(&["--sort", "path"]), "abcd");
    assert_eq!(list(&["--sort", "path", "-r"]), "dcba");
    assert_eq!(list(&["--sort", "date"]), "dabc");
    assert_eq!(list(&["--sort", "date", "--reverse"]), "badc");
    assert_eq!(
        list(&["--sort", "date", "-r", "-k", "2", "--offset", "1"]),
        "ad"
    );
    assert_eq!(list(&["--sort", "date", "-r", "--no-reverse"]), "dabc");
    let first = &env.hits(&["falcon", "--sort", "date", "-r", "-k", "1"])[0];
    assert_eq!(
        (first["path"].as_str(), first["rank"].as_u64()),
        (Some("b.md"), Some(1))
    );
}

#[test]
fn all_shows_all_and_no_hit_cannot_be_asked_for() {
    let env = TestEnv::new();
    for i in 0..15 {
        env.write(&format!("{i}.md"), "A falcon.\n");
    }
    env.run(&["index"]).success();
    assert_eq!(env.hits(&["falcon"]).len(), 10);
    assert_eq!(env.hits(&["falcon", "--all"]).len(), 15);
    env.write("excerpt.toml", "[query]\nlimit = 3\n");
    assert_eq!(env.hits(&["falcon"]).len(), 3);
    assert_eq!(env.hits(&["falcon", "--all"]).len(), 15);
    let error = env.run(&["query", "falcon", "-k", "0"]).failure(2);
    assert!(error.contains("must be 1 or more"), "{error}");
}

#[test]
fn flags_that_contradict_each_other_are_an_error_and_settings_give_way() {
    let env = dated();
    for flags in [
        &["-l", "--json"][..],
        &["-c", "--json"],
        &["-l", "--format", "csv"],
        &["-c", "--format", "text"],
        &["-l", "-c"],
        &["-q", "-l"],
        &["-q", "-c"],
        &["-q", "--json"],
        &["--all", "-k", "3"],
        &["-0"],
        &["-0", "--json"],
        &["-0", "-c"],
        &["-0", "-q"],
        &["-0", "--open", "1"],
        &["--schema"],
        &["--open", "1", "-l"],
        &["--open", "0"],
    ] {
        let error = env.run(&[&["query", "falcon"], flags].concat()).failure(2);
        assert!(error.starts_with("excerpt: "), "{flags:?}: {error}");
    }
    env.write("excerpt.toml", "[query]\nformat = 'csv'\n");
    assert_eq!(env.run(&["query", "falcon", "-c"]).success(), "4\n");
    assert_eq!(
        env.run(&["query", "falcon", "-l", "a.md"]).success(),
        "a.md\n"
    );
    let error = env.run(&["query", "blair", "-f", "queries"]).failure(2);
    assert!(error.contains("queries"), "{error}");
    env.write("queries", "falcon\n");
    let error = env.run(&["query", "blair", "-f", "queries"]).failure(2);
    assert!(
        error.contains("with -f") && error.contains("`blair`"),
        "{error}"
    );
}

#[test]
fn a_switch_of_the_environment_takes_1_and_0() {
    let env = dated();
    for (value, expected) in [
        ("1", "4\n"),
        ("true", "4\n"),
        ("yes", "4\n"),
        ("0", "0\n"),
        ("false", "0\n"),
        ("", "0\n"),
    ] {
        let mut command = env.command(&["query", "falcon nothingatall", "-c"]);
        command.env("EXCERPT_ANY", value);
        assert_eq!(
            crate::env::finish(&mut command).stdout,
            expected,
            "{value:?}"
        );
    }
}

#[test]
fn what_a_command_was_given_as_its_input_is_no_answer_to_it() {
    let env = dated();
    env.write("names.txt", "falcon\n");
    env.write("aliases.txt", "falcon, hawk\n");
    env.run(&["index"]).success();
    let list = |args: &[&str]| {
        env.run(&[&["query", "-l", "--sort", "path"], args].concat())
            .success()
    };
    assert!(list(&["falcon"]).contains("names.txt"));
    assert!(!list(&["-f", "names.txt"]).contains("names.txt"));
    assert!(!list(&["--aliases", "aliases.txt", "hawk"]).contains("aliases.txt"));
    assert!(list(&["--aliases", "aliases.txt", "hawk"]).contains("a.md"));
}

#[test]
fn stats_are_told_where_they_are_asked_for() {
    let env = dated();
    let args = ["query", "falcon", "--json"];
    let without = env.run(&args);
    assert!(!without.stdout.contains("times") && without.stderr.is_empty());
    let with = env.run(&[&args[..], &["--stats"]].concat()).success();
    let summary = crate::env::records(&with).pop().expect("a summary");
    assert!(
        summary["times"]["search"]
            .as_f64()
            .is_some_and(|seconds| seconds >= 0.0)
    );
    let text = env.run(&["query", "falcon", "--stats"]);
    assert!(
        text.stderr.starts_with("excerpt: refresh 0.") && text.stderr.contains(" s, search 0."),
        "{text:?}"
    );
}
