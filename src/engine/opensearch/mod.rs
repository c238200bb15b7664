//! The engine whose index lies in an OpenSearch cluster: sections, sources and forms as documents, hits and proposals by
//! its queries, scores by ours.
//!
//! What is known of sources is held as a catalog, as in the embedded engine, and kept in the user's folder of states, so
//! that it is read from the cluster only where another machine changed it.

mod bulk;
mod candidate;
mod cleaning;
mod cluster;
mod counting;
mod expanded;
mod forgetting;
mod forms;
mod hit_filter;
mod lease;
mod local;
mod mappings;
mod names;
mod owned;
mod owners;
mod pages;
mod passing;
mod proposals;
mod searching;
mod section_document;
mod snapshot;
pub mod transport;
mod verifying;
mod writer;

pub use self::mappings::Division;
pub use self::names::is_owner_name;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::Value;

use self::cluster::{Cluster, refusal};
use self::names::{IndexNames, MAIN_OWNER};
use self::snapshot::ClusterSnapshot;
use self::transport::{
    Client, ClusterAddress, ConnectOptions, Method, Repeats, RequestBody, cleaned, encoded,
};
use super::{
    Depth, Engine, EngineError, EngineFeatures, EngineTraffic, Recovered, Snapshot, Verification,
};

/// The oldest version that has all that is asked for.
const OLDEST: (u64, u64) = (3, 2);

/// Where an index on a cluster lies, and how it is asked.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The cluster and the name of the index.
    pub address: ClusterAddress,
    /// How the cluster is reached.
    pub connect: ConnectOptions,
    /// Whom this machine writes as.
    pub owner: String,
    /// How new indices are divided.
    pub division: Division,
    /// How many proposed sections are ranked.
    pub candidates: usize,
    /// Whether owners of other versions are left out.
    pub partial: bool,
    /// The folder where this user keeps copies of this index's facts; `None` for nowhere.
    pub local: Option<PathBuf>,
}

impl ClusterOptions {
    /// The index at this address, as its main owner.
    #[must_use]
    pub fn new(address: ClusterAddress) -> ClusterOptions {
        ClusterOptions {
            address,
            connect: ConnectOptions::default(),
            owner: MAIN_OWNER.to_string(),
            division: Division::default(),
            candidates: 1000,
            partial: false,
            local: None,
        }
    }
}

/// An index on a cluster.
pub struct ClusterEngine {
    shared: Arc<Shared>,
}

/// What engine, snapshots and writers share.
struct Shared {
    cluster: Cluster,
    names: IndexNames,
    /// The index of the forms.
    forms: String,
    options: ClusterOptions,
    /// Whether the cluster was found to be one that we can use.
    is_checked: OnceLock<()>,
}

#[derive(Deserialize)]
struct Product {
    version: ProductVersion,
}

#[derive(Deserialize)]
struct ProductVersion {
    #[serde(default)]
    distribution: Option<String>,
    #[serde(default)]
    number: String,
}

impl Shared {
    /// An error where the cluster is another product, or too old.
    fn check_product(&self) -> Result<(), EngineError> {
        if self.is_checked.get().is_some() {
            return Ok(());
        }
        let answer = (self.cluster).send(Method::Get, "/", RequestBody::Empty, Repeats::Reads)?;
        if !matches!(answer.status, 200..=299 | 404) {
            return Err(refusal(&answer));
        }
        // Whatever answers otherwise is another product.
        let version = serde_json::from_slice(&answer.body).map(|found: Product| found.version);
        let version = version.ok();
        let number = version
            .as_ref()
            .map(|version| cleaned(&version.number))
            .unwrap_or_default();
        let distribution = version.and_then(|version| version.distribution);
        if distribution.as_deref() != Some("opensearch") {
            let found = distribution.map_or("another product".to_string(), |own| cleaned(&own));
            return Err(EngineError::Unsupported(format!(
                "{} is no OpenSearch, but {}; an index needs OpenSearch {}.{} or newer",
                self.options.address,
                format!("{found} {number}").trim_end(),
                OLDEST.0,
                OLDEST.1
            )));
        }
        let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found < OLDEST {
            return Err(EngineError::Unsupported(format!(
                "{} is OpenSearch {number}; an index needs {}.{} or newer: upgrade the cluster",
                self.options.address, OLDEST.0, OLDEST.1
            )));
        }
        let _ = self.is_checked.set(());
        Ok(())
    }

    /// The id of the index, where an owner has one.
    fn index_id(&self) -> Result<Option<String>, EngineError> {
        match owners::all(&self.cluster, &self.names) {
            Ok(all) => Ok(all.into_iter().next().map(|own| own.record.id)),
            Err(EngineError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
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
        let seen = match owners::one(&shared.cluster, &shared.names, &shared.options.owner) {
            Err(EngineError::Missing(_)) => None,
            seen => seen?,
        };
        let Some(record) = seen.map(|seen| seen.record) else {
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
