//! Adds to an index: folders, files, and texts that have no file.

use std::path::Path;

use super::{Error, Index, IndexOptions, Location, Refreshed};
use crate::refresh::{Progress, RefreshRequest};
use crate::source::{INDEX_FOLDER, StoredPath};

impl Index {
    /// Opens the index of the articles in `folder`, which lies in a folder `.excerpt` there; an empty one where there is
    /// none, which its first refresh makes.
    ///
    /// # Errors
    /// Where it cannot be read or made.
    pub fn of_folder(folder: impl AsRef<Path>) -> Result<Index, Error> {
        let folder = folder.as_ref();
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        let index = absolute.join(INDEX_FOLDER);
        IndexOptions::default().open_or_create(Location::named(&index, &absolute))
    }

    /// Covers a file or folder, and brings the index up to date. A relative path begins at the index's base.
    ///
    /// # Errors
    /// Where it is not there, and as [`Index::refresh`].
    pub fn add_folder(
        &mut self,
        folder: impl AsRef<Path>,
        progress: &dyn Progress,
    ) -> Result<Refreshed, Error> {
        let path = self.location.stored(&self.location.base, folder.as_ref())?;
        let request = RefreshRequest {
            add: vec![path],
            ..RefreshRequest::default()
        };
        self.refresh(&request, progress)
    }

    /// Adds a text that has no file, under a name whose ending tells its format (`notes.md`); one that has this name is
    /// replaced. Its hits cannot be verified.
    ///
    /// # Errors
    /// As [`Index::refresh`].
    pub fn add_text(
        &mut self,
        name: &str,
        text: impl Into<Vec<u8>>,
        progress: &dyn Progress,
    ) -> Result<Refreshed, Error> {
        let path = StoredPath::from_path(Path::new(name));
        let request = RefreshRequest {
            texts: vec![(path, text.into())],
            ..RefreshRequest::default()
        };
        self.refresh(&request, progress)
    }
}
