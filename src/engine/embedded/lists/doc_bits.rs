//! A bit for each document of a segment.

use std::ops::Range;

use tantivy::DocId;

use super::mask::Sighting;

/// The bits of a word.
const BITS: usize = u64::BITS as usize;

/// Documents of a segment, as bits.
#[derive(Clone)]
pub(in crate::engine::embedded) struct DocBits(Vec<u64>);

/// The word of a document, and its bit there.
fn place(doc: DocId) -> (usize, u64) {
    let at = doc as usize;
    (at / BITS, 1 << (at % BITS))
}

impl DocBits {
    /// None of so many documents.
    pub(super) fn none(max_doc: DocId) -> DocBits {
        DocBits(vec![0; (max_doc as usize).div_ceil(BITS)])
    }

    pub(super) fn set(&mut self, doc: DocId) {
        let (at, bit) = place(doc);
        if let Some(word) = self.0.get_mut(at) {
            *word |= bit;
        }
    }

    /// Sets the bits of documents that come in order.
    pub(super) fn in_order(&mut self) -> OrderedBits<'_> {
        OrderedBits {
            bits: self,
            at: 0,
            word: 0,
        }
    }

    pub(in crate::engine::embedded) fn clear(&mut self, doc: DocId) {
        let (at, bit) = place(doc);
        if let Some(word) = self.0.get_mut(at) {
            *word &= !bit;
        }
    }

    /// Adds these.
    pub(super) fn add(&mut self, others: &DocBits) {
        let pairs = self.0.iter_mut().zip(&others.0);
        pairs.for_each(|(own, other)| *own |= other);
    }

    /// Keeps those that are also in `others`.
    pub(super) fn keep(&mut self, others: &DocBits) {
        let pairs = self.0.iter_mut().zip(&others.0);
        pairs.for_each(|(own, other)| *own &= other);
    }

    /// Those that are not in `others`.
    pub(in crate::engine::embedded) fn without(&self, others: &DocBits) -> DocBits {
        let pairs = self.0.iter().zip(&others.0);
        DocBits(pairs.map(|(own, other)| own & !other).collect())
    }

    /// How many there are.
    pub(in crate::engine::embedded) fn count(&self) -> u64 {
        let counts = self.0.iter().map(|word| u64::from(word.count_ones()));
        counts.sum()
    }

    /// The first one from a document on.
    pub(super) fn next_from(&self, doc: DocId) -> Option<DocId> {
        let (at, bit) = place(doc);
        let first = self.0.get(at)? & bit.wrapping_neg();
        if first != 0 {
            return Some((at * BITS) as DocId + first.trailing_zeros());
        }
        let mut rest = self.0.iter().enumerate().skip(at + 1);
        let (at, word) = rest.find(|&(_, &word)| word != 0)?;
        Some((at * BITS) as DocId + word.trailing_zeros())
    }

    /// Whether there is one in each so many documents, a multiple of 64, from the first on.
    pub(in crate::engine::embedded) fn chunks(&self, docs: u32) -> impl Iterator<Item = bool> {
        let chunks = self.0.chunks(docs as usize / BITS);
        chunks.map(|words| words.iter().any(|&word| word != 0))
    }

    /// Calls `each` for those of a range of documents, whose ends are multiples of 64, in order.
    pub(in crate::engine::embedded) fn each_of(
        &self,
        docs: Range<DocId>,
        mut each: impl FnMut(DocId),
    ) {
        let words = docs.start as usize / BITS..docs.end as usize / BITS;
        let words = self.0.iter().enumerate().take(words.end).skip(words.start);
        for (at, &word) in words {
            each_bit((at * BITS) as DocId, word, &mut each);
        }
    }

    /// The documents, in order, each with this mask.
    pub(in crate::engine::embedded) fn sightings(&self, mask: u64) -> Vec<Sighting> {
        let mut all = Vec::new();
        for (base, &word) in (0..).step_by(BITS).zip(&self.0) {
            each_bit(base, word, &mut |doc| all.push(Sighting { doc, mask }));
        }
        all
    }
}

/// Calls `each` for the documents of a word of bits, of which the first stands for `base`.
fn each_bit(base: DocId, mut word: u64, each: &mut impl FnMut(DocId)) {
    while word != 0 {
        each(base + word.trailing_zeros());
        word &= word - 1;
    }
}

/// Sets bits in order: those of a word are collected before they are written, as each would wait for the last one's write.
pub(super) struct OrderedBits<'b> {
    bits: &'b mut DocBits,
    at: usize,
    word: u64,
}

impl OrderedBits<'_> {
    pub(super) fn set(&mut self, doc: DocId) {
        let (at, bit) = place(doc);
        if at != self.at {
            self.write();
            (self.at, self.word) = (at, 0);
        }
        self.word |= bit;
    }

    /// Writes what is collected.
    pub(super) fn write(&mut self) {
        if let Some(word) = self.bits.0.get_mut(self.at) {
            *word |= self.word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_found_across_words() {
        let mut bits = DocBits::none(300);
        for doc in [0, 63, 64, 70, 255, 299] {
            bits.set(doc);
        }
        let next = |doc| bits.next_from(doc);
        assert_eq!(next(0), Some(0));
        assert_eq!(next(1), Some(63));
        assert_eq!(next(64), Some(64));
        assert_eq!(next(65), Some(70));
        assert_eq!(next(71), Some(255));
        assert_eq!(next(256), Some(299));
        assert_eq!(next(300), None);
        assert_eq!(next(1_000), None);
        assert_eq!(DocBits::none(0).next_from(0), None);
    }
}
