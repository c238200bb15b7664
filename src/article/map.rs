//! The source map: from offsets in a section's text to places in the source file.

use std::cell::Cell;
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
    fn text_end(&self) -> u32 {
        self.text + self.text_len
    }

    fn source_end(&self) -> u64 {
        self.start.byte + u64::from(self.source_len)
    }
}

/// Runs in the order of the text, without overlap. Text between two runs (separators) has no source of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

/// An encoded source map that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored source map is damaged")]
pub struct MapError;

impl SourceMap {
    /// Adds a run. Runs must come in the order of the text; one that adjoins on the same line and reads alike is joined.
    pub fn push(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut() {
            let joins = last.reads == run.reads
                && !matches!(run.reads, Reads::Unit(_))
                && last.text_end() == run.text
                && last.source_end() == run.start.byte
                && last.start.line == run.start.line;
            if joins {
                last.text_len += run.text_len;
                last.source_len += run.source_len;
                return;
            }
        }
        self.runs.push(run);
    }

    /// The runs, in order.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs that overlap the bytes `start..end` of the text.
    pub fn runs_within(&self, start: usize, end: usize) -> impl Iterator<Item = &Run> {
        let first = self
            .runs
            .partition_point(|run| run.text_end() as usize <= start);
        self.runs[first..]
            .iter()
            .take_while(move |run| (run.text as usize) < end)
    }

    /// The place of the character that begins at byte `offset` of `text`; of the next one that has a source
    /// where this one has none. `None` for an empty map.
    #[must_use]
    pub fn place_of(&self, text: &str, offset: usize) -> Option<Place> {
        self.places(text).place_of(offset)
    }

    /// The place just behind the character that ends at byte `offset` of `text`. `None` for an empty map.
    #[must_use]
    pub fn end_of(&self, text: &str, offset: usize) -> Option<Place> {
        self.places(text).end_of(offset)
    }

    /// The places of `text`. Where many are asked for in order, all together cost one pass over the text.
    #[must_use]
    pub fn places<'a>(&'a self, text: &'a str) -> Places<'a> {
        Places {
            map: self,
            text,
            counted: Cell::new((0, 0, 0)),
        }
    }

    /// Cuts the map into one for each of `ranges` of the text, which are in order and do not overlap. Offsets of each
    /// count from its range's start.
    #[must_use]
    pub fn split(self, text: &str, ranges: &[Range<usize>]) -> Vec<SourceMap> {
        let mut runs = self.runs.into_iter();
        let mut next = runs.next();
        let mut maps = Vec::with_capacity(ranges.len());
        for range in ranges {
            let mut part = SourceMap::default();
            while let Some(run) = next.filter(|run| (run.text as usize) < range.end) {
                let (inside, rest) = cut_run(run, text, range.clone());
                part.runs.extend(inside);
                next = rest.or_else(|| runs.next());
                if rest.is_some() {
                    break;
                }
            }
            maps.push(part);
        }
        maps
    }

    /// Writes the runs as delta-coded variable-length integers behind what `out` holds.
    pub fn encode(&self, out: &mut Vec<u8>) {
        write_varint(out, self.runs.len() as u64);
        let mut last = Cursor::default();
        for run in &self.runs {
            let soft_break = last.after_soft_break(run.text_len) == Some(*run);
            write_varint(out, u64::from(run.text_len) << 1 | u64::from(soft_break));
            if !soft_break {
                write_varint(out, u64::from(run.text - last.text));
                let moved = run.start.byte as i64 - last.byte as i64;
                write_varint(
                    out,
                    zigzag(moved) << 1 | u64::from(run.reads == Reads::Same),
                );
                write_varint(
                    out,
                    zigzag(i64::from(run.start.line) - i64::from(last.line)),
                );
                write_varint(out, u64::from(run.start.column));
                encode_reads(run, out);
            }
            last = Cursor::behind(run);
        }
    }

