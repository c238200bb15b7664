//! What a search of the cluster answers.

use serde::Deserialize;
use serde_json::Value;

use crate::engine::EngineError;

/// What a search found.
#[derive(Debug, Deserialize)]
pub(super) struct SearchAnswer<T> {
    #[serde(default)]
    pub(super) timed_out: bool,
    #[serde(rename = "_shards", default)]
    pub(super) shards: Shards,
    #[serde(default)]
    pub(super) pit_id: Option<String>,
    pub(super) hits: AnswerHits<T>,
}

/// How many shards answered.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shards {
    #[serde(default)]
    pub(super) total: u64,
    #[serde(default)]
    pub(super) failed: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct AnswerHits<T> {
    #[serde(default)]
    pub(super) total: Option<AnswerTotal>,
    pub(super) hits: Vec<AnswerHit<T>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AnswerTotal {
    pub(super) value: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct AnswerHit<T> {
    #[serde(rename = "_source", default = "Option::default")]
    pub(super) source: Option<T>,
    #[serde(default)]
    pub(super) sort: Value,
}

impl<T> SearchAnswer<T> {
    /// The answer of a point in time that no part of the cluster has any more.
    pub(super) fn lost() -> SearchAnswer<T> {
        SearchAnswer {
            timed_out: false,
            shards: Shards {
                total: 1,
                failed: 1,
            },
            pit_id: None,
            hits: AnswerHits {
                total: None,
                hits: Vec::new(),
            },
        }
    }

    /// How many it matched, where it counted them.
    pub(super) fn matched(&self) -> u64 {
        self.hits.total.as_ref().map_or(0, |total| total.value)
    }

    /// Whether all parts of the cluster gave their answers.
    pub(super) fn is_whole(&self) -> bool {
        !self.timed_out && self.shards.failed == 0
    }

    /// The answer, unless parts of the cluster did not give theirs.
    pub(super) fn whole(self) -> Result<SearchAnswer<T>, EngineError> {
        if self.timed_out {
            return Err(EngineError::Unavailable("it did not end in time".into()));
        }
        self.shards.whole()?;
        Ok(self)
    }
}

impl Shards {
    /// An error where some did not answer.
    pub(super) fn whole(&self) -> Result<(), EngineError> {
        match self.failed {
            0 => Ok(()),
            failed => Err(EngineError::Unavailable(format!(
                "{failed} of {} shards did not answer",
                self.total
            ))),
        }
    }
}
