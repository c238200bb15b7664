//! Publication: a change becomes visible whole, and durable, by the replacement of the manifest; then what belongs to no
//! state any more is removed.
//!
//! The order of the steps is what makes it safe. New files are synced, then the folder, so that the manifest never names
//! a file that a loss of power takes away; then the manifest's replacement, then the folder again, so that it stays; and
//! nothing is removed before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::directory::StateDirectory;
use super::disk::{Disk, LOCK, LockGuard};
use super::manifest::{MANIFEST, Manifest, NEXT_MANIFEST, OLD_MANIFEST};
use super::{read_if_there, storage};
use crate::engine::EngineError;

/// How often the lock is tried at least, and how long after each try: that of a writer that was just closed may be there
/// for a moment, as a process that was started meanwhile has a copy of it until it runs its program.
const LOCK_TRIES: u32 = 12;
const LOCK_WAIT: Duration = Duration::from_millis(4);
/// How long after each try where the end of another's change is waited for.
const LONG_WAIT: Duration = Duration::from_millis(50);

/// Takes the lock, where another holds it only after waiting for it.
pub(super) fn lock(disk: &dyn Disk, wait: Option<Duration>) -> Result<LockGuard, EngineError> {
    let began = Instant::now();
    let mut tries = 1;
    loop {
        if let Some(guard) = disk.lock().map_err(|e| storage(&e))? {
            return Ok(guard);
        }
        let waits = wait.is_some_and(|wait| began.elapsed() < wait);
        if tries >= LOCK_TRIES && !waits {
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
    let is_sane = |text: &String| !text.is_empty() && text.len() < 200;
    text.filter(is_sane).unwrap_or("another process".into())
}

/// A change to the files of an index, from taking the lock to giving it back. What it has not published by then is
/// removed.
pub(super) struct Session {
    disk: Arc<dyn Disk>,
    pub(super) directory: StateDirectory,
    /// The files of the state that was there.
    published: BTreeSet<String>,
    /// Given back last.
    _lock: LockGuard,
}

impl Session {
    /// Begins a change to the state of `manifest`, where that still is the index's: `seen` is what was read of it.
    ///
    /// # Errors
    /// [`EngineError::Outdated`] where it is not.
    pub(super) fn begin(
        disk: &Arc<dyn Disk>,
        manifest: Option<&Manifest>,
        seen: Option<&[u8]>,
        wait: Option<Duration>,
    ) -> Result<Session, EngineError> {
        let guard = lock(disk.as_ref(), wait)?;
        let current = read_if_there(disk.as_ref(), MANIFEST)?;
        if current.as_deref() != seen {
            return Err(EngineError::Outdated);
        }
        let files = manifest.map_or_else(BTreeMap::new, |manifest| manifest.files.clone());
        let published = files.keys().cloned().collect();
        let segments = manifest.map(|manifest| manifest.segments.as_str());
        Ok(Session {
            disk: Arc::clone(disk),
            directory: StateDirectory::new(Arc::clone(disk), files, segments, true),
            published,
            _lock: guard,
        })
    }

    /// Makes `manifest` the index's, and removes what belonged to others.
    pub(super) fn publish(&mut self, manifest: &Manifest) -> Result<(), EngineError> {
        let bytes = manifest.encode()?;
        let disk = Arc::clone(&self.disk);
        let replace = || -> io::Result<()> {
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
        replace().map_err(|e| storage(&e))?;
        self.published = manifest.files.keys().cloned().collect();
        disk.sync_folder().map_err(|e| storage(&e))?;
        // What cannot be removed now is so after the next change.
        let _ = remove_strays(disk.as_ref(), manifest);
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for name in self.directory.begun() {
            if !self.published.contains(&name) {
                let _ = self.disk.remove(&name);
            }
        }
    }
}

/// Removes what killed runs left, unless a change is going on.
pub(super) fn tidy(disk: &dyn Disk, manifest: &Manifest) -> io::Result<()> {
    if strays(disk, manifest)?.is_empty() {
        return Ok(());
    }
    let Some(_lock) = disk.lock()? else {
        return Ok(());
    };
    // It may be another's by now, or one that a run was killed before it could make it durable.
    let current = disk.read(MANIFEST)?;
    if Manifest::decode(&current).ok().as_ref() == Some(manifest) {
        disk.sync_folder()?;
        remove_strays(disk, manifest)?;
    }
    Ok(())
}

fn remove_strays(disk: &dyn Disk, manifest: &Manifest) -> io::Result<()> {
    for name in strays(disk, manifest)? {
        disk.remove(&name)?;
    }
    Ok(())
}

/// Our files that do not belong to the state of `manifest`.
pub(super) fn strays(disk: &dyn Disk, manifest: &Manifest) -> io::Result<Vec<String>> {
    let names = disk.list()?.into_iter().map(|(name, _)| name);
    Ok(names
        .filter(|name| is_ours(name) && !manifest.files.contains_key(name))
        .collect())
}

/// Whether a file, by its name, is one of an index of any version. Others that lie in the folder are left alone.
pub(super) fn is_ours(name: &str) -> bool {
    const NAMES: [&str; 5] = [
        NEXT_MANIFEST,
        OLD_MANIFEST,
        ".managed.json",
        ".tantivy-meta.lock",
        ".tantivy-writer.lock",
    ];
    const PREFIXES: [&str; 4] = ["catalog-", "classes-", "settings-", ".tmp"];
    let is_of_segment = name
        .split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_of_segment || NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
