//! What this user keeps of a cluster's index on this machine: a number by which its leases are known, a lock so that one
//! run writes at a time, and copies of what is known of sources.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::engine::state::new_id;
use crate::engine::writing::BegunWait;
use crate::engine::{EngineError, Wait};

/// The file with the number of the machine.
const MACHINE: &str = "machine";
/// The file that a run locks.
const LOCK: &str = "lock";
/// How often a lock is tried that another run holds.
const TRIED_EVERY: Duration = Duration::from_millis(200);

/// Makes the folder, which only its owner enters.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The number of this user's folder on this machine: a lease with it is of a run here.
pub(super) fn machine(folder: Option<&Path>) -> String {
    let Some(path) = folder.map(|folder| folder.join(MACHINE)) else {
        return new_id();
    };
    let is_number = |text: &String| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(number) = fs::read_to_string(&path).ok().filter(is_number) {
        return number;
    }
    let number = new_id();
    // Where it cannot be kept, a run that ends too early holds its lease until that expires.
    let _ = fs::write(path, &number);
    number
}

/// Takes the lock of this machine's runs; it is given back where the file is closed, also by a run's death.
pub(super) fn lock(folder: &Path, wait: &Wait) -> Result<File, EngineError> {
    let mut waiting = BegunWait::begin(wait);
    let storage = |error: io::Error| EngineError::Storage(error.to_string());
    make_folder(folder).map_err(storage)?;
    let options = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK));
    let file = options.map_err(storage)?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            // A disk without locks: the lease alone keeps runs apart.
            Err(TryLockError::Error(_)) => return Ok(file),
        }
        waiting.pause("another process", TRIED_EVERY)?;
    }
}
