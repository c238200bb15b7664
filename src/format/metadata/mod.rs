//! What a text says of itself: dates, front matter, its encoding.

pub(super) mod dates;
pub(super) mod declared_encoding;
pub(super) mod front_matter;
pub(super) mod head_block;
pub(super) mod message_head;
pub(super) mod months;
pub(super) mod names;

/// A text with single spaces, as a title or a name has them; `None` where there is none.
pub(super) fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}
