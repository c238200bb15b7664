//! Relevance: figures from topics and judgements, baselines, and what is refused.

use crate::env::{Run, TestEnv, records};

const TOPICS: &str =
    "1\tharbour talks\n2\t\"Minsk agreements\"\nx\tlinker trouble\n4\tnobody judged this\n";
/// Topic 1 judges articles, topics 2 and x judge sections.
const QRELS: &str = "1 0 corpus/news/harbour-talks.txt 2\n1 0 corpus/docs/install.md 0\n\
2 0 corpus/news/blinken-diplomacy.txt#the-ukraine-conflict 1\n2 0 corpus/news/gone.txt#top 1\n\
x 0 corpus/docs/install.md#trouble-with-the-linker 3\nother 0 a 1\n";

fn env() -> TestEnv {
    let env = TestEnv::with_corpus();
    env.write("topics.tsv", TOPICS);
    env.write("qrels.txt", QRELS);
    env.run(&["index", "corpus"]).success();
    env
}

fn eval(env: &TestEnv, more: &[&str]) -> Run {
    let mut args = vec!["eval", "--topics", "topics.tsv", "--qrels", "qrels.txt"];
    args.extend(more);
    env.run(&args)
}

#[test]
fn figures_are_means_over_the_judged_topics() {
    let env = env();
    let run = eval(&env, &["--per-topic"]);
    insta::assert_snapshot!(run.success());
    let all = records(
        &eval(
            &env,
            &["--format", "ndjson", "--measures", "recall,ndcg@10"],
        )
        .success(),
    );
    assert_eq!((all.len(), all[0]["type"].as_str()), (4, Some("topic")));
    let summary = &all[3];
    assert_eq!(summary["missing"][0], "corpus/news/gone.txt#top");
    assert_eq!(
        (
            summary["topics"].as_u64(),
            summary["without_relevant"].as_u64()
        ),
        (Some(3), Some(1))
    );
    // Topic 2 finds one of its two.
    let recall = summary["means"]["recall"].as_f64().expect("a mean");
    assert!((recall - 2.5 / 3.0).abs() < 1e-12, "{recall}");
    assert_eq!(
        (summary["files"].as_u64(), summary["stale"].as_u64()),
        (Some(4), Some(0))
    );
}

#[test]
fn a_drop_beside_the_baseline_ends_with_1_and_shows_what_moved() {
    let env = env();
    eval(&env, &["--save", "base.json"]).success();
    let same = eval(&env, &["--baseline", "base.json"]).success();
    assert!(
        same.ends_with("ok: nothing dropped by more than 0\n"),
        "{same}"
    );
    env.write(
        "corpus/news/more.txt",
        "Harbour talks\n\nHarbour talks, harbour talks, harbour talks.\n",
    );
    env.write("corpus/docs/install.md", "# Reading\n\nNothing else.\n");
    let run = eval(&env, &["--baseline", "base.json", "--max-drop", "0.01"]);
    assert_eq!(run.status, 1, "{run:?}");
    insta::assert_snapshot!(run.stdout);
    let run = eval(&env, &["--baseline", "base.json", "--format", "ndjson"]);
    let all = records(&run.stdout);
    let change = all
        .iter()
        .find(|r| r["type"] == "topic-change" && r["id"] == "x")
        .expect("a change");
    assert_eq!(change["moves"][0]["before"], 1);
    assert_eq!(
        (all[all.len() - 1]["holds"].as_bool(), run.status),
        (Some(false), 1)
    );
    eval(&env, &["--baseline", "base.json", "--max-drop", "1"]).success();
}

#[test]
fn a_gain_and_other_topics_hold() {
    let env = env();
    env.write(
        "topics.tsv",
        "1\tharbour OR submarine\nx\tlinker -trouble\n",
    );
    eval(&env, &["--save", "base.json"]).success();
    env.write("topics.tsv", TOPICS);
    let out = eval(&env, &["--baseline", "base.json"]).success();
    assert!(
        out.contains("topics that are not in the baseline, left out: 1\n"),
        "{out}"
    );
    assert!(
        out.contains("won on ndcg@10:\n  x           0.0000  1.0000  +1.0000  linker trouble"),
        "{out}"
    );
}

