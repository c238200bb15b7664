//! The owners of an index: who writes to it, what each covers, and who writes now.
//!
//! Each owner has a document. A run takes its owner's lease by compare-and-set, and its generation with it: the number of
//! the run, by which what it writes is told from what others wrote. The lease expires, and is renewed while the run
//! lives.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cluster::{Cluster, refusal};
use super::mappings::{self, Division};
use super::names::{FORMAT, IndexNames, is_owner_name};
use super::transport::{Method, cleaned, encoded};
use crate::engine::{EngineError, IndexVersion};

/// For how long a lease is taken, and how often it is renewed.
const LEASE: Duration = Duration::from_secs(60);
pub(super) const RENEWAL: Duration = Duration::from_secs(15);
/// How many owners an index may have.
const MOST_OWNERS: usize = 1000;
/// More runs than an owner ever makes.
const MOST_RUNS: u64 = 1 << 53;

/// What is known of an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnerRecord {
    pub(super) owner: String,
    pub(super) version: IndexVersion,
    /// The id of the index, the same for all of its owners.
    pub(super) id: String,
    /// What the owner covers, as text. A copy: what holds is recorded by whoever covers it.
    pub(super) settings: String,
    /// The number of its last run.
    pub(super) generation: u64,
    /// How many runs changed something: what was kept of an older state is not asked again.
    pub(super) changes: u64,
    /// Whether a run began to write, and did not end.
    pub(super) is_open: bool,
    /// When its last run ended, in milliseconds since 1970.
    pub(super) refreshed_ms: u64,
    pub(super) lease: Option<Lease>,
    #[serde(default)]
    pub(super) counts: OwnerCounts,
}

/// What an owner has in the index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnerCounts {
    /// Its sources, read or not.
    pub sources: u64,
    /// Their sections.
    pub sections: u64,
}

/// Who writes for an owner now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lease {
    /// As people know it.
    pub(super) holder: String,
    /// The machine and user, by a number that its folder of states keeps.
    pub(super) machine: String,
    /// Until when, in milliseconds since 1970.
    pub(super) until_ms: u64,
}

impl Lease {
    pub(super) fn new(holder: &str, machine: &str) -> Lease {
        Lease {
            holder: holder.to_string(),
            machine: machine.to_string(),
            until_ms: now_ms() + LEASE.as_millis() as u64,
        }
    }

    /// Whether a run may still hold it.
    pub(super) fn is_held(&self) -> bool {
        self.until_ms > now_ms()
    }

    /// Whether another run than those of `machine`, which knows of its own, may still hold it.
    pub(super) fn holds_against(&self, machine: &str) -> bool {
        self.machine != machine && self.is_held()
    }
}

/// An owner's document, with what a change of it has to name.
#[derive(Debug, Clone)]
pub(super) struct SeenOwner {
    pub(super) record: OwnerRecord,
    seq_no: u64,
    primary_term: u64,
}

#[derive(Deserialize)]
struct OwnerDocument {
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
    #[serde(rename = "_source")]
    source: OwnerRecord,
}

#[derive(Deserialize)]
struct FoundOwners {
    hits: OwnerHits,
}

#[derive(Deserialize)]
struct OwnerHits {
    hits: Vec<OwnerDocument>,
}

#[derive(Deserialize)]
struct WrittenOwner {
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
}

