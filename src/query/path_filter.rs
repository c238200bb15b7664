//! A filter on paths: what is written, as a path itself, as a glob, or as the name of any file or folder.
//!
//! Paths are compared in the normal form NFC: file systems give back composed and decomposed letters.

use globset::{GlobBuilder, GlobMatcher};

use crate::analysis::composed;

/// A filter on paths.
#[derive(Debug, Clone)]
pub struct PathFilter {
    /// What is written, in NFC, without `./` before and `/` behind it.
    pub(super) written: String,
    /// What is written, as a glob; `None` where it is a path and no glob.
    matcher: Option<GlobMatcher>,
    /// Whether the name of any file or folder will do.
    pub(super) is_component: bool,
}

impl PathFilter {
    /// From the base; `None` where it cannot be read as a glob.
    pub(super) fn from_base(glob: &str) -> Option<PathFilter> {
        let filter = PathFilter::literal(glob);
        let compiled = GlobBuilder::new(&filter.written)
            .literal_separator(true)
            .build()
            .ok()?;
        Some(PathFilter {
            matcher: Some(compiled.compile_matcher()),
            ..filter
        })
    }

    /// A path and no glob.
    pub(super) fn literal(path: &str) -> PathFilter {
        let clean = path.strip_prefix("./").unwrap_or(path);
        PathFilter {
            written: composed(clean.trim_end_matches('/')).into_owned(),
            matcher: None,
            is_component: false,
        }
    }

    /// What is written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    pub(super) fn passes(&self, path: &str) -> bool {
        let path = composed(path);
        if self.is_component && path.split('/').any(|name| self.is_it(name)) {
            return true;
        }
        let mut folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        self.written == "." || self.is_it(&path) || folders.any(|folder| self.is_it(folder))
    }

    fn is_it(&self, path: &str) -> bool {
        let matches = |matcher: &GlobMatcher| matcher.is_match(path);
        self.written == path || self.matcher.as_ref().is_some_and(matches)
    }
}
