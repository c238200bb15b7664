//! Inputs of all kinds, whole and broken: what `tests/fuzz/checks.rs` promises holds of each.
//!
//! `EXCERPT_SLOW=N` in the environment tries N times as many mutations; `EXCERPT_SEED` tries those of a run again;
//! `EXCERPT_FILES=FOLDER` checks the files in FOLDER instead of the sample articles.

#[path = "../fuzz/checks.rs"]
mod checks;
mod mutation;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::mutation::Mutator;

/// How many mutations of each target are tried.
const ROUNDS: u64 = 250;
/// Longer than any input should take, on a busy machine and without optimisation.
const MAX_TIME: Duration = Duration::from_secs(20);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn folder(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    tests.join("fuzz").join(name)
}

/// The committed inputs of a target, with their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder("corpus").join(target)).expect("a corpus");
    let mut all: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let bytes = fs::read(&path).expect("an input");
            (path.display().to_string(), bytes)
        })
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

/// Where the input that is being tried is kept, so that it is there even after the stack overflowed.
fn input_file(target: &str) -> PathBuf {
    let id = std::process::id();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}-{id}"))
}

/// Tries one input; the panic of a failing one says where it is kept.
fn attempt(target: &str, input: &[u8], seed: u64) {
    let file = input_file(target);
    fs::write(&file, input).expect("the input is kept");
    let start = Instant::now();
    let checked = catch_unwind(AssertUnwindSafe(|| checks::check(target, input)));
    let took = start.elapsed();
    assert!(
        checked.is_ok() && took < MAX_TIME,
        "{target}, EXCERPT_SEED={seed}, {took:?}: the input is kept in {}",
        file.display()
    );
}

fn replay(target: &str) {
    for (name, input) in corpus(target) {
        let checked = catch_unwind(AssertUnwindSafe(|| checks::check(target, &input)));
        assert!(checked.is_ok(), "{name}");
    }
}

fn mutate(target: &str) {
    // A run that looks for new faults has a seed of its own; one that guards against old ones is the same each time.
    let fresh = || {
        std::time::UNIX_EPOCH
            .elapsed()
            .map_or(1, |now| now.as_nanos() as u64)
    };
    let usual = number("EXCERPT_SLOW").map_or(1, |_| fresh());
    let seed = number("EXCERPT_SEED").unwrap_or(usual);
    let inputs = corpus(target).into_iter().map(|(_, input)| input).collect();
    let dictionary = fs::read_to_string(folder("dictionaries").join(target));
    let tokens = mutation::tokens(&dictionary.expect("a dictionary"));
    let mut mutator = Mutator::new(seed, inputs, tokens);
    for _ in 0..ROUNDS.saturating_mul(number("EXCERPT_SLOW").unwrap_or(1)) {
        attempt(target, &mutator.input(), seed);
    }
    let _ = fs::remove_file(input_file(target));
}

macro_rules! targets {
    ($($target:ident),*) => {$(
        mod $target {
            #[test]
            fn what_is_promised_holds_of_the_corpus() {
                super::replay(stringify!($target));
            }

            #[test]
            fn what_is_promised_holds_of_mutations() {
                super::mutate(stringify!($target));
            }
        }
    )*};
}

targets!(
    text, markdown, html, asciidoc, rst, org, eml, mbox, jsonl, decode, map, query
);

#[test]
fn every_format_has_a_target() {
    for format in excerpt::format::FORMATS {
        assert!(!corpus(format.name).is_empty(), "{}", format.name);
        let target = folder("fuzz_targets").join(format!("{}.rs", format.name));
        assert!(target.exists(), "{}", target.display());
    }
}

/// The sample articles, or the files below the folder in `EXCERPT_FILES`.
#[test]
fn what_is_promised_holds_of_real_files() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut folders = vec![std::env::var_os("EXCERPT_FILES").map_or(own, PathBuf::from)];
    let mut checked = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(format) = excerpt::format::detect(&path) {
                let bytes = fs::read(&path).expect("a file");
                let held = catch_unwind(AssertUnwindSafe(|| checks::check(format.name, &bytes)));
                assert!(held.is_ok(), "{}", path.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no file of a known format");
}
