//! The stretches of a page that its article leaves out.

use std::fmt;

use crate::article::Place;

/// Why a stretch of text is in no section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LostReason {
    /// It belongs to what stands around the article: navigation, forms, footers, what surrounds the main part.
    Chrome,
    /// Links, teasers, calls to subscribe or to share, the signs of links and notes.
    Boilerplate,
    /// Readers wrote it.
    Comments,
    /// The page does not show it.
    Hidden,
    /// The article has the same text already.
    Duplicate,
}

impl LostReason {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LostReason::Chrome => "chrome",
            LostReason::Boilerplate => "boilerplate",
            LostReason::Comments => "comments",
            LostReason::Hidden => "hidden",
            LostReason::Duplicate => "duplicate",
        }
    }
}

impl fmt::Display for LostReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A stretch of text that is in no section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostText {
    /// Where it begins.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
    /// The text on one line.
    pub text: String,
    /// Why it is in no section.
    pub reason: LostReason,
}
