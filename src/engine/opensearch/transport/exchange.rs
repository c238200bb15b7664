//! One attempt at a request: what is sent to a node, and how its answer is judged.

use std::fmt;
use std::io::Read as _;
use std::time::SystemTime;

use ureq::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue,
    RETRY_AFTER,
};
use ureq::http::request::Builder;
use ureq::http::response::Parts;
use ureq::http::{Request, StatusCode};

use super::address::NodeAddress;
use super::bodies::{BodyFault, SentBody, read_body};
use super::clean::{ErrorReason, cut, one_line};
use super::clock::{basic_time, retry_after};
use super::credentials::{AwsKeys, Credentials, Secret};
use super::fault::{ExchangeFault, fault_of};
use super::request::{ClusterAnswer, ClusterRequest, Method, RequestBody};
use super::signature::{SignedParts, authorization, canonical_query, hash_of};
use super::status::{is_busy, is_refused, misleading};
use super::traffic::TrafficCounter;
use crate::engine::EngineError;

/// The most bytes that are read of an answer that tells an error.
const MAX_ERROR_BYTES: u64 = 64 << 10;
/// The kind of error of an index that may not be written.
const BLOCKED: &str = "cluster_block_exception";
/// The service of AWS that requests are signed for.
const AWS_SERVICE: &str = "es";
/// A secret that is shorter cannot be told from other text.
const SHORTEST_HIDDEN: usize = 4;

/// The wire: what sends requests and reads answers.
pub(super) struct Wire {
    agent: ureq::Agent,
    credentials: Credentials,
    authorization: Option<HeaderValue>,
    /// Texts that no error may hold.
    hidden: Vec<Secret>,
    largest_answer: u64,
    pub(super) traffic: TrafficCounter,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("credentials", &self.credentials)
            .field("largest_answer", &self.largest_answer)
            .finish_non_exhaustive()
    }
}

impl Wire {
    /// # Errors
    /// [`EngineError::Unauthorized`] for credentials that cannot be sent.
    pub(super) fn new(
        agent: ureq::Agent,
        credentials: &Credentials,
        largest_answer: u64,
    ) -> Result<Wire, EngineError> {
        let authorization = match credentials.authorization() {
            Some(header) => Some(secret_value(header.reveal()).ok_or_else(unsendable)?),
            None => None,
        };
        Ok(Wire {
            agent,
            credentials: credentials.clone(),
            authorization,
            hidden: hidden(credentials),
            largest_answer,
            traffic: TrafficCounter::default(),
        })
    }

    /// Sends a request to a node and reads the answer.
    pub(super) fn exchange(
        &self,
        node: &NodeAddress,
        request: &ClusterRequest<'_>,
        body: &SentBody<'_>,
    ) -> Result<ClusterAnswer, ExchangeFault> {
        let builder = self.head(node, request, body, SystemTime::now())?;
        let is_bare = matches!(request.body, RequestBody::Empty)
            && matches!(request.method, Method::Get | Method::Head | Method::Delete);
        let sent = match is_bare {
            true => (builder.body(()).map_err(|_| no_path(request)))
                .map(|request| self.agent.run(request))?,
            false => (builder.body(&*body.bytes).map_err(|_| no_path(request)))
                .map(|request| self.agent.run(request))?,
        };
        let answered = sent.map_err(|error| fault_of(error, node, |text| self.cleaned(text)));
        if !matches!(answered, Err(ExchangeFault::NotConnected(_))) {
            self.traffic.sent(body.bytes.len());
        }
        let (head, raw) = answered?.into_parts();
        self.judge(node, request, &head, raw)
    }

    /// A text of the cluster as an error may show it.
    pub(super) fn cleaned(&self, text: &str) -> String {
        let mut text = one_line(text);
        // For some minutes it could be sent again.
        if let Some(signature) = text.find("Signature=") {
            text.truncate(signature);
        }
        for secret in &self.hidden {
            let secret = secret.reveal();
            if !text.contains(secret) {
                continue;
            }
            if secret.len() < SHORTEST_HIDDEN {
                return "(left out: it holds a credential)".to_string();
            }
            text = text.replace(secret, "(credential)");
        }
        cut(&text)
    }

