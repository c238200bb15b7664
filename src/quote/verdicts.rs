//! All that was judged of quotations, and what of it holds.

use std::path::Path;

use super::classify::Standing;
use super::extract::PassedOver;
use super::judge::JudgedQuotation;
use crate::search::Coverage;
use crate::source::StoredPath;

/// What holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Admits {
    /// Verbatim quotations alone.
    Verbatim,
    /// Normalised ones too.
    #[default]
    Normalised,
    /// Elided ones too.
    Elided,
}

/// A document that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDocument {
    /// The document, as it was named.
    pub file: String,
    /// The line of the fault, 1-based.
    pub line: usize,
    /// What is wrong, with the document's name.
    pub message: String,
}

/// All that was judged.
#[derive(Debug, Clone)]
pub struct Verdicts {
    /// The quotations, each with the file that it was read from.
    pub judged: Vec<(String, JudgedQuotation)>,
    /// The documents that could not be read.
    pub failed: Vec<FailedDocument>,
    /// What was passed over in each document that was read.
    pub passed_over: Vec<(String, PassedOver)>,
    /// What holds.
    pub admits: Admits,
    /// The sources that were left out, since they are the documents themselves or their copies.
    pub left_out: Vec<StoredPath>,
    /// What the verdicts rest on.
    pub coverage: Coverage,
}

impl Verdicts {
    /// Whether a quotation holds. One whose source does not read so any more does not.
    #[must_use]
    pub fn accepts(&self, judged: &JudgedQuotation) -> bool {
        let worst = match self.admits {
            Admits::Verbatim => Standing::Verbatim,
            Admits::Normalised => Standing::Normalised,
            Admits::Elided => Standing::Elided,
        };
        let is_verified = judged
            .found
            .as_ref()
            .is_none_or(|found| found.verified != Some(false));
        judged.standing <= worst && is_verified
    }

    /// The verdicts with the paths of the sources as people in the folder `current` open them.
    #[must_use]
    pub fn seen_from(mut self, base: &Path, current: &Path) -> Verdicts {
        let judged = self.judged.iter_mut();
        let found = judged.filter_map(|(_, judged)| judged.found.as_mut());
        for path in found.map(|found| &mut found.path).chain(&mut self.left_out) {
            *path = path.seen_from(base, current);
        }
        self
    }

    /// Whether all quotations hold.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.failed.is_empty() && self.judged.iter().all(|(_, judged)| self.accepts(judged))
    }

    /// Whether all documents were read and all quotations checked.
    #[must_use]
    pub fn are_complete(&self) -> bool {
        self.failed.is_empty() && self.count(Standing::Unchecked) == 0
    }

    /// What was passed over in all documents.
    pub(super) fn passed_over(&self) -> PassedOver {
        let mut sum = PassedOver::default();
        for (_, passed_over) in &self.passed_over {
            sum += *passed_over;
        }
        sum
    }

    /// How many quotations have this standing.
    pub(super) fn count(&self, standing: Standing) -> usize {
        self.judged
            .iter()
            .filter(|(_, judged)| judged.standing == standing)
            .count()
    }
}
