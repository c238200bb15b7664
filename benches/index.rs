//! Does indexing a folder cost no more CPU than plain Tantivy spends on the same sections, already cut?
//!
//! `cargo bench --bench index -- FOLDER` indexes the Markdown, HTML and text files of FOLDER (by default the sample
//! articles, far too few to tell) with `excerpt index`, then the same sections with plain Tantivy as it is usually set
//! up: one field, `en_stem`, positions, stored, two threads of 200 MB, one commit. Each in a process of its own, in turn;
//! figures are the CPU time and the peak memory that the system accounts to it. Answers: CPU at most that of Tantivy,
//! peak under 500 MB, the index no larger than the text. Linux only.

#![allow(clippy::indexing_slicing, reason = "a panic ends the bench")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;

use std::path::Path;

use crate::measure::plain::{index_plain, write_sections};
use crate::measure::{Cost, folder_argument, folder_bytes, median, run_excerpt, run_self};

/// How often each is run.
const ROUNDS: usize = 5;

fn main() {
    if let Some(sections) = std::env::var_os("EXCERPT_BENCH_PLAIN") {
        index_plain(
            Path::new(&sections),
            Path::new(&std::env::var_os("EXCERPT_BENCH_OUT").expect("a folder")),
            false,
        );
        return;
    }
    let folder = folder_argument();
    let work = tempfile::tempdir().expect("a temporary folder");
    let sections = work.path().join("sections");
    let text_bytes = write_sections(&folder, &sections);
    let (mut ours, mut plain, mut index_bytes) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let index = work.path().join(format!("ours{round}"));
        ours.push(run_excerpt(
            &[
                "--index".as_ref(),
                index.as_os_str(),
                "index".as_ref(),
                ".".as_ref(),
            ],
            &folder,
        ));
        index_bytes = folder_bytes(&index);
        let out = work.path().join(format!("plain{round}"));
        plain.push(run_self(&[
            ("EXCERPT_BENCH_PLAIN", &sections),
            ("EXCERPT_BENCH_OUT", &out),
        ]));
    }
    report(&ours, &plain, text_bytes, index_bytes);
}

fn report(ours: &[Cost], plain: &[Cost], text_bytes: u64, index_bytes: u64) {
    let cpu = |costs: &[Cost]| median(costs.iter().map(|c| c.cpu_seconds).collect());
    let peak = ours.iter().map(|c| c.peak_bytes).max().unwrap_or(0);
    let ratios = ours
        .iter()
        .zip(plain)
        .map(|(a, b)| a.cpu_seconds / b.cpu_seconds)
        .collect();
    println!("text {:.1} MB", text_bytes as f64 / 1e6);
    println!(
        "excerpt index   {:.2} s CPU, peak {:.0} MB, index {:.1} MB",
        cpu(ours),
        peak as f64 / 1e6,
        index_bytes as f64 / 1e6
    );
    println!("plain Tantivy   {:.2} s CPU", cpu(plain));
    let ratio = median(ratios);
    println!("CPU ratio       {ratio:.2} (median of {ROUNDS} rounds)");
    if text_bytes > 10_000_000 {
        assert!(ratio <= 1.0, "indexing costs more CPU than plain Tantivy");
        assert!(peak < 500_000_000, "the peak of memory is above 500 MB");
        assert!(
            index_bytes <= text_bytes,
            "the index is larger than the text"
        );
    }
}
