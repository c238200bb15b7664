//! When a request is sent again.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

use super::fault::ExchangeFault;
use super::request::Repeats;

/// The first pause, which doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause that nobody asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The attempts at one request.
pub(super) struct Retries {
    repeats: Repeats,
    began: Instant,
    retry_for: Duration,
    /// How many nodes there are.
    nodes: usize,
    /// The nodes that were tried since the last pause.
    tried: usize,
    backoff: Backoff,
}

/// Pauses that grow.
#[derive(Debug, Default)]
pub(in crate::engine::opensearch) struct Backoff {
    pauses: u32,
}

impl Backoff {
    /// The next pause that nobody asked for: between a half and the whole of what is doubled each time, so that those who
    /// were refused together do not come back together.
    pub(in crate::engine::opensearch) fn next_pause(&mut self) -> Duration {
        let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.pauses));
        self.pauses += 1;
        let whole = doubled.min(LONGEST_PAUSE);
        let share = RandomState::new().build_hasher().finish() % 1000;
        whole / 2 + whole / 2 * share as u32 / 1000
    }
}

impl Retries {
    pub(super) fn new(repeats: Repeats, retry_for: Duration, nodes: usize) -> Retries {
        Retries {
            repeats,
            began: Instant::now(),
            retry_for,
            nodes,
            tried: 0,
            backoff: Backoff::default(),
        }
    }

    /// How long to wait before the next attempt, at another node where there is one; `None` where there is none.
    pub(super) fn pause_after(&mut self, fault: &ExchangeFault) -> Option<Duration> {
        self.tried += 1;
        let is_repeated = match fault {
            ExchangeFault::Final(_) => false,
            ExchangeFault::NotConnected(_) => true,
            ExchangeFault::Cut(_) | ExchangeFault::Busy { .. } => self.repeats != Repeats::Never,
            // Who waited as long as may be waited for one request does not wait at the same node again.
            ExchangeFault::TimedOut(_) => self.repeats != Repeats::Never && self.tried < self.nodes,
        };
        let left = self.retry_for.checked_sub(self.began.elapsed())?;
        if !is_repeated {
            return None;
        }
        let asked = match fault {
            ExchangeFault::Busy { retry_after, .. } => *retry_after,
            _ if self.tried < self.nodes => return Some(Duration::ZERO),
            _ => None,
        };
        self.tried = 0;
        let pause = self.backoff.next_pause().max(asked.unwrap_or_default());
        (pause <= left).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineError;

    fn busy(seconds: Option<u64>) -> ExchangeFault {
        ExchangeFault::Busy {
            reason: String::new(),
            retry_after: seconds.map(Duration::from_secs),
        }
    }

    fn cut() -> ExchangeFault {
        ExchangeFault::Cut(String::new())
    }

    fn retries(repeats: Repeats, nodes: usize) -> Retries {
        Retries::new(repeats, Duration::from_secs(30), nodes)
    }

    #[test]
    fn what_may_not_be_repeated_is_not() {
        let mut never = retries(Repeats::Never, 2);
        assert_eq!(never.pause_after(&cut()), None);
        assert_eq!(never.pause_after(&busy(None)), None);
        let mut never = retries(Repeats::Never, 2);
        let unsent = ExchangeFault::NotConnected(String::new());
        assert_eq!(never.pause_after(&unsent), Some(Duration::ZERO));
        let last = ExchangeFault::Final(EngineError::Outdated);
        assert_eq!(retries(Repeats::Reads, 2).pause_after(&last), None);
    }

    #[test]
    fn other_nodes_come_first_and_then_a_pause_that_grows() {
        let mut reads = retries(Repeats::Reads, 2);
        let mut least = FIRST_PAUSE / 2;
        for _ in 0..10 {
            assert_eq!(reads.pause_after(&cut()), Some(Duration::ZERO));
            let pause = reads.pause_after(&cut()).expect("a pause");
            assert!(pause >= least && pause <= LONGEST_PAUSE, "{pause:?}");
            least = (least * 2).min(LONGEST_PAUSE / 2);
        }
    }

    #[test]
    fn what_the_cluster_asks_for_is_honoured_or_given_up() {
        let mut writes = retries(Repeats::Idempotent, 3);
        let pause = writes.pause_after(&busy(Some(7)));
        assert_eq!(pause, Some(Duration::from_secs(7)));
        assert_eq!(writes.pause_after(&busy(Some(31))), None);
    }

    #[test]
    fn a_stalled_node_is_not_asked_again() {
        let stalled = ExchangeFault::TimedOut(String::new());
        let mut one = retries(Repeats::Reads, 1);
        assert_eq!(one.pause_after(&stalled), None);
        let mut two = retries(Repeats::Reads, 2);
        assert_eq!(two.pause_after(&stalled), Some(Duration::ZERO));
        assert_eq!(two.pause_after(&stalled), None);
    }

    #[test]
    fn attempts_end_with_their_time() {
        let mut none = Retries::new(Repeats::Reads, Duration::ZERO, 1);
        assert_eq!(none.pause_after(&cut()), None);
    }
}
