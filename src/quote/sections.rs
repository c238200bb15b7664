//! Keeps the sections that were read last: many quotations of a document are compared with the same ones.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::sense::SentenceEnds;
use crate::analysis::{Word, words};
use crate::engine::{Hit, SectionKey};
use crate::search::{Error, ReadSection, SectionReader};

/// How many words the kept sections have together; about 100 bytes each.
const MAX_KEPT_WORDS: usize = 300_000;

/// A section with the words of its text.
#[derive(Debug, Clone)]
pub(super) struct KeptSection {
    pub(super) read: Rc<ReadSection>,
    pub(super) words: Rc<[Word]>,
    pub(super) ends: Rc<OnceCell<SentenceEnds>>,
}

/// The kept sections.
#[derive(Debug, Default)]
pub(super) struct Sections {
    kept: BTreeMap<SectionKey, KeptSection>,
    words: usize,
}

impl Sections {
    /// The section of a hit.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn of(
        &mut self,
        reader: &SectionReader<'_>,
        hit: &Hit,
    ) -> Result<KeptSection, Error> {
        if let Some(kept) = self.kept.get(&hit.key) {
            return Ok(kept.clone());
        }
        let read = reader.read(hit)?;
        let kept = KeptSection {
            words: words(&read.section.text).into(),
            read: Rc::new(read),
            ends: Rc::default(),
        };
        self.words += kept.words.len();
        if self.words > MAX_KEPT_WORDS {
            self.kept.clear();
            self.words = kept.words.len();
        }
        self.kept.insert(hit.key, kept.clone());
        Ok(kept)
    }
}
