//! The client of a cluster: what it sends, what it makes of answers, and that nothing a cluster does hangs it, fills its
//! memory, or shows a secret.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use excerpt::engine::EngineError;
use excerpt::engine::opensearch::transport::{
    AwsKeys, Client, ClusterAddress, ClusterAnswer, ClusterRequest, ConnectOptions, Credentials,
    Method, Repeats, RequestBody, Secret,
};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::fake::{Fake, FakeAnswer, FakeReply};

/// Short times, so that what fails for good fails soon.
pub(super) fn options() -> ConnectOptions {
    ConnectOptions {
        timeout: Duration::from_secs(20),
        connect_timeout: Duration::from_secs(10),
        retry_for: Duration::from_secs(1),
        ..ConnectOptions::default()
    }
}

/// A long time for what is to go well at last, however busy the machine is.
fn patient() -> ConnectOptions {
    ConnectOptions {
        retry_for: Duration::from_secs(30),
        ..options()
    }
}

pub(super) fn client(nodes: &str, options: &ConnectOptions) -> Client {
    let address = ClusterAddress::parse(&format!("{nodes}/news")).expect("an address");
    Client::connect(&address, options).expect("a client")
}

fn search(repeats: Repeats) -> ClusterRequest<'static> {
    ClusterRequest {
        method: Method::Post,
        path: "/news/_search",
        body: RequestBody::Json(b"{}"),
        repeats,
    }
}

/// A read, sent by a client of this node.
fn read(fake: &Fake, options: &ConnectOptions) -> Result<ClusterAnswer, EngineError> {
    client(&fake.url(), options).send(&search(Repeats::Reads))
}

