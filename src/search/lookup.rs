//! Finds sections and sources by their ids and paths.

use std::path::Path;

use super::found::FoundSection;
use super::{Absence, Error, Index};
use crate::article::PartPath;
use crate::catalog::Outcome;
use crate::engine::SectionKey;
use crate::source::StoredPath;

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
                if self.snapshot.section(key)?.section.anchor == anchor {
                    return self.found_section(article, key);
                }
            }
        }
        Err(Error::NoSuchSection(id.to_string()))
    }

    /// The section in which a line of a source stands, or of a part of one (`path!/part`, as citations have it); the
    /// first one without a line. `None` where the index does not know the path.
    ///
    /// # Errors
    /// Where the source was not read, or the index cannot be read.
    pub fn section_at(
        &self,
        path: &StoredPath,
        line: Option<u32>,
    ) -> Result<Option<FoundSection>, Error> {
        let Some(target) = self.target_of(path) else {
            return Ok(None);
        };
        let catalog = self.catalog();
        let articles: Vec<u32> = match target {
            PathTarget::Article(article) => vec![article],
            PathTarget::Source(source) => {
                if let Some((Outcome::Unread(reason), _)) = catalog.outcome(source) {
                    let path = catalog.path(source).to_text().into_owned();
                    return Err(Error::Unread { path, reason });
                }
                // Lines of an attached file are none of the source's.
                let is_own = |&article: &u32| catalog.article(article).is_some_and(|a| !a.is_inner);
                catalog.articles_of(source).filter(is_own).collect()
            }
        };
        let keys = self.snapshot.sections_of_all(&articles)?;
        let own = articles.iter().zip(keys);
        let all: Vec<(u32, SectionKey)> = own
            .flat_map(|(&article, keys)| keys.into_iter().map(move |key| (article, key)))
            .collect();
        let place = match line {
            Some(line) => self.last_before(&all, line)?,
            None => 0,
        };
        match all.get(place) {
            Some(&(article, key)) => self.found_section(article, key).map(Some),
            None => Ok(None),
        }
    }

    /// The place of the last of these sections that begins at or before a line; 0 where none does.
    fn last_before(&self, all: &[(u32, SectionKey)], line: u32) -> Result<usize, Error> {
        let (mut low, mut high) = (0, all.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let Some(&(_, key)) = all.get(middle) else {
                break;
            };
            match self.snapshot.section(key)?.section.start.line <= line {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Ok(low.saturating_sub(1))
    }

    /// The source at this path, or the part of one.
    fn target_of(&self, path: &StoredPath) -> Option<PathTarget> {
        if let Some(source) = self.catalog().find(path) {
            return Some(PathTarget::Source(source));
        }
        let text = path.as_utf8()?;
        text.match_indices("!/").find_map(|(at, separator)| {
            let (outer, inner) = (text.get(..at)?, text.get(at + separator.len()..)?);
            let source = self
                .catalog()
                .find(&StoredPath::from_bytes(outer.as_bytes()))?;
            let as_written = inner
                .split("!/")
                .fold(PartPath::default(), |part, name| part.child(name));
            let find = |part| self.catalog().find_part(source, &part);
            let article = find(as_written).or_else(|| find(PartPath::from_id(inner)))?;
            Some(PathTarget::Article(article))
        })
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

    /// The source whose path is written so in ids, or stands so in the index.
    fn source_of_id(&self, path: &str) -> Option<u32> {
        let find = |path: &StoredPath| self.catalog().find(path);
        find(&StoredPath::from_id(path)).or_else(|| find(&StoredPath::from_path(Path::new(path))))
    }

    /// The error for a path that the index does not know, as it was typed.
    #[must_use]
    pub fn unknown_file(&self, stored: &StoredPath, typed: &str) -> Error {
        let file = stored.below(&self.location().base);
        let absence = if !file.exists() {
            Absence::Missing
        } else if file.is_dir() {
            Absence::Folder
        } else if self.covers(stored) {
            Absence::LeftOut
        } else {
            Absence::Uncovered
        };
        Error::UnknownFile {
            path: typed.to_string(),
            absence,
        }
    }
}
