//! What a refresh did.

use std::collections::{BTreeMap, BTreeSet};

use super::endings::OtherFiles;
use crate::engine::{
    EngineError, Origin, Outcome, Snapshot, SourceFilter, SourceKey, SourceRecord,
};
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
    /// The files of other formats in the folders that were walked, where the request asks for them.
    pub others: OtherFiles,
    /// What was not looked at, in the order of the paths.
    pub kept: Vec<Kept>,
    /// What was named and is not there.
    pub missing: Vec<StoredPath>,
    /// Every source that is not indexed, or only with a doubt, in the order of the paths.
    pub unread: Vec<Unread>,
}

/// What a change does to what an index holds.
#[derive(Debug)]
pub(super) struct ChangeInCounts<'a> {
    /// What is known now of sources that are new or changed.
    pub(super) sources: &'a BTreeMap<SourceKey, Box<SourceRecord>>,
    /// How many articles those have whose articles changed.
    pub(super) articles: &'a BTreeMap<SourceKey, u32>,
    /// The sources that are taken out.
    pub(super) gone: BTreeSet<SourceKey>,
    /// What there is to say of some sources, in more words than their reason.
    pub(super) errors: &'a BTreeMap<StoredPath, ReadError>,
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

    /// What an index holds, without a refresh.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of(snapshot: &dyn Snapshot) -> Result<IndexReport, EngineError> {
        let mut report = IndexReport::default();
        let nothing = ChangeInCounts {
            sources: &BTreeMap::new(),
            articles: &BTreeMap::new(),
            gone: BTreeSet::new(),
            errors: &BTreeMap::new(),
        };
        report.count(snapshot, &nothing)?;
        report.unchanged = report.files;
        Ok(report)
    }

    /// Counts what the index holds once a change is made, and returns how many sources were named one by one.
    pub(super) fn count(
        &mut self,
        snapshot: &dyn Snapshot,
        change: &ChangeInCounts<'_>,
    ) -> Result<u64, EngineError> {
        let ChangeInCounts {
            sources: changed,
            gone,
            errors,
            ..
        } = change;
        let articles = |source| change.articles.get(&source).copied();
        let mut named = 0;
        let mut known = BTreeSet::new();
        for row in snapshot.sources(SourceFilter::default())? {
            let row = row?;
            if gone.contains(&row.key) {
                known.insert(row.key);
                continue;
            }
            let articles = articles(row.key).unwrap_or(row.articles);
            named += match changed.get(&row.key) {
                Some(record) => {
                    known.insert(row.key);
                    self.count_source(record, || record.path.clone(), articles, errors)
                }
                None => self.count_source(&row.record, || row.path(), articles, errors),
            };
        }
        for (source, record) in changed.iter().filter(|(source, _)| !known.contains(source)) {
            let articles = articles(*source).unwrap_or(0);
            named += self.count_source(record, || record.path.clone(), articles, errors);
        }
        self.unread.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(named)
    }

    /// Counts a source, and returns 1 where it was named by itself. `errors` says more of some sources than their reason.
    fn count_source<P>(
        &mut self,
        record: &SourceRecord<P>,
        path: impl Fn() -> StoredPath,
        articles: u32,
        errors: &BTreeMap<StoredPath, ReadError>,
    ) -> u64 {
        let mut note = |reason: Reason| {
            let path = path();
            let said = errors.get(&path).filter(|own| own.reason == reason);
            let error = said.cloned().unwrap_or_else(|| ReadError::new(reason));
            self.unread.push(Unread { path, error });
        };
        match record.outcome {
            Outcome::Unread(reason) => note(reason),
            Outcome::Indexed => {
                let doubts = [
                    (record.invalid_sequences > 0, Reason::InvalidUtf8),
                    (record.is_truncated, Reason::Truncated),
                    (record.has_bad_records, Reason::BadRecord),
                ];
                let held = doubts.into_iter().filter(|(holds, _)| *holds);
                held.for_each(|(_, reason)| note(reason));
                self.files += 1;
                self.articles += u64::from(articles);
                self.parts_passed_over += u64::from(record.passed_over);
                self.sections += u64::from(record.sections);
            }
        }
        u64::from(record.origin == Origin::Named)
    }
}
