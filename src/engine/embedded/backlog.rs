//! The backlog: text that waits to be indexed, bounded.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Text that waits to be indexed, in bytes.
const WAITING_BYTES: usize = 24 << 20;
/// The same where sources are read as streams.
const STREAM_WAITING_BYTES: usize = 6 << 20;

/// Bounds the text that waits to be indexed.
pub(super) struct Backlog {
    most: usize,
    taken: Mutex<usize>,
    given_back: Condvar,
}

impl Backlog {
    /// A backlog of nothing; a small one where sources are read as streams.
    pub(super) fn new(is_streamed: bool) -> Backlog {
        Backlog {
            most: match is_streamed {
                true => STREAM_WAITING_BYTES,
                false => WAITING_BYTES,
            },
            taken: Mutex::default(),
            given_back: Condvar::new(),
        }
    }

    /// Waits until `bytes` fit. What is larger than the whole backlog waits for it to be empty.
    pub(super) fn take(self: &Arc<Backlog>, bytes: usize) -> Permit {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && *taken + bytes > self.most {
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
