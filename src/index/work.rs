//! Does the work: reads and cuts files on all cores, hands their sections to the engine, and commits once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use twox_hash::XxHash3_128;

use super::changes::{Changes, ToRead};
use super::jobs::{Job, Removed, blank_record, number_jobs, removed_by_hash};
use super::read::{ReadArticle, read_article};
use super::rules::Manner;
use super::{IndexError, IndexReport, Progress, RefreshRequest, Settings};
use crate::engine::{
    CatalogDraft, Engine, EngineError, Origin, Outcome, Record, SectionWriter, WriterOptions,
};
use crate::format::{Format, detect};
use crate::source::{FileEntry, ReadError, Reason, StoredPath, read_file};

/// A file that changed so shortly before it was read may change again within the same time stamp.
const FRESH_NS: i64 = 2_000_000_000;

/// What is brought up to date.
pub(super) struct Target<'a> {
    pub(super) engine: &'a dyn Engine,
    /// The folder that paths are relative to.
    pub(super) base: &'a Path,
    pub(super) settings: &'a Settings,
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
        ..IndexReport::default()
    };
    let volume = changes.to_read.iter().map(|file| file.entry.size).sum();
    let volume_texts: u64 = request
        .texts
        .iter()
        .map(|(_, bytes)| bytes.len() as u64)
        .sum();
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
            wait: request.wait,
            is_brief: request.is_brief,
        },
        writer: OnceLock::new(),
        failed: AtomicBool::new(false),
        state: Mutex::new(state),
        now_ns: now_ns(),
    };
    progress.start(jobs.len() as u64, volume);
    worker.run(&jobs, progress);
    progress.finish();
    for (path, bytes) in &request.texts {
        worker.read_text(path, bytes);
    }
    worker.finish(changes.unread, &mut report)
}

/// Whether there is nothing to do.
fn is_as_known(engine: &dyn Engine, changes: &Changes) -> bool {
    let catalog = engine.catalog();
    let is_noted = |(path, error, _): &(StoredPath, ReadError, Origin)| {
        let known = catalog
            .find(path)
            .and_then(|source| catalog.outcome(source));
        known == Some((Outcome::Unread(error.reason), 0))
    };
    changes.to_read.is_empty() && changes.removed.is_empty() && changes.unread.iter().all(is_noted)
}

/// The report where there was nothing to do.
fn report_unchanged(engine: &dyn Engine, changes: Changes) -> IndexReport {
    let mut report = IndexReport::of(engine.catalog());
    let errors: BTreeMap<_, _> = changes
        .unread
        .into_iter()
        .map(|(path, error, _)| (path, error))
        .collect();
    for unread in &mut report.unread {
        if let Some(error) = errors.get(&unread.path) {
            unread.error = error.clone();
        }
    }
    report
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
                progress.advance(job.file.entry.size);
            }
        };
        std::thread::scope(|scope| {
            let start = |_: &usize| {
                std::thread::Builder::new()
                    .spawn_scoped(scope, &work)
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
        match read_file(&path, self.target.manner.max_file_bytes()) {
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
            Ok(Ok(bytes)) => self.read_bytes(job, detect(&path), bytes),
        }
    }

    fn read_bytes(
        &self,
        job: &Job,
        format: Option<&'static Format>,
        bytes: Vec<u8>,
    ) -> Result<(), EngineError> {
        let hash = XxHash3_128::oneshot(&bytes);
        let format_code = format.map_or(0, Format::code);
        self.state().bytes_read += bytes.len() as u64;
        if self.is_same(job, hash, format_code)
            || (job.is_new && self.is_moved(job, hash, format_code))
        {
            return Ok(());
        }
        let Some(format) = format else {
            return self.set_unread(job, hash, ReadError::new(Reason::UnknownFormat));
        };
        let options = self.target.manner.options(&job.file.entry.path);
        match read_article(format, bytes, &options) {
            Ok(read) => self.set_article(job, hash, format_code, read),
            Err(error) => self.set_unread(job, hash, error),
        }
    }

    /// Whether only the time of the file changed; it is noted then.
    fn is_same(&self, job: &Job, hash: u128, format: u8) -> bool {
        let modified_ns = self.trusted_time(&job.file.entry);
        let mut state = self.state();
        let Some(record) = state.draft.get_mut(job.source).filter(|_| !job.is_new) else {
            return false;
        };
        let was_read = !matches!(record.outcome, Outcome::Unread(reason) if reason.kind() == crate::source::ReasonKind::Failed);
        let is_read_so = record.reading == self.reading(job);
        if record.hash != hash || record.format != format || !was_read || !is_read_so {
            return false;
        }
        let is_dirty = record.modified_ns != modified_ns || record.size != job.file.entry.size;
        record.modified_ns = modified_ns;
        record.size = job.file.entry.size;
        state.is_dirty |= is_dirty;
        state.unchanged += 1;
        true
    }

    /// Whether a file that is gone had this content: then this is it, under a new name.
    fn is_moved(&self, job: &Job, hash: u128, format: u8) -> bool {
        let reading = self.reading(job);
        let modified_ns = self.trusted_time(&job.file.entry);
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
            record.modified_ns = modified_ns;
            record.origin = job.file.origin;
        }
        state.renamed += 1;
        state.is_dirty = true;
        true
    }

    fn set_article(
        &self,
        job: &Job,
        hash: u128,
        format: u8,
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
            size: job.file.entry.size,
            modified_ns: self.trusted_time(&job.file.entry),
            hash,
            outcome: Outcome::Indexed,
            format,
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
        let is_failure = error.reason.kind() == crate::source::ReasonKind::Failed;
        let format = detect(&job.file.entry.path.below(self.target.base)).map_or(0, Format::code);
        let record = Record {
            size: job.file.entry.size,
            // What failed is tried again with every look.
            modified_ns: if is_failure {
                0
            } else {
                self.trusted_time(&job.file.entry)
            },
            hash,
            outcome: Outcome::Unread(error.reason),
            format,
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

    /// The file's time, or 0 where it may change again within it.
    fn trusted_time(&self, entry: &FileEntry) -> i64 {
        if entry.modified_ns > self.now_ns - FRESH_NS {
            0
        } else {
            entry.modified_ns
        }
    }

    /// Reads a text that has no file.
    fn read_text(&self, path: &StoredPath, bytes: &[u8]) {
        let entry = FileEntry {
            path: path.clone(),
            size: bytes.len() as u64,
            modified_ns: 0,
        };
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
        };
        let job = Job {
            file,
            source,
            is_new: known.is_none(),
        };
        self.keep_failure(self.read_bytes(
            &job,
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
