//! What is printed opens: paths from the current folder, ids that are told apart, `show`, and `query --open`.

use std::process::Command;

use crate::env::{Run, TestEnv, finish, records};

/// A run in a folder below.
fn run_in(env: &TestEnv, folder: &str, args: &[&str]) -> Run {
    finish(env.command(args).current_dir(env.path().join(folder)))
}

fn nested() -> TestEnv {
    let env = TestEnv::new();
    env.write(
        "n/x.md",
        "# Birds\n\nA falcon.\n\n## Prey\n\nThe falcon eats.\n",
    );
    env.write("m/y.md", "# Other\n\nA falcon too.\n");
    env.run(&["index"]).success();
    env
}

#[test]
fn paths_for_people_and_editors_are_relative_to_the_current_folder() {
    let env = nested();
    let list = |args: &[&str]| run_in(&env, "n", &[&["query", "-l", "falcon"], args].concat());
    assert_eq!(list(&["."]).success(), "x.md\n");
    assert_eq!(list(&[]).success(), "x.md\n../m/y.md\n");
    assert_eq!(list(&["-0", "../m"]).success(), "../m/y.md\0");
    let query = |format: &str| {
        let args = ["query", "falcon", "--format", format, "."];
        run_in(&env, "n", &args).success()
    };
    assert!(query("text").starts_with("x.md:3:3\n"), "{}", query("text"));
    assert!(
        query("vimgrep").starts_with("x.md:3:3:"),
        "{}",
        query("vimgrep")
    );
    let md = query("md");
    assert!(md.contains("](x.md#L3), `x.md:3:3`"), "{md}");
    assert!(query("csv").contains(",n/x.md,"), "{}", query("csv"));
    assert!(query("trec").contains(" n/x.md#top "), "{}", query("trec"));
    let all = records(&query("ndjson"));
    assert_eq!(all[0]["path"], "n/x.md");
    assert_eq!(all[0]["citation"], "n/x.md:3:3");
    let base = env.path().canonicalize().expect("a folder");
    assert_eq!(all[2]["base"], base.display().to_string());
    let folder = env.path().join("n").canonicalize().expect("a folder");
    let linked = run_in(&env, "n", &["query", "falcon", "--hyperlink=vscode", "."]).success();
    let link = format!(
        "\u{1b}]8;;vscode://file{}/x.md:3:3\u{1b}\\x.md:3:3\u{1b}]8;;\u{1b}\\\n",
        folder.display()
    );
    assert!(linked.starts_with(&link), "{linked:?}");
}

#[test]
fn a_path_that_is_printed_from_a_folder_can_be_asked_for_there() {
    let env = nested();
    let list = |folder: &str, query: &str| run_in(&env, folder, &["query", "-l", query]).stdout;
    for (query, expected) in [
        ("falcon path:./x.md", "x.md\n"),
        ("falcon path:../m/y.md", "../m/y.md\n"),
        ("falcon path:../m", "../m/y.md\n"),
        ("falcon path:./*.md", "x.md\n"),
        ("falcon path:.", "x.md\n"),
        ("falcon path:..", "x.md\n../m/y.md\n"),
        ("falcon -path:./", "../m/y.md\n"),
        ("falcon path:m/y.md", "../m/y.md\n"),
        ("falcon path:./y.md", ""),
    ] {
        assert_eq!(list("n", query), expected, "{query}");
    }
    assert_eq!(list(".", "falcon path:./n"), "n/x.md\n");
    let explained = run_in(&env, "n", &["explain", "falcon path:./x.md", "x.md"]).success();
    assert!(!explained.contains("no match"), "{explained}");
}

