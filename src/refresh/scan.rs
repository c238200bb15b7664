//! Finds what changed: compares the files that are there with the catalog.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::policy::Manner;
use super::{IndexError, Kept, KeptCause, RefreshRequest, Root, Settings};
use crate::catalog::{Catalog, Origin, Outcome};
use crate::format::Format;
use crate::source::{
    FileEntry, Found, INDEX_FOLDER, ReadError, Reason, ReasonKind, StoredPath, Walk, WalkError,
    inspect, walk,
};

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct ToRead {
    pub(crate) entry: FileEntry,
    pub(super) origin: Origin,
    /// Its number, where it is known already.
    pub(crate) source: Option<u32>,
    /// Whether size and time of modification are those of the file that was read; something else tells a change.
    pub(super) is_alike: bool,
}

/// What a look at the files found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New files, and those that may be others; in the order of the paths.
    pub(super) to_read: Vec<ToRead>,
    /// Sources that are gone.
    pub(super) removed: Vec<u32>,
    /// Sources that are there and are not read; in the order of the paths.
    pub(super) unread: Vec<(StoredPath, ReadError, Origin)>,
    /// How many files are as they were.
    pub(super) unchanged: u64,
    /// What was not looked at.
    pub(super) kept: Vec<Kept>,
    /// What was named and is not there.
    pub(super) missing: Vec<StoredPath>,
}

/// What is looked at, and with what it is compared.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) base: &'a Path,
    pub(crate) catalog: &'a Catalog,
    pub(super) manner: &'a Manner<'a>,
    pub(super) request: &'a RefreshRequest,
}

impl Look<'_> {
    /// Looks at all that `settings` cover and at the files in `named`. Roots that are gone are dropped from the settings
    /// where the request says so.
    pub(super) fn changes(
        &self,
        settings: &mut Settings,
        named: &[StoredPath],
    ) -> Result<Changes, IndexError> {
        let mut seen = SeenSources::new(self);
        let mut gone_roots = Vec::new();
        for root in &settings.roots {
            match seen.walk(root) {
                Err(IndexError::Walk(WalkError::MissingRoot { path })) => {
                    match self.request.force {
                        true => gone_roots.push(path),
                        false => seen.keep(path, KeptCause::Missing),
                    }
                }
                result => result?,
            }
        }
        settings
            .roots
            .retain(|root| !gone_roots.contains(&root.path));
        for path in named.iter().cloned().chain(known_by_name(self.catalog)) {
            seen.inspect(&path);
        }
        Ok(seen.finish(settings))
    }
}

fn known_by_name(catalog: &Catalog) -> impl Iterator<Item = StoredPath> {
    let named = catalog
        .sources()
        .filter(|&source| catalog.origin(source) == Some(Origin::Named));
    named.map(|source| StoredPath::from_bytes(catalog.path_bytes(source)))
}

/// What a look has seen so far.
struct SeenSources<'a> {
    look: &'a Look<'a>,
    /// Whether each source was found, by number.
    found: Vec<AtomicBool>,
    /// Named files that are gone.
    gone: Vec<StoredPath>,
    kept: Vec<Kept>,
    to_read: BTreeMap<StoredPath, ToRead>,
    unread: BTreeMap<StoredPath, (ReadError, Origin)>,
    /// Which folders of named files may be read.
    within_reach: HashMap<StoredPath, bool>,
}

