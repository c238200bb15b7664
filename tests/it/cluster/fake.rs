//! A cluster in this process, which does what a healthy one does not.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) use super::fake_http::{FakeAnswer, FakeReply, FakeRequest};

/// What a reader asks: a method and a path, where `*` is a name of ours, or several with commas between them, `*.*` one
/// that ends in `.*`, `*.f*.forms` one that ends so, and `**` any one segment. A fake refuses all else, and fails its test: what is not here must be added
/// here and in `docs/cluster.md`.
pub(crate) const READERS: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/*.*/_stats/store"),
    ("GET", "/*/_search_shards"),
    ("GET", "/*/_stats/docs"),
    ("POST", "/*/_msearch"),
    ("POST", "/*/_search"),
    ("POST", "/*/_search/point_in_time"),
    ("POST", "/*/_termvectors"),
    ("POST", "/_mget"),
    ("POST", "/_search"),
    ("DELETE", "/_search/point_in_time"),
];

/// What a writer asks beside what a reader does.
pub(crate) const WRITERS: &[(&str, &str)] = &[
    ("GET", "/*/_doc/**"),
    ("GET", "/*.*/_alias"),
    ("GET", "/*.f*.forms/_alias"),
    ("PUT", "/*"),
    ("DELETE", "/*"),
    ("DELETE", "/*/_doc/**"),
    ("PUT", "/*/_doc/**"),
    ("POST", "/*/_delete_by_query"),
    ("POST", "/*/_forcemerge"),
    ("POST", "/*/_refresh"),
    ("POST", "/_aliases"),
    ("POST", "/_bulk"),
];

/// Whether a request is one of those.
fn is_allowed(method: &str, path: &str) -> bool {
    let mut allowed = READERS.iter().chain(WRITERS);
    allowed.any(|(own, pattern)| *own == method && fits(pattern, path))
}

/// Whether a path is one of a pattern. A name of ours never begins with `_` and has no other `*` than in those ends:
/// `/_all` and `/news*` reach what is not ours.
pub(crate) fn fits(pattern: &str, path: &str) -> bool {
    let is_ours = |names: &str| {
        let mut names = names.split("%2C");
        names.all(|name| {
            !name.is_empty() && !name.starts_with(['_', '-', '.']) && !name.contains('*')
        })
    };
    let mut own = pattern.split('/');
    let mut given = path.split('/');
    loop {
        let is_same = match (own.next(), given.next()) {
            (None, None) => return true,
            (Some("**"), Some(segment)) => !segment.is_empty(),
            (Some("*"), Some(segment)) => is_ours(segment),
            (Some(end @ ("*.*" | "*.f*.forms")), Some(segment)) => {
                let segment = segment.replace("%2A", "*");
                segment.strip_suffix(&end[1..]).is_some_and(is_ours)
            }
            (own, given) => own == given,
        };
        if !is_same {
            return false;
        }
    }
}

type Handler = dyn Fn(&FakeRequest) -> FakeReply + Send + Sync;

/// A fake cluster of one node, as long as it lives.
pub(crate) struct Fake {
    port: u16,
    is_tls: bool,
    shared: Arc<FakeState>,
}

/// What the threads of a fake share.
struct FakeState {
    handler: Box<Handler>,
    tls: Option<Arc<ServerConfig>>,
    requests: Mutex<Vec<FakeRequest>>,
    strays: Mutex<Vec<String>>,
    streams: Mutex<Vec<TcpStream>>,
    connections: AtomicUsize,
    is_over: AtomicBool,
}

impl Fake {
    /// A fake that does with each request what `handler` says, over plain HTTP.
    pub(crate) fn start(
        handler: impl Fn(&FakeRequest) -> FakeReply + Send + Sync + 'static,
    ) -> Fake {
        Fake::begin(None, Box::new(handler))
    }

    /// One that speaks TLS.
    pub(crate) fn start_tls(
        config: Arc<ServerConfig>,
        handler: impl Fn(&FakeRequest) -> FakeReply + Send + Sync + 'static,
    ) -> Fake {
        Fake::begin(Some(config), Box::new(handler))
    }

    /// One that does the given things, one a request, and the last of them from then on.
    pub(crate) fn in_turn(replies: Vec<FakeReply>) -> Fake {
        let count = AtomicUsize::new(0);
        Fake::start(move |_| {
            let turn = count.fetch_add(1, Ordering::SeqCst);
            replies[turn.min(replies.len() - 1)].clone()
        })
    }

