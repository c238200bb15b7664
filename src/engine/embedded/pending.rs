//! Sections on their way to the indexing threads: those of batches that are not full yet, and those that are being handed
//! over. Each thread that adds sections fills a batch of its own.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use super::document::{DocumentArticle, SectionBatch};
use super::inverted::{BatchInverter, InvertedText};
use crate::article::Section;
use crate::query::Field as TextField;

/// Sections are handed over in batches of about this many bytes.
const BATCH_BYTES: usize = 256 << 10;
/// The words of a batch take at most about so many bytes until they are put in order; those of its text take less than half.
const MOST_WORD_BYTES: usize = 4 << 20;
/// Of so many that wait, one serves another thread too.
const MOST_IDLE: usize = 32;
const TITLE: usize = TextField::Title.index();
const HEADING: usize = TextField::Heading.index();
const BODY: usize = TextField::Body.index();
const NAME: usize = TextField::Name.index();

/// Sections that are not handed over yet.
#[derive(Default)]
pub(super) struct Pending {
    state: Mutex<Waiting>,
    put_back: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// Batches that no thread fills.
    idle: Vec<Batch>,
    /// Whose sections the batches hold that threads have taken, by the batches' numbers.
    taken: Vec<(u64, Vec<u32>)>,
    next_number: u64,
    /// How many threads wait for a batch to be put back.
    waiting: usize,
}

/// Sections that are handed over together, of one article or many.
#[derive(Default)]
struct Batch {
    sections: SectionBatch,
    inverter: BatchInverter,
    /// Whose sections they are.
    sources: Vec<u32>,
    /// Who filled it last.
    thread: Option<ThreadId>,
}

/// A batch that a thread has taken, put back when dropped.
pub(super) struct TakenBatch<'a> {
    pending: &'a Pending,
    batch: Batch,
    number: u64,
    /// The title of the article whose sections were added last, inverted.
    title: Option<InvertedText>,
}

impl Pending {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A batch to add sections of an article of `source` to: the one that this thread filled last, since it reads files that
    /// follow each other, and what is alike is to lie together.
    pub(super) fn fill(&self, source: u32) -> TakenBatch<'_> {
        let thread = std::thread::current().id();
        let mut state = self.state();
        let own = (state.idle.iter()).position(|batch| batch.thread == Some(thread));
        let free = || state.idle.iter().position(Batch::is_empty);
        let last = || (state.idle.len() >= MOST_IDLE).then_some(0);
        let mut batch = match own.or_else(free).or_else(last) {
            Some(at) => state.idle.swap_remove(at),
            None => Batch::default(),
        };
        batch.thread = Some(thread);
        if batch.sources.last() != Some(&source) {
            batch.sources.push(source);
        }
        self.taken(&mut state, batch)
    }

    /// A batch that holds sections, to be handed over; `None` behind the last one.
    pub(super) fn take(&self) -> Option<TakenBatch<'_>> {
        let mut state = self.state();
        let at = state.idle.iter().position(|batch| !batch.is_empty())?;
        let batch = state.idle.swap_remove(at);
        Some(self.taken(&mut state, batch))
    }

    /// A batch that holds sections of `source`, to be handed over; `None` behind the last one. Those that other threads
    /// have are waited for.
    pub(super) fn take_holding(&self, source: u32) -> Option<TakenBatch<'_>> {
        let mut state = self.state();
        loop {
            let holds = |batch: &Batch| batch.sources.contains(&source);
            if let Some(at) = state.idle.iter().position(holds) {
                let batch = state.idle.swap_remove(at);
                return Some(self.taken(&mut state, batch));
            }
            if !(state.taken.iter()).any(|(_, sources)| sources.contains(&source)) {
                return None;
            }
            state.waiting += 1;
            let woken = self.put_back.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
    }

    fn taken(&self, state: &mut Waiting, mut batch: Batch) -> TakenBatch<'_> {
        let number = state.next_number;
        state.next_number += 1;
        let sources = std::mem::take(&mut batch.sources);
        state.taken.push((number, sources));
        TakenBatch {
            pending: self,
            batch,
            number,
            title: None,
        }
    }
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}

impl TakenBatch<'_> {
    /// Adds the `order`-th section of an article, and returns the words of its fields. All sections that are added to a
    /// taken batch are of one article.
    pub(super) fn add(
        &mut self,
        article: &DocumentArticle,
        order: usize,
        section: &Section,
    ) -> [u64; TextField::MEASURED] {
        let inverter = &mut self.batch.inverter;
        // The title is looked up once an article.
        let title = match &self.title {
            Some(title) => {
                inverter.repeat(TITLE, title);
                title.words
            }
            None => {
                let title = inverter.read(TITLE, &article.title);
                self.title.insert(title).words
            }
        };
        let heading = inverter.read(HEADING, &section.heading_text());
        let body = inverter.read(BODY, &section.text);
        if order == 0 {
            inverter.read(NAME, &article.name);
        }
        inverter.end_document();
        let lens = [title, heading.words, body.words];
        self.batch.sections.push(article, order, section, lens);
        lens
    }

    /// Whether it is time to hand it over: each section has the words of its title and headings again, which may be many.
    pub(super) fn is_full(&self) -> bool {
        let word_bytes = self.batch.inverter.size_bytes();
        self.batch.sections.size_bytes() >= BATCH_BYTES || word_bytes >= MOST_WORD_BYTES
    }

    /// The sections with their words. They are handed over before this is dropped.
    pub(super) fn finish(&mut self) -> SectionBatch {
        let next = SectionBatch::as_large_as(&self.batch.sections);
        let mut sections = std::mem::replace(&mut self.batch.sections, next);
        sections.set_words(self.batch.inverter.finish());
        self.title = None;
        sections
    }
}

impl Drop for TakenBatch<'_> {
    fn drop(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        let mut state = self.pending.state();
        let at = (state.taken.iter()).position(|(number, _)| *number == self.number);
        if let Some(at) = at {
            (_, batch.sources) = state.taken.swap_remove(at);
        }
        if batch.is_empty() {
            batch.sources.clear();
        }
        state.idle.push(batch);
        if state.waiting > 0 {
            self.pending.put_back.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_full_of_words_that_its_sections_repeat() {
        let words: Vec<String> = (0..20_000).map(|i| format!("w{i}")).collect();
        let title = words.join(" ");
        let article = DocumentArticle {
            source: 0,
            number: 0,
            title,
            name: String::new(),
            language: None,
        };
        let section = crate::format::read_str("text", "a").sections.remove(0);
        let pending = Pending::default();
        let mut batch = pending.fill(0);
        let full = (0..1_000).find(|&order| {
            batch.add(&article, order, &section);
            batch.is_full()
        });
        assert!(full.expect("full") < 20);
        assert!(!pending.fill(1).is_full());
    }
}
