//! What a section is found by beside its words: the name of its file, parts of words, words joined or written apart, and
//! characters of the other Chinese script.

use std::fs;

use crate::env::{TestEnv, records};

fn indexed(files: &[(&str, &str)]) -> TestEnv {
    let env = TestEnv::new();
    for (name, text) in files {
        env.write(name, text);
    }
    env.run(&["index"]).success();
    env
}

/// The paths of the hits, best first, and what is highlighted in them.
fn found(env: &TestEnv, args: &[&str]) -> Vec<(String, Vec<String>)> {
    let run = env.run(&[&["query", "--format", "ndjson"], args].concat());
    let hits = records(&run.stdout)
        .into_iter()
        .filter(|record| record["type"] == "hit");
    hits.map(|hit| {
        let marked = hit["passages"]
            .as_array()
            .expect("passages")
            .iter()
            .flat_map(|passage| {
                let spans = passage["highlights"].as_array().expect("highlights");
                spans
                    .iter()
                    .map(|span| span["text"].as_str().expect("a text").to_string())
            });
        (
            hit["path"].as_str().expect("a path").to_string(),
            marked.collect(),
        )
    })
    .collect()
}

fn paths(env: &TestEnv, args: &[&str]) -> Vec<String> {
    found(env, args).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn the_name_of_a_file_finds_its_first_section() {
    let env = indexed(&[
        (
            "2014/minsk-protocol.txt",
            "The parties met.\n\nThey agreed on a truce.\n",
        ),
        (
            "b.md",
            "# Talks\n\nNo protocol was kept.\n\n## Later\n\nThe parties left.\n",
        ),
        (
            "budgetReport.md",
            "# Figures\n\nMoney.\n\n## More\n\nMore money.\n",
        ),
    ]);
    assert_eq!(paths(&env, &["minsk"]), ["2014/minsk-protocol.txt"]);
    assert_eq!(paths(&env, &["parties minsk"]), ["2014/minsk-protocol.txt"]);
    assert_eq!(
        paths(&env, &["\"minsk protocol\""]),
        ["2014/minsk-protocol.txt"]
    );
    assert_eq!(paths(&env, &["=Minsk"]), Vec::<String>::new());
    assert_eq!(paths(&env, &["report"]), ["budgetReport.md"]);
    // Neither the folder nor the ending is its name, and a field is only itself.
    for query in ["2014", "txt", "body:minsk", "title:minsk", "name:minsk"] {
        assert_eq!(paths(&env, &[query]), Vec::<String>::new(), "{query}");
    }
    let run = env.run(&["explain", "minsk", "2014/minsk-protocol.txt:1"]);
    assert!(run.stdout.contains("`minsk` in name 1"), "{run:?}");
}

#[test]
fn a_file_is_found_by_its_new_name_once_it_is_renamed() {
    let env = indexed(&[
        ("old-harbour.md", "# Talks\n\nA text.\n"),
        ("other.md", "Another text.\n"),
    ]);
    let rename = |from: &str, to: &str| {
        fs::create_dir_all(env.path().join("moved")).expect("a folder");
        fs::rename(env.path().join(from), env.path().join(to)).expect("renamed");
        let run = env.run(&["index", "--format", "ndjson"]);
        let report = records(&run.stdout).pop().expect("a report");
        ["added", "changed", "removed", "renamed", "unchanged"]
            .map(|key| report[key].as_u64().expect("a count"))
    };
    // Another folder: the same name.
    assert_eq!(
        rename("old-harbour.md", "moved/old-harbour.md"),
        [0, 0, 0, 1, 1]
    );
    assert_eq!(paths(&env, &["harbour"]), ["moved/old-harbour.md"]);
    assert_eq!(
        rename("moved/old-harbour.md", "new-quay.md"),
        [0, 0, 0, 1, 1]
    );
    assert_eq!(paths(&env, &["harbour"]), Vec::<String>::new());
    assert_eq!(paths(&env, &["quay text"]), ["new-quay.md"]);
    env.run(&["verify", "--deep"]).success();
}

#[test]
fn parts_of_words_find_them_behind_whole_words() {
    let env = indexed(&[
        (
            "a.txt",
            "The ListView shows rows; HTTPServer and getElementById are names.\n",
        ),
        (
            "b.txt",
            "A view of the list; the rows of names are views.\n",
        ),
    ]);
    assert_eq!(
        found(&env, &["view"]),
        [
            (
                "b.txt".into(),
                vec!["view".to_string(), "views".to_string()]
            ),
            ("a.txt".into(), vec!["ListView".to_string()]),
        ]
    );
    assert_eq!(paths(&env, &["element"]), ["a.txt"]);
    env.write(
        "c.txt",
        "The GridPane2\u{2019}s colour; the lo-fi\u{2019}s sound.\n",
    );
    assert_eq!(paths(&env, &["pane grid"]), ["c.txt"]);
    assert_eq!(found(&env, &["lofi"])[0].1, ["lo-fi\u{2019}s"]);
    assert_eq!(paths(&env, &["server http"]), ["a.txt"]);
    // As written, spelled so, at its beginning or nearly so, a part is no word.
    for query in [
        "\"server\"",
        "=Server",
        "serv*",
        "servr~",
        "\"list view\"",
        "servers",
    ] {
        assert_eq!(paths(&env, &[query]), Vec::<String>::new(), "{query}");
    }
    let run = env.run(&["explain", "server", "a.txt:1"]);
    assert!(
        run.stdout.contains("`server`, part of a word, in body 1"),
        "{run:?}"
    );
}

#[test]
fn words_in_one_and_words_apart_find_each_other() {
    let env = indexed(&[
        ("apart.txt", "The Wi-Fi of the U.S.A. is on.\n"),
        ("one.txt", "The wifi of the USA is on.\n"),
        (
            "us.txt",
            "They told us of the U.S. and its E\u{2011}Mail.\n",
        ),
    ]);
    let both = |first: &str, marked: [&str; 2]| {
        let second = if first == "one.txt" {
            "apart.txt"
        } else {
            "one.txt"
        };
        [(first, marked[0]), (second, marked[1])]
            .map(|(path, marked)| (path.to_string(), vec![marked.to_string()]))
    };
    assert_eq!(found(&env, &["wifi"]), both("one.txt", ["wifi", "Wi-Fi"]));
    assert_eq!(
        found(&env, &["wi-fi"]),
        both("apart.txt", ["Wi-Fi", "wifi"])
    );
    assert_eq!(found(&env, &["usa"]), both("one.txt", ["USA", "U.S.A."]));
    assert_eq!(
        found(&env, &["U.S.A."]),
        both("apart.txt", ["U.S.A.", "USA"])
    );
    assert_eq!(paths(&env, &["email"]), ["us.txt"]);
    // A pronoun is no country where the query is about the country.
    assert_eq!(
        found(&env, &["U.S."]),
        [("us.txt".into(), vec!["U.S.".to_string()])]
    );
    assert_eq!(paths(&env, &["\"wi-fi\""]), ["apart.txt"]);
    assert_eq!(paths(&env, &["is -wi-fi"]), Vec::<String>::new());
    let run = env.run(&["explain", "wi-fi", "one.txt:1"]);
    assert!(
        run.stdout.contains("or in one word, wifi: in body 1"),
        "{run:?}"
    );
}

#[test]
fn traditional_and_simplified_characters_find_each_other() {
    let env = indexed(&[
        ("cn.txt", "智慧财产权与台湾的历史。\n"),
        ("tw.txt", "智慧財產權與臺灣的歷史。\n"),
    ]);
    for query in ["财产权", "財產權", "\"臺灣的歷史\"", "台湾的历史"] {
        assert_eq!(paths(&env, &[query]), ["cn.txt", "tw.txt"], "{query}");
    }
    assert_eq!(found(&env, &["財產權"])[0].1, ["财产权"]);
    assert_eq!(paths(&env, &["=財產權"]), ["tw.txt"]);
}
