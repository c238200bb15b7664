//! The structure: imports go down only, no circle between files, every crate has its place, one type a name, and files and
//! functions stay small. One package has no walls between its modules, so this test reads their syntax.

mod graph;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use self::graph::{ModuleTree, Target};
use self::syntax::{RustFile, read_files};

/// The modules of each layer, from below.
const LAYERS: [&[&str]; 9] = [
    &["article", "analysis", "source"],
    &["catalog", "format", "query"],
    &["engine", "highlight"],
    &["refresh"],
    &["search"],
    &["printer"],
    &["config", "check", "eval", "quote"],
    &["cli"],
    &["main"],
];

/// Imports that go sideways, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// Each crate that may be used, and the modules that may use it; `*` stands for all.
const CRATES: [(&str, &[&str]); 44] = [
    ("anstyle", &["printer"]),
    ("anyhow", &["cli"]),
    ("base64", &["engine", "format", "printer"]),
    ("chardetng", &["source"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_complete_nushell", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("crossbeam_channel", &["engine", "refresh"]),
    ("ctrlc", &["cli"]),
    ("encoding_rs", &["source"]),
    ("flate2", &["engine"]),
    ("frostem", &["analysis"]),
    ("globset", &["check", "query"]),
    ("hmac", &["engine"]),
    ("html5gum", &["format"]),
    ("htmlize", &["format"]),
    ("ignore", &["source"]),
    ("indicatif", &["cli"]),
    ("libm", &["engine", "eval"]),
    ("mail_parser", &["format"]),
    (
        "memchr",
        &[
            "analysis",
            "format",
            "highlight",
            "printer",
            "search",
            "source",
        ],
    ),
    ("mimalloc", &["main"]),
    ("pulldown_cmark", &["format"]),
    ("quick_junit", &["printer"]),
    ("regex", &["format", "quote"]),
    ("regex_syntax", &["format"]),
    ("rustix", &["source"]),
    ("rustls", &["engine"]),
    ("saphyr_parser", &["format"]),
    ("serde", &["*"]),
    ("serde_json", &["*"]),
    ("sha2", &["engine"]),
    ("signal_hook", &["cli"]),
    ("tantivy", &["engine"]),
    ("tantivy_fst", &["engine"]),
    ("terminal_size", &["cli"]),
    ("thiserror", &["*"]),
    ("toml", &["check", "config", "format"]),
    (
        "twox_hash",
        &["engine", "format", "refresh", "search", "source"],
    ),
    (
        "unicode_normalization",
        &["analysis", "format", "highlight", "printer", "quote"],
    ),
    ("unicode_segmentation", &["analysis"]),
    ("unicode_width", &["cli", "format", "printer"]),
    ("ureq", &["engine"]),
];

/// Folders whose files still form circles.
const KNOWN_CIRCLES: [&str; 0] = [];

/// Names that several types still have.
const KNOWN_NAMES: [&str; 0] = [];

/// Files that are still longer than [`MAX_LINES`].
const KNOWN_LONG: [&str; 0] = [];

/// The most lines of a file, without its tests.
const MAX_LINES: usize = 400;
/// The most lines of a function.
const MAX_FUNCTION_LINES: usize = 60;
/// Half of all functions have fewer lines.
const HALF_FUNCTION_LINES: usize = 15;

/// What only the command line does: it prints, ends the program, and reads what the process was given.
const OF_THE_PROCESS: [&str; 14] = [
    "std::env::args",
    "std::env::args_os",
    "std::env::current_dir",
    "std::env::current_exe",
    "std::env::home_dir",
    "std::env::var",
    "std::env::var_os",
    "std::env::vars",
    "std::env::vars_os",
    "std::process::abort",
    "std::process::exit",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
];
const PRINTING: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// The source files of the crate.
fn files() -> Vec<RustFile> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&src).expect("below src");
                let name = name.to_string_lossy().replace('\\', "/");
                texts.insert(name, fs::read_to_string(&path).expect("a source file"));
            }
        }
    }
    read_files(texts)
}

/// The module of the first level that a path leads into; empty for the root.
fn top(path: &[String]) -> &str {
    path.first().map_or("", String::as_str)
}

