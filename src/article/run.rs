//! A run: a stretch of a section's text that reads as a stretch of the source.

use std::ops::Range;

use super::Place;

/// A stretch of a section's text and the source bytes it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// First byte in the section's text.
    pub text: u32,
    /// Length in the section's text, in bytes.
    pub text_len: u32,
    /// Where the stretch begins in the source.
    pub start: Place,
    /// Length in the source, in bytes.
    pub source_len: u32,
    /// How the source bytes read as the text.
    pub reads: Reads,
}

/// How a stretch of source bytes reads as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Byte for byte.
    Same,
    /// In another encoding, each character so many bytes wide.
    Wide(u8),
    /// As one unit (an entity, an escape, a replaced sequence) of so many characters in the source.
    Unit(u32),
}

impl Run {
    /// Whether its source reads as it does only as a whole.
    pub(super) fn is_unit(&self) -> bool {
        matches!(self.reads, Reads::Unit(_))
    }

    /// Where it ends in the section's text.
    pub(super) fn text_end(&self) -> u32 {
        self.text + self.text_len
    }

    /// Where it ends in the source.
    pub(super) fn source_end(&self) -> u64 {
        self.start.byte + u64::from(self.source_len)
    }

    /// The place `inside` bytes into it, in a section of this text. The run is no unit.
    pub(super) fn advance(&self, text: &str, inside: usize) -> Place {
        let from = self.text as usize;
        let chars = text
            .get(from..from + inside)
            .map_or(inside, |s| s.chars().count());
        self.place_in(inside, chars)
    }

    /// The place `inside` bytes, which are `chars` characters, into it. The run is no unit: its characters are the
    /// source's, all on one line.
    pub(super) fn place_in(&self, inside: usize, chars: usize) -> Place {
        let bytes = match self.reads {
            Reads::Wide(width) => chars * usize::from(width),
            Reads::Same | Reads::Unit(_) => inside,
        };
        Place {
            byte: self.start.byte + bytes as u64,
            line: self.start.line,
            column: self.start.column.saturating_add(chars as u32),
        }
    }

    /// The part inside `range` of the text, counted from the range's start, and what is left behind the range. Each part of a
    /// unit is read from the whole source of it.
    pub(super) fn cut(self, text: &str, range: &Range<usize>) -> (Option<Run>, Option<Run>) {
        let from = (range.start as u32)
            .saturating_sub(self.text)
            .min(self.text_len);
        let to = (range.end as u32)
            .saturating_sub(self.text)
            .min(self.text_len);
        if self.is_unit() {
            let inside = (from < to).then(|| Run {
                text: self.text + from - range.start as u32,
                text_len: to - from,
                ..self
            });
            let rest = (to < self.text_len).then(|| Run {
                text: self.text + to,
                text_len: self.text_len - to,
                ..self
            });
            return (inside, rest);
        }
        let inside = (from < to).then(|| Run {
            text: self.text + from - range.start as u32,
            ..self.part(text, from, to)
        });
        let rest = (to < self.text_len).then(|| self.part(text, to, self.text_len));
        (inside, rest)
    }

    fn part(&self, text: &str, from: u32, to: u32) -> Run {
        let start = self.advance(text, from as usize);
        let end = self.advance(text, to as usize);
        Run {
            text: self.text + from,
            text_len: to - from,
            start,
            source_len: (end.byte - start.byte) as u32,
            reads: self.reads,
        }
    }
}
