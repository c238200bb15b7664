//! Takes the articles of one source from its reader to the engine.

use std::ops::ControlFlow;

use super::worker::Worker;
use crate::article::{Article, PartPath, Place};
use crate::engine::{ArticlePart, EngineError, SourceKey, SourceRecord};
use crate::format::ArticleSink;
use crate::source::{Encoding, ReadError, Reason};

/// Takes the articles of one source.
pub(super) struct SourceSink<'w> {
    worker: &'w Worker<'w>,
    source: SourceKey,
    articles: u64,
    read: ReadSource,
    bad_records: u64,
    first_bad_line: Option<u32>,
    failure: Option<EngineError>,
}

/// What was read of a source.
pub(super) struct ReadSource {
    /// What is known of it now.
    pub(super) record: SourceRecord,
    /// Why nothing was read.
    pub(super) error: Option<ReadError>,
    /// What there is to say of it where something was.
    pub(super) warning: Option<ReadError>,
}

impl<'w> SourceSink<'w> {
    /// `record` is what is known of the source before it is read.
    pub(super) fn new(
        worker: &'w Worker<'w>,
        source: SourceKey,
        record: SourceRecord,
    ) -> SourceSink<'w> {
        SourceSink {
            worker,
            source,
            articles: 0,
            read: ReadSource {
                record,
                error: None,
                warning: None,
            },
            bad_records: 0,
            first_bad_line: None,
            failure: None,
        }
    }

    /// What was read, `result` being how the reader ended. An error behind articles cuts the source short.
    pub(super) fn finish(
        mut self,
        result: Result<(), ReadError>,
    ) -> Result<ReadSource, EngineError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.read.record.has_bad_records = self.bad_records > 0;
        match (result, self.articles) {
            (Err(error), 0) => self.read.error = Some(error),
            (Ok(()), 0) => self.read.error = Some(ReadError::new(Reason::NoText)),
            // A message of attached files alone.
            (Err(error), _) if error.reason == Reason::NoText => self.read.record.passed_over += 1,
            (Err(error), _) => {
                self.read.record.is_truncated = true;
                self.read.warning = Some(ReadError {
                    reason: Reason::Truncated,
                    message: format!("the rest was not read: {}", error.message),
                });
            }
            (Ok(()), _) => {
                let at = self.first_bad_line;
                self.read.warning = at.filter(|_| self.bad_records > 0).map(|line| ReadError {
                    reason: Reason::BadRecord,
                    message: format!(
                        "{} records are not of their format and were passed over, the first in line {line}",
                        self.bad_records
                    ),
                });
            }
        }
        Ok(self.read)
    }

    fn take(&mut self, path: PartPath, is_inner: bool, article: Article) -> ControlFlow<()> {
        let sections = article.sections.len() as u32;
        let part = ArticlePart { path, is_inner };
        match self.worker.add_article(self.source, part, article) {
            Ok(()) => {
                self.articles += 1;
                self.read.record.sections += sections;
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl ArticleSink for SourceSink<'_> {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        self.take(part, false, article)
    }

    fn unpacked(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        self.take(part, true, article)
    }

    /// The reader's driver opens what lies inside; what reaches this is not opened.
    fn inner(&mut self, part: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        self.passed_over(part, Reason::UnknownFormat, None);
        ControlFlow::Continue(())
    }

    fn passed_over(&mut self, _: PartPath, reason: Reason, at: Option<Place>) {
        match reason {
            Reason::Truncated => self.read.record.is_truncated = true,
            _ => self.read.record.passed_over += 1,
        }
        if reason == Reason::BadRecord {
            self.bad_records += 1;
            self.first_bad_line = self.first_bad_line.or(at.map(|place| place.line));
        }
    }

    fn decoded(&mut self, encoding: Encoding, invalid_sequences: u32) {
        self.read.record.encoding = encoding;
        let invalid = &mut self.read.record.invalid_sequences;
        *invalid = invalid.saturating_add(invalid_sequences);
    }
}
