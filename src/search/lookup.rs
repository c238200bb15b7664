//! Finds sections and sources by their ids and paths, in whichever normal form these are typed.

use std::path::Path;

use super::found::FoundSection;
use super::{Absence, Error, Index};
use crate::analysis::composed;
use crate::article::PartPath;
use crate::engine::{
    ArticleKey, EngineError, Outcome, SectionKey, SourceFilter, SourceKey, SourceRow,
};
use crate::source::StoredPath;

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
        let articles = match self.source_row(path)? {
            Some(row) => self.articles_with_lines(&row)?,
            None => match self.part_at(path)? {
                Some(article) => vec![article],
                None => return Ok(None),
            },
        };
        let keys = self.snapshot.sections_of_all(&articles)?;
        let own = articles.iter().zip(keys);
        let all: Vec<(ArticleKey, SectionKey)> = own
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
    fn last_before(&self, all: &[(ArticleKey, SectionKey)], line: u32) -> Result<usize, Error> {
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

    /// The articles of a source whose lines are the source's; those of an attached file are not.
    fn articles_with_lines(&self, row: &SourceRow<'_>) -> Result<Vec<ArticleKey>, Error> {
        if let Outcome::Unread(reason) = row.record.outcome {
            let path = row.path().to_text().into_owned();
            return Err(Error::Unread { path, reason });
        }
        let articles = self.snapshot.articles_of(row.key)?;
        let records = self.snapshot.articles(&articles)?;
        let own = articles.into_iter().zip(records);
        let own = own.filter(|(_, record)| !record.article.is_inner);
        Ok(own.map(|(article, _)| article).collect())
    }

    /// The part of a source at this path, `path!/part`.
    fn part_at(&self, path: &StoredPath) -> Result<Option<ArticleKey>, Error> {
        let text = path.as_utf8().unwrap_or_default();
        for (outer, inner) in parted(text) {
            let outer = StoredPath::from_bytes(outer.as_bytes());
            let Some(source) = self.source_row(&outer)? else {
                continue;
            };
            let as_written = inner
                .split("!/")
                .fold(PartPath::default(), |part, name| part.child(name));
            for part in [as_written, PartPath::from_id(inner)] {
                if let Some(article) = self.article_of_part(source.key, &part)? {
                    return Ok(Some(article));
                }
            }
        }
        Ok(None)
    }

    /// The source, or the article in one, whose path is written so in ids.
    pub(super) fn named(&self, path: &str) -> Result<Option<PathTarget>, EngineError> {
        if let Some(source) = self.source_of_id(path)? {
            return Ok(Some(PathTarget::Source(source)));
        }
        for (outer, inner) in parted(path) {
            let Some(source) = self.source_of_id(outer)? else {
                continue;
            };
            let part = PartPath::from_id(inner);
            if let Some(article) = self.article_of_part(source, &part)? {
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

    /// The source whose path is written so in ids, or stands so in the index.
    fn source_of_id(&self, path: &str) -> Result<Option<SourceKey>, EngineError> {
        for stored in [
            StoredPath::from_id(path),
            StoredPath::from_path(Path::new(path)),
        ] {
            if let Some(row) = self.source_row(&stored)? {
                return Ok(Some(row.key));
            }
        }
        Ok(None)
    }

    /// The error for a path that the index does not know, as it was typed.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn unknown_file(&self, stored: &StoredPath, typed: &str) -> Result<Error, Error> {
        let own = self.snapshot.own_path(stored);
        let file = own.unwrap_or_default().below(&self.location().base);
        let absence = if !file.exists() {
            Absence::Missing
        } else if file.is_dir() {
            Absence::Folder
        } else if self.covers(stored)? {
            Absence::LeftOut
        } else {
            Absence::Uncovered
        };
        Ok(Error::UnknownFile {
            path: typed.to_string(),
            absence,
        })
    }
}

impl Index {
    /// The path as the index has it: the one that is given, where a source is at or below it or none is spelled nearly
    /// so, else that of the first source or folder with the same normal form.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn as_stored(&self, path: StoredPath) -> Result<StoredPath, Error> {
        if path.as_bytes().is_ascii() || self.knows_below(&path)? {
            return Ok(path);
        }
        Ok(self.spelled_otherwise(&path)?.unwrap_or(path))
    }

    /// The source at a path, in whichever normal form.
    pub(super) fn source_row(
        &self,
        path: &StoredPath,
    ) -> Result<Option<SourceRow<'_>>, EngineError> {
        if let Some(row) = self.snapshot.source_at(path)? {
            return Ok(Some(row));
        }
        match self.spelled_otherwise(path)? {
            Some(stored) => self.snapshot.source_at(&stored),
            None => Ok(None),
        }
    }

    /// The article of a source that is this part of it, its name in whichever normal form.
    pub(super) fn article_of_part(
        &self,
        source: SourceKey,
        part: &PartPath,
    ) -> Result<Option<ArticleKey>, EngineError> {
        let named = self.snapshot.article_at(source, part)?;
        if named.is_some() || part.names().iter().all(|name| name.is_ascii()) {
            return Ok(named);
        }
        let wanted = part.to_id();
        let articles = self.snapshot.articles_of(source)?;
        let records = self.snapshot.articles(&articles)?;
        let is_it = |part: &PartPath| composed(&part.to_id()) == composed(&wanted);
        let at = records
            .iter()
            .position(|record| is_it(&record.article.part));
        Ok(at.and_then(|at| articles.get(at).copied()))
    }

    /// The first source, or folder of one, whose path differs from this one in its normal form alone.
    fn spelled_otherwise(&self, path: &StoredPath) -> Result<Option<StoredPath>, EngineError> {
        let wanted = match path.as_utf8() {
            Some(text) if !text.is_ascii() => text,
            _ => return Ok(None),
        };
        let names = wanted.split('/').count();
        for row in self.snapshot.sources(SourceFilter::default())? {
            let stored = row?.path();
            let Some(text) = stored.as_utf8().filter(|text| !text.is_ascii()) else {
                continue;
            };
            let end = text.match_indices('/').nth(names - 1);
            let front = text.split_at(end.map_or(text.len(), |(at, _)| at)).0;
            if composed(front) == composed(wanted) {
                return Ok(Some(StoredPath::from_bytes(front.as_bytes())));
            }
        }
        Ok(None)
    }
}

/// What a path may name, its source and the part in that: of each mark of parts, which the source's path may hold too.
fn parted(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let marks = path.match_indices("!/");
    marks.filter_map(|(at, mark)| Some((path.get(..at)?, path.get(at + mark.len()..)?)))
}
