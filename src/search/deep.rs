//! Holds an index against its sources: every article is read again, and compared with what is stored of it.

use std::ops::ControlFlow;

use super::{Error, Index};
use crate::article::{Article, PartPath, Place};
use crate::engine::{
    Depth, EngineError, Origin, Record, SectionKey, Snapshot, SourceFilter, SourceKey,
    SourceRecord, Verification,
};
use crate::format::ArticleSink;
use crate::refresh::read_again;
use crate::source::Reason;

/// How many faults are named; the rest is counted.
const MAX_FAULTS: usize = 20;

impl Index {
    /// As [`Index::verify`], and reads all sources again whose content is that which was indexed: each section has to be
    /// as it is stored.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn verify_sources(&self) -> Result<Verification, Error> {
        let mut found = self.engine.verify(Depth::Full)?;
        if !found.faults.is_empty() {
            return Ok(found);
        }
        let mut compared = 0;
        let own = self.snapshot.own();
        let own = own.as_deref().unwrap_or(self.snapshot.as_ref());
        for row in own.sources(SourceFilter::INDEXED)? {
            let row = row?;
            let (source, record) = (row.key, row.into_record());
            let path = record.path.below(&self.location.base);
            let may_read = record.origin != Origin::Stdin && self.standing.reach.allows(&path);
            match may_read
                .then(|| self.compare(own, source, &record))
                .transpose()?
            {
                Some(Compared::Alike) => compared += 1,
                Some(Compared::Otherwise(fault)) => {
                    found.faults.push(format!("`{}`: {fault}", record.path));
                }
                Some(Compared::Not) | None => found.not_compared += 1,
            }
        }
        found.compared = Some(compared);
        found.faults.truncate(MAX_FAULTS);
        Ok(found)
    }

    /// Reads a source again, and compares it with what is stored of it.
    fn compare(
        &self,
        snapshot: &dyn Snapshot,
        source: SourceKey,
        record: &SourceRecord,
    ) -> Result<Compared, Error> {
        let articles = snapshot.articles_of(source)?;
        let sections = snapshot.sections_of_all(&articles)?;
        let records = snapshot.articles(&articles)?;
        let mut stored = Stored {
            snapshot,
            articles: records.into_iter().zip(sections),
            fault: None,
            failure: None,
        };
        let base = &self.location.base;
        let read = read_again(base, &self.settings, &self.rules, record, &mut stored);
        if let Some(failure) = stored.failure {
            return Err(failure.into());
        }
        Ok(match read {
            Ok(true) => match (stored.fault, stored.articles.next()) {
                (Some(fault), _) => Compared::Otherwise(fault),
                (None, Some(_)) => {
                    Compared::Otherwise("it has fewer articles than are stored".into())
                }
                (None, None) => Compared::Alike,
            },
            // A refresh reads it again, or says why not.
            Ok(false) | Err(_) => Compared::Not,
        })
    }
}

/// What became of a source that was to be compared.
enum Compared {
    /// It reads as it is stored.
    Alike,
    /// It reads otherwise, and how.
    Otherwise(String),
    /// It changed since, cannot be read, or would be read in another manner.
    Not,
}

/// Compares the articles of a source with those that are stored, as they come.
struct Stored<'a> {
    snapshot: &'a dyn Snapshot,
    /// Those that are left, with their sections.
    articles: std::iter::Zip<std::vec::IntoIter<Record>, std::vec::IntoIter<Vec<SectionKey>>>,
    fault: Option<String>,
    failure: Option<EngineError>,
}

impl Stored<'_> {
    fn fault(&mut self, part: &PartPath, article: &Article) -> Result<Option<String>, EngineError> {
        let Some((record, keys)) = self.articles.next() else {
            return Ok(Some("it has more articles than are stored".into()));
        };
        let of_part = |what: &str| Some(format!("{what}{}", named(part)));
        let known = &record.article;
        if known.part != *part || known.metadata != article.metadata {
            return Ok(of_part("other facts are stored of the article"));
        }
        if keys.len() != article.sections.len() {
            return Ok(of_part("other sections are stored of the article"));
        }
        for (key, own) in keys.into_iter().zip(&article.sections) {
            let stored = self.snapshot.section(key)?.section;
            let is_same = (&stored.text, &stored.headings, &stored.anchor)
                == (&own.text, &own.headings, &own.anchor)
                && (stored.start, stored.end, &stored.map) == (own.start, own.end, &own.map);
            if !is_same {
                return Ok(of_part(&format!(
                    "section `#{}` is stored otherwise",
                    own.anchor
                )));
            }
        }
        Ok(None)
    }
}

/// The part as a fault names it.
fn named(part: &PartPath) -> String {
    match part.is_whole() {
        true => String::new(),
        false => format!(" `{part}`"),
    }
}

impl ArticleSink for Stored<'_> {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        match self.fault(&part, &article) {
            Ok(None) => return ControlFlow::Continue(()),
            Ok(Some(fault)) => self.fault = Some(fault),
            Err(failure) => self.failure = Some(failure),
        }
        ControlFlow::Break(())
    }

    /// What lies inside is opened before it reaches this.
    fn inner(&mut self, _: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn passed_over(&mut self, _: PartPath, _: Reason, _: Option<Place>) {}
}
