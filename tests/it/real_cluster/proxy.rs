//! A proxy before the real cluster, which does something at a write: that is how a run is killed at each of its steps.

use std::sync::{Arc, Mutex};

use excerpt::engine::opensearch::transport::{
    Client, ClusterAddress, ClusterRequest, ConnectOptions, Method, Repeats, RequestBody,
};

use crate::cluster::fake::{Fake, FakeReply, FakeRequest};

/// When something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// The request does not reach the cluster.
    Before,
    /// The cluster does what it asks, and its answer is lost.
    After,
}

/// A proxy before the real cluster.
pub(super) struct Proxy {
    pub(super) fake: Fake,
    plan: Arc<Mutex<Option<Plan>>>,
}

/// What is done at the write with this number.
struct Plan {
    left: usize,
    at: At,
    action: Box<dyn FnMut() + Send>,
}

impl Proxy {
    pub(super) fn new(nodes: &str) -> Proxy {
        let address = ClusterAddress::parse(&format!("{nodes}/x")).expect("an address");
        let client = Client::connect(&address, &ConnectOptions::default()).expect("a client");
        let plan: Arc<Mutex<Option<Plan>>> = Arc::default();
        let own = Arc::clone(&plan);
        let fake = Fake::start(move |request| {
            let due = is_write(request).then(|| Plan::due(&own)).flatten();
            match due {
                Some(At::Before) => FakeReply::Cut,
                Some(At::After) => {
                    forward(&client, request);
                    Plan::act(&own);
                    FakeReply::Cut
                }
                None => forward(&client, request),
            }
        });
        Proxy { fake, plan }
    }

    /// Does something at the write with this number, 0 being the next one.
    pub(super) fn plan(&self, write: usize, at: At, action: impl FnMut() + Send + 'static) {
        *self.plan.lock().expect("a lock") = Some(Plan {
            left: write,
            at,
            action: Box::new(action),
        });
    }

    /// Takes the plan back; whether it was still to be done.
    pub(super) fn take_back(&self) -> bool {
        self.plan.lock().expect("a lock").take().is_some()
    }
}

impl Plan {
    /// Counts a write, and says whether something is to be done at it; what is to be done before it is done.
    fn due(plan: &Mutex<Option<Plan>>) -> Option<At> {
        let mut own = plan.lock().expect("a lock");
        let plan = own.as_mut()?;
        if plan.left > 0 {
            plan.left -= 1;
            return None;
        }
        let at = plan.at;
        if at == At::Before {
            (plan.action)();
            *own = None;
        }
        Some(at)
    }

    fn act(plan: &Mutex<Option<Plan>>) {
        if let Some(mut plan) = plan.lock().expect("a lock").take() {
            (plan.action)();
        }
    }
}

/// Whether a request changes something.
fn is_write(request: &FakeRequest) -> bool {
    let ends = ["/_bulk", "/_refresh", "/_aliases", "/_delete_by_query"];
    let path = request.path.as_str();
    match request.method.as_str() {
        "PUT" => true,
        "DELETE" => path != "/_search/point_in_time",
        _ => ends.iter().any(|end| path.ends_with(end)),
    }
}

fn forward(client: &Client, request: &FakeRequest) -> FakeReply {
    let path = match request.query.is_empty() {
        true => request.path.clone(),
        false => format!("{}?{}", request.path, request.query),
    };
    let is_lines = request.header("content-type") == Some("application/x-ndjson");
    let answer = client.send(&ClusterRequest {
        method: match request.method.as_str() {
            "GET" => Method::Get,
            "PUT" => Method::Put,
            "DELETE" => Method::Delete,
            _ => Method::Post,
        },
        path: &path,
        body: match (request.body.is_empty(), is_lines) {
            (true, _) => RequestBody::Empty,
            (false, true) => RequestBody::Lines(&request.body),
            (false, false) => RequestBody::Json(&request.body),
        },
        repeats: Repeats::Never,
    });
    match answer {
        Ok(answer) => FakeReply::json(answer.status, &String::from_utf8_lossy(&answer.body)),
        Err(error) => panic!("{}: {error}", request.path),
    }
}
