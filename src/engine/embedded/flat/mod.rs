//! Queries of words, all or any of them, which most are.
//!
//! The hits are counted by their lists alone ([`self::hit_set`]). Which of them are looked at is decided by ranges of documents
//! ([`self::ranges`]): those that promise most are scored first, and most never.

mod asked_ranges;
mod bounds;
mod candidates;
mod hit_set;
mod mask_bounds;
mod query;
mod range_sums;
mod range_table;
mod ranges;
mod run;
mod word_ranges;

pub(super) use self::query::Flat;
pub(super) use self::run::FlatRun;
