//! Finds what changed: compares the files that are there with the catalog.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::rules::Manner;
use super::{IndexError, RefreshRequest, Root, Settings};
use crate::engine::{Catalog, Origin, Outcome};
use crate::format::detect;
use crate::source::{
    FileEntry, Found, ReadError, Reason, ReasonKind, StoredPath, WalkError, inspect, walk,
};

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct ToRead {
    pub(super) entry: FileEntry,
    pub(super) origin: Origin,
    /// Its number, where it is known already.
    pub(super) source: Option<u32>,
}

/// What a look at the files found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New files, and such whose size or time is another; in the order of the paths.
    pub(super) to_read: Vec<ToRead>,
    /// Sources that are gone.
    pub(super) removed: Vec<u32>,
    /// Sources that are there and are not read; in the order of the paths.
    pub(super) unread: Vec<(StoredPath, ReadError, Origin)>,
    /// How many files are as they were.
    pub(super) unchanged: u64,
}

/// Looks at all that `settings` cover and at the files in `named`. Roots that are gone are dropped from the settings
/// where the request says so.
pub(super) fn look(
    base: &Path,
    catalog: &Catalog,
    settings: &mut Settings,
    manner: &Manner<'_>,
    named: &[StoredPath],
    request: &RefreshRequest,
) -> Result<Changes, IndexError> {
    let mut look = Look::new(catalog, manner);
    let mut gone_roots = Vec::new();
    for root in &settings.roots {
        match look.walk(base, root, request.force) {
            Err(IndexError::Walk(WalkError::MissingRoot { path })) if request.force => {
                gone_roots.push(path);
            }
            result => result?,
        }
    }
    settings
        .roots
        .retain(|root| !gone_roots.contains(&root.path));
    for path in named.iter().cloned().chain(known_by_name(catalog)) {
        look.inspect(base, &path);
    }
    Ok(look.finish(settings))
}

fn known_by_name(catalog: &Catalog) -> impl Iterator<Item = StoredPath> {
    let named = catalog
        .sources()
        .filter(|&source| catalog.origin(source) == Some(Origin::Named));
    named.map(|source| StoredPath::from_bytes(catalog.path_bytes(source)))
}

/// A look in the making.
struct Look<'a> {
    catalog: &'a Catalog,
    manner: &'a Manner<'a>,
    /// Whether each source was found, by number.
    seen: Vec<AtomicBool>,
    /// Named files that are gone.
    gone: Vec<StoredPath>,
    to_read: BTreeMap<StoredPath, ToRead>,
    unread: BTreeMap<StoredPath, (ReadError, Origin)>,
}

