//! Writes the anchors of a segment.

use std::cmp::Reverse;
use std::io;

use tantivy::SegmentReader;

use super::super::form_table::{FormKey, FormTable};
use super::codes::{PairCodes, PairEncoder};
use super::{DOC_BLOCK, DocCode, FIXED_BYTES, MAGIC, MOST_COMMON, RARE_BLOCK};
use crate::article::{read_text, write_text, write_varint};
use crate::engine::embedded::document::StoredFields;
use crate::engine::stored_section::decode_anchor;

/// So many blocks of stored sections are kept decompressed: they are read in order.
const CACHE_BLOCKS: usize = 1;
/// No anchor shares more bytes with the one before.
const MOST_SHARED: usize = u8::MAX as usize;

/// The anchors of a segment's documents, its deleted ones among them, one behind the other, kept since these were written.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct SegmentAnchors {
    /// The text of each.
    bytes: Vec<u8>,
    docs: usize,
}

impl SegmentAnchors {
    /// Those of a segment's stored sections, as its table holds them.
    pub(in crate::engine::embedded) fn encode_stored(
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<u8>> {
        let mut anchors = NumberedAnchors::default();
        let store = segment.get_store_reader(CACHE_BLOCKS)?;
        for stored in store.iter::<StoredFields>(None) {
            let bytes = stored?.stored.unwrap_or_default();
            let anchor = decode_anchor(&bytes);
            let anchor = anchor.ok_or_else(|| io::Error::other("a stored section is damaged"))?;
            anchors.add(anchor.as_bytes());
        }
        Ok(anchors.table()?)
    }

    /// Adds the next document's.
    pub(in crate::engine::embedded) fn add(&mut self, anchor: &str) {
        write_text(&mut self.bytes, anchor.as_bytes());
        self.docs += 1;
    }

    /// What they take, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// As the table of a segment holds them.
    pub(in crate::engine::embedded) fn encode(&self) -> io::Result<Vec<u8>> {
        let mut numbered = NumberedAnchors::default();
        let mut rest = self.bytes.as_slice();
        for _ in 0..self.docs {
            numbered.add(read_text(&mut rest).unwrap_or_default());
        }
        numbered.table()
    }
}

/// Anchors and the documents that have them.
#[derive(Debug, Default)]
struct NumberedAnchors {
    anchors: FormTable,
    /// How often each stands.
    counts: Vec<u32>,
    /// The number of each document's.
    docs: Vec<u32>,
}

impl NumberedAnchors {
    fn add(&mut self, anchor: &[u8]) {
        let number = self.anchors.number_of(anchor, FormKey::of(anchor));
        match self.counts.get_mut(number as usize) {
            Some(count) => *count += 1,
            None => self.counts.push(1),
        }
        self.docs.push(number);
    }

    /// The numbers of the common anchors, the commonest first, and of the others, in the order of their text.
    fn common_and_rare(&self) -> (Vec<u32>, Vec<u32>) {
        let count = |number: u32| self.counts.get(number as usize).copied().unwrap_or(0);
        let numbers = 0..self.counts.len() as u32;
        let (mut common, mut rare): (Vec<u32>, Vec<u32>) =
            numbers.partition(|&number| count(number) > 1);
        let text = |number: u32| self.anchors.form(number as usize);
        common.sort_unstable_by_key(|&number| (Reverse(count(number)), text(number)));
        rare.extend(common.drain(common.len().min(MOST_COMMON)..));
        rare.sort_unstable_by(|&a, &b| text(a).cmp(text(b)));
        (common, rare)
    }

    /// As a table; an error where that would be too large.
    fn table(&self) -> io::Result<Vec<u8>> {
        let table = self.encode();
        table.ok_or_else(|| io::Error::other("a segment has too many anchors"))
    }

    /// As a table; `None` where that would be too large.
    fn encode(&self) -> Option<Vec<u8>> {
        // Places in the table of forms have 32 bits too.
        u32::try_from(self.anchors.parts().0.len()).ok()?;
        let (common, rare) = self.common_and_rare();
        let text = |&number: &u32| self.anchors.form(number as usize);
        let mut told = vec![DocCode::Common(0); self.counts.len()];
        let common_codes = (0..).map(DocCode::Common);
        let of_all = common.iter().zip(common_codes);
        for (&number, code) in of_all.chain(rare.iter().zip((0..).map(DocCode::Rare))) {
            told.get_mut(number as usize)
                .into_iter()
                .for_each(|own| *own = code);
        }
        let rests = rests_of(rare.iter().map(text));
        let codes = PairCodes::of(rests.iter().map(|&(_, rest)| rest));
        let mut header = Vec::new();
        codes.write(&mut header);
        write_varint(&mut header, common.len() as u64);
        (common.iter().map(text)).for_each(|anchor| write_text(&mut header, anchor));
        let (doc_ends, docs) = doc_blocks(&self.docs, &told);
        let (rare_ends, rare) = rare_blocks(&rests, &codes.encoder());
        let header_end = FIXED_BYTES + header.len();
        let start = header_end + 4 * (doc_ends.len() + rare_ends.len());
        let mut out = Vec::with_capacity(start + docs.len() + rare.len());
        out.extend_from_slice(MAGIC);
        for number in [header_end, self.docs.len(), rests.len()] {
            out.extend_from_slice(&u32::try_from(number).ok()?.to_le_bytes());
        }
        out.extend_from_slice(&header);
        let offsets = doc_ends.iter().map(|at| start + at);
        for offset in offsets.chain(rare_ends.iter().map(|at| start + docs.len() + at)) {
            out.extend_from_slice(&u32::try_from(offset).ok()?.to_le_bytes());
        }
        out.extend_from_slice(&docs);
        out.extend_from_slice(&rare);
        Some(out)
    }
}

/// How many bytes each of the anchors, which are in order, shares with the one before in its block, and the rest of it.
fn rests_of<'a>(anchors: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<(u8, &'a [u8])> {
    let mut before: &[u8] = &[];
    let mut rests = Vec::with_capacity(anchors.len());
    for (i, anchor) in anchors.enumerate() {
        let most = if i % RARE_BLOCK == 0 { 0 } else { MOST_SHARED };
        let pairs = anchor.iter().zip(before).take(most);
        let shared = pairs.take_while(|(own, other)| own == other).count();
        rests.push((shared as u8, anchor.get(shared..).unwrap_or_default()));
        before = anchor;
    }
    rests
}

/// Where each block of documents begins among all, and their anchors.
fn doc_blocks(docs: &[u32], told: &[DocCode]) -> (Vec<usize>, Vec<u8>) {
    let (mut starts, mut out) = (Vec::new(), Vec::new());
    for block in docs.chunks(DOC_BLOCK) {
        starts.push(out.len());
        for &number in block {
            let code = told.get(number as usize).copied();
            code.into_iter().for_each(|code| code.write(&mut out));
        }
    }
    (starts, out)
}

/// The same of the rare anchors.
fn rare_blocks(rests: &[(u8, &[u8])], encoder: &PairEncoder<'_>) -> (Vec<usize>, Vec<u8>) {
    let (mut starts, mut out, mut coded) = (Vec::new(), Vec::new(), Vec::new());
    for block in rests.chunks(RARE_BLOCK) {
        starts.push(out.len());
        for &(shared, rest) in block {
            encoder.encode(rest, &mut coded);
            out.push(shared);
            write_text(&mut out, &coded);
        }
    }
    (starts, out)
}
