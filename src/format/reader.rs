//! What all readers do.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::input::Input;
use super::sink::ArticleSink;
use crate::source::{ReadError, Reason};

/// Turns the bytes of a source of one format into articles.
pub trait Reader: fmt::Debug + Sync {
    /// Reads a source, or a file inside one, and puts each of its articles into `sink`, in order.
    ///
    /// A part that cannot be read is passed over with its reason; an error is for the whole input, and what was put into
    /// the sink before stays there.
    ///
    /// # Errors
    /// Where nothing, or nothing further, can be read.
    fn read(&self, input: &Input<'_>, sink: &mut dyn ArticleSink) -> Result<(), ReadError>;
}

/// Runs a reader, whose panic is an error of what it reads.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ReadError::new(Reason::ParserBug)))
}