#[cfg(unix)]
#[test]
fn names_go_into_a_pipe_as_they_are_and_ids_tell_them_apart() {
    use std::os::unix::ffi::OsStrExt;
    let env = TestEnv::new();
    let names: [&[u8]; 6] = [
        b"a\tb.md",
        b"bad\xff.md",
        b"bad%FF.md",
        b"c#d.md",
        b"100%.md",
        "\u{202e}x.md".as_bytes(),
    ];
    for (i, name) in names.iter().enumerate() {
        let path = env.path().join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, format!("# Title\n\nA falcon, number {i}.\n")).expect("written");
    }
    env.run(&["index"]).success();
    let output = env
        .command(&["query", "-l", "falcon", "--sort", "path"])
        .output()
        .expect("a run");
    let mut sorted = names;
    sorted.sort_unstable();
    let expected: Vec<u8> = sorted
        .iter()
        .flat_map(|name| [name, &b"\n"[..]].concat())
        .collect();
    assert_eq!(output.stdout, expected);
    let hits = env.hits(&["falcon", "--sort", "path"]);
    let mut ids: Vec<&str> = hits
        .iter()
        .map(|hit| hit["id"].as_str().expect("an id"))
        .collect();
    assert!(
        ids.contains(&"bad%FF.md#top") && ids.contains(&"bad%25FF.md#top"),
        "{ids:?}"
    );
    assert!(
        ids.contains(&"c%23d.md#top") && ids.contains(&"100%25.md#top"),
        "{ids:?}"
    );
    for (hit, id) in hits.iter().zip(&ids) {
        let shown = env.run(&["show", id]).success();
        let text = hit["passages"][0]["text"].as_str().expect("a text");
        assert!(shown.contains(text), "{id}: {shown}");
    }
    ids.dedup();
    assert_eq!(ids.len(), names.len());
}

#[test]
fn show_takes_ids_files_and_places() {
    let env = nested();
    let first = |folder: &str, target: &str| {
        let shown = run_in(&env, folder, &["show", target]).success();
        shown.lines().next().expect("a line").to_string()
    };
    for (folder, target, expected) in [
        (".", "n/x.md#prey", "n/x.md:5:1"),
        (".", "n/x.md", "n/x.md:3:1"),
        (".", "n/x.md:3", "n/x.md:3:1"),
        (".", "n/x.md:7", "n/x.md:5:1"),
        (".", "n/x.md:7:5", "n/x.md:5:1"),
        (".", "./n/x.md:6", "n/x.md:5:1"),
        ("n", "x.md:7", "x.md:5:1"),
        ("n", "x.md#prey", "x.md:5:1"),
        ("n", "n/x.md#prey", "x.md:5:1"),
        ("n", "../m/y.md", "../m/y.md:3:1"),
        ("n", "m/y.md:3", "../m/y.md:3:1"),
    ] {
        assert_eq!(first(folder, target), expected, "{target} in {folder}");
    }
    for missing in ["n/z.md", "n/z.md:3", "n/x.md#nothing", "n", "x.md"] {
        let error = env.run(&["show", missing]).failure(2);
        assert!(error.starts_with("excerpt: "), "{error}");
    }
    // What every hit prints is taken.
    let text = env.run(&["query", "eats"]).success();
    let place = text.lines().next().expect("a place");
    assert!(
        env.run(&["show", place])
            .success()
            .contains("The falcon eats.")
    );
}

#[test]
fn a_name_that_looks_like_a_place_is_a_name_first() {
    let env = TestEnv::new();
    env.write("a:3.md", "# Colon\n\nA falcon.\n");
    env.write("a.md", "# One\n\nx\n\n# Two\n\ny\n");
    env.write("a.md:5.md", "# Named\n\nz\n");
    env.run(&["index"]).success();
    assert!(env.run(&["show", "a:3.md"]).success().contains("A falcon."));
    assert!(env.run(&["show", "a.md:5.md"]).success().contains("Named"));
    assert!(env.run(&["show", "a.md:5"]).success().contains("Two"));
}

#[test]
fn show_keeps_lines_lists_code_and_tables() {
    let env = TestEnv::new();
    let text = "# Title\n\nWords on\ntwo lines.\n\n- one\n  - two\n\n```sh\nif x; then\n    y\nfi\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    env.write("a.md", text);
    env.write(
        "b.html",
        "<title>T</title><h1>T</h1><p>Intro text here.</p><ul><li>one</li><li>two</li></ul>\
         <pre>if x:\n    y\n</pre><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>End of it.</p>",
    );
    env.run(&["index"]).success();
    let shown = env.run(&["show", "a.md"]).success();
    let (_, body) = text.split_once("\n\n").expect("a heading");
    assert_eq!(shown, format!("a.md:3:1\nTitle\n\n{body}"));
    insta::assert_snapshot!(env.run(&["show", "b.html"]).success());
}

