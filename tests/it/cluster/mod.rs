//! An index in a cluster. What a healthy cluster does not do is tried on a fake one in this process.

mod addresses;
mod certificates;
mod engine_faults;
pub(crate) mod fake;
mod fake_http;
mod model;
mod transport;
mod transport_tls;