/// The version of what this program writes.
pub(super) fn own_version() -> IndexVersion {
    IndexVersion::of_format(FORMAT)
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// The owners of the index, by name; `None` where there is no such index.
pub(super) fn all(
    cluster: &Cluster,
    names: &IndexNames,
) -> Result<Option<Vec<SeenOwner>>, EngineError> {
    let body = json!({"size": MOST_OWNERS, "seq_no_primary_term": true, "sort": ["owner"]});
    let path = format!("/{}/_search", encoded(&names.owners()));
    let found: FoundOwners = match cluster.ask(&path, &body) {
        Err(EngineError::Damaged(_)) => return Ok(None),
        found => found?,
    };
    let hits = found.hits.hits.into_iter();
    let owners: Result<Vec<_>, _> = hits
        .map(|document| SeenOwner::of(names, document))
        .collect();
    owners.map(Some)
}

/// An owner's document as it is now, whatever searches see of it.
pub(super) fn one(
    cluster: &Cluster,
    names: &IndexNames,
    owner: &str,
) -> Result<Option<SeenOwner>, EngineError> {
    let path = document_path(names, owner);
    let found: Option<OwnerDocument> = cluster.get(&path)?;
    found
        .map(|document| SeenOwner::of(names, document))
        .transpose()
}

/// Makes the index of the owners where it is not there.
pub(super) fn create(
    cluster: &Cluster,
    names: &IndexNames,
    division: Division,
) -> Result<(), EngineError> {
    create_index(cluster, &names.owners(), &mappings::owners(division))
}

/// Makes an index; one that is there stays as it is.
pub(super) fn create_index(cluster: &Cluster, name: &str, body: &Value) -> Result<(), EngineError> {
    let answer = cluster.change(Method::Put, &format!("/{}", encoded(name)), Some(body))?;
    match answer.status {
        200..=299 => Ok(()),
        400 if super::cluster::reason_of(&answer.body).0 == "resource_already_exists_exception" => {
            Ok(())
        }
        _ => Err(refusal(&answer)),
    }
}

/// Writes an owner's document in place of `seen`, or the first one; `None` where another was faster. No two runs write the
/// same.
pub(super) fn replace(
    cluster: &Cluster,
    names: &IndexNames,
    seen: Option<&SeenOwner>,
    record: OwnerRecord,
) -> Result<Option<SeenOwner>, EngineError> {
    let condition = match seen {
        Some(seen) => format!(
            "if_seq_no={}&if_primary_term={}",
            seen.seq_no, seen.primary_term
        ),
        None => "op_type=create".to_string(),
    };
    let path = format!(
        "{}?{condition}&refresh=true",
        document_path(names, &record.owner)
    );
    let body = serde_json::to_value(&record).map_err(|e| EngineError::Storage(e.to_string()))?;
    let answer = cluster.change(Method::Put, &path, Some(&body))?;
    if answer.status == 409 {
        // Where an answer was lost, what was asked the first time is done.
        let now = one(cluster, names, &record.owner)?;
        return Ok(now.filter(|now| now.record == record));
    }
    let written: WrittenOwner = super::cluster::read(&answer)?;
    Ok(Some(SeenOwner {
        record,
        seq_no: written.seq_no,
        primary_term: written.primary_term,
    }))
}

/// Removes an owner's document, unless it changed since it was seen.
pub(super) fn remove(
    cluster: &Cluster,
    names: &IndexNames,
    seen: &SeenOwner,
) -> Result<(), EngineError> {
    let path = format!(
        "{}?if_seq_no={}&if_primary_term={}&refresh=true",
        document_path(names, &seen.record.owner),
        seen.seq_no,
        seen.primary_term
    );
    let answer = cluster.change(Method::Delete, &path, None)?;
    match answer.status {
        200..=299 | 404 => Ok(()),
        409 => Err(EngineError::Outdated),
        _ => Err(refusal(&answer)),
    }
}

/// Whether an index may have this id.
fn is_index_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn document_path(names: &IndexNames, owner: &str) -> String {
    format!("/{}/_doc/{}", encoded(&names.owners()), encoded(owner))
}

impl SeenOwner {
    /// What a document says; an error where no run of ours writes such a one: names of indices and files are made of it.
    fn of(names: &IndexNames, document: OwnerDocument) -> Result<SeenOwner, EngineError> {
        let record = document.source;
        let is_ours = is_owner_name(&record.owner)
            && record.owner == document.id
            && is_index_id(&record.id)
            && record.generation.max(record.changes) < MOST_RUNS;
        if !is_ours {
            return Err(EngineError::Unsupported(format!(
                "the document `{}` in `{}` was not written by excerpt, or changed by hand; delete it, then run `excerpt index` for that owner",
                cleaned(&document.id),
                names.owners()
            )));
        }
        Ok(SeenOwner {
            record,
            seq_no: document.seq_no,
            primary_term: document.primary_term,
        })
    }
}
