//! A folder of its own for each test, and the program run in it without the surroundings of whoever runs the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The system counts the time of a file's last change in steps of up to so much; a file that was just written is not
/// trusted to stay so.
const STEP: Duration = Duration::from_millis(40);

/// A temporary folder with articles, and a folder of states beside it.
pub(crate) struct TestEnv {
    folder: TempDir,
    states: TempDir,
    /// When the last file was written.
    written: Mutex<Instant>,
}

/// What a run of the program gave.
#[derive(Debug)]
#[must_use]
pub(crate) struct Run {
    /// The exit status; -1 after a signal.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl TestEnv {
    /// An empty folder.
    pub(crate) fn new() -> TestEnv {
        TestEnv {
            folder: tempfile::tempdir().expect("a temporary folder"),
            states: tempfile::tempdir().expect("a temporary folder"),
            written: Mutex::new(Instant::now()),
        }
    }

    /// A folder with the sample articles in `corpus`.
    pub(crate) fn with_corpus() -> TestEnv {
        let env = TestEnv::new();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        for file in [
            "news/blinken-diplomacy.txt",
            "news/harbour-talks.txt",
            "docs/install.md",
            "docs/glossary.html",
        ] {
            let text = fs::read(corpus.join(file)).expect("a sample article");
            env.write(&format!("corpus/{file}"), text);
        }
        env
    }

    /// With all articles of the README's session, in `tests/corpus` as there.
    pub(crate) fn with_samples() -> TestEnv {
        let env = TestEnv::new();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        for folder in ["news", "docs"] {
            for entry in fs::read_dir(corpus.join(folder)).expect("samples") {
                let file = entry.expect("a sample article").path();
                let name = file
                    .file_name()
                    .and_then(|name| name.to_str())
                    .expect("a name");
                let text = fs::read(&file).expect("a sample article");
                env.write(&format!("tests/corpus/{folder}/{name}"), text);
            }
        }
        env
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, which is old enough for its time to be trusted.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, content).expect("a written file");
        let an_hour = std::time::Duration::from_secs(3600);
        let then = std::time::SystemTime::now() - an_hour;
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|f| f.set_modified(then))
            .expect("an older time");
        *self.written.lock().expect("a time") = Instant::now();
        path
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).expect("a removed file");
    }

    /// Changes the manifest of the index, which then fits its hash again.
    pub(crate) fn change_manifest(&self, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.path().join(".excerpt/manifest");
        let text = fs::read_to_string(&path).expect("the manifest");
        let (line, _) = text.split_once('\n').expect("two lines");
        let mut manifest = serde_json::from_str(line).expect("JSON");
        change(&mut manifest);
        let line = manifest.to_string();
        let hash = twox_hash::XxHash3_64::oneshot(line.as_bytes());
        fs::write(&path, format!("{line}\n{hash:016x}\n")).expect("a manifest");
    }

    /// The folder of states.
    pub(crate) fn states(&self) -> &Path {
        self.states.path()
    }

    /// The program, to be run in the folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let written = *self.written.lock().expect("a time");
        std::thread::sleep(STEP.saturating_sub(written.elapsed()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_excerpt"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("XDG_STATE_HOME", self.states.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(&mut self.command(args))
    }

    /// Writes files and runs a command on them.
    pub(crate) fn run_on(&self, command: &str, files: &[(&str, &str)], args: &[&str]) -> Run {
        let mut all = vec![command];
        for (name, text) in files {
            self.write(name, text);
            all.push(name);
        }
        all.extend(args);
        self.run(&all)
    }

    /// Runs the program with something on standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &[u8]) -> Run {
        use std::io::Write;
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("a started program");
        child
            .stdin
            .take()
            .expect("its input")
            .write_all(input)
            .expect("written input");
        collect(child.wait_with_output().expect("its output"))
    }

    /// Runs a query and gives its hits as JSON.
    pub(crate) fn hits(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let mut all = vec!["query", "--json"];
        all.extend(args);
        let run = self.run(&all);
        assert!(run.status <= 1, "{run:?}");
        records(&run.stdout)
            .into_iter()
            .filter(|record| record["type"] == "hit")
            .collect()
    }

    /// The ids of a query's hits, best first.
    pub(crate) fn ids(&self, args: &[&str]) -> Vec<String> {
        self.hits(args)
            .iter()
            .map(|hit| hit["id"].as_str().expect("an id").to_string())
            .collect()
    }
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Run {
    collect(command.output().expect("a started program"))
}

