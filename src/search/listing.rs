//! What is known of the sources of an index, for those who list or choose them.

use std::collections::HashSet;

use super::{Error, Index};
use crate::analysis::Language;
use crate::engine::{Outcome, SourceFilter};
use crate::query::Filter;
use crate::source::{Reason, StoredPath};

/// The size of a content in bytes, and its hash.
pub type SizeAndHash = (u64, u128);

impl Index {
    /// The sources whose sections are in the index, in the order of their paths.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn indexed_sources(&self) -> Result<Vec<StoredPath>, Error> {
        let rows = self.snapshot.sources(SourceFilter::INDEXED)?;
        rows.map(|row| Ok(row?.path())).collect()
    }

    /// The sources that are not indexed, with the reason, in the order of their paths.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn unread_sources(&self) -> Result<Vec<(StoredPath, Reason)>, Error> {
        let own = self.snapshot.own();
        let own = own.as_deref().unwrap_or(self.snapshot.as_ref());
        let mut unread = Vec::new();
        for row in own.sources(SourceFilter::UNREAD)? {
            let row = row?;
            if let Outcome::Unread(reason) = row.record.outcome {
                unread.push((self.snapshot.path_of_own(&row.path()), reason));
            }
        }
        Ok(unread)
    }

    /// Whether the index knows a source at or below a path, or a part of a source that has it.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn knows_below(&self, path: &StoredPath) -> Result<bool, Error> {
        // One that is known by this very path needs no look at the others.
        Ok(self.knows(path)? || self.has_below(path, None)? || self.has_part(path)?)
    }

    /// Whether the index holds sections of a source at or below a path, or a part of a source that has it.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn holds_below(&self, path: &StoredPath) -> Result<bool, Error> {
        Ok(self.has_below(path, Some(true))? || self.has_part(path)?)
    }

    /// Whether a source lies at or below a path, read or not as is asked.
    fn has_below(&self, path: &StoredPath, is_indexed: Option<bool>) -> Result<bool, Error> {
        let filter = SourceFilter {
            within: std::slice::from_ref(path),
            is_indexed,
        };
        Ok(self.snapshot.sources(filter)?.next().transpose()?.is_some())
    }

    /// Whether a part of a source has this path.
    fn has_part(&self, path: &StoredPath) -> Result<bool, Error> {
        let counts = self.snapshot.counts(std::slice::from_ref(path))?;
        Ok(counts.articles > 0)
    }

    /// Whether the index knows a source at this path.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn knows(&self, path: &StoredPath) -> Result<bool, Error> {
        Ok(self.snapshot.source_at(path)?.is_some())
    }

    /// The sources whose sizes and hashes are among these, with both, in the order of their paths.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn sources_with(
        &self,
        contents: &HashSet<SizeAndHash>,
    ) -> Result<Vec<(StoredPath, SizeAndHash)>, Error> {
        let mut found = Vec::new();
        for row in self.snapshot.sources(SourceFilter::default())? {
            let row = row?;
            let content = (row.record.stat.size, row.record.hash);
            if contents.contains(&content) {
                found.push((row.path(), content));
            }
        }
        Ok(found)
    }

    /// The languages of the articles, as far as they are known, and how many sections each has.
    #[must_use]
    pub fn languages(&self) -> &[(Language, u64)] {
        &self.totals.languages
    }

    /// Whether an article of the index passes a filter.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn has_article(&self, filter: &Filter) -> Result<bool, Error> {
        Ok(self.snapshot.has_article(filter)?)
    }
}
