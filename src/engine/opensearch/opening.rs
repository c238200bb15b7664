//! Opens the state of an index on a cluster, or one in place of what cannot be used.

use std::sync::Arc;

use super::names::prefix_of;
use super::owned::{self, AllSources, OwnedSources};
use super::owners::{self, OwnerRecord, SeenOwner, own_version};
use super::shared::Shared;
use super::snapshot::ClusterSnapshot;
use crate::engine::{EngineError, IndexVersion};

impl ClusterSnapshot {
    /// The last state.
    pub(super) fn open(shared: &Arc<Shared>) -> Result<ClusterSnapshot, EngineError> {
        shared.check_product()?;
        let missing = || EngineError::Missing(shared.options.address.to_string());
        let all = match owners::all(&shared.cluster, &shared.names) {
            Err(EngineError::Missing(_)) => return Err(missing()),
            all => all?,
        };
        let own_name = &shared.options.owner;
        let seen = all
            .iter()
            .find(|own| own.record.owner == *own_name)
            .cloned();
        let mut owners = Vec::new();
        for owner in all.into_iter().map(|own| own.record) {
            match check_version(&owner) {
                Ok(()) => owners.push(owner),
                Err(error) if owner.owner == *own_name => return Err(error),
                Err(_) if shared.options.partial => {}
                Err(_) => {
                    return Err(EngineError::Unsupported(format!(
                        "owner `{}` of the index has {}, this program reads {}; `--partial` answers without it",
                        owner.owner,
                        owner.version,
                        own_version()
                    )));
                }
            }
        }
        if owners.iter().all(|owner| owner.changes == 0) {
            return Err(missing());
        }
        owners.retain(|owner| owner.changes > 0);
        ClusterSnapshot::load(shared, owners, seen)
    }

    fn load(
        shared: &Arc<Shared>,
        owners: Vec<OwnerRecord>,
        seen: Option<SeenOwner>,
    ) -> Result<ClusterSnapshot, EngineError> {
        let cache = shared.options.local.as_deref();
        let mut own = OwnedSources::empty();
        let mut loaded = Vec::new();
        for owner in &owners {
            let sources = owned::load(&shared.cluster, &shared.names, owner, cache)?;
            if owner.owner == shared.options.owner {
                own = sources.clone();
            }
            loaded.push((owner.owner.clone(), prefix_of(&owner.owner), sources));
        }
        Ok(ClusterSnapshot::with(
            shared,
            (owners, seen),
            AllSources::merged(&loaded)?,
            own,
        ))
    }

    /// An empty state, whose first commit replaces what this owner has.
    pub(super) fn blank(
        shared: &Arc<Shared>,
        is_renamed: bool,
    ) -> Result<ClusterSnapshot, EngineError> {
        shared.check_product()?;
        let seen = match owners::one(&shared.cluster, &shared.names, &shared.options.owner) {
            Err(EngineError::Missing(_)) => None,
            seen => seen?,
        };
        let own = OwnedSources::empty();
        let sources = AllSources::of_one(&shared.options.owner, &own);
        let blank = ClusterSnapshot::with(shared, (Vec::new(), seen), sources, own);
        Ok(blank.in_place(is_renamed))
    }
}

/// An error where an owner's sections are of another version than this program reads.
fn check_version(owner: &OwnerRecord) -> Result<(), EngineError> {
    let (own, found) = (own_version(), &owner.version);
    let numbers = |version: &IndexVersion| (version.format, version.analysis);
    match numbers(found).cmp(&numbers(&own)) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(EngineError::OlderVersion {
            found: found.to_string(),
            own: own.to_string(),
        }),
        std::cmp::Ordering::Greater => Err(EngineError::NewerVersion {
            found: found.to_string(),
            own: own.to_string(),
        }),
    }
}
