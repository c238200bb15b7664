//! `excerpt check`: asks the queries of assertion files, and says what does not hold.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::open::{Purpose, open, with_words};
use super::paths::inputs_among_sources;
use super::{Workspace, end_verdict, print_with, read_input, write_output};
use crate::check::{
    AssertionCase, CaseVerdict, Checked, REPORTS, filled, judge, read, write_junit,
};
use crate::cli::args::CheckArgs;
use crate::cli::exit_status::Status;
use crate::printer::{clean, counted};
use crate::search::Index;
use crate::source::trust::MAX_NAMED_BYTES;
use crate::source::{FileError, StoredPath};

/// Reads all files before it asks anything, so that an error in the last one costs no time.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &CheckArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let files = args.files.iter().map(|file| AssertionFile::read(file));
    let files: Vec<AssertionFile> = files.collect::<anyhow::Result<_>>()?;
    let index = open(workspace, &[], &args.freshness, Purpose::Verdict)?;
    let index = with_words(index, &args.words)?.with_limits(args.limits.limits());
    let inputs = args.files.iter().map(PathBuf::as_path);
    let inputs = inputs.chain(args.words.aliases.as_deref());
    let without = inputs_among_sources(&index, &workspace.locate()?.0, inputs)?;
    if args.update {
        if files.iter().any(|file| file.name == "-") {
            bail!("standard input cannot be updated");
        }
        return update(&index, &files, &without, out);
    }
    let cases = files.into_iter().flat_map(|file| file.cases);
    let checked = Checked {
        verdicts: cases.map(|case| judge(&index, case, &without)).collect(),
        coverage: index.coverage(&[])?,
    };
    if let Some(path) = &args.junit {
        write_output(path, |out| write_junit(&checked, out))?;
    }
    print_with(REPORTS, &args.format, &checked, out)?;
    end_verdict(
        &index,
        &[],
        args.strictness.strict,
        status(&checked.verdicts),
    )
}

/// An assertion file.
struct AssertionFile {
    name: String,
    /// Its byte order mark, if any.
    mark: &'static [u8],
    text: String,
    cases: Vec<AssertionCase>,
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

impl AssertionFile {
    fn read(path: &Path) -> anyhow::Result<AssertionFile> {
        let bytes = read_input(path, MAX_NAMED_BYTES)?;
        let name = path.display().to_string();
        let cases = read(&name, &bytes)?;
        let text = FileError::text_of(&name, &bytes)?.to_string();
        let mark = if bytes.starts_with(MARK) { MARK } else { &[] };
        Ok(AssertionFile {
            name,
            mark,
            text,
            cases,
        })
    }
}

fn update(
    index: &Index,
    files: &[AssertionFile],
    without: &[StoredPath],
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    for file in files {
        let text = filled(index, (&file.name, &file.text), &file.cases, without)?;
        if text == file.text {
            writeln!(
                out,
                "{}: every case expects something already",
                clean(&file.name)
            )?;
            continue;
        }
        write_output(Path::new(&file.name), |out| {
            out.write_all(file.mark)?;
            out.write_all(text.as_bytes())
        })?;
        let filled = file.cases.iter().filter(|case| case.expected.is_nothing());
        let cases = counted(filled.count() as u64, "case", "cases");
        writeln!(out, "{}: {cases} filled in", clean(&file.name))?;
    }
    Ok(Status::Success)
}

fn status(verdicts: &[CaseVerdict]) -> Status {
    if verdicts.iter().any(|verdict| verdict.error.is_some()) {
        Status::Error
    } else if verdicts.iter().all(CaseVerdict::holds) {
        Status::Success
    } else {
        Status::NothingFound
    }
}
