//! The way to a cluster: addresses, credentials, certificates, requests and what comes back.
//!
//! A [`Client`] speaks HTTP with the nodes of one [`ClusterAddress`] and with no other host: redirects are refused, and
//! no proxy is used. It knows nothing of indices and documents. What comes back is as hostile as a stranger's file: bodies
//! are bounded after decompression, every request ends by a timeout, and text of the cluster reaches an error only
//! cleaned, cut, and without the credentials that were sent.

mod address;
mod bodies;
mod certificates;
mod clean;
mod client;
mod clock;
mod credentials;
mod environment;
mod exchange;
mod fault;
mod nodes;
mod options;
mod own_file;
mod request;
mod resolver;
mod retries;
mod signature;
mod status;
mod traffic;

pub use self::address::{AddressError, ClusterAddress, NodeAddress, UrlScheme};
pub use self::clean::cleaned;
pub use self::client::Client;
pub use self::credentials::{AwsKeys, Credentials, Secret};
pub use self::environment::{CredentialsError, credentials_from};
pub use self::options::ConnectOptions;
pub use self::request::{ClusterAnswer, ClusterRequest, Method, Repeats, RequestBody};
pub(super) use self::retries::Backoff;
pub use self::signature::encoded;
pub use self::traffic::Traffic;