    /// The head of a request, signed where it has to be.
    fn head(
        &self,
        node: &NodeAddress,
        request: &ClusterRequest<'_>,
        body: &SentBody<'_>,
        now: SystemTime,
    ) -> Result<Builder, ExchangeFault> {
        let (path, query) = request.path.split_once('?').unwrap_or((request.path, ""));
        let path = format!("{}{path}", node.prefix);
        let (headers, query) = match &self.credentials {
            Credentials::Aws(keys) => {
                let query = canonical_query(query);
                let headers = signed(keys, node, request.method, &path, &query, body, now)?;
                (headers, query)
            }
            _ => (HeaderMap::new(), query.to_string()),
        };
        let root = NodeAddress {
            prefix: String::new(),
            ..node.clone()
        };
        let mark = if query.is_empty() { "" } else { "?" };
        // Packing costs more than it saves where nothing goes over a wire.
        let accepted = if node.is_loopback() {
            "identity"
        } else {
            "gzip"
        };
        let mut builder = Request::builder()
            .method(request.method.name())
            .uri(format!("{root}{path}{mark}{query}"))
            .header(ACCEPT_ENCODING, accepted);
        if let Some(kind) = request.body.content_type() {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        if body.is_packed {
            builder = builder.header(CONTENT_ENCODING, "gzip");
        }
        if let Some(value) = &self.authorization {
            builder = builder.header(AUTHORIZATION, value.clone());
        }
        for (name, value) in &headers {
            builder = builder.header(name, value.clone());
        }
        Ok(builder)
    }

    /// Reads an answer and says whether it is one.
    fn judge(
        &self,
        node: &NodeAddress,
        request: &ClusterRequest<'_>,
        head: &Parts,
        raw: ureq::Body,
    ) -> Result<ClusterAnswer, ExchangeFault> {
        let status = head.status;
        if let Some(error) = misleading(node, head, |text| self.cleaned(text)) {
            return Err(ExchangeFault::Final(error));
        }
        if is_busy(status) {
            let value = head.headers.get(RETRY_AFTER);
            let asked = value.and_then(|own| retry_after(own.to_str().ok()?, SystemTime::now()));
            let body = self.error_body(request, head, raw);
            let ErrorReason { kind, reason } = ErrorReason::of(&body);
            // Not for a while: a full disk or a setting closed an index, and its owner has to act.
            if status == StatusCode::TOO_MANY_REQUESTS && kind == BLOCKED {
                return Ok(ClusterAnswer {
                    status: status.as_u16(),
                    body,
                });
            }
            return Err(ExchangeFault::Busy {
                reason: format!("answers {}{}", status.as_u16(), in_brackets(&reason)),
                retry_after: asked,
            });
        }
        let is_refused = is_refused(status);
        let limit = match is_refused {
            true => self.largest_answer.min(MAX_ERROR_BYTES),
            false => self.largest_answer,
        };
        let body = match self.read(request, head, raw, limit) {
            Ok(body) => body,
            Err(_) if is_refused => vec![],
            Err(fault) => return Err(self.body_fault(fault, node)),
        };
        if is_refused {
            let error = ErrorReason::of(&body);
            // Not about who asks: a write to an index that a setting or a full disk has closed.
            if error.kind != BLOCKED {
                return Err(ExchangeFault::Final(self.refused(
                    node,
                    status,
                    &error.reason,
                )));
            }
        }
        Ok(ClusterAnswer {
            status: status.as_u16(),
            body,
        })
    }

    fn read(
        &self,
        request: &ClusterRequest<'_>,
        head: &Parts,
        mut raw: ureq::Body,
        limit: u64,
    ) -> Result<Vec<u8>, BodyFault> {
        let is_empty = raw.content_length() == Some(0) || head.status == StatusCode::NO_CONTENT;
        if is_empty || request.method == Method::Head {
            // Read to its end all the same, so that the connection can be used again.
            let _ = raw.as_reader().read(&mut [0; 1]);
            return Ok(vec![]);
        }
        let encoding = match head.headers.get(CONTENT_ENCODING) {
            None => None,
            Some(value) => Some(value.to_str().unwrap_or("unknown")),
        };
        read_body(raw.as_reader(), encoding, limit, &self.traffic)
    }

    /// The body of an answer that is none; nothing where it is not to be had.
    fn error_body(&self, request: &ClusterRequest<'_>, head: &Parts, raw: ureq::Body) -> Vec<u8> {
        let limit = self.largest_answer.min(MAX_ERROR_BYTES);
        self.read(request, head, raw, limit).unwrap_or_default()
    }

    fn body_fault(&self, fault: BodyFault, node: &NodeAddress) -> ExchangeFault {
        match fault {
            BodyFault::TooLarge => ExchangeFault::Final(EngineError::Storage(format!(
                "`{node}` answers with more than {} bytes",
                self.largest_answer
            ))),
            BodyFault::Encoding(reason) => ExchangeFault::Final(EngineError::Unavailable(format!(
                "`{node}`: its answer cannot be unpacked: {}",
                self.cleaned(&reason)
            ))),
            BodyFault::Connection(error) => fault_of(error.into(), node, |text| self.cleaned(text)),
        }
    }

    /// The error of an answer that says that this one may not ask.
    fn refused(&self, node: &NodeAddress, status: StatusCode, reason: &str) -> EngineError {
        let told = self.credentials.described();
        let verdict = match (&self.credentials, status) {
            (Credentials::None, _) => format!("wants credentials: set {told}"),
            (_, StatusCode::UNAUTHORIZED) => format!("does not accept {told}"),
            _ => format!("does not allow this to {told}"),
        };
        let reason = in_brackets(&self.cleaned(reason));
        EngineError::Unauthorized(format!(
            "`{node}` answers {} and {verdict}{reason}",
            status.as_u16()
        ))
    }
}

/// A text behind another one, in brackets; nothing where it is empty.
fn in_brackets(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!(" ({text})"),
    }
}

