//! The lease of a run: taken by compare-and-set, renewed while it lives.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender};

use super::local;
use super::owners::{
    self, Lease, OwnerCounts, OwnerRecord, RENEWAL, SeenOwner, now_ms, own_version,
};
use super::shared::Shared;
use super::transport::cleaned;
use crate::engine::writing::BegunWait;
use crate::engine::{EngineError, WriterOptions};

/// How often another's lease is looked at while it is waited for.
const LOOKED_EVERY: Duration = Duration::from_millis(500);

/// The lease of a run. Dropped, it is given back; the owner stays open where the run began to write.
pub(super) struct HeldLease {
    shared: Arc<Shared>,
    seen: Arc<Mutex<SeenOwner>>,
    is_lost: Arc<AtomicBool>,
    stop: Option<Sender<()>>,
    renewal: Option<JoinHandle<()>>,
    /// Whether the run wrote something, so that the owner stays open where it does not end.
    has_written: AtomicBool,
    /// Whether the run ended, and said so.
    is_ended: bool,
    /// Whether the owner was open before: its last run did not end.
    pub(super) was_open: bool,
    /// The lock of this machine's runs, held as long as the lease.
    _lock: Option<File>,
}

impl HeldLease {
    /// Takes the lease of the owner; waits for that of another as the options say. `id` is that of the index, `changes`
    /// how many the state has that is changed: another run may have made more meanwhile.
    pub(super) fn take(
        shared: &Arc<Shared>,
        options: &WriterOptions,
        id: &str,
        changes: Option<u64>,
    ) -> Result<HeldLease, EngineError> {
        let folder = shared.options.local.as_deref();
        let lock = folder
            .map(|folder| local::lock(folder, &options.wait))
            .transpose()?;
        let machine = local::machine(folder);
        let mut waiting = BegunWait::begin(&options.wait);
        loop {
            let seen = shared.own_owner()?;
            let known = seen.as_ref().map_or(0, |seen| seen.record.changes);
            if changes.is_some_and(|changes| changes != known) {
                return Err(EngineError::Outdated);
            }
            let held = seen.as_ref().and_then(|seen| seen.record.lease.clone());
            if let Some(lease) = held.filter(|lease| lease.holds_against(&machine)) {
                waiting.pause(&cleaned(&lease.holder), LOOKED_EVERY)?;
                continue;
            }
            let was_open = seen.as_ref().is_some_and(|seen| seen.record.is_open);
            let record = next_record(shared, seen.as_ref(), id, &machine);
            let taken = owners::replace(&shared.cluster, &shared.names, seen.as_ref(), record)?;
            if let Some(taken) = taken {
                return Ok(HeldLease::start(shared, taken, was_open, lock));
            }
        }
    }

    fn start(
        shared: &Arc<Shared>,
        taken: SeenOwner,
        was_open: bool,
        lock: Option<File>,
    ) -> HeldLease {
        let seen = Arc::new(Mutex::new(taken));
        let is_lost = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = crossbeam_channel::bounded::<()>(0);
        let renew = {
            let (shared, seen, is_lost) =
                (Arc::clone(shared), Arc::clone(&seen), Arc::clone(&is_lost));
            move || {
                while stopped.recv_timeout(RENEWAL) == Err(RecvTimeoutError::Timeout) {
                    if renew(&shared, &seen).is_none() {
                        is_lost.store(true, Ordering::Relaxed);
                        return;
                    }
                }
            }
        };
        HeldLease {
            shared: Arc::clone(shared),
            seen,
            is_lost,
            stop: Some(stop),
            renewal: std::thread::Builder::new().spawn(renew).ok(),
            has_written: AtomicBool::new(false),
            is_ended: false,
            was_open,
            _lock: lock,
        }
    }

    /// The number of this run.
    pub(super) fn generation(&self) -> u64 {
        self.record().generation
    }

