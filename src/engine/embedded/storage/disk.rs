//! The folder of an index as the engine uses it: a few operations, so that tests can let each of them fail.
//!
//! The folder may have come with a stranger's clone or archive. Nothing in it is opened through a link, and what is
//! written is a new, regular file. One race is left: a file that is swapped for a link between the look at its kind and
//! the mapping is mapped through it; its sums then do not fit.

use std::any::Any;
use std::fmt::Debug;
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use crate::source::trust::{
    Users, check_regular, names_of, open_regular, owner, read_up_to, unfollowed,
};

/// The file that whoever changes the index holds locked; it names them.
pub(super) const LOCK: &str = "LOCK";
/// The bytes that name the holder, with spaces behind: the file is never cut.
const HOLDER_BYTES: usize = 128;
/// The most bytes of a file that is read whole: a manifest, a list.
const MAX_READ_BYTES: u64 = 64 << 20;

/// A file that is written; on disk as a whole only after [`Disk::sync`].
pub type NewFile = Box<dyn Write + Send + Sync>;

/// What holds the lock for as long as it lives.
pub type LockGuard = Box<dyn Any + Send + Sync>;

/// What stands in the folder under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; what is no UTF-8 is replaced.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it is a regular file.
    pub is_file: bool,
}

/// Where the files of an index lie, by their names.
pub trait Disk: Debug + Send + Sync + 'static {
    /// What is there, in no order.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    fn list(&self) -> io::Result<Vec<Entry>>;

    /// Whether something has this name.
    fn exists(&self, name: &str) -> bool;

    /// Reads a small file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where it is not there, [`io::ErrorKind::InvalidInput`] where it is no regular file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;

    /// A file's bytes, which are fetched when they are looked at.
    ///
    /// # Errors
    /// As [`Disk::read`].
    fn map(&self, name: &str) -> io::Result<OwnedBytes>;

    /// Makes a new file.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where something has the name, and where the file cannot be made.
    fn create(&self, name: &str) -> io::Result<NewFile>;

    /// Adds to the end of a small file, which is made where it is not there.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for what is no regular file, and where it cannot be written.
    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Returns once a file's content would survive a loss of power.
    ///
    /// # Errors
    /// Where that is not sure.
    fn sync(&self, name: &str) -> io::Result<()>;

    /// Returns once the names in the folder would survive a loss of power.
    ///
    /// # Errors
    /// Where that is not sure.
    fn sync_folder(&self) -> io::Result<()>;

    /// Gives a file another name, in place of the file that has it, at once.
    ///
    /// # Errors
    /// Where it cannot be done; the other file is then as it was.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a regular file. Whoever mapped it keeps what they have.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for what is no regular file, and where it cannot be removed.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Takes the lock; `None` where another holds it.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    fn lock(&self) -> io::Result<Option<LockGuard>>;
}

/// Makes a folder that would survive a loss of power, with those above it; one that is there stays.
///
/// # Errors
/// Where it cannot be made, or something else has its name; a link to a folder is none where `follow` is not set.
pub fn create_folder(path: &Path, follow: bool) -> io::Result<()> {
    let is_missing =
        |folder: &&Path| !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    if missing.is_empty() {
        let metadata = if follow {
            fs::metadata(path)?
        } else {
            fs::symlink_metadata(path)?
        };
        let message = "it is a link or a file, not a folder";
        return match metadata.is_dir() {
            true => Ok(()),
            false => Err(io::Error::new(io::ErrorKind::NotADirectory, message)),
        };
    }
    fs::create_dir_all(path)?;
    for parent in missing.iter().filter_map(|folder| folder.parent()) {
        // A folder that may be entered and not read cannot be synced by us.
        let _ = File::open(parent).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// A folder of the file system.
pub struct Folder {
    path: PathBuf,
    maps: MmapDirectory,
    users: Users,
}

impl Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())
    }
}

