//! Threads: how many may be started, and two things at once.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does two things at once and returns what both came to; one after the other where no thread can be had.
pub fn both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let started = thread::Builder::new().spawn_scoped(scope, &first);
        let second = second();
        let first = match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => first(),
        };
        (first, second)
    })
}

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
    use super::{both, startable};

    #[test]
    fn both_are_done() {
        let numbers = [1, 2, 3];
        assert_eq!(both(|| numbers.len(), || numbers[0]), (3, 1));
    }

    #[test]
    fn those_that_can_be_had_are_counted() {
        assert_eq!(startable(0), 0);
        assert_eq!(startable(3), 3);
    }
}
