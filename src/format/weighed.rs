//! The lines that may be headings, and how they were weighed.

/// The lines of an article that may be headings, and how they were weighed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weighed {
    /// The points that make a line a heading.
    pub threshold: i32,
    /// The lines, in the order of the text.
    pub lines: Vec<WeighedLine>,
}

/// A line that may be a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeighedLine {
    /// Its line, 1-based.
    pub line: u32,
    /// Its text.
    pub text: String,
    /// The sum of the points of its features.
    pub points: i32,
    /// Whether it was taken for a heading.
    pub is_heading: bool,
    /// What was seen of it, and the points of each.
    pub features: Vec<(&'static str, i32)>,
}
