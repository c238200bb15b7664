//! How people see text: colours, width, scores.

/// How people see text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// The width that lines are wrapped to, in columns; `None` leaves them whole.
    pub width: Option<usize>,
    /// Whether scores are shown.
    pub scores: bool,
}
