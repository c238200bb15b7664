//! How a cluster is reached.

use std::path::PathBuf;
use std::time::Duration;

use super::credentials::Credentials;

/// How a cluster is reached.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// Who asks.
    pub credentials: Credentials,
    /// A file of certificates in PEM: of the authorities that may sign for the cluster, instead of those that browsers
    /// trust.
    pub ca: Option<PathBuf>,
    /// A file with the client's own certificate in PEM, and those between it and an authority, in this order.
    pub cert: Option<PathBuf>,
    /// A file with the key of that certificate in PEM, not encrypted.
    pub key: Option<PathBuf>,
    /// Whether plain `http` may be spoken with other machines.
    pub insecure_http: bool,
    /// How long one request may take in all, from the connection to the end of the answer.
    pub timeout: Duration,
    /// How long it may take to find a host, and again to connect to it, TLS included.
    pub connect_timeout: Duration,
    /// For how long a request is repeated where it may be; after that no further attempt begins.
    pub retry_for: Duration,
    /// The most bytes of an answer's body, unpacked.
    pub largest_answer: u64,
}

impl Default for ConnectOptions {
    fn default() -> ConnectOptions {
        ConnectOptions {
            credentials: Credentials::None,
            ca: None,
            cert: None,
            key: None,
            insecure_http: false,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry_for: Duration::from_secs(30),
            // A thousand sections of the documentation corpus are 0.75 MB, of the largest size there is 64 MiB.
            largest_answer: 256 << 20,
        }
    }
}