#[test]
fn files_that_cannot_be_used_end_with_2_and_their_place() {
    let env = env();
    eval(&env, &["--save", "base.json"]).success();
    env.write("bad-topics.tsv", "1\tharbour\n2\tMinsk \"talks\n");
    env.write("mixed.txt", "1 0 a.txt 1\n1 0 a.txt#top 1\n");
    env.write("other.txt", "7 0 a.txt 1\n");
    env.write("bytes.txt", b"1 0 \xff 1\n");
    env.write("empty", "");
    env.write("other.json", "{\"v\":1}");
    for (args, message) in [
        (["--qrels", "none.txt"], "cannot read `none.txt`"),
        (
            ["--qrels", "empty"],
            "empty:1:1: there is no judgement in it",
        ),
        (["--qrels", "bytes.txt"], "bytes.txt:1:5: not UTF-8"),
        (
            ["--qrels", "topics.tsv"],
            "topics.tsv:1:1: expected 4 fields",
        ),
        (
            ["--qrels", "mixed.txt"],
            "topic `1` judges both sections (`a.txt#top`) and articles (`a.txt`)",
        ),
        (
            ["--qrels", "other.txt"],
            "none of the topics has a relevant document",
        ),
        (["--topics", "empty"], "empty:1:1: there is no topic in it"),
        (
            ["--topics", "qrels.txt"],
            "qrels.txt:1:1: expected an id, a TAB and a query",
        ),
        (
            ["--topics", "bad-topics.tsv"],
            "bad-topics.tsv:2:9: topic `2`:",
        ),
        (
            ["--baseline", "empty"],
            "empty:1:1: not a baseline that `--save` made: EOF",
        ),
        (
            ["--baseline", "other.json"],
            "other.json:1:7: not a baseline that `--save` made: missing field",
        ),
        (
            ["--measures", "ndcg@0"],
            "expected a number above 0 behind @",
        ),
        (["--max-drop", "0.1"], "--baseline <FILE>"),
    ] {
        let mut all = vec!["eval"];
        for (flag, file) in [("--topics", "topics.tsv"), ("--qrels", "qrels.txt")] {
            if flag != args[0] {
                all.extend([flag, file]);
            }
        }
        all.extend(args);
        // The second topic is judged, so that its query is asked.
        env.write("qrels.txt", QRELS);
        let error = env.run(&all).failure(2);
        assert!(error.contains(message), "{args:?}: {error}");
    }
    eval(&env, &["--measures", "mrr", "--baseline", "base.json"]).success();
    let error = eval(&env, &["--measures", "ndcg@3", "--baseline", "base.json"]).failure(2);
    assert!(error.contains("the baseline has no ndcg@3"), "{error}");
}

#[test]
fn figures_are_those_of_the_run_that_query_prints() {
    let env = env();
    env.write(
        "questions.tsv",
        "1\tharbour mediator talks\n2\tconflict in Ukraine\nx\tinstalling with the linker\n",
    );
    env.write("qrels.txt", "1 0 corpus/news/harbour-talks.txt#top 1\n1 0 corpus/news/harbour-talks.txt#what-happens-next 2\n\
2 0 corpus/news/blinken-diplomacy.txt#the-ukraine-conflict 1\nx 0 corpus/docs/install.md#trouble-with-the-linker 1\n");
    let flags = ["--plain", "--any"];
    let mut asked = vec![
        "query",
        "-f",
        "questions.tsv",
        "--format",
        "trec",
        "-k",
        "1000",
    ];
    asked.extend(flags);
    let run = env.run(&asked).success();
    let mut args = vec![
        "eval",
        "--topics",
        "questions.tsv",
        "--qrels",
        "qrels.txt",
        "--measures",
        "mrr",
        "--format",
        "ndjson",
    ];
    args.extend(flags);
    let all = records(&env.run(&args).success());
    let qrels = std::fs::read_to_string(env.path().join("qrels.txt")).expect("the judgements");
    for topic in all.iter().filter(|record| record["type"] == "topic") {
        let id = topic["id"].as_str().expect("an id");
        let found = run
            .lines()
            .filter(|line| line.split(' ').next() == Some(id));
        let judged = |doc: &str| {
            qrels
                .lines()
                .any(|line| line.starts_with(&format!("{id} 0 {doc} ")))
        };
        let first = found
            .map(|line| line.split(' ').nth(2).expect("a document"))
            .position(judged);
        let expected = 1.0 / (first.expect("a relevant one") + 1) as f64;
        assert_eq!(topic["values"]["mrr"].as_f64(), Some(expected), "{topic}");
    }
}
