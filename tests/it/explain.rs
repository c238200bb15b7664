//! Explanations: the sum is the score, and what does not match is named.

use excerpt::query::Mode;
use excerpt::refresh::{NoProgress, RefreshRequest};
use excerpt::search::{Detail, Index, Location, SearchRequest, Verdict};
use excerpt::source::StoredPath;

use crate::env::{TestEnv, records};

const TALKS: &str = "corpus/news/harbour-talks.txt#what-happens-next";

/// Queries of every kind of clause.
const QUERIES: [&str; 30] = [
    "agreement stays",
    "diplomacy",
    "the",
    "harbour",
    "title:harbour",
    "heading:requirements",
    "body:agreement OR title:(harbour talks)",
    "\"Minsk agreements\"",
    "\"agreements existing\"~2",
    "\"the agree*\"~5",
    "agree* diplom*",
    "agremeents~ reader",
    "dipolmacy~2",
    "agreement^3 stays^0.5",
    "(agreement OR harbour)^2 the",
    "agreement OR (archive reader) OR xyzzy",
    "(harbour xyzzy) OR the",
    "the -diplomacy",
    "the -(diplomacy OR harbour) path:corpus/news",
    "the lang:en",
    "reader author:example date:2023..2024",
    "lang:en -path:**/*.md",
    "path:.",
    "the the the of",
    "wi-fi OR cease-fire OR ostmoor",
    "the -x path:corpus and of",
    "ostmoor^0.001 OR boats",
    "=The OR =Agreement",
    "=\"the harbour\" agreement",
    "diplomacy -=Harbour",
];

fn opened(env: &TestEnv) -> Index {
    let mut index = Index::open_or_create(Location::nearest(env.path())).expect("an index");
    refreshed(&mut index);
    index
}

fn refreshed(index: &mut Index) {
    let request = RefreshRequest {
        add: vec![StoredPath::default()],
        ..RefreshRequest::default()
    };
    let _ = index.refresh(&request, &NoProgress).expect("a refresh");
}

fn request(mode: Mode) -> SearchRequest {
    SearchRequest {
        mode,
        limit: None,
        detail: Detail::Ids,
        ..SearchRequest::default()
    }
}

/// Every hit's explanation sums up to its score, and no other section's says that it is a hit.
fn agree(index: &Index, query: &str, mode: Mode) -> usize {
    let all = index
        .search("path:.", &request(Mode::default()))
        .expect("all sections")
        .hits;
    let hits = index.search(query, &request(mode)).expect(query).hits;
    for section in &all {
        let explained = index.explain(query, mode, &section.id).expect(&section.id);
        let hit = hits.iter().find(|hit| hit.id == section.id);
        let score = explained.score.as_ref();
        assert_eq!(
            score.map(|s| (s.score.to_bits(), s.rank)),
            hit.map(|h| (h.score.to_bits(), Some(h.rank))),
            "{query}: {}",
            section.id
        );
        assert_eq!(explained.verdict == Verdict::Hit, hit.is_some(), "{query}");
        let has_failures = !explained.root.failures().is_empty();
        assert_eq!(
            has_failures,
            explained.verdict == Verdict::NoMatch,
            "{query}"
        );
    }
    hits.len()
}

#[test]
fn the_sum_is_the_score_to_the_last_bit_after_changes_too() {
    let env = TestEnv::with_corpus();
    env.write(
        "more/near.md",
        "# Ferry\n\nthe agreement of the harbour stays, the archive reader stays\n",
    );
    env.write(
        "more/old.md",
        "# Old\n\nthe ferry agreement, diplomacy, the harbour\n",
    );
    let mut index = opened(&env);
    let any = Mode {
        any: true,
        ..Mode::default()
    };
    let plain = Mode { plain: true, ..any };
    let phrase = Mode {
        phrase: true,
        ..Mode::default()
    };
    for changed in [false, true] {
        if changed {
            env.remove("more/old.md");
            env.write(
                "more/near.md",
                "# Ferry\n\n## Harbour\n\nthe agreement of the ferry stays\n",
            );
            refreshed(&mut index);
        }
        let mut found = 0;
        for query in QUERIES {
            found += agree(&index, query, Mode::default());
            found += agree(&index, query, any);
        }
        found += agree(&index, "what happens next in the harbour?", plain);
        found += agree(&index, "existing agreements stay", phrase);
        assert!(found > 300, "{found} hits");
    }
}

fn explained(args: &[&str]) -> String {
    let env = TestEnv::with_corpus();
    let _ = env.run(&["index"]);
    let mut all = vec!["explain"];
    all.extend(args);
    env.run(&all).success()
}

#[test]
fn a_hit_shows_what_each_word_adds() {
    insta::assert_snapshot!(explained(&[
        "agreement^2 stays -ferry path:corpus/news",
        TALKS
    ]));
}

#[test]
fn a_file_alone_stands_for_its_best_section_and_alternatives_are_told_apart() {
    let query = "(harbour xyzzy) OR \"existing agreements\" OR agree* OR agrement~2";
    insta::assert_snapshot!(explained(&[query, "corpus/news/harbour-talks.txt"]));
}

#[test]
fn a_miss_names_each_clause_that_fails() {
    let query = "\"agreements existing\" lang:en -mediator \"agreement\" xyzzy diplomacy \
                 title:mediator \"harbour agreements\" \"hear deal\" \"stay mediator\" \"next april\" date:2014 author:smith path:corpus/docs";
    insta::assert_snapshot!(explained(&[query, TALKS]));
}

#[test]
fn through_the_title_alone_only_the_first_section_is_a_hit() {
    insta::assert_snapshot!(explained(&["title:harbour", TALKS]));
}

