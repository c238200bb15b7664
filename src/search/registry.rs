//! What this user let indexes read: a small file for each index, in the user's own folder of states.
//!
//! An index says of itself where its base is and what it covers, and whoever can write it, can let it say anything. What
//! leads out of its base is followed only where the record here says so too.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::refresh::Root;
use crate::source::StoredPath;
use crate::source::trust::{MAX_FOUND_BYTES, NamedRoot, Users, give_to_owner_of, read_regular};

/// The folder of the records in the folder of states.
const RECORDS: &str = "indexes";

/// What is recorded of an index in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexRecord {
    /// The version of the record's form.
    v: u32,
    /// The index's id.
    pub(super) id: String,
    /// Its folder, resolved.
    pub(super) folder: StoredPath,
    /// Its base, where this user made the index there.
    pub(super) base: Option<StoredPath>,
    /// Whether all that it holds was read by this user's runs.
    pub(super) made: bool,
    /// What the user named outside of the base, or with its links followed; of an index on a cluster all of it.
    roots: Vec<RecordedRoot>,
    /// Of an index on a cluster the folders that the user named, and how each is walked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covered: Vec<Root>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct RecordedRoot {
    path: StoredPath,
    links: bool,
}

impl IndexRecord {
    pub(super) fn new(id: &str, folder: &Path) -> IndexRecord {
        IndexRecord {
            v: 1,
            id: id.to_string(),
            folder: StoredPath::from_path(folder),
            base: None,
            made: false,
            roots: Vec::new(),
            covered: Vec::new(),
        }
    }

    /// Whether the user named all of these folders, to be walked so.
    pub(super) fn covers(&self, roots: &[Root]) -> bool {
        roots.iter().all(|root| self.covered.contains(root))
    }

    /// Notes the folders that an index on a cluster covers now: those that were noted before, and those that `named` says
    /// the user named.
    pub(super) fn cover(&mut self, roots: &[Root], named: impl Fn(&Root) -> bool) {
        let known = |root: &&Root| self.covered.contains(root) || named(root);
        self.covered = roots.iter().filter(known).cloned().collect();
    }

    pub(super) fn roots(&self) -> Vec<NamedRoot> {
        let root = |root: &RecordedRoot| NamedRoot {
            path: root.path.below(Path::new("/")),
            links: root.links,
        };
        self.roots.iter().map(root).collect()
    }

    /// Adds roots. One that another holds is none more.
    pub(super) fn add(&mut self, roots: &[NamedRoot]) {
        for root in roots {
            let path = StoredPath::from_path(&root.path);
            let holds =
                |other: &RecordedRoot| path.is_under(&other.path) && other.links >= root.links;
            if self.roots.iter().any(holds) {
                continue;
            }
            let links = root.links;
            self.roots
                .retain(|other| !(other.path.is_under(&path) && other.links <= links));
            self.roots.push(RecordedRoot { path, links });
        }
        self.roots.sort();
    }
}

/// The records in a user's folder of states.
#[derive(Debug, Clone)]
pub(super) struct Registry<'a> {
    state: Option<&'a Path>,
    users: Users,
}

impl<'a> Registry<'a> {
    pub(super) fn new(state: Option<&'a Path>, users: Users) -> Registry<'a> {
        Registry { state, users }
    }

    /// What is recorded of the index with this id in `folder`, which is resolved.
    pub(super) fn read(&self, id: &str, folder: &Path) -> Option<IndexRecord> {
        let path = self.path(id, folder)?;
        let is_own = fs::symlink_metadata(&path).is_ok_and(|metadata| self.users.own(&metadata));
        let bytes = read_regular(&path, MAX_FOUND_BYTES)
            .ok()
            .filter(|_| is_own)?;
        let record: IndexRecord = serde_json::from_slice(&bytes).ok()?;
        let is_it =
            record.v == 1 && record.id == id && record.folder == StoredPath::from_path(folder);
        is_it.then_some(record)
    }

    /// Writes a record, whole or not at all.
    pub(super) fn write(&self, record: &IndexRecord) -> io::Result<()> {
        let folder = record.folder.below(Path::new("/"));
        let Some(path) = self.path(&record.id, &folder) else {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "there is no folder for states",
            ));
        };
        let parent = path.parent().unwrap_or(&path);
        make_folders(parent)?;
        let next = path.with_extension(format!("{}.part", std::process::id()));
        let _ = fs::remove_file(&next);
        let mut file = File::create_new(&next)?;
        give_to_owner_of(parent, &next)?;
        file.write_all(serde_json::to_string(record)?.as_bytes())?;
        fs::rename(next, path)
    }

    fn path(&self, id: &str, folder: &Path) -> Option<PathBuf> {
        let hash = XxHash3_64::oneshot(folder.as_os_str().as_encoded_bytes());
        let name = format!("{id}-{hash:016x}.json");
        Some(self.state?.join(RECORDS).join(name))
    }
}

/// Makes a folder that only its owner enters, and those above it; they belong to the owner of the folder that is there.
fn make_folders(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| !folder.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        #[cfg_attr(
            not(unix),
            expect(unused_mut, reason = "the mode is set on Unix alone")
        )]
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        if let Some(above) = folder.parent() {
            give_to_owner_of(above, folder)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, links: bool) -> NamedRoot {
        NamedRoot {
            path: path.into(),
            links,
        }
    }

    #[test]
    fn records_read_back_for_their_id_and_folder_alone() {
        let state = tempfile::tempdir().expect("a folder");
        let users = Users::of_process(None);
        let registry = Registry::new(Some(state.path()), users);
        let mut record = IndexRecord::new("aa", Path::new("/x/.excerpt"));
        record.add(&[named("/y", false)]);
        registry.write(&record).expect("written");
        assert_eq!(registry.read("aa", Path::new("/x/.excerpt")), Some(record));
        assert_eq!(registry.read("ab", Path::new("/x/.excerpt")), None);
        assert_eq!(registry.read("aa", Path::new("/z/.excerpt")), None);
        assert_eq!(Registry::new(None, users).read("aa", Path::new("/x")), None);
    }

    #[test]
    fn roots_that_others_hold_are_not_listed_twice() {
        let mut record = IndexRecord::new("aa", Path::new("/x"));
        record.add(&[
            named("/a/b", false),
            named("/a", false),
            named("/a/c", true),
        ]);
        assert_eq!(record.roots(), [named("/a", false), named("/a/c", true)]);
        record.add(&[named("/a", true)]);
        assert_eq!(record.roots(), [named("/a", true)]);
    }
}
