//! A text assembled from stretches of a source, and the way back: a decoded body, an unescaped string.

use std::ops::Range;

/// Bytes that were assembled from a record of a source. Offsets into the record are 32 bits: records are far smaller.
#[derive(Debug, Clone, Default)]
pub(super) struct Assembled {
    bytes: Vec<u8>,
    pieces: Vec<SourcePiece>,
    /// What stands for the place of a text without a source.
    home: u32,
}

/// A stretch of the bytes and the stretch of the record it comes from. It ends where the next one begins.
#[derive(Debug, Clone, Copy)]
struct SourcePiece {
    at: u32,
    source: u32,
    source_len: u32,
    is_same: bool,
}

/// What [`Assembled::piece_at`] finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundPiece {
    /// The bytes it covers.
    pub(super) range: Range<usize>,
    /// Where they come from in the record.
    pub(super) source: Range<usize>,
    /// Whether they stand there as they are; else they stand for the whole of `source`.
    pub(super) is_same: bool,
}

impl Assembled {
    /// Nothing yet, of a record in which it stands at `home`.
    pub(super) fn new(home: usize) -> Assembled {
        Assembled {
            home: home as u32,
            ..Assembled::default()
        }
    }

    /// Adds the bytes of `record` at `source` as they are.
    pub(super) fn push_same(&mut self, record: &[u8], source: Range<usize>) {
        let Some(bytes) = record.get(source.clone()).filter(|bytes| !bytes.is_empty()) else {
            return;
        };
        match self.pieces.last_mut() {
            Some(last)
                if last.is_same && (last.source + last.source_len) as usize == source.start =>
            {
                last.source_len += bytes.len() as u32;
            }
            _ => self.begin(&source, true),
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds `bytes`, which all of the record at `source` stands for; an empty `source` where nothing does.
    pub(super) fn push_unit(&mut self, bytes: &[u8], source: Range<usize>) {
        if !bytes.is_empty() {
            self.begin(&source, false);
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn begin(&mut self, source: &Range<usize>, is_same: bool) {
        self.pieces.push(SourcePiece {
            at: self.bytes.len() as u32,
            source: source.start as u32,
            source_len: source.len() as u32,
            is_same,
        });
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Only the bytes in `ranges`, which are in order and do not overlap.
    pub(super) fn only(&self, ranges: &[Range<usize>]) -> Assembled {
        let mut kept = Assembled::new(self.home as usize);
        for range in ranges {
            let mut at = range.start;
            while let Some(piece) = self.piece_at(at).filter(|_| at < range.end) {
                let end = piece.range.end.min(range.end);
                let Some(bytes) = self.bytes.get(at..end) else {
                    break;
                };
                let source = match piece.is_same {
                    true => {
                        let from = piece.source.start + (at - piece.range.start);
                        from..from + bytes.len()
                    }
                    false => piece.source,
                };
                kept.push_piece(bytes, source, piece.is_same);
                at = end;
            }
        }
        kept
    }

    fn push_piece(&mut self, bytes: &[u8], source: Range<usize>, is_same: bool) {
        match self.pieces.last_mut() {
            Some(last)
                if is_same
                    && last.is_same
                    && (last.source + last.source_len) as usize == source.start =>
            {
                last.source_len += source.len() as u32;
            }
            // Two pieces that stand for the same stretch are one.
            Some(last)
                if !is_same
                    && !last.is_same
                    && last.source as usize == source.start
                    && !source.is_empty() => {}
            _ => self.begin(&source, is_same),
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The stretch that holds byte `at`; `None` from the end on.
    pub(super) fn piece_at(&self, at: usize) -> Option<FoundPiece> {
        if at >= self.bytes.len() {
            return None;
        }
        let next = self.pieces.partition_point(|piece| piece.at as usize <= at);
        let piece = self.pieces.get(next.checked_sub(1)?)?;
        let end = self
            .pieces
            .get(next)
            .map_or(self.bytes.len(), |p| p.at as usize);
        let source = piece.source as usize;
        Some(FoundPiece {
            range: piece.at as usize..end,
            source: source..source + piece.source_len as usize,
            is_same: piece.is_same,
        })
    }

    /// Where the byte at `at` comes from, as an offset in the record; at the end, where the last one's source ends.
    pub(super) fn source_of(&self, at: usize) -> usize {
        match self.piece_at(at) {
            Some(piece) if piece.is_same => piece.source.start + (at - piece.range.start),
            Some(piece) => piece.source.start,
            None => self.source_end(at),
        }
    }

    /// Where the source of the bytes before `end` ends.
    pub(super) fn source_end(&self, end: usize) -> usize {
        let last = end.min(self.bytes.len()).checked_sub(1);
        match last.and_then(|at| Some((at, self.piece_at(at)?))) {
            Some((at, piece)) if piece.is_same => piece.source.start + (at - piece.range.start) + 1,
            Some((_, piece)) => piece.source.end,
            None => self.home as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_where_it_comes_from() {
        let record = b"ab=C3=A9 cd";
        let mut text = Assembled::new(0);
        text.push_same(record, 0..1);
        text.push_same(record, 1..2);
        text.push_unit(&[0xc3], 2..5);
        text.push_unit(&[0xa9], 5..8);
        text.push_same(record, 8..11);
        assert_eq!(text.bytes(), "abé cd".as_bytes());
        let sources: Vec<_> = (0..=7).map(|at| text.source_of(at)).collect();
        assert_eq!(sources, [0, 1, 2, 5, 8, 9, 10, 11]);
        assert_eq!((text.source_end(4), text.source_end(2)), (8, 2));
        let kept = text.only(&[1..4, 6..7]);
        assert_eq!(kept.bytes(), "béd".as_bytes());
        assert_eq!((kept.source_of(1), kept.source_of(3)), (2, 10));
        assert_eq!(Assembled::new(7).source_of(0), 7);
    }
}
