//! What sends requests to a cluster, again where that may be, and to the next node where one fails.

use std::thread;
use std::time::Duration;

use ureq::unversioned::transport::DefaultConnector;

use super::address::{ClusterAddress, UrlScheme};
use super::bodies::SentBody;
use super::certificates::tls_config;
use super::environment::is_serverless;
use super::exchange::Wire;
use super::fault::ExchangeFault;
use super::nodes::NodeList;
use super::options::ConnectOptions;
use super::request::{ClusterAnswer, ClusterRequest};
use super::resolver::HostResolver;
use super::retries::Retries;
use super::traffic::Traffic;
use crate::engine::EngineError;

/// How many connections to a node are kept for the next request.
const KEPT_CONNECTIONS: usize = 8;

/// A client of one cluster, for any number of threads.
#[derive(Debug)]
pub struct Client {
    nodes: NodeList,
    wire: Wire,
    retry_for: Duration,
    /// Whether a node lies behind a network, where packed bodies are sooner there.
    is_remote: bool,
}

impl Client {
    /// Makes a client: files of certificates are read, nothing is sent.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`] for a file that cannot be read or used, [`EngineError::Unsupported`] for plain `http`
    /// to another machine without [`ConnectOptions::insecure_http`] and for OpenSearch Serverless,
    /// [`EngineError::Unauthorized`] for credentials that cannot be sent.
    pub fn connect(
        address: &ClusterAddress,
        options: &ConnectOptions,
    ) -> Result<Client, EngineError> {
        for node in &address.nodes {
            if is_serverless(&node.host) {
                return Err(EngineError::Unsupported(format!(
                    "`{node}` is OpenSearch Serverless, which cannot keep an index of excerpt"
                )));
            }
            let is_plain = node.scheme == UrlScheme::Http && !node.is_loopback();
            if is_plain && !options.insecure_http {
                return Err(EngineError::Unsupported(format!(
                    "`{node}` is another machine, and `http` would send texts and passwords in the clear; \
                     use `https`, or `--insecure-http`"
                )));
            }
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // Nothing goes to a host that the address does not name; `ureq` would read the environment.
            .proxy(None)
            .user_agent(concat!("excerpt/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .tls_config(tls_config(options)?)
            .timeout_global(Some(options.timeout))
            .timeout_resolve(Some(options.connect_timeout))
            .timeout_connect(Some(options.connect_timeout))
            .max_idle_connections(KEPT_CONNECTIONS * address.nodes.len())
            .max_idle_connections_per_host(KEPT_CONNECTIONS)
            .build();
        let connector = DefaultConnector::default();
        let agent = ureq::Agent::with_parts(config, connector, HostResolver);
        Ok(Client {
            nodes: NodeList::new(&address.nodes),
            wire: Wire::new(agent, &options.credentials, options.largest_answer)?,
            retry_for: options.retry_for,
            is_remote: address.nodes.iter().any(|node| !node.is_loopback()),
        })
    }

    /// Sends a request, again and to other nodes where it may be and has to be, and gives what the cluster answers at last.
    ///
    /// Statuses that a caller judges (200, 201, 400, 404, 409, 413, 500 …) are answers. A 403 that tells a
    /// `cluster_block_exception` is one too: the index is closed for writing, whoever asks.
    ///
    /// # Errors
    /// [`EngineError::Unauthorized`] for 401, other 403, and a client certificate that is missing or not accepted;
    /// [`EngineError::Unsupported`] for a redirect; [`EngineError::Storage`] for an answer larger than
    /// [`ConnectOptions::largest_answer`]; [`EngineError::Unavailable`] for all else: no connection, a certificate that is
    /// not trusted, no answer in time, 429, 502, 503 and 504 where the request may not be repeated or the time for it has
    /// passed.
    pub fn send(&self, request: &ClusterRequest<'_>) -> Result<ClusterAnswer, EngineError> {
        let body = SentBody::new(request.body.bytes(), self.is_remote);
        let mut retries = Retries::new(request.repeats, self.retry_for, self.nodes.len());
        let mut node = self.nodes.first();
        loop {
            let Some(address) = self.nodes.address(node) else {
                return Err(EngineError::Unavailable("it has no node".to_string()));
            };
            let fault = match self.wire.exchange(address, request, &body) {
                Ok(answer) => {
                    self.nodes.take_back(node);
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            match fault {
                ExchangeFault::NotConnected(_)
                | ExchangeFault::Cut(_)
                | ExchangeFault::TimedOut(_) => {
                    self.nodes.put_aside(node);
                }
                ExchangeFault::Busy { .. } | ExchangeFault::Final(_) => {}
            }
            let Some(pause) = retries.pause_after(&fault) else {
                return Err(fault.into_error(address, |text| self.wire.cleaned(text)));
            };
            thread::sleep(pause);
            node = self.nodes.after(node);
        }
    }

    /// How much was sent and received since the client began.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.wire.traffic.now()
    }
}
