//! Queries of words, all or any of them, which most are.
//!
//! What matches is found first ([`self::candidates`]) and grouped by which words stand in which fields. A group has one upper
//! bound of the score, so that the groups that promise most are scored first and most groups never. Where any word will
//! do, the rare words are looked for first; if the common ones alone cannot make a hit better than those found, their
//! lists are not read (MaxScore).
//!
//! Source: Turtle and Flood, "Query evaluation: strategies and optimizations" (1995), for MaxScore.

mod bounds;
mod candidates;
mod doc_lists;
mod flat;
mod mask;
mod ranges;
mod run;

pub(super) use self::flat::Flat;
pub(super) use self::run::FlatRun;
