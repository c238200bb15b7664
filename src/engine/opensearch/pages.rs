//! Long answers, page by page, of one point in time.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{AnswerHit, SearchAnswer};
use super::cluster::Cluster;
use super::transport::{Method, encoded};
use crate::engine::EngineError;

/// How long the cluster keeps a point in time between two pages.
const KEPT: &str = "2m";

/// A search whose answer is read page by page.
pub(super) struct Pages<'a> {
    cluster: &'a Cluster,
    body: Value,
    point: String,
    is_done: bool,
}

impl<'a> Pages<'a> {
    /// Begins to read what a search finds; its body says the size of a page.
    pub(super) fn open(
        cluster: &'a Cluster,
        index: &str,
        body: Value,
    ) -> Result<Pages<'a>, EngineError> {
        let path = format!(
            "/{}/_search/point_in_time?keep_alive={KEPT}",
            encoded(index)
        );
        let opened: Value = cluster.must_change(Method::Post, &path, None)?;
        let point = opened.get("pit_id").and_then(Value::as_str);
        let point =
            point.ok_or_else(|| EngineError::Unavailable("it gives no point in time".into()))?;
        let mut pages = Pages {
            cluster,
            point: point.to_string(),
            body,
            is_done: false,
        };
        if pages.body.get("sort").is_none() {
            pages.set("sort", json!([{"_shard_doc": "asc"}]));
        }
        pages.set("track_total_hits", json!(false));
        Ok(pages)
    }

    fn set(&mut self, key: &str, value: Value) {
        if let Some(body) = self.body.as_object_mut() {
            body.insert(key.into(), value);
        }
    }

    /// The next page; `None` behind the last.
    pub(super) fn next<T: DeserializeOwned>(
        &mut self,
    ) -> Result<Option<Vec<AnswerHit<T>>>, EngineError> {
        if self.is_done {
            return Ok(None);
        }
        self.set("pit", json!({"id": self.point, "keep_alive": KEPT}));
        let found: SearchAnswer<T> = self.cluster.search("/_search", &self.body, false)?;
        if let Some(point) = found.pit_id {
            self.point = point;
        }
        let hits = found.hits.hits;
        match hits.last() {
            Some(last) => {
                let after = last.sort.clone();
                self.set("search_after", after);
            }
            None => self.is_done = true,
        }
        Ok((!self.is_done).then_some(hits))
    }

    /// Gives the point in time back. Where that fails, the cluster forgets it by itself.
    pub(super) fn close(self) {
        let body = json!({"pit_id": [self.point]});
        let path = "/_search/point_in_time";
        let _ = self.cluster.change(Method::Delete, path, Some(&body));
    }
}
