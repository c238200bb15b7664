//! The article that the project began from.

use crate::env::{TestEnv, records};

#[test]
fn the_phrase_is_found_once_where_it_stands() {
    let env = TestEnv::with_corpus();
    let run = env.run(&["query", "\"Minsk agreements\"", "corpus", "--json"]);
    assert_eq!(run.status, 0, "{run:?}");
    let all = records(&run.stdout);
    assert_eq!(all.len(), 2, "one hit and the summary");
    let hit = &all[0];
    assert_eq!(hit["headings"], serde_json::json!(["The Ukraine Conflict"]));
    assert_eq!(
        hit["id"],
        "corpus/news/blinken-diplomacy.txt#the-ukraine-conflict"
    );
    assert_eq!(hit["verified"], true);
    let highlights = &hit["passages"][0]["highlights"];
    assert_eq!(highlights.as_array().map(Vec::len), Some(1));
    assert_eq!(highlights[0]["text"], "Minsk agreements");
    assert_eq!(
        highlights[0]["start"],
        serde_json::json!({"byte": 2042, "line": 18, "column": 49})
    );
    assert_eq!(all[1]["matched"], 1);
}

#[test]
fn a_phrase_that_is_not_there_ends_with_1() {
    let env = TestEnv::with_corpus();
    let run = env.run(&["query", "\"Minsk accords\"", "corpus"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
}

#[test]
fn its_title_and_sections_are_read_as_a_person_would() {
    let env = TestEnv::with_corpus();
    let out = env
        .run(&[
            "outline",
            "--format",
            "ndjson",
            "--text",
            "corpus/news/blinken-diplomacy.txt",
        ])
        .success();
    let article = &records(&out)[0];
    assert_eq!(
        article["title"],
        "Putin has showed no ‘interest in meaningful diplomacy’: Secretary Blinken"
    );
    let sections = article["sections"].as_array().expect("sections");
    let seen: Vec<_> = sections
        .iter()
        .map(|s| {
            (
                s["anchor"].as_str().unwrap_or(""),
                s["start"]["line"].as_u64(),
                s["end"]["line"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("top", Some(6), Some(6)),
            ("putins-track-record", Some(8), Some(12)),
            ("the-ukraine-conflict", Some(14), Some(18)),
            ("the-poisoning-of-alexei-navalny", Some(20), Some(24)),
            (
                "cyberattacks-and-disinformation-campaigns",
                Some(26),
                Some(30)
            ),
            ("section-6", Some(33), Some(35)),
        ]
    );
    assert!(!out.contains("Post a Comment"));
}