impl<'a> Look<'a> {
    fn new(catalog: &'a Catalog, manner: &'a Manner<'a>) -> Look<'a> {
        Look {
            catalog,
            manner,
            seen: (0..catalog.slots())
                .map(|_| AtomicBool::new(false))
                .collect(),
            gone: Vec::new(),
            to_read: BTreeMap::new(),
            unread: BTreeMap::new(),
        }
    }

    /// Walks one root. Files that are as they were drop out on the walking threads.
    fn walk(&mut self, base: &Path, root: &Root, force: bool) -> Result<(), IndexError> {
        let found_any = AtomicBool::new(false);
        let keeps = |found: &Found| {
            found_any.store(true, Ordering::Relaxed);
            !self.is_unchanged(found)
        };
        let found = walk(
            base,
            &root.path,
            &root.options,
            self.manner.max_file_bytes(),
            &|path| detect(path).is_some(),
            &keeps,
        )?;
        if !found_any.into_inner() && !force {
            let files = count_files_under(self.catalog, &root.path);
            if files > 0 {
                return Err(IndexError::EmptyRoot {
                    path: root.path.clone(),
                    files,
                });
            }
        }
        for found in found {
            self.take(found, Origin::Walked);
        }
        Ok(())
    }

    /// Whether a file is one that is known, with its size and time; it is marked as seen then.
    fn is_unchanged(&self, found: &Found) -> bool {
        let Found::File(entry) = found else {
            return false;
        };
        let Some(source) = self.catalog.find(&entry.path) else {
            return false;
        };
        let is_same = self.catalog.size_and_time(source) == Some((entry.size, entry.modified_ns))
            && self.catalog.reading(source) == Some(self.manner.fingerprint(&entry.path));
        if is_same {
            self.seen[source as usize].store(true, Ordering::Relaxed);
        }
        is_same
    }

    /// Looks at a file that was named by itself.
    fn inspect(&mut self, base: &Path, path: &StoredPath) {
        if self.to_read.contains_key(path) || self.is_seen(path) {
            return;
        }
        match inspect(base, path, self.manner.max_file_bytes()) {
            Ok(Found::File(_)) if detect(&path.below(base)).is_none() => {
                let error = ReadError::new(Reason::UnknownFormat);
                self.take(Found::Unread(path.clone(), error), Origin::Named);
            }
            Ok(found) if self.is_unchanged(&found) => {}
            Ok(found) => self.take(found, Origin::Named),
            Err(_) => self.gone.push(path.clone()),
        }
    }

    fn is_seen(&self, path: &StoredPath) -> bool {
        let source = self.catalog.find(path);
        source.is_some_and(|source| self.seen[source as usize].load(Ordering::Relaxed))
    }

    fn take(&mut self, found: Found, origin: Origin) {
        let path = match &found {
            Found::File(entry) => entry.path.clone(),
            Found::Unread(path, _) => path.clone(),
        };
        let source = self.catalog.find(&path);
        if let Some(source) = source {
            self.seen[source as usize].store(true, Ordering::Relaxed);
        }
        match found {
            Found::File(entry) => {
                self.unread.remove(&path);
                self.to_read.insert(
                    path,
                    ToRead {
                        entry,
                        origin,
                        source,
                    },
                );
            }
            Found::Unread(_, error) => {
                self.unread.insert(path, (error, origin));
            }
        }
    }

    fn finish(self, settings: &Settings) -> Changes {
        let mut removed = Vec::new();
        let mut kept = 0;
        for source in self.catalog.sources() {
            let is_seen = self.seen[source as usize].load(Ordering::Relaxed);
            if !is_seen && self.is_gone(source, settings) {
                removed.push(source);
            } else {
                kept += u64::from(self.catalog.is_indexed(source));
            }
        }
        let again = self.to_read.values().filter_map(|file| file.source);
        let again = again
            .filter(|&source| self.catalog.is_indexed(source))
            .count() as u64;
        Changes {
            removed,
            unchanged: kept - again,
            to_read: self.to_read.into_values().collect(),
            unread: self
                .unread
                .into_iter()
                .map(|(path, (error, origin))| (path, error, origin))
                .collect(),
        }
    }

    /// Whether a source that was not found is gone: what a folder above that could not be read holds is not known.
    fn is_gone(&self, source: u32, settings: &Settings) -> bool {
        let path = StoredPath::from_bytes(self.catalog.path_bytes(source));
        match self.catalog.origin(source) {
            None | Some(Origin::Stdin) => false,
            Some(Origin::Named) => self.gone.contains(&path) || settings.covers(&path),
            Some(Origin::Walked) => {
                let hides = |(unread, (error, _)): (&StoredPath, &(ReadError, Origin))| {
                    error.reason.kind() == ReasonKind::Failed && path.is_under(unread)
                };
                !self.unread.iter().any(hides)
            }
        }
    }
}

fn count_files_under(catalog: &Catalog, root: &StoredPath) -> u64 {
    let is_ours = |&source: &u32| {
        catalog.origin(source) == Some(Origin::Walked)
            && catalog
                .outcome(source)
                .is_some_and(|(outcome, _)| outcome == Outcome::Indexed)
            && StoredPath::from_bytes(catalog.path_bytes(source)).is_under(root)
    };
    catalog.sources().filter(is_ours).count() as u64
}
