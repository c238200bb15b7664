//! Where a cluster's index lies, as a URL.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The most characters of an index's name.
const MAX_NAME_CHARS: usize = 100;

/// How the nodes of a cluster are spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlScheme {
    /// Plain text.
    Http,
    /// TLS.
    Https,
}

impl UrlScheme {
    /// The port where the address names none: that of the scheme, as clients of OpenSearch do; 9200 is never guessed.
    fn default_port(self) -> u16 {
        match self {
            UrlScheme::Http => 80,
            UrlScheme::Https => 443,
        }
    }

    fn name(self) -> &'static str {
        match self {
            UrlScheme::Http => "http",
            UrlScheme::Https => "https",
        }
    }
}

/// One node of a cluster, or a proxy before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeAddress {
    /// How it is spoken to.
    pub scheme: UrlScheme,
    /// Its name in lower case, or its IP address; an IPv6 address is without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What stands before each path: empty, or `/` and segments, without a `/` at its end.
    pub prefix: String,
}

impl NodeAddress {
    /// Whether it is this machine: an address of loopback, or `localhost`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => self.host == "localhost",
        }
    }

    /// Host and port as the header `Host` has them: the port only where it is not the scheme's own.
    pub(super) fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        match self.port == self.scheme.default_port() {
            true => host,
            false => format!("{host}:{}", self.port),
        }
    }
}

impl fmt::Display for NodeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme.name();
        write!(f, "{scheme}://{}{}", self.authority(), self.prefix)
    }
}

/// Where a cluster's index lies: `https://host1:9200,host2:9200/news`.
///
/// What stands between the hosts and the name is the path of a proxy: `https://host/search/news`. Shown, it is in its
/// normal form: scheme and hosts in lower case, no port that is the scheme's own, each node once.
///
/// ```
/// use excerpt::engine::opensearch::transport::ClusterAddress;
///
/// let address = ClusterAddress::parse("HTTPS://Search1:443,search2:9200/news/")?;
/// assert_eq!(address.name, "news");
/// assert_eq!(address.to_string(), "https://search1,search2:9200/news");
/// # Ok::<(), excerpt::engine::opensearch::transport::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterAddress {
    /// Its nodes, at least one, each once, in the order written.
    pub nodes: Vec<NodeAddress>,
    /// The name of the index: `[a-z0-9][a-z0-9_-]{0,99}`.
    pub name: String,
}

/// Why a text is not the address of an index. Nothing of the text is repeated, since a password may stand anywhere in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither `http` nor `https`.
    #[error(
        "the address of a cluster begins with `https://` or `http://`, the same for all its hosts"
    )]
    Scheme,
    /// A user or a password stands in it.
    #[error(
        "the address of a cluster holds no credentials; set EXCERPT_ENGINE_USER and EXCERPT_ENGINE_PASSWORD, or \
         EXCERPT_ENGINE_TOKEN, or EXCERPT_ENGINE_API_KEY, or one of them with `_FILE`"
    )]
    Credentials,
    /// A query or a fragment stands in it.
    #[error("the address of a cluster has no `?` and no `#`")]
    Query,
    /// There is no host, or one that cannot be a host.
    #[error(
        "a host of the address is missing, or is neither a name nor an IP address (`[…]` around IPv6)"
    )]
    Host,
    /// The port is no port.
    #[error("a port of the address is not a number from 1 to 65535")]
    Port,
    /// What stands before the name of the index is no path.
    #[error(
        "the path before the index's name has other characters than `A-Z a-z 0-9 . _ ~ -`, or an empty part"
    )]
    Prefix,
    /// There is no name of an index.
    #[error("the address names no index: `https://host:9200/NAME`")]
    NoName,
    /// The name is none of an index.
    #[error(
        "the index's name in the address has only `a-z 0-9 _ -`, at most 100 of them, and begins with a letter or a digit"
    )]
    Name,
}

impl ClusterAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it; credentials in it are refused before all else.
    pub fn parse(text: &str) -> Result<ClusterAddress, AddressError> {
        // A password may hold `/`, `?` and `:`, so that only this order never takes a part of it for something else.
        if text.contains('@') {
            return Err(AddressError::Credentials);
        }
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => UrlScheme::Http,
            "https" => UrlScheme::Https,
            _ => return Err(AddressError::Scheme),
        };
        if rest.contains(['?', '#']) {
            return Err(AddressError::Query);
        }
        let rest = rest.replace(&format!(",{}://", scheme.name()), ",");
        if rest.contains("://") {
            return Err(AddressError::Scheme);
        }
        let (hosts, path) = rest.split_once('/').ok_or(AddressError::NoName)?;
        let (prefix, name) = prefix_and_name(path)?;
        let mut nodes: Vec<NodeAddress> = Vec::new();
        for host in hosts.split(',') {
            let node = node(scheme, host, &prefix)?;
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        Ok(ClusterAddress { nodes, name })
    }
}

impl fmt::Display for ClusterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.nodes.first().map_or("", |node| node.prefix.as_str());
        for (number, node) in self.nodes.iter().enumerate() {
            match number {
                0 => write!(f, "{}://{}", node.scheme.name(), node.authority())?,
                _ => write!(f, ",{}", node.authority())?,
            }
        }
        write!(f, "{prefix}/{}", self.name)
    }
}

