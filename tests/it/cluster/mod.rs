//! An index in a cluster. What a healthy cluster does not do is tried on a fake one in this process.

mod certificates;
mod fake;
mod fake_http;
mod transport;
mod transport_tls;
