//! How often a term occurs in a section.

use crate::query::{Field, FormKind};

/// How often a term occurs in each field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// As it was written.
    pub exact: [u32; Field::COUNT],
    /// In other forms.
    pub others: [u32; Field::COUNT],
    /// As a part of other words: the number of these parts, each counted once.
    pub parts: [u32; Field::COUNT],
    /// In which fields it occurs, but not in the spelling that is asked for.
    pub misspelled: [bool; Field::COUNT],
}

impl Counts {
    /// The occurrences of this kind in each field.
    pub fn of_kind(&mut self, kind: FormKind) -> &mut [u32; Field::COUNT] {
        match kind {
            FormKind::Written => &mut self.exact,
            FormKind::Other => &mut self.others,
            FormKind::Part => &mut self.parts,
        }
    }

    /// All occurrences in a field.
    #[must_use]
    pub fn all(&self, field: usize) -> u32 {
        self.whole(field) + self.parts[field]
    }

    /// The occurrences in a field that are no parts of other words.
    #[must_use]
    pub fn whole(&self, field: usize) -> u32 {
        self.exact[field] + self.others[field]
    }

    /// Whether it occurs in the heading, the text or the name, in the spelling that is asked for.
    #[must_use]
    pub fn is_own(&self) -> bool {
        const OWN: [Field; 3] = [Field::Heading, Field::Body, Field::Name];
        let is_here = |field: usize| self.all(field) > 0 && !self.misspelled[field];
        OWN.iter().any(|field| is_here(field.index()))
    }
}
