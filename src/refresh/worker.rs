//! Does the work: reads and cuts files on all cores, hands their sections to the engine, and commits once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use twox_hash::XxHash3_128;

use super::jobs::{Job, Removed, blank_record, number_jobs, removed_by_hash};
use super::policy::Manner;
use super::read::{ReadArticle, links_of, read_article};
use super::scan::{Changes, ToRead};
use super::unchanged::{is_as_known, report_unchanged};
use super::{IndexError, IndexReport, Progress, RefreshRequest, Settings};
use crate::catalog::{CatalogDraft, Origin, Outcome, Record};
use crate::engine::{Engine, EngineError, SectionWriter, WriterOptions};
use crate::format::{Format, detect};
use crate::source::trust::Reach;
use crate::source::{FileEntry, ReadError, Reason, ReasonKind, StatKey, StoredPath, read_file};

/// What is brought up to date.
pub(super) struct Target<'a> {
    pub(super) engine: &'a dyn Engine,
    /// The folder that paths are relative to.
    pub(super) base: &'a Path,
    pub(crate) settings: &'a Settings,
    /// Whether the settings are others than those of the index.
    pub(super) is_changed: bool,
    pub(super) manner: &'a Manner<'a>,
}

/// Applies `changes` to the index and reports.
pub(super) fn apply(
    target: &Target<'_>,
    changes: Changes,
    request: &RefreshRequest,
    progress: &dyn Progress,
) -> Result<IndexReport, IndexError> {
    let engine = target.engine;
    if !target.is_changed && request.texts.is_empty() && is_as_known(engine, &changes) {
        return Ok(report_unchanged(engine, changes));
    }
    let catalog = engine.catalog();
    let mut report = IndexReport {
        unchanged: changes.unchanged,
        kept: changes.kept,
        missing: changes.missing,
        ..IndexReport::default()
    };
    let volume = changes
        .to_read
        .iter()
        .map(|file| file.entry.stat.size)
        .sum();
    let of_texts = request.texts.iter().map(|(_, bytes)| bytes.len() as u64);
    let volume_texts: u64 = of_texts.sum();
    let mut draft = catalog.draft();
    let jobs = number_jobs(&mut draft, changes.to_read);
    let state = State {
        draft,
        removed: removed_by_hash(engine, &changes.removed),
        ..State::default()
    };
    let worker = Worker {
        target,
        options: WriterOptions {
            volume_bytes: volume + volume_texts,
            threads: request.threads,
            wait: request.wait.clone(),
            is_brief: request.is_brief,
        },
        writer: OnceLock::new(),
        failed: AtomicBool::new(false),
        state: Mutex::new(state),
        now_ns: now_ns(),
        reach: request.reach.as_ref(),
    };
    // Reading them all is for nothing where that cannot be noted, and somebody waits for an answer, which is held
    // against the files anyway.
    if !request.exact && !jobs.is_empty() && jobs.iter().all(|job| job.file.is_alike) {
        worker.writer()?;
    }
    progress.start(jobs.len() as u64, volume);
    worker.run(&jobs, progress);
    progress.finish();
    for (path, bytes) in &request.texts {
        worker.read_text(path, bytes);
    }
    worker.finish(changes.unread, &mut report)
}

/// What the workers share.
#[derive(Default)]
struct State {
    draft: CatalogDraft,
    removed: Removed,
    added: u64,
    changed: u64,
    renamed: u64,
    unchanged: u64,
    bytes_read: u64,
    /// What was wrong with files, in more words than their reason.
    errors: BTreeMap<StoredPath, ReadError>,
    /// Whether the catalog differs from the last one.
    is_dirty: bool,
    failure: Option<EngineError>,
}

struct Worker<'a> {
    target: &'a Target<'a>,
    options: WriterOptions,
    /// Opened with the first change, so that a look that finds none locks nothing.
    writer: OnceLock<Box<dyn SectionWriter>>,
    failed: AtomicBool,
    state: Mutex<State>,
    now_ns: i64,
    reach: Option<&'a Reach>,
}

