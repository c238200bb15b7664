//! Whose an index is, and what may be read for it.

use std::fs;
use std::path::{Path, PathBuf};

use super::registry::{IndexRecord, Registry};
use super::{Location, LocationError};
use crate::engine::manifest_of;
use crate::refresh::Root;
use crate::source::INDEX_FOLDER;
use crate::source::trust::{NamedRoot, Reach, Trusted, Users, resolved};

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

    /// Whether the folder and the manifest of an index, as far as they are there, are the user's, or trusted. A cluster
    /// knows itself who may write to it.
    pub(super) fn owns(&self, location: &Location) -> bool {
        let folder = location.folder.as_path();
        let is_own = |metadata: std::io::Result<fs::Metadata>| {
            metadata.map_or(true, |metadata| self.users.own(&metadata))
        };
        let manifest = manifest_of(folder);
        location.is_remote()
            || (is_own(fs::metadata(folder)) && is_own(fs::symlink_metadata(manifest)))
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
pub(super) struct IndexStanding {
    pub(super) access: Access,
    pub(super) reach: Reach,
    pub(super) record: Option<IndexRecord>,
}

impl IndexStanding {
    /// What holds of the index at `location`, which has this id and says that it is of `said` where its folder does not
    /// tell; `location.base` is the base that it would have if it were made now.
    pub(super) fn of(
        options: &IndexOptions,
        location: &Location,
        id: Option<&str>,
        said: Option<&Path>,
    ) -> IndexStanding {
        let folder = location.record_folder();
        let record = id.and_then(|id| options.registry().read(id, &folder));
        let base = said.unwrap_or(&location.base);
        let recorded = record.as_ref().and_then(|record| record.base.as_ref());
        // What a cluster says of itself is never taken for what this user said: there only what was named is read.
        let is_of_base = !location.is_remote()
            && (said.is_none()
                || recorded.is_some_and(|path| path.below(Path::new("/")) == resolved(base))
                || options.trusted.covers(&folder)
                || options.accepts(base, &location.base));
        let access = if !options.owns(location) {
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
        IndexStanding {
            access,
            reach,
            record,
        }
    }

    /// What holds where a cluster says that it covers these folders: others than this user named are not this user's.
    pub(super) fn where_covering(self, roots: &[Root]) -> IndexStanding {
        let is_known = (self.record.as_ref()).is_some_and(|record| record.covers(roots));
        let access = match self.access {
            Access::Own if !is_known => Access::Unrecorded,
            access => access,
        };
        IndexStanding { access, ..self }
    }

    /// What holds of an index that is made now: it is of the base that `location` says.
    pub(super) fn of_new(options: &IndexOptions, location: &Location) -> IndexStanding {
        let standing = IndexStanding::of(options, location, None, None);
        let access = match options.owns(location) {
            true => Access::Own,
            false => Access::OtherUser,
        };
        IndexStanding { access, ..standing }
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
