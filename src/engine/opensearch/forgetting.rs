//! Takes an owner out of an index.

use super::cleaning::{self, indices_of};
use super::cluster::refusal;
use super::owners;
use super::shared::Shared;
use super::transport::{Method, encoded};
use crate::engine::EngineError;

/// Removes what an owner has, then its document; with the last owner all of the index.
pub(super) fn forget(shared: &Shared, owner: &str) -> Result<(), EngineError> {
    let all = shared.owners()?;
    let own = all.iter().find(|own| own.record.owner == owner);
    let own = own.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|own| own.record.owner.as_str()).collect();
        EngineError::Unsupported(format!(
            "the index has no owner `{owner}`; it has {}",
            super::transport::cleaned(&names.join(", "))
        ))
    })?;
    if let Some(lease) = own.record.lease.as_ref().filter(|lease| lease.is_held()) {
        return Err(EngineError::Busy(super::transport::cleaned(&lease.holder)));
    }
    let names = &shared.names;
    for alias in [names.sections(owner), names.sources(owner)] {
        for (index, _) in indices_of(shared, &alias)? {
            remove(shared, &index)?;
        }
    }
    owners::remove(&shared.cluster, names, own)?;
    if all.len() == 1 {
        for forms in cleaning::forms_indices(shared)? {
            remove(shared, &forms)?;
        }
        remove(shared, &names.owners())?;
    }
    Ok(())
}

/// Removes an index that may be gone.
fn remove(shared: &Shared, index: &str) -> Result<(), EngineError> {
    let path = format!("/{}", encoded(index));
    let answer = shared.cluster.change(Method::Delete, &path, None)?;
    match answer.status {
        200..=299 | 404 => Ok(()),
        _ => Err(refusal(&answer)),
    }
}
