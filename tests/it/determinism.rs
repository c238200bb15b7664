//! The same live sections and the same query give the same bytes, whatever came before and however it is run.

use std::fs;
use std::path::Path;

use twox_hash::XxHash3_64;

use crate::env::{TestEnv, finish};
use crate::random::Random;

const FORMATS: [&str; 7] = ["ndjson", "json", "text", "md", "csv", "vimgrep", "trec"];
const QUERIES: &str = "\
agreement\nminsk agreements\n\"Minsk agreements\"\n\"agreements Minsk\"~4\ntalks harbour\nagre*\nagrement~\nlinker OR harbour
title:install\nheading:conflict\nbody:the the\nthe of and\n-harbour talks\n(minsk OR linker) NOT harbour\nwar peace treaty
path:corpus/docs/**\nlang:en minsk\ndate:2020.. talks\ninstall^3 harbour\nwi-fi\n\"to the\"\nconfiguration file\nsections
reading\nwrite writes writing\nU.S.\n2014\nblinken putin\ndiplom*\nnothingatall\n";

/// The articles: those of the sample corpus and of the judged set.
fn articles() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut found = Vec::new();
    let mut folders = vec![root.join("corpus"), root.join("judged/articles")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(&root)
                    .expect("below")
                    .to_string_lossy()
                    .into_owned();
                found.push((name, fs::read(&path).expect("an article")));
            }
        }
    }
    found.sort();
    found
}

/// What all queries give in a format.
fn output(env: &TestEnv, format: &str, variables: &[(&str, &str)]) -> String {
    env.write("queries", QUERIES);
    let mut command = env.command(&["query", "--any", "-f", "queries", "--format", format]);
    command.envs(variables.iter().copied());
    let run = finish(&mut command);
    assert_eq!(run.status, 0, "{run:?}");
    let base = env.path().canonicalize().expect("a folder");
    run.stdout.replace(&base.display().to_string(), "BASE")
}

/// The outputs in all formats, as hashes.
fn hashes(env: &TestEnv) -> String {
    let hash = |format: &str| {
        format!(
            "{format} {:016x}\n",
            XxHash3_64::oneshot(output(env, format, &[]).as_bytes())
        )
    };
    FORMATS.iter().map(|format| hash(format)).collect()
}

fn fresh() -> TestEnv {
    let env = TestEnv::new();
    for (name, bytes) in articles() {
        env.write(&name, bytes);
    }
    env.run(&["index", "corpus", "judged"]).success();
    env
}

#[test]
fn the_hashes_of_all_outputs_are_the_committed_ones() {
    insta::assert_snapshot!(hashes(&fresh()));
}

#[test]
fn the_surroundings_change_no_byte() {
    let env = fresh();
    let before = output(&env, "ndjson", &[]);
    for variables in [
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")][..],
        &[("LC_ALL", "C"), ("TZ", "Pacific/Kiritimati")],
        &[("TZ", "America/St_Johns"), ("COLUMNS", "40")],
    ] {
        assert!(output(&env, "ndjson", variables) == before, "{variables:?}");
    }
}

/// Articles that come one by one in any order, in other versions first, under other names, with others between them.
#[test]
fn the_history_changes_no_byte() {
    let expected = hashes(&fresh());
    let mut random = Random::new();
    for _ in 0..2 {
        let env = TestEnv::new();
        fs::create_dir_all(env.path().join("corpus")).expect("a folder");
        fs::create_dir_all(env.path().join("judged")).expect("a folder");
        env.write(
            "corpus/first.md",
            "# First\n\nThe Minsk agreements, and harbour talks.\n",
        );
        env.write("judged/first.md", "# First\n\nTo be removed.\n");
        env.run(&["index", "corpus", "judged"]).success();
        let mut left = articles();
        let mut wrong = Vec::new();
        while !left.is_empty() {
            for _ in 0..1 + random.below(5).min(left.len() - 1) {
                let (name, bytes) = left.swap_remove(random.below(left.len()));
                match random.below(4) {
                    0 => {
                        env.write(&name, "An older text about agreements.\n");
                        wrong.push((name, bytes));
                    }
                    1 => {
                        env.write(&format!("corpus/moved{}.txt", wrong.len()), &bytes);
                        wrong.push((name, bytes));
                    }
                    _ => drop(env.write(&name, bytes)),
                }
            }
            env.run(&["index"]).success();
        }
        for entry in fs::read_dir(env.path().join("corpus")).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.is_file() {
                fs::remove_file(path).expect("removed");
            }
        }
        let _ = fs::remove_file(env.path().join("judged/first.md"));
        for (name, bytes) in wrong {
            env.write(&name, bytes);
        }
        for (name, bytes) in articles() {
            env.write(&name, bytes);
        }
        env.run(&["index"]).success();
        assert_eq!(hashes(&env), expected, "{random:?}");
    }
}

/// One core or several, a file at a time or all, killed and begun again.
#[test]
fn the_way_of_indexing_changes_no_byte() {
    let expected = hashes(&fresh());
    let one_core = TestEnv::new();
    let named = TestEnv::new();
    let killed = TestEnv::new();
    let mut names = Vec::new();
    for (name, bytes) in articles() {
        for env in [&one_core, &named, &killed] {
            env.write(&name, &bytes);
        }
        names.push(name);
    }
    let mut pinned = std::process::Command::new("taskset");
    pinned.args([
        "-c",
        "0",
        env!("CARGO_BIN_EXE_excerpt"),
        "index",
        "corpus",
        "judged",
    ]);
    // Where there is no such program, one core is not tried.
    let ran = pinned.current_dir(one_core.path()).env_clear().output();
    if ran.is_ok_and(|output| output.status.success()) {
        assert_eq!(hashes(&one_core), expected);
    }
    let mut random = Random::new();
    while !names.is_empty() {
        let name = names.swap_remove(random.below(names.len()));
        named.run(&["index", &name]).success();
    }
    assert_eq!(hashes(&named), expected, "{random:?}");
    for _ in 0..3 {
        let mut child = killed
            .command(&["index", "corpus", "judged"])
            .spawn()
            .expect("started");
        std::thread::sleep(std::time::Duration::from_millis(random.below(15) as u64));
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    killed.run(&["index", "corpus", "judged"]).success();
    assert_eq!(hashes(&killed), expected, "{random:?}");
}
