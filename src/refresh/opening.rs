//! Opens the files that a refresh reads: text as a whole, what holds many articles as a stream.

use std::io;
use std::path::Path;

use super::jobs::Job;
use super::read::links_of;
use super::reading::{Content, ContentRead, ReadAs};
use super::worker::Worker;
use crate::engine::EngineError;
use crate::format::{Format, InputBytes};
use crate::source::{FileEntry, OpenedFile, ReadError, Reason, StatKey, read_file};

/// How often a file is read that changes meanwhile.
const READS: u32 = 2;

impl Worker<'_> {
    pub(super) fn read_job(&self, job: &Job) -> Result<(), EngineError> {
        let file = &job.file;
        let manner = self.target.manner.format(&file.entry.path, file.origin);
        let format = manner.as_ref().map(|(format, _)| *format);
        let most = self.target.manner.max_bytes(format);
        let manner = manner.as_ref().map(|(format, options)| (*format, options));
        let read = match format.is_none_or(Format::is_text) {
            true => self.read_whole(job, manner, most),
            false => self.read_opened(job, manner, most, || {}),
        };
        match read {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                self.set_unread(job, 0, error.into())
            }
            // It vanished since the walk: a removed file.
            Err(_) if job.is_new() => self.writer()?.remove(job.source),
            Err(_) => {
                self.state().removed.all.push(job.source);
                Ok(())
            }
            Ok(Err(ReadFailure::Source(error))) => self.set_unread(job, 0, error),
            Ok(Err(ReadFailure::Engine(error))) => Err(error),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Reads a file of text, which is one article, as a whole.
    fn read_whole(&self, job: &Job, manner: ReadAs<'_>, most: u64) -> FileRead {
        let entry = &job.file.entry;
        let path = entry.path.below(self.target.base);
        let read = match read_file(&path, most, links_of(entry))? {
            Ok(read) => read,
            Err(error) => return Ok(Err(error.into())),
        };
        if let Some(error) = self.check_swapped(entry, read.stat, &path) {
            return Ok(Err(error.into()));
        }
        let read = self.read_bytes(job, read.stat, manner, read.bytes);
        Ok(read.map_err(ReadFailure::Engine))
    }

    /// Reads a file that may be large as a stream. Where it changes meanwhile it is read once more; `meanwhile` is called
    /// behind each reading.
    fn read_opened(
        &self,
        job: &Job,
        manner: ReadAs<'_>,
        most: u64,
        mut meanwhile: impl FnMut(),
    ) -> FileRead {
        let entry = &job.file.entry;
        let path = entry.path.below(self.target.base);
        for _ in 0..READS {
            let opened = match OpenedFile::open(&path, most, links_of(entry))? {
                Ok(opened) => opened,
                Err(error) => return Ok(Err(error.into())),
            };
            if let Some(error) = self.check_swapped(entry, opened.stat, &path) {
                return Ok(Err(error.into()));
            }
            let content = Content {
                stat: opened.stat,
                hash: opened.content_hash()?,
                bytes: InputBytes::File(&opened.file),
            };
            self.state().bytes_read += opened.stat.size;
            match self.read_content(job, manner, content) {
                Err(error) => return Ok(Err(error.into())),
                // It was as it is known, and the next look finds what came then.
                Ok(ContentRead::Known) => return Ok(Ok(())),
                Ok(ContentRead::Noted) => meanwhile(),
            }
            if opened.is_unchanged()? {
                return Ok(Ok(()));
            }
            self.uncount(job);
        }
        let error = ReadError {
            reason: Reason::Io,
            message: "it changed each time while it was read".to_string(),
        };
        Ok(Err(error.into()))
    }

    /// The error of a file that is another than the look at the files found, and one that may not be read.
    fn check_swapped(&self, entry: &FileEntry, stat: StatKey, path: &Path) -> Option<ReadError> {
        let message = "a folder above it was replaced by a link while it was read";
        self.is_swapped(entry, stat, path).then(|| ReadError {
            reason: Reason::SpecialFile,
            message: message.to_string(),
        })
    }

    /// Whether another file was read than the look at the files found, and one that may not be read.
    fn is_swapped(&self, entry: &FileEntry, stat: StatKey, path: &Path) -> bool {
        let is_other = entry.stat.inode != stat.inode;
        is_other && self.reach.is_some_and(|reach| !reach.allows(path))
    }
}

