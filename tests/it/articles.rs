//! Sources that hold many articles: mailboxes, messages, feeds.

use crate::env::{TestEnv, records};

const MAILBOX: &str = "From ann@example.org Mon Mar  3 10:00:00 2014\n\
Message-ID: <one@example.org>\nFrom: Ann Keller <ann@example.org>\nDate: Mon, 3 Mar 2014 10:00:00 +0000\n\
Subject: Harbour talks\n\nThe talks on the harbour failed.\n\n> quoted words of another\n\n-- \nsignature here\n\n\
From bob@example.org Tue Mar  4 10:00:00 2014\n\
Message-ID: <two@example.org>\nFrom: Bob <bob@example.org>\nDate: Tue, 4 Mar 2014 10:00:00 +0000\n\
Subject: Re: Harbour talks\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
Content-Type: text/plain\n\nA mediator is sought.\n--b\nContent-Type: text/markdown; name=notes.md\n\
Content-Disposition: attachment; filename=notes.md\nContent-Transfer-Encoding: base64\n\n\
IyBOb3RlcwoKVGhlIGhhcmJvdXIgbm90ZXMgb2YgQm9iLgo=\n--b\nContent-Type: image/png; name=map.png\n\
Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n";

fn with_mailbox() -> TestEnv {
    let env = TestEnv::new();
    env.write("box.mbox", MAILBOX);
    env.write("note.md", "# A note\n\nNothing of that harbour.\n");
    env.run(&["index"]).success();
    env
}

fn hits(env: &TestEnv, args: &[&str]) -> Vec<serde_json::Value> {
    let run = env.run(&[&["query", "--json"], args].concat());
    let mut all = records(&run.stdout);
    all.retain(|record| record["type"] == "hit");
    all
}

#[test]
fn each_message_is_an_article_with_its_own_facts_and_true_lines() {
    let env = with_mailbox();
    let all = hits(&env, &["path:box.mbox"]);
    let ids: Vec<_> = all
        .iter()
        .map(|hit| hit["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(
        ids,
        [
            "box.mbox!/one@example.org#top",
            "box.mbox!/two@example.org#top",
            "box.mbox!/two@example.org!/notes.md#top"
        ]
    );
    let failed = &hits(&env, &["talks failed"])[0];
    assert_eq!(failed["title"], "Harbour talks");
    assert_eq!(
        (failed["date"].as_str(), &failed["path"]),
        (Some("2014-03-03"), &"box.mbox".into())
    );
    let highlight = &failed["passages"][0]["highlights"][0]["start"];
    let line = MAILBOX
        .lines()
        .position(|line| line.starts_with("The talks"))
        .expect("a line");
    assert_eq!(highlight["line"], line + 1);
    assert_eq!(failed["verified"], true);
    assert!(failed.get("inner").is_none());
    for (query, count) in [
        ("harbour author:keller", 1),
        ("harbour author:bob", 2),
        ("harbour date:2014-03-04", 2),
        ("harbour -path:box.mbox", 1),
        ("quoted words", 0),
        ("signature", 0),
        ("path:\"box.mbox!/two@example.org\"", 2),
    ] {
        assert_eq!(hits(&env, &[query]).len(), count, "{query}");
    }
    let text = env.run(&["query", "talks failed"]).success();
    assert!(
        text.starts_with(&format!("box.mbox:{}:", line + 1)),
        "{text}"
    );
    assert_eq!(
        env.run(&["query", "-l", "harbour path:box.mbox"]).success(),
        "box.mbox\n"
    );
}

#[test]
fn what_was_decoded_from_a_source_is_cited_with_its_part() {
    let env = with_mailbox();
    let notes = &hits(&env, &["notes of bob"])[0];
    assert_eq!(notes["inner"], "two@example.org!/notes.md");
    assert_eq!(notes["passages"][0]["start"]["line"], 3);
    assert_eq!(notes["verified"], true);
    let text = env.run(&["query", "notes of bob"]).success();
    assert!(
        text.starts_with("box.mbox!/two@example.org!/notes.md:3:"),
        "{text}"
    );
    let shown = env
        .run(&["show", "box.mbox!/two@example.org!/notes.md#top"])
        .success();
    assert!(shown.contains("The harbour notes of Bob."), "{shown}");
    let explained = env
        .run(&["explain", "mediator", "box.mbox!/two@example.org#top"])
        .success();
    assert!(explained.contains("rank 1"), "{explained}");
    let best = env.run(&["explain", "mediator", "box.mbox"]).success();
    assert!(best.contains("box.mbox!/two@example.org#top"), "{best}");
    let error = env.run(&["explain", "mediator", "box.mbox#top"]).failure(2);
    assert!(error.contains("box.mbox!/one@example.org#top"), "{error}");
    env.write("box.mbox", MAILBOX.replace("A mediator", "No mediator"));
    let stale = &hits(&env, &["--no-refresh", "notes of bob"])[0];
    assert_eq!(stale["verified"], false);
}

#[test]
fn sources_count_as_one_file_and_their_parts_as_articles() {
    let env = with_mailbox();
    let run = env.run(&["query", "--json", "harbour"]);
    let all = records(&run.stdout);
    let summary = all.last().expect("a summary");
    assert_eq!(
        (&summary["files"], &summary["articles"]),
        (&2.into(), &4.into())
    );
    assert_eq!(summary["parts_passed_over"], 1);
    let outline = env.run(&["outline", "--format", "ndjson", "box.mbox"]);
    let parts: Vec<_> = records(&outline.success())
        .iter()
        .map(|own| own["part"].clone())
        .collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[0], "one@example.org");
    assert!(env.run(&["verify"]).success().contains("is sound"));
    let deep = env.run(&["verify", "--deep"]).success();
    assert!(
        deep.contains("2 sources read as they are stored\n"),
        "{deep}"
    );
    env.write("note.md", "# A note\n\nNow of that harbour.\n");
    let deep = env.run(&["verify", "--deep"]).success();
    assert!(
        deep.contains("1 source reads as it is stored, 1 was not compared"),
        "{deep}"
    );
    let quoted = env.write("draft.txt", "She said “A mediator is sought”.\n");
    let quote = env.run(&[
        "quote",
        quoted.to_str().expect("a path"),
        "--sources",
        "box.mbox",
    ]);
    assert!(
        quote.success().contains("verbatim"),
        "a quotation of a message"
    );
}

