//! What folders hold beside the files that are read: files of other formats, counted by their endings.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::policy::Manner;
use super::{IndexError, Rules, Settings};
use crate::source::trust::Reach;
use crate::source::{StoredPath, Walk, WalkError, walk};

/// A longer ending is none that anybody would look for.
const MAX_ENDING_CHARS: usize = 12;
/// How many endings are told apart: names are a stranger's.
const MAX_ENDINGS: usize = 1000;

/// The configuration, which nobody takes for an article.
const CONFIG_FILE: &str = "excerpt.toml";

/// Files that are passed over since their format is not known, by their endings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherFiles(BTreeMap<String, u64>);

impl OtherFiles {
    /// How many there are of each ending, the most first; the ending is empty of files without one.
    #[must_use]
    pub fn by_ending(&self) -> Vec<(&str, u64)> {
        let all = self
            .0
            .iter()
            .map(|(ending, &count)| (ending.as_str(), count));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|&(ending, count)| (std::cmp::Reverse(count), ending));
        all
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    fn count(&mut self, path: &Path) {
        if path.file_name().is_some_and(|name| name == CONFIG_FILE) {
            return;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let is_usual =
            ending.chars().count() <= MAX_ENDING_CHARS && ending.chars().all(char::is_alphanumeric);
        let ending = if is_usual {
            ending.to_lowercase()
        } else {
            String::new()
        };
        let is_new = !self.0.contains_key(&ending);
        let key = match is_new && self.0.len() >= MAX_ENDINGS {
            true => String::new(),
            false => ending,
        };
        *self.0.entry(key).or_insert(0) += 1;
    }
}

/// Counts files of other formats, on all threads of a walk.
#[derive(Default)]
pub(super) struct OtherCounter(Mutex<OtherFiles>);

impl OtherCounter {
    /// Counts a file.
    pub(super) fn count(&self, path: &Path) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.count(path);
    }

    /// What was counted.
    pub(super) fn counted(self) -> OtherFiles {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the files of other formats in the folders that `settings` cover, only those below `within` where that names
/// any; a folder that is not there holds none.
///
/// # Errors
/// Bad globs, and where no thread can be started.
pub fn other_files(
    base: &Path,
    settings: &Settings,
    rules: &Rules,
    (reach, within): (Option<&Reach>, &[StoredPath]),
) -> Result<OtherFiles, IndexError> {
    let manner = Manner::new(rules, settings);
    let others = OtherCounter::default();
    for root in &settings.roots {
        let is_beyond = reach.is_some_and(|reach| !reach.allows(&root.path.below(base)));
        if is_beyond {
            continue;
        }
        let accepts = |path: &Path| {
            let is_within =
                || within.is_empty() || StoredPath::below_base(path, base).is_under_any(within);
            if manner.accepts(path, base).is_none() && is_within() {
                others.count(path);
            }
            None
        };
        let walked = walk(&Walk {
            base,
            root: &root.path,
            options: &manner.walk_options(root),
            reach,
            accepts: &accepts,
            keeps: &|_| false,
        });
        match walked {
            Ok(_) | Err(WalkError::MissingRoot { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(others.counted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_told_apart_in_any_case_up_to_a_limit() {
        let mut files = OtherFiles::default();
        for name in [
            "a.pdf",
            "b.PDF",
            "README",
            "c.docx",
            "x.\u{1b}[31m",
            "y.averyveryverylongone",
        ] {
            files.count(Path::new(name));
        }
        assert_eq!(files.by_ending(), [("", 3), ("pdf", 2), ("docx", 1)]);
        for i in 0..2 * MAX_ENDINGS {
            files.count(Path::new(&format!("a.e{i}")));
        }
        assert_eq!(files.by_ending().len(), MAX_ENDINGS);
        assert_eq!(files.total(), 6 + 2 * MAX_ENDINGS as u64);
    }
}
