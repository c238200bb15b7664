//! `excerpt outline`: how files are read. Needs no index.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use super::{Workspace, name_unread};
use crate::article::{Article, PartPath, Place};
use crate::cli::args::{OutlineArgs, ReportFormat};
use crate::cli::exit_status::Status;
use crate::format::{
    ArticleSink, Format, InputBytes, LostText, ReadOptions, Weighed, detect_for, read_articles,
};
use crate::printer::{
    OutlineEntry, OutlineFailure, print_lost, print_outline, write_lost_records,
    write_outline_failure, write_outline_record,
};
use crate::search::on_disk;
use crate::source::{Encoding, Links, OpenedFile, ReadError, Reason, StoredPath, read_file};

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
        let file = on_disk(file);
        let file = file.as_path();
        let path = StoredPath::from_path(file);
        let stored = location.stored(&current, file);
        let options = rules.options(stored.as_ref().unwrap_or(&path), args.limits.given());
        let options = ReadOptions {
            named: true,
            ..options
        };
        let max_bytes = |format: &Format| rules.max_bytes(Some(format), args.limits.given());
        match read(file, &path, args, &options, max_bytes) {
            Ok(read) => {
                show(&read, &path, args, out)?;
                out.flush()?;
                let warned = read.warnings.iter();
                name_unread(
                    warned.map(|error| (&path, error.reason.name(), error.message.as_str())),
                );
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

/// Shows the articles of a file, and what they leave out where that is asked for.
fn show(
    read: &ReadFile,
    path: &StoredPath,
    args: &OutlineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (part, article) in &read.articles {
        let entry = OutlineEntry {
            path,
            part,
            format: read.format.name,
            encoding: read.encoding.name(),
            article,
            explain: args.explain,
            weighed: read.weighed.as_ref(),
        };
        match args.format {
            ReportFormat::Text => print_outline(&entry, args.text, out)?,
            ReportFormat::Ndjson => write_outline_record(&entry, args.text, out)?,
        }
    }
    if args.lost {
        let lost = read.lost.as_deref();
        match args.format {
            ReportFormat::Text => print_lost(read.format.name, lost, out)?,
            ReportFormat::Ndjson => write_lost_records(path, lost, out)?,
        }
    }
    Ok(())
}

/// A file that was read.
struct ReadFile {
    format: &'static Format,
    encoding: Encoding,
    /// Its articles, and which parts of it they are.
    articles: Vec<(PartPath, Article)>,
    weighed: Option<Weighed>,
    /// What its article leaves out; `None` where nobody asked, or its format does not tell.
    lost: Option<Vec<LostText>>,
    /// What was passed over of it.
    warnings: Vec<ReadError>,
}

fn read(
    file: &Path,
    path: &StoredPath,
    args: &OutlineArgs,
    options: &ReadOptions,
    max_bytes: impl Fn(&Format) -> u64,
) -> Result<ReadFile, ReadError> {
    let format = detect_for(file, options);
    let format = format.ok_or_else(|| ReadError::new(Reason::UnknownFormat))?;
    let most = max_bytes(format);
    if !format.is_text() {
        let opened = OpenedFile::open(file, most, Links::Followed)??;
        return read_parts(&opened, path, format, options);
    }
    let bytes = read_file(file, most, Links::Followed)??.bytes;
    let source = format.decode(bytes, options)?;
    Ok(ReadFile {
        articles: vec![(PartPath::default(), format.read(&source, options)?)],
        weighed: (args.explain.then(|| format.weigh(&source, options))).flatten(),
        lost: (args.lost.then(|| format.lost(&source, options))).flatten(),
        encoding: source.encoding(),
        format,
        warnings: Vec::new(),
    })
}

fn read_parts(
    opened: &OpenedFile,
    path: &StoredPath,
    format: &'static Format,
    options: &ReadOptions,
) -> Result<ReadFile, ReadError> {
    let mut taken = Taken {
        articles: Vec::new(),
        encoding: Encoding::UTF_8,
        warnings: Vec::new(),
    };
    let bytes = InputBytes::File(&opened.file);
    if let Err(error) = read_articles(format, path, bytes, options, &mut taken) {
        if taken.articles.is_empty() {
            return Err(error);
        }
        taken.warnings.push(error);
    }
    Ok(ReadFile {
        format,
        encoding: taken.encoding,
        articles: taken.articles,
        weighed: None,
        lost: None,
        warnings: taken.warnings,
    })
}

/// The articles of a file, in order.
struct Taken {
    articles: Vec<(PartPath, Article)>,
    encoding: Encoding,
    warnings: Vec<ReadError>,
}

impl ArticleSink for Taken {
    fn article(&mut self, part: PartPath, article: Article) -> ControlFlow<()> {
        self.articles.push((part, article));
        ControlFlow::Continue(())
    }

    /// What lies inside is opened before it reaches this.
    fn inner(&mut self, part: PartPath, _: &str, _: Vec<u8>) -> ControlFlow<()> {
        self.passed_over(part, Reason::UnknownFormat, None);
        ControlFlow::Continue(())
    }

    fn passed_over(&mut self, part: PartPath, reason: Reason, at: Option<Place>) {
        let place = match (part.is_whole(), at) {
            (false, _) => format!("{part}: "),
            (true, Some(at)) => format!("line {}: ", at.line),
            (true, None) => String::new(),
        };
        self.warnings.push(ReadError {
            reason,
            message: format!("{place}{}", reason.explanation()),
        });
    }

    fn decoded(&mut self, encoding: Encoding, _: u32) {
        self.encoding = encoding;
    }
}
