//! Certificates: whom a client trusts, and whom it shows its own.

use std::path::PathBuf;

use excerpt::engine::EngineError;
use excerpt::engine::opensearch::transport::{
    Client, ClusterAddress, ClusterAnswer, ClusterRequest, ConnectOptions, Method, Repeats,
    RequestBody,
};

use super::certificates::{Authority, PemFiles, SignedPair};
use super::fake::{Fake, FakeReply};
use super::transport::options;

const HERE: &[&str] = &["localhost", "127.0.0.1"];

fn start(pair: &SignedPair, clients: Option<&Authority>) -> Fake {
    Fake::start_tls(pair.server_config(clients), |_| FakeReply::json(200, "{}"))
}

/// A client that trusts this authority alone.
fn trusting(authority: &Authority, files: &PemFiles) -> ConnectOptions {
    ConnectOptions {
        ca: Some(files.write("ca.pem", &authority.pem())),
        ..options()
    }
}

fn ask(url: &str, options: &ConnectOptions) -> Result<ClusterAnswer, EngineError> {
    let address = ClusterAddress::parse(&format!("{url}/news")).expect("an address");
    Client::connect(&address, options)?.send(&ClusterRequest {
        method: Method::Get,
        path: "/",
        body: RequestBody::Empty,
        repeats: Repeats::Reads,
    })
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let (authority, files) = (Authority::new(), PemFiles::new());
    let fake = start(&authority.server(HERE), None);
    let options = trusting(&authority, &files);
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{}", fake.port());
        assert_eq!(ask(&url, &options).expect("an answer").status, 200);
    }
}

#[test]
fn certificates_that_do_not_hold_are_refused_before_anything_is_sent() {
    let (authority, files) = (Authority::new(), PemFiles::new());
    let other = Authority::new();
    let trusting = trusting(&authority, &files);
    for (pair, options, reason) in [
        (authority.server(HERE), &options(), "--ca FILE"),
        (other.server(HERE), &trusting, "--ca FILE"),
        (
            authority.server(&["example.com", "192.0.2.1"]),
            &trusting,
            "not valid for name",
        ),
        (
            authority.server_between(HERE, [1990, 1991]),
            &trusting,
            "expired",
        ),
        (
            authority.server_between(HERE, [4000, 4001]),
            &trusting,
            "not valid yet",
        ),
        (authority.client(), &trusting, "refused"),
    ] {
        let fake = start(&pair, None);
        let error = ask(&fake.url(), options).expect_err(reason);
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        let text = error.to_string();
        assert!(
            text.contains(reason) && text.contains(&fake.url()),
            "{text}"
        );
        assert!(fake.requests().is_empty());
    }
}

/// Options with a client's certificate and key.
fn showing(base: &ConnectOptions, pair: &SignedPair, files: &PemFiles) -> ConnectOptions {
    ConnectOptions {
        cert: Some(files.write("cert.pem", &pair.cert)),
        key: Some(files.write("key.pem", &pair.key)),
        ..base.clone()
    }
}

#[test]
fn a_client_shows_its_certificate_to_who_asks_for_it() {
    let (authority, files) = (Authority::new(), PemFiles::new());
    let fake = start(&authority.server(HERE), Some(&authority));
    let bare = trusting(&authority, &files);
    let own = showing(&bare, &authority.client(), &files);
    assert_eq!(ask(&fake.url(), &own).expect("an answer").status, 200);
    let other = showing(&bare, &Authority::new().client(), &files);
    let before = fake.requests().len();
    for options in [&bare, &other] {
        let error = ask(&fake.url(), options).expect_err("no certificate");
        assert!(matches!(error, EngineError::Unauthorized(_)), "{error}");
        assert!(error.to_string().contains("--cert FILE"), "{error}");
    }
    assert_eq!(fake.requests().len(), before);
}

#[test]
fn files_that_are_of_no_use_are_named_and_what_they_hold_is_not() {
    let (authority, files) = (Authority::new(), PemFiles::new());
    let base = trusting(&authority, &files);
    let (one, two) = (authority.client(), authority.client());
    let own = showing(&base, &one, &files);
    let write = |name: &str, text: &str| Some(files.write(name, text));
    let broken = one.key.replace("MIG", "XXX");
    let missing = || Some(PathBuf::from("/no/such/file.pem"));
    let with = |name: &str, change: &dyn Fn(&mut ConnectOptions)| {
        let mut options = own.clone();
        change(&mut options);
        let error = ask("https://127.0.0.1:1", &options).expect_err(name);
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains(name), "{name}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    };
    with("/no/such/file.pem", &|own| own.ca = missing());
    with("/no/such/file.pem", &|own| own.cert = missing());
    with("/no/such/file.pem", &|own| own.key = missing());
    with("empty.pem", &|own| own.ca = write("empty.pem", ""));
    with("text.pem", &|own| own.ca = write("text.pem", "hunter2"));
    with("key.pem", &|own| own.ca = own.key.clone());
    let no_der = "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n";
    with("no_der.pem", &|own| own.ca = write("no_der.pem", no_der));
    with("no_key.pem", &|own| {
        own.key = write("no_key.pem", "hunter2");
    });
    with("cert.pem", &|own| own.key = own.cert.clone());
    with("other.pem", &|own| own.key = write("other.pem", &two.key));
    with("broken.pem", &|own| own.key = write("broken.pem", &broken));
    with("no_der.pem", &|own| own.cert = write("no_der.pem", no_der));
    with("--key", &|own| own.key = None);
    with("--cert", &|own| own.cert = None);
    #[cfg(unix)]
    with("exposed.pem", &|own| {
        let path = files.write("exposed.pem", &one.key);
        files.set_mode(&path, 0o644);
        own.key = Some(path);
    });
}

#[test]
fn http_at_a_port_of_tls_and_tls_at_a_port_of_http_are_errors() {
    let (authority, files) = (Authority::new(), PemFiles::new());
    let plain = Fake::start(|_| FakeReply::json(200, "{}"));
    let url = plain.url().replace("http:", "https:");
    let short = ConnectOptions {
        timeout: std::time::Duration::from_secs(2),
        connect_timeout: std::time::Duration::from_secs(2),
        ..trusting(&authority, &files)
    };
    assert!(ask(&url, &short).is_err());
    let fake = start(&authority.server(HERE), None);
    let url = fake.url().replace("https:", "http:");
    assert!(ask(&url, &short).is_err());
    assert!(fake.requests().is_empty());
}