#[test]
fn a_file_without_hits_has_its_first_section_explained() {
    insta::assert_snapshot!(explained(&[
        "-F",
        "quay ten",
        "corpus/news/harbour-talks.txt"
    ]));
}

#[test]
fn programs_read_one_record() {
    let args = ["agreement stays OR xyzzy", TALKS, "--format", "ndjson"];
    let all = records(&explained(&args));
    assert_eq!(all.len(), 1);
    let record = &all[0];
    assert_eq!(
        (&record["v"], record["type"].as_str()),
        (&1.into(), Some("explanation"))
    );
    assert_eq!(record["verdict"], "hit");
    assert_eq!(
        (&record["rank"], record["source"].as_str()),
        (&1.into(), Some("same"))
    );
    let clause = &record["clause"];
    assert_eq!(
        (clause["kind"].as_str(), &clause["matches"]),
        (Some("any"), &true.into())
    );
    let word = &clause["clauses"][0]["clauses"][0];
    assert_eq!(
        (word["kind"].as_str(), word["text"].as_str()),
        (Some("term"), Some("agreement"))
    );
    assert_eq!(word["words"][0]["found"][0]["form"], "agreements");
    assert_eq!(word["words"][0]["found"][0]["frequency"]["body"], 1);
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let of = |parts: &serde_json::Value| -> f64 {
        let parts = parts.as_array().into_iter().flatten();
        parts.map(|part| number(&part["contribution"])).sum()
    };
    let base = of(&clause["clauses"][0]["clauses"]);
    let sum = base + of(&record["covers"]) + of(&record["pairs"]);
    let score = number(&record["coordination"]) * sum;
    assert!((score - number(&record["score"])).abs() < 1e-5, "{record}");

    let miss = records(&explained(&["stays lang:de", TALKS, "--format", "ndjson"])).remove(0);
    assert_eq!(miss["failed"], serde_json::json!(["lang:de"]));
    assert_eq!(miss["clause"]["clauses"][1]["value"], "en");
    assert!(
        miss["score"].is_null() && miss["verdict"] == "no-match",
        "{miss}"
    );
}

#[test]
fn an_id_that_names_nothing_is_an_error_that_says_what_is_there() {
    let env = TestEnv::with_corpus();
    env.write("corpus/data.txt", b"\x00\x01\x02\x03");
    env.write("corpus/picture.bin", "x");
    let headings: String = (0..20)
        .map(|i| format!("## Chapter {i}\n\nx\n\n"))
        .collect();
    env.write("corpus/long.md", format!("# Long\n\n{headings}"));
    assert_eq!(env.run(&["index", "corpus"]).status, 0);
    env.write("outside.txt", "Some words.");
    let error = |id: &str| env.run(&["explain", "x", id]).failure(2);
    for (id, expected) in [
        (
            "corpus/none.txt#top",
            "is not in the index, and there is no such file",
        ),
        ("outside.txt", "which does not cover its folder"),
        ("corpus/picture.bin", "leaves it out"),
        ("corpus/docs", "it is a folder"),
        ("corpus/data.txt#top", "is not indexed: not text (binary)"),
        (
            "corpus/docs/install.md#x",
            "it has `corpus/docs/install.md#top`, ",
        ),
        (
            "corpus/long.md#chapter-111",
            "the nearest of its 20 are `corpus/long.md#chapter-11`",
        ),
    ] {
        let stderr = error(id);
        assert!(stderr.contains(expected), "{id}: {stderr}");
    }
    assert!(
        env.run(&["explain", "(", TALKS])
            .failure(2)
            .contains("never closed")
    );
}

#[test]
fn a_source_that_changed_or_is_gone_is_said_so() {
    let env = TestEnv::new();
    env.write("a.txt", "The Minsk agreements stood here.\n");
    assert_eq!(env.run(&["index"]).status, 0);
    env.write("a.txt", "The Minsk agreements stood here. And more.\n");
    let run = |args: &[&str]| {
        env.run(&[&["explain", "minsk", "a.txt"], args].concat())
            .success()
    };
    let changed = run(&["--no-refresh"]);
    assert!(
        changed.contains("the file changed since it was indexed; this section still reads so"),
        "{changed}"
    );
    assert!(!run(&["--no-refresh", "--refresh"]).contains("changed"));
    env.remove("a.txt");
    let gone = run(&["--no-refresh"]);
    assert!(
        gone.contains("the file is gone; this is of what the index holds"),
        "{gone}"
    );
    let record = records(&run(&["--no-refresh", "--format", "ndjson"])).remove(0);
    assert_eq!(
        (record["source"].as_str(), &record["verified"]),
        (Some("gone"), &false.into())
    );
}

#[test]
fn paths_are_those_of_the_index_or_of_the_current_folder() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    let below = crate::env::finish(
        env.command(&[
            "explain",
            "--any",
            "stays xyzzy",
            "harbour-talks.txt#what-happens-next",
        ])
        .current_dir(env.path().join("corpus/news")),
    );
    let text = below.success();
    assert!(
        text.starts_with("corpus/news/harbour-talks.txt:14:1\n") && text.contains("score "),
        "{text}"
    );
}

#[test]
fn a_line_is_explained_as_hits_print_it() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    let below = |target: &str| {
        let mut command = env.command(&["explain", "stays", target]);
        crate::env::finish(command.current_dir(env.path().join("corpus/news")))
    };
    for target in ["harbour-talks.txt:16:67", "harbour-talks.txt:16"] {
        let text = below(target).success();
        assert!(
            text.starts_with("corpus/news/harbour-talks.txt:14:1\n"),
            "{text}"
        );
    }
    assert_eq!(below("nosuch.txt:16").status, 2);
}
