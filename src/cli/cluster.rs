//! From a URL and the environment to the place of an index on a cluster.

use std::path::Path;

use super::args::{ClusterArgs, DivisionArgs};
use crate::search::Location;

/// The index at an address.
#[cfg(feature = "cluster")]
pub(super) fn location(
    url: &Path,
    (args, division): (&ClusterArgs, Option<DivisionArgs>),
    state_dir: Option<&Path>,
    current: &Path,
) -> anyhow::Result<Location> {
    use crate::engine::opensearch::transport::{ClusterAddress, ConnectOptions, credentials_from};
    use crate::engine::opensearch::{ClusterOptions, Division, is_owner_name};

    let address = ClusterAddress::parse(url.to_str().unwrap_or_default())?;
    let host = address.nodes.first().map(|node| node.host.clone());
    let mut options = ClusterOptions::new(address);
    if let Some(owner) = &args.owner {
        if !is_owner_name(owner) {
            anyhow::bail!("`{owner}` is no name of an owner: 1 to 40 of a-z, 0-9, - and _");
        }
        options.owner.clone_from(owner);
    }
    let mut connect = ConnectOptions {
        ca: args.ca.clone(),
        cert: args.cert.clone(),
        key: args.key.clone(),
        insecure_http: args.insecure_http,
        ..ConnectOptions::default()
    };
    if let Some(host) = host {
        connect.credentials = credentials_from(&host, &|name| std::env::var_os(name))?;
    }
    if let Some(timeout) = args.timeout {
        connect.timeout = timeout;
        connect.connect_timeout = connect.connect_timeout.min(timeout);
        connect.retry_for = connect.retry_for.min(timeout);
    }
    options.connect = connect;
    let given = division.as_ref();
    let Division { shards, replicas } = &mut options.division;
    *shards = given.and_then(|given| given.shards).unwrap_or(*shards);
    *replicas = given.and_then(|given| given.replicas).unwrap_or(*replicas);
    if let Some(candidates) = args.candidates {
        options.candidates = candidates as usize;
    }
    options.partial = args.partial;
    Ok(Location::on_cluster(options, state_dir, current))
}

/// An error: the program was built without clusters.
#[cfg(not(feature = "cluster"))]
pub(super) fn location(
    url: &Path,
    _: (&ClusterArgs, Option<DivisionArgs>),
    _: Option<&Path>,
    _: &Path,
) -> anyhow::Result<Location> {
    anyhow::bail!(
        "`{}` is on a cluster, and this excerpt was built without the feature `cluster`",
        crate::printer::clean(&url.display().to_string())
    )
}
