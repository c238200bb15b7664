//! `excerpt show`: one section whole.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

use super::Workspace;
use crate::cli::args::{ReportFormat, ShowArgs};
use crate::cli::error::say_to_people;
use crate::cli::exit_status::Status;
use crate::cli::terminal::section_style;
use crate::printer::{grouped, print_section, write_section_record};
use crate::search::{Error, FoundSection, Index};
use crate::source::StoredPath;

/// Looks the section up in the index as it is, and checks it against its source.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &ShowArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (current, location) = workspace.locate()?;
    let rules = workspace.rules(&location)?;
    let index = workspace.options.open(location)?.with_rules(rules);
    let found = find(&index, &current, &args.target)?;
    match args.format {
        ReportFormat::Text => print_section(&found, &section_style(&current), out)?,
        ReportFormat::Ndjson => write_section_record(&found, out)?,
    }
    out.flush()?;
    let sections = found.record.article.sections;
    if sections > 1 && args.format == ReportFormat::Text {
        say_to_people(&format!(
            "section {} of {}; `excerpt outline` lists them",
            found.order,
            grouped(u64::from(sections))
        ));
    }
    Ok(Status::Success)
}

/// The section with this id, else that of a path and a line: from the current folder, or as it is stored.
fn find(index: &Index, current: &Path, target: &OsStr) -> Result<FoundSection, Error> {
    let text = target.to_string_lossy();
    let is_id = text.contains('#') || text.contains("!/");
    let by_id = index.section(&text);
    if by_id.is_ok() {
        return by_id;
    }
    if let Some(seen) = id_from(index, current, &text).filter(|_| is_id)
        && let Ok(found) = index.section(&seen)
    {
        return Ok(found);
    }
    if let Some(found) = section_of(index, current, readings(target))? {
        return Ok(found);
    }
    match is_id {
        true => Err(Error::NoSuchSection(text.into_owned())),
        false => {
            let path = Path::new(target);
            let stored = index.placed(current, path);
            let stored = stored.unwrap_or_else(|_| StoredPath::from_path(path));
            Err(index.unknown_file(&stored, &text)?)
        }
    }
}

/// The section of a line of a path, `PATH:LINE` or `PATH:LINE:COLUMN`, as hits are printed.
pub(super) fn section_of_line(
    index: &Index,
    current: &Path,
    target: &OsStr,
) -> Result<Option<FoundSection>, Error> {
    let mut readings = readings(target);
    readings.retain(|(_, line)| line.is_some());
    section_of(index, current, readings)
}

/// The section of the first reading that the index knows.
fn section_of(
    index: &Index,
    current: &Path,
    readings: Vec<(OsString, Option<u32>)>,
) -> Result<Option<FoundSection>, Error> {
    for (path, line) in readings {
        let path = Path::new(&path);
        let here = index.placed(current, path).ok();
        for stored in here.into_iter().chain([StoredPath::from_path(path)]) {
            if let Some(found) = index.section_at(&stored, line)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// An id whose path is typed from the current folder.
fn id_from(index: &Index, current: &Path, text: &str) -> Option<String> {
    let (path, anchor) = text.split_at(text.rfind('#')?);
    let stored = index.placed(current, Path::new(path)).ok()?;
    Some(format!("{}{anchor}", stored.to_id()))
}

/// What a path with or without `:LINE` or `:LINE:COLUMN` may mean, the longest path first.
fn readings(target: &OsStr) -> Vec<(OsString, Option<u32>)> {
    let mut all = vec![(target.to_os_string(), None)];
    let mut rest = target.to_os_string();
    for _ in 0..2 {
        let Some((path, number)) = without_number(&rest) else {
            break;
        };
        all.push((path.clone(), Some(number)));
        rest = path;
    }
    all
}

/// A path and the number behind its last colon.
fn without_number(path: &OsStr) -> Option<(OsString, u32)> {
    let bytes = path.as_encoded_bytes();
    let at = bytes.iter().rposition(|&byte| byte == b':')?;
    let (before, digits) = bytes.split_at_checked(at)?;
    let digits = std::str::from_utf8(digits.get(1..)?).ok()?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number)?;
    let path = bytes_to_path(before)?;
    (!path.is_empty()).then_some((path, number))
}

#[cfg(unix)]
fn bytes_to_path(bytes: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt;
    Some(OsStr::from_bytes(bytes).to_os_string())
}

#[cfg(not(unix))]
fn bytes_to_path(bytes: &[u8]) -> Option<OsString> {
    Some(OsString::from(std::str::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_path_is_meant_first() {
        let of = |text: &str| -> Vec<(String, Option<u32>)> {
            let all = readings(OsStr::new(text)).into_iter();
            all.map(|(path, line)| (path.to_string_lossy().into_owned(), line))
                .collect()
        };
        let own = |path: &str, line| (path.to_string(), line);
        assert_eq!(of("a.md"), [own("a.md", None)]);
        assert_eq!(of("a.md:3"), [own("a.md:3", None), own("a.md", Some(3))]);
        assert_eq!(
            of("a.md:3:7"),
            [
                own("a.md:3:7", None),
                own("a.md:3", Some(7)),
                own("a.md", Some(3))
            ]
        );
        assert_eq!(of(":3"), [own(":3", None)]);
        assert_eq!(of("a:+3"), [own("a:+3", None)]);
    }
}
