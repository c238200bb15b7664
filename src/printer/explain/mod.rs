//! How an explanation is printed: as text and as a record.

pub(super) mod record;
pub(super) mod text;
mod wording;
