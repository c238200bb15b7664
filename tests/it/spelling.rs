//! Words that are asked for in their spelling: `=US`, `="The US"`, `--exact`.

use crate::env::{TestEnv, records};

const WAR: &str =
    "# The war\n\nThe US joined.\n\n## They told us\n\nIt told us all.\n\n## Both\n\nUs and US.\n";

#[test]
fn a_section_is_a_hit_only_where_it_has_the_spelling() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    env.write("cv.md", "# Papers\n\nA r\u{e9}sum\u{e9} is due.\n");
    env.write("work.md", "# Work\n\nWe resume today. Resumes differ.\n");
    env.write("nfd.txt", "We wrote a re\u{301}sume\u{301} today.\n");
    assert_eq!(env.ids(&["us"]).len(), 3);
    let sorted = |args: &[&str]| {
        let mut ids = env.ids(args);
        ids.sort();
        ids
    };
    assert_eq!(sorted(&["=US"]), ["war.md#both", "war.md#top"]);
    assert_eq!(sorted(&["=us"]), ["war.md#they-told-us"]);
    assert_eq!(sorted(&["=r\u{e9}sum\u{e9}"]), ["cv.md#top", "nfd.txt#top"]);
    assert_eq!(sorted(&["=resume"]), ["work.md#top"]);
    assert_eq!(sorted(&["--exact", "Resume"]), Vec::<String>::new());
    assert_eq!(sorted(&["=\"The US\""]), ["war.md#top"]);
    assert_eq!(sorted(&["=\"the US\""]), Vec::<String>::new());
    assert_eq!(sorted(&["heading:=us"]), ["war.md#they-told-us"]);
    assert_eq!(sorted(&["title:=war told"]), ["war.md#they-told-us"]);
    assert_eq!(sorted(&["body:=Us"]), ["war.md#both"]);
    assert_eq!(sorted(&["us -=US"]), ["war.md#they-told-us"]);
    assert_eq!(sorted(&["--any", "=Us today"]).len(), 3);
    assert_eq!(sorted(&["=the told"]), Vec::<String>::new());
    assert_eq!(sorted(&["the told"]), ["war.md#they-told-us"]);
    assert_eq!(
        sorted(&["--exact", "--plain", "The US"]),
        ["war.md#both", "war.md#top"]
    );
    assert_eq!(sorted(&["--exact", "-F", "Us and US"]), ["war.md#both"]);
}

#[test]
fn counts_lists_and_highlights_are_of_the_spelling() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    env.write("peace.md", "# Peace\n\nIt was left to us.\n");
    assert_eq!(env.run(&["query", "-c", "=US"]).success(), "2\n");
    assert_eq!(env.run(&["query", "-l", "=US"]).success(), "war.md\n");
    let run = env.run(&["query", "--json", "-k", "1", "=US"]);
    assert_eq!(records(&run.stdout)[1]["matched"], 2);
    let hits = env.hits(&["=US both"]);
    let shown = hits[0]["passages"][0]["highlights"].as_array();
    let shown: Vec<_> = shown.expect("highlights").iter().collect();
    assert!(shown.len() == 1 && shown[0]["text"] == "US", "{shown:?}");
    // The score is that of the word, whatever its spelling.
    let quoted = env.hits(&["\"us\""]);
    for hit in env.hits(&["=US"]) {
        let same = quoted.iter().find(|other| other["id"] == hit["id"]);
        assert_eq!(same.expect("the hit")["score"], hit["score"]);
    }
}

#[test]
fn a_spelling_takes_no_prefix_and_no_edits() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    for query in ["=US*", "=US~", "=\"the us*\"", "=\"the us\"~2", "=(a b)"] {
        let said = env.run(&["query", query]).failure(2);
        assert!(said.contains('^') && said.contains("`=`"), "{said}");
    }
    let said = env.run(&["query", "--exact", "us*"]).failure(2);
    assert!(said.contains("`--exact`"), "{said}");
}

#[test]
fn an_explanation_says_how_the_section_spells_it() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    let said = env
        .run(&["explain", "=US", "war.md#they-told-us"])
        .success();
    assert!(said.contains("no match; what fails: `=US`"), "{said}");
    assert!(said.contains("spelled otherwise here: `us`"), "{said}");
}

#[test]
fn settings_and_assertions_may_ask_for_spellings() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    env.write(
        "cases.toml",
        "[[case]]\nquery = 'US'\nexact = true\nhits = 2\n",
    );
    let _ = env.run(&["check", "cases.toml"]).success();
    env.write("excerpt.toml", "[query]\nexact = true\n");
    let config = ["--config", "excerpt.toml"];
    assert_eq!(
        env.run(&[&config[..], &["query", "-c", "US"]].concat())
            .success(),
        "2\n"
    );
    let all = [&config[..], &["query", "--no-exact", "-c", "US"]].concat();
    assert_eq!(env.run(&all).success(), "3\n");
}

#[test]
fn where_nothing_has_the_spelling_other_spellings_are_proposed() {
    let env = TestEnv::new();
    env.write("war.md", WAR);
    for (args, sign) in [
        (&["query", "=uS told"][..], "="),
        (&["query", "--exact", "uS"], "--exact"),
        (&["query", "--exact", "-F", "it told us"], "--exact"),
    ] {
        let run = env.run(args);
        let said = format!("without `{sign}` it finds ");
        assert!(run.status == 1 && run.stderr.contains(&said), "{run:?}");
    }
}
