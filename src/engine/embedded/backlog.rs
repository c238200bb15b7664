//! The backlog: text that waits to be indexed, bounded.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Text that waits to be indexed, in bytes.
const WAITING_BYTES: usize = 24 << 20;

/// Bounds the text that waits to be indexed.
#[derive(Default)]
pub(super) struct Backlog {
    taken: Mutex<usize>,
    given_back: Condvar,
}

impl Backlog {
    /// Waits until `bytes` fit. What is larger than the whole backlog waits for it to be empty.
    pub(super) fn take(self: &Arc<Backlog>, bytes: usize) -> Permit {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && *taken + bytes > WAITING_BYTES {
            taken = self
                .given_back
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
        Permit {
            backlog: Arc::clone(self),
            bytes,
        }
    }
}

/// A part of a [`Backlog`], given back when dropped.
pub(super) struct Permit {
    backlog: Arc<Backlog>,
    bytes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        *self
            .backlog
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.backlog.given_back.notify_all();
    }
}
