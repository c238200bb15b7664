//! Changes that size and time of modification do not tell, and names of nothing.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::env::{TestEnv, finish, records};

/// Writes a file with a given time of modification.
fn write_at(env: &TestEnv, name: &str, text: &str, days_ago: u64) {
    let path = env.write(name, text);
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000 - days_ago * 86_400);
    let file = fs::File::options()
        .write(true)
        .open(path)
        .expect("the file");
    file.set_modified(then).expect("a time");
}

fn count(env: &TestEnv, query: &str) -> String {
    let run = env.run(&["query", "-c", query]);
    assert!(run.status < 2, "{run:?}");
    run.stdout.trim().to_string()
}

/// A way to change a file that neither its size nor its time tells.
#[cfg(unix)]
type Change<'a> = &'a dyn Fn(&TestEnv);

#[cfg(unix)]
#[test]
fn r1_changes_of_equal_size_and_time_are_seen() {
    let env = TestEnv::new();
    let changes: [(&str, Change<'_>); 6] = [
        ("written in place", &|env| {
            write_at(env, "a.md", "walrus one\n", 0);
        }),
        ("replaced", &|env| {
            write_at(env, "new", "walrus one\n", 0);
            fs::rename(env.path().join("new"), env.path().join("a.md")).expect("moved");
        }),
        ("moved from elsewhere", &|env| {
            write_at(env, "away/b.txt", "walrus one\n", 0);
            fs::rename(env.path().join("away/b.txt"), env.path().join("a.md")).expect("moved");
        }),
        ("swapped with another", &|env| {
            let at = |name: &str| env.path().join(name);
            fs::rename(at("a.md"), at("x")).expect("moved");
            fs::rename(at("other.md"), at("a.md")).expect("moved");
            fs::rename(at("x"), at("other.md")).expect("moved");
        }),
        ("a folder swapped for another", &|env| {
            write_at(env, "b/a.md", "walrus one\n", 0);
            fs::rename(env.path().join("b/a.md"), env.path().join("a.md")).expect("moved");
        }),
        ("copied with its time", &|env| {
            write_at(env, "c", "walrus one\n", 0);
            let copied = std::process::Command::new("cp")
                .args(["-p", "c", "a.md"])
                .current_dir(env.path())
                .status();
            assert!(copied.expect("cp").success());
        }),
    ];
    for (how, change) in changes {
        write_at(&env, "a.md", "harbor one\n", 0);
        write_at(&env, "other.md", "walrus two\n", 0);
        env.run(&["index", "--rehash", "a.md", "other.md"])
            .success();
        assert_eq!(count(&env, "harbor path:a.md"), "1", "{how}");
        change(&env);
        assert_eq!(count(&env, "walrus path:a.md"), "1", "{how}");
        assert_eq!(count(&env, "harbor path:a.md"), "0", "{how}");
        let status = env.run(&["status"]).success();
        assert!(status.contains("stale     0"), "{how}: {status}");
    }
}

#[cfg(unix)]
#[test]
fn r1_times_before_and_at_the_epoch_are_seen_too() {
    let env = TestEnv::new();
    for seconds in [0, 1] {
        let clamp = |text: &str| {
            let path = env.write("a.md", text);
            let file = fs::File::options()
                .write(true)
                .open(path)
                .expect("the file");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).expect("a time");
        };
        clamp("harbor one\n");
        assert_eq!(count(&env, "harbor"), "1");
        clamp("walrus one\n");
        assert_eq!(count(&env, "walrus"), "1", "{seconds}");
    }
}

#[cfg(unix)]
#[test]
fn r1_a_link_that_is_pointed_elsewhere_is_read_again() {
    use std::os::unix::fs::symlink;
    let env = TestEnv::new();
    write_at(&env, "v1/a.md", "harbor one\n", 0);
    write_at(&env, "v2/a.md", "walrus one\n", 0);
    symlink("v1", env.path().join("now")).expect("a link");
    env.run(&["index", "-L", "now"]).success();
    assert_eq!(count(&env, "harbor"), "1");
    fs::remove_file(env.path().join("now")).expect("removed");
    symlink("v2", env.path().join("now")).expect("a link");
    assert_eq!(
        (count(&env, "harbor"), count(&env, "walrus")),
        ("0".into(), "1".into())
    );
}

