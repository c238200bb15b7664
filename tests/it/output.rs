//! What people and programs see: every output format on the same results, and the help.

use crate::env::TestEnv;

const QUERY: [&str; 4] = ["query", "agreements OR (archive reader)", "-k", "3"];

fn shown(args: &[&str]) -> String {
    let env = TestEnv::with_corpus();
    let _ = env.run(&["index"]);
    let mut all = QUERY.to_vec();
    all.extend(args);
    let base = env.path().canonicalize().expect("a folder");
    let shown = env.run(&all).success();
    shown.replace(&base.display().to_string(), "BASE")
}

#[test]
fn text() {
    insta::assert_snapshot!(shown(&["--scores"]));
}

#[test]
fn text_in_colour() {
    insta::assert_snapshot!(shown(&["--color", "always"]).replace('\u{1b}', "␛"));
}

#[test]
fn ndjson() {
    insta::assert_snapshot!(shown(&["--json"]));
}

#[test]
fn json_is_the_same_as_one_array() {
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&shown(&["--format", "json"])).expect("an array");
    assert_eq!(array, crate::env::records(&shown(&["--json"])));
}

#[test]
fn vimgrep() {
    insta::assert_snapshot!(shown(&["--format", "vimgrep"]));
}

#[test]
fn csv() {
    insta::assert_snapshot!(shown(&["--format", "csv"]));
}

#[test]
fn md() {
    insta::assert_snapshot!(shown(&["--format", "md"]));
}

#[test]
fn outline_for_people() {
    let env = TestEnv::with_corpus();
    insta::assert_snapshot!(
        env.run(&[
            "outline",
            "corpus/docs/install.md",
            "corpus/news/harbour-talks.txt"
        ])
        .success()
    );
}

/// A page with something of each kind that is left out.
const PAGE: &str = "<!doctype html><html lang=en><head><title>Harbour talks</title></head><body>
<nav><a href=/>Home</a> <a href=/news>News</a></nav>
<main><h1>Harbour talks</h1>
<p>The talks about the harbour resumed on Monday, after a pause of three weeks, in the old customs house.</p>
<p>Both sides want the quay to be shared, and the tolls to be halved, within a year of signing the paper.</p>
<p>Share this article with your friends</p>
<p>Nobody left the room before the tide had turned, which was shortly after five in the afternoon, and cold.</p>
</main>
<div class=mobile><p>The talks about the harbour resumed on Monday, after a pause of three weeks, in the old customs house.</p></div>
<div class=comments><p>I was there, and it was not like this at all.</p></div>
<p hidden>Seen by nobody</p>
<footer>Imprint</footer></body></html>
";

#[test]
fn what_a_page_leaves_out_for_people() {
    let env = TestEnv::new();
    env.write("page.html", PAGE);
    env.write("a.md", "# A\n\ntext\n");
    insta::assert_snapshot!(
        env.run(&["outline", "--lost", "page.html", "a.md"])
            .success()
    );
}

#[test]
fn what_a_page_leaves_out_as_records() {
    let env = TestEnv::new();
    env.write("page.html", PAGE);
    let out = env
        .run(&["outline", "--lost", "--format", "ndjson", "page.html"])
        .success();
    let lost: Vec<String> = out.lines().skip(1).map(str::to_string).collect();
    insta::assert_snapshot!(lost.join("\n"));
}

#[test]
fn reports_for_people() {
    let env = TestEnv::with_corpus();
    env.write("corpus/empty.txt", "");
    let index = env.run(&["index"]);
    let status = env.run(&["status"]).success();
    let folder = env.path().join(".excerpt").display().to_string();
    let status = status.replace(&folder, "FOLDER/.excerpt");
    let sizeless: Vec<&str> = status
        .lines()
        .filter(|line| !line.starts_with("size"))
        .collect();
    let report = index.stdout.split(" in ").next().unwrap_or_default();
    insta::assert_snapshot!(format!(
        "{report} in …\n{}--\n{}--\n{}",
        index.stdout.split(" s\n").nth(1).unwrap_or_default(),
        index.stderr,
        sizeless.join("\n")
    ));
}

/// What a hit is, without the queries' ids and the figures of their summaries.
fn hits_alone(stdout: &str) -> Vec<serde_json::Value> {
    let mut hits = crate::env::records(stdout);
    hits.retain(|record| record["type"] == "hit");
    for hit in &mut hits {
        hit.as_object_mut().expect("an object").remove("query_id");
    }
    hits
}

#[test]
fn a_batch_answers_each_query_as_if_it_were_alone_and_pages_make_up_the_whole() {
    let env = TestEnv::with_corpus();
    env.run(&["index"]).success();
    let queries = [
        "agreements",
        "archive reader",
        "harbour",
        "nothingatall",
        "the of",
    ];
    // More than are answered together, so that several threads answer them.
    let batch: Vec<&str> = queries.into_iter().cycle().take(300).collect();
    env.write("queries", batch.join("\n"));
    let args = ["query", "--json", "--any", "--no-refresh"];
    let together = env.run(&[&args[..], &["-f", "queries"]].concat()).success();
    let mut alone = Vec::new();
    let mut with_hits = 0;
    for query in queries {
        let whole = hits_alone(&env.run(&[&args[..], &[query]].concat()).stdout);
        with_hits += usize::from(!whole.is_empty());
        let page = |at: usize| {
            let offset = at.to_string();
            let page = [query, "-k", "1", "--offset", &offset];
            hits_alone(&env.run(&[&args[..], &page].concat()).stdout)
        };
        let mut pages: Vec<_> = (0..whole.len()).flat_map(page).collect();
        for (page, own) in pages.iter_mut().zip(&whole) {
            assert_eq!(page["id"], own["id"], "{query}");
            page["rank"] = own["rank"].clone();
        }
        assert_eq!(pages, whole, "{query}");
        alone.push(whole);
    }
    assert_eq!(with_hits, 4);
    let expected: Vec<_> = alone.iter().cycle().take(300).flatten().cloned().collect();
    assert_eq!(hits_alone(&together), expected);
}

#[test]
fn the_readme_session_is_what_happens() {
    let readme = include_str!("../../README.md");
    let session = readme
        .split("```console\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a session");
    let env = TestEnv::with_samples();
    let program = env!("CARGO_BIN_EXE_excerpt");
    for block in session.split("$ excerpt ").skip(1) {
        let (line, expected) = block.split_once('\n').expect("a command and its output");
        let script = format!("'{program}' {line} 2>&1");
        let run = crate::env::finish(
            std::process::Command::new("sh")
                .args(["-c", &script])
                .current_dir(env.path())
                .env("HOME", "/nonexistent"),
        );
        assert_eq!(run.stdout.trim_end(), expected.trim_end(), "excerpt {line}");
    }
}
