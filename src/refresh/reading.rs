//! Reads sources: what is new of them goes to the engine.

use super::jobs::{Job, content_key, keyed_jobs};
use super::known::KnownSource;
use super::scan::ToRead;
use super::source_sink::{ReadSource, SourceSink};
use super::worker::Worker;
use crate::article::{Article, PartPath};
use crate::engine::{ArticlePart, EngineError, Origin, Outcome, SourceKey, SourceRecord};
use crate::format::{Format, InputBytes, ReadOptions, read_articles};
use crate::source::{FileEntry, ReadError, Reason, ReasonKind, StatKey, StoredPath, content_hash};

/// The format that a source is read in, and how.
pub(super) type ReadAs<'a> = Option<(&'static Format, &'a ReadOptions)>;

/// What is read: its content, and what the file system says of it.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) stat: StatKey,
    pub(super) hash: u128,
    pub(super) bytes: InputBytes<'a>,
}

/// What reading a content came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentRead {
    /// The source was known so already.
    Known,
    /// What was read of it is noted, or why nothing was.
    Noted,
}

impl Worker<'_> {
    pub(super) fn read_bytes(
        &self,
        job: &Job,
        stat: StatKey,
        manner: ReadAs<'_>,
        bytes: Vec<u8>,
    ) -> Result<(), EngineError> {
        self.state().bytes_read += bytes.len() as u64;
        let content = Content {
            stat,
            hash: content_hash(&bytes),
            bytes: InputBytes::Held(&bytes),
        };
        let Some((format, options)) = manner.filter(|(format, _)| format.is_text()) else {
            return self.read_content(job, manner, content).map(|_| ());
        };
        let record = self.record(job, &content, Some(format));
        if self.is_known(job, &record)? {
            return Ok(());
        }
        // Read before anything is taken out, and not as an input that would be copied.
        match format.read_bytes(bytes, options) {
            Ok(read) => {
                self.drop_articles(job.source, job.file.known.as_deref())?;
                let mut sink = SourceSink::new(self, job.source, record);
                let _ = read.put(PartPath::default(), &mut sink);
                self.set_read(job, sink.finish(Ok(()))?)
            }
            Err(error) => self.set_unread(job, record.hash, error),
        }
    }

    /// Reads the articles of a source into the engine.
    pub(super) fn read_content(
        &self,
        job: &Job,
        manner: ReadAs<'_>,
        content: Content<'_>,
    ) -> Result<ContentRead, EngineError> {
        let record = self.record(job, &content, manner.map(|(format, _)| format));
        if self.is_known(job, &record)? {
            return Ok(ContentRead::Known);
        }
        let Some((format, options)) = manner else {
            let error = ReadError::new(Reason::UnknownFormat);
            self.set_unread(job, record.hash, error)?;
            return Ok(ContentRead::Noted);
        };
        self.drop_articles(job.source, job.file.known.as_deref())?;
        let path = &job.file.entry.path;
        let mut sink = SourceSink::new(self, job.source, record);
        let result = read_articles(format, path, content.bytes, options, &mut sink);
        self.set_read(job, sink.finish(result)?)?;
        Ok(ContentRead::Noted)
    }

    /// What is known of a content before it is read.
    fn record(&self, job: &Job, content: &Content<'_>, format: Option<&Format>) -> SourceRecord {
        SourceRecord {
            stat: content.stat.trusted(self.now_ns),
            hash: content.hash,
            outcome: Outcome::Indexed,
            format: format.map_or(0, |format| format.code),
            reader: format.map_or(0, |format| format.version),
            reading: self.reading(job),
            ..SourceRecord::blank(job.file.entry.path.clone(), job.file.origin)
        }
    }

    /// Notes what was read of a source, or why nothing was.
    fn set_read(&self, job: &Job, read: ReadSource) -> Result<(), EngineError> {
        if let Some(error) = read.error {
            return self.set_unread(job, read.record.hash, error);
        }
        let path = &job.file.entry.path;
        match read.warning {
            Some(warning) => self.state().errors.insert(path.clone(), warning),
            None => self.state().errors.remove(path),
        };
        self.set_record(job, read.record);
        Ok(())
    }

    /// Whether a source is known as it is, or was moved here.
    fn is_known(&self, job: &Job, now: &SourceRecord) -> Result<bool, EngineError> {
        match &job.file.known {
            None => self.is_moved(job, now),
            Some(known) => Ok(self.is_same(known, now)),
        }
    }

    /// Whether only what the file system says of the file changed; it is noted then.
    fn is_same(&self, known: &KnownSource, now: &SourceRecord) -> bool {
        let mut state = self.state();
        // What this run read of it may have changed again.
        let changed = state.change.sources.get(&known.key);
        let last = changed.map_or(&known.record, AsRef::as_ref);
        let has_failed =
            matches!(last.outcome, Outcome::Unread(reason) if reason.kind() == ReasonKind::Failed);
        let key = |of: &SourceRecord| (content_key(of), of.reader);
        if has_failed || key(last) != key(now) {
            return false;
        }
        let stat = now.stat;
        let record = SourceRecord {
            stat,
            ..last.clone()
        };
        state.set(known.key, record, Some(&known.record));
        state.unchanged += 1;
        true
    }

    /// Whether a file that is gone had this content: then this is it, under a new name.
    fn is_moved(&self, job: &Job, now: &SourceRecord) -> Result<bool, EngineError> {
        let mut state = self.state();
        let Some(old) = state.removed.take(now) else {
            return Ok(false);
        };
        let is_named_so = old.record.path.stem() == now.path.stem();
        if !is_named_so || !self.target.snapshot.moves_sources() {
            // Its first section is found by its name, or all by its path, and so has to be indexed again.
            state.reread.insert(job.source);
            return Ok(false);
        }
        state.removed.all.retain(|&source| source != old.key);
        let moved = SourceRecord {
            path: now.path.clone(),
            stat: now.stat,
            origin: now.origin,
            ..old.record.clone()
        };
        state.set(old.key, moved, Some(&old.record));
        state.renamed += 1;
        state.is_dirty = true;
        drop(state);
        self.writer()?.remove(job.source)?;
        Ok(true)
    }

    /// Adds an article of a source.
    pub(super) fn add_article(
        &self,
        source: SourceKey,
        part: ArticlePart,
        article: Article,
    ) -> Result<(), EngineError> {
        self.writer()?.add(source, part, article)?;
        let mut state = self.state();
        *state.articles.entry(source).or_default() += 1;
        state.is_dirty = true;
        Ok(())
    }

    /// Takes out what the index holds of a source, and what was read of it before it changed again.
    pub(super) fn drop_articles(
        &self,
        source: SourceKey,
        known: Option<&KnownSource>,
    ) -> Result<(), EngineError> {
        let known = known.map_or(0, |known| known.articles);
        let count = self.state().articles.get(&source).copied();
        if count.unwrap_or(known) > 0 {
            self.writer()?.withdraw(source)?;
            let mut state = self.state();
            state.articles.insert(source, 0);
            state.is_dirty = true;
        }
        Ok(())
    }

    pub(super) fn set_unread(
        &self,
        job: &Job,
        hash: u128,
        error: ReadError,
    ) -> Result<(), EngineError> {
        self.drop_articles(job.source, job.file.known.as_deref())?;
        let is_failure = error.reason.kind() == ReasonKind::Failed;
        let file = &job.file;
        let format = self.target.manner.format(&file.entry.path, file.origin);
        let stat = job.file.entry.stat.trusted(self.now_ns);
        let record = SourceRecord {
            // What failed is tried again with every look.
            stat: if is_failure { stat.untrusted() } else { stat },
            hash,
            outcome: Outcome::Unread(error.reason),
            format: format.as_ref().map_or(0, |(format, _)| format.code),
            reader: format.as_ref().map_or(0, |(format, _)| format.version),
            reading: self.reading(job),
            ..SourceRecord::blank(job.file.entry.path.clone(), job.file.origin)
        };
        self.state()
            .errors
            .insert(job.file.entry.path.clone(), error);
        self.set_record(job, record);
        Ok(())
    }

    fn set_record(&self, job: &Job, record: SourceRecord) {
        let mut state = self.state();
        let is_indexed = record.is_indexed();
        let known = job.file.known.as_ref().map(|known| &known.record);
        state.set(job.source, record, known);
        match state.reread.contains(&job.source) {
            true => state.renamed += u64::from(is_indexed),
            false => state.added += u64::from(is_indexed && job.is_new()),
        }
        state.changed += u64::from(is_indexed && !job.is_new());
    }

    /// Takes back that a source was counted, which is read once more.
    pub(super) fn uncount(&self, job: &Job) {
        let mut state = self.state();
        let record = state.change.sources.get(&job.source);
        let counted = u64::from(record.is_some_and(|record| record.is_indexed()));
        match job.is_new() {
            _ if state.reread.contains(&job.source) => state.renamed -= counted,
            true => state.added = state.added.saturating_sub(counted),
            false => state.changed = state.changed.saturating_sub(counted),
        }
    }

    /// The fingerprint of how the file is to be read.
    fn reading(&self, job: &Job) -> u64 {
        self.target.manner.fingerprint(&job.file.entry.path)
    }

    /// Reads a text that has no file.
    pub(super) fn read_text(&self, path: &StoredPath, bytes: &[u8]) -> Result<(), EngineError> {
        let entry = FileEntry {
            path: path.clone(),
            stat: StatKey {
                size: bytes.len() as u64,
                ..StatKey::default()
            },
            is_linked: false,
        };
        let stat = entry.stat;
        let known = self.target.snapshot.source_at(path)?;
        let known = known.map(KnownSource::of).map(Box::new);
        let file = ToRead {
            entry,
            origin: Origin::Stdin,
            known,
            is_alike: false,
        };
        let manner = self.target.manner.format(path, Origin::Stdin);
        let manner = manner.as_ref().map(|(format, options)| (*format, options));
        for job in keyed_jobs(vec![file], || self.writer())? {
            self.read_bytes(&job, stat, manner, bytes.to_vec())?;
        }
        Ok(())
    }
}
