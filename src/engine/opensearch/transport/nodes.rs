//! Which node a request goes to.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::address::NodeAddress;

/// How long a node that failed is passed over where another one is there.
const ASIDE: Duration = Duration::from_secs(15);
/// After so many requests the next node has its turn: a command that asks a few times pays for one connection, a long run
/// spreads over all nodes.
const REQUESTS_A_TURN: usize = 8;

/// The nodes of a cluster, whose turn it is, and who failed lately.
#[derive(Debug)]
pub(super) struct NodeList {
    nodes: Vec<ListedNode>,
    began: Instant,
    requests: AtomicUsize,
}

#[derive(Debug)]
struct ListedNode {
    address: NodeAddress,
    /// Until when it is passed over, in milliseconds since the list began; 0 where it is not.
    aside_until: AtomicU64,
}

impl NodeList {
    /// The nodes, beginning with any, so that many clients do not begin with the same one.
    pub(super) fn new(nodes: &[NodeAddress]) -> NodeList {
        let start = RandomState::new().build_hasher().finish() as usize;
        NodeList::beginning_with(nodes, start % nodes.len().max(1))
    }

    fn beginning_with(nodes: &[NodeAddress], start: usize) -> NodeList {
        let listed = |address: &NodeAddress| ListedNode {
            address: address.clone(),
            aside_until: AtomicU64::new(0),
        };
        NodeList {
            nodes: nodes.iter().map(listed).collect(),
            began: Instant::now(),
            requests: AtomicUsize::new(start * REQUESTS_A_TURN),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Where the next request begins.
    pub(super) fn first(&self) -> usize {
        let turn = self.requests.fetch_add(1, Ordering::Relaxed) / REQUESTS_A_TURN;
        self.best_from(turn % self.nodes.len().max(1))
    }

    /// Where a request goes on that failed at a node: to another one where there is one.
    pub(super) fn after(&self, failed: usize) -> usize {
        self.best_from((failed + 1) % self.nodes.len().max(1))
    }

    /// The first node from `start` on that is not passed over; where all are, the one that has been for the longest time.
    fn best_from(&self, start: usize) -> usize {
        let now = self.now();
        let until = |node: &usize| {
            let until = self
                .nodes
                .get(*node)
                .map_or(0, |node| node.aside_until.load(Ordering::Relaxed));
            if until <= now { 0 } else { until }
        };
        let count = self.nodes.len();
        let turns = (0..count).map(|step| (start + step) % count);
        turns.min_by_key(until).unwrap_or(0)
    }

    pub(super) fn address(&self, node: usize) -> Option<&NodeAddress> {
        Some(&self.nodes.get(node)?.address)
    }

    /// Passes over a node for a while.
    pub(super) fn put_aside(&self, node: usize) {
        let until = self.now() + ASIDE.as_millis() as u64;
        if let Some(node) = self.nodes.get(node) {
            node.aside_until.store(until, Ordering::Relaxed);
        }
    }

    /// Takes a node that answered back.
    pub(super) fn take_back(&self, node: usize) {
        if let Some(node) = self.nodes.get(node) {
            node.aside_until.store(0, Ordering::Relaxed);
        }
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::opensearch::transport::address::ClusterAddress;

    fn list(count: usize) -> NodeList {
        let hosts: Vec<String> = (0..count).map(|node| format!("h{node}")).collect();
        let address = format!("http://{}/n", hosts.join(","));
        let address = ClusterAddress::parse(&address).expect("an address");
        NodeList::beginning_with(&address.nodes, 0)
    }

    #[test]
    fn nodes_take_turns() {
        let list = list(3);
        let nodes: Vec<usize> = (0..REQUESTS_A_TURN * 4).map(|_| list.first()).collect();
        for (turn, nodes) in nodes.chunks(REQUESTS_A_TURN).enumerate() {
            assert!(nodes.iter().all(|node| *node == turn % 3), "{nodes:?}");
        }
    }

    #[test]
    fn a_node_that_failed_is_passed_over_until_it_answers() {
        let list = list(3);
        assert_eq!(list.after(0), 1);
        list.put_aside(0);
        assert_eq!(list.first(), 1);
        list.put_aside(1);
        assert_eq!((list.first(), list.after(2)), (2, 2));
        list.put_aside(2);
        assert!(list.first() < 3 && list.after(1) < 3);
        list.take_back(1);
        assert_eq!((list.first(), list.after(1)), (1, 1));
    }

    #[test]
    fn one_node_is_always_the_next() {
        let list = list(1);
        list.put_aside(0);
        assert_eq!((list.first(), list.after(0)), (0, 0));
    }
}
