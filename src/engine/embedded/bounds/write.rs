//! Writes the bounds of a segment: each of its longer lists is read once.

use std::io::{self, Write};

use tantivy::postings::Postings;
use tantivy::schema::{Field as SchemaField, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED};

use super::super::schema::LEN_NAMES;
use super::{DENSE, LEAST_DOCS, LIST_BYTES, LISTS, MAGIC, RANGE, SPARSE, byte_of};
use crate::article::write_varint;
use crate::engine::ranking::Ranking;
use crate::query::Field;

/// Entries of at most so many bytes are held while their lengths are told; more are made twice.
const HELD_BYTES: usize = 24 << 20;

/// Writes the bounds of a segment. What stands before the entries says where each begins, so that all of them are made
/// before the first is written; those of five million sections take more memory than all else.
pub(in crate::engine::embedded) fn write_bounds(
    segment: &SegmentReader,
    fields: [SchemaField; Field::COUNT],
    out: &mut dyn Write,
) -> tantivy::Result<()> {
    let averages = averages(segment)?;
    let mut lists: Vec<(u32, usize)> = Vec::new();
    let mut counts = Vec::new();
    let mut held = Some(Vec::new());
    for field in 0..Field::COUNT {
        let before = lists.len();
        each_entry(segment, fields, &averages, field, &mut |start, entry| {
            lists.push((start, entry.len()));
            if let Some(bytes) = &mut held {
                bytes.extend_from_slice(entry);
            }
            held.take_if(|bytes| bytes.len() > HELD_BYTES);
            Ok(())
        })?;
        counts.push((lists.len() - before) as u32);
    }
    write_lists(&averages, &counts, &lists, out)?;
    if let Some(bytes) = held {
        return Ok(out.write_all(&bytes)?);
    }
    for field in 0..Field::COUNT {
        each_entry(segment, fields, &averages, field, &mut |_, entry| {
            out.write_all(entry)
        })?;
    }
    Ok(())
}

/// Writes what stands before the entries: of each list it is given where its postings begin and how long its entry is.
pub(super) fn write_lists(
    averages: &[f64; Field::MEASURED],
    counts: &[u32],
    lists: &[(u32, usize)],
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(MAGIC)?;
    for average in averages {
        out.write_all(&average.to_le_bytes())?;
    }
    for count in counts {
        out.write_all(&count.to_le_bytes())?;
    }
    let mut offset = LISTS + LIST_BYTES * lists.len();
    for (start, len) in lists {
        out.write_all(&start.to_le_bytes())?;
        out.write_all(&(offset as u32).to_le_bytes())?;
        offset += len;
    }
    Ok(())
}

/// The mean length of each field that has one.
fn averages(segment: &SegmentReader) -> tantivy::Result<[f64; Field::MEASURED]> {
    let mut averages = [0.0; Field::MEASURED];
    let docs = segment.max_doc();
    for (average, name) in averages.iter_mut().zip(LEN_NAMES) {
        let lens = segment.fast_fields().u64(name)?.first_or_default_col(0);
        let sum: u64 = (0..docs).map(|doc| lens.get_val(doc)).sum();
        if docs > 0 {
            *average = sum as f64 / f64::from(docs);
        }
    }
    Ok(averages)
}

/// What occurrences of a form in a field of each document are divided by; `None` for a field without lengths.
fn norms_of(
    segment: &SegmentReader,
    averages: &[f64; Field::MEASURED],
    field: usize,
) -> tantivy::Result<Option<Vec<f32>>> {
    let (Some(name), Some(&average)) = (LEN_NAMES.get(field), averages.get(field)) else {
        return Ok(None);
    };
    let lens = segment.fast_fields().u64(name)?.first_or_default_col(0);
    let lens = (0..segment.max_doc()).map(|doc| lens.get_val(doc));
    Ok(Some(norms(field, lens, average)))
}

/// Calls `each` for the longer lists of a field, with where the postings of each begin, and its entry.
fn each_entry(
    segment: &SegmentReader,
    fields: [SchemaField; Field::COUNT],
    averages: &[f64; Field::MEASURED],
    field: usize,
    each: &mut dyn FnMut(u32, &[u8]) -> io::Result<()>,
) -> tantivy::Result<()> {
    let mut ranges = ListRanges {
        norms: norms_of(segment, averages, field)?,
        ..ListRanges::default()
    };
    let inverted = segment.inverted_index(fields[field])?;
    let mut terms = inverted.terms().stream()?;
    let mut out = Vec::new();
    while terms.advance() {
        let info = terms.value();
        let Ok(start) = u32::try_from(info.postings_range.start) else {
            break;
        };
        if info.doc_freq < LEAST_DOCS {
            continue;
        }
        let mut list = inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        while list.doc() != TERMINATED {
            ranges.add(list.doc(), list.term_freq());
            list.advance();
        }
        ranges.end(&mut out);
        each(start, &out)?;
    }
    Ok(())
}

/// The ranges of the list at hand.
#[derive(Debug, Default)]
pub(super) struct ListRanges {
    /// What occurrences in each document are divided by; `None` for a field without lengths.
    pub(super) norms: Option<Vec<f32>>,
    /// The ranges with documents, each with its x.
    ranges: Vec<(u32, f32)>,
}

impl ListRanges {
    /// Notes the next document of the list.
    #[inline]
    pub(super) fn add(&mut self, doc: u32, count: u32) {
        let norm = self
            .norms
            .as_ref()
            .and_then(|norms| norms.get(doc as usize));
        // Rounding must not take anything off.
        let x = count as f32 / norm.copied().unwrap_or(1.0) * (1.0 + 1e-6);
        match self.ranges.last_mut() {
            Some((range, most)) if *range == doc / RANGE => *most = x.max(*most),
            _ => self.ranges.push((doc / RANGE, x)),
        }
    }

    /// Writes the entry of the list in place of what `out` holds; the next one begins.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        entry(&self.ranges, out);
        self.ranges.clear();
    }
}

/// The norms of documents of these lengths, as [`ListRanges`] has them.
pub(super) fn norms(field: usize, lens: impl Iterator<Item = u64>, average: f64) -> Vec<f32> {
    let ranking = Ranking::default();
    lens.map(|len| ranking.norm(field, len, average) as f32)
        .collect()
}

/// Writes the entry of a list in place of what `out` holds; whichever kind is shorter.
fn entry(ranges: &[(u32, f32)], out: &mut Vec<u8>) {
    let (first, last) = match (ranges.first(), ranges.last()) {
        (Some((first, _)), Some((last, _))) => (*first, *last),
        _ => (0, 0),
    };
    let span = (last - first) as usize + 1;
    out.clear();
    out.push(SPARSE);
    write_varint(out, u64::from(first));
    write_varint(out, ranges.len() as u64);
    let mut before = first;
    for &(range, x) in ranges {
        write_varint(out, u64::from(range - before));
        out.push(byte_of(x));
        before = range;
    }
    if out.len() <= span {
        return;
    }
    out.clear();
    out.push(DENSE);
    write_varint(out, u64::from(first));
    write_varint(out, span as u64);
    let start = out.len();
    out.resize(start + span, 0);
    for &(range, x) in ranges {
        if let Some(byte) = out.get_mut(start + (range - first) as usize) {
            *byte = byte_of(x);
        }
    }
}
