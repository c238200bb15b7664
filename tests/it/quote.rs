//! Quotations: what stands in the sources, what nearly does, what does not, and where.

use crate::env::{Run, TestEnv, records};

/// Kept outside the corpus folder, which alone is indexed.
const NOTES: &str = r#"# Notes

Blinken spoke of "diplomatic efforts such as the Minsk agreements," and of “Russia’s inconsistent implementation of
these agreements”. The paper says that "the *cooperative* refused" and "talks over the future of the old harbor".

> In return the fishers were to give up
> their claim to the eastern basin, where a ferry terminal is planned.
> — The port authority

He said that “[t]he port authority […] ten more years. In return [they] were to give up their claim” and, elsewhere,
“the submarines will be sold to the highest bidder”. Also "moot", `"in code it is not one"`, and "If the linker runs
out of memory, build with fewer jobs".

> **Note** “A mediator will hear both sides in May.”
"#;

fn quote(files: &[(&str, &str)], args: &[&str]) -> (TestEnv, Run) {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    let run = env.run_on("quote", files, args);
    (env, run)
}

fn statuses(run: &Run) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let all = records(&run.stdout)
        .into_iter()
        .filter(|record| record["type"] == "quotation");
    all.map(|record| (text(&record["status"]), text(&record["text"])))
        .collect()
}

#[test]
fn each_quotation_is_verbatim_normalised_elided_near_or_absent() {
    for format in ["text", "ndjson", "junit", "github"] {
        let (_, run) = quote(&[("notes.md", NOTES)], &["--format", format]);
        assert_eq!(run.status, 1, "{run:?}");
        insta::assert_snapshot!(format!("quotations_as_{format}"), run.stdout);
    }
}

#[test]
fn what_is_verbatim_or_normalised_holds_and_strict_wants_verbatim() {
    let good = "\"The cooperative refused.\"\n\"In return the fishers were\"\n";
    let (_, run) = quote(&[("good.txt", good)], &["--strict"]);
    assert_eq!(run.status, 0, "{run:?}");
    let dress = "“the Cooperative refused”";
    let (env, run) = quote(
        &[("good.txt", good), ("dress.txt", dress)],
        &["--junit", "report.xml"],
    );
    assert_eq!(run.status, 0, "{run:?}");
    let xml = std::fs::read_to_string(env.path().join("report.xml")).expect("the report");
    assert!(
        xml.contains("tests=\"3\" skipped=\"0\" failures=\"0\""),
        "{xml}"
    );
    let run = env.run(&["quote", "--strict", "good.txt", "dress.txt"]);
    assert_eq!(run.status, 1, "{run:?}");
}

