//! What a text says of itself: dates, front matter, its encoding.

pub(super) mod dates;
pub(super) mod declared_encoding;
pub(super) mod front_matter;
