//! Bad input: each is named with its reason, the others are indexed, and nothing panics.

use std::fs;

use crate::env::{TestEnv, records};

/// Path and reason of each file that `excerpt index` did not take, and its exit status.
fn unread(env: &TestEnv) -> (i32, Vec<(String, String)>) {
    let run = env.run(&["index", "--format", "ndjson"]);
    let all = records(&run.stdout)
        .into_iter()
        .filter(|r| r["type"] == "error");
    let text = |r: &serde_json::Value, key: &str| r[key].as_str().unwrap_or("?").to_string();
    (
        run.status,
        all.map(|r| (text(&r, "path"), text(&r, "reason")))
            .collect(),
    )
}

fn expect(env: &TestEnv, status: i32, reasons: &[(&str, &str)]) {
    let wanted: Vec<_> = reasons
        .iter()
        .map(|(p, r)| ((*p).to_string(), (*r).to_string()))
        .collect();
    assert_eq!(unread(env), (status, wanted));
    assert_eq!(
        env.run(&["query", "--no-refresh", "-q", "good"]).status,
        0,
        "the good one is indexed"
    );
}

fn with_good() -> TestEnv {
    let env = TestEnv::new();
    env.write("good.txt", "A good article.\n");
    env
}

#[test]
fn empty_binary_and_broken_text_are_told_apart() {
    let env = with_good();
    env.write("empty.txt", "");
    env.write("blank.md", " \n\n");
    env.write("binary.txt", b"\x7fELF\0\0\0");
    env.write(
        "latin.txt",
        b"A caf\xe9 in Li\xe8ge, where they meet and talk about harbours at length.\n",
    );
    let mut broken = "Où l'été est gâté, à Liège".as_bytes().to_vec();
    broken.extend(b" \xff there.\n");
    env.write("broken.txt", broken);
    expect(
        &env,
        0,
        &[
            ("binary.txt", "binary"),
            ("blank.md", "no-text"),
            ("broken.txt", "invalid-utf8"),
            ("empty.txt", "no-text"),
        ],
    );
    let hit = &env.hits(&["harbours"])[0];
    let span = &hit["passages"][0]["highlights"][0];
    assert_eq!(
        (
            span["start"]["byte"].as_u64(),
            span["start"]["column"].as_u64()
        ),
        (Some(48), Some(49))
    );
    assert_eq!(hit["verified"], true);
}

#[cfg(unix)]
#[test]
fn pipes_dangling_links_and_links_are_passed_over() {
    let env = with_good();
    let made = std::process::Command::new("mkfifo")
        .arg(env.path().join("pipe.txt"))
        .status()
        .expect("mkfifo");
    assert!(made.success());
    std::os::unix::fs::symlink("nowhere", env.path().join("dangling.md")).expect("a link");
    std::os::unix::fs::symlink("good.txt", env.path().join("link.txt")).expect("a link");
    std::os::unix::fs::symlink(".", env.path().join("loop")).expect("a link");
    expect(
        &env,
        0,
        &[
            ("dangling.md", "dangling-link"),
            ("pipe.txt", "special-file"),
        ],
    );
    assert_eq!(env.run(&["query", "-c", "good"]).stdout, "1\n");
    std::os::unix::fs::symlink("itself.md", env.path().join("itself.md")).expect("a link");
    assert_eq!(env.run(&["index", "-L", "."]).status, 0);
    let status = env.run(&["status"]).success();
    assert!(status.contains("dangling-link"), "{status}");
    assert_eq!(env.run(&["query", "good"]).status, 0);
}

