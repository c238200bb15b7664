//! Statuses that the client judges itself.

use std::fmt;

use ureq::http::StatusCode;
use ureq::http::header::LOCATION;
use ureq::http::response::Parts;

use crate::engine::EngineError;

/// Whether a node asks with this status to come back later.
pub(super) fn is_busy(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Whether a node says with this status that this one may not ask.
pub(super) fn is_refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// The error of an answer that leads elsewhere, or that announces another one: none of a cluster.
pub(super) fn misleading(
    node: &impl fmt::Display,
    head: &Parts,
    clean: impl Fn(&str) -> String,
) -> Option<EngineError> {
    let status = head.status;
    if status.is_informational() {
        return Some(EngineError::Unavailable(format!(
            "`{node}` answers {} and nothing else",
            status.as_u16()
        )));
    }
    if !status.is_redirection() {
        return None;
    }
    let target = match redirect_host(head) {
        Some(host) => format!("`{}`", clean(&host)),
        None => "another path".to_string(),
    };
    Some(EngineError::Unsupported(format!(
        "`{node}` redirects to {target}; redirects are not followed, name the right address"
    )))
}

/// The host that a redirect names, without a user; `None` where it names a path.
fn redirect_host(head: &Parts) -> Option<String> {
    let target = head.headers.get(LOCATION)?.to_str().ok()?;
    let (_, rest) = target.split_once("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.trim();
    (!host.is_empty()).then(|| host.to_string())
}
