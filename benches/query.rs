//! Is a query answered at once, and does a look for changes cost little more than listing the files?
//!
//! `cargo bench --bench query -- FOLDER` indexes FOLDER once, then runs whole processes in turn: `excerpt query
//! --no-refresh` beside `excerpt --version`, and `excerpt query` beside `rg --files --max-filesize 1G` where ripgrep is
//! installed. Answers: a query takes at most 8 ms more than `--version`, a look that finds no change at most 1.5 times
//! ripgrep's time (medians of wall time).

#![allow(clippy::indexing_slicing, reason = "a panic ends the bench")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::measure::{folder_argument, median, run_excerpt};

/// How often each is run.
const ROUNDS: usize = 25;
/// What is asked.
const QUERIES: [&str; 4] = [
    "create device object",
    "\"device object\"",
    "driver -kernel",
    "initiali*",
];

fn main() {
    let folder = folder_argument();
    let work = tempfile::tempdir().expect("a temporary folder");
    let index = work.path().join("index");
    run_excerpt(
        &[
            "--index".as_ref(),
            index.as_os_str(),
            "index".as_ref(),
            ".".as_ref(),
        ],
        &folder,
    );
    let ours = |args: &[&str]| wall(excerpt(&index, args), &folder);
    let mut worst = 0.0f64;
    for query in QUERIES {
        let (mut asked, mut version) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            asked.push(ours(&["query", "--no-refresh", query]));
            version.push(ours(&["--version"]));
        }
        let above = (median(asked) - median(version)) * 1e3;
        println!("{query:24} {above:6.1} ms above --version");
        worst = worst.max(above);
    }
    assert!(worst <= 8.0, "a query takes more than 8 ms above --version");
    compare_refresh(&index, &folder);
}

fn compare_refresh(index: &Path, folder: &Path) {
    let listing = || {
        let mut command = Command::new("rg");
        command.args(["--files", "--max-filesize", "1G"]);
        command
    };
    if listing()
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("ripgrep is not installed; its listing is not compared");
        return;
    }
    let (mut looks, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        looks.push(wall(excerpt(index, &["query", "-c", "driver"]), folder));
        lists.push(wall(listing(), folder));
    }
    let (look, list) = (median(looks), median(lists));
    println!(
        "look for changes         {:6.1} ms, rg --files {:.1} ms, ratio {:.2}",
        look * 1e3,
        list * 1e3,
        look / list
    );
    if list > 0.02 {
        assert!(
            look / list <= 1.5,
            "a look for changes takes more than 1.5 times ripgrep's listing"
        );
    }
}

fn excerpt(index: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_excerpt"));
    command
        .arg("--index")
        .arg::<&OsStr>(index.as_os_str())
        .args(args);
    command
}

/// The wall time of a run, in seconds.
fn wall(mut command: Command, folder: &Path) -> f64 {
    let begun = Instant::now();
    command
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("a run");
    begun.elapsed().as_secs_f64()
}
