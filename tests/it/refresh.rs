//! The refresh: only what changed is read, what is gone goes, and nothing vanishes by accident.

use std::fs;

use crate::env::{TestEnv, records};

/// The counts of `excerpt index`: added, changed, removed, renamed, unchanged.
fn counts(env: &TestEnv) -> [u64; 5] {
    let run = env.run(&["index", "--format", "ndjson"]);
    assert_eq!(run.status, 0, "{run:?}");
    let report = records(&run.stdout).pop().expect("a report");
    ["added", "changed", "removed", "renamed", "unchanged"]
        .map(|key| report[key].as_u64().expect("a count"))
}

#[test]
fn changes_are_found_and_nothing_else_is_done() {
    let env = TestEnv::with_corpus();
    assert_eq!(counts(&env), [4, 0, 0, 0, 0]);
    assert_eq!(counts(&env), [0, 0, 0, 0, 4]);
    env.write("corpus/new.txt", "A new article.\n");
    env.write("corpus/news/harbour-talks.txt", "Another text now.\n");
    env.remove("corpus/docs/glossary.html");
    assert_eq!(counts(&env), [1, 1, 1, 0, 2]);
    assert_eq!(env.run(&["query", "-c", "terminal"]).stdout, "0\n");
    assert_eq!(env.run(&["query", "-c", "glossary"]).stdout, "0\n");
}

#[test]
fn a_moved_file_is_known_again_and_cited_under_its_new_name() {
    let env = TestEnv::with_corpus();
    assert_eq!(counts(&env), [4, 0, 0, 0, 0]);
    fs::rename(
        env.path().join("corpus/news/blinken-diplomacy.txt"),
        env.path().join("corpus/moved.txt"),
    )
    .expect("moved");
    assert_eq!(counts(&env), [0, 0, 0, 1, 3]);
    assert_eq!(
        env.ids(&["\"Minsk agreements\""]),
        ["corpus/moved.txt#the-ukraine-conflict"]
    );
}

#[test]
fn new_times_with_equal_content_index_nothing_again() {
    let env = TestEnv::with_corpus();
    assert_eq!(counts(&env), [4, 0, 0, 0, 0]);
    let segments = || {
        let names = fs::read_dir(env.path().join(".excerpt"))
            .expect("the index")
            .filter_map(Result::ok);
        let mut names: Vec<_> = names
            .map(|e| e.file_name())
            .filter(|n| n.to_string_lossy().ends_with(".store"))
            .collect();
        names.sort();
        names
    };
    let before = segments();
    let text = fs::read(env.path().join("corpus/docs/install.md")).expect("an article");
    fs::write(env.path().join("corpus/docs/install.md"), text).expect("written again");
    assert_eq!(counts(&env), [0, 0, 0, 0, 4]);
    assert_eq!(segments(), before);
}

#[test]
fn every_query_sees_what_changed_before_it() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["query", "-c", "xylophone"]).stdout, "0\n");
    env.write("corpus/a.txt", "The xylophone.\n");
    assert_eq!(env.run(&["query", "-c", "xylophone"]).stdout, "1\n");
    fs::write(env.path().join("corpus/a.txt"), "The kazoooooo.\n").expect("same size, same second");
    assert_eq!(env.run(&["query", "-c", "xylophone"]).stdout, "0\n");
    assert_eq!(env.run(&["query", "-c", "kazoooooo"]).stdout, "1\n");
}

