//! A request to a cluster, and its answer.

/// What a request does with its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; a body may be sent with it.
    Get,
    /// Asks whether it is there; the answer has no body.
    Head,
    /// Asks or writes.
    Post,
    /// Makes or replaces.
    Put,
    /// Removes; a body may be sent with it.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub enum RequestBody<'a> {
    /// None.
    Empty,
    /// One value of JSON.
    Json(&'a [u8]),
    /// Values of JSON, each with a line end, the last one too.
    Lines(&'a [u8]),
}

impl<'a> RequestBody<'a> {
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            RequestBody::Empty => &[],
            RequestBody::Json(bytes) | RequestBody::Lines(bytes) => bytes,
        }
    }

    pub(super) fn content_type(self) -> Option<&'static str> {
        match self {
            RequestBody::Empty => None,
            RequestBody::Json(_) => Some("application/json"),
            RequestBody::Lines(_) => Some("application/x-ndjson"),
        }
    }
}

/// When a request is sent again.
///
/// A request of which nothing was sent, since no connection came about, goes to the next node in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Not where the cluster may have begun with it.
    Never,
    /// It reads: again after a cut connection, 429, 502, 503 and 504.
    Reads,
    /// It writes, and twice is as once: again as a read.
    Idempotent,
}

/// A request to a cluster.
#[derive(Debug, Clone, Copy)]
pub struct ClusterRequest<'a> {
    /// What is done.
    pub method: Method,
    /// The path and the query, percent-encoded (see [`encoded`](super::encoded)), from its `/` on.
    pub path: &'a str,
    /// What is sent with it.
    pub body: RequestBody<'a>,
    /// When it is sent again.
    pub repeats: Repeats,
}

/// What a cluster answers, for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterAnswer {
    /// The status of HTTP: 200, 201, 400, 404, 409, 413, 500 and all that the client does not judge itself.
    pub status: u16,
    /// The body, unpacked, raw: as hostile as a stranger's file.
    pub body: Vec<u8>,
}
