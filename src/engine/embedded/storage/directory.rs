//! The files of one state as Tantivy sees them: those of the manifest and those that a change adds. Tantivy's own commit
//! and lists stay in memory; what becomes visible, and when, is the manifest's affair.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::begun::Begun;
use super::checksums::{CheckedFile, Damage, SummedFile, SummingWriter, write_file};
use super::disk::Disk;
use super::names::{by_content, of_segment, segment_of};

/// Where Tantivy keeps its list of segments.
const SEGMENTS: &str = "meta.json";

/// The files of a state, and of a change to it.
#[derive(Debug, Clone)]
pub(in crate::engine::embedded) struct StateDirectory {
    disk: Arc<dyn Disk>,
    damage: Damage,
    can_write: bool,
    shared: Arc<Mutex<DirectoryFiles>>,
}

#[derive(Debug, Default)]
struct DirectoryFiles {
    /// The files that can be read.
    files: BTreeMap<String, SummedFile>,
    /// What was listed before it was written, whole or not.
    begun: Begun,
    /// What Tantivy writes at once: its list of segments, its list of files.
    small: BTreeMap<String, Vec<u8>>,
}

impl StateDirectory {
    /// The files of a state; `segments` is Tantivy's list.
    pub(in crate::engine::embedded) fn of_state(
        disk: Arc<dyn Disk>,
        files: BTreeMap<String, SummedFile>,
        segments: &str,
    ) -> StateDirectory {
        let mut directory =
            StateDirectory::for_change(disk, files, Some(segments), Begun::default());
        directory.can_write = false;
        directory
    }

    /// The files of a state that is to be changed, and the list of those that the change writes.
    pub(super) fn for_change(
        disk: Arc<dyn Disk>,
        files: BTreeMap<String, SummedFile>,
        segments: Option<&str>,
        begun: Begun,
    ) -> StateDirectory {
        let small = segments.map(|text| (SEGMENTS.to_string(), text.as_bytes().to_vec()));
        StateDirectory {
            disk,
            damage: Damage::default(),
            can_write: true,
            shared: Arc::new(Mutex::new(DirectoryFiles {
                files,
                begun,
                small: small.into_iter().collect(),
            })),
        }
    }

    /// What was seen of damage so far.
    pub(in crate::engine::embedded) fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Opens a file, checked as it is read.
    pub(in crate::engine::embedded) fn open(&self, name: &str) -> io::Result<CheckedFile> {
        let entry = self.shared().files.get(name).copied();
        let entry = entry.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, name))?;
        CheckedFile::open(self.disk.as_ref(), name, entry, &self.damage)
    }

    /// Writes a whole file, where it is not there yet.
    pub(in crate::engine::embedded) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_by(name, &|out| out.write_all(bytes))
    }

    /// Writes a whole file by parts, where it is not there yet.
    pub(in crate::engine::embedded) fn write_by(
        &self,
        name: &str,
        write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.has(name) {
            return Ok(());
        }
        self.list([name.to_string()])?;
        let entry = write_file(self.disk.as_ref(), name, write)?;
        self.shared().files.insert(name.to_string(), entry);
        Ok(())
    }

    /// Writes a whole file that is named for its content, and returns its name; one that is there already is taken.
    pub(in crate::engine::embedded) fn write_content(
        &self,
        (prefix, hash, ending): (&str, &str, &str),
        write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<String> {
        let mut in_the_way = io::ErrorKind::AlreadyExists.into();
        for name in by_content(prefix, hash, ending) {
            match self.write_by(&name, write) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => in_the_way = error,
                Err(error) => return Err(error),
            }
        }
        Err(in_the_way)
    }

    /// Lists files before they are written.
    pub(super) fn list(&self, names: impl IntoIterator<Item = String>) -> io::Result<()> {
        self.shared().begun.list(self.disk.as_ref(), names)
    }

    /// Removes the listed files that do not belong to `published`.
    pub(super) fn remove_begun(&self, published: &BTreeSet<String>) -> io::Result<()> {
        let keeps = |name: &str| published.contains(name);
        self.shared().begun.remove_all(self.disk.as_ref(), keeps)
    }

    pub(in crate::engine::embedded) fn has(&self, name: &str) -> bool {
        self.shared().files.contains_key(name)
    }

    pub(in crate::engine::embedded) fn entry(&self, name: &str) -> Option<SummedFile> {
        self.shared().files.get(name).copied()
    }

    /// Tantivy's list of segments, as it is now.
    pub(in crate::engine::embedded) fn segments(&self) -> Option<String> {
        let bytes = self.shared().small.get(SEGMENTS).cloned()?;
        String::from_utf8(bytes).ok()
    }

    fn shared(&self) -> MutexGuard<'_, DirectoryFiles> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that Tantivy writes; others may read it once it is whole.
struct StateFile {
    name: String,
    file: SummingWriter,
    directory: StateDirectory,
}

impl Write for StateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for StateFile {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        let entry = self.file.finish()?;
        let name = std::mem::take(&mut self.name);
        self.directory.shared().files.insert(name, entry);
        Ok(())
    }
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "opened for reading only")
}

impl Directory for StateDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self.open(&name_of(path)) {
            Ok(file) => Ok(Arc::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_path_buf()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_path_buf())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let name = name_of(path);
        // What is published goes with the state that it belongs to.
        if self.can_write && self.shared().begun.names().contains(&name) {
            self.disk
                .remove(&name)
                .map_err(|error| DeleteError::IoError {
                    io_error: Arc::new(error),
                    filepath: path.to_path_buf(),
                })?;
            self.shared().files.remove(&name);
        }
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let name = name_of(path);
        let shared = self.shared();
        Ok(shared.files.contains_key(&name) || shared.small.contains_key(&name))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let name = name_of(path);
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_path_buf());
        if !self.can_write {
            return Err(failed(refused()));
        }
        if self.has(&name) {
            return Err(OpenWriteError::FileAlreadyExists(path.to_path_buf()));
        }
        // The files of a segment come together; one entry in the list serves them all.
        let mut names = segment_of(&name).map(of_segment).unwrap_or_default();
        names.push(name.clone());
        self.list(names).map_err(failed)?;
        let file = SummingWriter::new(self.disk.create(&name).map_err(failed)?);
        let directory = self.clone();
        Ok(BufWriter::new(Box::new(StateFile {
            name,
            file,
            directory,
        })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let found = self.shared().small.get(&name_of(path)).cloned();
        found.ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_path_buf()))
    }

    fn atomic_write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if !self.can_write {
            return Err(refused());
        }
        self.shared().small.insert(name_of(path), bytes.to_vec());
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
