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
mod path_filter;
mod phrase;
mod query_word;
mod quotes;
mod raw_words;
mod roles;
mod shown;
mod slips;
mod spelled;
mod terms;
mod word_matcher;

pub use aliases::Aliases;
pub use ast::{Field, MAX_SLOP, Mode, Node, Query, Term, TermRole};
pub use date::DateRange;
pub use error::QueryError;
pub use evaluate::{Below, EvaluatedNode, Leaves, evaluate};
pub use filter::Filter;
pub use parser::{MAX_NESTING, MAX_QUERY_BYTES, MAX_TERMS, parse};
pub use path_filter::PathFilter;
pub use phrase::{Occurrence, count_occurrences, nearness, occurrences};
pub use query_word::{FormKind, How, POSSESSIVE, QueryWord, phrase_words};
pub use slips::{small_operators, without_spellings};
pub use word_matcher::{ToldMatcher, WordMatcher};
