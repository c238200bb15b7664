//! A real cluster, where one runs: its address is in `EXCERPT_TEST_CLUSTER`. `tests/opensearch/up.sh` starts one, and
//! `.ci/run` does.

mod blocked;
mod commands;
mod histories;
mod hostile_owners;
mod killed_nodes;
mod kills;
mod owners;
mod proxy;
mod snapshots;
mod texts;

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use excerpt::engine::EngineLocation;
use excerpt::engine::opensearch::transport::{
    Client, ClusterAddress, ClusterRequest, ConnectOptions, Method, Repeats, RequestBody,
};
use excerpt::engine::opensearch::{ClusterOptions, Division};
use serde_json::Value;

/// The nodes of a real cluster, as an address has them; says loudly where there is none.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
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

/// A name on the real cluster, whose indices go with it.
pub(crate) struct RealIndex {
    /// The address of the index.
    pub(crate) url: String,
    client: Client,
}

impl RealIndex {
    pub(crate) fn new() -> Option<RealIndex> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        Some(RealIndex::at(format!("{}/real-{process}-{next}", nodes()?)))
    }

    pub(crate) fn at(url: String) -> RealIndex {
        let address = ClusterAddress::parse(&url).expect("an address");
        let options = ConnectOptions::default();
        let client = Client::connect(&address, &options).expect("a client");
        RealIndex { url, client }
    }

    pub(crate) fn address(&self) -> ClusterAddress {
        ClusterAddress::parse(&self.url).expect("an address")
    }

    /// The place of an index of two shards.
    pub(crate) fn location(&self) -> EngineLocation {
        EngineLocation::Cluster(Box::new(ClusterOptions {
            division: Division {
                shards: 2,
                replicas: 0,
            },
            ..ClusterOptions::new(self.address())
        }))
    }

    /// The pattern of its indices.
    pub(crate) fn indices(&self) -> String {
        format!("{}.*", self.address().name)
    }

    /// Asks the cluster something; what it answers with success.
    pub(crate) fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let body = body.map(|body| body.to_string());
        let request = ClusterRequest {
            method,
            path,
            body: match &body {
                Some(body) => RequestBody::Json(body.as_bytes()),
                None => RequestBody::Empty,
            },
            repeats: Repeats::Idempotent,
        };
        let answer = self.client.send(&request).expect("an answer");
        let text = String::from_utf8_lossy(&answer.body);
        assert!(answer.status < 300, "{path}: {} {text}", answer.status);
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Deletes its indices, as far as there are any.
    pub(crate) fn delete(&self) {
        let path = format!(
            "/{}?expand_wildcards=all&ignore_unavailable=true",
            self.indices()
        );
        self.ask(Method::Delete, &path, None);
    }
}

impl Drop for RealIndex {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.delete();
        }
    }
}
