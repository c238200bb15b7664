//! Queries on the command line: what matches, in which order, and the exit statuses.

use crate::env::{TestEnv, records};

#[test]
fn words_match_in_any_inflection_and_quoted_ones_as_written() {
    let env = TestEnv::new();
    env.write("a.md", "# One\n\nThe agreement held.\n");
    env.write("b.md", "# Two\n\nBoth agreements held.\n");
    assert_eq!(env.ids(&["agreements"]).len(), 2);
    assert_eq!(env.ids(&["\"agreements\""]), ["b.md#top"]);
    assert_eq!(env.ids(&["agree*"]).len(), 2);
    assert_eq!(env.ids(&["agremeents~1"]), ["b.md#top"]);
    assert_eq!(env.ids(&["agreements -both"]), ["a.md#top"]);
    assert_eq!(env.ids(&["HÉLD", "b.md"]), ["b.md#top"]);
}

#[test]
fn all_words_are_wanted_and_the_title_may_supply_some() {
    let env = TestEnv::new();
    env.write(
        "x.md",
        "# Harbour\n\nlead\n\n## Boats\n\nferry\n\n## Quays\n\nstone\n",
    );
    assert_eq!(env.ids(&["harbour ferry"]), ["x.md#boats"]);
    assert_eq!(
        env.ids(&["harbour"]),
        ["x.md#top"],
        "through the title alone only the first section"
    );
    assert_eq!(env.ids(&["harbour ferry stone"]), Vec::<String>::new());
    assert_eq!(env.ids(&["ferry stone", "--any"]).len(), 2);
    assert_eq!(env.ids(&["boats"]), ["x.md#boats"]);
    assert_eq!(env.ids(&["title:boats"]), Vec::<String>::new());
}

#[test]
fn function_words_score_but_are_not_required() {
    let env = TestEnv::new();
    env.write(
        "a.md",
        "# News\n\nMinsk agreements signed. Peace talks continue.\n\n## The rest\n\nWhat they were for.\n",
    );
    env.write("b.md", "# The port\n\nWhat are the ships of the port?\n");
    for query in [
        "the Minsk agreements",
        "what are the Minsk agreements?",
        "Minsk and peace",
        "the minsk* OR \"no such\"",
    ] {
        assert_eq!(env.ids(&[query]), ["a.md#top"], "{query}");
    }
    assert_eq!(
        env.ids(&["--plain", "--any", "what are the Minsk talks"]),
        ["a.md#top"]
    );
    for query in [
        "\"the\" minsk",
        "the AND minsk",
        "(the) minsk",
        "title:the minsk",
    ] {
        assert_eq!(env.ids(&[query]), Vec::<String>::new(), "{query}");
    }
    assert_eq!(env.ids(&["what the"]), ["b.md#top", "a.md#the-rest"]);
    let run = env.run(&["query", "--json", "the Minsk of the talks"]);
    let records = records(&run.stdout);
    assert_eq!(records[1]["optional"], serde_json::json!(["the", "of"]));
    // Of another language than that of the index they are words.
    assert_eq!(env.ids(&["der minsk"]), Vec::<String>::new());
    assert_eq!(env.ids(&["--lang", "de", "der minsk"]), ["a.md#top"]);
}

#[test]
fn what_is_not_required_is_not_highlighted_and_explained_as_such() {
    let env = TestEnv::new();
    env.write("a.md", "# On the port\n\nThe port of Minsk. Of the rest.\n");
    let hits = env.hits(&["the port of ships minsk", "--any"]);
    let shown = hits[0]["passages"][0]["highlights"]
        .as_array()
        .expect("highlights");
    let texts: Vec<_> = shown
        .iter()
        .map(|h| h["text"].as_str().expect("text"))
        .collect();
    assert_eq!(texts, ["port", "Minsk"]);
    assert_eq!(hits[0]["title_highlights"], serde_json::json!([[7, 11]]));
    let told = env.run(&["explain", "for the port", "a.md#top"]).success();
    assert!(told.contains("○ for (optional)"), "{told}");
    assert!(told.contains("✓ the (optional)"), "{told}");
    let told = env.run(&["explain", "for the ferry", "a.md#top"]).stdout;
    assert!(told.contains("what fails: `ferry`\n"), "{told}");
}

