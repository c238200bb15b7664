//! Files that may be a stranger's: opened without following links or waiting, only where they are regular, up to a
//! size; and whose they are.
//!
//! A folder can be a clone or an unpacked archive, so that anything may stand at a path: a link to a private file, a
//! pipe that nobody writes to, a device without an end.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a file that is found, not named: a configuration, ignore rules.
pub const MAX_FOUND_BYTES: u64 = 1 << 20;
/// The most bytes of a file of rules that the user names: aliases, assertions, a document to check.
pub const MAX_NAMED_BYTES: u64 = 64 << 20;
/// The most bytes of a list that the user names: queries, topics, judgements, names of files.
pub const MAX_LIST_BYTES: u64 = 1 << 30;

/// Opens a regular file to read it. The last component of the path may not be a link.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] with the kind in words for what is no regular file, and where it cannot be opened.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Opening a device can have effects of its own, so that the kind is asked first, and again of what was opened.
    check_regular(&fs::symlink_metadata(path)?)?;
    let file = unfollowed(File::options().read(true)).open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Says an error for what is no regular file.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] with the kind in words.
pub fn check_regular(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let is = if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else {
        "a pipe, socket or device"
    };
    let message = format!("it is {is}, not a file");
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// The options, which open no link, wait for nobody, and take no terminal.
pub fn unfollowed(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;

        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options
}

/// Reads a regular file, which is no link, of at most `max_bytes`.
///
/// # Errors
/// As [`open_regular`], and [`io::ErrorKind::FileTooLarge`].
pub fn read_regular(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_up_to(open_regular(path)?, max_bytes)
}

/// Reads a file that was found in `folder` or below it. A link is followed where it ends there too.
///
/// # Errors
/// As [`read_regular`]; [`io::ErrorKind::InvalidInput`] for a link that leads out of the folder.
pub fn read_found(path: &Path, folder: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.file_type().is_symlink() {
        return read_regular(path, MAX_FOUND_BYTES);
    }
    let real = fs::canonicalize(path)?;
    if !real.starts_with(fs::canonicalize(folder)?) {
        let message = "it is a link out of its folder";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    read_regular(&real, MAX_FOUND_BYTES)
}

/// Reads a file that the user named, of any kind but a folder: a pipe such as the shell's `<(…)` too.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] above `max_bytes`, and where it cannot be read.
pub fn read_named(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_up_to(File::open(path)?, max_bytes)
}

/// Reads to the end, which has to come within `max_bytes`.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`], and where reading fails.
pub fn read_up_to(input: impl Read, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        let message = format!("it is larger than {} MiB", max_bytes >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// The users whose files count as one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Users {
    own: Option<u32>,
    /// Who runs the program as root.
    caller: Option<u32>,
}

impl Users {
    /// The effective user of the process; where that is root, also `caller`, who became root for this program.
    #[must_use]
    pub fn of_process(caller: Option<u32>) -> Users {
        let own = effective_user();
        Users {
            own,
            caller: caller.filter(|_| own == Some(0)),
        }
    }

    /// Whether a file or folder belongs to one of the users. Where the system knows no owners, all do.
    #[must_use]
    pub fn own(&self, metadata: &Metadata) -> bool {
        match (self.own, owner(metadata)) {
            (Some(own), Some(owner)) => owner == own || self.caller == Some(owner),
            _ => true,
        }
    }

    /// Whether the process runs for somebody else, so that new files are given to a folder's owner.
    #[must_use]
    pub fn acts_for_caller(&self) -> bool {
        self.caller.is_some()
    }
}

#[cfg(unix)]
fn effective_user() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn effective_user() -> Option<u32> {
    None
}

/// The number of the user that a file belongs to, where the system knows owners.
#[must_use]
pub fn owner(metadata: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some(metadata.uid())
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

/// How many names a file has: more than one where another folder may hold it too.
#[must_use]
pub fn names_of(metadata: &Metadata) -> u64 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        metadata.nlink()
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        1
    }
}

/// Gives a new file to the owner of a folder, where another user made it: root does so for others.
///
/// # Errors
/// Where it may not be given away.
pub fn give_to_owner_of(folder: &Path, file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (to, is) = (fs::metadata(folder)?, fs::symlink_metadata(file)?);
        if effective_user() == Some(0) && to.uid() != is.uid() {
            std::os::unix::fs::lchown(file, Some(to.uid()), Some(to.gid()))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (folder, file);
    Ok(())
}

/// The path with its links resolved; of what is not there, the part that is.
#[must_use]
pub fn resolved(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_path_buf(),
    }
}

/// The folders whose indexes are trusted, whoever they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Trusted {
    /// None but one's own.
    #[default]
    Nothing,
    /// All.
    Everything,
    /// Those at or below these folders, whose links are resolved.
    Below(Vec<PathBuf>),
}

impl Trusted {
    /// Reads a list of folders, separated as in `PATH`, or `*`.
    #[must_use]
    pub fn read(list: &std::ffi::OsStr) -> Trusted {
        if list == "*" {
            return Trusted::Everything;
        }
        let folders: Vec<PathBuf> = std::env::split_paths(list)
            .filter(|folder| !folder.as_os_str().is_empty())
            .map(|folder| resolved(&folder))
            .collect();
        match folders.is_empty() {
            true => Trusted::Nothing,
            false => Trusted::Below(folders),
        }
    }

    /// Whether a folder is trusted.
    #[must_use]
    pub fn covers(&self, folder: &Path) -> bool {
        match self {
            Trusted::Nothing => false,
            Trusted::Everything => true,
            Trusted::Below(folders) => {
                let real = resolved(folder);
                folders.iter().any(|trusted| real.starts_with(trusted))
            }
        }
    }
}

/// Which files an index may read: those in its base, and in the roots that this user named. Paths are resolved first,
/// so that a link inside the base does not lead out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The base, resolved; `None` where the index says of itself what it is, and nobody else does.
    pub base: Option<PathBuf>,
    /// The named roots.
    pub roots: Vec<NamedRoot>,
    /// Whose links are followed.
    pub users: Users,
}

