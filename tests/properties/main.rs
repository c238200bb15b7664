//! The long properties: tried on many random indexes, they take minutes, and are not part of `cargo test`.
//!
//! `cargo test --test properties` tries them.

#![allow(clippy::indexing_slicing, reason = "a panic fails the test")]

#[path = "../it/cases.rs"]
mod cases;
mod histories;
#[path = "../it/oracle/mod.rs"]
mod oracle;
