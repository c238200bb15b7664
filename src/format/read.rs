//! Reads a source whole: its reader, and the readers of what lies inside.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use twox_hash::XxHash3_64;

use super::input::{Input, InputBytes};
use super::options::ReadOptions;
use super::reader::guarded;
use super::sink::ArticleSink;
use super::{Format, detect};
use crate::article::{Article, PartPath, Place};
use crate::source::{Encoding, ReadError, Reason, StoredPath};

/// How many files lie in each other at most: a message with an attached message with an attached message.
const MAX_DEPTH: usize = 3;

/// Reads the articles of a source, and those of the files inside it, into `sink`.
///
/// Two parts of one name are told apart: the second is called `name~2`. From [`Limits::articles`] articles on the rest is
/// left, and the source is said to be [`Reason::Truncated`]. A reader that panics is a failure of that input alone.
///
/// # Errors
/// Why the source, or the rest of it, could not be read; what is in the sink by then is as it should be.
///
/// [`Limits::articles`]: super::Limits::articles
pub fn read_articles(
    format: &Format,
    path: &StoredPath,
    bytes: InputBytes<'_>,
    options: &ReadOptions,
    sink: &mut dyn ArticleSink,
) -> Result<(), ReadError> {
    let mut driver = Driver {
        path,
        options,
        sink,
        names: HashSet::new(),
        repeats: HashMap::new(),
        articles: 0,
        depth: 0,
        last: LastArticle::default(),
        outer: Origins::default(),
        is_done: false,
    };
    let input = Input {
        path,
        part: PartPath::default(),
        bytes,
        options,
    };
    driver.read(format, &input)
}

/// Stands between the readers and the caller's sink: names, counts, and opens what lies inside.
struct Driver<'a> {
    path: &'a StoredPath,
    options: &'a ReadOptions,
    sink: &'a mut dyn ArticleSink,
    /// Hashes of the names that are taken: a million of them are to fit in little memory.
    names: HashSet<u64>,
    /// How far the names of parts that repeat are counted, by their hashes: a feed may call a million records the same.
    repeats: HashMap<u64, u64>,
    articles: u64,
    depth: usize,
    /// The last article: what lies inside follows it.
    last: LastArticle,
    /// Who wrote what is read now, and when, where it does not say so itself: those of the message it is attached to.
    outer: Origins,
    /// The caller wants no more, or there are as many as may be.
    is_done: bool,
}

/// The article that was read last.
#[derive(Debug, Clone, Default)]
struct LastArticle {
    /// What its reader called its part.
    part: PartPath,
    /// What the part is called.
    name: PartPath,
    origins: Origins,
}

impl LastArticle {
    /// Whether `part`, as the reader calls it, lies in the article.
    fn holds(&self, part: &PartPath) -> bool {
        let inner = part.names().strip_prefix(self.part.names());
        inner.is_some_and(|inner| !inner.is_empty())
    }

    /// The part under the name that the article has.
    fn moved(&self, part: PartPath) -> PartPath {
        match part.names().strip_prefix(self.part.names()) {
            Some(inner) if self.part != self.name && !inner.is_empty() => {
                below(self.name.clone(), inner)
            }
            _ => part,
        }
    }
}

/// Who wrote an article, and when.
#[derive(Debug, Clone, Default)]
struct Origins {
    authors: Vec<String>,
    date: Option<String>,
}

