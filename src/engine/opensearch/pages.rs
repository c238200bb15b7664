//! Long answers, page by page, of one point in time.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{AnswerHit, SearchAnswer, Shards};
use super::cluster::{Cluster, read, reason_of};
use super::transport::{Method, encoded};
use crate::engine::EngineError;

/// How long the cluster keeps a point in time between two pages.
const KEPT: &str = "2m";
/// The kind of error of a point in time that is no more.
const LOST: &str = "search_context_missing_exception";

/// A search whose answer is read page by page.
struct Pages<'a> {
    cluster: &'a Cluster,
    body: Value,
    point: String,
    is_done: bool,
}

/// A point in time; the shards that failed are not in it, and later answers do not tell so.
#[derive(Deserialize)]
struct OpenedPoint {
    pit_id: String,
    #[serde(rename = "_shards", default)]
    shards: Shards,
}

/// Reads all that a search finds, page by page, of one point in time: `begin` makes what `each` adds the pages to. Where a
/// part does not answer, or the point in time is lost with it, it begins again, for a while. Then it is an error, unless
/// `partial` says that the other parts will do. Returns also whether all answered.
pub(super) fn read_pages<T: DeserializeOwned, R>(
    cluster: &Cluster,
    (index, body): (&str, &Value),
    partial: bool,
    begin: impl Fn() -> R,
    mut each: impl FnMut(&mut R, Vec<AnswerHit<T>>) -> Result<(), EngineError>,
) -> Result<(R, bool), EngineError> {
    let attempt = || -> Result<(R, Shards), EngineError> {
        let mut read = begin();
        let (mut pages, mut shards) = Pages::open(cluster, index, body.clone())?;
        while let Some(page) = pages.next(&mut shards)? {
            each(&mut read, page)?;
        }
        pages.close();
        Ok((read, shards))
    };
    let (read, shards) = cluster.until_whole(attempt, |(_, shards)| shards.failed == 0, partial)?;
    if !partial {
        shards.whole()?;
    }
    Ok((read, shards.failed == 0))
}

impl<'a> Pages<'a> {
    /// Begins to read what a search finds; its body says the size of a page. Says also which parts answered.
    fn open(
        cluster: &'a Cluster,
        index: &str,
        body: Value,
    ) -> Result<(Pages<'a>, Shards), EngineError> {
        let path = format!(
            "/{}/_search/point_in_time?keep_alive={KEPT}",
            encoded(index)
        );
        let answer = cluster.change(Method::Post, &path, None)?;
        let opened: OpenedPoint = read(&answer)?;
        let mut pages = Pages {
            cluster,
            point: opened.pit_id,
            body,
            is_done: false,
        };
        if pages.body.get("sort").is_none() {
            pages.set("sort", json!([{"_shard_doc": "asc"}]));
        }
        pages.set("track_total_hits", json!(false));
        Ok((pages, opened.shards))
    }

    fn set(&mut self, key: &str, value: Value) {
        if let Some(body) = self.body.as_object_mut() {
            body.insert(key.into(), value);
        }
    }

    /// The next page; `None` behind the last. Parts that do not answer are noted: the others go on.
    fn next<T: DeserializeOwned>(
        &mut self,
        noted: &mut Shards,
    ) -> Result<Option<Vec<AnswerHit<T>>>, EngineError> {
        if self.is_done {
            return Ok(None);
        }
        self.set("pit", json!({"id": self.point, "keep_alive": KEPT}));
        let answer = self.cluster.ask_answer("/_search", &self.body)?;
        let is_lost = answer.status == 404 && reason_of(&answer.body).0 == LOST;
        let found: SearchAnswer<T> = match is_lost {
            true => SearchAnswer::lost(),
            false => read(&answer)?,
        };
        if !found.is_whole() {
            noted.failed = noted.failed.max(found.shards.failed).max(1);
            noted.total = noted.total.max(found.shards.total).max(1);
        }
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
    fn close(self) {
        let body = json!({"pit_id": [self.point]});
        let path = "/_search/point_in_time";
        let _ = self.cluster.change(Method::Delete, path, Some(&body));
    }
}
