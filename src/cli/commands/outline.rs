//! `excerpt outline`: how files are read. Needs no index.

use std::io::Write;
use std::path::Path;

use super::{Workspace, name_unread};
use crate::article::Article;
use crate::cli::args::{OutlineArgs, ReportFormat};
use crate::cli::exit_status::Status;
use crate::format::{Format, ReadOptions, Weighed, detect};
use crate::printer::{
    OutlineEntry, OutlineFailure, print_outline, write_outline_failure, write_outline_record,
};
use crate::source::{Encoding, Links, ReadError, Reason, StoredPath, read_file};

/// Reads each file and shows its outline; the others follow where one cannot be read.
pub(in crate::cli) fn run(
    workspace: &Workspace,
    args: &OutlineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let (current, location) = workspace.locate()?;
    let rules = workspace.rules(&location)?;
    let mut status = Status::Success;
    for file in &args.files {
        let path = StoredPath::from_path(file);
        let stored = location.stored(&current, file);
        let options = rules.options(stored.as_ref().unwrap_or(&path), args.limits.given());
        match read(file, args.explain, &options) {
            Ok(read) => {
                let entry = OutlineEntry {
                    path: &path,
                    format: read.format.name,
                    encoding: read.encoding.name(),
                    article: &read.article,
                    explain: args.explain,
                    weighed: read.weighed.as_ref(),
                };
                match args.format {
                    ReportFormat::Text => print_outline(&entry, args.text, out)?,
                    ReportFormat::Ndjson => write_outline_record(&entry, args.text, out)?,
                }
            }
            Err(error) => {
                status = Status::Error;
                if args.format == ReportFormat::Ndjson {
                    write_outline_failure(
                        &OutlineFailure {
                            path: &path,
                            error: &error,
                        },
                        out,
                    )?;
                }
                out.flush()?;
                name_unread([(&path, error.reason.name(), error.message.as_str())].into_iter());
            }
        }
    }
    Ok(status)
}

/// A file that was read.
struct ReadFile {
    format: &'static Format,
    encoding: Encoding,
    article: Article,
    weighed: Option<Weighed>,
}

fn read(file: &Path, explain: bool, options: &ReadOptions) -> Result<ReadFile, ReadError> {
    let bytes = read_file(file, options.limits.file_bytes, Links::Followed)??.bytes;
    let format = detect(file).ok_or_else(|| ReadError::new(Reason::UnknownFormat))?;
    let source = format.decode(bytes, options)?;
    Ok(ReadFile {
        article: format.read(&source, options)?,
        weighed: explain.then(|| format.weigh(&source, options)).flatten(),
        encoding: source.encoding(),
        format,
    })
}