#[test]
fn passages_show_the_rare_words_of_a_query() {
    let env = TestEnv::new();
    env.write(
        "a.md",
        "# Towns\n\nWhat is in the town of ours on that day? There is nothing of note in the town. Minsk came up once.\n",
    );
    for i in 0..9 {
        env.write(
            &format!("{i}.md"),
            "An agreement on what is in the town of ours on that day.",
        );
    }
    let args = ["--plain", "--any", "--passages", "1", "--width", "50"];
    let query = "what is in the agreement of Minsk on that town day";
    let hits = env.hits(&[&args[..], &[query]].concat());
    let own = hits
        .iter()
        .find(|hit| hit["path"] == "a.md")
        .expect("the article");
    assert_eq!(own["passages"][0]["text"], "Minsk came up once.");
}

#[test]
fn paths_can_be_asked_for_as_they_are_printed() {
    let env = TestEnv::new();
    for path in [
        "b/app/[id]/page.md",
        "a/[Gmail].All Mail/m.md",
        "caf\u{e9}/x.md",
        "a/x[1.md",
    ] {
        env.write(path, "A word.\n");
    }
    env.write("decomposed/cafe\u{301}.md", "A word.\n");
    for (filter, ids) in [
        ("path:\"b/app/[id]/page.md\"", 1),
        ("path:b/app/[id]", 1),
        ("path:\"a/[Gmail].All Mail/m.md\"", 1),
        ("path:“a/x[1.md”", 1),
        ("path:a/x[1.md", 1),
        ("path:x[1.md", 1),
        ("path:x[2.md", 0),
        ("path:page.md", 1),
        ("path:app", 1),
        ("path:caf\u{e9}/x.md", 1),
        ("path:cafe\u{301}/x.md", 1),
        ("path:caf\u{e9}.md", 1),
        ("path:*.md", 5),
        ("path:./page.md", 0),
        ("path:app/[id]", 0),
    ] {
        assert_eq!(env.ids(&[filter]).len(), ids, "{filter}");
    }
    env.write(
        "check.toml",
        "[[case]]\nquery = \"word\"\npath = \"b/app/[id]/page.md\"\n",
    );
    env.run(&["check", "check.toml"]).success();
}

#[test]
fn a_quoted_word_stands_for_its_possessive_too() {
    let env = TestEnv::new();
    env.write("a.md", "Tony Blair spoke.\n");
    env.write("b.md", "It was Tony Blair’s car.\n");
    env.write("c.md", "It was Tony Blair's car; two Blairs.\n");
    env.write("d.md", "Blairs and tonys blairs.\n");
    assert_eq!(env.ids(&["\"Tony Blair\""]).len(), 3);
    assert_eq!(env.ids(&["-F", "tony blair"]).len(), 3);
    assert_eq!(env.ids(&["\"blair\""]).len(), 3);
    assert_eq!(env.ids(&["\"blair's\""]).len(), 2);
    assert_eq!(env.ids(&["\"tony's blair\""]).len(), 0);
}

#[test]
fn slips_are_hinted_at() {
    let env = TestEnv::new();
    env.write("a.md", "---\nlang: en\n---\nSalt or pepper. The war.\n");
    let stderr = |query: &str| env.run(&["query", query]).stderr;
    assert!(stderr("salt or pepper").contains("the operator is `OR`"));
    assert!(!stderr("salt pepper").contains("operator"));
    assert!(!stderr("\"salt or pepper\"").contains("operator"));
    assert!(stderr("salt lang:xx").contains("no article is in the language `xx`"));
    assert!(!stderr("salt lang:en").contains("no article"));
    env.write("b.md", "# Of war\n\nThe was of text.\n");
    env.write("a.md", "Salt or pepper.\n");
    assert!(
        stderr("body:war").contains("did you mean `war`?"),
        "{}",
        stderr("body:war")
    );
}

