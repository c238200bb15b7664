//! The places of a record in its source.

use crate::article::Place;

/// A record of a source, and where it stands there.
pub(super) struct RecordPlaces<'a> {
    record: &'a [u8],
    /// The place of the record's first byte.
    start: Place,
    line_starts: Vec<u32>,
    /// Whether columns count characters of UTF-8; else bytes.
    is_utf8: bool,
    /// The last answer: offset, index of its line, column.
    last: (usize, usize, u32),
}

impl<'a> RecordPlaces<'a> {
    /// `record` stands at `start`.
    pub(super) fn new(record: &'a [u8], start: Place) -> RecordPlaces<'a> {
        let ends = memchr::memchr_iter(b'\n', record).map(|at| at as u32 + 1);
        RecordPlaces {
            record,
            start,
            line_starts: std::iter::once(0).chain(ends).collect(),
            is_utf8: std::str::from_utf8(record).is_ok(),
            last: (0, 0, start.column),
        }
    }

    /// The place of the byte at `offset` of the record. Asking in order is cheap, also on one endless line.
    pub(super) fn place(&mut self, offset: usize) -> Place {
        let offset = offset.min(self.record.len());
        let behind = self
            .line_starts
            .partition_point(|&start| start as usize <= offset);
        let line = behind.saturating_sub(1);
        let line_start = self.line_starts.get(line).map_or(0, |&at| at as usize);
        let (last_offset, last_line, last_column) = self.last;
        let (from, column) = match last_line == line && last_offset <= offset {
            true => (last_offset, last_column),
            false if line == 0 => (line_start, self.start.column),
            false => (line_start, 1),
        };
        let column = column + self.chars(from, offset);
        self.last = (offset, line, column);
        Place {
            byte: self.start.byte + offset as u64,
            line: self.start.line.saturating_add(line as u32),
            column,
        }
    }

    /// How many characters stand between two offsets.
    pub(super) fn chars(&self, from: usize, to: usize) -> u32 {
        let bytes = self.record.get(from..to).unwrap_or_default();
        let is_continued = |byte: &&u8| self.is_utf8 && **byte & 0xc0 == 0x80;
        (bytes.len() - bytes.iter().filter(is_continued).count()) as u32
    }
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
        let mut places = RecordPlaces::new(record, start);
        let seen: Vec<_> = [3, 5, 8, 0]
            .map(|at| places.place(at))
            .iter()
            .map(|place| (place.byte, place.line, place.column))
            .collect();
        assert_eq!(seen, [(103, 7, 5), (105, 8, 1), (108, 8, 3), (100, 7, 3)]);
    }
}
