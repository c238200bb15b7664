//! Writes the anchors of a segment.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io;

use tantivy::SegmentReader;

use super::codes::{PairCodes, PairEncoder};
use super::{DOC_BLOCK, DocCode, FIXED_BYTES, MAGIC, MOST_COMMON, RARE_BLOCK};
use crate::article::{read_text, write_text, write_varint};
use crate::engine::embedded::document::StoredFields;
use crate::engine::stored_section::decode_anchor;

/// So many blocks of stored sections are kept decompressed: they are read in order.
const CACHE_BLOCKS: usize = 1;
/// No anchor shares more bytes with the one before.
const MOST_SHARED: usize = u8::MAX as usize;

/// The anchors of a segment's documents, its deleted ones among them, one behind the other: read from its stored sections,
/// or kept since these were written.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct SegmentAnchors {
    /// The text of each.
    bytes: Vec<u8>,
    docs: usize,
}

impl SegmentAnchors {
    /// Those of the stored sections.
    pub(in crate::engine::embedded) fn stored(
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentAnchors> {
        let mut anchors = SegmentAnchors::default();
        let store = segment.get_store_reader(CACHE_BLOCKS)?;
        for stored in store.iter::<StoredFields>(None) {
            let bytes = stored?.stored.unwrap_or_default();
            let anchor = decode_anchor(&bytes);
            anchors.add(anchor.ok_or_else(|| io::Error::other("a stored section is damaged"))?);
        }
        Ok(anchors)
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
            let anchor = read_text(&mut rest).unwrap_or_default();
            numbered.add(std::str::from_utf8(anchor).unwrap_or_default());
        }
        let table = numbered.encode();
        table.ok_or_else(|| io::Error::other("a segment has too many anchors"))
    }
}

/// Anchors and the documents that have them.
#[derive(Debug, Default)]
struct NumberedAnchors<'a> {
    /// How often each stands, and its number.
    known: HashMap<&'a str, (u32, u32)>,
    /// The number of each document's.
    docs: Vec<u32>,
}

impl<'a> NumberedAnchors<'a> {
    fn add(&mut self, anchor: &'a str) {
        let next = self.known.len() as u32;
        let own = self.known.entry(anchor).or_insert((0, next));
        own.0 += 1;
        self.docs.push(own.1);
    }

    /// As a table; `None` where that would be too large.
    fn encode(&self) -> Option<Vec<u8>> {
        let mut all: Vec<(&str, u32, u32)> = (self.known.iter())
            .map(|(&anchor, &(count, number))| (anchor, count, number))
            .collect();
        all.sort_unstable_by_key(|&(anchor, count, _)| (Reverse(count), anchor));
        let repeated = all.partition_point(|&(_, count, _)| count > 1);
        let (common, rare) = all.split_at_mut(repeated.min(MOST_COMMON));
        rare.sort_unstable_by_key(|&(anchor, ..)| anchor);
        let mut told = vec![DocCode::Common(0); self.known.len()];
        let common_codes = (0..).map(DocCode::Common);
        let of_all = common.iter().zip(common_codes);
        for (&(_, _, number), code) in of_all.chain(rare.iter().zip((0..).map(DocCode::Rare))) {
            told.get_mut(number as usize)
                .into_iter()
                .for_each(|own| *own = code);
        }
        let rare: Vec<&str> = rare.iter().map(|&(anchor, ..)| anchor).collect();
        let rests = rests_of(&rare);
        let codes = PairCodes::of(rests.iter().map(|&(_, rest)| rest));
        let mut header = Vec::new();
        codes.write(&mut header);
        write_varint(&mut header, common.len() as u64);
        common
            .iter()
            .for_each(|(anchor, ..)| write_text(&mut header, anchor.as_bytes()));
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
fn rests_of<'a>(anchors: &[&'a str]) -> Vec<(u8, &'a [u8])> {
    let mut before: &[u8] = &[];
    let mut rests = Vec::with_capacity(anchors.len());
    for (i, anchor) in anchors.iter().map(|anchor| anchor.as_bytes()).enumerate() {
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
