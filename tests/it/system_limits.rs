//! Limits of the system: an error that names the limit, and the index as it was before.

use std::process::Command;

use crate::env::{Run, TestEnv, finish};

/// Runs the program under a limit that the shell sets.
fn under(env: &TestEnv, limit: &str, args: &str) -> Run {
    let program = env!("CARGO_BIN_EXE_excerpt");
    let script = format!("ulimit {limit} || exit 99; exec '{program}' {args}");
    finish(
        Command::new("bash")
            .args(["-c", &script])
            .current_dir(env.path())
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("PATH", "/usr/bin:/bin"),
    )
}

fn articles(env: &TestEnv, name: &str, words: usize) {
    for file in 0..20 {
        let words: Vec<String> = (0..words).map(|i| format!("w{}", i * 20 + file)).collect();
        env.write(&format!("{name}{file}.txt"), words.join(" "));
    }
}

#[cfg(unix)]
#[test]
fn t11_a_limit_on_files_sizes_is_an_error_that_names_it_and_leaves_the_index_as_it_was() {
    let env = TestEnv::new();
    env.write("first.txt", "The first article.\n");
    assert_eq!(env.run(&["index"]).status, 0);
    articles(&env, "more", 5_000);
    // In kilobytes.
    for limit in ["-f 1", "-f 20", "-f 100"] {
        let run = under(&env, limit, "index");
        assert!(
            run.status == 2 && run.stderr.contains("(ulimit -f"),
            "{limit}: {run:?}"
        );
        assert_eq!(
            env.run(&["query", "--no-refresh", "-c", "first"]).stdout,
            "1\n"
        );
        assert_eq!(
            env.run(&["query", "--no-refresh", "-c", "w7"]).stdout,
            "0\n"
        );
    }
    assert_eq!(env.run(&["query", "-c", "w7"]).stdout, "1\n");
}

#[cfg(unix)]
#[test]
fn t11_too_few_open_files_are_an_error_that_names_the_limit() {
    let env = TestEnv::new();
    articles(&env, "a", 2_000);
    let mut named = 0;
    for count in 3..12 {
        let _ = std::fs::remove_dir_all(env.path().join(".excerpt"));
        let run = under(&env, &format!("-n {count}"), "index .");
        if run.status == 0 {
            break;
        }
        assert!(!run.stderr.contains("this is a bug"), "{count}: {run:?}");
        // Below that not even the program's own libraries are found.
        if run.status == 2 {
            named += 1;
            assert!(run.stderr.contains("-n"), "{count}: {run:?}");
        }
    }
    assert!(named > 0);
}
