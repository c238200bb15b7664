//! The places of a record in its source.

use crate::article::Place;

/// Continuation bytes are counted up to each so many bytes, so that no place costs more than that to tell: a page may be
/// one endless line, and a body one unit that all of its sections are read from.
const BLOCK_BYTES: usize = 1 << 10;

/// A record of a source, and where it stands there.
pub(super) struct RecordPlaces<'a> {
    record: &'a [u8],
    /// The place of the record's first byte.
    start: Place,
    line_starts: Vec<u32>,
    /// How many bytes before each block do not begin a character; nothing where columns count bytes: in ASCII, and where
    /// the record is no UTF-8.
    continued: Vec<u32>,
}

impl<'a> RecordPlaces<'a> {
    /// `record` stands at `start`.
    pub(super) fn new(record: &'a [u8], start: Place) -> RecordPlaces<'a> {
        let ends = memchr::memchr_iter(b'\n', record).map(|at| at as u32 + 1);
        let is_wide = !record.is_ascii() && std::str::from_utf8(record).is_ok();
        let blocks = record.chunks(BLOCK_BYTES).filter(|_| is_wide);
        let up_to = blocks.scan(0, |before, block| {
            let own = *before;
            *before += count_continued(block);
            Some(own)
        });
        RecordPlaces {
            record,
            start,
            line_starts: std::iter::once(0).chain(ends).collect(),
            continued: up_to.collect(),
        }
    }

    /// The place of the byte at `offset` of the record.
    pub(super) fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.record.len());
        let behind = self
            .line_starts
            .partition_point(|&start| start as usize <= offset);
        let line = behind.saturating_sub(1);
        let line_start = self.line_starts.get(line).map_or(0, |&at| at as usize);
        let first = match line {
            0 => self.start.column,
            _ => 1,
        };
        Place {
            byte: self.start.byte + offset as u64,
            line: self.start.line.saturating_add(line as u32),
            column: first + self.chars(line_start, offset),
        }
    }

    /// How many characters stand between two offsets; none where the second is before the first, or behind the record.
    pub(super) fn chars(&self, from: usize, to: usize) -> u32 {
        match from <= to && to <= self.record.len() {
            true => (to - from) as u32 - (self.continued_before(to) - self.continued_before(from)),
            false => 0,
        }
    }

    /// How many bytes before `at` do not begin a character.
    fn continued_before(&self, at: usize) -> u32 {
        let block = at / BLOCK_BYTES;
        // At the end of a record that fills its last block there is none further.
        match self.continued.get(block).or(self.continued.last()) {
            Some(before) => {
                let first = block.min(self.continued.len() - 1) * BLOCK_BYTES;
                before + count_continued(self.record.get(first..at).unwrap_or_default())
            }
            None => 0,
        }
    }
}

fn count_continued(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xc0 == 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_where_the_record_stands() {
        let start = Place {
            byte: 100,
            line: 7,
            column: 3,
        };
        let record = "aéb\ncéd".as_bytes();
        let places = RecordPlaces::new(record, start);
        let seen: Vec<_> = [3, 5, 8, 0]
            .map(|at| places.place(at))
            .iter()
            .map(|place| (place.byte, place.line, place.column))
            .collect();
        assert_eq!(seen, [(103, 7, 5), (105, 8, 1), (108, 8, 3), (100, 7, 3)]);
    }

    #[test]
    fn places_are_those_that_counting_from_the_front_gives() {
        for unit in ["a", "é", "北", "😀x", "a\né", "é\n"] {
            for len in [1, 500, 1_023, 1_024, 3_000] {
                let record = unit.repeat(len);
                let places = RecordPlaces::new(record.as_bytes(), Place::START);
                for at in (0..=record.len())
                    .filter(|&at| record.is_char_boundary(at))
                    .step_by(7)
                {
                    let line_start = record[..at].rfind('\n').map_or(0, |end| end + 1);
                    let place = places.place(at);
                    assert_eq!(place.line as usize, record[..at].matches('\n').count() + 1);
                    assert_eq!(
                        place.column as usize,
                        record[line_start..at].chars().count() + 1
                    );
                    let rest = places.chars(at, record.len()) as usize;
                    assert_eq!(rest, record[at..].chars().count());
                }
            }
        }
        let bytes = RecordPlaces::new(b"\xe9t\xe9", Place::START);
        assert_eq!((bytes.place(2).column, bytes.chars(0, 3)), (3, 3));
    }
}
