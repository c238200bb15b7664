//! One writer, any number of readers; other versions; moved indexes.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use excerpt::engine::embedded::EmbeddedSnapshot;
use excerpt::engine::{Depth, Snapshot};

use crate::env::{TestEnv, finish, number};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("a file");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

#[test]
fn every_old_format_is_built_anew_with_a_word() {
    let indexes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/indexes");
    let mut seen = 0;
    for entry in fs::read_dir(indexes).expect("old indexes") {
        let old = entry.expect("one").path();
        let env = TestEnv::new();
        env.write(
            "talks.md",
            fs::read(old.join("talks.md")).expect("its article"),
        );
        copy(&old.join("index"), &env.path().join(".excerpt"));
        // The article was named by itself, so that no other is covered.
        env.write("other.md", "# Minsk\n\nAnother article.\n");
        assert!(
            env.run(&["query", "--no-refresh", "minsk"])
                .failure(2)
                .contains("`excerpt index` builds it anew")
        );
        let run = env.run(&["query", "-c", "minsk"]);
        assert_eq!((run.status, run.stdout.as_str()), (0, "1\n"), "{run:?}");
        assert!(
            run.stderr.contains("is of format") && run.stderr.contains("built anew"),
            "{run:?}"
        );
        let verified = env.run(&["verify"]).success();
        assert!(!verified.contains("stopped"), "{verified}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn another_analysis_is_built_anew_and_a_newer_index_is_left_alone() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    let set = |key: &str, value: u32| env.change_manifest(|manifest| manifest[key] = value.into());
    set("analysis", 0);
    assert_eq!(env.run(&["query", "--no-refresh", "minsk"]).status, 2);
    let run = env.run(&["query", "-c", "minsk"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "1\n"), "{run:?}");
    assert!(run.stderr.contains("built anew"), "{run:?}");
    for key in ["analysis", "format"] {
        set(key, 99);
        let manifest = fs::read(env.path().join(".excerpt/manifest")).expect("the manifest");
        for args in [
            &["query", "minsk"][..],
            &["index"],
            &["status"],
            &["verify"],
            &["query", "--no-refresh", "minsk"],
        ] {
            let error = env.run(args).failure(2);
            assert!(
                error.contains("newer") && error.contains("--force"),
                "{args:?}: {error}"
            );
        }
        assert_eq!(
            fs::read(env.path().join(".excerpt/manifest")).expect("the manifest"),
            manifest
        );
        assert!(env.run(&["index", "--force"]).stderr.contains("built anew"));
        assert_eq!(env.run(&["query", "-c", "minsk"]).stdout, "1\n");
    }
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let env = TestEnv::with_corpus();
    env.write("other/manifest", "Chrome 7\n");
    for args in [&["index", "corpus"][..], &["query", "minsk"], &["verify"]] {
        let mut command = env.command(&["--index", "other"]);
        let error = finish(command.args(args)).failure(2);
        let expected = "other` is not empty and is no index of excerpt";
        assert!(
            error.contains(expected) && error.contains("--index DIR"),
            "{error}"
        );
    }
    let names = fs::read_dir(env.path().join("other")).expect("the folder");
    assert_eq!(names.count(), 1);
}

#[test]
fn a_first_run_that_was_stopped_leaves_no_index_and_its_files_go() {
    let env = TestEnv::with_corpus();
    let stray = ".excerpt/catalog-0123456789abcdef.bin";
    // As it is after the lock, the marker, the list and a file.
    env.run(&["index"]).success();
    let marker = fs::read(env.path().join(".excerpt/excerpt.tag")).expect("the marker");
    fs::remove_dir_all(env.path().join(".excerpt")).expect("removed");
    env.write(".excerpt/excerpt.tag", marker);
    env.write(
        ".excerpt/begun",
        "catalog-0123456789abcdef.bin\nnotes.txt\n../corpus\n",
    );
    env.write(stray, "x");
    env.write(".excerpt/notes.txt", "the user's own");
    assert!(
        env.run(&["query", "--no-refresh", "minsk"])
            .failure(2)
            .contains("no index")
    );
    assert_eq!(env.run(&["query", "-c", "minsk"]).stdout, "1\n");
    assert!(!env.path().join(stray).exists());
    assert!(env.path().join(".excerpt/notes.txt").exists());
    assert!(env.path().join("corpus").exists());
}

#[test]
fn a_second_writer_waits_with_a_word_or_is_told_who_is_at_it() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    env.write("corpus/new.txt", "A new article.\n");
    let path = env.path().join(".excerpt/LOCK");
    fs::write(&path, "process 7 on tuba").expect("written");
    let lock = fs::File::open(&path).expect("the lock");
    lock.try_lock().expect("locked");
    let error = env.run(&["index", "--no-wait"]).failure(2);
    assert!(
        error.contains("process 7 on tuba is refreshing the index") && error.contains("--wait"),
        "{error}"
    );
    assert!(
        env.run(&["index", "--wait", "0"])
            .failure(2)
            .contains("process 7")
    );
    let slow = env.run(&["index", "--wait", "2"]).failure(2);
    assert!(slow.contains("waiting: process 7 on tuba"), "{slow}");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| env.run(&["index"]));
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert!(!waiting.is_finished());
        drop(lock);
        assert!(waiting.join().expect("ended").success().contains("1 added"));
    });
}

