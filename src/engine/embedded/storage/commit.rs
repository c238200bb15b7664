//! Publication: a change becomes visible whole, and durable, by the replacement of the manifest; then what belongs to no
//! state any more is removed. Only what this index listed is: in a manifest, or in the list of what it was about to write.
//!
//! The order of the steps is what makes it safe. New files are synced, then the folder, so that the manifest never names
//! a file that a loss of power takes away; then the manifest's replacement, then the folder again, so that it stays; and
//! nothing is removed before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use super::begun::{BEGUN, Begun, read_begun};
use super::claim::{FolderStanding, claim, standing};
use super::directory::StateDirectory;
use super::disk::{Disk, LOCK, LockGuard};
use super::faults::{seen, storage_error};
use super::manifest::{Manifest, old_files};
use super::names::{MANIFEST, NEXT_MANIFEST, OLD_MANIFEST};
use crate::engine::writing::BegunWait;
use crate::engine::{EngineError, Wait};

/// How often the lock is tried at least, and how long after each try: that of a writer that was just closed may be there
/// for a moment, as a process that was started meanwhile has a copy of it until it runs its program.
const LOCK_TRIES: u32 = 12;
const LOCK_WAIT: Duration = Duration::from_millis(4);
/// How long after each try where the end of another's change is waited for.
const LONG_WAIT: Duration = Duration::from_millis(50);

/// Takes the lock, where another holds it only after waiting for it.
pub(super) fn lock(disk: &dyn Disk, wait: &Wait) -> Result<LockGuard, EngineError> {
    let mut waiting = BegunWait::begin(wait);
    let mut tries = 1;
    loop {
        let locked = disk.lock();
        let named = |error: io::Error| {
            storage_error(&io::Error::new(error.kind(), format!("`{LOCK}`: {error}")))
        };
        if let Some(guard) = locked.map_err(named)? {
            return Ok(guard);
        }
        waiting.tell(|| holder(disk));
        if tries >= LOCK_TRIES && waiting.is_over() {
            return Err(EngineError::Busy(holder(disk)));
        }
        std::thread::sleep(if tries < LOCK_TRIES {
            LOCK_WAIT
        } else {
            LONG_WAIT
        });
        tries += 1;
    }
}

/// Who holds the lock, where they said so.
fn holder(disk: &dyn Disk) -> String {
    let text = disk
        .read(LOCK)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.map(|text| text.trim_end().to_string());
    let is_sane = |text: &String| !text.is_empty() && text.len() < 200;
    text.filter(is_sane).unwrap_or("another process".into())
}

/// A change to the files of an index, from taking the lock to giving it back. What it has not published by then is
/// removed.
pub(in crate::engine::embedded) struct Change {
    disk: Arc<dyn Disk>,
    pub(in crate::engine::embedded) directory: StateDirectory,
    /// The files of the state that was there.
    published: BTreeSet<String>,
    /// Files of an index of an older format, which this change replaces.
    old: BTreeSet<String>,
    /// Given back last.
    _lock: LockGuard,
}

impl Change {
    /// Begins a change to the state of `manifest`, where that still is the index's: `known` is what was read of it.
    ///
    /// # Errors
    /// [`EngineError::Outdated`] where it is not, [`EngineError::Foreign`] where the folder is something else's.
    pub(in crate::engine::embedded) fn begin(
        disk: &Arc<dyn Disk>,
        manifest: Option<&Manifest>,
        known: Option<&[u8]>,
        wait: &Wait,
    ) -> Result<Change, EngineError> {
        // Nothing is made in a folder that is not ours, not even a lock.
        if standing(disk.as_ref()).map_err(|e| storage_error(&e))? == FolderStanding::Foreign {
            return Err(EngineError::Foreign(format!("{disk:?}")));
        }
        let guard = lock(disk.as_ref(), wait)?;
        claim(disk.as_ref())?;
        let current = seen(disk.as_ref(), MANIFEST)?;
        if current.as_deref() != known {
            return Err(EngineError::Outdated);
        }
        let old = match manifest {
            Some(_) => BTreeSet::new(),
            None => old_files(
                current.as_deref(),
                seen(disk.as_ref(), OLD_MANIFEST)?.as_deref(),
            ),
        };
        let files = manifest.map_or_else(BTreeMap::new, |manifest| manifest.files.clone());
        let published: BTreeSet<String> = files.keys().cloned().collect();
        let mut begun = Begun::resumed(disk.as_ref());
        let keeps = |name: &str| published.contains(name) || old.contains(name);
        // What cannot be removed now stays listed.
        let _ = begun.remove_all(disk.as_ref(), keeps);
        let segments = manifest.map(|manifest| manifest.segments.as_str());
        Ok(Change {
            disk: Arc::clone(disk),
            directory: StateDirectory::for_change(Arc::clone(disk), files, segments, begun),
            published,
            old,
            _lock: guard,
        })
    }

    /// Makes `manifest` the index's, and removes what belonged to others.
    pub(in crate::engine::embedded) fn publish(
        &mut self,
        manifest: &Manifest,
    ) -> Result<(), EngineError> {
        let bytes = manifest.encode()?;
        let disk = Arc::clone(&self.disk);
        let is_new = |name: &&String| manifest.files.contains_key(*name);
        let former = self
            .published
            .iter()
            .chain(&self.old)
            .filter(|name| !is_new(name));
        let listed: Vec<String> = former.cloned().chain([NEXT_MANIFEST.to_string()]).collect();
        let replace = || -> io::Result<()> {
            self.directory.list(listed)?;
            for name in manifest.files.keys() {
                if !self.published.contains(name) {
                    disk.sync(name)?;
                }
            }
            disk.sync_folder()?;
            disk.create(NEXT_MANIFEST)?.write_all(&bytes)?;
            disk.sync(NEXT_MANIFEST)?;
            disk.rename(NEXT_MANIFEST, MANIFEST)
        };
        replace().map_err(|e| storage_error(&e))?;
        self.published = manifest.files.keys().cloned().collect();
        disk.sync_folder().map_err(|e| storage_error(&e))?;
        Ok(())
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        // What cannot be removed now stays listed, and is removed after the next change.
        let _ = self.directory.remove_begun(&self.published);
    }
}

/// Removes what stopped runs left, unless a change is going on.
pub(in crate::engine::embedded) fn tidy(disk: &dyn Disk, manifest: &Manifest) -> io::Result<()> {
    if !disk.exists(BEGUN) {
        return Ok(());
    }
    let Some(_lock) = disk.lock()? else {
        return Ok(());
    };
    // It may be another's by now, or one that a run was killed before it could make it durable.
    let current = disk.read(MANIFEST)?;
    if Manifest::decode(&current).ok().as_ref() == Some(manifest) {
        disk.sync_folder()?;
        let keeps = |name: &str| manifest.files.contains_key(name);
        Begun::resumed(disk).remove_all(disk, keeps)?;
    }
    Ok(())
}

/// The files that stopped runs left, which do not belong to the state of `manifest`.
pub(in crate::engine::embedded) fn strays(
    disk: &dyn Disk,
    manifest: &Manifest,
) -> io::Result<Vec<String>> {
    let listed = read_begun(disk);
    let names = disk.list()?.into_iter().map(|entry| entry.name);
    Ok(names
        .filter(|name| listed.contains(name) && !manifest.files.contains_key(name))
        .collect())
}
