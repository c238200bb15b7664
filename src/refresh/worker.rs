//! Does the work of a refresh: files are read on all cores, their sections handed to the engine, and one commit made.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::jobs::{Job, Removed, keyed_jobs};
use super::known::KnownSource;
use super::policy::Manner;
use super::progressed::Progressed;
use super::report::ChangeInCounts;
use super::scan::{Changes, ToRead};
use super::unchanged::{is_as_known, report_unchanged};
use super::{IndexError, IndexReport, Progress, RefreshRequest, Settings};
use crate::engine::{
    EngineError, Origin, Outcome, SectionWriter, Snapshot, SourceRecord, WriterOptions,
};
use crate::source::trust::Reach;
use crate::source::{ReadError, StoredPath};

/// The bytes of the files that one thread reads one after the other: about what engines are handed at once.
const RUN_BYTES: u64 = 256 << 10;
/// So many runs each thread has at least, where there are so many files.
const RUNS_A_THREAD: u64 = 16;

/// What is brought up to date.
pub(super) struct RefreshTarget<'a> {
    pub(super) snapshot: &'a dyn Snapshot,
    /// The folder that paths are relative to.
    pub(super) base: &'a Path,
    pub(crate) settings: &'a Settings,
    /// Whether the settings are others than those of the index.
    pub(super) is_changed: bool,
    pub(super) manner: &'a Manner<'a>,
}

/// Applies `changes` to the index and reports.
pub(super) fn apply(
    target: &RefreshTarget<'_>,
    changes: Changes,
    request: &RefreshRequest,
    progress: &dyn Progress,
) -> Result<IndexReport, IndexError> {
    let snapshot = target.snapshot;
    if !target.is_changed && request.texts.is_empty() && is_as_known(snapshot, &changes)? {
        return Ok(report_unchanged(snapshot, changes)?);
    }
    let mut report = IndexReport {
        unchanged: changes.unchanged,
        kept: changes.kept,
        missing: changes.missing,
        ..IndexReport::default()
    };
    let volume: u64 = changes
        .to_read
        .iter()
        .map(|file| file.entry.stat.size)
        .sum();
    let of_texts = request.texts.iter().map(|(_, bytes)| bytes.len() as u64);
    let volume_texts: u64 = of_texts.sum();
    let state = Progressed {
        removed: Removed::of(changes.removed),
        ..Progressed::default()
    };
    let is_streamed = changes
        .to_read
        .iter()
        .any(|file| is_streamed(target.manner, file));
    let kind = (volume + volume_texts, is_streamed);
    let worker = Worker::new(target, request, state, kind);
    let jobs = keyed_jobs(changes.to_read, || worker.writer())?;
    // Reading them all is for nothing where that cannot be noted, and somebody waits for an answer, which is held
    // against the files anyway.
    if !request.exact && !jobs.is_empty() && jobs.iter().all(|job| job.file.is_alike) {
        worker.writer()?;
    }
    progress.start(jobs.len() as u64, volume);
    worker.run(jobs, progress);
    progress.finish();
    if worker.is_cancelled.load(Ordering::Relaxed) {
        return Err(IndexError::Cancelled);
    }
    for (path, bytes) in &request.texts {
        worker.read_text(path, bytes)?;
    }
    worker.finish(changes.unread, &mut report)
}

/// What the threads of a refresh share.
pub(super) struct Worker<'a> {
    pub(super) target: &'a RefreshTarget<'a>,
    options: WriterOptions,
    /// Opened with the first change, so that a look that finds none locks nothing.
    writer: OnceLock<Box<dyn SectionWriter>>,
    failed: AtomicBool,
    is_cancelled: AtomicBool,
    state: Mutex<Progressed>,
    pub(super) now_ns: i64,
    pub(super) reach: Option<&'a Reach>,
}

impl<'a> Worker<'a> {
    /// A worker for about so many bytes of text, some of them read as streams or none.
    pub(super) fn new(
        target: &'a RefreshTarget<'a>,
        request: &'a RefreshRequest,
        state: Progressed,
        (volume_bytes, is_streamed): (u64, bool),
    ) -> Worker<'a> {
        Worker {
            target,
            options: WriterOptions {
                volume_bytes,
                is_streamed,
                threads: request.threads,
                wait: request.wait.clone(),
                is_brief: request.is_brief,
            },
            writer: OnceLock::new(),
            failed: AtomicBool::new(false),
            is_cancelled: AtomicBool::new(false),
            state: Mutex::new(state),
            now_ns: now_ns(),
            reach: request.reach.as_ref(),
        }
    }
}

