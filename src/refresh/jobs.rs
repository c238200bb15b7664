//! What a refresh has to read, and what it may find again under another name.

use std::collections::HashMap;

use super::known::KnownSource;
use super::scan::ToRead;
use crate::engine::{EngineError, SectionWriter, SourceKey, SourceRecord};

/// A file to read and the key of its source.
pub(super) struct Job {
    pub(super) file: ToRead,
    pub(super) source: SourceKey,
}

impl Job {
    /// Whether the index does not know the file.
    pub(super) fn is_new(&self) -> bool {
        self.file.known.is_none()
    }
}

/// Gives every file a key, in the order of the paths; `writer` opens the change that begins new ones.
pub(super) fn keyed_jobs<'w>(
    files: Vec<ToRead>,
    writer: impl Fn() -> Result<&'w dyn SectionWriter, EngineError>,
) -> Result<Vec<Job>, EngineError> {
    let key = |file: ToRead| {
        let source = match &file.known {
            Some(known) => known.key,
            None => writer()?.begin(&file.entry.path, file.origin)?,
        };
        Ok(Job { file, source })
    };
    files.into_iter().map(key).collect()
}

/// What tells a content, and how it was read: hash, format, manner of reading.
pub(super) type ContentKey = (u128, u8, u64);

/// The content of a source, and how it was read.
pub(super) fn content_key(record: &SourceRecord) -> ContentKey {
    (record.hash, record.format, record.reading)
}

/// Sources that are gone.
#[derive(Default)]
pub(super) struct Removed {
    pub(super) all: Vec<SourceKey>,
    /// By content, so that a moved file is known again.
    pub(super) by_content: HashMap<ContentKey, Vec<KnownSource>>,
}

impl Removed {
    pub(super) fn of(sources: Vec<KnownSource>) -> Removed {
        let mut removed = Removed {
            all: sources.iter().map(|source| source.key).collect(),
            ..Removed::default()
        };
        for source in sources {
            let own = removed.by_content.entry(content_key(&source.record));
            own.or_default().push(source);
        }
        removed
    }

    /// Takes a source that had this content; one of this name where there is one.
    pub(super) fn take(&mut self, now: &SourceRecord) -> Option<KnownSource> {
        let alike = self.by_content.get_mut(&content_key(now))?;
        let is_named_so = |old: &KnownSource| old.record.path.stem() == now.path.stem();
        let at = alike.iter().rposition(is_named_so);
        match at {
            Some(at) => Some(alike.remove(at)),
            None => alike.pop(),
        }
    }
}
