//! What the benches share: processes and what they cost.

#![allow(dead_code, reason = "each bench uses a part")]

pub(crate) mod plain;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a process cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    pub(crate) peak_bytes: u64,
}

/// The folder on the command line, else the sample articles.
pub(crate) fn folder_argument() -> PathBuf {
    let argument = std::env::args_os()
        .skip(1)
        .find(|argument| argument != "--bench");
    argument.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"),
        PathBuf::from,
    )
}

/// Runs the program in `folder`.
pub(crate) fn run_excerpt(args: &[&OsStr], folder: &Path) -> Cost {
    let mut command = Command::new(env!("CARGO_BIN_EXE_excerpt"));
    command.args(args).current_dir(folder);
    cost(&command)
}

/// Runs this bench again with an environment that tells it what to do.
pub(crate) fn run_self(environment: &[(&str, &Path)]) -> Cost {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.envs(environment.iter().copied());
    cost(&command)
}

/// Runs a command to its end under GNU time, which says what it cost.
pub(crate) fn cost(command: &Command) -> Cost {
    let report = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut timed = Command::new("/usr/bin/time");
    timed
        .args(["-f", "%U %S %M", "-o"])
        .arg(report.path())
        .arg(command.get_program())
        .args(command.get_args());
    timed.envs(
        command
            .get_envs()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let begun = Instant::now();
    let status = timed
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("/usr/bin/time (package `time`)");
    let wall_seconds = begun.elapsed().as_secs_f64();
    assert!(
        status.code().is_some_and(|code| code < 2),
        "{command:?} failed"
    );
    let text = std::fs::read_to_string(report.path()).expect("the costs");
    let line = text.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = line
        .split(' ')
        .filter_map(|number| number.parse().ok())
        .collect();
    let [user, system, peak_kb] = numbers[..] else {
        panic!("unexpected costs: {text}")
    };
    Cost {
        cpu_seconds: user + system,
        wall_seconds,
        peak_bytes: peak_kb as u64 * 1024,
    }
}

/// The middle value.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that so many per cent of them do not exceed.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[(values.len() * percent / 100).min(values.len() - 1)]
}

/// The bytes of the files in a folder.
pub(crate) fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}

/// Sections in one file: each behind its length, so that reading them costs next to nothing.
pub(crate) mod sections_file {
    use std::fs::File;
    use std::io::{BufReader, BufWriter, Read, Write};
    use std::path::Path;

    pub(crate) struct Writer(BufWriter<File>);

    impl Writer {
        pub(crate) fn create(path: &Path) -> Writer {
            Writer(BufWriter::new(File::create(path).expect("a file")))
        }

        pub(crate) fn push(&mut self, section: &str) {
            self.0
                .write_all(&(section.len() as u32).to_le_bytes())
                .expect("written");
            self.0.write_all(section.as_bytes()).expect("written");
        }

        pub(crate) fn finish(mut self) {
            self.0.flush().expect("written");
        }
    }

    pub(crate) fn each(path: &Path, mut take: impl FnMut(&str)) {
        let mut input = BufReader::new(File::open(path).expect("the sections"));
        let mut len = [0; 4];
        while input.read_exact(&mut len).is_ok() {
            let mut section = vec![0; u32::from_le_bytes(len) as usize];
            input.read_exact(&mut section).expect("a section");
            take(std::str::from_utf8(&section).expect("text"));
        }
    }
}
