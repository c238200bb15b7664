//! Requests to the cluster, their answers as JSON, and what its refusals mean.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use super::answers::{SearchAnswer, Shards};
use super::transport::{
    Backoff, Client, ClusterAnswer, ClusterRequest, Method, Repeats, RequestBody, cleaned, encoded,
};
use crate::engine::EngineError;

/// A connection to a cluster.
pub(super) struct Cluster {
    pub(super) client: Client,
    /// For how long parts that do not answer are asked again.
    pub(super) retry_for: Duration,
    /// Whether parts were waited for in vain.
    pub(super) is_broken: AtomicBool,
}

impl Cluster {
    /// Asks for something; `None` where it is not there.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, EngineError> {
        let answer = self.send(Method::Get, path, RequestBody::Empty, Repeats::Reads)?;
        match answer.status {
            404 => Ok(None),
            _ => read(&answer).map(Some),
        }
    }

    /// Asks with a body; repeated where the connection fails, since it changes nothing.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<T, EngineError> {
        read(&self.ask_answer(path, body)?)
    }

    /// As [`Cluster::ask`], whatever the answer is.
    pub(super) fn ask_answer(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<ClusterAnswer, EngineError> {
        let bytes = encoded_json(body)?;
        let body = RequestBody::Json(&bytes);
        self.send(Method::Post, path, body, Repeats::Reads)
    }

    /// Searches; parts that do not answer are asked again for a while. Where they still do not, it is an error, unless
    /// `partial` says that the others will do.
    pub(super) fn search<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
        partial: bool,
    ) -> Result<SearchAnswer<T>, EngineError> {
        let ask = || self.ask::<SearchAnswer<T>>(path, body);
        let found = self.until_whole(ask, SearchAnswer::is_whole, partial)?;
        match partial {
            true => Ok(found),
            false => found.whole(),
        }
    }

    /// Asks until all parts of the cluster gave their answers, or for a while. Once that was in vain and others will do,
    /// nobody waits again.
    pub(super) fn until_whole<T>(
        &self,
        mut ask: impl FnMut() -> Result<T, EngineError>,
        is_whole: impl Fn(&T) -> bool,
        partial: bool,
    ) -> Result<T, EngineError> {
        let began = Instant::now();
        let mut backoff = Backoff::default();
        loop {
            let found = ask()?;
            if is_whole(&found) {
                return Ok(found);
            }
            let in_vain = began.elapsed() > self.retry_for;
            if in_vain || (partial && self.is_broken.load(Ordering::Relaxed)) {
                self.is_broken.fetch_or(in_vain, Ordering::Relaxed);
                return Ok(found);
            }
            std::thread::sleep(backoff.next_pause());
        }
    }

    /// How many documents an index has; of all of its shards.
    pub(super) fn count(&self, index: &str) -> Result<u64, EngineError> {
        let path = format!("/{}/_search", encoded(index));
        let body = json!({"size": 0, "track_total_hits": true, "query": {"match_all": {}}});
        let found: SearchAnswer<IgnoredAny> = self.search(&path, &body, false)?;
        Ok(found.matched())
    }

    /// Makes what was written to these indices seen by searches, on all shards.
    pub(super) fn refresh(&self, indices: &str) -> Result<(), EngineError> {
        let path = format!("/{}/_refresh", encoded(indices));
        let ask = || read::<RefreshAnswer>(&self.change(Method::Post, &path, None)?);
        let Shards { total, failed } = self
            .until_whole(ask, |answer| answer.shards.failed == 0, false)?
            .shards;
        match failed {
            0 => Ok(()),
            _ => Err(EngineError::Unavailable(format!(
                "{failed} of {total} shards were not refreshed"
            ))),
        }
    }

    /// Asks several things at once, each two lines.
    pub(super) fn ask_lines<T: DeserializeOwned>(
        &self,
        path: &str,
        lines: &[u8],
    ) -> Result<T, EngineError> {
        let answer = self.send(
            Method::Post,
            path,
            RequestBody::Lines(lines),
            Repeats::Reads,
        )?;
        read(&answer)
    }

    /// Changes something that may be said twice.
    pub(super) fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<ClusterAnswer, EngineError> {
        match body {
            Some(body) => {
                let bytes = encoded_json(body)?;
                let body = RequestBody::Json(&bytes);
                self.send(method, path, body, Repeats::Idempotent)
            }
            None => self.send(method, path, RequestBody::Empty, Repeats::Idempotent),
        }
    }

    /// As [`Cluster::change`], where anything but success is an error.
    pub(super) fn must_change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, EngineError> {
        read(&self.change(method, path, body)?)
    }

    pub(super) fn send(
        &self,
        method: Method,
        path: &str,
        body: RequestBody<'_>,
        repeats: Repeats,
    ) -> Result<ClusterAnswer, EngineError> {
        self.client.send(&ClusterRequest {
            method,
            path,
            body,
            repeats,
        })
    }
}

