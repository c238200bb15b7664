//! Whose an index is, and what may be read for it.

use std::fs;
use std::path::{Path, PathBuf};

use super::registry::{IndexRecord, Registry};
use super::{Index, Location, LocationError};
use crate::engine::embedded::EmbeddedEngine;
use crate::source::trust::{NamedRoot, Reach, Trusted, Users, resolved};
use crate::source::{INDEX_FOLDER, StoredPath};

/// For whom indexes are opened.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Where this user's records lie of what indexes may read outside of their bases; without one only the roots that a
    /// run names hold, for that run.
    pub state_dir: Option<PathBuf>,
    /// The folders whose indexes are trusted, whoever they belong to.
    pub trusted: Trusted,
    /// Whose files count as this user's.
    pub users: Users,
    /// The home folder: no index that comes from elsewhere covers it.
    pub home: Option<PathBuf>,
    /// Whether a verdict rests on the answers: then an index that was found, and that this user did not make, is read
    /// anew from its sources.
    pub for_verdict: bool,
}

impl Default for IndexOptions {
    fn default() -> IndexOptions {
        IndexOptions {
            state_dir: None,
            trusted: Trusted::default(),
            users: Users::of_process(None),
            home: None,
            for_verdict: false,
        }
    }
}

/// What may be done with an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It is this user's.
    Own,
    /// It belongs to another user, so that it is only read.
    OtherUser,
    /// It says of itself what it is of, and this user has no record of it, so that it is only read until the user names
    /// what it may read.
    Unrecorded,
}

impl IndexOptions {
    pub(super) fn registry(&self) -> Registry<'_> {
        Registry::new(self.state_dir.as_deref(), self.users)
    }

    /// Whether the folder and the manifest of an index, as far as they are there, are the user's, or trusted.
    pub(super) fn owns(&self, folder: &Path) -> bool {
        let is_own = |metadata: std::io::Result<fs::Metadata>| {
            metadata.map_or(true, |metadata| self.users.own(&metadata))
        };
        let manifest = EmbeddedEngine::manifest_in(folder);
        (is_own(fs::metadata(folder)) && is_own(fs::symlink_metadata(manifest)))
            || self.trusted.covers(folder)
    }

    /// Whether a base that an index says of itself holds: it is where the user is, and no one's whole home.
    fn accepts(&self, base: &Path, current: &Path) -> bool {
        let (base, current) = (resolved(base), resolved(current));
        let home = self.home.as_deref().map(resolved);
        let holds_home = home.is_some_and(|home| home.starts_with(&base));
        base == current && base.parent().is_some() && !holds_home
    }
}

/// What is known of an opened index.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) access: Access,
    pub(super) reach: Reach,
    pub(super) record: Option<IndexRecord>,
}

impl Standing {
    /// What holds of the index at `location`, which has this id and says that it is of `said` where its folder does not
    /// tell; `location.base` is the base that it would have if it were made now.
    pub(super) fn of(
        options: &IndexOptions,
        location: &Location,
        id: Option<&str>,
        said: Option<&Path>,
    ) -> Standing {
        let folder = resolved(&location.folder);
        let record = id.and_then(|id| options.registry().read(id, &folder));
        let base = said.unwrap_or(&location.base);
        let recorded = record.as_ref().and_then(|record| record.base.as_ref());
        let is_of_base = said.is_none()
            || recorded.is_some_and(|path| path.below(Path::new("/")) == resolved(base))
            || options.trusted.covers(&folder)
            || options.accepts(base, &location.base);
        let access = if !options.owns(&location.folder) {
            Access::OtherUser
        } else if is_of_base || record.is_some() {
            Access::Own
        } else {
            Access::Unrecorded
        };
        let reach = Reach {
            base: is_of_base.then(|| resolved(base)),
            roots: record.as_ref().map(IndexRecord::roots).unwrap_or_default(),
            users: options.users,
        };
        Standing {
            access,
            reach,
            record,
        }
    }

    /// What holds of an index that is made now: it is of the base that `location` says.
    pub(super) fn of_new(options: &IndexOptions, location: &Location) -> Standing {
        let standing = Standing::of(options, location, None, None);
        let access = match options.owns(&location.folder) {
            true => Access::Own,
            false => Access::OtherUser,
        };
        Standing { access, ..standing }
    }

    /// Takes in the roots that the user named, of which those stand for themselves that lie outside of the base, or whose
    /// links are followed.
    pub(super) fn adopt(&mut self, paths: &[PathBuf], links: bool) -> Vec<NamedRoot> {
        let base = self.reach.base.clone();
        let is_inside = |path: &Path| base.as_ref().is_some_and(|base| path.starts_with(base));
        let roots = paths.iter().map(|path| NamedRoot {
            path: resolved(path),
            links,
        });
        let roots: Vec<_> = roots
            .filter(|root| links || !is_inside(&root.path))
            .collect();
        self.reach.roots.extend(roots.iter().cloned());
        roots
    }
}

impl Location {
    /// Says an error where the index's folder was found, and is a link.
    pub(super) fn check(&self) -> Result<(), LocationError> {
        let is_link = fs::symlink_metadata(&self.folder).is_ok_and(|m| m.is_symlink());
        match is_link && !self.is_named {
            true => Err(LocationError::Link {
                folder: self.folder.display().to_string(),
            }),
            false => Ok(()),
        }
    }

    /// Whether the folder says which base the index has.
    pub(super) fn tells_base(&self) -> bool {
        self.folder
            .file_name()
            .is_some_and(|name| name == INDEX_FOLDER)
    }
}

impl Index {
    /// What may be done with the index.
    #[must_use]
    pub fn access(&self) -> Access {
        self.standing.access
    }

    /// Whether a verdict has to read the sources of an index anew: it was found, not named, and nothing says that this
    /// user made it.
    pub(super) fn is_hearsay(&self) -> bool {
        let is_made = |record: &IndexRecord| record.made;
        let is_trusted = || self.options.trusted.covers(&self.location.folder);
        !self.location.is_named
            && !self.is_blank()
            && !self.standing.record.as_ref().is_some_and(is_made)
            && !is_trusted()
    }

    /// Notes in the user's folder of states what the user made, or named. Where that cannot be done, what was named holds
    /// for this run alone.
    pub(super) fn record_standing(&mut self, roots: &[NamedRoot], is_made: bool) {
        let Some(id) = self.engine().id() else {
            return;
        };
        let had = self.standing.record.as_ref();
        let folder = resolved(&self.location.folder);
        let known = had.filter(|record| record.id == id).cloned();
        let mut record = known.unwrap_or_else(|| IndexRecord::new(id, &folder));
        if is_made {
            record.made = true;
            let base = self.standing.reach.base.as_deref();
            record.base = base.map(StoredPath::from_path);
            record.add(&had.map(IndexRecord::roots).unwrap_or_default());
        }
        record.add(roots);
        let is_asked = is_made || !roots.is_empty();
        if !is_asked || had == Some(&record) {
            return;
        }
        match self.options.registry().write(&record) {
            Ok(()) => self.standing.record = Some(record),
            Err(error) if !roots.is_empty() => self.unrecorded = Some(error.to_string()),
            Err(_) => {}
        }
    }
}