/// A file or folder that a user named on a command line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedRoot {
    /// Its path, resolved.
    pub path: PathBuf,
    /// Whether links below it are followed wherever they lead.
    pub links: bool,
}

impl Reach {
    /// Whether the file or folder at `path` may be read.
    #[must_use]
    pub fn allows(&self, path: &Path) -> bool {
        let real = resolved(path);
        self.holds(&real) || self.root_of(&real).is_some()
    }

    /// Whether a link below the root `root` may be followed: one that stays within reach, or the user's own below a root
    /// that was named so.
    #[must_use]
    pub fn allows_link(&self, link: &Path, root: &Path) -> bool {
        let is_own = || fs::symlink_metadata(link).is_ok_and(|metadata| self.users.own(&metadata));
        let links = |root: &NamedRoot| root.links;
        self.allows(link) || (self.root_of(&resolved(root)).is_some_and(links) && is_own())
    }

    fn holds(&self, real: &Path) -> bool {
        self.base
            .as_ref()
            .is_some_and(|base| real.starts_with(base))
    }

    /// The root that holds a resolved path; of several one whose links are followed.
    fn root_of(&self, real: &Path) -> Option<&NamedRoot> {
        let holding = self
            .roots
            .iter()
            .filter(|root| real.starts_with(&root.path));
        holding.max_by_key(|root| root.links)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_folders_cover_what_lies_below_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).expect("folders");
        let trusted = Trusted::read(folder.path().join("a").as_os_str());
        assert!(trusted.covers(&inner) && !trusted.covers(folder.path()));
        assert!(!trusted.covers(&folder.path().join("ab")));
        assert!(Trusted::read("*".as_ref()).covers(&inner));
        assert_eq!(Trusted::read("".as_ref()), Trusted::Nothing);
    }

    #[test]
    fn sizes_are_bounded_and_said() {
        let error = read_up_to(io::repeat(0), 3 << 20).expect_err("too large");
        assert_eq!(error.to_string(), "it is larger than 3 MiB");
        assert_eq!(read_up_to(&b"abc"[..], 3).expect("read"), b"abc");
    }

    #[cfg(unix)]
    #[test]
    fn links_pipes_devices_and_folders_are_no_files() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "x").expect("a file");
        fs::create_dir(at("sub")).expect("a folder");
        symlink("/dev/zero", at("zero")).expect("a link");
        symlink(at("file"), at("link")).expect("a link");
        for (name, is) in [("zero", "a link"), ("link", "a link"), ("sub", "a folder")] {
            let error = read_regular(&at(name), 10).expect_err(name);
            assert!(error.to_string().contains(is), "{name}: {error}");
        }
        let error = read_regular(Path::new("/dev/zero"), 10).expect_err("a device");
        assert!(error.to_string().contains("device"), "{error}");
        assert_eq!(read_found(&at("link"), folder.path()).expect("read"), b"x");
        let error = read_found(&at("zero"), folder.path()).expect_err("a link out");
        assert!(error.to_string().contains("out of its folder"), "{error}");
    }
}
