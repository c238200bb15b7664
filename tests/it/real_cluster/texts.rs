//! Random articles, and what is asked about them.

use std::fmt::Write as _;

use serde_json::Value;

use crate::env::{TestEnv, records};
use crate::random::Random;

/// Words that share stems, prefixes, parts and letters, in several languages.
const WORDS: [&str; 44] = [
    "harbour",
    "harbours",
    "agreement",
    "agreements",
    "Agreement",
    "agree",
    "agreed",
    "talks",
    "talk",
    "deal",
    "deals",
    "minsk",
    "Minsk",
    "mediator",
    "the",
    "of",
    "and",
    "without",
    "treaty",
    "treaties",
    "wi-fi",
    "fooBar",
    "foo_bar",
    "U.S.",
    "C++",
    "don't",
    "harbour's",
    "2014",
    "10:30",
    "diplomacy",
    "diplomatic",
    "l'été",
    "Verträge",
    "Vertrag",
    "der",
    "die",
    "und",
    "hafen",
    "договор",
    "договоры",
    "北京大学",
    "việt",
    "Straße",
    "naïve",
];
const LANGUAGES: [&str; 5] = ["en", "de", "ru", "fr", "xx"];
const AUTHORS: [&str; 3] = ["Ann Keller", "Bob", "Émile Zola"];
const DATES: [&str; 4] = ["2014", "2014-09", "2023-11-01", "2024-02-29"];
/// A sentence of 3 to 16 words.
pub(super) fn sentence(random: &mut Random) -> String {
    let count = 3 + random.below(14);
    let words: Vec<&str> = (0..count)
        .map(|_| WORDS[random.below(WORDS.len())])
        .collect();
    words.join(" ") + "."
}

pub(super) fn markdown(random: &mut Random) -> String {
    let mut text = String::new();
    if random.below(3) > 0 {
        let lang = LANGUAGES[random.below(LANGUAGES.len())];
        let author = AUTHORS[random.below(AUTHORS.len())];
        let date = DATES[random.below(DATES.len())];
        write!(
            text,
            "---\nauthor: {author}\ndate: {date}\nlang: {lang}\n---\n"
        )
        .expect("written");
    }
    for section in 0..1 + random.below(4) {
        let level = "#".repeat(1 + section.min(2));
        write!(
            text,
            "{level} {}\n\n",
            sentence(random).trim_end_matches('.')
        )
        .expect("written");
        for _ in 0..random.below(4) {
            write!(text, "{}\n{}\n\n", sentence(random), sentence(random)).expect("written");
        }
    }
    text
}

/// Queries of all kinds, one a line.
const QUERIES: &str = "\
harbour
the agreements
agreement deal
deal OR minsk
\"the harbour\"
\"harbour talks\"~2
agree*
agrement~
mediator -minsk
title:minsk
author:keller deal
date:2014..2023 talks
path:docs/**
=Agreement
vertrag договор
";

/// Writes so many articles into a folder, numbered from `first`.
pub(super) fn write_articles(
    env: &TestEnv,
    folder: &str,
    numbers: std::ops::Range<usize>,
    random: &mut Random,
) {
    for number in numbers {
        env.write(
            &format!("{folder}/{:02}/{number}.md", number / 50),
            markdown(random),
        );
    }
}

/// The hits of all queries, as `query --index INDEX` gives them; without an index those of the folder's own.
pub(super) fn answers(env: &TestEnv, index: Option<&str>) -> Vec<Value> {
    let run = try_answers(env, index);
    run.unwrap_or_else(|error| panic!("{error}"))
}

/// As [`answers`], or what the program says in place of them.
pub(super) fn try_answers(env: &TestEnv, index: Option<&str>) -> Result<Vec<Value>, String> {
    let queries = env.states().join("queries");
    std::fs::write(&queries, QUERIES).expect("written");
    let queries = queries.to_str().expect("a path");
    let mut args = vec!["query", "--no-refresh", "-k", "15", "-f", queries, "--json"];
    if let Some(url) = index {
        // All that matches is ranked.
        args.extend(["--index", url, "--candidates", "10000"]);
    }
    let run = env.run(&args);
    if run.status > 1 {
        return Err(format!("{run:?}"));
    }
    let mut all = records(&run.stdout);
    for record in &mut all {
        if record["type"] == "summary" {
            // Above a thousand it is a lower bound.
            let matched = record["matched"].as_u64().expect("a count").min(1000);
            record["matched"] = matched.into();
            let keys = ["query_id", "matched", "files", "articles", "sections"];
            let kept = keys.map(|key| (key, record[key].clone()));
            *record = kept.into_iter().collect();
        }
    }
    Ok(all)
}

/// Indexes the folder into its own index, and expects the one at `url` to answer the same and to be sound.
pub(super) fn assert_same(env: &TestEnv, folder: &str, url: &str) {
    env.run(&["index", folder]).success();
    let verified = env.run(&["verify", "--deep", "--index", url]);
    assert_eq!(verified.status, 0, "{verified:?}");
    let (own, other) = (answers(env, None), answers(env, Some(url)));
    assert_eq!(own.len(), other.len());
    for (own, other) in own.iter().zip(&other) {
        assert_eq!(own, other);
    }
}
