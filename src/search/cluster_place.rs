//! The place of an index on a cluster.

use std::path::{Path, PathBuf};

use super::Location;
use crate::engine::EngineLocation;

/// An index on a cluster, as this machine asks it.
#[cfg(feature = "cluster")]
#[derive(Debug, Clone)]
pub(super) struct ClusterPlace(std::sync::Arc<crate::engine::opensearch::ClusterOptions>);

/// No index lies on a cluster: the program was built without them.
#[cfg(not(feature = "cluster"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ClusterPlace {}

#[cfg(not(feature = "cluster"))]
impl ClusterPlace {
    pub(super) fn engine(&self) -> EngineLocation {
        match *self {}
    }

    pub(super) fn record_folder(&self) -> PathBuf {
        match *self {}
    }
}

#[cfg(feature = "cluster")]
mod remote {
    use super::{ClusterPlace, EngineLocation, Location, Path, PathBuf};
    use crate::engine::opensearch::ClusterOptions;
    use std::sync::Arc;

    /// The folder of what is kept of clusters' indexes, in the user's folder of states.
    const KEPT: &str = "clusters";

    /// Where something is kept for an owner at an address.
    fn kept_in(options: &ClusterOptions) -> PathBuf {
        let name = format!("{}@{}", options.owner, options.address);
        let name = twox_hash::XxHash3_128::oneshot(name.as_bytes());
        Path::new(KEPT).join(format!("{name:032x}"))
    }

    impl PartialEq for ClusterPlace {
        fn eq(&self, other: &ClusterPlace) -> bool {
            (&self.0.address, &self.0.owner) == (&other.0.address, &other.0.owner)
        }
    }

    impl Eq for ClusterPlace {}

    impl ClusterPlace {
        pub(in crate::search) fn engine(&self) -> EngineLocation {
            EngineLocation::Cluster(Box::new((*self.0).clone()))
        }

        /// What this user's records know the place by: its owner and its address.
        pub(in crate::search) fn record_folder(&self) -> PathBuf {
            Path::new("/").join(kept_in(&self.0))
        }
    }

    impl Location {
        /// The index on a cluster that the options say; its first run makes it of files below `current`. What is known of
        /// its sources is kept in `state_dir`, the user's folder of states, where there is one.
        #[must_use]
        pub fn on_cluster(
            options: ClusterOptions,
            state_dir: Option<&Path>,
            current: &Path,
        ) -> Location {
            let kept = state_dir.map(|folder| folder.join(kept_in(&options)));
            Location {
                folder: PathBuf::from(options.address.to_string()),
                base: current.to_path_buf(),
                is_named: true,
                cluster: Some(ClusterPlace(Arc::new(ClusterOptions {
                    local: kept,
                    ..options
                }))),
            }
        }
    }
}
