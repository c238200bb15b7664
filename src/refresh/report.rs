//! What a refresh did.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, CatalogDraft, Outcome};
use crate::source::{ReadError, Reason, ReasonKind, StoredPath};

/// A source that was not read, or only with a doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its path.
    pub path: StoredPath,
    /// Why.
    pub error: ReadError,
}

/// Sources that a refresh did not look at: their sections stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The root, or the link, that holds them, or a file.
    pub path: StoredPath,
    /// Why.
    pub cause: KeptCause,
}

/// Why sources were not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptCause {
    /// The root is not there.
    Missing,
    /// The root held files, and holds none now.
    Empty {
        /// The files that are known of it.
        files: u64,
    },
    /// They lie outside of what this user let the index read.
    Beyond,
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
    /// The articles that are indexed now.
    pub articles: u64,
    /// The parts of files that were passed over.
    pub parts_passed_over: u64,
    /// The sections that are indexed now.
    pub sections: u64,
    /// Whether anything was committed.
    pub committed: bool,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// What was not looked at, in the order of the paths.
    pub kept: Vec<Kept>,
    /// What was named and is not there.
    pub missing: Vec<StoredPath>,
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

    /// Whether a source could not be read, or a root or a name is not there.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        let has_failed = |unread: &Unread| unread.error.reason.kind() == ReasonKind::Failed;
        self.unread.iter().any(has_failed) || self.has_lost_roots()
    }

    /// Whether a root is gone, or empty where it had files.
    #[must_use]
    pub fn has_lost_roots(&self) -> bool {
        self.kept.iter().any(|kept| kept.cause != KeptCause::Beyond)
    }

    /// Lists what was named and is not there with what could not be read.
    pub(super) fn list_missing(&mut self) {
        let unread = |path: &StoredPath| Unread {
            path: path.clone(),
            error: ReadError {
                reason: Reason::Io,
                message: "there is no such file or folder".to_string(),
            },
        };
        self.unread.extend(self.missing.iter().map(unread));
        self.unread.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Whether the index was changed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.added + self.changed + self.removed + self.renamed > 0
    }

    /// Counts what the index holds now. `errors` says more of some sources than their reason.
    pub(super) fn count(&mut self, draft: &CatalogDraft, errors: &BTreeMap<StoredPath, ReadError>) {
        for source in draft.sources() {
            let Some(record) = draft.source(source) else {
                continue;
            };
            let error = |reason| {
                errors
                    .get(&record.path)
                    .cloned()
                    .unwrap_or_else(|| ReadError::new(reason))
            };
            match record.outcome {
                Outcome::Indexed => {
                    self.files += 1;
                    self.articles += u64::from(draft.count_articles(source));
                    self.parts_passed_over += u64::from(record.passed_over);
                    self.sections += u64::from(record.sections);
                    let doubts = [
                        (record.invalid_sequences > 0, Reason::InvalidUtf8),
                        (record.is_truncated, Reason::Truncated),
                        (record.has_bad_records, Reason::BadRecord),
                    ];
                    for (_, reason) in doubts.into_iter().filter(|(holds, _)| *holds) {
                        let said = errors.get(&record.path).filter(|own| own.reason == reason);
                        self.unread.push(Unread {
                            path: record.path.clone(),
                            error: said.cloned().unwrap_or_else(|| ReadError::new(reason)),
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
            let reasons = match outcome {
                Outcome::Unread(reason) => vec![reason],
                Outcome::Indexed => {
                    report.files += 1;
                    report.articles += u64::from(catalog.count_articles(source));
                    report.parts_passed_over += u64::from(catalog.passed_over(source));
                    let doubts = [
                        (catalog.invalid_sequences(source) > 0, Reason::InvalidUtf8),
                        (catalog.is_truncated(source), Reason::Truncated),
                        (catalog.has_bad_records(source), Reason::BadRecord),
                    ];
                    let held = doubts.into_iter().filter(|(holds, _)| *holds);
                    held.map(|(_, reason)| reason).collect()
                }
            };
            for reason in reasons {
                report.unread.push(Unread {
                    path: catalog.path(source),
                    error: ReadError::new(reason),
                });
            }
        }
        report.unchanged = report.files;
        report
    }
}