#[test]
fn an_author_is_one_of_several() {
    let env = TestEnv::new();
    env.write("a.md", "---\nauthor: [Ann Lee, Bob Ray]\n---\nText.\n");
    assert_eq!(env.ids(&["author:\"ann lee\""]).len(), 1);
    assert_eq!(env.ids(&["author:\"bob ray\""]).len(), 1);
    assert_eq!(env.ids(&["author:\"lee bob\""]).len(), 0);
}

#[test]
fn marks_of_notes_and_broken_words_hide_nothing() {
    let env = TestEnv::new();
    env.write(
        "a.html",
        "<p>The treaties<sup>1</sup> were kept<sup><a href=#n>2</a></sup> at 5 km<sup>2</sup>.</p>",
    );
    env.write(
        "d.md",
        "The statutes<sup>1</sup> were<sup>[2](#n)</sup> kept at 6 km<sup>2</sup>.\n",
    );
    env.write(
        "b.txt",
        "The charters¹ were of the corpora-\ntion; its rules[3] fell.\n",
    );
    env.write(
        "c.md",
        "The codes[^4] were of the asso\u{ad}\nciation, and the coun-\ncil.\n\n[^4]: A note.\n",
    );
    for (query, id) in [
        ("\"treaties were kept at 5 km2\"", "a.html#top"),
        ("\"statutes were kept at 6 km2\"", "d.md#top"),
        ("\"charters were of the corporation\"", "b.txt#top"),
        ("\"rules fell\"", "b.txt#top"),
        ("\"codes were of the association\"", "c.md#top"),
        ("council", "c.md#top"),
    ] {
        assert_eq!(env.ids(&[query]), [id], "{query}");
    }
    let hits = env.hits(&["corporation"]);
    let highlight = &hits[0]["passages"][0]["highlights"][0];
    assert_eq!(highlight["start"]["line"], 1);
    assert_eq!(highlight["end"]["line"], 2);
    assert_eq!(hits[0]["verified"], true);
    let draft = env.write(
        "draft.md",
        "“The charters¹ were of the corporation; its rules[3] fell”\n",
    );
    let told = env
        .run(&["quote", "--json", &draft.to_string_lossy()])
        .stdout;
    assert!(told.contains("\"status\":\"verbatim\""), "{told}");
}

#[test]
fn a_phrase_crosses_wraps_and_markup_but_no_paragraph_item_or_cell() {
    let env = TestEnv::new();
    env.write(
        "a.md",
        "# A\n\n## Within\n\nMinsk\nagreements; *Minsk* **agreements**; [Minsk](x) agreements; Minsk&nbsp;agree&shy;ments\n\n\
         ## Across\n\nMinsk\n\nagreements\n\n- Minsk\n- agreements\n\n| Minsk | agreements |\n|---|---|\n| x | y |\n\nMinsk\n\n### agreements\n\nx\n",
    );
    let hits = env.hits(&["\"minsk agreements\"~100"]);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!(hits[0]["id"], "a.md#within");
    let exact = env.hits(&["\"minsk agreements\""]);
    let highlights = exact[0]["passages"][0]["highlights"]
        .as_array()
        .expect("highlights");
    let places: Vec<_> = highlights
        .iter()
        .map(|h| (h["start"]["line"].as_u64(), h["start"]["column"].as_u64()))
        .collect();
    assert_eq!(
        places,
        [
            (Some(5), Some(1)),
            (Some(6), Some(14)),
            (Some(6), Some(38)),
            (Some(6), Some(60))
        ]
    );
    assert!(highlights.iter().all(|h| h["text"] == "Minsk agreements"));
}

