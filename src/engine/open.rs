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

/// Whether a location is meant as a URL, that of an index on a cluster: it begins with a scheme and `://`.
#[must_use]
pub fn is_url(location: &str) -> bool {
    let Some((scheme, _)) = location.split_once("://") else {
        return false;
    };
    let others = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(others)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_folders() {
        for text in ["https://h/n", "http://", "ftp://x", "a+b-c.1://x"] {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "",
            ".excerpt",
            "C:\\index",
            "/a/b",
            "a/b://c",
            "://x",
            "1a://x",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