/// A program that writes its arguments, one a line, in place of an editor.
fn recorder(env: &TestEnv, name: &str) -> String {
    let out = env.path().join("arguments");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n", out.display());
    let path = env.path().join(name);
    std::fs::write(&path, script).expect("a script");
    let mut chmod = Command::new("chmod");
    chmod.args(["+x", &path.display().to_string()]);
    finish(&mut chmod).success();
    path.display().to_string()
}

#[cfg(unix)]
#[test]
fn a_hit_opens_in_the_editor_at_its_place_whatever_its_file_is_called() {
    let hostile = "-c $(touch gone)`touch gone`; 'touch gone' \"x\"&.md";
    for (name, words) in [
        ("vim", &["+call cursor(3,6)"][..]),
        ("nano", &["+3,4"]),
        ("code", &["--goto"]),
        ("other", &[]),
    ] {
        let env = TestEnv::new();
        env.write(&format!("articles/{hostile}"), "# Title\n\néé falcon.\n");
        env.run(&["index", "articles"]).success();
        let editor = recorder(&env, name);
        let mut command = env.command(&["query", "falcon", "--open", "1"]);
        command.env("EDITOR", &editor).env("PATH", "/usr/bin:/bin");
        finish(&mut command).success();
        let opened = std::fs::read_to_string(env.path().join("arguments")).expect("arguments");
        let end = if name == "code" { ":3:4" } else { "" };
        let base = env.path().canonicalize().expect("a folder");
        let file = format!("{}/articles/{hostile}{end}", base.display());
        let expected: Vec<&str> = words.iter().copied().chain([file.as_str()]).collect();
        assert_eq!(opened.lines().collect::<Vec<_>>(), expected, "{name}");
        assert!(!env.path().join("gone").exists());
    }
}

