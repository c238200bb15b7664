//! Does reading take linear time, whatever the text?
//!
//! `cargo bench --bench growth` reads each of the hostile texts of the tests in each format, at two sizes. Answer:
//! twice the text takes less than 2.6 times as long (the shortest of several runs each, at a size where they take some
//! hundredths of a second, the mean over two doublings).

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../tests/it/bombs/list.rs"]
mod list;

use std::time::Instant;

use excerpt::format::{FORMATS, Format, ReadOptions};
use excerpt::source::Decoded;

use self::list::BOMBS;

/// How many elements the smallest text has.
const ELEMENTS: usize = 20_000;
/// How often each is read.
const ROUNDS: usize = 5;
/// Texts are doubled until they take so long, in seconds; less is noise.
const LEAST_SECONDS: f64 = 0.03;
/// Or until they are so large.
const MAX_BYTES: usize = 8 << 20;
/// By how much twice the text may take longer.
const MAX_GROWTH: f64 = 2.6;

fn main() {
    let mut worst = (0.0, String::new());
    for (name, bomb) in BOMBS {
        for format in FORMATS.iter().filter(|format| format.is_text()) {
            let growth = growth(name, bomb, format);
            if growth > worst.0 {
                worst = (growth, format!("{name} as {}", format.name));
            }
        }
    }
    println!("worst: {:.2}, {}", worst.0, worst.1);
    assert!(worst.0 < MAX_GROWTH, "reading takes more than linear time");
}

/// How many times longer twice the text takes, at a size where that can be measured; 0 where there is none. It is the
/// mean over two doublings, since one may be where memory comes from the system instead of the heap.
fn growth(name: &str, bomb: fn(usize) -> String, format: &Format) -> f64 {
    let source = |n: usize| Decoded::from_bytes(bomb(n).into_bytes()).expect("text");
    let mut elements = ELEMENTS;
    let mut once = source(elements);
    let mut first = seconds(format, &once);
    while first < LEAST_SECONDS && once.text().len() < MAX_BYTES {
        elements *= 2;
        let twice = source(elements);
        if twice.text().len() == once.text().len() {
            return 0.0;
        }
        once = twice;
        first = seconds(format, &once);
    }
    let four = source(4 * elements);
    let fourth = seconds(format, &four);
    // A bomb need not grow as its number does.
    let size = four.text().len() as f64 / once.text().len() as f64;
    let growth = 2.0 * ((fourth / first) / size).sqrt();
    let (first_ms, fourth_ms) = (first * 1e3, fourth * 1e3);
    println!(
        "{name:32} {:9} {first_ms:7.1} ms {fourth_ms:7.1} ms  {growth:.2}",
        format.name
    );
    growth
}

/// The shortest time that reading a text took.
fn seconds(format: &Format, source: &Decoded) -> f64 {
    let time = || {
        let begun = Instant::now();
        let _ = format.read(source, &ReadOptions::default());
        begun.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min)
}