#[test]
fn filters_select_articles_and_do_not_score() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.hits(&["path:corpus/docs", "-k", "99"]).len(), 8);
    assert_eq!(
        env.ids(&["author:example date:2023-05 reader path:**/*.md", "-k", "1"]),
        ["corpus/docs/install.md#top"]
    );
    assert_eq!(
        env.hits(&["date:2023-05..2023-06 heading:section"])[0]["id"],
        "corpus/docs/glossary.html#section"
    );
    assert_eq!(env.hits(&["lang:en -path:**/*.md"])[0]["score"], 0.0);
    assert_eq!(
        env.ids(&["agreements", "corpus/news", "-k", "1", "--sort", "path"]),
        ["corpus/news/blinken-diplomacy.txt#the-ukraine-conflict"]
    );
}

#[test]
fn near_words_rank_above_far_ones_and_ties_go_by_path() {
    let env = TestEnv::new();
    env.write(
        "far.txt",
        "zebra one two three four five six seven eight nine ten lion.\n",
    );
    env.write(
        "near.txt",
        "zebra lion one two three four five six seven eight nine ten.\n",
    );
    env.write("same-a.txt", "giraffe and tiger.\n");
    env.write("same-b.txt", "giraffe and tiger.\n");
    assert_eq!(env.ids(&["zebra lion"]), ["near.txt#top", "far.txt#top"]);
    assert_eq!(env.ids(&["giraffe"]), ["same-a.txt#top", "same-b.txt#top"]);
}

#[test]
fn offset_and_limit_page_through_all_hits_once() {
    let env = TestEnv::new();
    for i in 0..25 {
        env.write(
            &format!("{i:02}.txt"),
            format!("common word number{i}\n{}", "filler ".repeat(i % 4)),
        );
    }
    let all = env.ids(&["common", "-k", "99"]);
    assert_eq!(all.len(), 25);
    let mut paged = Vec::new();
    for offset in ["0", "10", "20"] {
        paged.extend(env.ids(&["common", "--offset", offset]));
    }
    assert_eq!(paged, all);
}

#[test]
fn counts_paths_and_quiet_see_all_hits() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["query", "-c", "diplomacy"]).success(), "6\n");
    assert_eq!(
        env.run(&["query", "-c", "diplomacy", "-k", "2"]).success(),
        "2\n"
    );
    assert_eq!(
        env.run(&["query", "-l", "agreements"])
            .success()
            .lines()
            .count(),
        2
    );
    assert_eq!(
        env.run(&["query", "-l0", "glossary"]).success(),
        "corpus/docs/glossary.html\0"
    );
    assert_eq!(env.run(&["query", "-q", "agreements"]).success(), "");
    assert_eq!(env.run(&["query", "-q", "xyzzy"]).status, 1);
    assert_eq!(env.run(&["query", "-c", "xyzzy"]).stdout, "0\n");
}

#[test]
fn the_last_of_a_switch_and_its_twin_wins() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.ids(&["ferry kremlin", "--any", "--no-any"]).len(), 0);
    assert_eq!(env.ids(&["ferry kremlin", "--no-any", "--any"]).len(), 1);
    assert_eq!(env.run(&["query", "--no-such-flag", "x"]).status, 2);
}

#[test]
fn errors_in_a_query_point_at_the_place_and_end_with_2() {
    let env = TestEnv::with_corpus();
    let stderr = env
        .run(&["query", "minsk (\"agreements", "corpus"])
        .failure(2);
    assert!(
        stderr
            .ends_with("never closed; expected another `\"`\n  minsk (\"agreements\n         ^\n"),
        "{stderr}"
    );
    for query in ["", "-a", "a OR", "foo:bar", "*", "word^0"] {
        assert_eq!(env.run(&["query", "--", query]).status, 2, "{query}");
    }
    let deep = "(".repeat(5000);
    assert_eq!(env.run(&["query", "--", &deep]).status, 2);
}

