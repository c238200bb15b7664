//! The addresses of a host.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The most addresses of a host that are tried; `ureq` keeps no more.
const MAX_ADDRESSES: usize = 16;

/// Asks the system, in a thread of its own, since that has no timeout; where no thread starts, without one. `ureq`'s own
/// resolver panics there, and starts a thread also for what is an address already.
#[derive(Debug)]
pub(super) struct HostResolver;

impl Resolver for HostResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let scheme = uri.scheme().ok_or(ureq::Error::HostNotFound)?;
        let authority = uri.authority().ok_or(ureq::Error::HostNotFound)?;
        let host = DefaultResolver::host_and_port(scheme, authority);
        let host = host.ok_or(ureq::Error::HostNotFound)?;
        let found = match host.parse() {
            Ok(address) => vec![address],
            Err(_) => look_up(&host, timeout)?,
        };
        let mut addresses = self.empty();
        for address in found.into_iter().take(MAX_ADDRESSES) {
            addresses.push(address);
        }
        match addresses.is_empty() {
            true => Err(ureq::Error::HostNotFound),
            false => Ok(addresses),
        }
    }
}

fn look_up(host: &str, timeout: NextTimeout) -> Result<Vec<SocketAddr>, ureq::Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let asked = host.to_string();
    // Where the time has passed, nobody receives, and the thread ends when the system answers it.
    let started = thread::Builder::new()
        .name("host lookup".to_string())
        .spawn(move || sender.send(addresses(&asked)).ok());
    if started.is_err() {
        return addresses(host).map_err(|_| ureq::Error::HostNotFound);
    }
    match receiver.recv_timeout(*timeout.after) {
        Ok(found) => found.map_err(|_| ureq::Error::HostNotFound),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(ureq::Error::Timeout(timeout.reason)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(ureq::Error::HostNotFound),
    }
}

fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(host.to_socket_addrs()?.collect())
}