#[test]
fn n8_a_root_that_is_gone_or_empty_keeps_its_sections_and_the_others_are_refreshed() {
    let env = TestEnv::with_corpus();
    env.write("other/keep.txt", "Something else.\n");
    assert_eq!(env.run(&["index", "corpus", "other"]).status, 0);
    fs::rename(env.path().join("corpus"), env.path().join("away")).expect("moved");
    env.write("other/more.txt", "Something zanzibar.\n");
    let run = env.run(&["query", "-c", "minsk OR zanzibar"]);
    assert!(
        run.stderr.contains("`corpus` is not there") && run.stderr.contains("--force"),
        "{run:?}"
    );
    assert_eq!((run.status, run.stdout.as_str()), (2, "2\n"), "{run:?}");
    let summary = records(&env.run(&["query", "--json", "minsk"]).stdout).pop();
    assert_eq!(summary.expect("a summary")["refresh"], "partial");
    env.write("checks.toml", "[[case]]\nquery = 'minsk'\nmin_hits = 1\n");
    assert!(
        env.run(&["check", "checks.toml"])
            .failure(2)
            .contains("no verdict")
    );
    fs::create_dir(env.path().join("corpus")).expect("an empty folder");
    let run = env.run(&["index"]);
    assert!(
        run.stderr
            .contains("`corpus` is empty; the 4 files that are indexed of it stay"),
        "{run:?}"
    );
    assert_eq!(run.status, 2);
    assert_eq!(
        env.run(&["query", "--no-refresh", "-c", "minsk"]).stdout,
        "1\n"
    );
    fs::remove_dir(env.path().join("corpus")).expect("removed");
    assert_eq!(env.run(&["index", "--force"]).status, 0);
    assert_eq!(env.run(&["query", "-c", "minsk"]).stdout, "0\n");
    assert_eq!(env.run(&["query", "-c", "something"]).stdout, "2\n");
}

#[test]
fn ignore_files_hidden_files_and_globs_decide_what_is_walked() {
    let env = TestEnv::new();
    env.write("a.txt", "word\n");
    env.write(".hidden.txt", "word\n");
    env.write("ignored.txt", "word\n");
    env.write("also.md", "word\n");
    env.write(".excerptignore", "ignored.txt\n");
    assert_eq!(env.run(&["index"]).status, 0);
    assert_eq!(
        env.run(&["query", "-l", "word", "--sort", "path"]).stdout,
        "a.txt\nalso.md\n"
    );
    assert_eq!(
        env.run(&["index", "--hidden", "--no-ignore", "-g", "*.txt", "."])
            .status,
        0
    );
    assert_eq!(
        env.run(&["query", "-l", "word", "--sort", "path"]).stdout,
        ".hidden.txt\na.txt\nignored.txt\n"
    );
}

#[test]
fn files_may_come_from_a_list_and_from_standard_input() {
    let env = TestEnv::with_corpus();
    let list = b"corpus/docs/install.md\0corpus/news/harbour-talks.txt\0";
    assert_eq!(
        env.run_with_input(&["index", "--files-from", "-", "-0"], list)
            .status,
        0
    );
    assert_eq!(env.run(&["query", "-c", "path:corpus"]).stdout, "8\n");
    let run = env.run_with_input(
        &["index", "-", "--stdin-name", "note.md"],
        b"# Note\n\nFrom a pipe.\n",
    );
    assert_eq!(run.status, 0, "{run:?}");
    let hits = env.hits(&["pipe"]);
    assert_eq!(
        (hits[0]["id"].as_str(), hits[0]["verified"].is_null()),
        (Some("note.md#top"), true)
    );
    env.remove("corpus/docs/install.md");
    assert_eq!(env.run(&["query", "-c", "linker"]).stdout, "0\n");
    assert_eq!(env.run(&["query", "-c", "pipe"]).stdout, "1\n");
}

#[test]
fn an_interrupted_run_leaves_the_old_index() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    for i in 0..400 {
        env.write(
            &format!("corpus/more/{i}.txt"),
            format!("Article number{i}. {}\n", "walrus ".repeat(2000)),
        );
    }
    let mut child = env.command(&["index"]).spawn().expect("a started program");
    std::thread::sleep(std::time::Duration::from_millis(30));
    child.kill().expect("killed");
    child.wait().expect("ended");
    let count = env.run(&["query", "--no-refresh", "-c", "walrus"]).stdout;
    assert!(count == "0\n" || count == "400\n", "{count}");
    assert_eq!(
        env.run(&["query", "--no-refresh", "-c", "minsk"]).stdout,
        "1\n"
    );
    assert_eq!(env.run(&["query", "-c", "walrus"]).stdout, "400\n");
}