    /// Reads what [`SourceMap::encode`] wrote from the front of `bytes`, which is moved behind it.
    ///
    /// # Errors
    /// [`MapError`] where the bytes are no source map.
    pub fn decode(bytes: &mut &[u8]) -> Result<SourceMap, MapError> {
        let count = read_varint(bytes)?;
        let mut runs = Vec::with_capacity(count.min(bytes.len() as u64) as usize);
        let mut last = Cursor::default();
        for _ in 0..count {
            let run = decode_run(bytes, last)?;
            last = Cursor::behind(&run);
            runs.push(run);
        }
        Ok(SourceMap { runs })
    }
}

/// What the next run is coded against: the end of the last one.
#[derive(Default, Clone, Copy)]
struct Cursor {
    text: u32,
    byte: u64,
    line: u32,
}

impl Cursor {
    fn behind(run: &Run) -> Cursor {
        Cursor {
            text: run.text_end(),
            byte: run.source_end(),
            line: run.start.line,
        }
    }

    /// The commonest run: the next line of a wrapped paragraph, its line feed read as one space.
    /// `None` where it would end beyond all counting.
    fn after_soft_break(self, len: u32) -> Option<Run> {
        let start = Place {
            byte: self.byte.checked_add(1)?,
            line: self.line.checked_add(1)?,
            column: 1,
        };
        let text = self.text.checked_add(1)?;
        text.checked_add(len)?;
        start.byte.checked_add(u64::from(len))?;
        Some(Run {
            text,
            text_len: len,
            start,
            source_len: len,
            reads: Reads::Same,
        })
    }
}

/// What is written of a run that does not read byte for byte: its length, then 0 and its characters, or their width.
fn encode_reads(run: &Run, out: &mut Vec<u8>) {
    match run.reads {
        Reads::Same => {}
        Reads::Wide(width) => {
            write_varint(out, u64::from(run.source_len));
            write_varint(out, u64::from(width));
        }
        Reads::Unit(chars) => {
            write_varint(out, u64::from(run.source_len));
            write_varint(out, 0);
            write_varint(out, u64::from(chars));
        }
    }
}

/// Reads the length and manner of a run of `text_len` bytes.
fn decode_reads(bytes: &mut &[u8], is_same: bool, text_len: u32) -> Result<(u32, Reads), MapError> {
    if is_same {
        return Ok((text_len, Reads::Same));
    }
    let source_len = read_u32(bytes)?;
    let reads = match u8::try_from(read_varint(bytes)?).map_err(|_| MapError)? {
        0 => Reads::Unit(read_u32(bytes)?),
        width => Reads::Wide(width),
    };
    Ok((source_len, reads))
}

fn read_u32(bytes: &mut &[u8]) -> Result<u32, MapError> {
    u32::try_from(read_varint(bytes)?).map_err(|_| MapError)
}

/// The part of `run` inside `range`, counted from the range's start, and what is left of it behind the range.
fn cut_run(run: Run, text: &str, range: Range<usize>) -> (Option<Run>, Option<Run>) {
    let from = (range.start as u32)
        .saturating_sub(run.text)
        .min(run.text_len);
    let to = (range.end as u32)
        .saturating_sub(run.text)
        .min(run.text_len);
    if matches!(run.reads, Reads::Unit(_)) {
        let inside = Run {
            text: run.text.saturating_sub(range.start as u32),
            ..run
        };
        return ((from < run.text_len).then_some(inside), None);
    }
    let part = |from: u32, to: u32| {
        let (start, end) = (
            advance(&run, text, from as usize),
            advance(&run, text, to as usize),
        );
        Run {
            text: run.text + from,
            text_len: to - from,
            start,
            source_len: (end.byte - start.byte) as u32,
            reads: run.reads,
        }
    };
    let inside = (from < to).then(|| Run {
        text: run.text + from - range.start as u32,
        ..part(from, to)
    });
    (inside, (to < run.text_len).then(|| part(to, run.text_len)))
}

