//! Finds what changed: compares the files that are there with the sources that are known.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::endings::{OtherCounter, OtherFiles};
use super::known::KnownSource;
use super::policy::Manner;
use super::{IndexError, Kept, KeptCause, RefreshRequest, Root, Settings};
use crate::engine::{EngineError, Origin, Snapshot, SourceFilter, SourceKey, SourceRow};
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
    /// What is known of it, where anything is; of a million new files nothing is.
    pub(super) known: Option<Box<KnownSource>>,
    /// Whether size and time of modification are those of the file that was read; something else tells a change.
    pub(super) is_alike: bool,
}

/// What a look at the files found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New files, and those that may be others; in the order of the paths.
    pub(super) to_read: Vec<ToRead>,
    /// Sources that are gone.
    pub(super) removed: Vec<KnownSource>,
    /// Sources that are there and are not read; in the order of the paths.
    pub(super) unread: Vec<(StoredPath, ReadError, Origin)>,
    /// How many files are as they were.
    pub(super) unchanged: u64,
    /// What was not looked at.
    pub(super) kept: Vec<Kept>,
    /// What was named and is not there.
    pub(super) missing: Vec<StoredPath>,
    /// The files of other formats, where they are counted.
    pub(super) others: OtherFiles,
}

/// What is looked at, and with what it is compared.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) base: &'a Path,
    pub(super) snapshot: &'a dyn Snapshot,
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
        let mut seen = SeenSources::new(self)?;
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
        let known = match settings.named {
            0 => Vec::new(),
            _ => self.known_by_name()?,
        };
        for path in named.iter().chain(&known) {
            seen.inspect(path);
        }
        Ok(seen.finish(settings)?)
    }

    /// The sources that were named one by one.
    fn known_by_name(&self) -> Result<Vec<StoredPath>, EngineError> {
        let mut paths = Vec::new();
        for row in self.snapshot.sources(SourceFilter::default())? {
            let row = row?;
            if row.record.origin == Origin::Named {
                paths.push(row.path());
            }
        }
        Ok(paths)
    }

    /// How many indexed files were found by walking `root`.
    fn count_files_under(&self, root: &StoredPath) -> Result<u64, EngineError> {
        let filter = SourceFilter {
            within: std::slice::from_ref(root),
            is_indexed: Some(true),
        };
        let mut files = 0;
        for row in self.snapshot.sources(filter)? {
            files += u64::from(row?.record.origin == Origin::Walked);
        }
        Ok(files)
    }
}

/// What a look has seen so far.
struct SeenSources<'a> {
    look: &'a Look<'a>,
    /// Whether each source was found, by the number of its key.
    found: Vec<AtomicBool>,
    /// The first failure of the engine; a walk cannot be ended by it.
    failure: Mutex<Option<EngineError>>,
    /// Named files that are gone.
    gone: Vec<StoredPath>,
    kept: Vec<Kept>,
    to_read: BTreeMap<StoredPath, ToRead>,
    unread: BTreeMap<StoredPath, (ReadError, Origin)>,
    /// The files of other formats, where they are counted.
    others: OtherCounter,
    /// Which folders of named files may be read.
    within_reach: HashMap<StoredPath, bool>,
}

