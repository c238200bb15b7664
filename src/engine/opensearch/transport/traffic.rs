//! How much was sent and received.

use std::sync::atomic::{AtomicU64, Ordering};

/// How much was sent and received, since the client began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// The requests that were sent, each repetition counted.
    pub requests: u64,
    /// The bytes of their bodies as they were sent, compressed where they were; without heads and TLS.
    pub bytes_sent: u64,
    /// The bytes of the answers' bodies as they came, before decompression; without heads and TLS.
    pub bytes_received: u64,
}

/// What counts the traffic of all threads.
#[derive(Debug, Default)]
pub(super) struct TrafficCounter {
    requests: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

impl TrafficCounter {
    pub(super) fn sent(&self, bytes: usize) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Traffic {
        Traffic {
            requests: self.requests.load(Ordering::Relaxed),
            bytes_sent: self.sent.load(Ordering::Relaxed),
            bytes_received: self.received.load(Ordering::Relaxed),
        }
    }
}