#[test]
fn a_source_that_changes_loses_and_gains_its_parts() {
    let env = with_mailbox();
    let (first, _) = MAILBOX
        .split_once("From bob@example.org Tue")
        .expect("two messages");
    env.write(
        "box.mbox",
        format!("{first}{}", first.replace("one@", "three@")),
    );
    let ids: Vec<_> = hits(&env, &["path:box.mbox"])
        .iter()
        .map(|hit| hit["id"].clone())
        .collect();
    assert_eq!(
        ids,
        [
            "box.mbox!/one@example.org#top",
            "box.mbox!/three@example.org#top"
        ]
    );
    assert!(env.run(&["verify"]).success().contains("is sound"));
    env.write("box.mbox", first.repeat(2));
    let ids: Vec<_> = hits(&env, &["path:box.mbox"])
        .iter()
        .map(|hit| hit["id"].clone())
        .collect();
    assert_eq!(
        ids,
        [
            "box.mbox!/one@example.org#top",
            "box.mbox!/one@example.org~2#top"
        ]
    );
    std::fs::rename(env.path().join("box.mbox"), env.path().join("moved.mbox")).expect("moved");
    let run = env.run(&["index"]).success();
    assert!(run.contains("1 renamed"), "{run}");
    assert_eq!(hits(&env, &["path:moved.mbox"]).len(), 2);
    std::fs::remove_file(env.path().join("moved.mbox")).expect("removed");
    assert_eq!(hits(&env, &["talks failed"]).len(), 0);
}

#[test]
fn feeds_are_read_under_a_rule_or_where_they_are_named() {
    let env = TestEnv::new();
    let feed = "{\"meta\": {\"id\": \"n 1\"}, \"article\": {\"text\": \"The harbour is \\u0022closed\\u0022.\"}}\n\
                {\"broken\": \n\
                {\"meta\": {\"id\": 2}, \"article\": {\"text\": \"No deal.\"}, \"title\": \"Second\", \"date\": \"2014-03-03\"}\n";
    env.write("feeds/news.jsonl", feed);
    env.write("logs/log.jsonl", "{\"text\": \"a log of the harbour\"}\n");
    assert_eq!(env.run(&["query", "harbour", "."]).status, 1);
    env.write(
        "excerpt.toml",
        "[[index.feeds]]\nglob = \"feeds/*.jsonl\"\nid = \"meta.id\"\nbody = \"article.text\"\n",
    );
    let all = hits(&env, &["harbour"]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["id"], "feeds/news.jsonl!/n%201#top");
    let start = &all[0]["passages"][0]["highlights"][0]["start"];
    let byte = feed.find("harbour").expect("it");
    assert_eq!(
        (start["byte"].as_u64(), &start["line"]),
        (Some(byte as u64), &1.into())
    );
    assert_eq!(all[0]["verified"], true);
    let second = &hits(&env, &["deal date:2014"])[0];
    assert_eq!(
        (second["title"].as_str(), &second["start"]["line"]),
        (Some("Second"), &3.into())
    );
    let index = env.run(&["index", "--format", "ndjson"]);
    let warned = records(&index.stdout);
    assert!(
        warned.iter().any(|record| record["reason"] == "bad-record"),
        "{warned:?}"
    );
    env.run(&["index", "logs/log.jsonl"]).success();
    assert_eq!(hits(&env, &["log harbour"]).len(), 1);
    env.write(
        "excerpt.toml",
        "[[index.feeds]]\nglob = \"*\"\nformat = \"pdf\"\n",
    );
    let error = env.run(&["query", "x"]).failure(2);
    assert!(
        error.contains("no format of text is called `pdf`"),
        "{error}"
    );
    env.write("excerpt.toml", "[[index.feeds]]\nglobs = \"*\"\n");
    let error = env.run(&["query", "x"]).failure(2);
    assert!(
        error.contains("unknown key `globs` in `[[index.feeds]]`; did you mean `glob`"),
        "{error}"
    );
}

