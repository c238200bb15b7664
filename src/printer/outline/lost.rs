//! What a file's article leaves out, piece by piece: for people and as records.

use std::io::{self, Write};

use serde::Serialize;

use crate::article::Place;
use crate::format::LostText;
use crate::printer::json::write_line;
use crate::printer::records::{PathRecord, VERSION};
use crate::printer::{clean_line, counted};
use crate::source::StoredPath;

#[derive(Serialize)]
struct LostRecord<'a> {
    v: u32,
    r#type: &'static str,
    path: PathRecord<'a>,
    start: Place,
    end: Place,
    text: &'a str,
    reason: &'static str,
}

/// Writes each piece that is left out as one record.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_lost_records(
    path: &StoredPath,
    lost: Option<&[LostText]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for piece in lost.unwrap_or_default() {
        let record = LostRecord {
            v: VERSION,
            r#type: "lost",
            path: PathRecord(path),
            start: piece.start,
            end: piece.end,
            text: &piece.text,
            reason: piece.reason.name(),
        };
        write_line(&record, out)?;
    }
    Ok(())
}

/// Prints what is left out of the sections, a piece a line, for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_lost(format: &str, lost: Option<&[LostText]>, out: &mut dyn Write) -> io::Result<()> {
    let Some(lost) = lost else {
        return writeln!(out, "  what is left out is not told for {format}");
    };
    let count = counted(lost.len() as u64, "piece", "pieces");
    writeln!(out, "  left out of the sections: {count}")?;
    for piece in lost {
        let (line, reason) = (piece.start.line, piece.reason.name());
        writeln!(out, "{line:6}  {reason:11}  {}", clean_line(&piece.text))?;
    }
    Ok(())
}
