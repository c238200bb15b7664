//! How people see text: colours, width, scores, paths and links.

use std::path::{Path, PathBuf};

use super::LinkTemplate;
use crate::search::cited_path;
use crate::search::{SearchHit, SearchResults};
use crate::source::StoredPath;

/// What a record or a row is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Each {
    /// Each hit.
    #[default]
    Hit,
    /// Each mention: a highlight of a hit's text, with its sentence.
    Mention,
}

/// How people see text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// The width that lines are wrapped to, in columns; `None` leaves them whole.
    pub width: Option<usize>,
    /// Whether scores are shown.
    pub scores: bool,
    /// Whether text says first how many hits there are.
    pub totals: bool,
    /// What a record, a row or a line is made for.
    pub each: Each,
    /// The folder that paths are relative to for people and editors; `None` leaves them as they are stored.
    pub current: Option<PathBuf>,
    /// How places are linked.
    pub links: Option<LinkTemplate>,
}

impl Style {
    /// A stored path as people and editors open it.
    pub(super) fn seen(&self, path: &StoredPath, base: &StoredPath) -> StoredPath {
        match &self.current {
            Some(current) => path.seen_from(&base.to_path(), current),
            None => path.clone(),
        }
    }

    /// The path of a hit as a citation for people begins: the part behind it where places are the part's own.
    pub(super) fn cited(&self, results: &SearchResults, hit: &SearchHit) -> String {
        let path = self.seen(&hit.path, &results.summary.base);
        cited_path(&path, &hit.part, hit.is_inner)
    }

    /// The URL of a hit's place, where links are wanted and it has a file to lead to.
    pub(super) fn url(&self, results: &SearchResults, hit: &SearchHit) -> Option<String> {
        let base = results.summary.base.to_path();
        let links = self.links.as_ref().filter(|_| hit.is_file)?;
        Some(links.url(&hit.path, &base, hit.place()))
    }

    /// The folder that paths are relative to.
    #[must_use]
    pub fn seen_from(current: &Path) -> Style {
        Style {
            current: Some(current.to_path_buf()),
            ..Style::default()
        }
    }
}