impl Worker<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer. Only one thread opens it; the others wait.
    fn writer(&self) -> Result<&dyn SectionWriter, EngineError> {
        if let Some(writer) = self.writer.get() {
            return Ok(writer.as_ref());
        }
        let _guard = self.state();
        if self.writer.get().is_none() {
            let opened = self.target.engine.writer(&self.options)?;
            let _ = self.writer.set(opened);
        }
        self.writer
            .get()
            .map(AsRef::as_ref)
            .ok_or(EngineError::Outdated)
    }

    fn run(&self, jobs: &[Job], progress: &dyn Progress) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.options.threads.unwrap_or(cores).max(1);
        let (sender, receiver) = crossbeam_channel::unbounded::<&Job>();
        jobs.iter().for_each(|job| {
            let _ = sender.send(job);
        });
        drop(sender);
        let work = || {
            for job in &receiver {
                if self.failed.load(Ordering::Relaxed) {
                    return;
                }
                self.keep_failure(self.read_job(job));
                progress.advance(job.file.entry.stat.size);
            }
        };
        std::thread::scope(|scope| {
            let start = |_: &usize| {
                std::thread::Builder::new()
                    .spawn_scoped(scope, work)
                    .is_ok()
            };
            // Where the system allows no more threads, those that are there do all the work.
            if (0..threads.min(jobs.len())).take_while(start).count() == 0 {
                work();
            }
        });
    }

    fn keep_failure(&self, result: Result<(), EngineError>) {
        if let Err(error) = result {
            self.failed.store(true, Ordering::Relaxed);
            self.state().failure.get_or_insert(error);
        }
    }

    fn read_job(&self, job: &Job) -> Result<(), EngineError> {
        let entry = &job.file.entry;
        let path = entry.path.below(self.target.base);
        let most = self.target.manner.max_file_bytes();
        match read_file(&path, most, links_of(entry)) {
            // It vanished since the walk: a removed file.
            Err(_) => {
                let mut state = self.state();
                match job.is_new {
                    true => state.draft.remove(job.source),
                    false => state.removed.all.push(job.source),
                }
                Ok(())
            }
            Ok(Err(error)) => self.set_unread(job, 0, error),
            Ok(Ok(read)) if self.is_swapped(entry, read.stat, &path) => {
                let message = "a folder above it was replaced by a link while it was read";
                let error = ReadError {
                    reason: Reason::SpecialFile,
                    message: message.to_string(),
                };
                self.set_unread(job, 0, error)
            }
            Ok(Ok(read)) => self.read_bytes(job, read.stat, detect(&path), read.bytes),
        }
    }

    /// Whether another file was read than the look at the files found, and one that may not be read.
    fn is_swapped(&self, entry: &FileEntry, stat: StatKey, path: &Path) -> bool {
        let is_other = entry.stat.inode != stat.inode;
        is_other && self.reach.is_some_and(|reach| !reach.allows(path))
    }

    fn read_bytes(
        &self,
        job: &Job,
        stat: StatKey,
        format: Option<&'static Format>,
        bytes: Vec<u8>,
    ) -> Result<(), EngineError> {
        let hash = XxHash3_128::oneshot(&bytes);
        let reader = format.map_or((0, 0), |format| (format.code, format.version));
        let stat = stat.trusted(self.now_ns);
        self.state().bytes_read += bytes.len() as u64;
        let is_known = |job| self.is_same(job, stat, hash, reader);
        if is_known(job) || (job.is_new && self.is_moved(job, stat, hash, reader.0)) {
            return Ok(());
        }
        let Some(format) = format else {
            return self.set_unread(job, hash, ReadError::new(Reason::UnknownFormat));
        };
        let options = self.target.manner.options(&job.file.entry.path);
        match read_article(format, bytes, &options) {
            Ok(read) => self.set_article(job, (stat, hash), reader, read),
            Err(error) => self.set_unread(job, hash, error),
        }
    }

    /// Whether only what the file system says of the file changed; it is noted then.
    fn is_same(&self, job: &Job, stat: StatKey, hash: u128, reader: (u8, u16)) -> bool {
        let mut state = self.state();
        let Some(record) = state.draft.get_mut(job.source).filter(|_| !job.is_new) else {
            return false;
        };
        let was_read = !matches!(record.outcome, Outcome::Unread(reason) if reason.kind() == ReasonKind::Failed);
        let is_read_so = record.reading == self.reading(job);
        if record.hash != hash
            || (record.format, record.reader) != reader
            || !was_read
            || !is_read_so
        {
            return false;
        }
        let is_dirty = record.stat != stat;
        record.stat = stat;
        state.is_dirty |= is_dirty;
        state.unchanged += 1;
        true
    }

    /// Whether a file that is gone had this content: then this is it, under a new name.
    fn is_moved(&self, job: &Job, stat: StatKey, hash: u128, format: u8) -> bool {
        let reading = self.reading(job);
        let mut state = self.state();
        let Some(old) = state
            .removed
            .by_hash
            .get_mut(&(hash, format, reading))
            .and_then(Vec::pop)
        else {
            return false;
        };
        state.removed.all.retain(|&source| source != old);
        state.draft.remove(job.source);
        if let Some(record) = state.draft.get_mut(old) {
            record.path = job.file.entry.path.clone();
            record.stat = stat;
            record.origin = job.file.origin;
        }
        state.renamed += 1;
        state.is_dirty = true;
        true
    }

    fn set_article(
        &self,
        job: &Job,
        (stat, hash): (StatKey, u128),
        (format, reader): (u8, u16),
        read: ReadArticle,
    ) -> Result<(), EngineError> {
        let article = read.article;
        let metadata = article.metadata.clone();
        let sections = article.sections.len() as u32;
        let writer = self.writer()?;
        if !job.is_new {
            writer.remove(job.source)?;
        }
        let words = writer.add(job.source, article)?;
        let record = Record {
            stat,
            hash,
            outcome: Outcome::Indexed,
            format,
            reader,
            reading: self.reading(job),
            encoding: read.encoding,
            invalid_sequences: read.invalid,
            sections,
            words,
            metadata,
            ..blank_record(job.file.entry.path.clone(), job.file.origin)
        };
        self.set_record(job, record);
        Ok(())
    }

    fn set_unread(&self, job: &Job, hash: u128, error: ReadError) -> Result<(), EngineError> {
        let had_sections = self
            .state()
            .draft
            .get(job.source)
            .is_some_and(|record| record.sections > 0);
        if had_sections {
            self.writer()?.remove(job.source)?;
        }
        let is_failure = error.reason.kind() == ReasonKind::Failed;
        let format = detect(&job.file.entry.path.below(self.target.base));
        let stat = job.file.entry.stat.trusted(self.now_ns);
        let record = Record {
            // What failed is tried again with every look.
            stat: if is_failure { stat.untrusted() } else { stat },
            hash,
            outcome: Outcome::Unread(error.reason),
            format: format.map_or(0, |format| format.code),
            reader: format.map_or(0, |format| format.version),
            reading: self.reading(job),
            ..blank_record(job.file.entry.path.clone(), job.file.origin)
        };
        self.state()
            .errors
            .insert(job.file.entry.path.clone(), error);
        self.set_record(job, record);
        Ok(())
    }

    fn set_record(&self, job: &Job, record: Record) {
        let mut state = self.state();
        let is_indexed = record.outcome == Outcome::Indexed;
        let Some(slot) = state.draft.get_mut(job.source) else {
            return;
        };
        let is_dirty = *slot != record;
        *slot = record;
        state.is_dirty |= is_dirty;
        state.added += u64::from(is_indexed && job.is_new);
        state.changed += u64::from(is_indexed && !job.is_new);
    }

    /// The fingerprint of how the file is to be read.
    fn reading(&self, job: &Job) -> u64 {
        self.target.manner.fingerprint(&job.file.entry.path)
    }

    /// Reads a text that has no file.
    fn read_text(&self, path: &StoredPath, bytes: &[u8]) {
        let entry = FileEntry {
            path: path.clone(),
            stat: StatKey {
                size: bytes.len() as u64,
                ..StatKey::default()
            },
            is_linked: false,
        };
        let stat = entry.stat;
        let known = self.target.engine.catalog().find(path);
        let source = known.unwrap_or_else(|| {
            self.state()
                .draft
                .add(blank_record(path.clone(), Origin::Stdin), 0)
        });
        let file = ToRead {
            entry,
            origin: Origin::Stdin,
            source: known,
            is_alike: false,
        };
        let job = Job {
            file,
            source,
            is_new: known.is_none(),
        };
        self.keep_failure(self.read_bytes(
            &job,
            stat,
            detect(&path.below(self.target.base)),
            bytes.to_vec(),
        ));
    }

    /// Takes out what is gone, notes what was not read, commits where anything changed, and counts.
    fn finish(
        self,
        unread: Vec<(StoredPath, ReadError, Origin)>,
        report: &mut IndexReport,
    ) -> Result<IndexReport, IndexError> {
        if let Some(error) = self.state().failure.take() {
            return Err(error.into());
        }
        for (path, error, origin) in unread {
            self.note_unread(path, error, origin)?;
        }
        let gone = std::mem::take(&mut self.state().removed.all);
        for &source in &gone {
            self.writer()?.remove(source)?;
            self.state().draft.remove(source);
        }
        let must_commit =
            self.writer.get().is_some() || self.state().is_dirty || self.target.is_changed;
        if must_commit {
            self.writer()?;
        }
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = self.writer.into_inner() {
            let is_named = |record: &&Record| record.origin == Origin::Named;
            let settings = Settings {
                named: state.draft.records().filter(is_named).count() as u64,
                ..self.target.settings.clone()
            };
            writer.commit(&state.draft, &settings.to_text())?;
            report.committed = true;
        }
        report.added = state.added;
        report.changed = state.changed;
        report.renamed = state.renamed;
        report.unchanged += state.unchanged;
        report.bytes_read = state.bytes_read;
        report.removed = gone.len() as u64;
        report.count(&state.draft, &state.errors);
        Ok(std::mem::take(report))
    }

    /// Notes a source that is there and is not read; one that was read before loses its sections.
    fn note_unread(
        &self,
        path: StoredPath,
        error: ReadError,
        origin: Origin,
    ) -> Result<(), EngineError> {
        let known = self.target.engine.catalog().find(&path);
        let record = Record {
            outcome: Outcome::Unread(error.reason),
            ..blank_record(path.clone(), origin)
        };
        if known.is_some_and(|source| {
            self.state()
                .draft
                .get(source)
                .is_some_and(|old| old.sections > 0)
        }) {
            self.writer()?.remove(known.unwrap_or_default())?;
        }
        let mut state = self.state();
        state.errors.insert(path, error);
        let is_dirty = match known {
            Some(source) => state
                .draft
                .get_mut(source)
                .is_some_and(|old| std::mem::replace(old, record.clone()) != record),
            None => {
                state.draft.add(record, 0);
                true
            }
        };
        state.is_dirty |= is_dirty;
        Ok(())
    }
}

fn now_ns() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
