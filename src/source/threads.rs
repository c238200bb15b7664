//! How many threads may be started.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many of `wanted` threads can be had at once: fewer where the system's limits allow no more.
#[must_use]
pub fn startable(wanted: usize) -> usize {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        // They all wait, so that those that are started are there together.
        let held = gate.lock();
        let wait = || drop(gate.lock().unwrap_or_else(PoisonError::into_inner));
        let starts = |_: &usize| thread::Builder::new().spawn_scoped(scope, wait).is_ok();
        let started = (0..wanted).take_while(starts).count();
        drop(held);
        started
    })
}

#[cfg(test)]
mod tests {
    use super::startable;

    #[test]
    fn those_that_can_be_had_are_counted() {
        assert_eq!(startable(0), 0);
        assert_eq!(startable(3), 3);
    }
}
