//! How do indexing, memory and latency grow with the articles?
//!
//! `cargo bench --bench scale -- [SECTIONS …]` (by default 10,000 and 100,000) makes articles of ten sections of about
//! sixty words, drawn by Zipf's law from 500,000 words, indexes them with `excerpt index`, and asks each index in one
//! process: two rare words, two common ones, any of four words, a phrase of two common words; top 10 with passages. A
//! table and a plot: CPU and peak memory are the system's account, latencies the median of wall time, warm. Linux only.

#![allow(clippy::indexing_slicing, reason = "a panic ends the bench")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use excerpt::query::Mode;
use excerpt::search::{Index, Location, SearchRequest};

use crate::measure::{Cost, folder_bytes, percentile, run_excerpt};

const SECTIONS_EACH: usize = 10;
const WORDS_EACH: usize = 60;
const VOCABULARY: f64 = 500_000.0;
/// Articles lie in folders of so many.
const FOLDER_ARTICLES: usize = 1000;
/// How many queries of each kind are asked.
const QUERIES: u64 = 40;
/// The width of the plot, in characters.
const PLOT_WIDTH: f64 = 48.0;

const KINDS: [&str; 4] = [
    "two rare words",
    "two common words",
    "any of four",
    "common phrase",
];

/// What was measured at one size.
struct Row {
    sections: usize,
    text_bytes: u64,
    index: Cost,
    index_bytes: u64,
    look_seconds: f64,
    /// The median of each kind of query, in milliseconds.
    latency_ms: [f64; 4],
}

fn main() {
    let sizes = std::env::args().skip(1).filter(|a| a != "--bench");
    let mut sizes: Vec<usize> = sizes
        .map(|a| a.parse().expect("a number of sections"))
        .collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let rows: Vec<Row> = sizes.into_iter().map(measure).collect();
    table(&rows);
    plot(&rows);
}

fn measure(sections: usize) -> Row {
    let work = tempfile::tempdir().expect("a temporary folder");
    let articles = work.path().join("articles");
    let text_bytes = write_articles(&articles, sections);
    let folder = work.path().join("index");
    let run = |args: &[&str]| {
        let mut all = vec!["--index".as_ref(), folder.as_os_str()];
        all.extend(args.iter().map(std::ffi::OsStr::new));
        run_excerpt(&all, &articles)
    };
    let index = run(&["index", "."]);
    let look = run(&["query", "-c", "xyzzy"]);
    let opened = Index::open(Location::named(&folder, &articles)).expect("the index");
    Row {
        sections,
        text_bytes,
        index,
        index_bytes: folder_bytes(&folder),
        look_seconds: look.wall_seconds,
        latency_ms: [0, 1, 2, 3].map(|kind| latency(&opened, kind)),
    }
}

/// The median time of the queries of a kind, in milliseconds.
fn latency(index: &Index, kind: usize) -> f64 {
    let mut random = Random(7);
    let mut times = Vec::new();
    for _ in 0..QUERIES {
        let mut from = |low: f64, high: f64| word((low + (high - low) * random.next()) as u64);
        let text = match kind {
            0 => format!("{} {}", from(2e3, 2e4), from(20.0, 200.0)),
            1 => format!("{} {}", from(2.0, 20.0), from(2.0, 20.0)),
            2 => format!(
                "{} {} {} {}",
                from(2.0, 20.0),
                from(20.0, 200.0),
                from(200.0, 2e3),
                from(2e3, 2e4)
            ),
            _ => format!("\"{} {}\"", from(2.0, 20.0), from(2.0, 20.0)),
        };
        let request = SearchRequest {
            mode: Mode {
                any: kind == 2,
                ..Mode::default()
            },
            count_up_to: Some(1000),
            ..SearchRequest::default()
        };
        let ask = || {
            let begun = Instant::now();
            std::hint::black_box(index.search(&text, &request).expect("an answer"));
            begun.elapsed().as_secs_f64() * 1e3
        };
        times.push((0..3).map(|_| ask()).fold(f64::INFINITY, f64::min));
    }
    percentile(&times, 50)
}

/// Writes articles with so many sections in all; returns their bytes.
fn write_articles(folder: &Path, sections: usize) -> u64 {
    let mut random = Random(1);
    let mut bytes = 0;
    for article in 0..sections.div_ceil(SECTIONS_EACH) {
        let below = folder.join(format!("{:04}", article / FOLDER_ARTICLES));
        if article % FOLDER_ARTICLES == 0 {
            std::fs::create_dir_all(&below).expect("a folder");
        }
        let mut text = format!("# {} {}\n", random.word(), random.word());
        for _ in 0..SECTIONS_EACH {
            let _ = write!(text, "\n## {} {}\n\n", random.word(), random.word());
            for i in 1..=WORDS_EACH {
                let end = match i % 12 {
                    0 => ".\n",
                    _ => " ",
                };
                let _ = write!(text, "{}{end}", random.word());
            }
        }
        bytes += text.len() as u64;
        std::fs::write(below.join(format!("{article}.md")), text).expect("written");
    }
    bytes
}

/// Numbers that look random and are the same in each run.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct Random(u64);

impl Random {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A word by Zipf's law: the n-th most common has a share of about 1/n.
    fn word(&mut self) -> String {
        word(VOCABULARY.powf(self.next()) as u64)
    }
}

/// The n-th word: syllables, so that stems and prefixes are as in a language.
fn word(n: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "co", "di", "fu", "ga", "he", "jo", "ki", "lu", "ma", "no", "pi", "ra", "so", "tu",
        "ve",
    ];
    let mut rest = n + 16;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[(rest % 16) as usize]);
        rest /= 16;
    }
    word + "n"
}

fn table(rows: &[Row]) {
    println!(
        "| sections | text | indexing, CPU | peak memory | index | look for changes | {} |",
        KINDS.join(" | ")
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let [a, b, c, d] = row.latency_ms;
        println!(
            "| {} | {:.0} MB | {:.1} s | {:.0} MB | {:.0} MB | {:.0} ms | {a:.2} ms | {b:.2} ms | {c:.2} ms | {d:.2} ms |",
            row.sections,
            row.text_bytes as f64 / 1e6,
            row.index.cpu_seconds,
            row.index.peak_bytes as f64 / 1e6,
            row.index_bytes as f64 / 1e6,
            row.look_seconds * 1e3,
        );
    }
}

/// Bars on a logarithmic scale.
fn plot(rows: &[Row]) {
    let mut lines = Vec::new();
    for row in rows {
        lines.push((
            format!("indexing      {:>8}", row.sections),
            row.index.cpu_seconds * 1e3,
        ));
    }
    for (kind, name) in KINDS.iter().enumerate() {
        for row in rows {
            lines.push((
                format!("{name:17}{:>8}", row.sections),
                row.latency_ms[kind],
            ));
        }
    }
    let logs = || lines.iter().map(|(_, value)| value.ln());
    let (low, high) = (
        logs().fold(f64::INFINITY, f64::min),
        logs().fold(f64::NEG_INFINITY, f64::max),
    );
    println!("\nmilliseconds, on a logarithmic scale:");
    for (name, value) in &lines {
        let width = 1.0 + (PLOT_WIDTH - 1.0) * (value.ln() - low) / (high - low).max(1e-9);
        println!(
            "{name:26} {} {value:.2}",
            "█".repeat(width.round() as usize)
        );
    }
}
