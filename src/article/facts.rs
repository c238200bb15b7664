//! What filters ask of an article.

/// What filters are asked about: one article.
#[derive(Debug, Clone, Copy, Default)]
pub struct FilterFacts<'a> {
    /// The stored path of its source.
    pub path: &'a str,
    /// The path of the part of it that the article is, below that; `None` where it is all of the source.
    pub inner: Option<&'a str>,
    /// The language.
    pub lang: Option<&'a str>,
    /// The authors.
    pub authors: &'a [String],
    /// The date.
    pub date: Option<&'a str>,
}

impl<'a> FilterFacts<'a> {
    /// The paths of the parts that the article lies in, such as that of the message which a file is attached to.
    pub fn outer_parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let inner = self.inner.unwrap_or_default();
        // The first mark ends the path of the source, which may hold others.
        let source = self.path.len();
        let ends = inner.match_indices("!/").map(|(at, _)| at);
        ends.filter(move |&at| at > source)
            .filter_map(move |at| inner.get(..at))
    }
}
