//! Finds what changed: compares the files that are there with the catalog.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{IndexError, RefreshRequest, Settings};
use crate::engine::{Catalog, Origin, Outcome};
use crate::format::detect;
use crate::source::{
    FileEntry, Found, ReadError, Reason, StoredPath, WalkError, WalkOptions, inspect, walk,
};

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct ToRead {
    pub(super) entry: FileEntry,
    pub(super) origin: Origin,
    /// Its number, where it is known already.
    pub(super) source: Option<u32>,
    /// The largest size to read, in bytes.
    pub(super) max_size: u64,
}

/// What a look at the files found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New files, and such whose size or time is another.
    pub(super) to_read: Vec<ToRead>,
    /// Sources that are gone.
    pub(super) removed: Vec<u32>,
    /// Sources that are there and are not read.
    pub(super) unread: Vec<(StoredPath, ReadError, Origin)>,
    /// How many files are as they were.
    pub(super) unchanged: u64,
}

/// What is there now.
#[derive(Default)]
struct Seen {
    files: BTreeMap<StoredPath, (FileEntry, Origin, u64)>,
    unread: BTreeMap<StoredPath, (ReadError, Origin)>,
    /// Named files that are gone.
    gone: BTreeSet<StoredPath>,
}

/// Looks at all that `settings` cover and at the files in `named`. Roots that are gone are dropped from the settings
/// where the request says so.
pub(super) fn look(
    base: &Path,
    catalog: &Catalog,
    settings: &mut Settings,
    named: &[StoredPath],
    request: &RefreshRequest,
) -> Result<Changes, IndexError> {
    let mut seen = Seen::default();
    let mut gone_roots = Vec::new();
    for root in &settings.roots {
        match walk(base, &root.path, &root.options, &|path| {
            detect(path).is_some()
        }) {
            Ok(found) => seen.take_walk(catalog, root, found, request.force)?,
            Err(WalkError::MissingRoot { path }) if request.force => gone_roots.push(path),
            Err(error) => return Err(error.into()),
        }
    }
    settings
        .roots
        .retain(|root| !gone_roots.contains(&root.path));
    let options = request.walk.clone().unwrap_or_default();
    for path in named {
        seen.take_named(base, path, &options);
    }
    for path in known_by_name(catalog) {
        seen.take_named(base, &path, &options);
    }
    Ok(compare(catalog, settings, seen))
}

fn known_by_name(catalog: &Catalog) -> Vec<StoredPath> {
    let records = catalog
        .sources()
        .filter_map(|source| catalog.record(source));
    records
        .filter(|record| record.origin == Origin::Named)
        .map(|record| record.path)
        .collect()
}

impl Seen {
    fn take_walk(
        &mut self,
        catalog: &Catalog,
        root: &super::Root,
        found: Vec<Found>,
        force: bool,
    ) -> Result<(), IndexError> {
        if found.is_empty() && !force {
            let known = count_files_under(catalog, &root.path);
            if known > 0 {
                return Err(IndexError::EmptyRoot {
                    path: root.path.clone(),
                    files: known,
                });
            }
        }
        for found in found {
            self.take(found, Origin::Walked, root.options.max_file_size);
        }
        Ok(())
    }

    fn take_named(&mut self, base: &Path, path: &StoredPath, options: &WalkOptions) {
        if self.files.contains_key(path) {
            return;
        }
        match inspect(base, path, options) {
            Ok(Found::File(_)) if detect(&path.below(base)).is_none() => {
                self.unread.insert(
                    path.clone(),
                    (ReadError::new(Reason::UnknownFormat), Origin::Named),
                );
            }
            Ok(found) => self.take(found, Origin::Named, options.max_file_size),
            Err(_) => {
                self.gone.insert(path.clone());
            }
        }
    }

    fn take(&mut self, found: Found, origin: Origin, max_size: u64) {
        match found {
            Found::File(entry) => {
                self.unread.remove(&entry.path);
                self.files
                    .insert(entry.path.clone(), (entry, origin, max_size));
            }
            Found::Unread(path, error) => {
                self.unread.insert(path, (error, origin));
            }
        }
    }

    /// Whether what the walk did not find at `path` is gone: a folder above that could not be read says nothing.
    fn is_gone(&self, path: &StoredPath) -> bool {
        let hides = |(unread, (error, _)): (&StoredPath, &(ReadError, Origin))| {
            error.reason.kind() == crate::source::ReasonKind::Failed && path.is_under(unread)
        };
        !self.unread.iter().any(hides)
    }
}

fn count_files_under(catalog: &Catalog, root: &StoredPath) -> u64 {
    let is_ours = |&source: &u32| {
        catalog.record(source).is_some_and(|record| {
            record.origin == Origin::Walked
                && record.outcome == Outcome::Indexed
                && record.path.is_under(root)
        })
    };
    catalog.sources().filter(is_ours).count() as u64
}

fn compare(catalog: &Catalog, settings: &Settings, seen: Seen) -> Changes {
    let mut changes = Changes::default();
    for source in catalog.sources() {
        let path = StoredPath::from_bytes(catalog.path_bytes(source));
        if seen.files.contains_key(&path) || seen.unread.contains_key(&path) {
            continue;
        }
        let Some(record) = catalog.record(source) else {
            continue;
        };
        let is_gone = match record.origin {
            Origin::Stdin => false,
            Origin::Named => seen.gone.contains(&path) || settings.covers(&path),
            Origin::Walked => seen.is_gone(&path),
        };
        if is_gone {
            changes.removed.push(source);
        } else {
            changes.unchanged += u64::from(record.outcome == Outcome::Indexed);
        }
    }
    for (entry, origin, max_size) in seen.files.into_values() {
        let source = catalog.find(&entry.path);
        let known = source.and_then(|source| catalog.size_and_time(source));
        if known == Some((entry.size, entry.modified_ns)) {
            changes.unchanged += 1;
        } else {
            changes.to_read.push(ToRead {
                entry,
                origin,
                source,
                max_size,
            });
        }
    }
    changes.unread = seen
        .unread
        .into_iter()
        .map(|(path, (error, origin))| (path, error, origin))
        .collect();
    changes
}