fn decode_run(bytes: &mut &[u8], last: Cursor) -> Result<Run, MapError> {
    let head = read_varint(bytes)?;
    let text_len = u32::try_from(head >> 1).map_err(|_| MapError)?;
    if head & 1 == 1 {
        return last.after_soft_break(text_len).ok_or(MapError);
    }
    let gap = read_u32(bytes)?;
    let moved = read_varint(bytes)?;
    let is_same = moved & 1 == 1;
    let byte = last
        .byte
        .checked_add_signed(unzigzag(moved >> 1))
        .ok_or(MapError)?;
    let line = i64::from(last.line).checked_add(unzigzag(read_varint(bytes)?));
    let line = line
        .and_then(|line| u32::try_from(line).ok())
        .ok_or(MapError)?;
    let column = read_u32(bytes)?;
    let (source_len, reads) = decode_reads(bytes, is_same, text_len)?;
    let text = last.text.checked_add(gap).ok_or(MapError)?;
    let is_sound = text.checked_add(text_len).is_some()
        && byte.checked_add(u64::from(source_len)).is_some()
        && line < u32::MAX;
    is_sound
        .then_some(Run {
            text,
            text_len,
            start: Place { byte, line, column },
            source_len,
            reads,
        })
        .ok_or(MapError)
}

/// The places of a text.
#[derive(Debug)]
pub struct Places<'a> {
    map: &'a SourceMap,
    text: &'a str,
    /// The run that was last looked into, by its first byte; a byte in it, and the characters before that.
    counted: Cell<(u32, usize, usize)>,
}

impl Places<'_> {
    /// [`SourceMap::place_of`].
    #[must_use]
    pub fn place_of(&self, offset: usize) -> Option<Place> {
        let runs = &self.map.runs;
        let at = runs.partition_point(|run| run.text_end() as usize <= offset);
        let Some(run) = runs.get(at) else {
            return self.end_of(offset);
        };
        let inside = offset.saturating_sub(run.text as usize);
        Some(match run.reads {
            Reads::Unit(_) => run.start,
            Reads::Same | Reads::Wide(_) => self.advance(run, inside),
        })
    }

    /// [`SourceMap::end_of`].
    #[must_use]
    pub fn end_of(&self, offset: usize) -> Option<Place> {
        let runs = &self.map.runs;
        let at = runs.partition_point(|run| (run.text as usize) < offset);
        let Some(run) = at.checked_sub(1).and_then(|i| runs.get(i)) else {
            return runs.first().map(|run| run.start);
        };
        let inside = (offset - run.text as usize).min(run.text_len as usize);
        Some(match run.reads {
            Reads::Unit(chars) => Place {
                byte: run.source_end(),
                line: run.start.line,
                column: run.start.column.saturating_add(chars),
            },
            Reads::Same | Reads::Wide(_) => self.advance(run, inside),
        })
    }

    fn advance(&self, run: &Run, inside: usize) -> Place {
        let from = run.text as usize;
        let (last_run, last, last_chars) = self.counted.get();
        let (last, last_chars) = match last_run == run.text && last <= inside {
            true => (last, last_chars),
            false => (0, 0),
        };
        let Some(ahead) = self.text.get(from + last..from + inside) else {
            return place_in(run, inside, inside);
        };
        let chars = last_chars + ahead.chars().count();
        self.counted.set((run.text, inside, chars));
        place_in(run, inside, chars)
    }
}

/// The place `inside` bytes into a run that is no unit.
fn advance(run: &Run, text: &str, inside: usize) -> Place {
    let from = run.text as usize;
    let chars = text
        .get(from..from + inside)
        .map_or(inside, |s| s.chars().count());
    place_in(run, inside, chars)
}

