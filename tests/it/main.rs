//! The integration tests: the program and the library as their users see them.

#![allow(clippy::indexing_slicing, reason = "a panic fails the test")]

mod articles;
mod bad_input;
mod batches;
mod blocks;
mod bombs;
mod cases;
mod check;
#[cfg(feature = "cluster")]
mod cluster;
mod config;
mod conformance;
mod damage;
mod determinism;
mod disks;
mod durable;
mod env;
mod eval;
mod explain;
mod formats;
mod freshness;
mod fuzz;
mod help;
mod hostile;
mod languages;
mod layers;
mod limits;
mod maps;
mod memory;
mod mentions;
mod opening;
mod output;
mod parts;
mod passages;
mod passed_over;
mod payloads;
mod query;
mod quotations;
mod quote;
mod random;
mod ranking;
#[cfg(feature = "cluster")]
mod real_cluster;
mod refresh;
mod schema;
mod seed;
mod shared_index;
mod spelling;
mod system_limits;
mod terminals;