#[test]
fn names_of_strangers_are_told_apart_and_shown_clean() {
    let env = TestEnv::new();
    env.write(
        "a!/b.md",
        "# Harbour\n\nIn a folder that ends with a mark.\n",
    );
    env.write(
        "h.mbox",
        "From x@y Mon Mar  3 10:00:00 2014\nSubject: \u{1b}[31mred\n\
         Message-ID: <../../etc/passwd#top!/x y%41>\n\n::error::hostile \u{202e} text\n",
    );
    env.write("empty.eml", "");
    env.write("bin.mbox", [0u8, 1, 2, 255].repeat(1000));
    env.run(&["index"]).success();
    let folder = &hits(&env, &["harbour folder"])[0];
    assert_eq!(folder["id"], "a%21/b.md#top");
    assert!(
        env.run(&["show", "a%21/b.md#top"])
            .success()
            .contains("ends with a mark")
    );
    assert!(
        env.run(&["show", "a!/b.md#top"])
            .success()
            .contains("ends with a mark")
    );
    let hostile = &hits(&env, &["hostile text"])[0];
    assert_eq!(
        hostile["id"],
        "h.mbox!/../../etc/passwd%23top%21/x%20y%2541#top"
    );
    let shown = env
        .run(&["show", hostile["id"].as_str().expect("an id")])
        .success();
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    let status = env.run(&["status"]).success();
    assert!(status.contains("skipped   2 (no-text 2)"), "{status}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_mailbox_that_cannot_be_read_is_a_failure() {
    let env = TestEnv::new();
    // A regular file, whose first byte cannot be read.
    std::os::unix::fs::symlink("/proc/self/mem", env.path().join("x.mbox")).expect("a link");
    env.write("a.txt", "Harbour.\n");
    let error = env.run(&["index", "-L", "."]).failure(2);
    assert!(error.contains("x.mbox"), "{error}");
    assert!(
        env.run(&["status"])
            .success()
            .contains("failed    1 (io 1)")
    );
}

#[test]
fn a_message_with_files_attached_is_found_by_its_own_id() {
    let env = TestEnv::new();
    let (_, message) = MAILBOX.split_at(MAILBOX.find("Message-ID: <two").expect("it"));
    env.write("two.eml", message);
    env.run(&["index"]).success();
    let own = &hits(&env, &["mediator"])[0];
    assert_eq!(own["id"], "two.eml#top");
    let shown = env.run(&["show", "two.eml#top"]).success();
    assert!(shown.contains("A mediator is sought."), "{shown}");
    let explained = env.run(&["explain", "mediator", "two.eml#top"]).success();
    assert!(explained.contains("rank 1"), "{explained}");
    let inner = env.run(&["show", "two.eml!/notes.md#top"]).success();
    assert!(inner.contains("notes of Bob"), "{inner}");
}

#[test]
fn an_attached_file_has_the_author_and_date_of_its_message_and_lies_below_its_path() {
    let env = with_mailbox();
    let file = "box.mbox!/two@example.org!/notes.md#top";
    let asked = [
        "notes author:bob",
        "notes date:2014-03-04",
        "notes path:\"box.mbox!/two@example.org\"",
        "notes path:box.mbox",
    ];
    for query in asked {
        let found = hits(&env, &[query]);
        let ids: Vec<_> = found.iter().map(|hit| &hit["id"]).collect();
        assert_eq!(ids, [file], "{query}");
    }
    let within = hits(&env, &["notes", "box.mbox!/two@example.org"]);
    assert_eq!(within[0]["id"], file);
    assert!(hits(&env, &["notes author:keller"]).is_empty());
    assert!(hits(&env, &["notes path:\"box.mbox!/one@example.org\""]).is_empty());
}

#[test]
fn assertions_name_parts() {
    let env = with_mailbox();
    env.write(
        "cases.toml",
        "[[case]]\nname = \"part\"\nquery = \"notes of bob\"\n\
         path = \"box.mbox!/two@example.org!/notes.md\"\n\
         [[case]]\nname = \"absent\"\nquery = \"mediator\"\nabsent = [\"box.mbox!/one@example.org\"]\n",
    );
    env.run(&["check", "cases.toml"]).success();
    env.write(
        "cases.toml",
        "[[case]]\nname = \"absent\"\nquery = \"mediator\"\nabsent = [\"box.mbox!/two@example.org\"]\n",
    );
    env.run(&["check", "cases.toml"]).failure(1);
}

#[test]
fn a_message_of_attached_files_alone_is_read_whole() {
    let env = TestEnv::new();
    let message = MAILBOX[MAILBOX.find("Message-ID: <two").expect("it")..]
        .replace("A mediator is sought.", "");
    env.write("two.eml", message);
    env.run(&["index", "--strict"]).success();
    assert_eq!(hits(&env, &["notes of bob"]).len(), 1);
    let status = env.run(&["status"]).success();
    assert!(status.contains("warned    0"), "{status}");
    let md = env
        .run(&["query", "--format", "md", "notes of bob"])
        .success();
    assert!(
        md.contains("(two.eml), Bob, 2014-03-04, `two.eml!/notes.md:3:"),
        "{md}"
    );
}

/// A file over 64 MiB is not held to be looked at; one that was written just before it was indexed has no times to go by.
#[test]
fn a_large_mailbox_that_was_just_written_is_verified() {
    let env = TestEnv::new();
    let coded = "From a@x Mon Mar  3 10:00:00 2014\nSubject: Coded\nContent-Transfer-Encoding: base64\n\n\
                 VGhlIGhhcmJvdXIgd29yZHMu\n\nFrom a@x Mon Mar  3 10:00:00 2014\nSubject: Large\n\n";
    let mut mailbox = coded.as_bytes().to_vec();
    mailbox.resize(mailbox.len() + (65 << 20), b'x');
    let path = env.write("large.mbox", &mailbox);
    let file = std::fs::File::options().write(true).open(path);
    file.and_then(|file| file.set_modified(std::time::SystemTime::now()))
        .expect("the time");
    env.run(&["index"]).success();
    let hit = &hits(&env, &["--no-refresh", "harbour words"])[0];
    assert_eq!(hit["verified"], true);
    let last = mailbox.last_mut().expect("a byte");
    *last = b'y';
    env.write("large.mbox", &mailbox);
    let hit = &hits(&env, &["--no-refresh", "harbour words"])[0];
    assert_eq!(hit["verified"], false);
}

#[test]
fn a_part_is_named_as_a_path() {
    let env = with_mailbox();
    let part = "box.mbox!/two@example.org!/notes.md";
    let run = env.run(&["query", "--json", "harbour", part]);
    let all = records(&run.success());
    let [hit, summary] = all.as_slice() else {
        panic!("one hit: {all:?}");
    };
    assert_eq!(hit["part"], "two@example.org!/notes.md");
    let counts = ["files", "articles", "sections"].map(|name| summary[name].as_u64());
    assert_eq!(counts, [Some(1); 3]);
    let both = hits(&env, &["harbour", part, "box.mbox!/one@example.org"]);
    assert_eq!(both.len(), 2);
    env.run(&["query", "harbour", "box.mbox!/none"]).failure(2);
    env.write("draft.md", "> The harbour notes of Bob.\n");
    env.run(&["quote", "--sources", part, "draft.md"]).success();
}

/// Like a text, a message that fails each time is tried again with each look, and leaves the index as it is.
#[test]
fn what_fails_each_time_is_not_committed_each_time() {
    let env = TestEnv::new();
    env.write("a.txt", "Harbour words.\n");
    env.write("a.eml", format!("Subject: x\n\n{}\n", "word ".repeat(500)));
    env.write("b.txt", "word ".repeat(500));
    assert_eq!(env.run(&["index", "--max-steps=400", "."]).status, 2);
    let manifest = || std::fs::read(env.path().join(".excerpt/manifest")).expect("a manifest");
    let before = manifest();
    let found = env.run(&["query", "harbour"]);
    for failed in ["a.eml", "b.txt"] {
        assert!(found.stderr.contains(failed), "{}", found.stderr);
    }
    assert!(manifest() == before, "the look changed the index");
}

/// A limit that is given holds for all formats, in `outline` as in `index`.
#[test]
fn a_given_limit_on_files_holds_for_mailboxes_in_outlines_too() {
    let env = TestEnv::new();
    env.write("box.mbox", MAILBOX);
    env.run(&["outline", "box.mbox"]).success();
    let run = env.run(&["outline", "--max-filesize", "100", "box.mbox"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("too-large"), "{}", run.stderr);
}
