//! Files of sources that were read to be shown, kept while an index is open: the queries of a batch, and of one who
//! looks for something, show the same files again and again.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::source::{ReadBytes, StatKey, StoredPath, content_hash};

/// All files together take at most so many bytes; then they are read anew.
const MAX_BYTES: usize = 16 << 20;
/// A larger file is not kept: reading it costs little beside looking through it.
const MAX_FILE_BYTES: usize = 1 << 20;

/// A file that was read as a whole.
#[derive(Debug)]
pub(super) struct HeldFile {
    /// Its content.
    pub(super) bytes: Vec<u8>,
    /// What the file system said of it, before and after it was read.
    pub(super) stat: StatKey,
    hash: OnceLock<u128>,
}

impl HeldFile {
    /// The hash of its content, made when it is first asked for: text that stands where its map says tells without it.
    pub(super) fn hash(&self) -> u128 {
        *self.hash.get_or_init(|| content_hash(&self.bytes))
    }
}

impl From<ReadBytes> for HeldFile {
    fn from(read: ReadBytes) -> HeldFile {
        HeldFile {
            bytes: read.bytes,
            stat: read.stat,
            hash: OnceLock::new(),
        }
    }
}

/// The files that were read, by their paths. One is given again only where the file system says of it what it said when
/// it was read: size, both times and which file it is, the times old enough to tell of a change since.
#[derive(Debug, Default)]
pub(super) struct HeldFiles(Mutex<FilesByPath>);

#[derive(Debug, Default)]
struct FilesByPath {
    files: HashMap<StoredPath, Arc<HeldFile>>,
    bytes: usize,
}

impl HeldFiles {
    /// What was read of the file that stands at `path`, if it is still that. A link in its place is another file.
    pub(super) fn get(&self, own: &StoredPath, path: &Path) -> Option<Arc<HeldFile>> {
        let file = Arc::clone(self.lock().files.get(own)?);
        let metadata = fs::symlink_metadata(path).ok()?;
        (metadata.is_file() && StatKey::of(&metadata) == file.stat).then_some(file)
    }

    /// Keeps a file for the next time, where its times can tell then whether it changed.
    pub(super) fn keep(&self, own: &StoredPath, file: &Arc<HeldFile>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now_ns = now.map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(0));
        if file.bytes.len() > MAX_FILE_BYTES || file.stat.trusted(now_ns) != file.stat {
            return;
        }
        let mut kept = self.lock();
        if kept.bytes + file.bytes.len() > MAX_BYTES {
            *kept = FilesByPath::default();
        }
        kept.bytes += file.bytes.len();
        let before = kept.files.insert(own.clone(), Arc::clone(file));
        kept.bytes -= before.map_or(0, |before| before.bytes.len());
    }

    fn lock(&self) -> MutexGuard<'_, FilesByPath> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;
    use crate::source::{Links, read_file};

    #[test]
    fn a_file_is_given_again_until_the_file_system_tells_of_a_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        let own = StoredPath::from_bytes(b"a.md");
        let held = HeldFiles::default();
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        let write = |text: &str| {
            fs::write(&path, text).expect("written");
            let file = File::options().write(true).open(&path).expect("the file");
            file.set_modified(long_ago).expect("a time");
        };
        let read = || {
            let read = read_file(&path, 100, Links::Refused).expect("there");
            Arc::new(HeldFile::from(read.expect("read")))
        };
        write("one");
        held.keep(&own, &read());
        assert!(held.get(&own, &path).is_none(), "it may change unseen");
        let rest = || std::thread::sleep(Duration::from_millis(60));
        rest();
        let file = read();
        held.keep(&own, &file);
        assert_eq!(
            held.get(&own, &path).expect("it is as it was").bytes,
            b"one"
        );
        // Of the same size and time of modification.
        write("two");
        assert!(held.get(&own, &path).is_none());
        rest();
        let file = read();
        held.keep(&own, &file);
        assert!(held.get(&own, &path).is_some());
        #[cfg(unix)]
        {
            let other = folder.path().join("b.md");
            fs::rename(&path, &other).expect("moved");
            assert!(held.get(&own, &path).is_none());
            std::os::unix::fs::symlink(&other, &path).expect("a link");
            assert!(held.get(&own, &path).is_none());
        }
    }

    #[test]
    fn all_files_together_are_bounded() {
        let held = HeldFiles::default();
        for i in 0..40 {
            let file = HeldFile::from(ReadBytes {
                bytes: vec![0; MAX_FILE_BYTES],
                stat: StatKey::default(),
            });
            let own = StoredPath::from_bytes(format!("{i}").as_bytes());
            held.keep(&own, &Arc::new(file));
            let kept = held.lock();
            let bytes: usize = kept.files.values().map(|file| file.bytes.len()).sum();
            assert_eq!(bytes, kept.bytes);
            assert!((1..=MAX_BYTES).contains(&bytes));
        }
    }
}
