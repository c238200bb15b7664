//! The structure: imports go down only, and files and functions stay small.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of each layer, from below.
const LAYERS: [&[&str]; 8] = [
    &["article", "analysis", "source"],
    &["format", "query", "catalog"],
    &["engine", "highlight"],
    &["refresh"],
    &["search"],
    &["printer"],
    &["check", "eval", "quote"],
    &["cli"],
];

/// Crates that may appear only in some modules.
const CRATES: [(&str, &[&str]); 14] = [
    ("quick_junit", &["printer"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("terminal_size", &["cli"]),
    ("ctrlc", &["cli"]),
    ("signal_hook", &["cli"]),
    ("anstyle", &["printer"]),
    ("crossbeam_channel", &["refresh"]),
    ("tantivy", &["engine"]),
    ("pulldown_cmark", &["format"]),
    ("html5gum", &["format"]),
    ("frostem", &["analysis"]),
    ("ignore", &["source"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("a folder")
            .filter_map(Result::ok)
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

/// The code of a file without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn module_of(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let relative = path.strip_prefix(src).expect("below src");
    let first = relative
        .components()
        .next()
        .expect("a name")
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_string()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn imports_go_down_only_and_never_sideways() {
    let mut seen = 0;
    for (path, text) in sources() {
        let module = module_of(&path);
        let Some(own) = layer_of(&module) else {
            continue;
        };
        for part in code(&text).split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let Some(other) = layer_of(&name) else {
                continue;
            };
            seen += 1;
            assert!(
                other < own || name == module,
                "{}: `{module}` imports `{name}`",
                path.display()
            );
        }
    }
    assert!(seen > 50, "the test reads the imports");
}

#[test]
fn crates_stay_in_their_layer() {
    for (path, text) in sources() {
        let module = module_of(&path);
        for (name, modules) in CRATES {
            let uses = [
                format!("use {name}::"),
                format!(" {name}::"),
                format!("({name}::"),
                format!("<{name}::"),
            ];
            let found = code(&text)
                .lines()
                .filter(|l| !l.trim_start().starts_with("//"))
                .any(|l| uses.iter().any(|u| l.contains(u)));
            assert!(
                !found || modules.contains(&module.as_str()),
                "{} uses `{name}`",
                path.display()
            );
        }
    }
}

#[test]
fn nothing_below_the_command_line_prints_exits_or_reads_the_environment() {
    for (path, text) in sources() {
        if matches!(module_of(&path).as_str(), "cli" | "main") {
            continue;
        }
        for word in [
            "println!",
            "eprintln!",
            "process::exit",
            "env::var",
            "env::current_dir",
            "env::home_dir",
            "io::stdout",
            "io::stderr",
        ] {
            let found = code(&text)
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| line.contains(word));
            assert!(!found, "{} has `{word}`", path.display());
        }
    }
}

#[test]
fn files_and_functions_are_small() {
    let mut lengths = Vec::new();
    for (path, text) in sources() {
        let lines = code(&text).lines().count();
        assert!(
            lines <= 500,
            "{} has {lines} lines without its tests",
            path.display()
        );
        let mut start: Option<(usize, usize)> = None;
        for (number, line) in code(&text).lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let trimmed = line.trim_start();
            let is_fn = [
                "fn ",
                "pub fn ",
                "pub(super) fn ",
                "pub(crate) fn ",
                "pub(in crate::cli) fn ",
            ]
            .iter()
            .any(|p| trimmed.starts_with(p));
            if is_fn && start.is_none() {
                if trimmed.ends_with('}') || trimmed.ends_with(';') {
                    continue;
                }
                start = Some((number, indent));
            } else if let Some((from, own)) = start
                && indent == own
                && (trimmed.starts_with('}') || trimmed.ends_with(';'))
            {
                let len = number + 1 - from;
                assert!(
                    len <= 60,
                    "{}:{} is {len} lines long",
                    path.display(),
                    from + 1
                );
                lengths.push(len);
                start = None;
            }
        }
    }
    lengths.sort_unstable();
    assert!(
        lengths[lengths.len() / 2] < 15,
        "half of all functions are under 15 lines"
    );
}
