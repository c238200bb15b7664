//! The tags of a page that tell of it rather than hold its text.

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
