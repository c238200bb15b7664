//! How fast does each reader make an article of a text, its source map included?
//!
//! `cargo bench --bench readers` reads articles made here, of each format, on one core; with `-- FOLDER` the files in
//! FOLDER instead. Wanted are 150 MB/s for Markdown, 90 for HTML, 75 for plain text, whose headings have to be found (the
//! shortest of several runs).

#![allow(clippy::indexing_slicing, reason = "a panic ends the bench")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use excerpt::format::{FORMATS, Format, ReadOptions, detect};
use excerpt::source::Decoded;
use pulldown_cmark::{Options, Parser};

/// How often each is read.
const ROUNDS: usize = 7;
/// How many articles are made of each format, and how many sections each has.
const ARTICLES: usize = 60;
const SECTIONS: usize = 24;
/// What has to be reached, in MB/s.
const LEAST: [(&str, f64); 3] = [("markdown", 150.0), ("html", 90.0), ("text", 75.0)];

fn main() {
    let folder = std::env::args_os().skip(1).find(|a| a != "--bench");
    let mut slow = Vec::new();
    for format in FORMATS.iter().filter(|format| format.is_text()) {
        let sources: Vec<Decoded> = match &folder {
            Some(folder) => files(Path::new(folder), format),
            None => (0..ARTICLES).map(|n| made(format.name, n)).collect(),
        };
        let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
        if bytes == 0 {
            continue;
        }
        let speed = bytes as f64 / 1e6 / seconds(format, &sources);
        println!(
            "{:9} {speed:7.0} MB/s over {:.1} MB",
            format.name,
            bytes as f64 / 1e6
        );
        if format.name == "markdown" {
            let bare = bytes as f64 / 1e6 / shortest(|| events(&sources));
            println!("          {bare:7.0} MB/s for the events of pulldown-cmark alone");
        }
        let least = LEAST.iter().find(|(name, _)| *name == format.name);
        if let Some((name, least)) = least.filter(|(_, least)| speed < *least) {
            slow.push(format!("{name} is below {least} MB/s"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join(", "));
}

/// The shortest time that reading all of them took.
fn seconds(format: &Format, sources: &[Decoded]) -> f64 {
    let options = ReadOptions::default();
    shortest(|| {
        for source in sources {
            let _ = format.read(source, &options);
        }
    })
}

fn shortest(work: impl Fn()) -> f64 {
    let time = || {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min)
}

/// What the Markdown reader cannot do without: the events and their places.
fn events(sources: &[Decoded]) {
    for source in sources {
        let events = Parser::new_ext(source.text(), Options::ENABLE_TABLES).into_offset_iter();
        black_box(events.map(|(_, range)| range.end).max());
    }
}

/// The files of a format below a folder.
fn files(folder: &Path, format: &Format) -> Vec<Decoded> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).expect("a folder");
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.extend(file(&path, format));
            }
        }
    }
    sources
}

fn file(path: &PathBuf, format: &Format) -> Option<Decoded> {
    detect(path).filter(|own| std::ptr::eq(*own, format))?;
    let bytes = std::fs::read(path).ok()?;
    format.decode(bytes, &ReadOptions::default()).ok()
}

const WORDS: [&str; 40] = [
    "the",
    "harbour",
    "of",
    "agreements",
    "was",
    "signed",
    "in",
    "Ostmoor",
    "and",
    "a",
    "mediator",
    "will",
    "hear",
    "both",
    "sides",
    "before",
    "summer",
    "café",
    "quay",
    "to",
    "remain",
    "open",
    "for",
    "ten",
    "more",
    "years",
    "port",
    "authority",
    "fishers",
    "were",
    "give",
    "up",
    "their",
    "sheds",
    "Liège",
    "that",
    "is",
    "naïve",
    "not",
    "all",
];

/// The `n`th of words without end, so that no two articles are alike.
fn word(n: usize) -> &'static str {
    WORDS[n.wrapping_mul(2_654_435_761) % 104_729 % WORDS.len()]
}

fn sentence(out: &mut String, seed: usize, words: usize) {
    let first = word(seed);
    out.extend(first.chars().next().map(|c| c.to_ascii_uppercase()));
    out.push_str(&first[1..]);
    for i in 1..words {
        let _ = write!(out, " {}", word(seed + i));
    }
    out.push_str(". ");
}

/// A paragraph, in lines of about 76 characters where `wrapped`.
fn paragraph(seed: usize, wrapped: bool) -> String {
    let mut text = String::new();
    for i in 0..5 {
        sentence(&mut text, seed + 31 * i, 11 + i);
    }
    let text = text.trim_end();
    if !wrapped {
        return text.to_string();
    }
    let mut out = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        if width > 70 {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
        }
        out.push_str(word);
        width += word.len() + 1;
    }
    out
}

/// An article with headings, paragraphs, a list, links and code, as `format` writes them.
fn made(format: &str, n: usize) -> Decoded {
    let mut text = String::new();
    for section in 0..SECTIONS {
        let seed = 1 + n * 7919 + section * 101;
        let heading = format!("The {} {}", word(seed), word(seed + 3));
        let (one, two) = (
            paragraph(seed, true),
            paragraph(seed + 977, n.is_multiple_of(2)),
        );
        let item = format!("{} {} {}", word(seed + 5), word(seed + 6), word(seed + 7));
        let link = word(seed + 9);
        let _ = match format {
            "markdown" => writeln!(
                text,
                "## {heading}\n\n{one}\n\n- {item}\n- *{item}*\n\nSee [{link}](https://example.org/x). {two}\n\n```\nrun {item}\n```\n"
            ),
            "html" => writeln!(
                text,
                "<h2 id=s{section}>{heading}</h2>\n<p>{one}</p><ul><li>{item}<li><i>{item}</i></ul><p>See <a href=x>{link}</a>. {two}</p><pre>run {item}</pre>"
            ),
            "asciidoc" => writeln!(
                text,
                "== {heading}\n\n{one}\n\n* {item}\n* _{item}_\n\nSee link:x[{link}]. {two}\n\n----\nrun {item}\n----\n"
            ),
            "rst" => writeln!(
                text,
                "{heading}\n{}\n\n{one}\n\n- {item}\n- *{item}*\n\nSee `{link} <x>`_. {two}\n\n::\n\n    run {item}\n",
                "=".repeat(40)
            ),
            "org" => writeln!(
                text,
                "* {heading}\n{one}\n\n- {item}\n- /{item}/\n\nSee [[x][{link}]]. {two}\n\n#+begin_src\nrun {item}\n#+end_src\n"
            ),
            _ => writeln!(
                text,
                "{heading}\n\n{one}\n\n- {item}\n- {item}\n\nSee {link}. {two}\n"
            ),
        };
    }
    Decoded::from_bytes(text.into_bytes()).expect("text")
}
