//! The engine whose index lies in an OpenSearch cluster.

pub mod transport;