#[test]
fn an_index_is_built_where_there_is_none_and_found_from_below() {
    let env = TestEnv::with_corpus();
    let run = env.run(&["query", "\"Minsk agreements\"", "corpus"]);
    assert!(
        run.stderr.contains("indexing `corpus` into `.excerpt`"),
        "{run:?}"
    );
    assert_eq!(
        std::fs::read_to_string(env.path().join(".excerpt/.gitignore")).expect("it ignores itself"),
        "*\n"
    );
    let below = crate::env::finish(
        env.command(&["query", "-l", "minsk", "."])
            .current_dir(env.path().join("corpus/news")),
    );
    assert_eq!(
        (below.status, below.stdout.as_str()),
        (0, "blinken-diplomacy.txt\n")
    );
    let outside = env.run(&["query", "minsk", "/etc"]);
    assert!(outside.stderr.contains("--index DIR"), "{outside:?}");
    assert_eq!(outside.status, 2);
}

#[test]
fn a_path_that_is_not_covered_yet_is_indexed_first() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.ids(&["agreements", "corpus/docs"]).len(), 0);
    assert_eq!(env.ids(&["agreements", "corpus/news"]).len(), 3);
    assert_eq!(env.run(&["query", "x", "no/such/folder"]).status, 2);
}

#[test]
fn a_named_index_keeps_files_from_anywhere() {
    let env = TestEnv::with_corpus();
    let other = TestEnv::new();
    other.write("far.txt", "An article from far away.\n");
    let far = other.path().join("far.txt").display().to_string();
    let index = env.path().join("idx").display().to_string();
    assert_eq!(
        env.run(&["--index", &index, "index", "corpus", &far])
            .status,
        0
    );
    let hits = env.hits(&["--index", &index, "article far"]);
    assert_eq!(hits[0]["path"], far.as_str());
    let elsewhere = crate::env::finish(
        other
            .command(&["query", "-c", "minsk"])
            .env("EXCERPT_INDEX", &index),
    );
    assert_eq!(elsewhere.stdout, "1\n", "{elsewhere:?}");
}

#[test]
fn no_refresh_answers_from_the_index_as_it_is() {
    let env = TestEnv::with_corpus();
    assert_eq!(
        env.run(&["query", "--no-refresh", "minsk"]).status,
        2,
        "there is no index yet"
    );
    assert_eq!(env.run(&["index"]).status, 0);
    env.write("corpus/new.txt", "A wholly new xylophone.\n");
    assert_eq!(
        env.run(&["query", "--no-refresh", "-c", "xylophone"])
            .stdout,
        "0\n"
    );
    let never = crate::env::finish(
        env.command(&["query", "--json", "xylophone"])
            .env("EXCERPT_REFRESH", "never"),
    );
    let summary = &records(&never.stdout)[0];
    assert_eq!(
        (summary["refresh"].as_str(), summary["stale"].is_null()),
        (Some("off"), true)
    );
    assert_eq!(env.run(&["query", "-c", "xylophone"]).stdout, "1\n");
}

#[test]
fn a_changed_source_is_not_verified() {
    let env = TestEnv::new();
    env.write(
        "a.txt",
        "The first words.\n\nThe Minsk agreements stood here.\n",
    );
    assert_eq!(env.run(&["index"]).status, 0);
    env.write(
        "a.txt",
        "Other words.\n\nThe Minsk agreements stood here.\n",
    );
    assert_eq!(env.hits(&["--no-refresh", "minsk"])[0]["verified"], false);
    env.remove("a.txt");
    assert_eq!(env.hits(&["--no-refresh", "minsk"])[0]["verified"], false);
}

#[test]
fn show_prints_a_section_and_knows_no_other_ids() {
    let env = TestEnv::with_corpus();
    assert_eq!(env.run(&["index"]).status, 0);
    let out = env
        .run(&["show", "corpus/docs/install.md#uninstall"])
        .success();
    assert_eq!(
        out,
        "corpus/docs/install.md:37:1\nInstalling the archive reader › Removing it\n\nDelete the binary. The archives stay as they are.\n"
    );
    assert_eq!(
        env.run(&["show", "corpus/docs/install.md#nothing"]).status,
        2
    );
    assert_eq!(env.run(&["show", "nothing"]).status, 2);
}

