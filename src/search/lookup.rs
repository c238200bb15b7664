//! Finds sections and sources by their ids and paths.

use std::path::Path;

use super::{Error, Index};
use crate::article::{PartPath, Section};
use crate::catalog::Record;
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
    Source(u32),
    /// An article in one.
    Article(u32),
}

impl Index {
    /// The section with this id.
    ///
    /// # Errors
    /// Where there is none, or the index cannot be read.
    pub fn section(&self, id: &str) -> Result<FoundSection, Error> {
        for (named, anchor) in self.anchored(id) {
            let Some(article) = self.only_article(named) else {
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
    pub(super) fn named(&self, path: &str) -> Option<PathTarget> {
        if let Some(source) = self.source_of_id(path) {
            return Some(PathTarget::Source(source));
        }
        path.match_indices("!/").find_map(|(at, separator)| {
            let source = self.source_of_id(path.get(..at)?)?;
            let part = PartPath::from_id(path.get(at + separator.len()..)?);
            let article = self.catalog().find_part(source, &part)?;
            Some(PathTarget::Article(article))
        })
    }

    /// What an id may name by its path, and the anchor behind that. Paths may hold a `#` themselves.
    pub(super) fn anchored<'i>(
        &'i self,
        id: &'i str,
    ) -> impl Iterator<Item = (PathTarget, &'i str)> + 'i {
        id.match_indices('#').filter_map(|(at, mark)| {
            let anchor = id.get(at + mark.len()..)?;
            Some((self.named(id.get(..at)?)?, anchor))
        })
    }

    /// The article that is named: of a source the one that is all of it, such as a message with files attached, else the
    /// only one.
    pub(super) fn only_article(&self, named: PathTarget) -> Option<u32> {
        match named {
            PathTarget::Article(article) => Some(article),
            PathTarget::Source(source) => {
                let whole = self.catalog().find_part(source, &PartPath::default());
                whole.or_else(|| {
                    let mut articles = self.catalog().articles_of(source);
                    articles.next().filter(|_| articles.next().is_none())
                })
            }
        }
    }

    /// The source whose path is written so in ids.
    fn source_of_id(&self, path: &str) -> Option<u32> {
        let catalog = self.catalog();
        let written = |path: &str| catalog.find(&StoredPath::from_path(Path::new(path)));
        written(path)
            .or_else(|| written(&path.replace("%21/", "!/")))
            .or_else(|| {
                let is_it = |&source: &u32| catalog.path(source).to_id() == path;
                let is_no_text =
                    |&source: &u32| std::str::from_utf8(catalog.path_bytes(source)).is_err();
                catalog.sources().filter(is_no_text).find(is_it)
            })
    }
}
