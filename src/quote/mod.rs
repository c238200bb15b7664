//! Quotations: whether what is quoted stands in the sources, and where.
//!
//! [`extract`] finds the quotations of a document, [`Judge`] looks each one up, [`REPORTS`] lists how the outcome is
//! printed.

mod align;
mod classify;
mod extract;
mod judge;
mod pattern;
mod report;

pub use classify::{Piece, Standing};
pub use extract::{Extracted, Marks, Quotation, extract};
pub use judge::{Found, Judge, JudgedQuotation};
pub use report::{REPORTS, Verdicts, write_junit};