impl Worker<'_> {
    pub(super) fn state(&self) -> MutexGuard<'_, Progressed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer. Only one thread opens it; the others wait.
    pub(super) fn writer(&self) -> Result<&dyn SectionWriter, EngineError> {
        if let Some(writer) = self.writer.get() {
            return Ok(writer.as_ref());
        }
        let _guard = self.state();
        if self.writer.get().is_none() {
            let opened = self.target.snapshot.write(&self.options)?;
            let _ = self.writer.set(opened);
        }
        self.writer
            .get()
            .map(AsRef::as_ref)
            .ok_or(EngineError::Outdated)
    }

    /// Reads the files. What is known of each goes with it, so that no list of a million files stays until the end.
    fn run(&self, jobs: Vec<Job>, progress: &dyn Progress) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.options.threads.unwrap_or(cores).max(1);
        let threads = threads.min(jobs.len());
        let (sender, receiver) = crossbeam_channel::unbounded::<Vec<Job>>();
        for together in runs_of_jobs(jobs, threads) {
            let _ = sender.send(together);
        }
        drop(sender);
        let work = || {
            for job in receiver.iter().flatten() {
                if self.failed.load(Ordering::Relaxed) {
                    return;
                }
                if progress.is_cancelled() {
                    self.is_cancelled.store(true, Ordering::Relaxed);
                    return;
                }
                self.keep_failure(self.read_job(&job));
                let entry = &job.file.entry;
                progress.advance(&entry.path, entry.stat.size);
            }
        };
        std::thread::scope(|scope| {
            let start = |_: &usize| {
                std::thread::Builder::new()
                    .spawn_scoped(scope, work)
                    .is_ok()
            };
            // Where the system allows no more threads, those that are there do all the work.
            if (0..threads).take_while(start).count() == 0 {
                work();
            }
        });
    }

    pub(super) fn keep_failure(&self, result: Result<(), EngineError>) {
        if let Err(error) = result {
            self.failed.store(true, Ordering::Relaxed);
            self.state().failure.get_or_insert(error);
        }
    }

    /// Takes out what is gone, notes what was not read, commits where anything changed, and counts.
    pub(super) fn finish(
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
        }
        let is_dirty = self.state().is_dirty || !gone.is_empty();
        if is_dirty || self.target.is_changed {
            self.writer()?;
        }
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        report.added = state.added;
        report.changed = state.changed;
        report.renamed = state.renamed;
        report.unchanged += state.unchanged;
        report.bytes_read = state.bytes_read;
        report.removed = (gone.len() as u64).saturating_sub(state.reread.len() as u64);
        let change = ChangeInCounts {
            sources: &state.change.sources,
            articles: &state.articles,
            gone: gone.into_iter().collect(),
            errors: &state.errors,
        };
        let named = report.count(self.target.snapshot, &change)?;
        if let Some(writer) = self.writer.into_inner()
            && (is_dirty || self.target.is_changed)
        {
            let settings = Settings {
                named,
                ..self.target.settings.clone()
            };
            state.change.settings = settings.to_text();
            writer.commit(state.change)?;
            report.committed = true;
        }
        Ok(std::mem::take(report))
    }

    /// Notes a source that is there and is not read; one that was read before loses its sections.
    fn note_unread(
        &self,
        path: StoredPath,
        error: ReadError,
        origin: Origin,
    ) -> Result<(), EngineError> {
        let known = self.target.snapshot.source_at(&path)?.map(KnownSource::of);
        let source = match &known {
            Some(known) => known.key,
            None => self.writer()?.begin(&path, origin)?,
        };
        self.drop_articles(source, known.as_ref())?;
        let record = SourceRecord {
            outcome: Outcome::Unread(error.reason),
            ..SourceRecord::blank(path.clone(), origin)
        };
        let mut state = self.state();
        state.errors.insert(path, error);
        state.set(source, record, known.as_ref().map(|known| &known.record));
        Ok(())
    }
}

/// Cuts jobs into runs, each of which one thread reads: files that follow each other are alike, and their sections are to
/// follow each other in the index too. So that no thread is left with the last run alone, they are shorter where there is
/// less to read.
fn runs_of_jobs(jobs: Vec<Job>, threads: usize) -> impl Iterator<Item = Vec<Job>> {
    let size = |job: &Job| job.file.entry.stat.size;
    let volume: u64 = jobs.iter().map(size).sum();
    let most = (volume / (RUNS_A_THREAD * threads.max(1) as u64)).min(RUN_BYTES);
    let mut jobs = jobs.into_iter();
    std::iter::from_fn(move || {
        let mut run = vec![jobs.next()?];
        let mut bytes: u64 = run.iter().map(size).sum();
        while bytes < most
            && let Some(job) = jobs.next()
        {
            bytes += size(&job);
            run.push(job);
        }
        Some(run)
    })
}

/// Whether a file is read as a stream, since it may hold many articles.
fn is_streamed(manner: &Manner<'_>, file: &ToRead) -> bool {
    let format = manner.format_of(&file.entry.path, file.origin);
    format.is_some_and(|format| !format.is_text())
}

fn now_ns() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SourceKey;
    use crate::source::{FileEntry, StatKey};

    fn job((number, size): (usize, u64)) -> Job {
        let stat = StatKey {
            size,
            ..StatKey::default()
        };
        let file = ToRead {
            entry: FileEntry {
                path: StoredPath::from_bytes(b"a"),
                stat,
                is_linked: false,
            },
            origin: Origin::Walked,
            known: None,
            is_alike: false,
        };
        Job {
            file,
            source: SourceKey(number as u32),
        }
    }

    fn runs(sizes: &[u64], threads: usize) -> Vec<Vec<u32>> {
        let jobs = sizes.iter().copied().enumerate().map(job).collect();
        let numbers = |run: Vec<Job>| run.iter().map(|job| job.source.0).collect();
        runs_of_jobs(jobs, threads).map(numbers).collect()
    }

    #[test]
    fn files_that_follow_each_other_are_read_by_one_thread_where_there_are_many() {
        assert_eq!(runs(&[], 0), Vec::<Vec<u32>>::new());
        assert_eq!(runs(&[0, 0], 2), [[0], [1]]);
        assert_eq!(runs(&[5, 5, 5], 2), [[0], [1], [2]]);
        let many = runs(&[1 << 10; 4_000], 2);
        assert_eq!(many.iter().map(Vec::len).max(), Some(125));
        assert_eq!(many.concat(), (0..4_000).collect::<Vec<u32>>());
        let most = (RUN_BYTES >> 10) as usize;
        assert_eq!(runs(&[1 << 10; 40_000], 2)[0].len(), most);
    }
}
