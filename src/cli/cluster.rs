//! From a URL and the environment to the place of an index on a cluster.

use std::path::Path;

use super::args::{ClusterArgs, DivisionArgs};
use crate::search::Location;

/// Whether what was named as the index is an address.
pub(super) fn is_url(named: &Path) -> bool {
    named.to_str().is_some_and(|text| {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| {
            !scheme.is_empty()
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        })
    })
}

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
    let owner = args.owner.clone().unwrap_or_else(|| "main".to_string());
    if !is_owner_name(&owner) {
        anyhow::bail!("`{owner}` is no name of an owner: 1 to 40 of a-z, 0-9, - and _");
    }
    let mut connect = ConnectOptions {
        ca: args.ca.clone(),
        cert: args.cert.clone(),
        key: args.key.clone(),
        insecure_http: args.insecure_http,
        ..ConnectOptions::default()
    };
    if let Some(host) = address.nodes.first().map(|node| node.host.clone()) {
        connect.credentials = credentials_from(&host, &|name| std::env::var_os(name))?;
    }
    if let Some(timeout) = args.timeout {
        connect.timeout = timeout;
        connect.connect_timeout = connect.connect_timeout.min(timeout);
        connect.retry_for = connect.retry_for.min(timeout);
    }
    let default = Division::default();
    let options = ClusterOptions {
        connect,
        owner,
        division: Division {
            shards: division
                .and_then(|own| own.shards)
                .unwrap_or(default.shards),
            replicas: division
                .and_then(|own| own.replicas)
                .unwrap_or(default.replicas),
        },
        partial: args.partial,
        ..ClusterOptions::new(address)
    };
    let candidates = args
        .candidates
        .map_or(options.candidates, |own| own as usize);
    let options = ClusterOptions {
        candidates,
        ..options
    };
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
