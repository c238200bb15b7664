//! Writes documents in bulk: a queue that holds the writers back, two requests under way, and what is refused for a while
//! sent again.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use serde::Deserialize;
use serde_json::Value;

use super::cluster::{read, refusal};
use super::shared::Shared;
use super::transport::{Backoff, Method, Repeats, RequestBody, cleaned};
use crate::engine::EngineError;

/// About how many bytes a request has.
const BATCH_BYTES: usize = 4 << 20;
/// How many requests are under way at once, and how many more wait.
const UNDER_WAY: usize = 2;
const WAITING: usize = 1;
/// How many refused documents are named.
const MOST_NAMED: usize = 20;
/// What of an answer is read.
const ANSWER: &str =
    "/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";

/// One change of a document.
#[derive(Debug, Clone)]
pub(super) struct BulkItem {
    /// The action, the document where there is one, each with its line end.
    pub(super) lines: Vec<u8>,
    /// What it belongs to, to be named where it is refused.
    pub(super) what: Arc<str>,
    pub(super) conflict: OnConflict,
}

/// What it means that a document is there already, or a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnConflict {
    /// It was written before, and all is well.
    IsDone,
    /// Another run took the owner over.
    IsLost,
}

/// Writes documents on threads of its own.
pub(super) struct BulkWriter {
    state: Arc<BulkState>,
    sender: Option<Sender<Vec<BulkItem>>>,
    threads: Vec<JoinHandle<()>>,
    batch: Mutex<BulkBatch>,
}

#[derive(Default)]
struct BulkBatch {
    items: Vec<BulkItem>,
    bytes: usize,
}

struct BulkState {
    shared: Arc<Shared>,
    progress: Mutex<BulkProgress>,
    changed: Condvar,
}

#[derive(Default)]
struct BulkProgress {
    /// Requests that were handed over and not answered.
    under_way: usize,
    failure: Option<EngineError>,
    /// What was refused for good, and why.
    refused: Vec<String>,
    refused_count: u64,
}

#[derive(Deserialize)]
struct BulkAnswer {
    #[serde(default)]
    errors: bool,
    #[serde(default)]
    items: Vec<Value>,
}

impl BulkWriter {
    pub(super) fn start(shared: &Arc<Shared>) -> BulkWriter {
        let state = Arc::new(BulkState {
            shared: Arc::clone(shared),
            progress: Mutex::default(),
            changed: Condvar::new(),
        });
        let (sender, receiver) = crossbeam_channel::bounded(WAITING);
        let start = |_| {
            let (state, receiver) = (Arc::clone(&state), receiver.clone());
            std::thread::Builder::new()
                .spawn(move || state.run(&receiver))
                .ok()
        };
        let threads = (0..UNDER_WAY).filter_map(start).collect();
        BulkWriter {
            state,
            sender: Some(sender),
            threads,
            batch: Mutex::default(),
        }
    }

    /// Adds a change; waits where too many bytes are under way.
    pub(super) fn add(&self, item: BulkItem) -> Result<(), EngineError> {
        let full = {
            let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
            batch.bytes += item.lines.len();
            batch.items.push(item);
            (batch.bytes >= BATCH_BYTES).then(|| std::mem::take(&mut *batch))
        };
        match full {
            Some(batch) => self.hand_over(batch),
            None => Ok(()),
        }
    }

    /// Waits until all that was added is written. An error where some of it could not be.
    pub(super) fn flush(&self) -> Result<(), EngineError> {
        let batch = {
            let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *batch)
        };
        self.hand_over(batch)?;
        let mut progress = self.state.progress();
        while progress.under_way > 0 && progress.failure.is_none() {
            progress = (self.state.changed.wait(progress)).unwrap_or_else(PoisonError::into_inner);
        }
        progress.end()
    }

    fn hand_over(&self, batch: BulkBatch) -> Result<(), EngineError> {
        if batch.items.is_empty() {
            return Ok(());
        }
        {
            let mut progress = self.state.progress();
            if progress.failure.is_some() {
                return progress.end();
            }
            progress.under_way += 1;
        }
        let gone = || EngineError::Unavailable("no thread could be started".into());
        let sender = self.sender.as_ref().filter(|_| !self.threads.is_empty());
        sender
            .ok_or_else(gone)?
            .send(batch.items)
            .map_err(|_| gone())
    }
}

impl Drop for BulkWriter {
    fn drop(&mut self) {
        self.sender = None;
        for thread in self.threads.drain(..) {
            // A panic there was that of a request, which nobody waits for any more.
            let _ = thread.join();
        }
    }
}