#[test]
fn a_file_over_the_limit_is_skipped_and_named() {
    let env = with_good();
    env.write("large.txt", "x".repeat(5000));
    let run = env.run(&["index", "--max-filesize", "4K"]);
    assert!(
        run.stderr.contains("large.txt: larger than the limit") && run.stderr.contains("too-large"),
        "{run:?}"
    );
    assert_eq!(run.status, 0);
    assert_eq!(env.run(&["index", "--strict"]).status, 2);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_an_error_and_keeps_what_was_known() {
    use std::os::unix::fs::PermissionsExt;
    let env = with_good();
    env.write("closed/inside.txt", "Known from before.\n");
    env.write("secret.txt", "A secret.\n");
    assert_eq!(env.run(&["index"]).status, 0);
    let set = |name: &str, mode| {
        fs::set_permissions(env.path().join(name), fs::Permissions::from_mode(mode)).expect("mode");
    };
    set("closed", 0o000);
    set("secret.txt", 0o000);
    if fs::read(env.path().join("secret.txt")).is_ok() {
        // The superuser may read everything, so there is nothing to see.
        set("closed", 0o755);
        return;
    }
    env.write("changed.txt", "More.\n");
    let (status, reasons) = unread(&env);
    set("closed", 0o755);
    assert_eq!(status, 2);
    assert!(
        reasons.contains(&("closed".into(), "permission".into())),
        "{reasons:?}"
    );
    assert_eq!(
        env.run(&["query", "--no-refresh", "-c", "known"]).stdout,
        "1\n"
    );
}

#[test]
fn one_endless_line_is_cut_into_sections_and_found_to_its_end() {
    let env = with_good();
    let mut text = "A line without an end, ".repeat(100_000);
    text.push_str("and the needle.");
    env.write("long.txt", &text);
    assert_eq!(unread(&env).0, 0);
    let hits = env.hits(&["needle"]);
    let span = &hits[0]["passages"][0]["highlights"][0];
    let at = text.find("needle").map(|at| at as u64);
    assert_eq!(
        (
            span["start"]["byte"].as_u64(),
            span["start"]["line"].as_u64()
        ),
        (at, Some(1))
    );
    assert_eq!(span["start"]["column"].as_u64(), at.map(|at| at + 1));
}

#[test]
fn named_files_of_unknown_format_are_skipped_with_a_reason() {
    let env = with_good();
    env.write("table.xyz", "some text\n");
    let run = env.run(&["index", "good.txt", "table.xyz"]);
    assert!(
        run.stderr
            .contains("table.xyz: no format is known for this name (unknown-format)"),
        "{run:?}"
    );
    assert_eq!(run.status, 0);
    let run = env.run(&[
        "outline",
        "table.xyz",
        "gone.txt",
        "good.txt",
        "--format",
        "ndjson",
    ]);
    let kinds: Vec<_> = records(&run.stdout)
        .iter()
        .map(|r| r["type"].as_str().unwrap_or("").to_string())
        .collect();
    assert_eq!(
        (run.status, kinds),
        (2, vec!["error".into(), "error".into(), "article".into()])
    );
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let env = TestEnv::new();
    env.write(
        "evil.md",
        "# Ti\u{1b}]0;x\u{7}tle\n\nThe evil\u{202e} \u{9b}31m text\u{1b}[2J here.\n",
    );
    for args in [
        &["query", "evil"][..],
        &["query", "evil", "--json"],
        &["query", "evil", "--format", "vimgrep"],
        &["show", "evil.md#top"],
        &["outline", "evil.md", "--text"],
    ] {
        let out = env.run(args).success();
        assert!(
            !out.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']),
            "{args:?}: {out:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_utf8_is_indexed_and_printed_as_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let env = with_good();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(env.path().join(name), "A strange name.\n").expect("written");
    let hits = env.hits(&["strange"]);
    assert_eq!(
        hits[0]["path"],
        serde_json::json!({"bytes": "Y2Fm6S50eHQ="})
    );
    assert_eq!(hits[0]["id"], "caf%E9.txt#top");
    assert!(
        env.run(&["show", "caf%E9.txt#top"])
            .success()
            .contains("A strange name.")
    );
}

#[test]
fn nested_markup_costs_linear_time_and_no_stack() {
    let env = with_good();
    env.write(
        "deep.html",
        format!(
            "{}deep text{}",
            "<ul><li>".repeat(50_000),
            "</li></ul>".repeat(50_000)
        ),
    );
    env.write(
        "attrs.html",
        format!(
            "<p {}>attributed text",
            (0..50_000).map(|i| format!("a{i}=1 ")).collect::<String>()
        ),
    );
    env.write("quote.md", format!("{}quoted text", "> ".repeat(50_000)));
    env.write("star.md", format!("{} starred text", "*a_".repeat(50_000)));
    assert_eq!(unread(&env), (0, vec![]));
    assert_eq!(
        env.run(&["query", "-l", "deep OR attributed OR quoted OR starred"])
            .success()
            .lines()
            .count(),
        4
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let env = TestEnv::new();
    for i in 0..300 {
        env.write(&format!("{i}.txt"), "common words here ".repeat(40));
    }
    assert_eq!(env.run(&["index"]).status, 0);
    let mut child = env
        .command(&["query", "common", "-k", "300", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}
