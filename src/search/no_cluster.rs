//! In the place of clusters, where the program is built without them.

use std::path::PathBuf;

use crate::engine::EngineLocation;

/// No index lies on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoCluster {}

impl NoCluster {
    pub(super) fn engine(&self) -> EngineLocation {
        match *self {}
    }

    pub(super) fn record_folder(&self) -> PathBuf {
        match *self {}
    }
}