/// Fails where there are offenders, and names them all.
fn none(offenders: impl IntoIterator<Item = String>) {
    let offenders: BTreeSet<String> = offenders.into_iter().collect();
    let all: Vec<String> = offenders.into_iter().collect();
    assert!(
        all.is_empty(),
        "{} offences:\n{}",
        all.len(),
        all.join("\n")
    );
}

/// What a list of known offenders names that offends no more.
fn stale<'a>(known: &'a [&str], found: &BTreeSet<String>) -> impl Iterator<Item = String> + 'a {
    let stale: Vec<&str> = (known.iter().copied())
        .filter(|own| !found.contains(*own))
        .collect();
    let say = |own: &str| format!("`{own}` offends no more; take it off the list");
    stale.into_iter().map(say)
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Why one module may not import the other; `None` where it may.
fn offence(own: &str, other: &str) -> Option<String> {
    let is_excepted = EXCEPTIONS
        .iter()
        .any(|(from, to, _)| (*from, *to) == (own, other));
    match (layer_of(own), layer_of(other)) {
        (_, _) if own == other || is_excepted => None,
        (Some(from), Some(to)) if to < from => None,
        (Some(from), Some(to)) => {
            let way = if to == from { "sideways" } else { "up" };
            Some(format!("`{own}` imports `{other}`, {way}"))
        }
        (None, _) => Some(format!("`{own}` has no layer")),
        (_, None) => Some(format!("`{other}` has no layer")),
    }
}

#[test]
fn imports_go_down_only_and_never_sideways() {
    let files = files();
    let tree = ModuleTree::new(&files);
    let mut seen = 0;
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| !file.module.is_empty()) {
        for reference in &file.references {
            let Target::Own(path) = tree.target(file, reference) else {
                continue;
            };
            let written = Some(top(&path)).filter(|other| layer_of(other).is_some());
            let defined = tree.defining(&path).map(|other| top(&other.module));
            for other in written.into_iter().chain(defined) {
                seen += usize::from(other != top(&file.module));
                let place = format!("src/{}:{}", file.name, reference.line);
                let offence = offence(top(&file.module), other);
                offenders.extend(offence.map(|offence| format!("{place}: {offence}")));
            }
        }
    }
    assert!(seen > 500, "the test reads the imports: {seen}");
    none(offenders);
}

#[test]
fn every_exception_of_the_layers_is_needed() {
    let files = files();
    let tree = ModuleTree::new(&files);
    let is_used = |from: &str, to: &str| {
        files
            .iter()
            .filter(|file| top(&file.module) == from)
            .any(|file| {
                let mut targets = file.references.iter().map(|own| tree.target(file, own));
                targets.any(|target| matches!(target, Target::Own(path) if top(&path) == to))
            })
    };
    let unused = EXCEPTIONS.iter().filter(|(from, to, _)| !is_used(from, to));
    none(unused.map(|(from, to, _)| format!("`{from}` imports `{to}` no more")));
}

/// The modules that see the catalog; those above ask a snapshot for what they need of it.
const SEE_THE_CATALOG: [&str; 2] = ["catalog", "engine"];

#[test]
fn the_catalog_is_seen_by_the_engine_alone() {
    let files = files();
    let tree = ModuleTree::new(&files);
    let mut seen = 0;
    let mut offenders = Vec::new();
    for file in &files {
        let mut targets = file.references.iter().map(|own| tree.target(file, own));
        let names =
            targets.any(|target| matches!(target, Target::Own(path) if top(&path) == "catalog"));
        seen += usize::from(names);
        if names && !SEE_THE_CATALOG.contains(&top(&file.module)) {
            offenders.push(format!("src/{} names the catalog", file.name));
        }
    }
    assert!(seen > 10, "the test reads the imports: {seen}");
    none(offenders);
}

#[test]
fn files_form_no_circles() {
    let files = files();
    let tree = ModuleTree::new(&files);
    let mut found = BTreeSet::new();
    let mut offenders = Vec::new();
    for circle in tree.circles() {
        let lies_in = |folder: &&&str| {
            circle
                .iter()
                .all(|name| name.split('/').next() == Some(**folder))
        };
        match KNOWN_CIRCLES.iter().find(lies_in) {
            Some(folder) => {
                found.insert((*folder).to_string());
            }
            None => offenders.push(format!("a circle: {}", circle.join(", "))),
        }
    }
    none(offenders.into_iter().chain(stale(&KNOWN_CIRCLES, &found)));
}

