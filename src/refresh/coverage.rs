//! What an index covers; kept with each commit.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::RefreshRequest;
use crate::format::GivenLimits;
use crate::source::{StoredPath, WalkOptions};

/// A folder that an index covers, and how it is walked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// The folder.
    pub path: StoredPath,
    /// How it is walked.
    pub options: WalkOptions,
}

impl Root {
    /// Whether a request names this folder, to be walked so.
    pub(crate) fn is_named_by(&self, request: &RefreshRequest) -> bool {
        let is_walked_so = match &request.walk {
            Some(walk) => *walk == self.options,
            None => self.options == WalkOptions::default(),
        };
        is_walked_so && request.add.contains(&self.path)
    }
}

/// The files that a request names one by one.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Those that are there, of whatever kind.
    pub(crate) files: Vec<StoredPath>,
    /// Names of nothing.
    pub(super) missing: Vec<StoredPath>,
}

/// What an index covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The folder that paths are relative to, where it is not the one that holds the index.
    pub base: Option<String>,
    /// The folders.
    pub roots: Vec<Root>,
    /// How many files were named one by one; they are listed in the catalog.
    #[serde(default)]
    pub named: u64,
    /// Limits that the index was given by itself.
    #[serde(default)]
    pub limits: GivenLimits,
}

impl Settings {
    /// Reads what a commit kept; an empty text stands for nothing covered.
    #[must_use]
    pub fn read(text: &str) -> Settings {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The settings as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a folder or a file lies in a folder that is covered.
    #[must_use]
    pub fn covers(&self, path: &StoredPath) -> bool {
        self.roots.iter().any(|root| path.is_under(&root.path))
    }

    /// Adds the folders of a request and returns its files, which are covered by name, and what is not there.
    pub(super) fn cover(&mut self, base: &Path, request: &RefreshRequest) -> Named {
        let mut named = Named::default();
        for path in &request.add {
            match std::fs::metadata(path.below(base)) {
                Ok(metadata) if metadata.is_dir() => {
                    self.cover_folder(path, request.walk.as_ref());
                }
                // One that is known is gone; the others were never there.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !self.has_root(path) => {
                    named.missing.push(path.clone());
                }
                _ if self.has_root(path) => {}
                _ => named.files.push(path.clone()),
            }
        }
        named
    }

    fn has_root(&self, path: &StoredPath) -> bool {
        self.roots.iter().any(|root| root.path == *path)
    }

    /// Adds one folder. New options replace those of the folder that covered it so far.
    fn cover_folder(&mut self, path: &StoredPath, options: Option<&WalkOptions>) {
        if let Some(root) = self.roots.iter_mut().find(|root| root.path == *path) {
            if let Some(options) = options {
                root.options = options.clone();
            }
            return;
        }
        let covered = self.roots.iter().find(|root| path.is_under(&root.path));
        let wanted = options.cloned();
        if covered.is_some_and(|root| {
            wanted
                .as_ref()
                .is_none_or(|options| root.options == *options)
        }) {
            return;
        }
        let options = wanted.unwrap_or_default();
        self.roots
            .retain(|root| !(root.path.is_under(path) && root.options == options));
        self.roots.push(Root {
            path: path.clone(),
            options,
        });
        self.roots.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str) -> StoredPath {
        StoredPath::from_path(Path::new(text))
    }

    #[test]
    fn folders_inside_covered_ones_add_nothing() {
        let mut settings = Settings::default();
        for path in ["news", "news/2022", "docs", "."] {
            settings.cover_folder(&stored(path), None);
        }
        assert_eq!(
            settings
                .roots
                .iter()
                .map(|r| r.path.to_text().into_owned())
                .collect::<Vec<_>>(),
            [""]
        );
        assert!(settings.covers(&stored("news/x.txt")));
        assert_eq!(Settings::read(&settings.to_text()), settings);
    }

    #[test]
    fn other_options_make_another_root() {
        let mut settings = Settings::default();
        settings.cover_folder(&stored("."), None);
        let hidden = WalkOptions {
            hidden: true,
            ..WalkOptions::default()
        };
        settings.cover_folder(&stored("a"), Some(&hidden));
        assert_eq!(settings.roots.len(), 2);
        settings.cover_folder(&stored("."), Some(&hidden));
        assert_eq!(settings.roots[0].options, hidden);
    }
}
