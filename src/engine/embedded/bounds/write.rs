//! Writes the bounds of a segment: each of its longer lists is read once.

use tantivy::columnar::ColumnValues;
use tantivy::postings::Postings;
use tantivy::schema::{Field as SchemaField, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::super::schema::LEN_NAMES;
use super::{DENSE, LEAST_DOCS, LIST_BYTES, LISTS, MAGIC, RANGE, SPARSE, byte_of};
use crate::article::write_varint;
use crate::engine::ranking::Ranking;
use crate::query::Field;

/// The bounds of a segment, as they are written.
pub(in crate::engine::embedded) fn encode_bounds(
    segment: &SegmentReader,
    fields: [SchemaField; Field::COUNT],
) -> tantivy::Result<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    let mut norms = Vec::new();
    for (field, name) in LEN_NAMES.iter().enumerate() {
        let lens = segment.fast_fields().u64(name)?.first_or_default_col(0);
        let (average, of_field) = norms_of(field, lens.as_ref(), segment.max_doc());
        out.extend(average.to_le_bytes());
        norms.push(of_field);
    }
    let mut lists = Vec::new();
    for (field, schema_field) in fields.into_iter().enumerate() {
        let inverted = segment.inverted_index(schema_field)?;
        let own = entries(&inverted, norms.get(field).map(Vec::as_slice))?;
        out.extend((own.len() as u32).to_le_bytes());
        lists.extend(own);
    }
    let mut offset = LISTS + LIST_BYTES * lists.len();
    for (start, entry) in &lists {
        out.extend(start.to_le_bytes());
        out.extend((offset as u32).to_le_bytes());
        offset += entry.len();
    }
    lists.iter().for_each(|(_, entry)| out.extend(entry));
    Ok(out)
}

/// The mean length of a field in a segment, and what occurrences in each document are divided by.
fn norms_of(field: usize, lens: &dyn ColumnValues<u64>, docs: u32) -> (f64, Vec<f32>) {
    let mut all = Vec::with_capacity(docs as usize);
    let mut sum = 0;
    for doc in 0..docs {
        let len = lens.get_val(doc);
        sum += len;
        all.push(len);
    }
    let average = match docs {
        0 => 0.0,
        _ => sum as f64 / f64::from(docs),
    };
    let ranking = Ranking::default();
    let norm = |len| ranking.norm(field, len, average) as f32;
    (average, all.into_iter().map(norm).collect())
}

/// The longer lists of a field: where the postings of each begin, and its entry.
fn entries(
    inverted: &InvertedIndexReader,
    norms: Option<&[f32]>,
) -> tantivy::Result<Vec<(u32, Vec<u8>)>> {
    let mut all = Vec::new();
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let info = terms.value();
        let Ok(start) = u32::try_from(info.postings_range.start) else {
            break;
        };
        if info.doc_freq < LEAST_DOCS {
            continue;
        }
        let mut list = inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let mut ranges: Vec<(u32, f32)> = Vec::new();
        while list.doc() != TERMINATED {
            let doc = list.doc();
            let norm = norms.and_then(|norms| norms.get(doc as usize)).copied();
            // Rounding must not take anything off.
            let x = list.term_freq() as f32 / norm.unwrap_or(1.0) * (1.0 + 1e-6);
            match ranges.last_mut() {
                Some((range, most)) if *range == doc / RANGE => *most = most.max(x),
                _ => ranges.push((doc / RANGE, x)),
            }
            list.advance();
        }
        all.push((start, entry(&ranges)));
    }
    Ok(all)
}

/// The entry of a list; whichever kind is shorter.
fn entry(ranges: &[(u32, f32)]) -> Vec<u8> {
    let (first, last) = match (ranges.first(), ranges.last()) {
        (Some((first, _)), Some((last, _))) => (*first, *last),
        _ => (0, 0),
    };
    let span = (last - first) as usize + 1;
    let mut sparse = vec![SPARSE];
    write_varint(&mut sparse, u64::from(first));
    write_varint(&mut sparse, ranges.len() as u64);
    let mut before = first;
    for &(range, x) in ranges {
        write_varint(&mut sparse, u64::from(range - before));
        sparse.push(byte_of(x));
        before = range;
    }
    if sparse.len() <= span {
        return sparse;
    }
    let mut dense = vec![DENSE];
    write_varint(&mut dense, u64::from(first));
    write_varint(&mut dense, span as u64);
    let start = dense.len();
    dense.resize(start + span, 0);
    for &(range, x) in ranges {
        if let Some(byte) = dense.get_mut(start + (range - first) as usize) {
            *byte = byte_of(x);
        }
    }
    dense
}
