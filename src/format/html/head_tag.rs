//! The tags of a page that tell of it rather than hold its text.

use super::element::Element;
use crate::format::metadata::dates::day_of_seconds;

/// A longer value of an attribute tells no time, in bytes.
const MAX_TIME_BYTES: usize = 100;
/// The attributes in which programs tell a time in seconds.
static SECONDS_ATTRIBUTES: [&[u8]; 5] = [
    b"data-epoch",
    b"data-time",
    b"data-time-ms",
    b"data-timestamp",
    b"data-utime",
];

/// Whether an attribute of an element may tell a time to programs.
pub(super) fn may_tell_time(element: Element, name: &[u8]) -> bool {
    SECONDS_ATTRIBUTES.contains(&name) || (element == Element::Time && name.starts_with(b"data-"))
}

/// A tag that tells of the page, with the attributes that matter.
#[derive(Debug, Default)]
pub(super) struct HeadTag {
    /// How many nodes stand before it.
    pub(super) at: usize,
    pub(super) attributes: Vec<(&'static str, String)>,
}

impl HeadTag {
    /// The value of an attribute, trimmed.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Remembers the time that an attribute tells, as `seconds` where it is a number of them.
    pub(super) fn set_time(&mut self, name: &[u8], value: &[u8]) {
        let text = String::from_utf8_lossy(value.get(..MAX_TIME_BYTES).unwrap_or(value));
        let text = text.trim();
        let is_number = text.starts_with(|c: char| c.is_ascii_digit());
        let key = match day_of_seconds(text) {
            Some(_) => "seconds",
            None if SECONDS_ATTRIBUTES.contains(&name) => return,
            None => "data",
        };
        if is_number && self.attributes.len() < HEAD_ATTRIBUTES.len() {
            self.attributes.push((key, text.to_string()));
        }
    }
}

/// The attributes that [`HeadTag`] keeps.
pub(super) static HEAD_ATTRIBUTES: [&str; 10] = [
    "name",
    "property",
    "itemprop",
    "content",
    "lang",
    "xml:lang",
    "rel",
    "href",
    "datetime",
    "http-equiv",
];