/// The crates that the program is built with, named as in code; true where the library does without.
fn dependencies() -> BTreeMap<String, bool> {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().expect("TOML");
    let of_targets = manifest.get("target").and_then(toml::Value::as_table);
    let tables = of_targets
        .into_iter()
        .flat_map(|targets| targets.values())
        .filter_map(toml::Value::as_table)
        .chain([&manifest])
        .filter_map(|own| own.get("dependencies")?.as_table());
    let is_optional = |own: &toml::Value| own.get("optional").and_then(toml::Value::as_bool);
    let named = |(name, own): (&String, &toml::Value)| {
        (name.replace('-', "_"), is_optional(own) == Some(true))
    };
    tables.flatten().map(named).collect()
}

#[test]
fn the_library_needs_no_crate_of_the_command_line() {
    let dependencies = dependencies();
    let of_program = |modules: &[&str]| modules.iter().all(|own| matches!(*own, "cli" | "main"));
    let needed = CRATES.iter().filter(|(name, modules)| {
        of_program(modules) && dependencies.get(*name).is_some_and(|optional| !optional)
    });
    none(needed.map(|(name, _)| format!("`{name}` is not optional")));
}

#[test]
fn every_crate_has_its_place() {
    let dependencies = dependencies();
    let files = files();
    let tree = ModuleTree::new(&files);
    let mut used: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
    for file in &files {
        for reference in &file.references {
            let Target::Foreign(path) = tree.target(file, reference) else {
                continue;
            };
            if let Some(name) = path.first().filter(|name| dependencies.contains_key(*name)) {
                let place = format!("src/{}:{}", file.name, reference.line);
                let places = used.entry(name.clone()).or_default();
                places.entry(top(&file.module)).or_insert(place);
            }
        }
    }
    let placed: BTreeMap<&str, &[&str]> = CRATES.into_iter().collect();
    let mut offenders = Vec::new();
    for name in dependencies.keys() {
        match placed.get(name.as_str()) {
            None => offenders.push(format!(
                "`{name}` has no place; it is used in {:?}",
                used.get(name)
                    .map(|places| places.keys().collect::<Vec<_>>())
            )),
            Some(modules) => {
                let places = used.get(name).into_iter().flatten();
                let strays = places
                    .filter(|(module, _)| !modules.contains(&"*") && !modules.contains(*module));
                offenders.extend(strays.map(|(_, place)| format!("{place} uses `{name}`")));
            }
        }
    }
    let gone = placed
        .keys()
        .filter(|name| !dependencies.contains_key(**name));
    offenders.extend(gone.map(|name| format!("`{name}` is no dependency")));
    none(offenders);
}

#[test]
fn nothing_below_the_command_line_prints_exits_or_reads_the_environment() {
    let files = files();
    let tree = ModuleTree::new(&files);
    let mut offenders = Vec::new();
    let below = files
        .iter()
        .filter(|file| !matches!(top(&file.module), "cli" | "main"));
    for file in below {
        for reference in &file.references {
            let Target::Foreign(path) = tree.target(file, reference) else {
                continue;
            };
            let path = format!("{}::", path.join("::"));
            let is_own = |own: &&&str| path.starts_with(&format!("{own}::"));
            if let Some(own) = OF_THE_PROCESS.iter().find(is_own) {
                offenders.push(format!("src/{}:{} uses `{own}`", file.name, reference.line));
            }
        }
        let printing = (file.macros.iter()).filter(|(name, _)| PRINTING.contains(&name.as_str()));
        offenders.extend(
            printing.map(|(name, line)| format!("src/{}:{line} calls `{name}!`", file.name)),
        );
    }
    none(offenders);
}

