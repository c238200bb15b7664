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