    pub(super) fn record(&self) -> OwnerRecord {
        self.seen().record.clone()
    }

    /// Notes that the run writes.
    pub(super) fn note_written(&self) {
        self.has_written.store(true, Ordering::Relaxed);
    }

    /// An error where another run took the owner over.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        match self.is_lost.load(Ordering::Relaxed) {
            true => Err(EngineError::Outdated),
            false => Ok(()),
        }
    }

    /// Renews the lease now; an error where another run took the owner over.
    pub(super) fn renew_now(&self) -> Result<(), EngineError> {
        if renew(&self.shared, &self.seen).is_none() {
            self.is_lost.store(true, Ordering::Relaxed);
        }
        self.check()
    }

    fn stop_renewal(&mut self) {
        self.stop = None;
        if let Some(renewal) = self.renewal.take() {
            let _ = renewal.join();
        }
    }

    fn seen(&self) -> MutexGuard<'_, SeenOwner> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the run ended: its changes hold from now on.
    pub(super) fn end(
        mut self,
        settings: String,
        id: String,
        counts: OwnerCounts,
    ) -> Result<OwnerRecord, EngineError> {
        self.stop_renewal();
        self.check()?;
        let ended = self.replace(|record| OwnerRecord {
            version: own_version(),
            id,
            settings,
            changes: record.changes + 1,
            is_open: false,
            refreshed_ms: now_ms(),
            lease: None,
            counts,
            ..record
        })?;
        self.is_ended = true;
        ended.map(|seen| seen.record).ok_or(EngineError::Outdated)
    }

    /// Gives the lease back where the run did not end.
    fn give_back(&mut self, is_open: bool) {
        self.stop_renewal();
        if self.is_ended || self.check().is_err() {
            return;
        }
        self.is_ended = true;
        // Where it cannot be said, the lease expires.
        let _ = self.replace(|record| OwnerRecord {
            lease: None,
            is_open,
            ..record
        });
    }

    /// Writes what `change` makes of the owner's document; `None` where another was faster.
    fn replace(
        &self,
        change: impl FnOnce(OwnerRecord) -> OwnerRecord,
    ) -> Result<Option<SeenOwner>, EngineError> {
        let seen = self.seen().clone();
        let record = change(seen.record.clone());
        owners::replace(
            &self.shared.cluster,
            &self.shared.names,
            Some(&seen),
            record,
        )
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        let has_written = self.has_written.load(Ordering::Relaxed);
        self.give_back(self.was_open || has_written);
    }
}

fn next_record(shared: &Shared, seen: Option<&SeenOwner>, id: &str, machine: &str) -> OwnerRecord {
    let holder = format!(
        "process {} of owner `{}`",
        std::process::id(),
        shared.options.owner
    );
    let lease = Some(Lease::new(&holder, machine));
    match seen {
        Some(seen) => OwnerRecord {
            generation: seen.record.generation + 1,
            is_open: true,
            lease,
            ..seen.record.clone()
        },
        None => OwnerRecord {
            owner: shared.options.owner.clone(),
            version: own_version(),
            id: id.to_string(),
            settings: String::new(),
            generation: 1,
            changes: 0,
            is_open: true,
            refreshed_ms: 0,
            lease,
            counts: OwnerCounts::default(),
        },
    }
}

/// Renews a lease; `None` where it is another's now. A cluster that cannot be reached is asked again the next time.
fn renew(shared: &Shared, seen: &Mutex<SeenOwner>) -> Option<()> {
    let mut own = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let lease = own.record.lease.as_ref()?;
    let record = OwnerRecord {
        lease: Some(Lease::new(&lease.holder, &lease.machine)),
        ..own.record.clone()
    };
    match owners::replace(&shared.cluster, &shared.names, Some(&own), record) {
        Ok(Some(renewed)) => *own = renewed,
        Ok(None) => return None,
        Err(_) => {}
    }
    Some(())
}