/// Two programs index, others ask: each answer is of one state, and nothing is lost.
#[test]
fn two_writers_and_many_readers_get_along() {
    let env = TestEnv::new();
    for folder in ["a", "b"] {
        env.write(&format!("{folder}/0.md"), "# Zero\n\nwalrus\n");
    }
    env.run(&["index", "a", "b"]).success();
    let rounds = number("EXCERPT_ROUNDS", 12);
    let is_done = AtomicBool::new(false);
    let answers = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let writer = |folder: &'static str| {
            let env = &env;
            move || {
                for round in 1..=rounds {
                    // Both articles of a round come together.
                    for part in ["x", "y"] {
                        env.write(
                            &format!("{folder}/{round}{part}.md"),
                            format!("# Round\n\nwalrus {folder}{round}\n"),
                        );
                    }
                    env.run(&["index"]).success();
                }
            }
        };
        let writers = [scope.spawn(writer("a")), scope.spawn(writer("b"))];
        for _ in 0..2 {
            scope.spawn(|| {
                let folder = env.path().join(".excerpt");
                let mut last = 0;
                while !is_done.load(Ordering::Relaxed) {
                    let engine = EmbeddedSnapshot::open(&folder).expect("an index");
                    let verification = engine.verify(Depth::Full);
                    match verification {
                        Ok(found) => assert!(found.faults.is_empty(), "{found:?}"),
                        Err(excerpt::engine::EngineError::Outdated) => {}
                        Err(error) => panic!("{error}"),
                    }
                    let sections = engine.totals().expect("the totals").sections;
                    assert!(sections >= last, "{sections} after {last}");
                    last = sections;
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for writer in writers {
            writer.join().expect("a writer");
        }
        is_done.store(true, Ordering::Relaxed);
    });
    assert!(answers.into_inner() > 10);
    assert_eq!(
        env.run(&["index"]).success().lines().next(),
        Some(&*format!("no changes, {} unchanged", 2 + 4 * rounds))
    );
    assert_eq!(
        env.run(&["query", "-c", "walrus"]).stdout,
        format!("{}\n", 2 + 4 * rounds)
    );
    assert_eq!(env.run(&["verify"]).status, 0);
}

/// Programs that begin without an index make one, not two, and each waits for its state.
#[test]
fn n7_programs_that_begin_at_once_make_one_index_and_all_answer() {
    let env = TestEnv::with_corpus();
    let start = || {
        let mut command = env.command(&["query", "-c", "minsk"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("a started program")
    };
    let children: Vec<_> = (0..4).map(|_| start()).collect();
    for child in children {
        let output = child.wait_with_output().expect("ended");
        assert_eq!(output.stdout, b"1\n", "{output:?}");
    }
    assert_eq!(env.run(&["query", "-c", "minsk"]).stdout, "1\n");
    assert_eq!(env.run(&["verify"]).status, 0);
}

#[test]
fn a_moved_index_answers_and_indexes_nothing_again() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "."]).success();
    // The summary names the folder.
    let query = |env: &TestEnv| {
        let base = env.path().canonicalize().expect("a folder");
        let found = env.run(&["query", "--json", "agreement"]).success();
        found.replace(&base.display().to_string(), "BASE")
    };
    let before = query(&env);
    let moved = TestEnv::with_corpus();
    copy(&env.path().join(".excerpt"), &moved.path().join(".excerpt"));
    for file in ["news/blinken-diplomacy.txt", "docs/install.md"] {
        let path = moved.path().join("corpus").join(file);
        let bytes = fs::read(&path).expect("an article");
        fs::write(&path, bytes).expect("a new time");
    }
    assert_eq!(
        moved
            .run(&["query", "--json", "--no-refresh", "agreement"])
            .success()
            .lines()
            .next(),
        before.lines().next()
    );
    assert!(
        moved
            .run(&["index"])
            .success()
            .contains("no changes, 4 unchanged")
    );
    assert_eq!(query(&moved), before);
}

/// After many small refreshes the index is about as small as a new one, has few segments, and nothing is left over.
#[test]
fn many_small_refreshes_leave_a_small_index() {
    let env = TestEnv::new();
    let text = |i: usize, round: usize| {
        format!(
            "# Article {i}\n\nOf round {round}. {}\n",
            "The walrus and the carpenter. ".repeat(40)
        )
    };
    for i in 0..300 {
        env.write(&format!("articles/{i}.md"), text(i, 0));
    }
    env.run(&["index"]).success();
    for round in 1..=100 {
        env.write(
            &format!("articles/{}.md", round * 7 % 300),
            text(round, round),
        );
        assert_eq!(env.run(&["query", "-c", "walrus"]).stdout, "300\n");
    }
    let size = |folder: &Path| -> u64 {
        let files = fs::read_dir(folder).expect("the index");
        files
            .map(|file| file.expect("a file").metadata().expect("its size").len())
            .sum()
    };
    let fresh = env.path().join("fresh");
    let fresh_name = fresh.to_str().expect("a name");
    finish(&mut env.command(&["--index", fresh_name, "index", "articles"])).success();
    let (own, new) = (size(&env.path().join(".excerpt")), size(&fresh));
    assert!(own * 10 <= new * 12, "{own} bytes, fresh {new}");
    let files = fs::read_dir(env.path().join(".excerpt")).expect("the index");
    let segments = files
        .filter(|file| {
            file.as_ref()
                .expect("a file")
                .path()
                .extension()
                .is_some_and(|e| e == "store")
        })
        .count();
    assert!(segments <= 6, "{segments} segments");
    assert!(!env.run(&["verify"]).success().contains("stopped"));
}