/// The prefix, with a `/` before each segment, and the name behind it.
fn prefix_and_name(path: &str) -> Result<(String, String), AddressError> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (before, name) = path
        .rsplit_once('/')
        .map_or((None, path), |(before, name)| (Some(before), name));
    if name.is_empty() {
        return Err(AddressError::NoName);
    }
    if !is_name(name) {
        return Err(AddressError::Name);
    }
    let mut prefix = String::new();
    for segment in before.into_iter().flat_map(|before| before.split('/')) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c);
        if matches!(segment, "" | "." | "..") || !segment.chars().all(is_plain) {
            return Err(AddressError::Prefix);
        }
        prefix.push('/');
        prefix.push_str(segment);
    }
    Ok((prefix, name.to_string()))
}

fn is_name(name: &str) -> bool {
    let is_first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= MAX_NAME_CHARS
        && name.starts_with(is_first)
        && name.chars().all(|c| is_first(c) || c == '_' || c == '-')
}

/// The node that `host` or `host:port` names.
fn node(scheme: UrlScheme, text: &str, prefix: &str) -> Result<NodeAddress, AddressError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or(AddressError::Host)?;
            let address: Ipv6Addr = address.parse().map_err(|_| AddressError::Host)?;
            let port = match port {
                "" => None,
                port => Some(port.strip_prefix(':').ok_or(AddressError::Host)?),
            };
            (address.to_string(), port)
        }
        None => {
            let (host, port) = text
                .split_once(':')
                .map_or((text, None), |(host, port)| (host, Some(port)));
            if !is_host(host) {
                return Err(AddressError::Host);
            }
            (host.to_ascii_lowercase(), port)
        }
    };
    let port = port.map_or(Ok(scheme.default_port()), port_of)?;
    let prefix = prefix.to_string();
    Ok(NodeAddress {
        scheme,
        host,
        port,
        prefix,
    })
}

fn is_host(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_label = |label: &str| !label.is_empty() && label.chars().all(is_plain);
    host.len() <= 253 && host.split('.').all(is_label)
}

fn port_of(text: &str) -> Result<u16, AddressError> {
    if !text.chars().all(|c| c.is_ascii_digit()) {
        return Err(AddressError::Port);
    }
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(AddressError::Port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        ClusterAddress::parse(text).expect("an address").to_string()
    }

    #[test]
    fn an_address_has_a_normal_form() {
        for (text, normal) in [
            ("https://host:9200/news", "https://host:9200/news"),
            ("HTTPS://Host/news/", "https://host/news"),
            ("https://host:443/news", "https://host/news"),
            ("http://host:80/news", "http://host/news"),
            ("http://host:443/news", "http://host:443/news"),
            ("https://a:9200,b:9201,a:9200/n", "https://a:9200,b:9201/n"),
            ("https://a:9200,https://b/n", "https://a:9200,b/n"),
            ("https://[::1]:9200/n", "https://[::1]:9200/n"),
            ("https://[0:0::1]/n", "https://[::1]/n"),
            ("https://host/search/v1/n", "https://host/search/v1/n"),
        ] {
            assert_eq!(shown(text), normal, "{text}");
            assert_eq!(shown(normal), normal);
        }
        let address = ClusterAddress::parse("https://a,b:9200/p/q/news").expect("an address");
        assert_eq!(address.name, "news");
        let nodes: Vec<String> = address.nodes.iter().map(ToString::to_string).collect();
        assert_eq!(nodes, ["https://a/p/q", "https://b:9200/p/q"]);
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        let long = format!("https://h/{}", "a".repeat(101));
        for (text, error) in [
            ("ftp://host/news", AddressError::Scheme),
            ("news", AddressError::Scheme),
            ("://host/news", AddressError::Scheme),
            ("https://a,http://b/n", AddressError::Scheme),
            ("https://host/a?x=1", AddressError::Query),
            ("https://host/a#x", AddressError::Query),
            ("https:///news", AddressError::Host),
            ("https://a,,b/news", AddressError::Host),
            ("https://ho st/news", AddressError::Host),
            ("https://hö/news", AddressError::Host),
            ("https://a..b/news", AddressError::Host),
            ("https://[::1/news", AddressError::Host),
            ("https://[::1]x/news", AddressError::Host),
            ("https://[fe80::1%25eth0]/news", AddressError::Host),
            ("https://host:/news", AddressError::Port),
            ("https://host:0/news", AddressError::Port),
            ("https://host:65536/news", AddressError::Port),
            ("https://host:+1/news", AddressError::Port),
            ("https://host:9200:1/news", AddressError::Port),
            ("https://host", AddressError::NoName),
            ("https://host/", AddressError::NoName),
            ("https://host/a//news", AddressError::Prefix),
            ("https://host/../news", AddressError::Prefix),
            ("https://host/a%2Fb/news", AddressError::Prefix),
            ("https://host/News", AddressError::Name),
            ("https://host/_all", AddressError::Name),
            ("https://host/n*", AddressError::Name),
            ("https://host/a,b", AddressError::Name),
            (&long, AddressError::Name),
        ] {
            assert_eq!(ClusterAddress::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn credentials_are_refused_and_never_repeated() {
        for text in [
            "https://user:secret@host/news",
            "https://user:se/cret@host/news",
            "https://user:se?cret#@host/news",
            "https://secret@host:99999/news",
            "secret@host",
        ] {
            assert_eq!(ClusterAddress::parse(text), Err(AddressError::Credentials));
        }
        for text in ["https://user:secret/news", "https://host/a?token=secret"] {
            let error = ClusterAddress::parse(text).expect_err("no address");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn loopback_is_this_machine() {
        let is_loopback = |host: &str| {
            let text = format!("http://{host}/n");
            let address = ClusterAddress::parse(&text).expect("an address");
            address.nodes[0].is_loopback()
        };
        for host in [
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "LOCALHOST",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "128.0.0.1",
            "0.0.0.0",
            "[::]",
            "localhost.evil.com",
            "127.1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