#[test]
fn a_name_stands_for_one_type() {
    let files = files();
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in &files {
        for (name, line) in &file.types {
            let place = format!("src/{}:{line}", file.name);
            places.entry(name).or_default().push(place);
        }
    }
    places.retain(|_, places| places.len() > 1);
    let found: BTreeSet<String> = places.keys().map(|name| (*name).to_string()).collect();
    let new = places
        .iter()
        .filter(|(name, _)| !KNOWN_NAMES.contains(*name));
    let new = new.map(|(name, places)| format!("`{name}`: {}", places.join(", ")));
    none(new.chain(stale(&KNOWN_NAMES, &found)));
}

#[test]
fn files_are_short() {
    let files = files();
    let long = files.iter().filter(|file| file.lines > MAX_LINES);
    let found: BTreeSet<String> = long.clone().map(|file| file.name.clone()).collect();
    let new = long.filter(|file| !KNOWN_LONG.contains(&file.name.as_str()));
    let new = new.map(|file| {
        format!(
            "src/{} has {} lines without its tests",
            file.name, file.lines
        )
    });
    none(new.chain(stale(&KNOWN_LONG, &found)));
}

#[test]
fn functions_are_short() {
    let files = files();
    let mut lengths = Vec::new();
    let mut offenders = Vec::new();
    for file in &files {
        for (name, lines) in &file.functions {
            let length = lines.clone().count();
            lengths.push(length);
            if length > MAX_FUNCTION_LINES {
                let place = format!("src/{}:{}", file.name, lines.start());
                offenders.push(format!("{place}: `{name}` has {length} lines"));
            }
        }
    }
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied();
    if median.is_none_or(|median| median >= HALF_FUNCTION_LINES) {
        offenders.push(format!(
            "half of all functions have {median:?} lines or more"
        ));
    }
    none(offenders);
}

#[test]
fn paths_are_followed_to_where_their_names_are_defined() {
    let text = |name: &str, text: &str| (name.to_string(), text.to_string());
    let files = read_files([
        text("lib.rs", "pub mod a; pub mod b;"),
        text(
            "a/mod.rs",
            "mod one; mod two;\n#[cfg(test)] mod three;\npub use one::One;\npub use self::two::Two;\n",
        ),
        text("a/one.rs", "use super::Two;\npub struct One(Two);\n"),
        text(
            "a/two.rs",
            "#[derive(Debug, thiserror::Error)]\npub struct Two;\n#[cfg(test)]\nmod tests { use super::super::One; }\n",
        ),
        text("a/three.rs", "use super::One;"),
        text(
            "b.rs",
            "use crate::a;\nfn f() { println!(\"{}\", a::One::new(x.a::<u8>(), std::env::var(\"A\"))) }\n",
        ),
    ]);
    let tree = ModuleTree::new(&files);
    let edges = tree.edges();
    let of = |name: &str| edges[name].iter().copied().collect::<Vec<_>>();
    assert_eq!(of("a/mod.rs"), [""; 0]);
    assert_eq!(of("a/one.rs"), ["a/two.rs"]);
    assert_eq!(of("a/two.rs"), [""; 0]);
    assert_eq!(of("b.rs"), ["a/mod.rs", "a/one.rs"]);
    assert_eq!(edges.len(), 5);
    let foreign = |name: &str| -> Vec<String> {
        let file = files.iter().find(|file| file.name == name).expect("a file");
        let targets = file.references.iter().map(|own| tree.target(file, own));
        let foreign = targets.filter_map(|target| match target {
            Target::Foreign(path) => Some(path.join("::")),
            Target::Own(_) => None,
        });
        foreign.collect()
    };
    assert_eq!(foreign("a/two.rs"), ["thiserror::Error"]);
    assert_eq!(foreign("b.rs"), ["std::env::var"]);
    let two = files.iter().find(|file| file.name == "a/two.rs");
    assert_eq!(two.map(|file| file.lines), Some(2));
}

#[test]
fn circles_of_files_are_found() {
    let text = |name: &str, text: &str| (name.to_string(), text.to_string());
    let files = read_files([
        text("a/mod.rs", "mod one; mod two; mod free;"),
        text("a/one.rs", "fn one() { super::two::two() }"),
        text("a/two.rs", "use super::one;\nfn two() { one::one() }"),
        text("a/free.rs", "use super::one::one;"),
    ]);
    assert_eq!(
        ModuleTree::new(&files).circles(),
        [["a/one.rs", "a/two.rs"]]
    );
}
