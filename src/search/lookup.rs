//! Finds sections and sources by their ids and paths.

use std::path::Path;

use super::{Error, Index};
use crate::article::{PartPath, Section};
use crate::engine::{ArticleKey, EngineError, Record, SourceFilter, SourceKey};
use crate::source::StoredPath;

/// A section that was looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundSection {
    /// What is known of its source.
    pub record: Record,
    /// Its order in the article, 1-based.
    pub order: u32,
    /// Its id.
    pub id: String,
    /// The section.
    pub section: Section,
    /// Whether the source still reads so; `None` where it cannot be read again.
    pub verified: Option<bool>,
}

/// What the path in an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathTarget {
    /// A source.
    Source(SourceKey),
    /// An article in one.
    Article(ArticleKey),
}

impl Index {
    /// The section with this id.
    ///
    /// # Errors
    /// Where there is none, or the index cannot be read.
    pub fn section(&self, id: &str) -> Result<FoundSection, Error> {
        for (named, anchor) in self.anchored(id)? {
            let Some(article) = self.only_article(named)? else {
                continue;
            };
            for key in self.snapshot.sections_of(article)? {
                let stored = self.snapshot.section(key)?;
                if stored.section.anchor == anchor {
                    let record = self.record(article)?;
                    let now = self.sources().now(&record);
                    let verified = now.verifies(&stored.section, &(0..stored.section.text.len()));
                    let (section, order) = (stored.section, stored.order + 1);
                    return Ok(FoundSection {
                        record,
                        order,
                        id: id.to_string(),
                        section,
                        verified,
                    });
                }
            }
        }
        Err(Error::NoSuchSection(id.to_string()))
    }

    /// The source, or the article in one, whose path is written so in ids.
    pub(super) fn named(&self, path: &str) -> Result<Option<PathTarget>, EngineError> {
        if let Some(source) = self.source_of_id(path)? {
            return Ok(Some(PathTarget::Source(source)));
        }
        for (at, separator) in path.match_indices("!/") {
            let (Some(outer), Some(inner)) = (path.get(..at), path.get(at + separator.len()..))
            else {
                continue;
            };
            let Some(source) = self.source_of_id(outer)? else {
                continue;
            };
            let part = PartPath::from_id(inner);
            if let Some(article) = self.snapshot.article_at(source, &part)? {
                return Ok(Some(PathTarget::Article(article)));
            }
        }
        Ok(None)
    }

    /// What an id may name by its path, and the anchor behind that. Paths may hold a `#` themselves.
    pub(super) fn anchored<'i>(
        &self,
        id: &'i str,
    ) -> Result<Vec<(PathTarget, &'i str)>, EngineError> {
        let mut targets = Vec::new();
        for (at, mark) in id.match_indices('#') {
            let (Some(path), Some(anchor)) = (id.get(..at), id.get(at + mark.len()..)) else {
                continue;
            };
            targets.extend(self.named(path)?.map(|named| (named, anchor)));
        }
        Ok(targets)
    }

    /// The article that is named: of a source the one that is all of it, such as a message with files attached, else the
    /// only one.
    pub(super) fn only_article(
        &self,
        named: PathTarget,
    ) -> Result<Option<ArticleKey>, EngineError> {
        let source = match named {
            PathTarget::Article(article) => return Ok(Some(article)),
            PathTarget::Source(source) => source,
        };
        let whole = self.snapshot.article_at(source, &PartPath::default())?;
        if whole.is_some() {
            return Ok(whole);
        }
        Ok(match self.snapshot.articles_of(source)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    /// The source whose path is written so in ids.
    fn source_of_id(&self, path: &str) -> Result<Option<SourceKey>, EngineError> {
        for written in [path, &path.replace("%21/", "!/")] {
            let stored = StoredPath::from_path(Path::new(written));
            if let Some(row) = self.snapshot.source_at(&stored)? {
                return Ok(Some(row.key));
            }
        }
        for row in self.snapshot.sources(SourceFilter::default())? {
            let row = row?;
            let is_text = std::str::from_utf8(&row.record.path).is_ok();
            if !is_text && row.path().to_id() == path {
                return Ok(Some(row.key));
            }
        }
        Ok(None)
    }
}
