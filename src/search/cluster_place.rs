//! The place of an index on a cluster.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use twox_hash::XxHash3_128;

use crate::engine::EngineLocation;
use crate::engine::opensearch::ClusterOptions;

/// The folder of what is kept of clusters' indexes, in the user's folder of states.
const KEPT: &str = "clusters";

/// An index on a cluster, as this machine asks it.
#[derive(Debug, Clone)]
pub(super) struct ClusterPlace(Arc<ClusterOptions>);

impl PartialEq for ClusterPlace {
    fn eq(&self, other: &ClusterPlace) -> bool {
        (&self.0.address, &self.0.owner) == (&other.0.address, &other.0.owner)
    }
}

impl Eq for ClusterPlace {}

impl ClusterPlace {
    /// The place that the options say. What is known of its sources is kept in `state_dir`, the user's folder of states,
    /// where there is one.
    pub(super) fn new(options: ClusterOptions, state_dir: Option<&Path>) -> ClusterPlace {
        let local = state_dir.map(|folder| folder.join(kept_in(&options)));
        ClusterPlace(Arc::new(ClusterOptions { local, ..options }))
    }

    pub(super) fn engine(&self) -> EngineLocation {
        EngineLocation::Cluster(Box::new((*self.0).clone()))
    }

    /// What this user's records know the place by: its owner and its address.
    pub(super) fn record_folder(&self) -> PathBuf {
        Path::new("/").join(kept_in(&self.0))
    }
}

/// Where something is kept for an owner at an address.
fn kept_in(options: &ClusterOptions) -> PathBuf {
    let name = format!("{}@{}", options.owner, options.address);
    let name = XxHash3_128::oneshot(name.as_bytes());
    Path::new(KEPT).join(format!("{name:032x}"))
}
