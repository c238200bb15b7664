//! The query: what people write, parsed into plain data that every engine and the highlighter read.

mod aliases;
mod alternatives;
mod ast;
mod date;
mod error;
mod evaluate;
mod filter;
mod lexer;
mod parser;
#[cfg(test)]
mod parser_tests;
mod phrase;
mod roles;
mod shown;
mod terms;

pub use aliases::Aliases;
pub use ast::{Field, How, MAX_SLOP, Mode, Node, Query, QueryWord, Term, TermRole, phrase_words};
pub use date::DateRange;
pub use error::QueryError;
pub use evaluate::{Below, EvaluatedNode, Leaves, evaluate};
pub use filter::Filter;
pub use parser::{MAX_NESTING, MAX_QUERY_BYTES, MAX_TERMS, parse};
pub use phrase::{Occurrence, nearness, occurrences};