impl<'a> SeenSources<'a> {
    fn new(look: &'a Look<'a>) -> SeenSources<'a> {
        SeenSources {
            look,
            found: (0..look.catalog.slots())
                .map(|_| AtomicBool::new(false))
                .collect(),
            gone: Vec::new(),
            kept: Vec::new(),
            to_read: BTreeMap::new(),
            unread: BTreeMap::new(),
            within_reach: HashMap::new(),
        }
    }

    /// Notes that a source was found.
    fn mark(&self, source: u32) {
        if let Some(found) = self.found.get(source as usize) {
            found.store(true, Ordering::Relaxed);
        }
    }

    fn is_marked(&self, source: u32) -> bool {
        let found = self.found.get(source as usize);
        found.is_some_and(|found| found.load(Ordering::Relaxed))
    }

    fn keep(&mut self, path: StoredPath, cause: KeptCause) {
        self.kept.push(Kept { path, cause });
    }

    /// Walks one root. Files that are as they were drop out on the walking threads.
    fn walk(&mut self, root: &Root) -> Result<(), IndexError> {
        let look = self.look;
        let reach = look.request.reach.as_ref();
        if reach.is_some_and(|reach| !reach.allows(&root.path.below(look.base))) {
            self.keep(root.path.clone(), KeptCause::Beyond);
            return Ok(());
        }
        let found_any = AtomicBool::new(false);
        let keeps = |found: &Found| {
            found_any.store(true, Ordering::Relaxed);
            !self.is_unchanged(found)
        };
        let found = walk(&Walk {
            base: look.base,
            root: &root.path,
            options: &look.manner.walk_options(root),
            reach,
            accepts: &|path| look.manner.accepts(path, look.base),
            keeps: &keeps,
        })?;
        // A folder in which only what is left out now stands is not empty: a disk that is not mounted is.
        let start = root.path.below(look.base);
        if !found_any.into_inner() && !look.request.force && is_empty(&start) {
            let files = count_files_under(look.catalog, &root.path);
            if files > 0 {
                self.keep(root.path.clone(), KeptCause::Empty { files });
            }
        }
        for found in found {
            self.take(found, Origin::Walked);
        }
        Ok(())
    }

    /// Whether a file is one that is known and was read so, and nothing tells a change; it is marked as found then.
    fn is_unchanged(&self, found: &Found) -> bool {
        let Found::File(entry) = found else {
            return false;
        };
        let Some(source) = self.look.catalog.find(&entry.path) else {
            return false;
        };
        let request = self.look.request;
        let is_same = !request.rehash
            && self.is_read_so(source, &entry.path)
            && self.look.catalog.stat(source).is_some_and(|known| {
                let manner = self.look.manner;
                manner.is_same(&known, &entry.stat, request.exact)
            })
            && !request.reread.contains(&entry.path);
        if is_same {
            self.mark(source);
        }
        is_same
    }

    /// Whether a source was read as it would be now.
    fn is_read_so(&self, source: u32, path: &StoredPath) -> bool {
        let catalog = self.look.catalog;
        let is_of_reader = catalog.reader(source).is_some_and(|(code, version)| {
            Format::of_code(code).is_none_or(|format| format.version == version)
        });
        is_of_reader && catalog.reading(source) == Some(self.look.manner.fingerprint(path))
    }

    /// Looks at a file that was named by itself.
    fn inspect(&mut self, path: &StoredPath) {
        if self.to_read.contains_key(path) || self.is_found(path) {
            return;
        }
        if !self.reaches(path) {
            self.keep(path.clone(), KeptCause::Beyond);
            return;
        }
        let look = self.look;
        let format = look
            .manner
            .format(path, Origin::Named)
            .map(|(format, _)| format);
        match inspect(look.base, path, look.manner.max_bytes(format)) {
            Ok(Found::File(entry)) if entry.is_linked && !self.allows(path) => {
                self.keep(path.clone(), KeptCause::Beyond);
            }
            Ok(Found::File(_)) if format.is_none() => {
                let error = ReadError::new(Reason::UnknownFormat);
                self.take(Found::Unread(path.clone(), error), Origin::Named);
            }
            Ok(found) if self.is_unchanged(&found) => {}
            Ok(found) => self.take(found, Origin::Named),
            Err(_) => self.gone.push(path.clone()),
        }
    }

    /// Whether the folder of a named file may be read. Many files lie in one folder.
    fn reaches(&mut self, path: &StoredPath) -> bool {
        let folder = path.parent();
        if let Some(&is_allowed) = self.within_reach.get(&folder) {
            return is_allowed || self.allows(path);
        }
        let is_allowed = self.allows(&folder);
        self.within_reach.insert(folder, is_allowed);
        is_allowed || self.allows(path)
    }

    fn allows(&self, path: &StoredPath) -> bool {
        let reach = self.look.request.reach.as_ref();
        reach.is_none_or(|reach| reach.allows(&path.below(self.look.base)))
    }

    fn is_found(&self, path: &StoredPath) -> bool {
        let source = self.look.catalog.find(path);
        source.is_some_and(|source| self.is_marked(source))
    }

    fn take(&mut self, found: Found, origin: Origin) {
        let path = match &found {
            Found::File(entry) => entry.path.clone(),
            Found::Unread(path, _) | Found::Beyond(path) => path.clone(),
        };
        if matches!(found, Found::Beyond(_)) {
            return self.keep(path, KeptCause::Beyond);
        }
        let source = self.look.catalog.find(&path);
        if let Some(source) = source {
            self.mark(source);
        }
        match found {
            Found::File(entry) => {
                self.unread.remove(&path);
                let known = source.filter(|&source| self.is_read_so(source, &path));
                let known = known.and_then(|source| self.look.catalog.stat(source));
                let is_alike = known.is_some_and(|known| known.is_alike(&entry.stat));
                self.to_read.insert(
                    path,
                    ToRead {
                        entry,
                        origin,
                        source,
                        is_alike,
                    },
                );
            }
            Found::Unread(_, error) => {
                self.unread.insert(path, (error, origin));
            }
            Found::Beyond(_) => {}
        }
    }

    fn finish(mut self, settings: &Settings) -> Changes {
        self.kept.sort_by(|a, b| a.path.cmp(&b.path));
        let catalog = self.look.catalog;
        let mut removed = Vec::new();
        let mut kept = 0;
        for source in catalog.sources() {
            if !self.is_marked(source) && self.is_gone(source, settings) {
                removed.push(source);
            } else {
                kept += u64::from(catalog.is_indexed(source));
            }
        }
        let again = self.to_read.values().filter_map(|file| file.source);
        let again = again.filter(|&source| catalog.is_indexed(source)).count() as u64;
        Changes {
            removed,
            unchanged: kept - again,
            to_read: self.to_read.into_values().collect(),
            unread: self
                .unread
                .into_iter()
                .map(|(path, (error, origin))| (path, error, origin))
                .collect(),
            kept: self.kept,
            missing: Vec::new(),
        }
    }

    /// Whether a source that was not found is gone: what was not looked at, and what a folder above that could not be
    /// read holds, is not known.
    fn is_gone(&self, source: u32, settings: &Settings) -> bool {
        let catalog = self.look.catalog;
        let path = StoredPath::from_bytes(catalog.path_bytes(source));
        if self.kept.iter().any(|kept| path.is_under(&kept.path)) {
            return false;
        }
        match catalog.origin(source) {
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

/// Whether nothing is in a folder, or an index alone.
fn is_empty(folder: &Path) -> bool {
    let is_index = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name() == INDEX_FOLDER)
    };
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.all(is_index))
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
