//! Sections on their way to the indexing threads: those that wait for their batch to fill, and whose are being handed
//! over.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::document::SectionDocument;

/// Sections are handed over in batches of about this many bytes.
const BATCH_BYTES: usize = 256 << 10;

/// Sections that are not handed over yet.
#[derive(Default)]
pub(super) struct Pending {
    state: Mutex<Waiting>,
    handed_over: Condvar,
}

#[derive(Default)]
struct Waiting {
    batch: Batch,
    /// The sources of the batches that a thread has taken and not handed over yet, one entry a batch.
    leaving: Vec<u32>,
}

/// Sections that are handed over together, of one article or many.
#[derive(Default)]
struct Batch {
    documents: Vec<SectionDocument>,
    bytes: usize,
    /// Whose sections they are.
    sources: Vec<u32>,
}

/// A batch that was taken; they count as leaving until it is dropped.
pub(super) struct Leaving<'a> {
    pending: &'a Pending,
    batch: Batch,
}

impl Pending {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets sections of an article wait, without those of another one between them. The batch that this fills is to be
    /// handed over.
    pub(super) fn push(
        &self,
        source: u32,
        documents: &mut Vec<SectionDocument>,
    ) -> Option<Leaving<'_>> {
        let mut state = self.state();
        for document in documents.drain(..) {
            state.batch.push(source, document);
        }
        (state.batch.bytes >= BATCH_BYTES).then(|| self.leave(&mut state))
    }

    /// All that wait, to be handed over.
    pub(super) fn take(&self) -> Leaving<'_> {
        self.leave(&mut self.state())
    }

    /// All that wait, if sections of `source` are among them.
    pub(super) fn take_if_holds(&self, source: u32) -> Option<Leaving<'_>> {
        let mut state = self.state();
        let holds = state.batch.sources.contains(&source);
        holds.then(|| self.leave(&mut state))
    }

    /// Waits until no thread has sections of `source` that it is still handing over.
    pub(super) fn wait_for(&self, source: u32) {
        let is_leaving = |state: &mut Waiting| state.leaving.contains(&source);
        let waited = self.handed_over.wait_while(self.state(), is_leaving);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn leave(&self, state: &mut Waiting) -> Leaving<'_> {
        let batch = std::mem::take(&mut state.batch);
        state.leaving.extend_from_slice(&batch.sources);
        Leaving {
            pending: self,
            batch,
        }
    }
}

impl Batch {
    fn push(&mut self, source: u32, document: SectionDocument) {
        if self.sources.last() != Some(&source) {
            self.sources.push(source);
        }
        self.bytes += document.size_bytes();
        self.documents.push(document);
    }
}

impl Leaving<'_> {
    /// How many bytes the sections take, about.
    pub(super) fn bytes(&self) -> usize {
        self.batch.bytes
    }

    /// The sections; they are handed over before this is dropped.
    pub(super) fn documents(&mut self) -> Vec<SectionDocument> {
        std::mem::take(&mut self.batch.documents)
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut state = self.pending.state();
        for source in &self.batch.sources {
            let at = state.leaving.iter().position(|leaving| leaving == source);
            at.map(|at| state.leaving.swap_remove(at));
        }
        drop(state);
        self.pending.handed_over.notify_all();
    }
}
