//! Finds files: walks folders on all cores, honouring ignore files.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use serde::{Deserialize, Serialize};

use super::folder_stat::{FileFacts, FolderStat};
use super::ignores::{Ignores, name_of};
use super::trust::{Reach, Users};
use super::{ReadError, Reason, StatKey, StoredPath, startable};

/// The name of an index's folder; never walked.
pub const INDEX_FOLDER: &str = ".excerpt";

/// Which files a walk finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WalkOptions {
    /// Globs in the manner of `.gitignore`; one with `!` excludes.
    pub globs: Vec<String>,
    /// Whether hidden files and folders are walked.
    pub hidden: bool,
    /// Whether ignore files are not honoured.
    pub no_ignore: bool,
    /// Whether links are followed.
    pub follow: bool,
}

/// A regular file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path.
    pub path: StoredPath,
    /// What tells whether it changed.
    pub stat: StatKey,
    /// Whether it was reached through a link that is followed.
    pub is_linked: bool,
}

/// What a walk came upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read.
    File(FileEntry),
    /// A file or folder that cannot be read, or is not.
    Unread(StoredPath, ReadError),
    /// A link that leads out of what may be read.
    Beyond(StoredPath),
}

/// A walk that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A glob that cannot be read.
    #[error("invalid glob `{glob}`: {message}")]
    Glob {
        /// The glob as given.
        glob: String,
        /// What is wrong with it.
        message: String,
    },
    /// No thread can be started.
    #[error("no more threads to be had (ulimit -u)")]
    Threads,
    /// A root that is not there.
    #[error("`{path}` does not exist")]
    MissingRoot {
        /// The root.
        path: StoredPath,
    },
}

/// What is walked, and how.
pub struct Walk<'a> {
    /// The folder that paths are relative to.
    pub base: &'a Path,
    /// The folder that is walked.
    pub root: &'a StoredPath,
    /// Which files are found.
    pub options: &'a WalkOptions,
    /// Which links are followed where `options` say so; `None` for all.
    pub reach: Option<&'a Reach>,
    /// Says of a file's path how large a file is read, in bytes; a larger one is [`Reason::TooLarge`]. `None` where its
    /// format is not known: the file is passed over without a look.
    pub accepts: &'a (dyn Fn(&Path) -> Option<u64> + Sync),
    /// Says of what was found whether it belongs to the result; it is asked on the walking threads.
    pub keeps: &'a (dyn Fn(&Found) -> bool + Sync),
}

impl std::fmt::Debug for Walk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Walk")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// Walks a folder and returns what it holds, in the order of the paths.
///
/// # Errors
/// A bad glob, or a root that is not there. What cannot be read inside is part of the result.
pub fn walk(walk: &Walk<'_>) -> Result<Vec<Found>, WalkError> {
    let start = walk.root.below(walk.base);
    let overrides = overrides(walk.base, &walk.options.globs)?;
    if std::fs::metadata(&start).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return Err(WalkError::MissingRoot {
            path: walk.root.clone(),
        });
    }
    let users = walk
        .reach
        .map_or_else(|| Users::of_process(None), |reach| reach.users);
    let left_out = LeftOut {
        ignores: Ignores::new(
            (walk.base, &start),
            overrides,
            (walk.options.hidden, walk.options.no_ignore),
            users,
        ),
        reach: walk.reach.cloned(),
        start: start.clone(),
        beyond: Mutex::default(),
    };
    let left_out = Arc::new(left_out);
    let context = WalkContext {
        walk,
        collected: Mutex::default(),
    };
    let mut visitors = Visitors { context: &context };
    let wanted = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = match startable(wanted) {
        0 => return Err(WalkError::Threads),
        threads => threads,
    };
    walker(&start, walk.options.follow, threads, &left_out).visit(&mut visitors);
    let mut found = into_inner(context.collected);
    let left_out = Arc::into_inner(left_out).map(LeftOut::into_found);
    for other in left_out.into_iter().flatten() {
        let stored = |path: &Path| StoredPath::below_base(path, walk.base);
        found.push(match other {
            (path, Some(error)) => Found::Unread(stored(&path), error),
            (path, None) => Found::Beyond(stored(&path)),
        });
    }
    found.sort_unstable_by(|a, b| path_of(a).cmp(path_of(b)));
    Ok(found)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What a walk does not enter.
struct LeftOut {
    ignores: Ignores,
    reach: Option<Reach>,
    start: PathBuf,
    /// Links that lead out of reach.
    beyond: Mutex<Vec<PathBuf>>,
}

impl LeftOut {
    fn keeps(&self, entry: &DirEntry) -> bool {
        if name_of(entry.path()) == INDEX_FOLDER.as_bytes() {
            return false;
        }
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if !self.ignores.keeps(entry.path(), is_folder) {
            return false;
        }
        // Only a walk that follows links takes one for what it leads to.
        let is_followed =
            entry.path_is_symlink() && !entry.file_type().is_some_and(|kind| kind.is_symlink());
        let is_beyond = is_followed
            && self
                .reach
                .as_ref()
                .is_some_and(|reach| !reach.allows_link(entry.path(), &self.start));
        if is_beyond {
            let mut beyond = self.beyond.lock().unwrap_or_else(PoisonError::into_inner);
            beyond.push(entry.path().to_path_buf());
        }
        !is_beyond
    }

