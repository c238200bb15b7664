//! Which engine keeps an index.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::embedded::EmbeddedEngine;
use super::embedded::storage::disk;
use super::{Engine, EngineError};
use crate::source::trust::Users;

/// Where an index lies, or would.
#[derive(Debug, Clone)]
pub enum EngineLocation {
    /// In a folder of this machine.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Whose files count as the user's.
        users: Users,
    },
    /// On a cluster.
    #[cfg(feature = "cluster")]
    Cluster(Box<super::opensearch::ClusterOptions>),
}

/// The engine that keeps the index at `location`.
///
/// # Errors
/// [`EngineError::Unsupported`] for a place that no engine knows.
pub fn open(location: &EngineLocation) -> Result<Arc<dyn Engine>, EngineError> {
    Ok(match location {
        EngineLocation::Folder { folder, users } => Arc::new(EmbeddedEngine::new(folder, *users)),
        #[cfg(feature = "cluster")]
        EngineLocation::Cluster(options) => {
            Arc::new(super::opensearch::ClusterEngine::new(options)?)
        }
    })
}

/// Whether there is an index in `folder`, of whatever version and however sound. A link to a folder counts only where
/// `follow` is set.
#[must_use]
pub fn is_index(folder: &Path, follow: bool) -> bool {
    EmbeddedEngine::is_in(folder, follow)
}

/// The file whose owner is that of the index in `folder`, beside the folder's.
#[must_use]
pub fn manifest_of(folder: &Path) -> PathBuf {
    EmbeddedEngine::manifest_in(folder)
}

/// Makes the folder of an index; a link to one is followed only where `follow` is set.
///
/// # Errors
/// Where it cannot be made, or is a link that is not followed.
pub fn create_folder(folder: &Path, follow: bool) -> io::Result<()> {
    disk::create_folder(folder, follow)
}
