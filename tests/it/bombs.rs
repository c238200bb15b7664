//! Texts made to cost time, memory or stack: each is read, or skipped for a named reason, and its neighbours are found.

pub(crate) mod list;

use excerpt::format::{FORMATS, ReadOptions};
use excerpt::source::{Decoded, ReasonKind};

use self::list::BOMBS;
use crate::env::{TestEnv, records};

/// How many elements each has.
const ELEMENTS: usize = 20_000;

/// Quadratic time would take minutes here; a reader that calls itself for each level would overflow its stack.
#[test]
fn every_reader_ends_on_every_bomb() {
    for (name, bomb) in BOMBS {
        let source = Decoded::from_bytes(bomb(ELEMENTS).into_bytes()).expect("text");
        for format in FORMATS.iter().filter(|format| format.is_text()) {
            match format.read(&source, &ReadOptions::default()) {
                Ok(article) => assert!(!article.sections.is_empty(), "{name} as {}", format.name),
                Err(error) => {
                    let is_named = error.reason.kind() == ReasonKind::Skipped;
                    assert!(is_named, "{name} as {}: {error}", format.name);
                }
            }
        }
    }
}

#[test]
fn articles_among_bombs_are_found_and_what_was_not_read_is_named() {
    let env = TestEnv::new();
    let formats = ["md", "txt", "rst", "adoc", "org"];
    for (i, (_, bomb)) in BOMBS.iter().enumerate() {
        let bomb = bomb(3000);
        let ending = match bomb.starts_with('<') {
            true => "html",
            false => formats[i % formats.len()],
        };
        env.write(&format!("bomb{i:02}.{ending}"), bomb);
        env.write(
            &format!("good{i:02}.{ending}"),
            "A good article of its own.\n",
        );
    }
    let run = env.run(&["index", "--format", "ndjson", "--max-nesting", "2000"]);
    assert_eq!(run.status, 0, "{run:?}");
    let all = records(&run.stdout);
    let reasons: Vec<_> = all
        .iter()
        .filter(|r| r["type"] == "error")
        .map(|r| r["reason"].as_str().unwrap_or("?"))
        .collect();
    assert!(reasons.contains(&"limit-depth"), "{reasons:?}");
    let named = ["limit-depth", "no-text"];
    assert!(
        reasons.iter().all(|reason| named.contains(reason)),
        "{reasons:?}"
    );
    let found = env.run(&["query", "-c", "\"good article\""]).success();
    assert_eq!(found.trim(), BOMBS.len().to_string());
}