fn ok() -> FakeReply {
    FakeReply::json(200, r#"{"took":1}"#)
}

fn answer(status: u16, body: &str) -> FakeAnswer {
    FakeAnswer::new(status, body)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("packed")
}

/// A port of this machine where nobody answers.
fn dead_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn statuses_that_a_caller_judges_come_back_with_their_bodies() {
    for status in [200, 201, 400, 404, 409, 413, 500] {
        let fake = Fake::start(move |_| FakeReply::json(status, r#"{"a":1}"#));
        let found = read(&fake, &options()).expect("an answer");
        assert_eq!(
            (found.status, &found.body[..]),
            (status, &br#"{"a":1}"#[..])
        );
        assert_eq!(fake.requests().len(), 1);
    }
}

#[test]
fn a_request_is_sent_as_it_is_given() {
    let fake = Fake::start(|_| ok());
    let client = client(&fake.url(), &options());
    let send = |method, path, body| {
        let request = ClusterRequest {
            method,
            path,
            body,
            repeats: Repeats::Never,
        };
        client.send(&request).expect("an answer")
    };
    send(Method::Get, "/", RequestBody::Empty);
    send(Method::Put, "/news", RequestBody::Json(b"{}"));
    send(Method::Post, "/news/_refresh", RequestBody::Empty);
    let lines = b"{\"index\":{}}\n{}\n".repeat(1000);
    send(
        Method::Post,
        "/_bulk?filter_path=a,b&x=%2C",
        RequestBody::Lines(&lines),
    );
    send(
        Method::Delete,
        "/_search/point_in_time",
        RequestBody::Json(b"{\"pit_id\":[]}"),
    );
    let requests = fake.requests();
    let seen = requests.iter().map(|own| {
        let kind = own.header("content-type").unwrap_or("-").to_string();
        let length = own.header("content-length").unwrap_or("-").to_string();
        format!("{} {}?{} {kind} {length}", own.method, own.path, own.query)
    });
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            "GET /? - -",
            "PUT /news? application/json 2",
            "POST /news/_refresh? - 0",
            "POST /_bulk?filter_path=a,b&x=%2C application/x-ndjson 16000",
            "DELETE /_search/point_in_time? application/json 13",
        ]
    );
    assert_eq!(requests[3].body, lines);
    for request in &requests {
        let own = format!("excerpt/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("user-agent"), Some(own.as_str()));
        let host = format!("127.0.0.1:{}", fake.port());
        assert_eq!(request.header("host"), Some(host.as_str()));
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.connection, 0, "the connection is used again");
    }
    let traffic = client.traffic();
    assert_eq!((traffic.requests, traffic.bytes_sent), (5, 2 + 16_000 + 13));
    assert_eq!(traffic.bytes_received, 5 * 10);
}

#[test]
fn a_prefix_stands_before_every_path() {
    let fake = Fake::start(|_| ok());
    let client = client(&format!("{}/proxy", fake.url()), &options());
    let request = ClusterRequest {
        method: Method::Get,
        // The prefix makes it one of the fake's paths.
        path: "/_doc/x?a=b",
        body: RequestBody::Empty,
        repeats: Repeats::Never,
    };
    client.send(&request).expect("an answer");
    let requests = fake.requests();
    assert_eq!(requests[0].path, "/proxy/_doc/x");
    assert_eq!(requests[0].query, "a=b");
}

/// `0.0.0.0` is this machine, but not an address of loopback, so that it is treated as another one.
#[cfg(unix)]
#[test]
fn bodies_are_packed_on_the_way_to_other_machines() {
    let fake = Fake::start(|_| {
        let body = packed(br#"{"took":1}"#);
        FakeReply::Whole(FakeAnswer::new(200, body).with("content-encoding", "gzip"))
    });
    let options = ConnectOptions {
        insecure_http: true,
        ..options()
    };
    let client = client(&format!("http://0.0.0.0:{}", fake.port()), &options);
    let lines = b"{\"index\":{}}\n{}\n".repeat(1000);
    let request = ClusterRequest {
        method: Method::Post,
        path: "/_bulk",
        body: RequestBody::Lines(&lines),
        repeats: Repeats::Idempotent,
    };
    let found = client.send(&request).expect("an answer");
    assert_eq!(found.body, br#"{"took":1}"#);
    client.send(&search(Repeats::Reads)).expect("an answer");
    let requests = fake.requests();
    assert_eq!(requests[0].header("content-encoding"), Some("gzip"));
    assert_eq!(requests[0].header("accept-encoding"), Some("gzip"));
    assert_eq!(requests[0].body, lines);
    assert!(requests[0].sent.len() < 1000);
    assert_eq!(requests[1].header("content-encoding"), None);
    let sent = requests[0].sent.len() as u64 + 2;
    assert_eq!(client.traffic().bytes_sent, sent);
    let received = 2 * packed(br#"{"took":1}"#).len() as u64;
    assert_eq!(client.traffic().bytes_received, received);
}

#[test]
fn retry_after_is_honoured() {
    let busy = answer(429, "{}").with("Retry-After", "1");
    let fake = Fake::in_turn(vec![FakeReply::Whole(busy), ok()]);
    let began = Instant::now();
    assert_eq!(read(&fake, &patient()).expect("an answer").status, 200);
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn who_asks_to_wait_too_long_is_not_waited_for() {
    for value in ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let busy = answer(503, "{}").with("Retry-After", value);
        let fake = Fake::start(move |_| FakeReply::Whole(busy.clone()));
        let error = read(&fake, &options()).expect_err("busy");
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        assert_eq!(fake.requests().len(), 1);
    }
}

#[test]
fn busy_nodes_are_asked_again_until_the_time_has_passed() {
    for status in [429, 502, 503, 504] {
        let fake = Fake::in_turn(vec![FakeReply::json(status, "{}"), ok()]);
        assert_eq!(read(&fake, &patient()).expect("an answer").status, 200);
        let body = r#"{"error":{"type":"x","reason":"queue\u001b[31m full"}}"#;
        let fake = Fake::start(move |_| FakeReply::json(status, body));
        let error = read(&fake, &options()).expect_err("busy");
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains(&fake.url()) && text.contains(&status.to_string()));
        assert!(text.contains("queue [31m full"), "{text}");
        assert!(fake.requests().len() >= 2);
    }
}

#[test]
fn what_may_not_be_repeated_is_sent_once() {
    for reply in [
        FakeReply::json(429, "{}"),
        FakeReply::json(503, "{}"),
        FakeReply::Cut,
        FakeReply::CutHead,
        FakeReply::CutBody(answer(200, "{\"took\":1}"), 4),
    ] {
        let fake = Fake::in_turn(vec![reply.clone(), ok()]);
        let found = client(&fake.url(), &options()).send(&search(Repeats::Never));
        let error = found.expect_err("not repeated");
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        assert_eq!(fake.requests().len(), 1, "{reply:?}");
    }
}

#[test]
fn cut_connections_are_tried_again() {
    for reply in [
        FakeReply::Cut,
        FakeReply::CutHead,
        FakeReply::CutBody(answer(200, "{\"took\":1}"), 4),
        FakeReply::CutBody(answer(200, "{\"took\":1}"), 0),
    ] {
        for repeats in [Repeats::Reads, Repeats::Idempotent] {
            let fake = Fake::in_turn(vec![reply.clone(), ok()]);
            let found = client(&fake.url(), &patient()).send(&search(repeats));
            assert_eq!(found.expect("an answer").body, br#"{"took":1}"#);
            assert_eq!(fake.requests().len(), 2);
        }
        let fake = Fake::start(move |_| reply.clone());
        let error = read(&fake, &options()).expect_err("cut for good");
        assert!(error.to_string().contains(&fake.url()), "{error}");
        assert!(fake.requests().len() >= 2);
    }
}

#[test]
fn a_silent_node_ends_by_the_timeout() {
    let short = ConnectOptions {
        timeout: Duration::from_millis(300),
        ..options()
    };
    for reply in [
        FakeReply::Stall,
        FakeReply::StallHead,
        FakeReply::StallBody(answer(200, "{\"took\":1}"), 4),
        FakeReply::Endless(Duration::from_millis(20)),
    ] {
        let fake = Fake::start({
            let reply = reply.clone();
            move |_| reply.clone()
        });
        let began = Instant::now();
        let error = read(&fake, &short).expect_err("silent");
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        assert!(error.to_string().contains("no answer in time"), "{error}");
        assert!(began.elapsed() >= Duration::from_millis(300));
        assert!(began.elapsed() < Duration::from_secs(15), "{reply:?}");
        assert_eq!(fake.requests().len(), 1);
        // Another node answers in its place.
        let other = Fake::start(|_| ok());
        let nodes = format!("{},127.0.0.1:{}", fake.url(), other.port());
        let long = ConnectOptions {
            retry_for: patient().retry_for,
            ..short.clone()
        };
        let client = client(&nodes, &long);
        for _ in 0..3 {
            let found = client.send(&search(Repeats::Reads));
            assert_eq!(found.expect("an answer").status, 200);
        }
    }
}

#[test]
fn bodies_are_bounded() {
    let small = ConnectOptions {
        largest_answer: 100_000,
        ..options()
    };
    let bomb = packed(&vec![b' '; 30_000_000]);
    let bomb = FakeAnswer::new(200, bomb).with("content-encoding", "gzip");
    for reply in [
        FakeReply::Endless(Duration::ZERO),
        FakeReply::Whole(bomb),
        FakeReply::Whole(FakeAnswer::new(200, vec![b' '; 100_001])),
    ] {
        let fake = Fake::start(move |_| reply.clone());
        let client = client(&fake.url(), &small);
        let error = client.send(&search(Repeats::Reads)).expect_err("too large");
        assert!(matches!(error, EngineError::Storage(_)), "{error}");
        assert!(error.to_string().contains("100000 bytes"), "{error}");
        assert_eq!(fake.requests().len(), 1);
        assert!(client.traffic().bytes_received < 2_000_000);
    }
    let whole = FakeReply::Whole(FakeAnswer::new(200, vec![b' '; 100_000]));
    let fake = Fake::start(move |_| whole.clone());
    let found = read(&fake, &small).expect("an answer");
    assert_eq!(found.body.len(), 100_000);
    // An answer that tells an error is bounded too.
    let fake = Fake::start(|_| {
        let text = "x".repeat(5_000_000);
        FakeReply::json(401, &text)
    });
    let error = read(&fake, &options()).expect_err("refused").to_string();
    assert!(error.len() < 1000, "{}", error.len());
}

#[test]
fn answers_that_are_none_are_errors() {
    let long = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(1_000_000));
    let gzip = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 7\r\n\r\nno gzip";
    for raw in [
        "SSH-2.0-OpenSSH_9.9\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 999999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx",
        gzip,
        &long,
        "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n",
        "\r\n\r\n\r\n",
        "\u{0}\u{1}\u{2}",
    ] {
        let bytes = raw.as_bytes().to_vec();
        let fake = Fake::start(move |_| FakeReply::Raw(bytes.clone()));
        let error = client(&fake.url(), &options()).send(&search(Repeats::Never));
        let start = raw.get(..60).unwrap_or(raw);
        let error = error.expect_err(start);
        assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
        let text = error.to_string();
        assert!(
            text.len() < 500 && !text.contains(char::is_control),
            "{text}"
        );
    }
}

#[test]
fn heads_before_the_head_and_answers_without_a_length_are_read() {
    for raw in [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\n\r\n{}",
    ] {
        let fake = Fake::start(|_| FakeReply::Raw(raw.as_bytes().to_vec()));
        let found = read(&fake, &options()).expect(raw);
        assert_eq!((found.status, &found.body[..]), (200, &b"{}"[..]));
    }
}

#[test]
fn redirects_are_refused() {
    for status in [301, 302, 303, 307, 308] {
        let other = Fake::start(|_| ok());
        let target = format!("http://user:hunter2@127.0.0.1:{}/x?secret", other.port());
        let redirect = answer(status, "").with("Location", &target);
        let fake = Fake::start(move |_| FakeReply::Whole(redirect.clone()));
        let error = read(&fake, &options()).expect_err("a redirect");
        assert!(matches!(error, EngineError::Unsupported(_)), "{error}");
        let text = error.to_string();
        let host = format!("`127.0.0.1:{}`", other.port());
        assert!(text.contains(&host) && text.contains(&fake.url()), "{text}");
        assert!(
            !text.contains("hunter2") && !text.contains("secret"),
            "{text}"
        );
        assert_eq!((fake.requests().len(), other.requests().len()), (1, 0));
    }
    for location in ["/news", "", "https://\u{1b}[31m/"] {
        let redirect = answer(302, "").with("Location", location);
        let fake = Fake::start(move |_| FakeReply::Whole(redirect.clone()));
        let error = read(&fake, &options()).expect_err("a redirect");
        let text = error.to_string();
        assert!(!text.contains(char::is_control), "{text}");
    }
}

#[test]
fn who_may_not_ask_is_told_what_to_set() {
    for status in [401, 403] {
        let body = r#"{"error":{"type":"security_exception","reason":"no permissions"}}"#;
        let fake = Fake::start(move |_| FakeReply::json(status, body));
        let error = read(&fake, &options()).expect_err("refused");
        assert!(matches!(error, EngineError::Unauthorized(_)), "{error}");
        let text = error.to_string();
        for part in [&fake.url(), "EXCERPT_ENGINE_USER", "no permissions"] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(fake.requests().len(), 1);
        for reply in [
            FakeReply::json(status, ""),
            FakeReply::CutBody(answer(status, "{\"took\":1}"), 4),
        ] {
            let fake = Fake::start(move |_| reply.clone());
            let error = read(&fake, &options()).expect_err("refused");
            assert!(matches!(error, EngineError::Unauthorized(_)), "{error}");
        }
    }
    let blocked = r#"{"error":{"type":"cluster_block_exception","reason":"read-only"}}"#;
    let fake = Fake::start(move |_| FakeReply::json(403, blocked));
    assert_eq!(read(&fake, &options()).expect("an answer").status, 403);
}

/// Credentials of each kind, with what of them must not be shown: base64 too.
fn credentials_and_secrets() -> Vec<(Credentials, Vec<&'static str>)> {
    let basic = |password: &str| Credentials::Basic {
        user: "u".to_string(),
        password: Secret::new(password),
    };
    let secret = || Secret::new("hunter2 hunter3");
    let keys = AwsKeys {
        access_key: "AK".to_string(),
        secret_key: Secret::new("hunter2"),
        session_token: Some(Secret::new("hunter3")),
        region: "eu-west-1".to_string(),
    };
    vec![
        (
            basic("hunter2 hunter3"),
            vec!["hunter2 hunter3", "dTpodW50ZXIyIGh1bnRlcjM="],
        ),
        // With two spaces, which a cleaned text has as one.
        (
            basic("hunter2  hunter3"),
            vec!["hunter2  hunter3", "hunter2 hunter3"],
        ),
        (basic("hu7"), vec!["hu7", "dTpodTc="]),
        (Credentials::Bearer(secret()), vec!["hunter2 hunter3"]),
        (Credentials::ApiKey(secret()), vec!["hunter2 hunter3"]),
        (Credentials::Aws(keys), vec!["hunter2", "hunter3"]),
    ]
}

#[test]
fn credentials_are_sent_and_never_shown() {
    for (credentials, secrets) in credentials_and_secrets() {
        let options = ConnectOptions {
            credentials,
            ..options()
        };
        let hides = |text: &str| {
            for secret in &secrets {
                assert!(!text.contains(secret), "{text}");
            }
        };
        // A proxy that repeats what it was sent, also with what an error would leave out within it.
        for status in [200, 302, 401, 403, 429, 500] {
            let fake = Fake::start(move |request| {
                let sent = request.header("authorization").unwrap_or_default();
                let token = request.header("x-amz-security-token").unwrap_or_default();
                let echo =
                    format!("{sent} {token} hun\u{200b}ter2\u{1}hunter3 hunter2 hunter3 hu7");
                let body = serde_json::json!({"error": {"type": echo, "reason": echo}});
                let location = format!("https://{}/", echo.replace(char::is_control, " "));
                let answer = FakeAnswer::new(status, body.to_string());
                FakeReply::Whole(answer.with("Location", &location))
            });
            let client = client(&fake.url(), &options);
            match client.send(&search(Repeats::Never)) {
                Ok(found) => assert!([200, 500].contains(&found.status)),
                Err(error) => hides(&format!("{error} {error:?}")),
            }
            let requests = fake.requests();
            let sent = requests[0].header("authorization").unwrap_or_default();
            assert!(sent.len() > 8, "{sent}");
            hides(&format!("{client:?} {options:?}"));
        }
    }
}

#[test]
fn a_dead_node_is_passed_over() {
    let fake = Fake::start(|_| ok());
    let nodes = format!("http://127.0.0.1:{},127.0.0.1:{}", dead_port(), fake.port());
    // Also what may not be repeated: nothing of it was sent to the dead one.
    let client = client(&nodes, &patient());
    for number in 1..=20 {
        let found = client.send(&search(Repeats::Never));
        assert_eq!(found.expect("an answer").status, 200);
        assert_eq!(fake.requests().len(), number);
    }
    assert_eq!(client.traffic().requests, 20);
}

#[test]
fn a_node_that_dies_between_two_requests_is_passed_over() {
    let first = Fake::start(|_| ok());
    let second = Fake::start(|_| ok());
    let nodes = format!("{},127.0.0.1:{}", first.url(), second.port());
    let client = client(&nodes, &patient());
    for _ in 0..20 {
        client.send(&search(Repeats::Reads)).expect("an answer");
    }
    assert!(!first.requests().is_empty() && !second.requests().is_empty());
    first.kill();
    for _ in 0..20 {
        client.send(&search(Repeats::Reads)).expect("an answer");
    }
}

#[test]
fn a_cluster_that_is_gone_is_named() {
    let port = dead_port();
    let client = client(&format!("http://127.0.0.1:{port}"), &options());
    let began = Instant::now();
    let error = client.send(&search(Repeats::Reads)).expect_err("nobody");
    assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
    let node = format!("`http://127.0.0.1:{port}`");
    assert!(error.to_string().contains(&node), "{error}");
    assert!(began.elapsed() < Duration::from_secs(15));
    let name = "http://no-such-host.invalid";
    let options = ConnectOptions {
        insecure_http: true,
        ..options()
    };
    let error = self::client(name, &options)
        .send(&search(Repeats::Reads))
        .expect_err("no host");
    assert!(error.to_string().contains("host is not found"), "{error}");
}

#[test]
fn plain_http_to_other_machines_is_refused_unless_forced() {
    for (url, is_refused) in [
        ("http://127.0.0.1:9200/news", false),
        ("http://localhost/news", false),
        ("http://[::1]:9200/news", false),
        ("https://search.example:9200/news", false),
        ("http://search.example:9200/news", true),
        ("http://127.0.0.1:9200,search.example/news", true),
        ("http://0.0.0.0:9200/news", true),
    ] {
        let address = ClusterAddress::parse(url).expect("an address");
        let found = Client::connect(&address, &options());
        match found {
            Ok(_) => assert!(!is_refused, "{url}"),
            Err(error) => {
                assert!(is_refused, "{url}: {error}");
                assert!(matches!(error, EngineError::Unsupported(_)), "{error}");
            }
        }
        let forced = ConnectOptions {
            insecure_http: true,
            ..options()
        };
        assert!(Client::connect(&address, &forced).is_ok(), "{url}");
    }
    let serverless = ClusterAddress::parse("https://x.eu-west-1.aoss.amazonaws.com/news");
    let error = Client::connect(&serverless.expect("an address"), &options());
    assert!(matches!(error, Err(EngineError::Unsupported(_))));
}

#[test]
fn threads_share_a_client() {
    let fake = Fake::start(|request| FakeReply::json(200, &request.json().to_string()));
    let client = client(&fake.url(), &options());
    thread::scope(|scope| {
        for number in 0..8 {
            let client = &client;
            scope.spawn(move || {
                let body = format!("{{\"n\":{number}}}");
                for _ in 0..25 {
                    let request = ClusterRequest {
                        body: RequestBody::Json(body.as_bytes()),
                        ..search(Repeats::Never)
                    };
                    let found = client.send(&request).expect("an answer");
                    assert_eq!(found.body, body.as_bytes());
                }
            });
        }
    });
    assert_eq!(client.traffic().requests, 200);
}

#[test]
fn requests_to_the_managed_service_are_signed_as_they_are_sent() {
    let fake = Fake::start(|_| ok());
    let options = ConnectOptions {
        credentials: Credentials::Aws(AwsKeys {
            access_key: "AKIDEXAMPLE".to_string(),
            secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: Some(Secret::new("token")),
            region: "eu-west-1".to_string(),
        }),
        ..options()
    };
    let client = client(&fake.url(), &options);
    let request = ClusterRequest {
        path: "/news%2Cold/_search?b=1,2&a=%2C&refresh",
        ..search(Repeats::Reads)
    };
    client.send(&request).expect("an answer");
    let request = fake.requests().remove(0);
    assert_eq!(request.path, "/news%2Cold/_search");
    assert_eq!(request.query, "a=%2C&b=1%2C2&refresh=");
    let header = |name: &str| request.header(name).unwrap_or_default().to_string();
    let time = header("x-amz-date");
    let day = &time[..8];
    // Made again out of what came, by the definition.
    let signed = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
    let values: Vec<String> = signed
        .split(';')
        .map(|name| format!("{name}:{}\n", header(name)))
        .collect();
    let canonical = format!(
        "POST\n/news%252Cold/_search\n{}\n{}\n{signed}\n{}",
        request.query,
        values.concat(),
        hex(&sha256(&request.sent))
    );
    let scope = format!("{day}/eu-west-1/es/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex(&sha256(canonical.as_bytes()))
    );
    let mut key = b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_vec();
    for part in [day, "eu-west-1", "es", "aws4_request", &to_sign] {
        key = hmac(&key, part.as_bytes());
    }
    assert_eq!(
        header("authorization"),
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders={signed}, Signature={}",
            hex(&key)
        )
    );
    assert_eq!(header("x-amz-security-token"), "token");
    assert_eq!(header("x-amz-content-sha256"), hex(&sha256(b"{}")));
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).to_vec()
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    use hmac::{KeyInit as _, Mac as _};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).expect("a key");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
