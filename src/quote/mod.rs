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
mod marks;
mod matching;
mod numbers;
mod omission;
mod parts;
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
pub use judge::{FoundQuotation, Judge, JudgedQuotation};
pub use omission::Omission;
pub use report::REPORTS;
#[cfg(feature = "cli")]
pub use report::write_junit;
pub use sense::SenseChange;
pub use sources::{QuoteSources, UnderCheck};
pub use verdicts::{Admits, FailedDocument, Verdicts};
pub use work::Limit;
