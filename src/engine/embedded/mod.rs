//! The embedded engine: Tantivy's segments, dictionaries and postings in a folder, matched and ranked by our own rules.

mod anchors;
mod backlog;
mod bounds;
mod document;
mod expand;
mod flat;
mod form_collector;
mod form_table;
mod fuzzy;
mod inverted;
mod languages;
mod limited;
mod lists;
mod matcher;
mod merge_policy;
mod number_column;
mod opened;
mod pending;
mod plan;
mod postings;
mod schema;
mod scorer;
mod search;
mod segment;
mod segment_tables;
mod snapshot;
mod spelled;
mod stem_table;
pub mod storage;
mod top_k;
mod verify;
mod writer;

pub use self::opened::EmbeddedSnapshot;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::opened::on_folder;
use self::storage::disk::Disk;
use self::storage::faults::storage_error;
use self::storage::names::{MANIFEST, OLD_MANIFEST};
use super::{Depth, Engine, EngineError, EngineFeatures, Recovered, Snapshot, Verification};
use crate::source::trust::Users;

/// A folder in which an index lies, or would.
#[derive(Debug, Clone)]
pub struct EmbeddedEngine {
    folder: PathBuf,
    users: Users,
}

impl EmbeddedEngine {
    /// The index in `folder`, for these users.
    #[must_use]
    pub fn new(folder: &Path, users: Users) -> EmbeddedEngine {
        EmbeddedEngine {
            folder: folder.to_path_buf(),
            users,
        }
    }

    /// Whether there is an index in `folder`, of whatever version and however sound. A link to a folder counts only where
    /// `follow` is set.
    #[must_use]
    pub fn is_in(folder: &Path, follow: bool) -> bool {
        let is_there = |name| fs::symlink_metadata(folder.join(name)).is_ok();
        let is_folder = || fs::symlink_metadata(folder).is_ok_and(|m| follow || m.is_dir());
        (is_there(MANIFEST) || is_there(OLD_MANIFEST)) && is_folder()
    }

    /// Where the manifest of an index in `folder` lies.
    #[must_use]
    pub fn manifest_in(folder: &Path) -> PathBuf {
        folder.join(MANIFEST)
    }

    fn disk(&self) -> Result<Arc<dyn Disk>, EngineError> {
        on_folder(&self.folder, self.users)
    }
}

impl Engine for EmbeddedEngine {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, EngineError> {
        Ok(Arc::new(EmbeddedSnapshot::open_on(self.disk()?)?))
    }

    fn blank(&self, is_renamed: bool) -> Result<Arc<dyn Snapshot>, EngineError> {
        let blank = EmbeddedSnapshot::blank_on(self.disk()?)?;
        Ok(Arc::new(match is_renamed {
            true => blank.renamed(),
            false => blank,
        }))
    }

    fn recover(&self) -> Result<Recovered, EngineError> {
        let disk = self.disk()?;
        let manifest = disk.read(MANIFEST).ok();
        let recovered = Recovered {
            settings: self::snapshot::kept_settings(disk.as_ref()),
            id: manifest.and_then(|bytes| self::storage::manifest::id_of(&bytes)),
            sources: None,
        };
        let catalog = self::snapshot::kept_catalog(disk.as_ref());
        Ok(recovered.with_catalog(catalog.as_ref()))
    }

    fn features(&self) -> EngineFeatures {
        EngineFeatures {
            ranks_all: true,
            is_atomic: true,
        }
    }

    fn size_bytes(&self) -> Result<u64, EngineError> {
        let files = self.disk()?.list().map_err(|e| storage_error(&e))?;
        Ok(files
            .into_iter()
            .filter(|entry| entry.is_file)
            .map(|entry| entry.bytes)
            .sum())
    }

    fn verify(&self, depth: Depth) -> Result<Verification, EngineError> {
        loop {
            let opened = EmbeddedSnapshot::open_on(self.disk()?);
            let verified = opened.and_then(|snapshot| snapshot.verify(depth));
            return match verified {
                // Another process committed meanwhile.
                Err(EngineError::Outdated) => continue,
                Err(EngineError::Damaged(fault)) => Ok(Verification {
                    faults: vec![fault],
                    ..Verification::default()
                }),
                result => result,
            };
        }
    }
}