fn collect(output: std::process::Output) -> Run {
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 output"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 errors"),
    }
}

/// The records of NDJSON output.
pub(crate) fn records(stdout: &str) -> Vec<serde_json::Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect()
}

impl Run {
    /// The standard output of a run that succeeded.
    pub(crate) fn success(self) -> String {
        assert_eq!(self.status, 0, "{self:?}");
        self.stdout
    }

    /// The standard error of a run that ended with `status`.
    pub(crate) fn failure(self, status: i32) -> String {
        assert_eq!(self.status, status, "{self:?}");
        self.stderr
    }
}

/// How often something is tried: more where the environment says so.
pub(crate) fn number(variable: &str, otherwise: usize) -> usize {
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Runs the program as another user than the one of the tests; only root can.
#[cfg(unix)]
pub(crate) struct OtherUser<'a> {
    env: &'a TestEnv,
    program: PathBuf,
}

#[cfg(unix)]
const OTHER: u32 = 65534;

#[cfg(unix)]
impl TestEnv {
    /// Another user; `None`, with a word, where the tests may not run programs as one.
    #[expect(clippy::print_stderr, reason = "what is skipped is said")]
    pub(crate) fn other_user(&self) -> Option<OtherUser<'_>> {
        use std::os::unix::fs::PermissionsExt;
        let can = Command::new("setpriv")
            .args(drop_rights())
            .arg("true")
            .output();
        if !can.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped in part: only root can run programs as another user");
            return None;
        }
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        set(self.path(), 0o755);
        set(self.states(), 0o755);
        let program = self.states().join("program");
        if !program.exists() {
            fs::copy(env!("CARGO_BIN_EXE_excerpt"), &program).expect("a copy that others may run");
        }
        Some(OtherUser { env: self, program })
    }
}

#[cfg(unix)]
fn drop_rights() -> [String; 3] {
    [
        format!("--reuid={OTHER}"),
        format!("--regid={OTHER}"),
        "--clear-groups".into(),
    ]
}

#[cfg(unix)]
impl OtherUser<'_> {
    /// Runs the program as the other user, who has a folder of states too.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[])
    }

    /// Runs it with variables.
    pub(crate) fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Run {
        let states = self.env.states().join("other");
        if !states.exists() {
            fs::create_dir(&states).expect("a folder");
            std::os::unix::fs::chown(&states, Some(OTHER), Some(OTHER)).expect("given");
        }
        let mut command = Command::new("setpriv");
        command
            .args(drop_rights())
            .arg(&self.program)
            .args(args)
            .current_dir(self.env.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", "/nonexistent")
            .env("XDG_STATE_HOME", states)
            .envs(variables.iter().copied())
            .stdin(Stdio::null());
        // A process that another test starts may hold the copy open for a moment, and nobody can run it then.
        for _ in 0..100 {
            let run = finish(&mut command);
            if !run.stderr.contains("Text file busy") {
                return run;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the copy is held open");
    }

    /// Gives a folder and the files in it to the other user.
    pub(crate) fn give(&self, folder: &Path) {
        chown_all(folder, OTHER);
    }

    /// Takes them back.
    pub(crate) fn take_back(&self, folder: &Path) {
        chown_all(folder, 0);
    }
}

#[cfg(unix)]
fn chown_all(path: &Path, user: u32) {
    std::os::unix::fs::lchown(path, Some(user), Some(user)).expect("another owner");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("a folder") {
            chown_all(&entry.expect("an entry").path(), user);
        }
    }
}