#[test]
fn places_open_at_what_is_quoted() {
    let (env, run) = quote(&[("notes.md", NOTES)], &["--json"]);
    let corpus = |record: &serde_json::Value| {
        let path = record["source"]["path"].as_str().expect("a path");
        std::fs::read(env.path().join(path)).expect("the source")
    };
    let mut seen = 0;
    for record in records(&run.stdout)
        .iter()
        .filter(|record| record["status"] == "verbatim" || record["status"] == "elided")
    {
        let at = |end: &str| record["source"][end]["byte"].as_u64().expect("a byte") as usize;
        let source =
            String::from_utf8(corpus(record)[at("start")..at("end")].to_vec()).expect("text");
        let text = record["source"]["text"].as_str().expect("text");
        let first = text.split(" […] ").next().expect("a fragment");
        let folded = source
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("**", "");
        assert!(folded.starts_with(first), "{folded:?} {first:?}");
        assert_eq!(record["source"]["verified"], true);
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn headlines_are_found_too() {
    let headlines =
        "> What was on the table\n\n> Talks end without a deal\n\n> Trouble with the linker\n";
    let (_, run) = quote(&[("x.md", headlines)], &["--json"]);
    let all = records(&run.stdout);
    let found = |at: usize| {
        (
            all[at]["status"].as_str(),
            all[at]["source"]["start"]["line"].as_u64(),
        )
    };
    assert_eq!(found(0), (Some("verbatim"), Some(6)), "{run:?}");
    assert_eq!(found(1).0, Some("normalised"), "{run:?}");
    assert_eq!(found(2), (Some("verbatim"), Some(32)), "{run:?}");
}

#[test]
fn standard_input_and_lines_are_read() {
    let (env, _) = quote(&[("x.md", "“The cooperative refused”")], &[]);
    let lines = "The cooperative refused.\nthe existing agreements stay in force\nA mediator has resigned today.\n";
    let run = env.run_with_input(&["quote", "--json"], lines.as_bytes());
    let found: Vec<_> = statuses(&run)
        .into_iter()
        .map(|(status, _)| status)
        .collect();
    assert_eq!(found, ["verbatim", "verbatim", "absent"]);
    let quoting = "x \"The cooperative refused\" y\n";
    let marked = env.run_with_input(&["quote", "-"], quoting.as_bytes());
    assert_eq!(marked.status, 0, "{marked:?}");
    let whole = env.run_with_input(&["quote", "--lines", "-"], quoting.as_bytes());
    assert_eq!(whole.status, 1, "{whole:?}");
}

#[test]
fn documents_without_a_quotation_end_with_2_and_their_place() {
    let (env, _) = quote(&[("x.md", "“The cooperative refused”")], &[]);
    env.write("bytes.txt", b"one\n\xff");
    env.write("prose.md", "Nothing is quoted here.\n");
    env.write("word.md", "A \"word\" only.\n");
    env.write("empty.txt", "");
    for (file, message) in [
        ("none.md", "cannot read `none.md`"),
        ("bytes.txt", "bytes.txt:2:1: not UTF-8"),
        ("prose.md", "prose.md:1:1: there is no quotation in it"),
        (
            "word.md",
            "word.md:1:1: there is no quotation of 2 words in it",
        ),
        ("empty.txt", "empty.txt:1:1: there is no quotation in it"),
    ] {
        let error = env.run(&["quote", "x.md", file]).failure(2);
        assert!(error.contains(message), "{file}: {error}");
    }
    let run = env.run(&["quote", "--min-words", "1", "word.md"]);
    assert_eq!(run.status, 1, "{run:?}");
}

#[test]
fn stretches_of_sections_are_verbatim_however_they_are_wrapped() {
    let env = TestEnv::with_corpus();
    env.run(&["index", "corpus"]).success();
    let mut quotations = Vec::new();
    for id in [
        "corpus/news/blinken-diplomacy.txt#the-ukraine-conflict",
        "corpus/news/harbour-talks.txt#top",
    ] {
        let shown = records(&env.run(&["show", id, "--format", "ndjson"]).success());
        let text = shown[0]["text"].as_str().expect("text").to_string();
        let words: Vec<&str> = text.split_whitespace().collect();
        for length in [3, 7, 20] {
            for start in (0..words.len().saturating_sub(length)).step_by(5) {
                let own = &words[start..start + length];
                // A quotation mark or dots inside would end the quotation or leave something out.
                if !own.iter().any(|word| word.contains(['"', '…', '['])) {
                    quotations.push(own.join(if start % 2 == 0 { " " } else { "\n> " }));
                }
            }
        }
    }
    let document = quotations
        .iter()
        .map(|text| format!("> {text}\n\n"))
        .collect::<String>();
    env.write("all.md", document);
    let run = env.run(&["quote", "--json", "all.md"]);
    let found = statuses(&run);
    assert_eq!(
        (found.len(), quotations.len() > 40),
        (quotations.len(), true)
    );
    let missed: Vec<_> = found
        .iter()
        .filter(|(status, _)| status != "verbatim")
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// The lines of a fenced block of README, from the one that begins with `first`.
fn readme_block(fence: &str, first: &str) -> Vec<String> {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README");
    let blocks = readme.split("```").skip(1).step_by(2);
    let block = blocks
        .filter_map(|block| block.strip_prefix(fence))
        .find(|block| block.trim_start().starts_with(first));
    block
        .expect(first)
        .trim_start()
        .lines()
        .map(str::to_string)
        .collect()
}

#[test]
fn the_readmes_quotations_are_judged_as_shown() {
    let block = readme_block("console\n", "$ cat draft.md").join("\n");
    let (draft, shown) = block
        .split_once("\n\n$ excerpt quote draft.md || echo \"status $?\"\n")
        .expect("a session");
    let env = TestEnv::with_samples();
    env.run(&["index", "tests/corpus"]).success();
    env.write(
        "draft.md",
        draft.strip_prefix("$ cat draft.md\n").expect("a draft"),
    );
    let run = env.run(&["quote", "draft.md"]);
    assert_eq!(
        format!("{}status {}", run.stdout, run.status),
        shown.trim_end()
    );
}

#[test]
#[cfg(unix)]
fn the_steps_of_the_readmes_workflow_run() {
    let env = TestEnv::with_corpus();
    std::fs::rename(env.path().join("corpus"), env.path().join("articles"))
        .expect("a renamed folder");
    env.write(
        "tests/articles.toml",
        "[[case]]\nquery = '\"Minsk agreements\"'\n",
    );
    env.write("drafts/one.md", "“The cooperative refused.”\n");
    env.write("tests/topics.tsv", "1\tharbour talks\n");
    env.write("tests/qrels.txt", "1 0 articles/news/harbour-talks.txt 1\n");
    env.run(&["index", "articles"]).success();
    let eval = [
        "eval",
        "--topics",
        "tests/topics.tsv",
        "--qrels",
        "tests/qrels.txt",
    ];
    env.run(&[&eval[..], &["--save", "tests/baseline.json"]].concat())
        .success();
    std::fs::remove_dir_all(env.path().join(".excerpt")).expect("a removed index");
    let block = readme_block("yaml\n", "name: articles");
    // Beside the checkout, where no commit can bring one.
    let names_index = |line: &String| line.trim() == "EXCERPT_INDEX: ../excerpt-index";
    assert!(block.iter().any(names_index));
    let index = env.states().join("excerpt-index");
    let steps: Vec<&str> = block
        .iter()
        .filter_map(|line| line.trim().strip_prefix("run: "))
        .collect();
    assert_eq!(steps.len(), 5);
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_excerpt"))
        .parent()
        .expect("a folder");
    for step in steps {
        let mut command = std::process::Command::new("bash");
        command
            .args(["-ec", step])
            .current_dir(env.path())
            .env_clear();
        command
            .env("PATH", format!("{}:/usr/bin:/bin", binary.display()))
            .env("HOME", "/nonexistent")
            .env("EXCERPT_INDEX", &index);
        let run = crate::env::finish(&mut command);
        assert_eq!(run.status, 0, "{step}: {run:?}");
    }
    assert!(env.path().join("check.xml").exists() && env.path().join("quote.xml").exists());
    // A checkout gives all files new times; the kept index serves nevertheless.
    env.write(
        "articles/docs/install.md",
        std::fs::read(env.path().join("articles/docs/install.md")).expect("bytes"),
    );
    let mut command = env.command(&["index", "articles"]);
    let again = crate::env::finish(command.env("EXCERPT_INDEX", &index)).success();
    assert!(again.contains("no changes, 4 unchanged"), "{again}");
}

#[test]
fn quotations_out_of_the_middle_of_a_run_of_characters_are_verbatim() {
    let env = TestEnv::new();
    env.write(
        "docs/a.md",
        "# 明斯克协议\n\n乌克兰和俄罗斯在明斯克签署了停火\n协议，协议要求立即停火并撤出重型武器。\n\n\
         ประเทศไทยมีเมืองหลวงคือกรุงเทพมหานคร\n\n민스크 협정은 2015년 2월에 서명되었다.\n\n東京は日本の首都である。\n",
    );
    env.run(&["index", "docs"]).success();
    let quoted = [
        "俄罗斯在明斯克签署了停火",
        "协议要求立即停火并撤出[…]武器",
        "签署了停火协议",
        "เมืองหลวงคือกรุงเทพ",
        "협정은 2015년 2월에 서명",
        "は日本の首都",
    ];
    let lines: Vec<String> = quoted.iter().map(|text| format!("“{text}”\n")).collect();
    let run = env.run_on(
        "quote",
        &[("q.md", &lines.concat())],
        &["--format", "ndjson"],
    );
    // Negations of Chinese are not listed, so that a gap may change the sense.
    let status = |text: &str| {
        if text.contains('…') {
            "elided"
        } else {
            "verbatim"
        }
    };
    let expected = quoted.map(|text| (status(text).to_string(), text.to_string()));
    assert_eq!(statuses(&run), expected, "{run:?}");
    let changed = "“乌克兰与俄罗斯在明斯克签署停火”\n";
    let run = env.run_on("quote", &[("q.md", changed)], &["--format", "ndjson"]);
    assert_eq!(statuses(&run)[0].0, "near", "{run:?}");
}