#[test]
fn without_an_editor_a_hit_is_shown() {
    let env = nested();
    let shown = env.run(&["query", "falcon", "--open", "2"]).success();
    assert!(shown.contains("falcon"), "{shown}");
    let error = env.run(&["query", "falcon", "--open", "9"]).failure(2);
    assert!(
        error.contains("there is no hit 9: the query has 3 hits"),
        "{error}"
    );
    let error = env
        .run(&["query", "falcon", "--open", "1", "--json"])
        .failure(2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn sources_of_quotations_are_relative_too() {
    let env = nested();
    env.write("n/draft.txt", "He said \"the falcon eats\".\n");
    let text = run_in(&env, "n", &["quote", "draft.txt"]).success();
    assert!(text.contains("\n            x.md:7:1\n"), "{text}");
    let records =
        records(&run_in(&env, "n", &["quote", "draft.txt", "--format", "ndjson"]).success());
    assert_eq!(records[0]["source"]["path"], "n/x.md");
}

#[test]
fn names_are_found_in_either_normal_form() {
    let env = TestEnv::new();
    let text = "# Birds\n\nA falcon.\n";
    env.write("cafe\u{301}/re\u{301}sume\u{301}.md", text);
    env.write("th\u{e9}.md", text);
    env.write("n/x.md", "Nothing.\n");
    env.run(&["index", "caf\u{e9}", "the\u{301}.md", "n"])
        .success();
    let other = "../caf\u{e9}/r\u{e9}sum\u{e9}.md";
    let as_stored = "caf\u{e9}/r\u{e9}sum\u{e9}.md";
    for target in [other, as_stored, "../the\u{301}.md", "the\u{301}.md"] {
        for suffix in ["", ":3", "#birds"] {
            let target = format!("{target}{suffix}").replace("#birds", "#top");
            let shown = run_in(&env, "n", &["show", &target]).success();
            assert!(shown.contains("falcon"), "{target}");
            run_in(&env, "n", &["explain", "falcon", &target]).success();
        }
        let list = |args: &[&str]| run_in(&env, "n", &[&["query", "-l", "falcon"], args].concat());
        assert_eq!(list(&[target]).success().lines().count(), 1, "{target}");
        let kept = list(&["--no-refresh", target]);
        assert_eq!(kept.success().lines().count(), 1, "{target}");
        let filter = format!("falcon path:{target}");
        let hits = run_in(&env, "n", &["query", "-l", &filter]).success();
        assert_eq!(hits.lines().count(), 1, "{target}");
    }
    for folder in ["caf\u{e9}", "../caf\u{e9}/"] {
        let listed = run_in(&env, "n", &["query", "-l", "falcon", folder]).success();
        assert_eq!(listed, "../cafe\u{301}/re\u{301}sume\u{301}.md\n");
    }
    run_in(&env, "n", &["outline", other]).success();
    // What is gone from the disk is still known to the index.
    env.remove("th\u{e9}.md");
    let gone = ["query", "-l", "falcon", "--no-refresh", "the\u{301}.md"];
    assert_eq!(env.run(&gone).success(), "th\u{e9}.md\n");
    env.run(&["show", "the\u{301}.md"]).success();
}

#[test]
fn a_filter_on_a_path_that_leaves_the_base_means_what_it_means_to_the_shell() {
    let env = TestEnv::new();
    env.write("proj/n/x.md", "# Birds\n\nA falcon.\n");
    env.write("other/o.md", "# Other\n\nA falcon too.\n");
    run_in(&env, "proj", &["index"]).success();
    // What lies outside is no file of this index, and the answer says so.
    let out = "falcon path:../../other/o.md";
    let told = run_in(&env, "proj/n", &["query", out]).failure(1);
    let base = env.path().canonicalize().expect("a folder");
    let file = format!("path:{}", base.join("other/o.md").display());
    assert!(told.contains(&file), "{told}");
    assert!(told.contains("hint: no indexed file"), "{told}");
    let back = "falcon path:../../proj/n/x.md";
    let list = |folder: &str, args: &[&str]| {
        run_in(&env, folder, &[&["query", "-l"], args].concat()).success()
    };
    assert_eq!(list("proj/n", &[back]), "x.md\n");
    // An index that was named keeps such files by their absolute paths.
    let index = env.states().join("index");
    let index = index.to_str().expect("UTF-8");
    run_in(&env, "proj", &["index", "--index", index, ".", "../other"]).success();
    let outside = format!("{}\n", base.join("other/o.md").display());
    for (folder, filter, expected) in [
        ("proj/n", "path:../../other/o.md", outside.as_str()),
        ("proj/n", "path:../../other", outside.as_str()),
        ("proj/n", "path:../../oth*", outside.as_str()),
        ("proj/n", "path:./", "x.md\n"),
        ("other", "path:./o.md", "o.md\n"),
        ("other", "path:../proj/n", "../proj/n/x.md\n"),
        ("other", "path:n/x.md", "../proj/n/x.md\n"),
    ] {
        let query = format!("falcon {filter}");
        let listed = list(folder, &["--index", index, &query]);
        assert_eq!(listed, expected, "{folder} {filter}");
    }
}

#[test]
fn what_has_no_file_is_not_linked_and_names_stand_in_markdown_as_they_are() {
    let env = TestEnv::new();
    env.write("a`b.md", "# Birds\n\nA falcon.\n");
    env.run(&["index"]).success();
    env.run_with_input(&["index", "-", "--stdin-name", "piped.md"], b"A falcon.\n")
        .success();
    let shown = |args: &[&str]| env.run(&[&["query", "falcon"], args].concat()).success();
    let linked = shown(&["--hyperlink=file"]);
    assert_eq!(linked.matches("\u{1b}]8;;file").count(), 1, "{linked:?}");
    assert!(linked.contains("piped.md:1:3\n"), "{linked:?}");
    let md = shown(&["--format", "md"]);
    assert!(md.contains("](a%60b.md#L3), ``a`b.md:3:3``"), "{md}");
    assert!(md.contains("— piped.md, `piped.md:1:3`"), "{md}");
}