/// The place `inside` bytes, which are `chars` characters, into a run that is no unit: its characters are the source's,
/// all on one line.
fn place_in(run: &Run, inside: usize, chars: usize) -> Place {
    let bytes = match run.reads {
        Reads::Wide(width) => chars * usize::from(width),
        Reads::Same | Reads::Unit(_) => inside,
    };
    Place {
        byte: run.start.byte + bytes as u64,
        line: run.start.line,
        column: run.start.column.saturating_add(chars as u32),
    }
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Writes `value` in groups of seven bits, lowest first, as LEB128 does.
pub(crate) fn write_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads what [`write_varint`] wrote and moves `bytes` behind it.
pub(crate) fn read_varint(bytes: &mut &[u8]) -> Result<u64, MapError> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(MapError)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(MapError)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (String, SourceMap) {
        // Source: "Minsk\nagree&shy;&amp; ok", the soft hyphen dropped, and "да" in two bytes.
        let text = "Minsk agree& okда".to_string();
        let mut map = SourceMap::default();
        let place = |byte, line, column| Place { byte, line, column };
        map.push(Run {
            text: 0,
            text_len: 5,
            start: place(0, 1, 1),
            source_len: 5,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 6,
            text_len: 5,
            start: place(6, 2, 1),
            source_len: 5,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 11,
            text_len: 1,
            start: place(16, 2, 11),
            source_len: 5,
            reads: Reads::Unit(5),
        });
        map.push(Run {
            text: 12,
            text_len: 3,
            start: place(21, 2, 16),
            source_len: 3,
            reads: Reads::Same,
        });
        map.push(Run {
            text: 15,
            text_len: 4,
            start: place(24, 2, 19),
            source_len: 2,
            reads: Reads::Wide(1),
        });
        (text, map)
    }

    #[test]
    fn places_follow_soft_breaks_and_entities() {
        let (text, map) = sample();
        assert_eq!(
            map.place_of(&text, 6),
            Some(Place {
                byte: 6,
                line: 2,
                column: 1
            })
        );
        assert_eq!(
            map.place_of(&text, 8),
            Some(Place {
                byte: 8,
                line: 2,
                column: 3
            })
        );
        assert_eq!(
            map.place_of(&text, 11),
            Some(Place {
                byte: 16,
                line: 2,
                column: 11
            })
        );
        assert_eq!(
            map.end_of(&text, 12),
            Some(Place {
                byte: 21,
                line: 2,
                column: 16
            })
        );
        assert_eq!(
            map.end_of(&text, 5),
            Some(Place {
                byte: 5,
                line: 1,
                column: 6
            })
        );
        assert_eq!(
            map.end_of(&text, 15),
            Some(Place {
                byte: 24,
                line: 2,
                column: 19
            })
        );
        assert_eq!(
            map.place_of(&text, 17),
            Some(Place {
                byte: 25,
                line: 2,
                column: 20
            })
        );
    }

    #[test]
    fn a_map_whose_runs_end_beyond_all_counting_is_an_error() {
        let coded = |numbers: &[u64]| {
            let mut out = Vec::new();
            numbers.iter().for_each(|&n| write_varint(&mut out, n));
            SourceMap::decode(&mut out.as_slice())
        };
        let (most, far) = (u64::from(u32::MAX), u64::MAX >> 1);
        // Count; length, gap, distance, lines, column.
        assert!(coded(&[1, 10, 0, 1, 2, 1]).is_ok());
        for numbers in [
            &[1, most << 1, 1, 1, 2, 1][..],
            &[2, 10, 0, 1, 2, 1, 10, 0, 1, far - 1, 1],
            &[2, 0, most, 1, 2, 1, 11],
            &[2, 10, 0, 1, most << 1, 1, 11],
        ] {
            assert_eq!(coded(numbers), Err(MapError), "{numbers:?}");
        }
    }

    #[test]
    fn an_encoded_map_reads_back_and_a_cut_one_is_an_error() {
        let (_, map) = sample();
        let mut bytes = Vec::new();
        map.encode(&mut bytes);
        assert_eq!(SourceMap::decode(&mut bytes.as_slice()), Ok(map));
        for cut in 0..bytes.len() {
            assert_eq!(
                SourceMap::decode(&mut &bytes[..cut]),
                Err(MapError),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn splitting_keeps_every_place() {
        for cut in [3, 5, 6, 8, 11, 12, 17] {
            let (text, whole) = sample();
            let parts = whole.clone().split(&text, &[0..cut, cut..text.len()]);
            for offset in [0usize, 2, 6, 7, 11, 12, 13, 15, 17] {
                let (part, from, to) = if offset < cut {
                    (&parts[0], 0, cut)
                } else {
                    (&parts[1], cut, text.len())
                };
                let got = part.place_of(&text[from..to], offset - from);
                assert_eq!(
                    got,
                    whole.place_of(&text, offset),
                    "offset {offset}, cut {cut}"
                );
            }
        }
    }

    #[test]
    fn varints_read_back() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            write_varint(&mut bytes, value);
            assert_eq!(read_varint(&mut bytes.as_slice()), Ok(value));
        }
        for value in [0i64, -1, 1, i64::MIN, i64::MAX] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}
