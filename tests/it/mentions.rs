//! `--each mention`, and what is known of a hit's article in each output.

use crate::env::{TestEnv, records};

fn articles() -> TestEnv {
    let env = TestEnv::new();
    env.write(
        "talks.md",
        "---\ntitle: Talks\ndate: 2014-09-05\nauthor: Ann Example\n---\n\nThe talks began in Minsk. Minsk agreed. \
         It ended.\n\n## Minsk\n\nNothing more.\n\n## After\n\nBack in Minsk again.\n",
    );
    env.write(
        "page.html",
        "<html><head><title>Minsk page</title><link rel=canonical href='https://example.org/a_page?x=(1)'>\
         <meta name=author content='Bob Sample'></head><body><h1>Minsk page</h1><p>The city of Minsk.</p></body></html>",
    );
    env.run(&["index"]).success();
    env
}

#[test]
fn each_highlight_is_a_record_with_its_sentence_and_its_article() {
    let env = articles();
    let args = [
        "query", "minsk", "talks.md", "--each", "mention", "--sort", "path", "--json",
    ];
    let all = records(&env.run(&args).success());
    let mentions: Vec<_> = all
        .iter()
        .filter(|record| record["type"] == "mention")
        .collect();
    let told = mentions.iter().map(|own| {
        let text = |key: &str| own[key].as_str().expect("a text").to_string();
        (
            text("citation"),
            own["mention"].as_u64().expect("a number"),
            text("sentence"),
        )
    });
    let told: Vec<_> = told.collect();
    let own = |place: &str, number, sentence: &str| {
        (format!("talks.md:{place}"), number, sentence.to_string())
    };
    assert_eq!(
        told,
        [
            own("7:20", 1, "The talks began in Minsk."),
            own("7:27", 2, "Minsk agreed."),
            own("15:9", 1, "Back in Minsk again."),
        ]
    );
    assert_eq!(mentions[0]["author"], "Ann Example");
    assert_eq!(mentions[0]["date"], "2014-09-05");
    assert_eq!(
        mentions[0]["highlight"]["in_text"],
        serde_json::json!([19, 24])
    );
    assert!(mentions[0].get("passages").is_none());
    let summary = all.last().expect("a summary");
    assert_eq!(
        (summary["returned"].as_u64(), summary["matched"].as_u64()),
        (Some(3), Some(3))
    );
    // -k counts hits, not mentions.
    let one = env.run(&[&args[..], &["-k", "1"]].concat()).success();
    assert_eq!(one.lines().count(), 3);
    let array = [&args[..7], &["--format", "json"]].concat();
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&env.run(&array).success()).expect("an array");
    assert_eq!(array, all);
}

#[test]
fn mentions_in_a_table_and_for_people() {
    let env = articles();
    let shown = |format: &str| {
        env.run(&[
            "query", "minsk", "--each", "mention", "--sort", "path", "--format", format,
        ])
        .success()
    };
    insta::assert_snapshot!(["csv", "text", "vimgrep", "md"].map(shown).join("--\n"));
    let error = env
        .run(&["query", "minsk", "--each", "mention", "--format", "trec"])
        .failure(2);
    assert!(error.contains("--format trec"), "{error}");
    for flag in ["-l", "-c", "-q"] {
        env.run(&["query", "minsk", "--each", "mention", flag])
            .failure(2);
    }
}

#[test]
fn date_author_and_address_stand_in_each_output() {
    let env = articles();
    let shown = |format: &str| {
        env.run(&["query", "minsk", "--sort", "path", "--format", format])
            .success()
    };
    insta::assert_snapshot!(["text", "md", "csv"].map(shown).join("--\n"));
    let hit = &env.hits(&["minsk", "page.html"])[0];
    assert_eq!(hit["url"], "https://example.org/a_page?x=(1)");
    assert_eq!(hit["author"], "Bob Sample");
}

#[test]
fn a_phrase_that_crosses_sentences_has_them_all() {
    let env = TestEnv::new();
    env.write("a.txt", "It was late. Minsk fell. Quiet followed.\n");
    let args = [
        "query",
        "\"minsk fell quiet\"",
        "--each",
        "mention",
        "--json",
        "a.txt",
    ];
    let all = records(&env.run(&args).success());
    assert_eq!(all[0]["sentence"], "Minsk fell. Quiet followed.");
}
