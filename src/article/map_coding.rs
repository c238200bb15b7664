//! How the runs of a source map are stored: as delta-coded integers of variable length.

use super::Place;
use super::run::{Reads, Run};

/// An encoded source map that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored source map is damaged")]
pub struct MapError;

/// Writes the runs as delta-coded variable-length integers behind what `out` holds.
pub(super) fn encode(runs: &[Run], out: &mut Vec<u8>) {
    write_varint(out, runs.len() as u64);
    let mut last = Cursor::default();
    for run in runs {
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

/// Reads what [`encode`] wrote from the front of `bytes`, which is moved behind it.
///
/// # Errors
/// [`MapError`] where the bytes are no source map.
pub(super) fn decode(bytes: &mut &[u8]) -> Result<Vec<Run>, MapError> {
    let count = read_varint(bytes)?;
    let mut runs = Vec::with_capacity(count.min(bytes.len() as u64) as usize);
    let mut last = Cursor::default();
    for _ in 0..count {
        let run = decode_run(bytes, last)?;
        last = Cursor::behind(&run);
        runs.push(run);
    }
    Ok(runs)
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

/// Writes the length of `text` and then its bytes.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_varint(out, text.len() as u64);
    out.extend_from_slice(text);
}

/// Reads what [`write_text`] wrote and moves `bytes` behind it.
pub(crate) fn read_text<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], MapError> {
    let len = usize::try_from(read_varint(bytes)?).map_err(|_| MapError)?;
    let (text, rest) = bytes.split_at_checked(len).ok_or(MapError)?;
    *bytes = rest;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_whose_runs_end_beyond_all_counting_is_an_error() {
        let coded = |numbers: &[u64]| {
            let mut out = Vec::new();
            numbers.iter().for_each(|&n| write_varint(&mut out, n));
            decode(&mut out.as_slice())
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
