//! The integration tests: the program and the library as their users see them.

mod bad_input;
mod bombs;
mod check;
mod config;
mod damage;
mod determinism;
mod disks;
mod durable;
mod env;
mod eval;
mod explain;
mod formats;
mod fuzz;
mod layers;
mod maps;
mod oracle;
mod output;
mod properties;
mod query;
mod quote;
mod random;
mod ranking;
mod refresh;
mod schema;
mod seed;
mod shared_index;
