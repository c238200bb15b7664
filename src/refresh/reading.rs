//! Reads sources: what is new of them goes to the engine and the catalog.

use std::path::Path;

use twox_hash::XxHash3_128;

use super::jobs::Job;
use super::read::{ReadArticle, links_of, read_article};
use super::scan::ToRead;
use super::worker::Worker;
use crate::article::{Article, PartPath};
use crate::catalog::{ArticleRecord, Origin, Outcome, SourceRecord};
use crate::engine::EngineError;
use crate::format::{Format, detect};
use crate::source::{FileEntry, ReadError, Reason, ReasonKind, StatKey, StoredPath, read_file};

impl Worker<'_> {
    pub(super) fn read_job(&self, job: &Job) -> Result<(), EngineError> {
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
            Ok(read) => self.set_articles(job, (stat, hash), reader, read),
            Err(error) => self.set_unread(job, hash, error),
        }
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
        let sections = self.add_article(job.source, PartPath::default(), read.article)?;
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

    /// Takes out what the index holds of a source that is read.
    fn begin(&self, job: &Job) -> Result<(), EngineError> {
        if !job.is_new {
            self.writer()?.remove(job.source)?;
        }
        let mut state = self.state();
        state.draft.withdraw(job.source);
        state.is_dirty = true;
        Ok(())
    }

    /// Adds an article of a source, and returns its sections.
    fn add_article(
        &self,
        source: u32,
        part: PartPath,
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
            is_inner: false,
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

    fn set_unread(&self, job: &Job, hash: u128, error: ReadError) -> Result<(), EngineError> {
        self.drop_sections(job.source)?;
        let is_failure = error.reason.kind() == ReasonKind::Failed;
        let format = detect(&job.file.entry.path.below(self.target.base));
        let stat = job.file.entry.stat.trusted(self.now_ns);
        let record = SourceRecord {
            // What failed is tried again with every look.
            stat: if is_failure { stat.untrusted() } else { stat },
            hash,
            outcome: Outcome::Unread(error.reason),
            format: format.map_or(0, |format| format.code),
            reader: format.map_or(0, |format| format.version),
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
        self.keep_failure(self.read_bytes(
            &job,
            stat,
            detect(&path.below(self.target.base)),
            bytes.to_vec(),
        ));
    }
}
