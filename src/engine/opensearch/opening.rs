//! Opens the state of an index on a cluster, or one in place of what cannot be used.

use std::sync::Arc;

use super::names::prefix_of;
use super::owned::{self, AllSources, OwnedSources};
use super::owners::{OwnerRecord, SeenOwner, own_version};
use super::shared::Shared;
use super::snapshot::ClusterSnapshot;
use crate::engine::EngineError;

impl ClusterSnapshot {
    /// The last state.
    pub(super) fn open(shared: &Arc<Shared>) -> Result<ClusterSnapshot, EngineError> {
        shared.check_product()?;
        let all = shared.owners()?;
        let own_name = &shared.options.owner;
        let seen = all
            .iter()
            .find(|own| own.record.owner == *own_name)
            .cloned();
        let mut owners = Vec::new();
        for owner in all.into_iter().map(|own| own.record) {
            match owner.version.check(&own_version()) {
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
            return Err(shared.missing());
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
        let seen = shared.own_owner()?;
        let own = OwnedSources::empty();
        let sources = AllSources::of_one(&shared.options.owner, &own);
        let blank = ClusterSnapshot::with(shared, (Vec::new(), seen), sources, own);
        Ok(blank.in_place(is_renamed))
    }
}