impl Driver<'_> {
    fn read(&mut self, format: &Format, input: &Input<'_>) -> Result<(), ReadError> {
        guarded(|| format.reader().read(input, self))
    }

    /// The part under a name that no other part has.
    fn unique(&mut self, part: PartPath) -> PartPath {
        let Some(name) = part.names().last().filter(|_| self.is_taken(&part)) else {
            return part;
        };
        let hash = name_hash(&part);
        let mut count = self.repeats.get(&hash).copied().unwrap_or(2);
        let mut other = renamed(&part, &format!("{name}~{count}"));
        while self.is_taken(&other) {
            count += 1;
            other = renamed(&part, &format!("{name}~{count}"));
        }
        self.repeats.insert(hash, count + 1);
        other
    }

    /// Whether the part's name is taken; it is from now on.
    fn is_taken(&mut self, part: &PartPath) -> bool {
        !self.names.insert(name_hash(part))
    }

    /// Reads a file inside; its reader called its part `called`.
    fn inner_articles(
        &mut self,
        (called, part): (&PartPath, &PartPath),
        name: &str,
        bytes: &[u8],
    ) -> Result<(), ReadError> {
        let format =
            detect(Path::new(name)).ok_or_else(|| ReadError::new(Reason::UnknownFormat))?;
        if self.depth >= MAX_DEPTH {
            return Err(ReadError::new(Reason::LimitDepth));
        }
        if bytes.len() as u64 > self.options.limits.part_bytes {
            return Err(ReadError::new(Reason::TooLarge));
        }
        let input = Input {
            path: self.path,
            part: part.clone(),
            bytes: InputBytes::Held(bytes),
            options: self.options,
        };
        let last = self.last.clone();
        let outer = std::mem::take(&mut self.outer);
        self.outer = match last.holds(called) {
            true => last.origins.clone(),
            false => outer.clone(),
        };
        self.depth += 1;
        let result = self.read(format, &input);
        self.depth -= 1;
        self.last = last;
        self.outer = outer;
        result
    }

    fn flow(&self) -> ControlFlow<()> {
        match self.is_done {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn name_hash(part: &PartPath) -> u64 {
    XxHash3_64::oneshot(part.to_id().as_bytes())
}

/// The same part with another last name.
fn renamed(part: &PartPath, name: &str) -> PartPath {
    let above = part
        .names()
        .split_last()
        .map_or(&[][..], |(_, names)| names);
    below(PartPath::default(), above).child(name)
}

/// The part of these names in `part`.
fn below(part: PartPath, names: &[String]) -> PartPath {
    names.iter().fold(part, |part, name| part.child(name))
}

impl ArticleSink for Driver<'_> {
    fn article(&mut self, part: PartPath, mut article: Article) -> ControlFlow<()> {
        if self.is_done {
            return self.flow();
        }
        if self.articles >= self.options.limits.articles {
            self.is_done = true;
            self.sink
                .passed_over(PartPath::default(), Reason::Truncated, None);
            return self.flow();
        }
        self.articles += 1;
        let unique = self.unique(part.clone());
        let metadata = &mut article.metadata;
        if metadata.authors.is_empty() {
            metadata.authors.clone_from(&self.outer.authors);
        }
        if metadata.date.is_none() {
            metadata.date.clone_from(&self.outer.date);
        }
        self.last = LastArticle {
            part,
            name: unique.clone(),
            origins: Origins {
                authors: metadata.authors.clone(),
                date: metadata.date.clone(),
            },
        };
        let taken = match self.depth {
            0 => self.sink.article(unique, article),
            _ => self.sink.unpacked(unique, article),
        };
        self.is_done = taken.is_break();
        self.flow()
    }

    fn inner(&mut self, part: PartPath, name: &str, bytes: Vec<u8>) -> ControlFlow<()> {
        if !self.is_done {
            let named = self.last.moved(part.clone());
            if let Err(error) = self.inner_articles((&part, &named), name, &bytes) {
                self.sink.passed_over(named, error.reason, None);
            }
        }
        self.flow()
    }

    fn passed_over(&mut self, part: PartPath, reason: Reason, at: Option<Place>) {
        let part = self.last.moved(part);
        self.sink.passed_over(part, reason, at);
    }

    fn decoded(&mut self, encoding: Encoding, invalid_sequences: u32) {
        self.sink.decoded(encoding, invalid_sequences);
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{
        Collected, InputBytes, Limits, ReadOptions, detect, read_all, read_articles,
    };
    use crate::source::StoredPath;
    use std::path::Path;

    #[test]
    fn a_text_is_one_article_of_the_source_itself() {
        let (read, result) = read_all("a.md", b"# T\n\ntext", &ReadOptions::default());
        assert_eq!(result, Ok(()));
        assert_eq!(read.articles[0].0, "");
        assert_eq!(
            read.articles[0].1,
            crate::format::read_str("markdown", "# T\n\ntext")
        );
        let (_, result) = read_all("a.md", b"", &ReadOptions::default());
        assert_eq!(result.map_err(|e| e.reason.name()), Err("no-text"));
    }

    fn mailbox(messages: usize) -> String {
        let message = "From a@b Mon Mar  3 10:00:00 2014\nMessage-ID: <same@x>\nSubject: s\n\
            Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: text/plain; name=n.txt\n\nnote\n--b--\n\n";
        message.repeat(messages)
    }

    #[test]
    fn parts_of_one_name_are_told_apart_and_what_lies_inside_follows() {
        let (read, _) = read_all("a.mbox", mailbox(2).as_bytes(), &ReadOptions::default());
        assert_eq!(
            read.parts(),
            ["same@x", "same@x!/n.txt", "same@x~2", "same@x~2!/n.txt"]
        );
    }

    /// A rule may name a field that says the same in all records. Counted from the start for each, this took minutes.
    #[test]
    fn many_parts_of_one_name_are_counted_on() {
        let options = ReadOptions {
            named: true,
            ..ReadOptions::default()
        };
        let feed = "{\"id\":\"x\",\"body\":\"b\"}\n".repeat(20_000);
        let feed = format!("{feed}{{\"id\":\"x~2\",\"body\":\"b\"}}\n");
        let (read, _) = read_all("a.jsonl", feed.as_bytes(), &options);
        let parts = read.parts();
        assert_eq!(parts.last(), Some(&"x~2~2"));
        assert_eq!(parts.get(19_999), Some(&"x~20000"));
    }

    #[test]
    fn the_limit_on_articles_truncates_and_a_caller_may_stop() {
        let options = ReadOptions {
            limits: Limits {
                articles: 3,
                ..Limits::default()
            },
            ..ReadOptions::default()
        };
        let (read, result) = read_all("a.mbox", mailbox(4).as_bytes(), &options);
        assert_eq!((read.articles.len(), result), (3, Ok(())));
        assert_eq!(read.passed_over, [(String::new(), "truncated", None)]);

        let mut sink = Collected {
            wanted: Some(2),
            ..Collected::default()
        };
        let format = detect(Path::new("a.mbox")).expect("a format");
        let path = StoredPath::from_bytes(b"a.mbox");
        let bytes = mailbox(4);
        let options = ReadOptions::default();
        read_articles(
            format,
            &path,
            InputBytes::Held(bytes.as_bytes()),
            &options,
            &mut sink,
        )
        .expect("a mailbox");
        assert_eq!((sink.articles.len(), sink.passed_over.len()), (2, 0));
    }

    #[test]
    fn a_file_is_rewound_and_read_like_bytes_that_are_held() {
        use std::io::{Read, Write};
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(mailbox(2).as_bytes()).expect("written");
        file.read_to_end(&mut Vec::new()).expect("read");
        let mut sink = Collected::default();
        let format = detect(Path::new("a.mbox")).expect("a format");
        let path = StoredPath::from_bytes(b"a.mbox");
        let options = ReadOptions::default();
        read_articles(format, &path, InputBytes::File(&file), &options, &mut sink)
            .expect("a mailbox");
        let (held, _) = read_all("a.mbox", mailbox(2).as_bytes(), &options);
        assert_eq!(sink.articles, held.articles);
    }
}