#[test]
fn readers_beside_a_writer_get_the_last_state() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    env.write("corpus/new.txt", "A new article.\n");
    let lock = fs::File::create(env.path().join(".excerpt/LOCK")).expect("the lock file");
    lock.try_lock().expect("locked");
    assert!(
        env.run(&["index", "--no-wait"])
            .failure(2)
            .contains("another process")
    );
    let run = env.run(&["query", "--json", "minsk"]);
    let summary = records(&run.stdout).pop().expect("a summary");
    assert_eq!(
        (summary["refresh"].as_str(), summary["stale"].as_u64()),
        (Some("busy"), Some(1))
    );
    assert_eq!(run.status, 0);
}

/// The program where nobody may write the index.
#[cfg(unix)]
fn as_reader(env: &TestEnv, args: &[&str]) -> crate::env::Run {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    let index = env.path().join(".excerpt");
    let files = fs::read_dir(&index)
        .expect("the index")
        .filter_map(Result::ok);
    files.for_each(|entry| set(&entry.path(), 0o444));
    set(&index, 0o555);
    // Root may write whatever the mode says.
    let run = match env.other_user() {
        Some(other) => {
            other.give(&index);
            let run = other.run(args);
            other.take_back(&index);
            run
        }
        None => env.run(args),
    };
    set(&index, 0o755);
    run
}

#[cfg(unix)]
#[test]
fn an_index_that_may_not_be_written_answers_from_its_last_state() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    let fresh = as_reader(&env, &["query", "--json", "minsk"]);
    let summary = records(&fresh.stdout).pop();
    let summary = summary.unwrap_or_else(|| panic!("{fresh:?}"));
    assert_eq!(
        (fresh.status, summary["refresh"].as_str()),
        (0, Some("done")),
        "{fresh:?}"
    );
    env.write("corpus/new.txt", "A new article on Minsk.\n");
    let stale = as_reader(&env, &["query", "--json", "minsk"]);
    let summary = records(&stale.stdout).pop().expect("a summary");
    assert_eq!(summary["refresh"].as_str(), Some("read-only"), "{stale:?}");
    assert_eq!(
        (summary["stale"].as_u64(), summary["matched"].as_u64()),
        (Some(1), Some(1))
    );
    assert!(
        as_reader(&env, &["index"])
            .failure(2)
            .contains("cannot be written")
    );
}

/// A backup or a mount gives all files other numbers and times of change. Where that cannot be noted, an answer takes
/// them as they are, and a verdict reads them.
#[cfg(unix)]
#[test]
fn h7_an_index_that_may_not_be_written_takes_files_of_equal_size_and_time_as_unchanged() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    let article = env.path().join("corpus/news/harbour-talks.txt");
    fs::set_permissions(&article, fs::Permissions::from_mode(0o664)).expect("a mode");
    let run = as_reader(&env, &["query", "--json", "minsk"]);
    let summary = records(&run.stdout).pop().expect("a summary");
    assert_eq!(
        (summary["refresh"].as_str(), summary["stale"].as_u64()),
        (Some("read-only"), Some(0)),
        "{run:?}"
    );
    let checks = tempfile::tempdir().expect("a folder");
    let file = checks.path().join("checks.toml");
    fs::write(&file, "[[case]]\nquery = 'minsk'\nmin_hits = 1\n").expect("written");
    fs::set_permissions(checks.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let args = [
        "--index",
        ".excerpt",
        "check",
        file.to_str().expect("a name"),
    ];
    let checked = as_reader(&env, &args);
    assert_eq!(checked.status, 0, "{checked:?}");
    // Other content of equal size and time is one for a verdict.
    let metadata = fs::metadata(&article).expect("a file");
    let text = fs::read_to_string(&article).expect("its text");
    fs::write(&article, text.replace("harbour", "karbour")).expect("written");
    let written = fs::File::options()
        .write(true)
        .open(&article)
        .expect("the file");
    written
        .set_modified(metadata.modified().expect("a time"))
        .expect("the old time");
    assert!(as_reader(&env, &args).failure(2).contains("no verdict"));
}