    /// The ignore files that were not read, with the reason, and the links that lead out of reach.
    fn into_found(self) -> impl Iterator<Item = (PathBuf, Option<ReadError>)> {
        let faults = self.ignores.into_faults().into_iter();
        let beyond = into_inner(self.beyond).into_iter();
        faults
            .map(|(path, error)| (path, Some(error)))
            .chain(beyond.map(|path| (path, None)))
    }
}

/// Looks at one file that was named by itself. A missing one is an I/O error of kind `NotFound`.
///
/// # Errors
/// Where the file is not there.
pub fn inspect(base: &Path, path: &StoredPath, max_file_bytes: u64) -> io::Result<Found> {
    let file = path.below(base);
    let is_linked = std::fs::symlink_metadata(&file).is_ok_and(|m| m.is_symlink());
    match std::fs::metadata(file) {
        Ok(metadata) => {
            let path = path.clone();
            let facts = FileFacts::of(&metadata);
            Ok(found_file(path, facts, is_linked, max_file_bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(error) => Ok(Found::Unread(path.clone(), error.into())),
    }
}

fn path_of(found: &Found) -> &StoredPath {
    match found {
        Found::File(file) => &file.path,
        Found::Unread(path, _) | Found::Beyond(path) => path,
    }
}

fn overrides(base: &Path, globs: &[String]) -> Result<Override, WalkError> {
    let mut builder = OverrideBuilder::new(base);
    for glob in globs {
        let error = |e: ignore::Error| WalkError::Glob {
            glob: glob.clone(),
            message: e.to_string(),
        };
        builder.add(glob).map_err(error)?;
    }
    builder.build().map_err(|e| WalkError::Glob {
        glob: globs.join(" "),
        message: e.to_string(),
    })
}

fn walker(
    start: &Path,
    follow: bool,
    threads: usize,
    left_out: &Arc<LeftOut>,
) -> ignore::WalkParallel {
    let left_out = Arc::clone(left_out);
    WalkBuilder::new(start)
        .standard_filters(false)
        .follow_links(follow)
        .threads(threads)
        .filter_entry(move |entry| left_out.keeps(entry))
        .build_parallel()
}

struct WalkContext<'a> {
    walk: &'a Walk<'a>,
    collected: Mutex<Vec<Found>>,
}

struct Visitors<'a> {
    context: &'a WalkContext<'a>,
}

impl<'a> ParallelVisitorBuilder<'a> for Visitors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor {
            context: self.context,
            folder: FolderStat::default(),
            found: Vec::new(),
        })
    }
}

/// One thread's part of a walk; hands over what it found when it ends.
struct Visitor<'a> {
    context: &'a WalkContext<'a>,
    folder: FolderStat,
    found: Vec<Found>,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.context
            .collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut self.found);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let found = match entry {
            Ok(entry) => self.context.entry(&entry, &mut self.folder),
            Err(error) => self.context.error(&error),
        };
        self.found
            .extend(found.filter(|found| (self.context.walk.keeps)(found)));
        WalkState::Continue
    }
}

impl WalkContext<'_> {
    fn stored(&self, path: &Path) -> StoredPath {
        StoredPath::below_base(path, self.walk.base)
    }

    fn entry(&self, entry: &DirEntry, folder: &mut FolderStat) -> Option<Found> {
        let kind = entry.file_type()?;
        if kind.is_dir() {
            return None;
        }
        let most = (self.walk.accepts)(entry.path())?;
        let path = self.stored(entry.path());
        if kind.is_symlink() {
            let is_dangling =
                std::fs::metadata(entry.path()).is_err_and(|error| leads_nowhere(&error));
            return is_dangling.then(|| Found::Unread(path, ReadError::new(Reason::DanglingLink)));
        }
        let is_linked = self.walk.options.follow;
        let facts = match is_linked {
            true => None,
            false => folder.look(entry.path()),
        };
        let facts = facts.map_or_else(|| Ok(FileFacts::of(&entry.metadata()?)), Ok);
        match facts {
            Ok(facts) => Some(found_file(path, facts, is_linked, most)),
            Err(error) => self.error(&error),
        }
    }

    /// What an error means. One for a file that vanished meanwhile is nothing: the file is gone.
    fn error(&self, error: &ignore::Error) -> Option<Found> {
        let path = error_path(error)?;
        let io = error.io_error()?;
        let stored = self.stored(&path);
        let is_link = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink());
        if is_link && leads_nowhere(io) {
            let is_ours = (self.walk.accepts)(&path).is_some();
            return is_ours.then(|| Found::Unread(stored, ReadError::new(Reason::DanglingLink)));
        }
        if io.kind() == io::ErrorKind::NotFound {
            return None;
        }
        Some(Found::Unread(
            stored,
            io::Error::new(io.kind(), io.to_string()).into(),
        ))
    }
}

/// Whether a link that cannot be followed leads to nothing: to no file, to itself, through what is no folder. Only a
/// folder that must not be read may hide a file.
fn leads_nowhere(error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::PermissionDenied
}

fn error_path(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            error_path(err)
        }
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        _ => None,
    }
}

fn found_file(path: StoredPath, facts: FileFacts, is_linked: bool, max_bytes: u64) -> Found {
    if !facts.is_file {
        return Found::Unread(path, ReadError::new(Reason::SpecialFile));
    }
    if facts.stat.size > max_bytes {
        return Found::Unread(path, ReadError::new(Reason::TooLarge));
    }
    Found::File(FileEntry {
        path,
        stat: facts.stat,
        is_linked,
    })
}
