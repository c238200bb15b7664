//! A real cluster, where one runs: its address is in `EXCERPT_TEST_CLUSTER`. `tests/opensearch/up.sh` starts one, and
//! `.ci/run` does.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use excerpt::engine::EngineLocation;
use excerpt::engine::opensearch::transport::ClusterAddress;
use excerpt::engine::opensearch::{ClusterOptions, Division};

/// The nodes of a real cluster, as an address has them; says loudly where there is none.
#[expect(clippy::print_stderr, reason = "what is not tested is said")]
pub(crate) fn nodes() -> Option<String> {
    static SAID: Once = Once::new();
    let nodes = std::env::var("EXCERPT_TEST_CLUSTER").ok();
    if nodes.is_none() {
        SAID.call_once(|| {
            eprintln!(
                "SKIPPED: no real cluster is tested; `EXCERPT_TEST_CLUSTER=http://127.0.0.1:9201` names one that \
                 `tests/opensearch/up.sh FOLDER` started"
            );
        });
    }
    nodes
}

/// An address on the real cluster that nothing lies at.
pub(crate) fn new_address() -> Option<String> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    Some(format!("{}/test-{}-{next}", nodes()?, std::process::id()))
}

/// A place on the real cluster for an index of two shards.
pub(crate) fn new_index() -> Option<EngineLocation> {
    let address = ClusterAddress::parse(&new_address()?).expect("an address");
    Some(EngineLocation::Cluster(Box::new(ClusterOptions {
        division: Division {
            shards: 2,
            replicas: 0,
        },
        ..ClusterOptions::new(address)
    })))
}
