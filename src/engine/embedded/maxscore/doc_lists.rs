//! The documents of each form of a flat query's words, laid out in windows as bits.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::flat::Flat;
use super::mask::{BITS, BodyCounts, fields_of};
use crate::engine::embedded::languages::UncountedDocs;
use crate::engine::embedded::segment::OpenSegment;

/// The documents of one form in one field.
pub(super) struct DocList {
    bit: u64,
    /// What is added to the counts for an occurrence; 0 where it is not counted.
    unit: u64,
    block: BlockSegmentPostings,
    /// Where in the block it stands.
    at: usize,
    /// The documents that do not count.
    left_out: UncountedDocs,
}

/// Opens the lists of the words whose bits are not `assumed`, in the `index`-th segment; frequencies are read where they are
/// counted.
pub(super) fn open_lists(
    flat: &Flat<'_>,
    (segment, index): (&OpenSegment, usize),
    assumed: u64,
    is_counted: bool,
) -> tantivy::Result<Vec<DocList>> {
    let mut lists = Vec::new();
    for (i, term) in flat.terms.iter().enumerate() {
        if fields_of(assumed, i) != 0 {
            continue;
        }
        let own = &term.expansions[0].lists[index];
        let is_counted =
            is_counted && own.len() <= BodyCounts::MAX_LISTS && BodyCounts::BITS * i < 64;
        for list in own {
            let inverted = &segment.inverted[list.field];
            let unit = match list.field {
                2 if is_counted => 1 << (BodyCounts::BITS * i),
                _ => 0,
            };
            let option = match unit {
                0 => IndexRecordOption::Basic,
                _ => IndexRecordOption::WithFreqs,
            };
            lists.push(DocList {
                bit: 1 << (BITS * i + list.field),
                unit,
                block: inverted.read_block_postings_from_terminfo(&list.info, option)?,
                at: 0,
                left_out: UncountedDocs::new(&list.left_out),
            });
        }
    }
    Ok(lists)
}

impl DocList {
    /// The document that it stands at.
    pub(super) fn doc(&self) -> DocId {
        self.block
            .docs()
            .get(self.at)
            .copied()
            .unwrap_or(TERMINATED)
    }

    /// The word whose form it is.
    pub(super) fn word(&self) -> usize {
        self.bit.trailing_zeros() as usize / BITS
    }

    /// The field.
    pub(super) fn field(&self) -> usize {
        self.bit.trailing_zeros() as usize % BITS
    }

    /// Moves to the first document from `target` on.
    pub(super) fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
    }

    /// Sets the bit of the documents in the window from `base` on, before which it does not stand, and moves behind it.
    pub(super) fn mark<const WINDOW: usize>(
        &mut self,
        base: DocId,
        masks: &mut [u64; WINDOW],
        mut counts: Option<&mut [u64; WINDOW]>,
    ) {
        let end = base.saturating_add(WINDOW as DocId);
        loop {
            let docs = self.block.docs();
            let Some(rest) = docs.get(self.at..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            let is_whole = rest[rest.len() - 1] < end;
            let here = match is_whole {
                true => rest.len(),
                false => rest.partition_point(|&doc| doc < end),
            };
            // Always in the window; the remainder spares a check.
            let place = |doc: DocId| (doc - base) as usize % WINDOW;
            let left_out = &mut self.left_out;
            let is_counted = !left_out.is_empty();
            let mut bits = |doc: DocId| match is_counted && left_out.has(doc) {
                true => 0,
                false => u64::MAX,
            };
            match counts.as_deref_mut().filter(|_| self.unit > 0) {
                None => {
                    for &doc in &rest[..here] {
                        masks[place(doc)] |= self.bit & bits(doc);
                    }
                }
                Some(counts) => {
                    let freqs = &self.block.freqs()[self.at..];
                    for (&doc, &freq) in rest[..here].iter().zip(freqs) {
                        let bits = bits(doc);
                        masks[place(doc)] |= self.bit & bits;
                        let count = self.unit * u64::from(freq).min(BodyCounts::MANY);
                        counts[place(doc)] += count & bits;
                    }
                }
            }
            if !is_whole {
                self.at += here;
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}
