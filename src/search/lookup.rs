//! Finds sections and sources by their ids and paths.

use std::path::Path;

use super::{Error, Index};
use crate::article::Section;
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

impl Index {
    /// The section with this id.
    ///
    /// # Errors
    /// Where there is none, or the index cannot be read.
    pub fn section(&self, id: &str) -> Result<FoundSection, Error> {
        for (at, _) in id.match_indices('#') {
            let Some(source) = self.source_of_id(&id[..at]) else {
                continue;
            };
            let Some(record) = self.catalog().record(source) else {
                continue;
            };
            for key in self.engine.sections_of(source)? {
                let stored = self.engine.section(key)?;
                if stored.section.anchor == id[at + 1..] {
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

    /// The source whose path is written so in ids.
    pub(super) fn source_of_id(&self, path: &str) -> Option<u32> {
        let catalog = self.catalog();
        catalog
            .find(&StoredPath::from_path(Path::new(path)))
            .or_else(|| {
                let is_it = |&source: &u32| {
                    StoredPath::from_bytes(catalog.path_bytes(source)).to_id() == path
                };
                catalog
                    .sources()
                    .filter(|&s| std::str::from_utf8(catalog.path_bytes(s)).is_err())
                    .find(is_it)
            })
    }
}
