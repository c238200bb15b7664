//! How a change of an index is made.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::article::{Metadata, PartPath};
use crate::catalog::{ArticleRecord, SourceKey, SourceRecord};

/// From how long a wait is told of.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// How a change is made.
#[derive(Debug, Clone, Default)]
pub struct WriterOptions {
    /// About how many bytes of text are to come.
    pub volume_bytes: u64,
    /// On how many threads; `None` for all cores.
    pub threads: Option<usize>,
    /// How long the end of another's change is waited for.
    pub wait: Wait,
    /// Whether sources are read as streams, so that memory must not grow with them.
    pub is_streamed: bool,
    /// Whether somebody waits for an answer, so that large segments are left for another time.
    pub is_brief: bool,
}

/// How long the end of another process's change is waited for; by default not at all.
#[derive(Clone, Default)]
pub struct Wait {
    /// The longest wait.
    pub at_most: Duration,
    /// Is told whom a wait is for, once it takes a second.
    pub tell: Option<Tell>,
}

/// Is told whom a wait is for.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait")
            .field("at_most", &self.at_most)
            .finish_non_exhaustive()
    }
}

/// A wait that has begun. Whom it is for is told once.
pub(super) struct BegunWait<'a> {
    wait: &'a Wait,
    began: Instant,
    is_told: bool,
}

impl<'a> BegunWait<'a> {
    pub(super) fn begin(wait: &'a Wait) -> BegunWait<'a> {
        BegunWait {
            wait,
            began: Instant::now(),
            is_told: false,
        }
    }

    /// How long it may still take.
    fn left(&self) -> Duration {
        self.wait.at_most.saturating_sub(self.began.elapsed())
    }

    /// Whether it took as long as it may.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Tells whom it is for, once it is time to.
    pub(super) fn tell(&mut self, holder: impl FnOnce() -> String) {
        if self.is_told || self.is_over() || self.began.elapsed() < TOLD_AFTER {
            return;
        }
        self.is_told = true;
        if let Some(tell) = &self.wait.tell {
            tell(&holder());
        }
    }

    /// Waits until the next try; [`super::EngineError::Busy`] where it took as long as it may.
    #[cfg(feature = "cluster")]
    pub(super) fn pause(
        &mut self,
        holder: &str,
        tried_every: Duration,
    ) -> Result<(), super::EngineError> {
        if self.is_over() {
            return Err(super::EngineError::Busy(holder.to_string()));
        }
        self.tell(|| holder.to_string());
        std::thread::sleep(tried_every.min(self.left()));
        Ok(())
    }
}

/// Which part of its source an article is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticlePart {
    /// The part; the empty path where the article is all of its source.
    pub path: PartPath,
    /// Whether the article's places are not those of the source but of what was unpacked or decoded from it.
    pub is_inner: bool,
}

impl ArticlePart {
    /// What is known of the article of this source that is this part, with so many sections, before its words are counted.
    #[must_use]
    pub fn record(self, source: SourceKey, sections: usize, metadata: Metadata) -> ArticleRecord {
        ArticleRecord {
            source,
            order: 0,
            part: self.path,
            is_inner: self.is_inner,
            sections: sections as u32,
            words: [0; 3],
            metadata,
        }
    }
}

/// What a commit keeps beside the sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogChange {
    /// What is known now of sources that are new or changed. Those that were removed are passed over.
    pub sources: BTreeMap<SourceKey, Box<SourceRecord>>,
    /// The settings, as text.
    pub settings: String,
}
