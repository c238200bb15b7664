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
    /// Whether all parts of the cluster gave their answers.
    pub(super) fn is_whole(&self) -> bool {
        !self.timed_out && self.shards.failed == 0
    }

    /// The answer, unless parts of the cluster did not give theirs.
    pub(super) fn whole(self) -> Result<SearchAnswer<T>, EngineError> {
        if !self.is_whole() {
            return Err(EngineError::Unavailable(format!(
                "{} of {} shards did not answer",
                self.shards.failed.max(1),
                self.shards.total
            )));
        }
        Ok(self)
    }
}
