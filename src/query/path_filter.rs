//! A filter on paths: what is written, as a path itself, as a glob, or as the name of any file or folder.
//!
//! Paths are compared in the normal form NFC: file systems give back composed and decomposed letters.

use globset::{GlobBuilder, GlobMatcher};

use crate::analysis::composed;

/// What stands between the base and the rest of an absolute path.
const BASE_MARK: &str = "/./";

/// A filter on paths.
#[derive(Debug, Clone)]
pub struct PathFilter {
    /// What is written, in NFC, without `./` before and `/` behind it.
    pub(super) written: String,
    /// What is written, as a glob; `None` where it is a path and no glob.
    matcher: Option<GlobMatcher>,
    /// Whether the name of any file or folder will do.
    pub(super) is_component: bool,
    /// What is written, where it begins with `./` or `../` and so is meant from a folder.
    from_folder: Option<String>,
}

impl PathFilter {
    /// From the base; `None` where it cannot be read as a glob.
    pub(super) fn from_base(glob: &str) -> Option<PathFilter> {
        let filter = PathFilter::literal(glob);
        let matcher = Some(compiled(&filter.written)?);
        Some(PathFilter { matcher, ..filter })
    }

    /// From the base; a path alone where it cannot be read as a glob, as `a[1` cannot.
    pub(super) fn from_base_or_literal(glob: &str) -> PathFilter {
        PathFilter::from_base(glob).unwrap_or_else(|| PathFilter::literal(glob))
    }

    /// A path and no glob.
    pub(super) fn literal(path: &str) -> PathFilter {
        let clean = path.strip_prefix("./").unwrap_or(path);
        PathFilter {
            written: composed(clean.trim_end_matches('/')).into_owned(),
            matcher: None,
            is_component: false,
            from_folder: is_from_folder(path).then(|| path.to_string()),
        }
    }

    /// The filter, where `./` and `../` are meant from `folder`, a path from the base.
    ///
    /// Where `folder` is an absolute path, `/./` in it marks where the base ends, as in `rsync --relative`. What lies
    /// outside of the base is then meant by its absolute path, as sources outside are stored; without the mark it is no
    /// path of the index.
    pub(super) fn seen_from(self, folder: &str) -> PathFilter {
        let Some(relative) = &self.from_folder else {
            return self;
        };
        let Some((above, rest)) = resolved(folder, relative) else {
            return self;
        };
        let literal = PathFilter::literal(&joined(&above, &rest));
        // The folder's own name is no glob.
        let glob = joined(&globset::escape(&above), &rest);
        let matcher = self.matcher.is_some().then(|| compiled(&composed(&glob)));
        PathFilter {
            matcher: matcher.flatten(),
            ..literal
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

fn compiled(glob: &str) -> Option<GlobMatcher> {
    let mut builder = GlobBuilder::new(glob);
    let built = builder.literal_separator(true).build();
    Some(built.ok()?.compile_matcher())
}

fn is_from_folder(path: &str) -> bool {
    matches!(path.split('/').next(), Some("." | ".."))
}

/// The folder that a path from `folder` begins in, and what follows, without `.` and `..`: both from the base, or the
/// first one absolute where they lead out of it. `None` where they do and the base is not told.
fn resolved(folder: &str, relative: &str) -> Option<(String, String)> {
    let (base, inside) = folder.split_once(BASE_MARK).unwrap_or(("", folder));
    let own: Vec<&str> = base.split('/').filter(|name| !name.is_empty()).collect();
    let mut above = own.clone();
    let mut rest = Vec::new();
    let steps = inside.split('/').map(|name| (name, false));
    for (name, is_typed) in steps.chain(relative.split('/').map(|name| (name, true))) {
        match name {
            "" | "." => {}
            ".." if rest.pop().is_some() || above.pop().is_some() => {}
            ".." if base.is_empty() => return None,
            // Above the root is the root.
            ".." => {}
            name if is_typed => rest.push(name),
            name => above.push(name),
        }
    }
    let all: Vec<&str> = above.iter().chain(&rest).copied().collect();
    if all.starts_with(&own) {
        let typed = own.len().saturating_sub(above.len());
        let above = above.get(own.len()..).unwrap_or_default();
        let rest = rest.get(typed..).unwrap_or_default();
        return Some((above.join("/"), rest.join("/")));
    }
    let root = if base.starts_with('/') { "/" } else { "" };
    Some((format!("{root}{}", above.join("/")), rest.join("/")))
}

/// Two parts of a path; the base itself is `.`.
fn joined(above: &str, rest: &str) -> String {
    match (above, rest) {
        ("", "") => ".".to_string(),
        ("", one) | (one, "") => one.to_string(),
        ("/", rest) => format!("/{rest}"),
        (above, rest) => format!("{above}/{rest}"),
    }
}