#[test]
fn r1_basic_trusts_times_and_a_hit_that_does_not_verify_has_its_file_read_again() {
    let env = TestEnv::new();
    env.write("excerpt.toml", "[index]\nstat = \"basic\"\n");
    write_at(&env, "a.md", "harbor one\n", 0);
    env.run(&["index"]).success();
    write_at(&env, "a.md", "walrus one\n", 0);
    // Nothing tells the change, until the hit is held against its file.
    assert_eq!(env.run(&["query", "-l", "walrus"]).stdout, "");
    let shown = env.run(&["query", "harbor"]);
    assert_eq!((shown.status, shown.stdout.as_str()), (1, ""), "{shown:?}");
    assert_eq!(env.run(&["query", "-l", "walrus"]).stdout, "a.md\n");
    // A verdict trusts no times.
    write_at(&env, "a.md", "harbor one\n", 0);
    env.write("checks.toml", "[[case]]\nquery = 'harbor'\nmin_hits = 1\n");
    let checked = env.run(&["check", "checks.toml"]);
    assert_eq!(checked.status, 0, "{checked:?}");
}

#[test]
fn r1_rehash_reads_all_files_and_strict_fails_where_a_hit_stays_unverified() {
    let env = TestEnv::new();
    env.write("excerpt.toml", "[index]\nstat = \"basic\"\n");
    write_at(&env, "a.md", "harbor one\n", 0);
    env.run(&["index"]).success();
    write_at(&env, "a.md", "walrus one\n", 0);
    assert!(env.run(&["index"]).success().contains("no changes"));
    let strict = env.run(&["query", "--no-refresh", "--strict", "harbor"]);
    assert_eq!(strict.status, 2, "{strict:?}");
    assert_eq!(env.run(&["query", "--no-refresh", "harbor"]).status, 0);
    assert!(
        env.run(&["index", "--rehash"])
            .success()
            .contains("1 changed")
    );
    assert_eq!(count(&env, "walrus"), "1");
    assert_eq!(env.run(&["query", "--strict", "walrus"]).status, 0);
}

#[test]
fn a_restored_index_hashes_its_files_once_and_indexes_nothing_again() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "."]).success();
    let restored = TestEnv::with_corpus();
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .arg(env.path().join(".excerpt"))
        .arg(restored.path())
        .status();
    assert!(copied.expect("cp").success());
    let first = restored.run(&["index", "--format", "ndjson"]).success();
    let report = records(&first).pop().expect("a report");
    assert_eq!(
        (&report["added"], &report["changed"], &report["unchanged"]),
        (&0.into(), &0.into(), &4.into())
    );
    let manifest = || fs::read(restored.path().join(".excerpt/manifest")).expect("a manifest");
    let before = manifest();
    assert_eq!(count(&restored, "minsk"), "1");
    assert!(manifest() == before, "the second look changed the index");
}

#[test]
fn r2_names_of_nothing_do_not_stop_the_others() {
    let env = TestEnv::with_corpus();
    let run = env.run(&[
        "index",
        "corpus/docs",
        "gone.md",
        "corpus/news/harbour-talks.txt",
    ]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("gone.md: there is no such file or folder"),
        "{run:?}"
    );
    assert_eq!(
        env.run(&["query", "-l", "harbour"]).stdout,
        "corpus/news/harbour-talks.txt\n"
    );
    let list = b"corpus/news/blinken-diplomacy.txt\ndeleted.md\n";
    let run = env.run_with_input(&["index", "--files-from", "-"], list);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("deleted.md"), "{run:?}");
    assert_eq!(count(&env, "minsk"), "1");
    let records = records(&env.run(&["index", "--format", "ndjson", "gone.md"]).stdout);
    assert!(
        records
            .iter()
            .any(|record| record["type"] == "error" && record["path"] == "gone.md"),
        "{records:?}"
    );
}