impl Folder {
    /// The folder at `path`, for these users.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(path: &Path, users: Users) -> io::Result<Folder> {
        let maps = MmapDirectory::open(path).map_err(|error| match path.is_dir() {
            true => io::Error::other(error.to_string()),
            false => io::Error::new(io::ErrorKind::NotFound, error.to_string()),
        })?;
        Ok(Folder {
            path: path.to_path_buf(),
            maps,
            users,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes a regular file that is not there yet. It can be read by whoever can read the manifest, whatever the umask of
    /// this process is, and belongs to the folder's owner where somebody runs the program as root.
    fn make(&self, name: &str) -> io::Result<File> {
        let file =
            unfollowed(File::options().write(true).create_new(true)).open(self.file(name))?;
        #[cfg(unix)]
        {
            if self.users.acts_for_caller() {
                use std::os::unix::fs::MetadataExt;
                let folder = fs::metadata(&self.path)?;
                std::os::unix::fs::fchown(&file, Some(folder.uid()), Some(folder.gid()))?;
            }
            if let Ok(manifest) = fs::symlink_metadata(self.file(super::names::MANIFEST))
                && manifest.is_file()
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = manifest.permissions().mode() & 0o666;
                file.set_permissions(fs::Permissions::from_mode(mode))?;
            }
        }
        Ok(file)
    }

    /// A file that is there, to write in it: regular, with no other name, and of the folder's owner.
    fn open_own(&self, name: &str) -> io::Result<File> {
        let path = self.file(name);
        check_regular(&fs::symlink_metadata(&path)?)?;
        let file = unfollowed(File::options().write(true)).open(path)?;
        let metadata = file.metadata()?;
        check_regular(&metadata)?;
        let is_of_folder = owner(&metadata) == owner(&fs::metadata(&self.path)?);
        if names_of(&metadata) > 1 || !(is_of_folder || self.users.own(&metadata)) {
            let message = format!("`{name}` has another name or owner, and is not written to");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(file)
    }
}

impl Disk for Folder {
    fn list(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // One that is removed meanwhile is not there.
            if let Ok(metadata) = entry.metadata() {
                entries.push(Entry {
                    name: entry.file_name().to_string_lossy().into_owned(),
                    bytes: metadata.len(),
                    is_file: metadata.is_file(),
                });
            }
        }
        Ok(entries)
    }

    fn exists(&self, name: &str) -> bool {
        fs::symlink_metadata(self.file(name)).is_ok()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        read_up_to(open_regular(&self.file(name))?, MAX_READ_BYTES)
    }

    fn map(&self, name: &str) -> io::Result<OwnedBytes> {
        use tantivy::directory::error::OpenReadError;
        check_regular(&fs::symlink_metadata(self.file(name))?)?;
        let handle = match self.maps.get_file_handle(Path::new(name)) {
            Ok(handle) => handle,
            Err(OpenReadError::IoError { io_error, .. }) => {
                return Err(io::Error::new(io_error.kind(), io_error.to_string()));
            }
            Err(error) => return Err(io::Error::new(io::ErrorKind::NotFound, error.to_string())),
        };
        handle.read_bytes(0..handle.len())
    }

    fn create(&self, name: &str) -> io::Result<NewFile> {
        Ok(Box::new(self.make(name)?))
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = match self.open_own(name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make(name)?,
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::End(0))?;
        file.write_all(bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let path = self.file(name);
        check_regular(&fs::symlink_metadata(&path)?)?;
        unfollowed(File::options().write(true))
            .open(path)?
            .sync_all()
    }

    fn sync_folder(&self) -> io::Result<()> {
        if cfg!(unix) {
            File::open(&self.path)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.file(from), self.file(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.file(name);
        check_regular(&fs::symlink_metadata(&path)?)?;
        fs::remove_file(path)
    }

    fn lock(&self) -> io::Result<Option<LockGuard>> {
        let mut file = match self.make(LOCK) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.open_own(LOCK)?,
            made => made?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Whom others are told of; nothing depends on it.
        let _ = file.write_all(this_process().as_bytes());
        Ok(Some(Box::new(file)))
    }
}

/// This process, for people, with spaces behind: what was there before may be longer.
fn this_process() -> String {
    let id = std::process::id();
    let name = match fs::read_to_string("/proc/sys/kernel/hostname") {
        Ok(host) => format!("process {id} on {}", host.trim()),
        Err(_) => format!("process {id}"),
    };
    format!("{name:HOLDER_BYTES$}")
}
