//! Whether an index is sound.

use std::io::{self, Write};

use serde::Serialize;

use super::clean;
use super::counts::counted;
use super::json::write_line;
use super::records::VERSION;
use super::status::size;
use crate::engine::Verification;

#[derive(Serialize)]
struct VerificationRecord<'a> {
    v: u32,
    r#type: &'static str,
    index: &'a str,
    sound: bool,
    files: u64,
    bytes: u64,
    sections: u64,
    strays: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_compared: Option<u64>,
    faults: &'a [String],
}

/// Writes what was found of the index in `folder` as a record.
///
/// # Errors
/// Where `out` cannot be written.
pub fn write_verification_record(
    folder: &str,
    found: &Verification,
    out: &mut dyn Write,
) -> io::Result<()> {
    let record = VerificationRecord {
        v: VERSION,
        r#type: "verification",
        index: folder,
        sound: found.faults.is_empty(),
        files: found.files,
        bytes: found.bytes,
        sections: found.sections,
        strays: found.strays,
        compared: found.compared,
        not_compared: found.compared.map(|_| found.not_compared),
        faults: &found.faults,
    };
    write_line(&record, out)
}

/// Prints it for people.
///
/// # Errors
/// Where `out` cannot be written.
pub fn print_verification(
    folder: &str,
    found: &Verification,
    out: &mut dyn Write,
) -> io::Result<()> {
    for fault in &found.faults {
        writeln!(out, "{}", clean(fault))?;
    }
    let folder = clean(folder);
    if !found.faults.is_empty() {
        return writeln!(out, "`{folder}` is not sound");
    }
    let sections = counted(found.sections, "section", "sections");
    let held = match found.files {
        // On a cluster there are none.
        0 => format!("{sections} of this owner"),
        files => format!(
            "{}, {}, {sections}",
            counted(files, "file", "files"),
            size(found.bytes)
        ),
    };
    writeln!(out, "`{folder}` is sound: {held}")?;
    if let Some(compared) = found.compared {
        let sources = counted(
            compared,
            "source reads as it is",
            "sources read as they are",
        );
        write!(out, "{sources} stored")?;
        match found.not_compared {
            0 => writeln!(out)?,
            1 => writeln!(
                out,
                ", 1 was not compared: it changed since, or cannot be read in the same manner"
            )?,
            others => writeln!(
                out,
                ", {others} were not compared: they changed since, or cannot be read in the same manner"
            )?,
        }
    }
    if found.strays > 0 {
        let one = "file of a run that was stopped; the next `excerpt index` removes it";
        let several = "files of runs that were stopped; the next `excerpt index` removes them";
        writeln!(out, "{}", counted(found.strays, one, several))?;
    }
    Ok(())
}
