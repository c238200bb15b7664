//! What a quotation leaves out or replaces: what a gap or a bracket stands for.

use super::sense::SenseChange;

/// What a gap or a bracket of a quotation stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omission {
    /// Whether it is a gap, not a bracket.
    pub is_gap: bool,
    /// The dots or the bracket, as quoted.
    pub quoted: String,
    /// What the source says there; `None` for a bracket at an end of the quotation, where nothing tells.
    pub source: Option<String>,
    /// The words of `source`.
    pub words: usize,
    /// Why it may change the sense; `None` where it does not.
    pub change: Option<SenseChange>,
}

impl Omission {
    /// What a bracket at an end of the quotation stands for: nothing tells.
    pub(super) fn at_an_end(quoted: &str) -> Omission {
        Omission {
            is_gap: false,
            quoted: quoted.to_string(),
            source: None,
            words: 0,
            change: Some(SenseChange::Bracket),
        }
    }
}
