//! Owners' documents that somebody else changed: what a machine reads and sends is what its user named there.

use excerpt::engine::opensearch::transport::Method;
use serde_json::{Value, json};

use super::RealIndex;
use crate::env::TestEnv;

/// Changes the document of the owner `main`, and what it says to cover.
fn change_owner(real: &RealIndex, change: impl FnOnce(&mut Value, &mut Value)) {
    let path = format!("/{}.owners/_doc/main", real.address().name);
    let mut record = real.ask(Method::Get, &path, None)["_source"].take();
    let settings = record["settings"].as_str().expect("a text");
    let mut settings: Value = serde_json::from_str(settings).expect("JSON");
    change(&mut record, &mut settings);
    record["settings"] = settings.to_string().into();
    real.ask(Method::Put, &format!("{path}?refresh=true"), Some(record));
}

/// Whether the cluster has the word of a file that was not named.
fn knows_secret(real: &RealIndex) -> bool {
    let path = format!("/{}.*.sections/_search", real.address().name);
    let body = json!({"query": {"multi_match": {"query": "topsecret", "fields": ["body"]}}});
    let found = real.ask(Method::Post, &path, Some(body));
    found.pointer("/hits/total/value") != Some(&json!(0))
}

/// A machine that indexed `notes` and has other files.
fn machine(real: &RealIndex) -> TestEnv {
    let env = TestEnv::new();
    env.write("notes/a.md", "# Note\n\nA plain harbour.\n");
    env.write("notes/.hidden.md", "# Hidden\n\nIt is topsecret.\n");
    env.write("private/s.md", "# Secret\n\nIt is topsecret.\n");
    env.write("alone.md", "# Alone\n\nNamed by itself.\n");
    let args = ["index", "--index", &real.url, "notes", "alone.md"];
    env.run(&args).success();
    env
}

#[test]
fn nothing_is_sent_that_the_cluster_alone_says_is_covered() {
    let Some(real) = RealIndex::new() else { return };
    let env = machine(&real);
    type Change = fn(&mut Value, &mut Value);
    let changes: [(&str, Change); 4] = [
        ("the whole base", |_, settings| {
            settings["roots"][0]["path"] = json!([]);
        }),
        ("hidden files", |_, settings| {
            settings["roots"][0]["options"]["hidden"] = true.into();
        }),
        ("another folder", |_, settings| {
            let mut root = settings["roots"][0].clone();
            root["path"] = json!(b"private");
            settings["roots"].as_array_mut().expect("roots").push(root);
        }),
        ("no base", |_, settings| {
            settings["base"] = Value::Null;
            settings["roots"][0]["path"] = json!([]);
        }),
    ];
    for (name, change) in changes {
        let mut before = Value::Null;
        change_owner(&real, |_, settings| before = settings.clone());
        change_owner(&real, change);
        for args in [&["index"][..], &["index", "--hidden"]] {
            let run = env.run(&[args, &["--index", &real.url]].concat());
            assert!(!knows_secret(&real), "{name} {args:?}: {run:?}");
            let message = run.failure(2);
            assert!(message.contains("has no record of it"), "{name}: {message}");
        }
        // Neither does a machine without a record send anything.
        let other = TestEnv::new();
        other.write("o.md", "It is topsecret.\n");
        other.run(&["index", "--index", &real.url]).failure(2);
        assert!(!knows_secret(&real), "{name}");
        change_owner(&real, |_, settings| *settings = before.clone());
    }
    let run = env.run(&["index", "--index", &real.url]).success();
    assert!(run.contains("no changes"), "{run}");
}

#[test]
fn an_owner_is_taken_over_by_naming_the_same_folders_and_files() {
    let Some(real) = RealIndex::new() else { return };
    let env = machine(&real);
    // As on a machine without a record.
    std::fs::remove_dir_all(env.states()).expect("removed");
    std::fs::create_dir_all(env.states()).expect("made");
    for (paths, status) in [
        (&[][..], 2),
        (&["notes"], 2),
        (&["notes", "alone.md", "private"], 2),
        (&["--hidden", "notes", "alone.md"], 2),
        (&["alone.md", "notes"], 0),
        (&[], 0),
    ] {
        let run = env.run(&[&["index", "--index", &real.url], paths].concat());
        assert_eq!(run.status, status, "{paths:?}: {run:?}");
        assert!(!knows_secret(&real), "{paths:?}");
    }
    env.write("alone.md", "# Alone\n\nA changed lighthouse.\n");
    env.run(&["index", "--index", &real.url]).success();
    let hit = env.hits(&["lighthouse", "--index", &real.url]).remove(0);
    assert_eq!(hit["verified"], true, "{hit}");
}

#[test]
fn a_document_that_no_run_writes_is_refused() {
    let Some(real) = RealIndex::new() else { return };
    let env = machine(&real);
    for (field, value) in [
        ("id", json!("../../x")),
        ("id", json!("/tmp/x")),
        ("owner", json!("x,other.main.f1.sections")),
        ("owner", json!("*")),
        ("owner", json!("laptop")),
        ("changes", json!(u64::MAX)),
        ("generation", json!(u64::MAX)),
    ] {
        let mut before = Value::Null;
        change_owner(&real, |record, _| {
            before = record[field].take();
            record[field] = value.clone();
        });
        for args in [&["query", "harbour"][..], &["status"], &["index"]] {
            let run = env.run(&[args, &["--index", &real.url]].concat());
            let message = run.failure(2);
            assert!(message.contains("was not written by excerpt"), "{message}");
        }
        change_owner(&real, |record, _| record[field] = before);
    }
    env.run(&["query", "harbour", "--index", &real.url])
        .success();
}

#[test]
fn a_run_that_is_refused_before_it_writes_leaves_nobody_waiting() {
    let Some(real) = RealIndex::new() else { return };
    let (main, laptop) = (TestEnv::new(), TestEnv::new());
    main.write("docs/a.md", "# One\n\nA harbour.\n");
    laptop.write("docs/a.md", "# Two\n\nA harbour.\n");
    let url = ["--index", real.url.as_str()];
    main.run(&[&["index", "docs"], &url[..]].concat()).success();
    let args = [&["index", "docs", "--owner", "laptop"], &url[..]].concat();
    laptop.run(&args).success();
    main.write("laptop/docs/a.md", "# Clash\n\nA harbour.\n");
    let error = main
        .run(&[&["index", "laptop"], &url[..]].concat())
        .failure(2);
    assert!(error.contains("of two owners"), "{error}");
    let run = main.run(&[&["query", "-c", "harbour"], &url[..]].concat());
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("2\n", ""));
    // What is to be typed is the path as it was typed.
    let args = [&["query", "harbour", "more", "--owner", "laptop"], &url[..]].concat();
    let error = laptop.run(&args).failure(2);
    assert!(error.contains(&format!("{} more`", real.url)), "{error}");
}