#[test]
fn a_batch_answers_each_line_and_reports_a_bad_one_by_its_number() {
    let env = TestEnv::with_corpus();
    env.write("queries.tsv", "q1\tminsk\n\nbad\t(\nglossary\n");
    let run = env.run(&["query", "-f", "queries.tsv", "corpus", "--format", "trec"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(
        run.stderr.contains("line 3: this bracket is never closed"),
        "{run:?}"
    );
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines[0].starts_with("q1 Q0 corpus/news/blinken-diplomacy.txt#the-ukraine-conflict 1 "),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("4 Q0 corpus/docs/glossary.html#top 1 "),
        "{lines:?}"
    );
    let run = env.run_with_input(&["query", "-f", "-", "--json"], b"minsk\nxyzzy\n");
    let ids: Vec<_> = records(&run.stdout)
        .iter()
        .map(|r| (r["type"].clone(), r["query_id"].clone()))
        .collect();
    assert_eq!(
        (run.status, ids),
        (
            0,
            vec![
                ("hit".into(), "1".into()),
                ("summary".into(), "1".into()),
                ("summary".into(), "2".into())
            ]
        )
    );
    let run = env.run_with_input(&["query", "-f", "-", "--format", "json"], b"minsk\nxyzzy\n");
    let array: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).expect("one array");
    assert_eq!(array.len(), 3);
    assert_eq!(
        env.run_with_input(&["query", "-f", "-"], b"xyzzy\n").status,
        1
    );
}

#[test]
fn without_its_tables_an_index_answers_the_same() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "."]).success();
    let ask = || {
        let queries = ["agreement stays", "reading archives", "diplomatic talk"];
        queries.map(|query| {
            ["--scores", "--format=trec"].map(|shown| {
                env.run(&["query", "--no-refresh", "--any", shown, query])
                    .success()
            })
        })
    };
    let before = ask();
    let tables = ["classes-", "bounds-", "anchors-"];
    for table in tables {
        env.change_manifest(|manifest| {
            let files = manifest["files"].as_object_mut().expect("files");
            let (own, others) = std::mem::take(files)
                .into_iter()
                .partition(|(name, _)| name.starts_with(table));
            *files = others;
            let own: serde_json::Map<String, serde_json::Value> = own;
            assert!(!own.is_empty());
            for name in own.keys() {
                let file = env.path().join(".excerpt").join(name);
                std::fs::remove_file(file).expect("the table");
            }
        });
        assert_eq!(ask(), before, "{table}");
    }
    env.run(&["verify", "--deep"]).success();
    // The next change writes them again.
    env.write("sugar.md", "Sugar.\n");
    env.run(&["index"]).success();
    env.change_manifest(|manifest| {
        let files = manifest["files"].as_object().expect("files");
        for table in tables {
            assert!(files.keys().any(|name| name.starts_with(table)), "{table}");
        }
    });
    env.run(&["verify", "--deep"]).success();
}

#[test]
fn a_small_operator_is_told_of_where_it_may_have_been_meant() {
    let env = TestEnv::new();
    for i in 0..12 {
        env.write(
            &format!("{i}.md"),
            "The salt and the pepper are on the table, or so it is said of them.\n",
        );
    }
    env.write("x.md", "The sugar was not there.\n");
    let hint = |args: &[&str]| {
        let run = env.run(&[&["query"], args].concat());
        run.stderr.contains("is a word here")
    };
    // Twelve hits, and the same with `AND`.
    assert!(!hint(&["salt and pepper"]));
    assert!(!hint(&["salt or pepper"]));
    assert!(hint(&["sugar or pepper"]), "nothing is found");
    assert!(hint(&["sugar not salt"]));
    assert!(!hint(&["sugar and pepper"]), "`AND` finds nothing more");
    assert!(!hint(&["--plain", "sugar or pepper"]));
}
