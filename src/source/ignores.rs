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
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// The rules that hold in each folder that has been entered, by the bytes of its path, which hash faster than its
    /// components; `None` where no ignore files are honoured.
    folders: Option<Mutex<HashMap<Vec<u8>, Arc<FolderRules>>>>,
    /// Whether any folder has rules; mostly none has.
    has_rules: AtomicBool,
    faults: Mutex<Vec<Fault>>,
}

/// The rules of a folder, and of those above it.
#[derive(Default)]
struct FolderRules {
    above: Option<Arc<FolderRules>>,
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
        // It may end with a separator, which the parents of its entries do not.
        let start: &Path = &start.components().collect::<PathBuf>();
        let outermost = if start.starts_with(base) { base } else { start };
        let top = repository_of(outermost, users).unwrap_or_else(|| outermost.to_path_buf());
        let ignores = Ignores {
            overrides,
            hidden,
            folders: (!no_ignore).then(Mutex::default),
            has_rules: AtomicBool::new(false),
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
                None => self.hidden || !name_of(path).starts_with(b"."),
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
        if !self.has_rules.load(Ordering::Acquire) {
            return None;
        }
        let mut folder = self.folder(parent_of(path));
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

    fn folder(&self, path: &[u8]) -> Option<Arc<FolderRules>> {
        let folders = self.folders.as_ref()?;
        let folders = folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.get(path).cloned()
    }

    /// Reads the ignore files of a folder. One without any has the rules of the folder above.
    fn enter(&self, path: &Path) {
        let Some(folders) = &self.folders else {
            return;
        };
        let above = self.folder(parent_of(path));
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
        let has_rules = rules.iter().any(Option::is_some);
        // Those below are looked at after this folder was entered.
        self.has_rules.fetch_or(has_rules, Ordering::Release);
        let folder = match (is_repository || has_rules, above) {
            (false, Some(above)) => above,
            (_, above) => Arc::new(FolderRules {
                above,
                is_repository,
                rules,
            }),
        };
        let mut folders = folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(path.as_os_str().as_encoded_bytes().to_vec(), folder);
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

/// The bytes of a path that a walk gives, up to its last component.
fn parent_of(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_encoded_bytes();
    let (before, _) = bytes.split_at(bytes.len() - name_of(path).len());
    match before {
        [parent @ .., last] if is_separator(*last) && !parent.is_empty() => parent,
        root => root,
    }
}

/// The bytes of its last component.
pub(super) fn name_of(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut components = bytes.rsplit(|&byte| is_separator(byte));
    components.next().unwrap_or(bytes)
}

fn is_separator(byte: u8) -> bool {
    std::path::is_separator(char::from(byte))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ignore::WalkBuilder;

    use super::*;
    use crate::random_numbers::RandomNumbers;

    /// What our rules leave of a tree.
    fn kept(root: &Path) -> BTreeSet<PathBuf> {
        let users = Users::of_process(None);
        let ignores = Ignores::new((root, root), Override::empty(), (false, false), users);
        let mut found = BTreeSet::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if ignores.keeps(&path, path.is_dir()) {
                    found.insert(path.clone());
                    folders.extend(path.is_dir().then_some(path));
                }
            }
        }
        found
    }

    /// What the walker of the crate `ignore` leaves of it, with its own reading of ignore files.
    fn expected(root: &Path) -> BTreeSet<PathBuf> {
        let walk = WalkBuilder::new(root)
            .require_git(false)
            .git_global(false)
            .add_custom_ignore_filename(".excerptignore")
            .build();
        walk.map(|entry| entry.expect("an entry").into_path())
            .filter(|path| path != root)
            .collect()
    }

    #[test]
    fn rules_mean_what_they_mean_to_the_walker_of_ripgrep() {
        const RULES: [&str; 12] = [
            "a", "b/", "*.txt", "!a.txt", "/c", "c/*", "!c/b.txt", "**/a", "!.hidden", "!b", "#a",
            "a/**",
        ];
        let mut numbers = RandomNumbers::new();
        let seed = numbers.seed;
        let mut below = |n| numbers.below(n);
        for _ in 0..40 {
            let folder = tempfile::tempdir().expect("a folder");
            let root = fs::canonicalize(folder.path()).expect("its path");
            // Where the rules of Git end, for both.
            fs::create_dir_all(root.join(".git/info")).expect("folders");
            for inner in ["a", "b", "c", "a/b", "c/a", "c/a/b", ".hidden"] {
                let inner = root.join(inner);
                fs::create_dir_all(&inner).expect("a folder");
                for name in ["a.txt", "b.txt", "c.md", ".hidden"] {
                    let _ = fs::write(inner.join(name), "x");
                }
                for (name, _) in NAMES.iter().take(3) {
                    if below(3) > 0 {
                        continue;
                    }
                    let lines: Vec<_> = (0..1 + below(3))
                        .map(|_| RULES[below(RULES.len())])
                        .collect();
                    fs::write(inner.join(name), lines.join("\n")).expect("rules");
                }
            }
            fs::write(root.join(".git/info/exclude"), RULES[below(RULES.len())]).expect("rules");
            assert_eq!(kept(&root), expected(&root), "seed {seed}");
        }
    }

    #[test]
    fn rules_of_git_end_at_a_repository_and_the_others_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("its path");
        let inner = root.join("inner");
        fs::create_dir_all(inner.join(".git")).expect("a repository");
        for name in ["a.txt", "b.txt"] {
            fs::write(inner.join(name), "x").expect("a file");
        }
        fs::write(root.join(".gitignore"), "a.txt").expect("rules");
        fs::write(root.join(".ignore"), "b.txt").expect("rules");
        let found = kept(&root);
        assert!(found.contains(&inner.join("a.txt")) && !found.contains(&inner.join("b.txt")));
    }

    #[test]
    fn paths_are_cut_at_their_last_separator() {
        for (path, parent, name) in [("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", "", "a")] {
            let path = Path::new(path);
            assert_eq!(parent_of(path), parent.as_bytes());
            assert_eq!(name_of(path), name.as_bytes());
        }
    }
}