    fn begin(tls: Option<Arc<ServerConfig>>, handler: Box<Handler>) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let is_tls = tls.is_some();
        let shared = Arc::new(FakeState {
            handler,
            tls,
            requests: Mutex::default(),
            strays: Mutex::default(),
            streams: Mutex::default(),
            connections: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if state.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&state);
                thread::spawn(move || state.serve(stream));
            }
        });
        Fake {
            port,
            is_tls,
            shared,
        }
    }

    /// Where it is: scheme, host and port, with no `/` behind them.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The requests that came so far, refused ones too.
    pub(crate) fn requests(&self) -> Vec<FakeRequest> {
        self.shared.requests.lock().expect("a lock").clone()
    }

    /// Ends it as `kill -9` would: no new connection, and the open ones are cut.
    pub(crate) fn kill(&self) {
        if self.shared.is_over.swap(true, Ordering::SeqCst) {
            return;
        }
        // Wakes the thread that waits for connections, which gives up the port.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        for stream in self.shared.streams.lock().expect("a lock").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.kill();
        let strays = self.shared.strays.lock().expect("a lock");
        assert!(
            strays.is_empty() || thread::panicking(),
            "not allowed: {strays:?}"
        );
    }
}

impl FakeState {
    fn serve(&self, stream: TcpStream) {
        let connection = self.connections.fetch_add(1, Ordering::SeqCst);
        let _ = stream.set_nodelay(true);
        let copy = stream.try_clone().expect("a copy");
        self.streams.lock().expect("a lock").push(copy);
        match &self.tls {
            None => {
                let mut stream = stream;
                self.answer(&mut stream, connection);
                let _ = stream.shutdown(Shutdown::Both);
            }
            Some(config) => {
                let server = ServerConnection::new(Arc::clone(config)).expect("a server");
                let mut stream = StreamOwned::new(server, stream);
                self.answer(&mut stream, connection);
                stream.conn.send_close_notify();
                let _ = stream.conn.write_tls(&mut stream.sock);
                // What the client still sends is read, else the system would take back the alert that it is sent.
                let _ = stream.sock.shutdown(Shutdown::Write);
                let _ = stream.sock.set_read_timeout(Some(Duration::from_secs(2)));
                let _ = std::io::copy(&mut stream.sock, &mut std::io::sink());
            }
        }
    }

    /// Answers the requests of a connection until one side ends it.
    fn answer(&self, stream: &mut (impl std::io::Read + std::io::Write), connection: usize) {
        let is_over = || self.is_over.load(Ordering::SeqCst);
        while let Ok(Some(request)) = FakeRequest::read(stream, connection) {
            self.requests.lock().expect("a lock").push(request.clone());
            let is_head = request.method == "HEAD";
            let reply = match is_allowed(&request.method, &request.path) {
                true => (self.handler)(&request),
                false => {
                    let stray = format!("{} {}", request.method, request.path);
                    let body = format!("{{\"error\":\"not allowed: {stray}\"}}");
                    self.strays.lock().expect("a lock").push(stray);
                    FakeReply::json(400, &body)
                }
            };
            if !matches!(reply.send(stream, is_head, &is_over), Ok(true)) {
                return;
            }
        }
    }
}

#[test]
fn only_what_is_needed_is_allowed() {
    for (method, path) in [
        ("GET", "/"),
        ("POST", "/news.main.f1.sections/_search"),
        (
            "POST",
            "/news.main.f1.sections%2Cnews.b.f1.sections/_msearch",
        ),
        ("GET", "/news/_doc/_x"),
        ("GET", "/news.*/_stats/store"),
        ("GET", "/news.f%2A.forms/_alias"),
        ("DELETE", "/_search/point_in_time"),
    ] {
        assert!(is_allowed(method, path), "{method} {path}");
    }
    for (method, path) in [
        ("DELETE", "/"),
        ("DELETE", "/_all"),
        ("DELETE", "/*"),
        ("DELETE", "/news*"),
        ("DELETE", "/news.*"),
        ("POST", "/news/_refresh/"),
        ("POST", "//_refresh"),
        ("POST", "/news/_refresh/x"),
        ("POST", "/news%2C/_refresh"),
        ("POST", "/news%2C_all/_refresh"),
        ("GET", "/*.*/_alias"),
        ("PUT", "/_cluster/settings"),
        ("GET", "/_cat/indices"),
    ] {
        assert!(!is_allowed(method, path), "{method} {path}");
    }
}

#[test]
fn what_is_needed_is_documented() {
    let docs = include_str!("../../../docs/cluster.md");
    let (_, section) = docs
        .split_once("## What the cluster has to allow")
        .expect("a section");
    let section = section.split_once("\n## ").map_or(section, |(own, _)| own);
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.split('|').map(|cell| cell.trim().trim_matches('`'));
        let (method, path) = (cells.nth(1)?, cells.next()?);
        path.starts_with('/').then_some((method, path))
    });
    let listed = READERS.iter().chain(WRITERS).copied();
    assert_eq!(rows.collect::<Vec<_>>(), listed.collect::<Vec<_>>());
}
