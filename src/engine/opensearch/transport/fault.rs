//! Why an attempt at a request failed, and what may be done about it.

use std::fmt;
use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};
use ureq::Timeout;

use crate::engine::EngineError;

/// Why an attempt at a request failed. Reasons are raw: they are cleaned where they become an error.
#[derive(Debug)]
pub(super) enum ExchangeFault {
    /// There was no connection: nothing was sent.
    NotConnected(String),
    /// The connection broke before the answer ended.
    Cut(String),
    /// The answer was not there when the time for it had passed.
    TimedOut(String),
    /// The node asks to come back later.
    Busy {
        /// What it says.
        reason: String,
        /// When, where it says so.
        retry_after: Option<Duration>,
    },
    /// Another attempt would end the same way.
    Final(EngineError),
}

impl ExchangeFault {
    /// The error of a request whose last attempt failed so, at this node.
    pub(super) fn into_error(
        self,
        node: &impl fmt::Display,
        clean: impl Fn(&str) -> String,
    ) -> EngineError {
        match self {
            ExchangeFault::Final(error) => error,
            ExchangeFault::NotConnected(reason)
            | ExchangeFault::Cut(reason)
            | ExchangeFault::TimedOut(reason) => {
                EngineError::Unavailable(format!("`{node}`: {}", clean(&reason)))
            }
            ExchangeFault::Busy {
                reason,
                retry_after,
            } => {
                let later = retry_after.map_or_else(String::new, |pause| {
                    format!(", asks to wait for {} s", pause.as_secs())
                });
                EngineError::Unavailable(format!("`{node}` {}{later}", clean(&reason)))
            }
        }
    }
}

/// What is wrong with a connection that ended with an error of `ureq`, at this node.
pub(super) fn fault_of(
    error: ureq::Error,
    node: &impl fmt::Display,
    clean: impl Fn(&str) -> String,
) -> ExchangeFault {
    let unavailable = |reason: &dyn fmt::Display| {
        let reason = clean(&reason.to_string());
        ExchangeFault::Final(EngineError::Unavailable(format!("`{node}`: {reason}")))
    };
    match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            ExchangeFault::NotConnected("no connection in time".to_string())
        }
        ureq::Error::Timeout(_) => ExchangeFault::TimedOut("no answer in time".to_string()),
        ureq::Error::HostNotFound => {
            ExchangeFault::NotConnected("the host is not found".to_string())
        }
        ureq::Error::ConnectionFailed => ExchangeFault::NotConnected("no connection".to_string()),
        ureq::Error::Io(error) => match of_tls(&error) {
            Some(error) => tls_fault(error, node, clean),
            None => io_fault(&error),
        },
        ureq::Error::Rustls(error) => tls_fault(&error, node, clean),
        ureq::Error::BodyStalled => ExchangeFault::Cut("the answer ended early".to_string()),
        ureq::Error::Protocol(error) => {
            unavailable(&format!("does not speak HTTP as expected: {error}"))
        }
        ureq::Error::LargeResponseHeader(..) => unavailable(&"the answer's head is too large"),
        error => unavailable(&error),
    }
}

/// The error of TLS inside one of a connection.
fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn io_fault(error: &io::Error) -> ExchangeFault {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => ExchangeFault::NotConnected(error.to_string()),
        io::ErrorKind::TimedOut => ExchangeFault::TimedOut("no answer in time".to_string()),
        io::ErrorKind::UnexpectedEof => ExchangeFault::Cut("the connection was cut".to_string()),
        _ => ExchangeFault::Cut(error.to_string()),
    }
}

/// What TLS does not accept is the same at the next attempt.
fn tls_fault(
    error: &rustls::Error,
    node: &impl fmt::Display,
    clean: impl Fn(&str) -> String,
) -> ExchangeFault {
    let reason = match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is of an authority that is not trusted; `--ca FILE` names another one"
                .to_string()
        }
        rustls::Error::InvalidCertificate(error) => {
            format!("its certificate is refused: {}", clean(&error.to_string()))
        }
        rustls::Error::AlertReceived(alert) if is_about_client(*alert) => {
            return ExchangeFault::Final(EngineError::Unauthorized(format!(
                "`{node}` wants a client certificate that it trusts (`--cert FILE --key FILE`): {alert:?}"
            )));
        }
        rustls::Error::InvalidMessage(_) => "it does not speak TLS at this port".to_string(),
        error => format!("TLS failed: {}", clean(&error.to_string())),
    };
    ExchangeFault::Final(EngineError::Unavailable(format!("`{node}`: {reason}")))
}

/// Whether a server says with this alert that it does not accept the client's certificate, or misses one.
fn is_about_client(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::AccessDenied
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::DecryptError
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate
    )
}
