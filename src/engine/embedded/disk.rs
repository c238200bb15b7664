//! The folder of an index as the engine uses it: a few operations, so that tests can let each of them fail.

use std::any::Any;
use std::fmt::Debug;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

/// The file that whoever changes the index holds locked; it names them.
pub(super) const LOCK: &str = "LOCK";

/// A file that is written; on disk as a whole only after [`Disk::sync`].
pub type NewFile = Box<dyn Write + Send + Sync>;

/// What holds the lock for as long as it lives.
pub type LockGuard = Box<dyn Any + Send + Sync>;

/// Where the files of an index lie, by their names.
pub trait Disk: Debug + Send + Sync + 'static {
    /// The names of the files that are there, with their sizes in bytes, in no order.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    fn list(&self) -> io::Result<Vec<(String, u64)>>;

    /// Reads a small file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where it is not there.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;

    /// A file's bytes, which are fetched when they are looked at.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where it is not there.
    fn map(&self, name: &str) -> io::Result<OwnedBytes>;

    /// Makes a new file in place of any that is there.
    ///
    /// # Errors
    /// Where it cannot be made.
    fn create(&self, name: &str) -> io::Result<NewFile>;

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

    /// Removes a file. Whoever mapped it keeps what they have.
    ///
    /// # Errors
    /// Where it cannot be removed.
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
/// Where it cannot be made.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
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
}

impl Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())
    }
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(path: &Path) -> io::Result<Folder> {
        let maps = MmapDirectory::open(path).map_err(|error| match path.is_dir() {
            true => io::Error::other(error.to_string()),
            false => io::Error::new(io::ErrorKind::NotFound, error.to_string()),
        })?;
        Ok(Folder {
            path: path.to_path_buf(),
            maps,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Disk for Folder {
    fn list(&self) -> io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // One that is removed meanwhile is not there.
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file);
            if let (Some(metadata), Ok(name)) = (metadata, entry.file_name().into_string()) {
                files.push((name, metadata.len()));
            }
        }
        Ok(files)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.file(name))
    }

    fn map(&self, name: &str) -> io::Result<OwnedBytes> {
        use tantivy::directory::error::OpenReadError;
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
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Box::new(File::create_new(path)?))
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        File::options()
            .write(true)
            .open(self.file(name))?
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
        fs::remove_file(self.file(name))
    }

    fn lock(&self) -> io::Result<Option<LockGuard>> {
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.file(LOCK))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Whom others are told of; nothing depends on it.
        let _ = file
            .set_len(0)
            .and_then(|()| file.write_all(this_process().as_bytes()));
        Ok(Some(Box::new(file)))
    }
}

/// This process, for people.
fn this_process() -> String {
    let id = std::process::id();
    match fs::read_to_string("/proc/sys/kernel/hostname") {
        Ok(host) => format!("process {id} on {}", host.trim()),
        Err(_) => format!("process {id}"),
    }
}
