//! Reads sources: what is new of them goes to the engine and the catalog.

use super::jobs::Job;
use super::read::{ReadArticle, read_article};
use super::scan::ToRead;
use super::source_sink::SourceSink;
use super::worker::Worker;
use crate::article::{Article, PartPath};
use crate::catalog::{ArticleRecord, Origin, Outcome, SourceRecord};
use crate::engine::EngineError;
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
        let reader = (format.code, format.version);
        let (stat, hash) = (stat.trusted(self.now_ns), content.hash);
        if self.is_known(job, stat, hash, reader) {
            return Ok(());
        }
        match read_article(format, bytes, options) {
            Ok(read) => self.set_articles(job, (stat, hash), reader, read),
            Err(error) => self.set_unread(job, hash, error),
        }
    }

    /// Reads the articles of a source into the engine and the catalog.
    pub(super) fn read_content(
        &self,
        job: &Job,
        manner: ReadAs<'_>,
        content: Content<'_>,
    ) -> Result<ContentRead, EngineError> {
        let Content { stat, hash, bytes } = content;
        let reader = manner.map_or((0, 0), |(format, _)| (format.code, format.version));
        let stat = stat.trusted(self.now_ns);
        if self.is_known(job, stat, hash, reader) {
            return Ok(ContentRead::Known);
        }
        let Some((format, options)) = manner else {
            self.set_unread(job, hash, ReadError::new(Reason::UnknownFormat))?;
            return Ok(ContentRead::Noted);
        };
        self.begin(job)?;
        let path = &job.file.entry.path;
        let mut sink = SourceSink::new(self, job.source);
        let result = read_articles(format, path, bytes, options, &mut sink);
        let mut read = sink.finish(result)?;
        if let Some(error) = read.error.take() {
            self.set_unread(job, hash, error)?;
            return Ok(ContentRead::Noted);
        }
        let mut state = self.state();
        if let Some(warning) = read.warning {
            state.errors.insert(path.clone(), warning);
        }
        drop(state);
        let record = SourceRecord {
            stat,
            hash,
            outcome: Outcome::Indexed,
            format: reader.0,
            reader: reader.1,
            reading: self.reading(job),
            encoding: read.encoding,
            invalid_sequences: read.invalid_sequences,
            sections: read.sections,
            passed_over: read.passed_over,
            is_truncated: read.is_truncated,
            has_bad_records: read.has_bad_records,
            ..SourceRecord::blank(path.clone(), job.file.origin)
        };
        self.set_record(job, record);
        Ok(ContentRead::Noted)
    }

    /// Whether a source is known as it is, or was moved here.
    fn is_known(&self, job: &Job, stat: StatKey, hash: u128, reader: (u8, u16)) -> bool {
        self.is_same(job, stat, hash, reader)
            || (job.is_new && self.is_moved(job, stat, hash, reader.0))
    }

    /// Whether only what the file system says of the file changed; it is noted then.
    fn is_same(&self, job: &Job, stat: StatKey, hash: u128, reader: (u8, u16)) -> bool {
        let mut state = self.state();
        let known = state.draft.source(job.source).filter(|_| !job.is_new);
        let Some(record) = known else {
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
        state.set(job.source, SourceRecord { stat, ..record });
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
        if let Some(record) = state.draft.source(old) {
            let moved = SourceRecord {
                path: job.file.entry.path.clone(),
                stat,
                origin: job.file.origin,
                ..record
            };
            state.set(old, moved);
        }
        state.renamed += 1;
        state.is_dirty = true;
        true
    }

    /// Adds the articles of a source, in the place of those that it had.
    fn set_articles(
        &self,
        job: &Job,
        (stat, hash): (StatKey, u128),
        (format, reader): (u8, u16),
        read: ReadArticle,
    ) -> Result<(), EngineError> {
        self.begin(job)?;
        let part = (PartPath::default(), false);
        let sections = self.add_article(job.source, part, read.article)?;
        let record = SourceRecord {
            stat,
            hash,
            outcome: Outcome::Indexed,
            format,
            reader,
            reading: self.reading(job),
            encoding: read.encoding,
            invalid_sequences: read.invalid,
            sections,
            ..SourceRecord::blank(job.file.entry.path.clone(), job.file.origin)
        };
        self.set_record(job, record);
        Ok(())
    }

    /// Takes out what the index holds of a source that is read, and what was read of it before it changed again.
    fn begin(&self, job: &Job) -> Result<(), EngineError> {
        let is_held = !job.is_new || self.state().draft.count_articles(job.source) > 0;
        if is_held {
            self.writer()?.remove(job.source)?;
        }
        let mut state = self.state();
        state.errors.remove(&job.file.entry.path);
        state.draft.withdraw(job.source);
        state.is_dirty = true;
        Ok(())
    }

    /// Adds an article of a source, and returns its sections; `is_inner` says whether its places are not the source's.
    pub(super) fn add_article(
        &self,
        source: u32,
        (part, is_inner): (PartPath, bool),
        article: Article,
    ) -> Result<u32, EngineError> {
        let metadata = article.metadata.clone();
        let sections = article.sections.len() as u32;
        let number = self.state().draft.reserve_article();
        let words = self.writer()?.add(source, number, article)?;
        let record = ArticleRecord {
            source,
            order: 0,
            part,
            is_inner,
            sections,
            words,
            metadata,
        };
        self.state().draft.put_article(number, record);
        Ok(sections)
    }

    /// Takes out the sections of a source that is not read any more.
    pub(super) fn drop_sections(&self, source: u32) -> Result<(), EngineError> {
        let record = self.state().draft.source(source);
        if record.is_some_and(|record| record.sections > 0) {
            self.writer()?.remove(source)?;
            self.state().draft.withdraw(source);
        }
        Ok(())
    }

    pub(super) fn set_unread(
        &self,
        job: &Job,
        hash: u128,
        error: ReadError,
    ) -> Result<(), EngineError> {
        self.drop_sections(job.source)?;
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
        let is_indexed = record.outcome == Outcome::Indexed;
        state.set(job.source, record);
        state.added += u64::from(is_indexed && job.is_new);
        state.changed += u64::from(is_indexed && !job.is_new);
    }

    /// Takes back that a source was counted, which is read once more.
    pub(super) fn uncount(&self, job: &Job) {
        let mut state = self.state();
        let record = state.draft.source(job.source);
        let counted = u64::from(record.is_some_and(|record| record.outcome == Outcome::Indexed));
        match job.is_new {
            true => state.added = state.added.saturating_sub(counted),
            false => state.changed = state.changed.saturating_sub(counted),
        }
    }

    /// The fingerprint of how the file is to be read.
    fn reading(&self, job: &Job) -> u64 {
        self.target.manner.fingerprint(&job.file.entry.path)
    }

    /// Reads a text that has no file.
    pub(super) fn read_text(&self, path: &StoredPath, bytes: &[u8]) {
        let entry = FileEntry {
            path: path.clone(),
            stat: StatKey {
                size: bytes.len() as u64,
                ..StatKey::default()
            },
            is_linked: false,
        };
        let stat = entry.stat;
        let known = self.target.snapshot.catalog().find(path);
        let source = known.unwrap_or_else(|| {
            self.state()
                .draft
                .add(SourceRecord::blank(path.clone(), Origin::Stdin), 0)
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
        let manner = self.target.manner.format(path, Origin::Stdin);
        let manner = manner.as_ref().map(|(format, options)| (*format, options));
        self.keep_failure(self.read_bytes(&job, stat, manner, bytes.to_vec()));
    }
}
