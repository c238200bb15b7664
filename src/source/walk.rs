//! Finds files: walks folders on all cores, honouring ignore files.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use serde::{Deserialize, Serialize};

use super::{ReadError, Reason, StoredPath, startable};

/// The folder of an index; never walked.
const INDEX_FOLDER: &str = ".excerpt";

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
    /// Its size in bytes.
    pub size: u64,
    /// Its time of modification, in nanoseconds since 1970.
    pub modified_ns: i64,
}

/// What a walk came upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read.
    File(FileEntry),
    /// A file or folder that cannot be read, or is not.
    Unread(StoredPath, ReadError),
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

/// Walks the folder `root` below `base` and returns what it holds, in the order of the paths. `accepts` says of a
/// file's path whether its format is known; other files are passed over
/// without a look. One of more than `max_file_bytes` is [`Reason::TooLarge`]. `keeps` says of what was found whether it belongs to the result; it is asked on the walking threads.
///
/// # Errors
/// A bad glob, or a root that is not there. What cannot be read inside is part of the result.
pub fn walk(
    base: &Path,
    root: &StoredPath,
    options: &WalkOptions,
    max_file_bytes: u64,
    accepts: &(dyn Fn(&Path) -> bool + Sync),
    keeps: &(dyn Fn(&Found) -> bool + Sync),
) -> Result<Vec<Found>, WalkError> {
    let start = root.below(base);
    let overrides = overrides(base, &options.globs)?;
    if std::fs::metadata(&start).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return Err(WalkError::MissingRoot { path: root.clone() });
    }
    let collected = Mutex::new(Vec::new());
    let context = Context {
        base,
        max_file_bytes,
        accepts,
        keeps,
    };
    let wanted = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = match startable(wanted) {
        0 => return Err(WalkError::Threads),
        threads => threads,
    };
    walker(&start, options, overrides, threads).visit(&mut Visitors {
        context: &context,
        collected: &collected,
    });
    let mut found = collected
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_unstable_by(|a, b| path_of(a).cmp(path_of(b)));
    Ok(found)
}

/// Looks at one file that was named by itself. A missing one is an I/O error of kind `NotFound`.
///
/// # Errors
/// Where the file is not there.
pub fn inspect(base: &Path, path: &StoredPath, max_file_bytes: u64) -> io::Result<Found> {
    match std::fs::metadata(path.below(base)) {
        Ok(metadata) => Ok(found_file(path.clone(), &metadata, max_file_bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(error) => Ok(Found::Unread(path.clone(), error.into())),
    }
}

fn path_of(found: &Found) -> &StoredPath {
    match found {
        Found::File(file) => &file.path,
        Found::Unread(path, _) => path,
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
    options: &WalkOptions,
    overrides: Override,
    threads: usize,
) -> ignore::WalkParallel {
    WalkBuilder::new(start)
        .standard_filters(!options.no_ignore)
        .hidden(!options.hidden)
        .require_git(false)
        .git_global(false)
        .follow_links(options.follow)
        .overrides(overrides)
        .threads(threads)
        .add_custom_ignore_filename(if options.no_ignore {
            ".excerpt-no-such-file"
        } else {
            ".excerptignore"
        })
        .filter_entry(|entry| entry.file_name() != INDEX_FOLDER)
        .build_parallel()
}

struct Context<'a> {
    base: &'a Path,
    max_file_bytes: u64,
    accepts: &'a (dyn Fn(&Path) -> bool + Sync),
    keeps: &'a (dyn Fn(&Found) -> bool + Sync),
}

struct Visitors<'a> {
    context: &'a Context<'a>,
    collected: &'a Mutex<Vec<Found>>,
}

impl<'a> ParallelVisitorBuilder<'a> for Visitors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor {
            context: self.context,
            collected: self.collected,
            found: Vec::new(),
        })
    }
}

/// One thread's part of a walk; hands over what it found when it ends.
struct Visitor<'a> {
    context: &'a Context<'a>,
    collected: &'a Mutex<Vec<Found>>,
    found: Vec<Found>,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.collected
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .append(&mut self.found);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let found = match entry {
            Ok(entry) => self.context.entry(&entry),
            Err(error) => self.context.error(&error),
        };
        self.found
            .extend(found.filter(|found| (self.context.keeps)(found)));
        WalkState::Continue
    }
}

impl Context<'_> {
    fn stored(&self, path: &Path) -> StoredPath {
        StoredPath::below_base(path, self.base)
    }

    fn entry(&self, entry: &DirEntry) -> Option<Found> {
        let kind = entry.file_type()?;
        if kind.is_dir() || !(self.accepts)(entry.path()) {
            return None;
        }
        let path = self.stored(entry.path());
        if kind.is_symlink() {
            let is_dangling =
                std::fs::metadata(entry.path()).is_err_and(|e| e.kind() == io::ErrorKind::NotFound);
            return is_dangling.then(|| Found::Unread(path, ReadError::new(Reason::DanglingLink)));
        }
        match entry.metadata() {
            Ok(metadata) => Some(found_file(path, &metadata, self.max_file_bytes)),
            Err(error) => self.error(&error),
        }
    }

    /// What an error means. One for a file that vanished meanwhile is nothing: the file is gone.
    fn error(&self, error: &ignore::Error) -> Option<Found> {
        let path = error_path(error)?;
        let io = error.io_error()?;
        let stored = self.stored(&path);
        if io.kind() == io::ErrorKind::NotFound {
            let is_link = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink());
            let is_ours = is_link && (self.accepts)(&path);
            return is_ours.then(|| Found::Unread(stored, ReadError::new(Reason::DanglingLink)));
        }
        Some(Found::Unread(
            stored,
            io::Error::new(io.kind(), io.to_string()).into(),
        ))
    }
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

fn found_file(path: StoredPath, metadata: &Metadata, max_bytes: u64) -> Found {
    if !metadata.is_file() {
        return Found::Unread(path, ReadError::new(Reason::SpecialFile));
    }
    if metadata.len() > max_bytes {
        return Found::Unread(path, ReadError::new(Reason::TooLarge));
    }
    Found::File(FileEntry {
        path,
        size: metadata.len(),
        modified_ns: modified_ns(metadata),
    })
}

fn modified_ns(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else {
        return 0;
    };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}