/// What a refresh answers.
#[derive(Deserialize)]
struct RefreshAnswer {
    #[serde(rename = "_shards")]
    shards: Shards,
}

fn encoded_json(body: &Value) -> Result<Vec<u8>, EngineError> {
    serde_json::to_vec(body).map_err(|error| EngineError::Storage(error.to_string()))
}

/// The body of an answer that says success.
pub(super) fn read<T: DeserializeOwned>(answer: &ClusterAnswer) -> Result<T, EngineError> {
    match answer.status {
        200..=299 => serde_json::from_slice(&answer.body).map_err(|error| {
            EngineError::Unavailable(format!("its answer is not as expected: {error}"))
        }),
        _ => Err(refusal(answer)),
    }
}

/// What a refusal means.
pub(super) fn refusal(answer: &ClusterAnswer) -> EngineError {
    let (kind, reason) = reason_of(&answer.body);
    let said = match kind.is_empty() {
        true => format!("status {}", answer.status),
        false => format!("{kind}: {reason}"),
    };
    match (answer.status, kind.as_str()) {
        (404, "index_not_found_exception") => EngineError::Damaged(reason),
        (_, "cluster_block_exception") => EngineError::ReadOnly(reason),
        (_, "too_many_clauses" | "too_many_nested_clauses") => EngineError::Unsupported(format!(
            "the query has too many forms for the cluster ({said})"
        )),
        (503, _) => EngineError::Unavailable(said),
        _ => EngineError::Storage(format!("the cluster refuses: {said}")),
    }
}

/// The type and the reason of an error, cleaned: a cluster may say anything.
pub(super) fn reason_of(body: &[u8]) -> (String, String) {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = value.get("error").unwrap_or(&Value::Null);
    let root = error.get("root_cause").and_then(|causes| causes.get(0));
    let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(cleaned);
    let own = (text(error, "type"), text(error, "reason"));
    let cause = root.map_or((None, None), |root| {
        (text(root, "type"), text(root, "reason"))
    });
    (
        cause.0.or(own.0).unwrap_or_default(),
        cause.1.or(own.1).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::transport::{ClusterAddress, ConnectOptions};
    use super::*;

    #[test]
    fn only_parts_that_stay_away_are_waited_for_in_vain() {
        let address = ClusterAddress::parse("https://localhost/news").expect("an address");
        let client = Client::connect(&address, &ConnectOptions::default()).expect("a client");
        let cluster = Cluster {
            client,
            retry_for: Duration::ZERO,
            is_broken: AtomicBool::new(false),
        };
        let is_broken = |is_whole: bool| {
            let found = cluster.until_whole(|| Ok(()), |()| is_whole, false);
            found.expect("an answer");
            cluster.is_broken.load(Ordering::Relaxed)
        };
        assert!(!is_broken(true), "it is whole, however late");
        assert!(is_broken(false));
    }
}