/// The texts of these credentials that no error may hold, also as a cleaned text would show them; long ones first, since
/// one may lie in another.
fn hidden(credentials: &Credentials) -> Vec<Secret> {
    let mut texts: Vec<String> = Vec::new();
    for secret in credentials.secrets() {
        for text in [secret.reveal().to_string(), one_line(secret.reveal())] {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.into_iter().map(Secret::new).collect()
}

fn unsendable() -> EngineError {
    EngineError::Unauthorized("the credentials hold characters that cannot be sent".to_string())
}

/// A value of a header that `Debug` does not show.
fn secret_value(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn no_path(request: &ClusterRequest<'_>) -> ExchangeFault {
    let path = cut(&one_line(request.path));
    ExchangeFault::Final(EngineError::Storage(format!("`{path}` cannot be asked")))
}

/// The headers of a request to AWS: the time, the body's hash, the token of keys that expire, and the signature of all.
fn signed(
    keys: &AwsKeys,
    node: &NodeAddress,
    method: Method,
    path: &str,
    query: &str,
    body: &SentBody<'_>,
    now: SystemTime,
) -> Result<HeaderMap, ExchangeFault> {
    let time = basic_time(now);
    let host = node.authority();
    let body_hash = hash_of(&body.bytes);
    let mut named = vec![
        ("host", host.as_str()),
        ("x-amz-content-sha256", body_hash.as_str()),
        ("x-amz-date", time.as_str()),
    ];
    if let Some(token) = &keys.session_token {
        named.push(("x-amz-security-token", token.reveal()));
    }
    let parts = SignedParts {
        method: method.name(),
        path,
        query,
        headers: &named,
        body_hash: &body_hash,
    };
    let signature = authorization(keys, AWS_SERVICE, &time, &parts);
    named.push(("authorization", &signature));
    let mut headers = HeaderMap::new();
    // The host is the URL's own.
    for (name, value) in named.into_iter().filter(|(name, _)| *name != "host") {
        let value = secret_value(value).ok_or_else(|| ExchangeFault::Final(unsendable()))?;
        let name = ureq::http::HeaderName::from_bytes(name.as_bytes());
        headers.insert(name.map_err(|_| ExchangeFault::Final(unsendable()))?, value);
    }
    Ok(headers)
}
