//! What a refresh did.

use std::collections::BTreeMap;

use crate::engine::{Catalog, CatalogDraft, Outcome};
use crate::source::{ReadError, Reason, ReasonKind, StoredPath};

/// A source that was not read, or only with a doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its path.
    pub path: StoredPath,
    /// Why.
    pub error: ReadError,
}

/// What a refresh did, and what it could not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexReport {
    /// Files that were new.
    pub added: u64,
    /// Files whose content had changed.
    pub changed: u64,
    /// Files that were gone.
    pub removed: u64,
    /// Files that were moved without a change.
    pub renamed: u64,
    /// Files that were as they had been.
    pub unchanged: u64,
    /// The files that are indexed now.
    pub files: u64,
    /// The sections that are indexed now.
    pub sections: u64,
    /// Whether anything was committed.
    pub committed: bool,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// Every source that is not indexed, or only with a doubt, in the order of the paths.
    pub unread: Vec<Unread>,
}

impl IndexReport {
    /// How many sources each reason of `kind` holds for.
    #[must_use]
    pub fn count_by_reason(&self, kind: ReasonKind) -> BTreeMap<Reason, u64> {
        let mut counts = BTreeMap::new();
        for unread in self
            .unread
            .iter()
            .filter(|unread| unread.error.reason.kind() == kind)
        {
            *counts.entry(unread.error.reason).or_insert(0) += 1;
        }
        counts
    }

    /// Whether a source could not be read.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        self.unread
            .iter()
            .any(|unread| unread.error.reason.kind() == ReasonKind::Failed)
    }

    /// Whether the index was changed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.added + self.changed + self.removed + self.renamed > 0
    }

    /// Counts what the index holds now. `errors` says more of some sources than their reason.
    pub(super) fn count(&mut self, draft: &CatalogDraft, errors: &BTreeMap<StoredPath, ReadError>) {
        for record in draft.records() {
            let error = |reason| {
                errors
                    .get(&record.path)
                    .cloned()
                    .unwrap_or_else(|| ReadError::new(reason))
            };
            match record.outcome {
                Outcome::Indexed => {
                    self.files += 1;
                    self.sections += u64::from(record.sections);
                    if record.invalid_sequences > 0 {
                        let error = ReadError::new(Reason::InvalidUtf8);
                        self.unread.push(Unread {
                            path: record.path.clone(),
                            error,
                        });
                    }
                }
                Outcome::Unread(reason) => {
                    self.unread.push(Unread {
                        path: record.path.clone(),
                        error: error(reason),
                    });
                }
            }
        }
        self.unread.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// What an index holds, without a refresh.
    #[must_use]
    pub fn of(catalog: &Catalog) -> IndexReport {
        let mut report = IndexReport {
            sections: catalog.sections(),
            ..IndexReport::default()
        };
        for source in catalog.sources() {
            let Some((outcome, _)) = catalog.outcome(source) else {
                continue;
            };
            let reason = match outcome {
                Outcome::Unread(reason) => Some(reason),
                Outcome::Indexed => {
                    report.files += 1;
                    (catalog.invalid_sequences(source) > 0).then_some(Reason::InvalidUtf8)
                }
            };
            if let Some(reason) = reason {
                let path = StoredPath::from_bytes(catalog.path_bytes(source));
                report.unread.push(Unread {
                    path,
                    error: ReadError::new(reason),
                });
            }
        }
        report.unchanged = report.files;
        report
    }
}
