//! Several machines that index into one cluster.

use std::process::Stdio;

use serde_json::Value;

use super::RealIndex;
use super::texts::{answers, markdown, write_articles};
use crate::env::{Run, TestEnv};
use crate::random::Random;

/// What does not depend on where the files lie.
fn told(records: Vec<Value>) -> Vec<Value> {
    let keys = [
        "id",
        "path",
        "rank",
        "score",
        "title",
        "title_highlights",
        "headings",
        "passages",
        "start",
        "matched",
    ];
    let of_one = |record: Value| {
        keys.iter()
            .map(|key| (*key, record[*key].clone()))
            .collect()
    };
    records.into_iter().map(of_one).collect()
}

#[test]
fn two_owners_index_at_once_and_none_loses_what_the_other_has() {
    let Some(real) = RealIndex::new() else { return };
    let mut random = Random::new();
    let (main, laptop, both) = (TestEnv::new(), TestEnv::new(), TestEnv::new());
    let start = |env: &TestEnv, owner: &str| {
        let args = ["index", "--index", &real.url, "docs", "--owner", owner];
        let mut command = env.command(&args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("a started program")
    };
    let ended = |child: std::process::Child| {
        let output = child.wait_with_output().expect("its output");
        Run {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    };
    write_articles(&main, "docs", 0..60, &mut random);
    write_articles(&laptop, "docs", 30..90, &mut random);
    // One after the other first.
    for (env, owner) in [(&main, "main"), (&laptop, "laptop")] {
        let run = ended(start(env, owner));
        assert_eq!(run.status, 0, "{random:?}: {run:?}");
    }
    for round in 0..4 {
        // The same paths on both machines.
        for (env, number) in [(&main, random.below(60)), (&laptop, 30 + random.below(60))] {
            env.write(
                &format!("docs/{:02}/{number}.md", number / 50),
                markdown(&mut random),
            );
        }
        let runs = [start(&main, "main"), start(&laptop, "laptop")];
        for run in runs.map(ended) {
            assert_eq!(run.status, 0, "{random:?} round {round}: {run:?}");
        }
        // What both have, in one folder of one machine.
        for (env, prefix) in [(&main, "docs"), (&laptop, "laptop/docs")] {
            for number in 0..90 {
                let name = format!("{:02}/{number}.md", number / 50);
                if let Ok(text) = std::fs::read(env.path().join("docs").join(&name)) {
                    both.write(&format!("{prefix}/{name}"), text);
                }
            }
        }
        both.run(&["index", "docs", "laptop"]).success();
        let expected = told(answers(&both, None));
        for env in [&main, &laptop] {
            let found = told(answers(env, Some(&real.url)));
            assert_eq!(found, expected, "{random:?} round {round}");
        }
        for (env, owner) in [(&main, "main"), (&laptop, "laptop")] {
            let args = ["verify", "--deep", "--index", &real.url, "--owner", owner];
            let verified = env.run(&args);
            assert_eq!(verified.status, 0, "{random:?} round {round}: {verified:?}");
        }
    }
    // One that is forgotten takes nothing with it.
    let args = ["index", "--index", &real.url, "--forget-owner", "laptop"];
    main.run(&args).success();
    main.run(&["index", "docs"]).success();
    assert_eq!(
        told(answers(&main, Some(&real.url))),
        told(answers(&main, None))
    );
}
