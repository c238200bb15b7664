//! Which index: the folder it lies in, and the folder that its paths are relative to.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

#[cfg(feature = "cluster")]
use super::cluster_place::ClusterPlace;
#[cfg(not(feature = "cluster"))]
use super::no_cluster::NoCluster as ClusterPlace;
use super::spellings::on_disk;
use crate::engine::{EngineLocation, create_folder, is_index};
use crate::source::trust::{Users, resolved};
use crate::source::{INDEX_FOLDER, StoredPath};

/// Where an index lies, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The index's folder.
    pub folder: PathBuf,
    /// The folder that its paths are relative to.
    pub base: PathBuf,
    /// Whether the folder was named, instead of found; paths outside the base are then kept whole.
    pub is_named: bool,
    /// The cluster that the index lies on; `folder` is then its address, for people.
    pub(super) cluster: Option<ClusterPlace>,
}

/// An index that could not be placed.
#[derive(Debug, thiserror::Error)]
pub enum LocationError {
    /// A path lies outside the folder that the index's paths are relative to.
    #[error("`{path}` lies outside `{base}`, which this index is of")]
    Outside {
        /// The path.
        path: String,
        /// The base of the index.
        base: String,
    },
    /// The folder that was found for the index is a link.
    #[error("`{folder}` is a link, and is not followed")]
    Link {
        /// The folder.
        folder: String,
    },
    /// The index's folder could not be made.
    #[error("cannot make `{folder}`: {error}")]
    Create {
        /// The folder.
        folder: String,
        /// Why.
        error: io::Error,
    },
}

impl Location {
    /// The index in `folder`: one called `.excerpt` is of the folder that holds it, another is of `current` where it is
    /// made now.
    #[must_use]
    pub fn named(folder: &Path, current: &Path) -> Location {
        let folder = normal(&current.join(folder));
        let holder = folder
            .parent()
            .filter(|_| folder.file_name().is_some_and(|name| name == INDEX_FOLDER));
        Location {
            base: holder.unwrap_or(current).to_path_buf(),
            folder,
            is_named: true,
            cluster: None,
        }
    }

    /// The nearest index in `current` or above it; else the one that would be made in `current`.
    #[must_use]
    pub fn nearest(current: &Path) -> Location {
        let holds = |folder: &&Path| is_index(&folder.join(INDEX_FOLDER), true);
        let base = current.ancestors().find(holds).unwrap_or(current);
        Location {
            folder: base.join(INDEX_FOLDER),
            base: base.to_path_buf(),
            is_named: false,
            cluster: None,
        }
    }

    /// The index on a cluster that the options say; its first run makes it of files below `current`. What is known of
    /// its sources is kept in `state_dir`, the user's folder of states, where there is one.
    #[cfg(feature = "cluster")]
    #[must_use]
    pub fn on_cluster(
        options: crate::engine::opensearch::ClusterOptions,
        state_dir: Option<&Path>,
        current: &Path,
    ) -> Location {
        Location {
            folder: PathBuf::from(options.address.to_string()),
            base: current.to_path_buf(),
            is_named: true,
            cluster: Some(ClusterPlace::new(options, state_dir)),
        }
    }

    /// Whether the index is there; on a cluster, whether it may be.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.is_remote() || is_index(&self.folder, self.is_named)
    }

    /// Whether the index lies on a cluster.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.cluster.is_some()
    }

    /// What this user's records know the place by.
    pub(super) fn record_folder(&self) -> PathBuf {
        match &self.cluster {
            Some(place) => place.record_folder(),
            None => resolved(&self.folder),
        }
    }

    /// The place of the index as engines know it, for these users.
    pub(super) fn engine(&self, users: Users) -> EngineLocation {
        match &self.cluster {
            Some(place) => place.engine(),
            None => EngineLocation::Folder {
                folder: self.folder.clone(),
                users,
            },
        }
    }

    /// Makes the folder.
    ///
    /// # Errors
    /// Where it cannot be made, or is a link that was found.
    pub fn create(&self) -> Result<(), LocationError> {
        create_folder(&self.folder, self.is_named).map_err(|error| LocationError::Create {
            folder: self.folder.display().to_string(),
            error,
        })
    }

    /// `path`, which is relative to `current`, as the index keeps it; names in the normal form that they have on the disk.
    ///
    /// # Errors
    /// Where it lies outside of the base of an index that was found.
    pub fn stored(&self, current: &Path, path: &Path) -> Result<StoredPath, LocationError> {
        let absolute = on_disk(&normal(&current.join(path)));
        let base = normal(&self.base);
        if let Ok(relative) = absolute.strip_prefix(&base) {
            return Ok(StoredPath::from_path(relative));
        }
        // The folder may have been reached through a link.
        if let (Ok(real), Ok(real_base)) = (fs::canonicalize(&absolute), fs::canonicalize(&base))
            && let Ok(relative) = real.strip_prefix(&real_base)
        {
            return Ok(StoredPath::from_path(relative));
        }
        if self.is_named {
            return Ok(StoredPath::from_path(&absolute));
        }
        Err(LocationError::Outside {
            path: path.display().to_string(),
            base: self.base.display().to_string(),
        })
    }
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_kept_relative_to_the_base() {
        let found = Location {
            folder: "/a/.excerpt".into(),
            base: "/a".into(),
            is_named: false,
            cluster: None,
        };
        let stored =
            |location: &Location, path: &str| location.stored(Path::new("/a/b"), Path::new(path));
        assert_eq!(
            stored(&found, "x.txt").expect("inside").to_text(),
            "b/x.txt"
        );
        assert_eq!(stored(&found, "../c").expect("inside").to_text(), "c");
        assert_eq!(stored(&found, "..").expect("inside").to_text(), "");
        assert!(stored(&found, "../../z").is_err());
        let named = Location {
            is_named: true,
            ..found
        };
        assert_eq!(
            stored(&named, "../../z").expect("kept whole").to_text(),
            "/z"
        );
    }
}