impl BulkProgress {
    /// The failure, or what was refused, as an error; it is told once, the failure each time.
    fn end(&mut self) -> Result<(), EngineError> {
        match &self.failure {
            Some(EngineError::ReadOnly(reason)) => Err(EngineError::ReadOnly(reason.clone())),
            Some(EngineError::Outdated) => Err(EngineError::Outdated),
            Some(EngineError::Unauthorized(reason)) => {
                Err(EngineError::Unauthorized(reason.clone()))
            }
            Some(EngineError::Unsupported(reason)) => Err(EngineError::Unsupported(reason.clone())),
            Some(EngineError::Storage(reason)) => Err(EngineError::Storage(reason.clone())),
            Some(EngineError::Unavailable(reason)) => Err(EngineError::Unavailable(reason.clone())),
            Some(failure) => Err(EngineError::Unavailable(failure.to_string())),
            None if self.refused_count > 0 => Err(EngineError::Storage(format!(
                "the cluster refused {} documents: {}",
                self.refused_count,
                self.refused.join("; ")
            ))),
            None => Ok(()),
        }
    }

    fn refuse(&mut self, item: &BulkItem, reason: &str) {
        self.refused_count += 1;
        let named = format!("`{}`: {reason}", item.what);
        if self.refused.len() < MOST_NAMED && !self.refused.contains(&named) {
            self.refused.push(named);
        }
    }
}

impl BulkState {
    fn progress(&self) -> MutexGuard<'_, BulkProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, receiver: &Receiver<Vec<BulkItem>>) {
        for items in receiver {
            let has_failed = self.progress().failure.is_some();
            let written = match has_failed {
                true => Ok(()),
                false => self.write(items),
            };
            let mut progress = self.progress();
            progress.under_way -= 1;
            if let Err(error) = written {
                progress.failure.get_or_insert(error);
            }
            self.changed.notify_all();
        }
    }

    /// Writes these, those that are refused for a while again and again.
    fn write(&self, mut items: Vec<BulkItem>) -> Result<(), EngineError> {
        let began = Instant::now();
        let mut backoff = Backoff::default();
        loop {
            let body: Vec<u8> = items.iter().flat_map(|item| &item.lines).copied().collect();
            let cluster = &self.shared.cluster;
            let body = RequestBody::Lines(&body);
            let answer = cluster.send(Method::Post, ANSWER, body, Repeats::Idempotent)?;
            if answer.status == 413 {
                return self.write_halves(items);
            }
            let answer: BulkAnswer = match answer.status {
                200..=299 => read(&answer)?,
                _ => return Err(refusal(&answer)),
            };
            if !answer.errors {
                return Ok(());
            }
            items = self.refused_for_a_while(items, answer)?;
            if items.is_empty() {
                return Ok(());
            }
            let pause = backoff.next_pause();
            if began.elapsed() + pause
                > self
                    .shared
                    .options
                    .connect
                    .retry_for
                    .max(Duration::from_secs(1))
            {
                return Err(EngineError::Unavailable(format!(
                    "{} documents were refused again and again",
                    items.len()
                )));
            }
            std::thread::sleep(pause);
        }
    }

    /// Writes what is too much for one request in two.
    fn write_halves(&self, mut items: Vec<BulkItem>) -> Result<(), EngineError> {
        if items.len() < 2 {
            if let Some(item) = items.first() {
                self.progress()
                    .refuse(item, "it is larger than the cluster takes");
            }
            return Ok(());
        }
        let behind = items.split_off(items.len() / 2);
        self.write(items)?;
        self.write(behind)
    }

    /// Those of these that are to be sent again.
    fn refused_for_a_while(
        &self,
        items: Vec<BulkItem>,
        answer: BulkAnswer,
    ) -> Result<Vec<BulkItem>, EngineError> {
        if answer.items.len() != items.len() {
            return Err(EngineError::Unavailable(
                "it left documents out of its answer".into(),
            ));
        }
        let mut again = Vec::new();
        for (item, answer) in items.into_iter().zip(answer.items) {
            let own = answer.as_object().and_then(|own| own.iter().next());
            let is_deletion = own.is_some_and(|(action, _)| action == "delete");
            let own = own.map(|(_, own)| own);
            let status = own
                .and_then(|own| own.get("status"))
                .and_then(Value::as_u64);
            let text = |key: &str| {
                let error = own.and_then(|own| own.get("error"));
                let text = error
                    .and_then(|error| error.get(key))
                    .and_then(Value::as_str);
                cleaned(text.unwrap_or_default())
            };
            match status {
                Some(200..=299) => {}
                // What was to go is not there.
                Some(404) if is_deletion => {}
                _ if text("type") == "cluster_block_exception" => {
                    return Err(EngineError::ReadOnly(text("reason")));
                }
                Some(409) if item.conflict == OnConflict::IsDone => {}
                Some(409) => return Err(EngineError::Outdated),
                Some(429 | 503) => again.push(item),
                Some(413) => self
                    .progress()
                    .refuse(&item, "it is larger than the cluster takes"),
                _ => {
                    let reason = format!("{}: {}", text("type"), text("reason"));
                    self.progress().refuse(&item, &reason);
                }
            }
        }
        Ok(again)
    }
}
