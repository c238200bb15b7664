//! Lines of a source as a stream, in bounded memory.

use std::io::{self, BufRead};

use crate::article::Place;

/// The lines of a source, from the front.
pub(super) struct LineStream<'a> {
    reader: Box<dyn BufRead + 'a>,
    /// Where the next line begins.
    next: Place,
}

/// A line that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineRead {
    /// Where it begins.
    pub(super) start: Place,
    /// Where the line behind it begins.
    pub(super) end: Place,
    /// Whether all of it was kept.
    pub(super) is_whole: bool,
}

impl<'a> LineStream<'a> {
    pub(super) fn new(reader: Box<dyn BufRead + 'a>) -> LineStream<'a> {
        LineStream {
            reader,
            next: Place::START,
        }
    }

    /// Reads the next line and puts its bytes, the line feed included, behind those of `out`, up to `limit` bytes of it.
    /// `None` at the end.
    pub(super) fn next(&mut self, out: &mut Vec<u8>, limit: usize) -> io::Result<Option<LineRead>> {
        let start = self.next;
        let (mut len, mut kept) = (0u64, 0usize);
        loop {
            let available = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = memchr::memchr(b'\n', available);
            let taken = end.map_or(available.len(), |at| at + 1);
            let room = limit.saturating_sub(kept).min(taken);
            let part = available.get(..room).unwrap_or_default();
            out.extend_from_slice(part);
            kept += part.len();
            len += taken as u64;
            self.reader.consume(taken);
            if end.is_some() || taken == 0 {
                break;
            }
        }
        if len == 0 {
            return Ok(None);
        }
        self.next = Place {
            byte: start.byte + len,
            line: start.line.saturating_add(1),
            column: 1,
        };
        Ok(Some(LineRead {
            start,
            end: self.next,
            is_whole: kept as u64 == len,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_with_their_places_and_long_ones_are_cut() {
        let bytes: &[u8] = b"ab\nlonger line\nx";
        let mut lines = LineStream::new(Box::new(io::BufReader::with_capacity(3, bytes)));
        let mut seen = Vec::new();
        let mut out = Vec::new();
        while let Some(line) = lines.next(&mut out, 4).expect("bytes") {
            seen.push((out.clone(), line.start.byte, line.start.line, line.is_whole));
            out.clear();
        }
        assert_eq!(
            seen,
            [
                (b"ab\n".to_vec(), 0, 1, true),
                (b"long".to_vec(), 3, 2, false),
                (b"x".to_vec(), 15, 3, true)
            ]
        );
    }
}
