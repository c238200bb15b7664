//! Quotations: whether what is quoted stands in the sources, and where.
//!
//! [`extract`] finds the quotations of a document, [`Judge`] looks each one up, [`REPORTS`] lists how the outcome is
//! printed.

mod align;
mod classify;
mod dress;
mod edges;
mod extract;
mod judge;
mod languages;
mod left_out;
mod marks;
mod matching;
mod numbers;
mod pattern;
mod records;
mod report;
mod sections;
mod sense;
mod sources;
mod verdicts;
mod work;

pub use classify::{Piece, Standing};
pub use extract::{Extracted, Marks, PassedOver, Quotation, extract};
pub use judge::{Found, Judge, JudgedQuotation};
pub use left_out::LeftOut;
pub use report::{REPORTS, write_junit};
pub use sense::Change;
pub use sources::{Sources, UnderCheck};
pub use verdicts::{Admits, FailedDocument, Verdicts};
pub use work::Limit;