/// How reading a file went; the outer error is one of the file system, that it is gone above all.
type FileRead = io::Result<Result<(), ReadFailure>>;

/// Why a source was not read.
enum ReadFailure {
    /// It cannot be read.
    Source(ReadError),
    /// The index cannot be written.
    Engine(EngineError),
}

impl From<ReadError> for ReadFailure {
    fn from(error: ReadError) -> ReadFailure {
        ReadFailure::Source(error)
    }
}

impl From<EngineError> for ReadFailure {
    fn from(error: EngineError) -> ReadFailure {
        ReadFailure::Engine(error)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;

    use super::*;
    use crate::engine::{Depth, EngineLocation, Origin};
    use crate::refresh::jobs::keyed_jobs;
    use crate::refresh::policy::Manner;
    use crate::refresh::progressed::Progressed;
    use crate::refresh::scan::ToRead;
    use crate::refresh::worker::RefreshTarget;
    use crate::refresh::{IndexReport, RefreshRequest, Rules, Settings};
    use crate::source::StoredPath;
    use crate::source::trust::Users;

    const MESSAGE: &str =
        "From a@x.org Mon Mar  3 10:00:00 2014\nSubject: One\n\nHarbour words.\n\n";

    fn to_read(base: &Path, name: &str) -> ToRead {
        let file = File::open(base.join(name)).expect("the file");
        ToRead {
            entry: FileEntry {
                path: StoredPath::from_bytes(name.as_bytes()),
                stat: StatKey::of(&file.metadata().expect("its facts")),
                is_linked: false,
            },
            origin: Origin::Walked,
            known: None,
            is_alike: false,
        }
    }

    /// Reads a mailbox that grows behind each of its first `times` readings, and says what came of it.
    fn read_growing(times: u32) -> (IndexReport, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.mbox");
        fs::write(&path, MESSAGE).expect("a mailbox");
        let index = folder.path().join("index");
        crate::engine::create_folder(&index, false).expect("a folder");
        let engine = crate::engine::open(&EngineLocation::Folder {
            folder: index,
            users: Users::of_process(None),
        });
        let engine = engine.expect("an engine");
        let snapshot = engine.blank(false).expect("an index");
        let (rules, settings) = (Rules::default(), Settings::default());
        let manner = Manner::new(&rules, &settings);
        let target = RefreshTarget {
            snapshot: &*snapshot,
            base: folder.path(),
            settings: &settings,
            is_changed: false,
            manner: &manner,
        };
        let request = RefreshRequest::default();
        let worker = Worker::new(&target, &request, Progressed::default(), (0, true));
        let files = vec![to_read(folder.path(), "a.mbox")];
        let jobs = keyed_jobs(files, || worker.writer()).expect("jobs");
        let job = jobs.first().expect("a job");
        let (format, options) = manner
            .format(&job.file.entry.path, Origin::Walked)
            .expect("a format");
        let mut left = times;
        let grow = || {
            if left > 0 {
                left -= 1;
                let file = File::options().append(true).open(&path);
                let written = file.expect("the mailbox").write_all(MESSAGE.as_bytes());
                written.expect("a message more");
            }
        };
        let read = worker.read_opened(job, Some((format, &options)), u64::MAX, grow);
        match read.expect("a file") {
            Ok(()) => {}
            Err(ReadFailure::Source(error)) => worker.set_unread(job, 0, error).expect("a note"),
            Err(ReadFailure::Engine(error)) => panic!("{error}"),
        }
        let report = worker.finish(Vec::new(), &mut IndexReport::default());
        let verified = engine.verify(Depth::Full).expect("a verification");
        (report.expect("a report"), verified.faults)
    }

    #[test]
    fn a_new_file_that_changes_while_it_is_read_is_in_the_index_once() {
        let (report, problems) = read_growing(1);
        assert_eq!(problems, [""; 0]);
        assert_eq!((report.added, report.articles, report.sections), (1, 2, 2));
        let (report, problems) = read_growing(2);
        assert_eq!(problems, [""; 0]);
        assert_eq!((report.added, report.articles, report.sections), (0, 0, 0));
        assert_eq!(report.unread.len(), 1);
    }
}