impl<'a> SeenSources<'a> {
    fn new(look: &'a Look<'a>) -> Result<SeenSources<'a>, EngineError> {
        let keys = look.snapshot.totals()?.source_keys;
        Ok(SeenSources {
            look,
            found: (0..keys).map(|_| AtomicBool::new(false)).collect(),
            failure: Mutex::new(None),
            gone: Vec::new(),
            kept: Vec::new(),
            to_read: BTreeMap::new(),
            unread: BTreeMap::new(),
            others: OtherCounter::default(),
            within_reach: HashMap::new(),
        })
    }

    /// The source that is known at a path. A failure is kept for the end.
    fn known(&self, path: &StoredPath) -> Option<SourceRow<'a>> {
        match self.look.snapshot.source_at(path) {
            Ok(row) => row,
            Err(error) => {
                let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
                failure.get_or_insert(error);
                None
            }
        }
    }

    /// Notes that a source was found.
    fn mark(&self, source: SourceKey) {
        if let Some(found) = self.found.get(source.0 as usize) {
            found.store(true, Ordering::Relaxed);
        }
    }

    fn is_marked(&self, source: SourceKey) -> bool {
        let found = self.found.get(source.0 as usize);
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
            accepts: &|path| self.accepts(path),
            keeps: &keeps,
        })?;
        // A folder in which only what is left out now stands is not empty: a disk that is not mounted is.
        let start = root.path.below(look.base);
        if !found_any.into_inner() && !look.request.force && is_empty(&start) {
            let files = look.count_files_under(&root.path)?;
            if files > 0 {
                self.keep(root.path.clone(), KeptCause::Empty { files });
            }
        }
        for found in found {
            self.take(found, Origin::Walked);
        }
        Ok(())
    }

    /// How large a file is read, in bytes; `None` where its format is not known.
    fn accepts(&self, path: &Path) -> Option<u64> {
        let most = self.look.manner.accepts(path, self.look.base);
        if most.is_none() && self.look.request.counts_others {
            self.others.count(path);
        }
        most
    }

    /// Whether a file is one that is known and was read so, and nothing tells a change; it is marked as found then.
    fn is_unchanged(&self, found: &Found) -> bool {
        let Found::File(entry) = found else {
            return false;
        };
        let Some(known) = self.known(&entry.path) else {
            return false;
        };
        let request = self.look.request;
        let stat = &known.record.stat;
        let is_same = !request.rehash
            && self.is_read_so(&known, &entry.path)
            && (self.look.manner).is_same(stat, &entry.stat, request.exact)
            && !request.reread.contains(&entry.path);
        if is_same {
            self.mark(known.key);
        }
        is_same
    }

    /// Whether a source was read as it would be now.
    fn is_read_so(&self, known: &SourceRow<'_>, path: &StoredPath) -> bool {
        let record = &known.record;
        let format = Format::of_code(record.format);
        format.is_none_or(|format| format.version == record.reader)
            && record.reading == self.look.manner.fingerprint(path)
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
        let known = self.known(path);
        known.is_some_and(|known| self.is_marked(known.key))
    }

    fn take(&mut self, found: Found, origin: Origin) {
        let path = match &found {
            Found::File(entry) => entry.path.clone(),
            Found::Unread(path, _) | Found::Beyond(path) => path.clone(),
        };
        if matches!(found, Found::Beyond(_)) {
            return self.keep(path, KeptCause::Beyond);
        }
        let known = self.known(&path);
        if let Some(known) = &known {
            self.mark(known.key);
        }
        match found {
            Found::File(entry) => {
                self.unread.remove(&path);
                let is_alike = known.as_ref().is_some_and(|known| {
                    self.is_read_so(known, &path) && known.record.stat.is_alike(&entry.stat)
                });
                let file = ToRead {
                    entry,
                    origin,
                    known: known.map(KnownSource::of).map(Box::new),
                    is_alike,
                };
                self.to_read.insert(path, file);
            }
            Found::Unread(_, error) => {
                self.unread.insert(path, (error, origin));
            }
            Found::Beyond(_) => {}
        }
    }

    fn finish(mut self, settings: &Settings) -> Result<Changes, EngineError> {
        self.kept.sort_by(|a, b| a.path.cmp(&b.path));
        let mut removed = Vec::new();
        let mut kept = 0;
        for row in self.look.snapshot.sources(SourceFilter::default())? {
            let row = row?;
            if !self.is_marked(row.key) && self.is_gone(&row, settings) {
                removed.push(KnownSource::of(row));
            } else {
                kept += u64::from(row.record.is_indexed());
            }
        }
        if let Some(failure) = self
            .failure
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            return Err(failure);
        }
        let again = self.to_read.values().filter_map(|file| file.known.as_ref());
        let again = again.filter(|known| known.record.is_indexed()).count() as u64;
        Ok(Changes {
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
            others: self.others.counted(),
        })
    }

    /// Whether a source that was not found is gone: what was not looked at, and what a folder above that could not be
    /// read holds, is not known.
    fn is_gone(&self, row: &SourceRow<'_>, settings: &Settings) -> bool {
        let path = row.path();
        if self.kept.iter().any(|kept| path.is_under(&kept.path)) {
            return false;
        }
        match row.record.origin {
            Origin::Stdin => false,
            Origin::Named => self.gone.contains(&path) || settings.covers(&path),
            Origin::Walked => {
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
