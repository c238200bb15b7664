//! Which files a walk leaves out: by globs, by ignore files, because they are hidden.
//!
//! Ignore files are read here, and not by the walker of the crate `ignore`, which opens whatever stands in their place:
//! a link out of the folder, a pipe, a device without an end. Its matchers decide what the rules mean.
//!
//! Source: gitignore(5); the order of the kinds of files is that of ripgrep: `.excerptignore`, `.ignore`, `.gitignore`,
//! `.git/info/exclude`, the nearest folder first. Git's rules end at the root of a repository.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::Override;

use super::trust::{Users, read_found};
use super::{ReadError, Reason};

/// The ignore files of a folder that hold in Git's way or not; the first has the last word.
const NAMES: [(&str, bool); 4] = [
    (".excerptignore", false),
    (".ignore", false),
    (".gitignore", true),
    (".git/info/exclude", true),
];

/// An ignore file that was not read, and why.
pub(super) type Fault = (PathBuf, ReadError);

/// What a walk leaves out.
pub(super) struct Ignores {
    overrides: Override,
    hidden: bool,
    /// The folder that links of ignore files may not leave.
    top: PathBuf,
    /// The rules that hold in each folder that has been entered; `None` where no ignore files are honoured.
    folders: Option<Mutex<HashMap<PathBuf, Arc<Folder>>>>,
    faults: Mutex<Vec<Fault>>,
}

/// The rules of a folder, and of those above it.
#[derive(Default)]
struct Folder {
    above: Option<Arc<Folder>>,
    is_repository: bool,
    /// By [`NAMES`].
    rules: [Option<Gitignore>; NAMES.len()],
}

impl Ignores {
    /// The rules of a walk that begins in `start`, in an index of `base`.
    pub(super) fn new(
        (base, start): (&Path, &Path),
        overrides: Override,
        (hidden, no_ignore): (bool, bool),
        users: Users,
    ) -> Ignores {
        let outermost = if start.starts_with(base) { base } else { start };
        let top = repository_of(outermost, users).unwrap_or_else(|| outermost.to_path_buf());
        let ignores = Ignores {
            overrides,
            hidden,
            folders: (!no_ignore).then(Mutex::default),
            faults: Mutex::default(),
            top,
        };
        let above: Vec<&Path> = start
            .ancestors()
            .take_while(|folder| folder.starts_with(&ignores.top))
            .collect();
        for folder in above.into_iter().rev() {
            ignores.enter(folder);
        }
        ignores
    }

    /// Whether what was found at `path` is walked; a folder that is, is entered.
    pub(super) fn keeps(&self, path: &Path, is_folder: bool) -> bool {
        let is_kept = match self.overrides.matched(path, is_folder) {
            Match::Ignore(_) => false,
            Match::Whitelist(_) => true,
            Match::None => match self.ruled(path, is_folder) {
                Some(is_kept) => is_kept,
                None => self.hidden || !is_hidden(path),
            },
        };
        if is_kept && is_folder {
            self.enter(path);
        }
        is_kept
    }

    /// The ignore files that were not read.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What the ignore files say of a path, where they say anything.
    fn ruled(&self, path: &Path, is_folder: bool) -> Option<bool> {
        let mut folder = self.folder(path.parent()?);
        let mut said: [Option<bool>; NAMES.len()] = [None; NAMES.len()];
        let mut is_above_repository = false;
        while let Some(current) = folder.take() {
            let kinds = NAMES.iter().zip(&current.rules).zip(&mut said);
            for (((_, is_git), rules), said) in kinds {
                if said.is_none() && !(*is_git && is_above_repository) {
                    *said = match rules.as_ref().map(|rules| rules.matched(path, is_folder)) {
                        Some(Match::Ignore(_)) => Some(false),
                        Some(Match::Whitelist(_)) => Some(true),
                        Some(Match::None) | None => None,
                    };
                }
            }
            is_above_repository |= current.is_repository;
            folder.clone_from(&current.above);
        }
        said.into_iter().flatten().next()
    }

    fn folder(&self, path: &Path) -> Option<Arc<Folder>> {
        let folders = self.folders.as_ref()?;
        let folders = folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.get(path).cloned()
    }

    /// Reads the ignore files of a folder. One without any has the rules of the folder above.
    fn enter(&self, path: &Path) {
        let Some(folders) = &self.folders else {
            return;
        };
        let above = path.parent().and_then(|parent| self.folder(parent));
        let git = fs::symlink_metadata(path.join(".git"));
        let is_repository = git.is_ok();
        // A link or a file in its place leads to another folder.
        let has_git_folder = git.is_ok_and(|metadata| metadata.is_dir());
        let rules = NAMES.map(
            |(name, _)| match name.starts_with(".git/") && !has_git_folder {
                true => None,
                false => self.read(path, name),
            },
        );
        let folder = match (is_repository || rules.iter().any(Option::is_some), above) {
            (false, Some(above)) => above,
            (_, above) => Arc::new(Folder {
                above,
                is_repository,
                rules,
            }),
        };
        let mut folders = folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(path.to_path_buf(), folder);
    }

    fn read(&self, folder: &Path, name: &str) -> Option<Gitignore> {
        let path = folder.join(name);
        let read = read_found(&path, &self.top).map_err(fault_of);
        match read.and_then(|bytes| rules_of(folder, &bytes)) {
            Ok(rules) => Some(rules),
            Err(None) => None,
            Err(Some(error)) => {
                let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
                faults.push((path, error));
                None
            }
        }
    }
}

/// The rules in an ignore file. A line that is no rule is passed over, as Git does.
fn rules_of(folder: &Path, bytes: &[u8]) -> Result<Gitignore, Option<ReadError>> {
    let mut builder = GitignoreBuilder::new(folder);
    let text = String::from_utf8_lossy(bytes);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().map_err(|error| {
        Some(ReadError {
            reason: Reason::TooLarge,
            message: format!("its rules are too large: {error}"),
        })
    })
}

/// Why an ignore file was not read; `None` where there is none.
fn fault_of(error: io::Error) -> Option<ReadError> {
    let reason = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => return None,
        io::ErrorKind::InvalidInput => Reason::SpecialFile,
        io::ErrorKind::FileTooLarge => Reason::TooLarge,
        _ => return Some(error.into()),
    };
    Some(ReadError {
        reason,
        message: format!("an ignore file that is not read: {error}"),
    })
}

/// The root of the repository that holds a folder, where it is one of the users'.
fn repository_of(folder: &Path, users: Users) -> Option<PathBuf> {
    let is_repository = |folder: &&Path| fs::symlink_metadata(folder.join(".git")).is_ok();
    let root = folder.ancestors().find(is_repository)?;
    let is_own = fs::metadata(root).is_ok_and(|metadata| users.own(&metadata));
    is_own.then(|| root.to_path_buf())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
