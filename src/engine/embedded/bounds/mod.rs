//! How much the lists of a segment can count in ranges of its documents, written once beside it: so that a query looks at
//! the ranges that promise most, and at few others.
//!
//! A table is a file of the state like others; where a state has none of a segment, all documents are looked at.
//!
//! For a list, x is the largest n / norm of its documents in a range ([`RANGE`] of them), n being how often a document
//! holds the form in the field and norm what `engine::ranking` divides by, with the b and the mean lengths in the header.
//! It is kept as the least step of [`steps`] that is not below it. Lists of fewer than [`LEAST_DOCS`] documents have no
//! entry, they are soon read.
//!
//! # Layout
//!
//! All numbers are little-endian; `v` is a variable-length number.
//!
//! | what | how |
//! |---|---|
//! | [`MAGIC`] | 8 bytes |
//! | the mean length of each field that has one | f64, … |
//! | for each field the number of its lists | u32, … |
//! | for each list, by field and place: where its postings begin, and where its entry does from the start of the file | u32, u32 |
//! | the entries | |
//!
//! An entry is its kind (1 byte), the first range and the number of ranges (v, v), and for a dense one a byte for each
//! range from the first on (0 where it has no document), for a sparse one the distance to the range before (v) and a byte.

mod draft;
mod write;

pub(super) use self::draft::{BoundsDraft, FieldBounds};
pub(super) use self::write::write_bounds;

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::LazyLock;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::postings::TermInfo;

use super::storage::checksums::CheckedFile;
use crate::article::read_varint;
use crate::catalog::CatalogBytes;
use crate::query::Field;

/// What such a file begins with, its version at the end.
const MAGIC: &[u8; 8] = b"exbound1";
/// How many documents make a range.
pub(super) const RANGE: u32 = 128;
/// The documents that a list has at least whose bounds are kept.
pub(super) const LEAST_DOCS: u32 = 64;
/// The kinds of entries.
const DENSE: u8 = 0;
const SPARSE: u8 = 1;
/// Where the numbers of lists begin, and the lists.
const COUNTS: usize = 8 + 8 * Field::MEASURED;
const LISTS: usize = COUNTS + 4 * Field::COUNT;
/// The bytes of a list there.
const LIST_BYTES: usize = 8;

/// The values of the bytes: 0 for no document, then from .02 on by 5 %; the last one is beyond any frequency.
static STEPS: LazyLock<[f32; 256]> = LazyLock::new(|| {
    let mut steps = [0.0; 256];
    let mut value = 0.02_f32;
    for step in steps.iter_mut().skip(1) {
        *step = value;
        value *= 1.05;
    }
    steps[255] = 1e12;
    steps
});

/// The x that each byte stands for; 0 where there is no document.
pub(super) fn steps() -> &'static [f32; 256] {
    &STEPS
}

/// The name of the table of a segment.
pub(super) fn bounds_name(segment: &str) -> String {
    format!("bounds-{segment}.bin")
}

/// The bounds of a segment. Of its file is read what is asked for.
pub(super) struct BoundTable {
    file: CheckedFile,
    /// The mean lengths that its norms are made with.
    pub(super) averages: [f64; Field::MEASURED],
    /// How many lists each field has.
    counts: [usize; Field::COUNT],
}

impl BoundTable {
    /// The table that this file is; `None` where it is none, or damaged.
    pub(super) fn open(file: CheckedFile) -> Option<BoundTable> {
        let bytes = file.read_bytes(0..LISTS.min(file.len())).ok()?;
        bytes.starts_with(MAGIC).then_some(())?;
        let mut averages = [0.0; Field::MEASURED];
        for (i, average) in averages.iter_mut().enumerate() {
            let at = MAGIC.len() + 8 * i;
            *average = f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?);
        }
        let mut counts = [0; Field::COUNT];
        for (i, count) in counts.iter_mut().enumerate() {
            *count = file.number_at(COUNTS + 4 * i)?;
        }
        let lists: usize = counts.iter().sum();
        let end = LISTS.checked_add(lists.checked_mul(LIST_BYTES)?)?;
        (end <= file.len()).then_some(BoundTable {
            file,
            averages,
            counts,
        })
    }

    /// As it was written.
    pub(super) fn bytes(&self) -> std::io::Result<OwnedBytes> {
        self.file.read_all()
    }

    /// Calls `each` for runs of ranges of a list of a field: the first one, and for each of them the byte that stands for its
    /// x there ([`steps`]). Says whether the table has the list; where its entry is damaged, `None`.
    pub(super) fn each_run(
        &self,
        field: usize,
        info: &TermInfo,
        mut each: impl FnMut(usize, &[u8]),
    ) -> Option<bool> {
        let Some(at) = self.entry_of(field, info)? else {
            return Some(false);
        };
        let bytes = self.file.read_bytes(at).ok()?;
        let mut entry = bytes.as_slice();
        let (kind, rest) = entry.split_first()?;
        entry = rest;
        let first = usize::try_from(read_varint(&mut entry).ok()?).ok()?;
        let count = usize::try_from(read_varint(&mut entry).ok()?).ok()?;
        if *kind == DENSE {
            each(first, entry.get(..count)?);
            return Some(true);
        }
        let mut range = first;
        for _ in 0..count {
            range = range.checked_add(usize::try_from(read_varint(&mut entry).ok()?).ok()?)?;
            let (byte, rest) = entry.split_at_checked(1)?;
            entry = rest;
            each(range, byte);
        }
        Some(true)
    }

    /// Where the entry of a list lies; `None` inside where it has none.
    fn entry_of(&self, field: usize, info: &TermInfo) -> Option<Option<Range<usize>>> {
        let Ok(start) = u32::try_from(info.postings_range.start) else {
            return Some(None);
        };
        let before: usize = self.counts.iter().take(field).sum();
        let lists = LISTS + LIST_BYTES * before;
        let (mut low, mut high) = (0, *self.counts.get(field)?);
        while low < high {
            let middle = low + (high - low) / 2;
            let at = lists + LIST_BYTES * middle;
            match self.file.number_at(at)?.cmp(&(start as usize)) {
                Ordering::Equal => {
                    // Entries follow each other as their lists do.
                    let next = self.file.number_at(at + LIST_BYTES + 4);
                    let from = self.file.number_at(at + 4)?;
                    return Some(Some(from..next.unwrap_or(self.file.len())));
                }
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        Some(None)
    }
}

/// The byte of the least step that is not below `x`.
fn byte_of(x: f32) -> u8 {
    let steps = &*STEPS;
    let at = steps.partition_point(|&step| step < x);
    u8::try_from(at.clamp(1, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_stands_for_no_less_than_what_it_was_made_of() {
        for x in [1e-6, 0.02, 0.020001, 0.3, 1.0, 1.0001, 77.0, 4000.0, 1e9] {
            assert!(STEPS[usize::from(byte_of(x))] >= x, "{x}");
        }
        assert!(STEPS.is_sorted() && STEPS[254] > 4000.0);
        assert!(STEPS[usize::from(byte_of(1.0))] < 1.05);
    }
}
