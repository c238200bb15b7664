//! What engine, snapshots and writers of an index on a cluster share.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Deserialize;

use super::cluster::{Cluster, refusal};
use super::mappings::Division;
use super::names::{IndexNames, MAIN_OWNER};
use super::owners::{self, SeenOwner};
use super::transport::{ClusterAddress, ConnectOptions, Method, Repeats, RequestBody, cleaned};
use crate::engine::EngineError;

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
    /// Whether owners of other versions, and shards that do not answer, are left out.
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

/// What engine, snapshots and writers share.
pub(super) struct Shared {
    pub(super) cluster: Cluster,
    pub(super) names: IndexNames,
    /// The index of the forms.
    pub(super) forms: String,
    pub(super) options: ClusterOptions,
    /// Whether the cluster was found to be one that we can use.
    pub(super) is_checked: OnceLock<()>,
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
    pub(super) fn check_product(&self) -> Result<(), EngineError> {
        if self.is_checked.get().is_some() {
            return Ok(());
        }
        let answer = (self.cluster).send(Method::Get, "/", RequestBody::Empty, Repeats::Reads)?;
        if !matches!(answer.status, 200..=299 | 404) {
            return Err(refusal(&answer));
        }
        // Whatever answers otherwise is another product.
        let found = serde_json::from_slice::<Product>(&answer.body).ok();
        let version = found.map(|found| found.version);
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
    pub(super) fn index_id(&self) -> Result<Option<String>, EngineError> {
        let all = owners::all(&self.cluster, &self.names)?;
        let first = all.into_iter().flatten().next();
        Ok(first.map(|own| own.record.id))
    }

    /// The error that there is no index.
    pub(super) fn missing(&self) -> EngineError {
        EngineError::Missing(self.options.address.to_string())
    }

    /// The owners of the index, by name; [`EngineError::Missing`] where there is none.
    pub(super) fn owners(&self) -> Result<Vec<SeenOwner>, EngineError> {
        owners::all(&self.cluster, &self.names)?.ok_or_else(|| self.missing())
    }

    /// The document of whom this machine writes as.
    pub(super) fn own_owner(&self) -> Result<Option<SeenOwner>, EngineError> {
        owners::one(&self.cluster, &self.names, &self.options.owner)
    }
}