#[test]
fn r3_n3_a_path_that_is_neither_there_nor_known_is_an_error() {
    let env = TestEnv::with_corpus();
    for args in [
        &["index", "nosuch"][..],
        &["query", "minsk", "nosuch"],
        &["query", "minsk", "corpus/nosuch.txt"],
        &["query", "minsk", "--", "-l"],
        &["query", "needle", "haystack"],
    ] {
        // Without an index, and with one.
        for _ in 0..2 {
            let error = env.run(args).failure(2);
            assert!(
                error.contains("there is no file or folder"),
                "{args:?}: {error}"
            );
            assert!(!error.contains("--force"), "{error}");
        }
        assert!(!env.path().join(".excerpt/manifest").exists(), "{args:?}");
    }
    env.run(&["index"]).success();
    for args in [
        &["index", "nosuch"][..],
        &["query", "minsk", "corpus/nosuch.txt"],
        &["query", "--no-refresh", "minsk", "nosuch"],
        &["query", "needle", "haystack"],
    ] {
        let error = env.run(args).failure(2);
        assert!(
            error.contains("nosuch") || error.contains("is one argument"),
            "{args:?}: {error}"
        );
    }
    let hint = env.run(&["query", "minsk", "--", "x", "-l"]).failure(2);
    assert!(hint.contains("options go before it"), "{hint}");
    // Where nothing is there from the current folder, a path may be one as it is stored.
    let mut command = env.command(&["query", "-c", "minsk", "corpus/news"]);
    let found = finish(command.current_dir(env.path().join("corpus/docs")));
    assert_eq!(found.stdout, "1\n", "{found:?}");
}

#[test]
fn r4_a_query_without_quotation_marks_is_told_so() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let error = env.run(&["query", "needle", "haystack"]).failure(2);
    assert!(
        error.contains("a query of several words is one argument"),
        "{error}"
    );
    assert!(!error.contains("--force"), "{error}");
}

#[test]
fn r5_globs_of_the_configuration_hold_from_the_next_query_on() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let paths = || {
        env.run(&["query", "-l", "path:corpus", "--sort", "path"])
            .stdout
    };
    assert!(paths().contains("install.md"));
    env.write("excerpt.toml", "[index]\nglobs = [\"*.txt\"]\n");
    assert!(!paths().contains("install.md") && paths().contains("harbour-talks.txt"));
    fs::remove_file(Path::new(env.path()).join("excerpt.toml")).expect("removed");
    assert!(paths().contains("install.md"));
    // Globs that were given go before.
    env.run(&["index", "-g", "*.md", "."]).success();
    env.write("excerpt.toml", "[index]\nglobs = [\"*.txt\"]\n");
    assert!(paths().contains("install.md") && !paths().contains("harbour-talks.txt"));
}

#[test]
fn r5_what_is_excluded_now_is_not_found_though_nothing_else_is_there() {
    let env = TestEnv::new();
    env.write("a/a.txt", "A walrus.\n");
    env.run(&["index", "a"]).success();
    for (name, text) in [
        ("excerpt.toml", "[index]\nglobs = ['!*.txt']\n"),
        ("a/.ignore", "*.txt\n"),
    ] {
        env.write(name, text);
        let run = env.run(&["query", "-c", "walrus"]);
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (1, "0\n"),
            "{name}: {run:?}"
        );
        env.remove(name);
        assert_eq!(count(&env, "walrus"), "1");
    }
}

#[test]
fn r1_strict_holds_each_hit_against_its_file_in_every_output() {
    let env = TestEnv::new();
    env.write("a.md", "alpha one\n");
    env.run(&["index"]).success();
    env.remove("a.md");
    env.write("b.md", "beta\n");
    for flags in [
        &["-l"][..],
        &["-c"],
        &["-q"],
        &["--format", "trec"],
        &["--format", "csv"],
        &[],
    ] {
        let args = [&["query", "alpha", "--no-refresh", "--strict"][..], flags].concat();
        let run = env.run(&args);
        let excused = flags == ["-q"];
        assert_eq!(
            run.status,
            if excused { 0 } else { 2 },
            "{flags:?}: {run:?}"
        );
    }
}

#[test]
fn status_does_not_say_fresh_of_what_it_did_not_look_at() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    fs::rename(env.path().join("corpus"), env.path().join("away")).expect("moved");
    let status = env.run(&["status"]).success();
    assert!(status.contains("stale     not known"), "{status}");
    let record = records(&env.run(&["status", "--format", "ndjson"]).success());
    assert!(
        record
            .iter()
            .any(|record| record.get("stale").is_some_and(serde_json::Value::is_null))
    );
}

#[test]
fn variables_that_are_set_to_nothing_count_as_unset() {
    let env = TestEnv::with_corpus();
    for name in [
        "EXCERPT_INDEX",
        "EXCERPT_CONFIG",
        "EXCERPT_TRUST",
        "EXCERPT_LIMIT",
    ] {
        let mut command = env.command(&["query", "-c", "minsk"]);
        let run = finish(command.env(name, ""));
        assert_eq!(run.stdout, "1\n", "{name}: {run:?}");
    }
}
