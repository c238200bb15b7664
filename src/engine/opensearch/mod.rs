//! The engine whose index lies in an OpenSearch cluster: sections, sources and forms as documents, hits and proposals by
//! its queries, scores by ours.
//!
//! What is known of sources is held as a catalog, as in the embedded engine, and kept in the user's folder of states, so
//! that it is read from the cluster only where another machine changed it.

mod answers;
mod bulk;
mod candidate;
mod cleaning;
mod cluster;
mod committing;
mod counting;
mod expanded;
mod forgetting;
mod forms;
mod hit_filter;
mod lease;
mod local;
mod mappings;
mod names;
mod opening;
mod owned;
mod owners;
mod pages;
mod passing;
mod proposals;
mod searching;
mod section_document;
mod shared;
mod snapshot;
mod statistics;
pub mod transport;
mod verifying;
mod writer;

pub use self::mappings::Division;
pub use self::names::is_owner_name;
pub use self::shared::ClusterOptions;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use self::cluster::Cluster;
use self::names::IndexNames;
use self::owners::SeenOwner;
use self::shared::Shared;
use self::snapshot::ClusterSnapshot;
use self::transport::{Client, encoded};
use super::{
    Depth, Engine, EngineError, EngineFeatures, EngineTraffic, Recovered, Snapshot, Verification,
};

/// An index on a cluster.
pub struct ClusterEngine {
    shared: Arc<Shared>,
}

impl ClusterEngine {
    /// The index that the options say. Nothing is asked yet.
    ///
    /// # Errors
    /// Where certificates cannot be read, or the address may not be spoken to so.
    pub fn new(options: &ClusterOptions) -> Result<ClusterEngine, EngineError> {
        let names = IndexNames::new(&options.address.name);
        Ok(ClusterEngine {
            shared: Arc::new(Shared {
                cluster: Cluster {
                    client: Client::connect(&options.address, &options.connect)?,
                    retry_for: options.connect.retry_for,
                    is_broken: AtomicBool::new(false),
                },
                forms: names.forms(),
                names,
                options: options.clone(),
                is_checked: OnceLock::new(),
            }),
        })
    }
}

impl Engine for ClusterEngine {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, EngineError> {
        Ok(Arc::new(ClusterSnapshot::open(&self.shared)?))
    }

    fn blank(&self, is_renamed: bool) -> Result<Arc<dyn Snapshot>, EngineError> {
        Ok(Arc::new(ClusterSnapshot::blank(&self.shared, is_renamed)?))
    }

    fn recover(&self) -> Result<Recovered, EngineError> {
        let shared = &self.shared;
        let Some(SeenOwner { record, .. }) = shared.own_owner()? else {
            return Ok(Recovered::default());
        };
        let recovered = Recovered {
            settings: Some(record.settings.clone()),
            id: Some(record.id.clone()),
            sources: None,
        };
        let own = owned::load(&shared.cluster, &shared.names, &record, None);
        let own = own.ok().map(|own| own.catalog);
        Ok(recovered.with_catalog(own.as_deref()))
    }

    fn features(&self) -> EngineFeatures {
        EngineFeatures {
            ranks_all: false,
            is_atomic: false,
        }
    }

    fn size_bytes(&self) -> Result<u64, EngineError> {
        let name = encoded(&self.shared.options.address.name);
        let path = format!("/{name}.*/_stats/store?filter_path=_all.total.store.size_in_bytes");
        let found: Option<Value> = self.shared.cluster.get(&path)?;
        let size = found
            .as_ref()
            .and_then(|found| found.pointer("/_all/total/store/size_in_bytes"));
        Ok(size.and_then(Value::as_u64).unwrap_or(0))
    }

    fn verify(&self, depth: Depth) -> Result<Verification, EngineError> {
        let snapshot = ClusterSnapshot::open(&self.shared)?;
        verifying::verify(&snapshot, depth)
    }

    fn forget_owner(&self, owner: &str) -> Result<(), EngineError> {
        self.shared.check_product()?;
        forgetting::forget(&self.shared, owner)
    }

    fn traffic(&self) -> Option<EngineTraffic> {
        let traffic = self.shared.cluster.client.traffic();
        Some(EngineTraffic {
            requests: traffic.requests,
            bytes_sent: traffic.bytes_sent,
            bytes_received: traffic.bytes_received,
        })
    }
}
