//! The text of a configuration, the places in it, and the folder that it may name files of.

use std::path::{Component, Path, PathBuf};

use crate::source::FileError;
use crate::source::trust::resolved;

/// The text of a configuration.
#[derive(Clone, Copy)]
pub(super) struct ConfigText<'a> {
    /// The file, as people see it.
    pub(super) name: &'a str,
    /// What it says.
    pub(super) text: &'a str,
    /// The current folder, which `name` starts from.
    pub(super) current: &'a Path,
}

impl ConfigText<'_> {
    /// An error at byte `start`.
    pub(super) fn error(&self, start: usize, message: impl Into<String>) -> FileError {
        FileError::at(self.name, self.text, start, message)
    }

    /// An error of the reader of TOML, at its place.
    pub(super) fn error_of(&self, error: &toml::de::Error) -> FileError {
        let start = error.span().map_or(0, |span| span.start);
        self.error(start, error.message().trim_end())
    }

    /// A path that the configuration names at `start`, below its folder; an error where it leaves that, also through a
    /// link.
    pub(super) fn inside(&self, start: usize, path: &Path) -> Result<PathBuf, FileError> {
        let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        let folder = Path::new(self.name).parent().unwrap_or(Path::new(""));
        let whole = folder.join(path);
        let resolved = |path: &Path| resolved(&self.current.join(path));
        let is_below = || resolved(&whole).starts_with(resolved(folder));
        match path.components().all(is_plain) && is_below() {
            true => Ok(whole),
            false => Err(self.error(start, "a path of the configuration lies in its folder")),
        }
    }
}
