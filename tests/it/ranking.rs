//! The order of hits: a small judged set, what each ingredient of the score decides, and orders that always hold.

use std::fs;
use std::path::Path;

use crate::env::{TestEnv, finish};

/// The folder of the judged set: `articles`, `topics.tsv`, `qrels.tsv`.
fn judged() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judged")
}

/// A folder with the articles of the judged set.
fn with_judged() -> TestEnv {
    let env = TestEnv::new();
    for entry in fs::read_dir(judged().join("articles")).expect("the articles") {
        let path = entry.expect("an article").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        env.write(&format!("articles/{name}"), fs::read(&path).expect("text"));
    }
    env
}

#[test]
fn the_judged_topics_keep_their_ranks() {
    let env = with_judged();
    env.run(&["index", "."]).success();
    let file = |name: &str| judged().join(name).to_string_lossy().into_owned();
    let (topics, qrels) = (file("topics.tsv"), file("qrels.tsv"));
    let measures = "ndcg@10,mrr,p@1";
    let mut args = vec![
        "eval",
        "--topics",
        &topics,
        "--qrels",
        &qrels,
        "--per-topic",
    ];
    args.extend(["--measures", measures, "--plain"]);
    insta::assert_snapshot!("all_words", env.run(&args).success());
    args.push("--any");
    insta::assert_snapshot!("any_word", env.run(&args).success());
}

/// Two sections of which `b` is better, though `a` goes before it where nothing tells them apart.
struct Case {
    /// The setting of `[ranking]` that decides, and the value that turns it off.
    off: (&'static str, &'static str),
    /// Settings of both runs.
    fixed: &'static [(&'static str, &'static str)],
    query: &'static str,
    a: &'static str,
    b: &'static str,
}

const CASES: [Case; 9] = [
    Case {
        off: ("OTHER_FORM", "1"),
        fixed: &[],
        query: "harbour",
        a: "harbours are open",
        b: "harbour is open",
    },
    Case {
        off: ("FUNCTION_WORDS", "1"),
        fixed: &[],
        query: "common tides for",
        a: "tides one two three four five six seven eight nine for ships",
        b: "tides one two three four five six seven eight nine common ships",
    },
    Case {
        off: ("TITLE_WEIGHT", "0"),
        fixed: &[("ALONE", "0"), ("TITLE_COVER", "0"), ("FIRST_COVER", "0")],
        query: "tides",
        a: "# Bay\n\nOf tides and moons",
        b: "# Tides\n\nOf waves and tides",
    },
    Case {
        off: ("ALONE", "0"),
        fixed: &[("HEADING_WEIGHT", "0"), ("HEADING_COVER", "0")],
        query: "tides",
        a: "# Bay\n\n## Moons\n\nOf tides and moons",
        b: "# Bay\n\n## Tides\n\nOf tides and waves",
    },
    Case {
        off: ("TITLE_COVER", "0"),
        fixed: &[("B", "0"), ("FIRST_COVER", "0")],
        query: "tides",
        a: "# Tides in the bay\n\nOf tides and moons",
        b: "# Tides\n\nOf waves and tides",
    },
    Case {
        off: ("FIRST_COVER", "0"),
        fixed: &[("B", "0"), ("TITLE_COVER", "0")],
        query: "tides",
        a: "# Tides in the bay\n\nOf tides and moons",
        b: "# Tides\n\nOf waves and tides",
    },
    Case {
        off: ("HEADING_COVER", "0"),
        fixed: &[("B", "0")],
        query: "tides",
        a: "# Bay\n\n## Tides and moons\n\nOf tides",
        b: "# Bay\n\n## Tides\n\nOf tides",
    },
    Case {
        off: ("NEARNESS", "0"),
        fixed: &[],
        query: "zebra lion",
        a: "zebra and a lion",
        b: "zebra lion and a",
    },
    Case {
        off: ("COORDINATION", "0"),
        fixed: &[("B", "0"), ("NEARNESS", "0")],
        query: "alpha beta",
        a: "alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha",
        b: "alpha and beta",
    },
];

#[test]
fn each_ingredient_of_the_score_decides_where_nothing_else_does() {
    for case in &CASES {
        let env = TestEnv::new();
        env.write("a.md", format!("{}\n", case.a));
        env.write("b.md", format!("{}\n", case.b));
        env.write(
            "c.md",
            "a section with the common words and more of them\n\nbeta\n",
        );
        env.run(&["index", "."]).success();
        let first = |more: Option<(&str, &str)>| {
            let mut command = env.command(&["query", "--any", "-l", case.query]);
            for (key, value) in case.fixed.iter().copied().chain(more) {
                command.env(format!("EXCERPT_{key}"), value);
            }
            let out = finish(&mut command).success();
            out.lines().next().unwrap_or_default().to_string()
        };
        let (key, _) = case.off;
        assert_eq!(first(None), "b.md", "{key}");
        assert_eq!(first(Some(case.off)), "a.md", "{key} off");
    }
}

#[test]
fn a_phrase_goes_before_its_words_apart_and_near_before_far() {
    let env = TestEnv::new();
    let filler: Vec<String> = (0..40).map(|i| format!("filler{i}")).collect();
    // The same words in each: the second one moves away from the first, the file names go the other way.
    for gap in 0..40 {
        let mut words = filler.clone();
        words.insert(gap, "agreements".to_string());
        words.insert(0, "minsk".to_string());
        env.write(&format!("{:02}.txt", 40 - gap), words.join(" ") + "\n");
    }
    let expected: Vec<String> = (0..40)
        .map(|gap| format!("{:02}.txt#top", 40 - gap))
        .collect();
    for mode in [&["--any"][..], &[]] {
        let args: Vec<&str> = [&["minsk agreements", "-k", "99"], mode].concat();
        assert_eq!(env.ids(&args), expected, "{mode:?}");
    }
}

#[test]
fn the_article_or_section_that_is_named_like_the_query_goes_first() {
    let env = TestEnv::with_corpus();
    let noise =
        "Restore the backup. A restore of the backup restores what a backup holds.\n".repeat(4);
    env.write(
        "noise.md",
        format!("# Notes on restore and backup jobs\n\n{noise}"),
    );
    env.write(
        "a.md",
        format!("# Backup\n\n{noise}\n## Restoring\n\n{noise}"),
    );
    env.write(
        "restore.md",
        "# Restore\n\nHow lost files come back.\n\n## Steps\n\nOpen the vault.\n",
    );
    env.write(
        "guide.md",
        "# Guide\n\n## First steps\n\nRead on.\n\n## Cold backup\n\nStop it first.\n",
    );
    assert_eq!(env.ids(&["restore"])[0], "restore.md#top");
    assert_eq!(
        env.ids(&["cold backup", "--any"])[0],
        "guide.md#cold-backup"
    );
}

#[test]
fn all_words_order_their_hits_as_any_word_does() {
    let env = with_judged();
    let mut compared = 0;
    for query in [
        "bees in winter",
        "the queen",
        "honey wax",
        "move a colony",
        "acid in brood",
    ] {
        let scored = |args: &[&str]| -> Vec<(String, String)> {
            let hits = env.hits(args).into_iter();
            hits.map(|hit| (hit["id"].to_string(), hit["score"].to_string()))
                .collect()
        };
        let all = scored(&[query, "-k", "999"]);
        let mut any = scored(&[query, "-k", "999", "--any"]);
        any.retain(|hit| all.contains(hit));
        assert_eq!(any, all, "{query}");
        compared += all.len();
    }
    assert!(compared > 15, "{compared}");
}
