//! Feeds: a JSON record a line, each an article.
//!
//! Source: jsonlines.org; RFC 8259 (JSON).

mod fields;
mod record;
mod unescape;

use std::io;
use std::ops::ControlFlow;

use self::record::read_record;
use super::input::Input;
use super::line_stream::{LineRead, LineStream};
use super::reader::{Reader, guarded};
use super::sink::ArticleSink;
use crate::article::Place;
use crate::source::{BYTE_ORDER_MARK, ReadError, Reason};

/// Reads a feed record by record: memory holds one of them. A record's part is what its rule calls its identifier, else
/// its number. It is read only under a rule, or where it was named.
///
/// Source: jsonlines.org.
#[derive(Debug)]
pub(super) struct JsonlReader;

impl Reader for JsonlReader {
    fn read(&self, input: &Input<'_>, sink: &mut dyn ArticleSink) -> Result<(), ReadError> {
        let is_wanted = input.options.feed.is_some() || input.options.named;
        if !is_wanted || !input.part.is_whole() {
            return Err(ReadError {
                reason: Reason::UnknownFormat,
                message: "records are read only under a rule, or where the file is named"
                    .to_string(),
            });
        }
        let mut feed = FeedReading {
            input,
            sink,
            count: 0,
        };
        feed.read()?;
        Ok(())
    }
}

/// A feed being read.
struct FeedReading<'a, 'i> {
    input: &'a Input<'i>,
    sink: &'a mut dyn ArticleSink,
    /// How many records there were.
    count: u64,
}

impl FeedReading<'_, '_> {
    fn read(&mut self) -> io::Result<()> {
        let limit = self
            .input
            .options
            .limits
            .record_bytes
            .min(u64::from(u32::MAX));
        let mut lines = LineStream::new(self.input.open()?);
        let mut bytes = Vec::new();
        while let Some(line) = lines.next(&mut bytes, limit as usize)? {
            if self.line(&bytes, line).is_break() {
                break;
            }
            bytes.clear();
        }
        Ok(())
    }

    fn line(&mut self, bytes: &[u8], line: LineRead) -> ControlFlow<()> {
        let (bytes, start) = without_mark(bytes, line.start);
        if bytes.trim_ascii().is_empty() {
            return ControlFlow::Continue(());
        }
        self.count += 1;
        let number = self.count.to_string();
        let mut id = None;
        let options = self.input.options;
        let read = match line.is_whole {
            true => guarded(|| read_record(bytes, start, options, &mut id)),
            false => Err(ReadError::new(Reason::TooLarge)),
        };
        let part = self.input.part.child(id.as_deref().unwrap_or(&number));
        match read {
            Ok(read) => read.put(part, self.sink),
            Err(error) => {
                self.sink.passed_over(part, error.reason, Some(start));
                ControlFlow::Continue(())
            }
        }
    }
}

/// The line without the mark in front of the first one.
fn without_mark(bytes: &[u8], start: Place) -> (&[u8], Place) {
    match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) if start == Place::START => {
            let byte = BYTE_ORDER_MARK.len() as u64;
            (rest, Place { byte, ..start })
        }
        _ => (bytes, start),
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{Collected, Feed, ReadOptions, assert_runs_read_as_their_source, read_all};

    const FEED: &str = "\u{feff}{\"id\": 17, \"title\": \"Harbour talks\", \"body\": \"The first line.\\n\\nCaf\\u00e9 & \\\"more\\\" words\", \"date\": 1393932780}\n\
{\"headline\": \"No text\", \"author\": {\"name\": \"Ann\"}, \"url\": \"https://x.org/2\"}\n\
not a record\n\n[1]\n\
{\"id\": \"a b\", \"meta\": {\"t\": \"Deep\"}, \"html\": \"<h1>Deep</h1><p>Some é text</p>\"}\r\n\
{\"n\": 1}\n";

    fn read(feed: Feed) -> Collected {
        let options = ReadOptions {
            feed: Some(feed),
            ..ReadOptions::default()
        };
        let (read, result) = read_all("a.jsonl", FEED.as_bytes(), &options);
        assert_eq!(result, Ok(()));
        read
    }

    #[test]
    fn each_record_is_an_article_and_bad_lines_are_named() {
        let read = read(Feed::default());
        assert_eq!(
            read.titles(),
            [
                ("17", Some("Harbour talks")),
                ("2", Some("No text")),
                ("a b", Some("Deep"))
            ]
        );
        assert_eq!(
            read.passed_over,
            [
                ("3".to_string(), "bad-record", Some(3)),
                ("4".to_string(), "bad-record", Some(5)),
                ("6".to_string(), "no-text", Some(7))
            ]
        );
        let first = &read.articles[0].1;
        assert_eq!(first.metadata.date.as_deref(), Some("2014-03-04"));
        assert_eq!(
            first.sections[0].text,
            "The first line.\nCafé & \"more\" words"
        );
        let second = &read.articles[1].1.metadata;
        assert_eq!(second.authors, ["Ann"]);
        assert_eq!(second.url.as_deref(), Some("https://x.org/2"));
        for (_, article) in &read.articles {
            assert_runs_read_as_their_source(FEED, article);
        }
    }

    #[test]
    fn rules_say_where_title_and_text_stand_and_in_which_format() {
        let read = read(Feed {
            title: Some("meta.t".to_string()),
            body: Some("html".to_string()),
            format: Some("html".to_string()),
            ..Feed::default()
        });
        let (part, article) = read.articles.first().expect("a record");
        assert_eq!(part, "a b");
        assert_eq!(article.metadata.title.as_deref(), Some("Deep"));
        let section = &article.sections[0];
        assert_eq!(section.text, "Some é text");
        let at = section.map.place_of(&section.text, 8).expect("a place");
        assert_eq!(at.line, 6);
        let line = FEED.lines().nth(5).expect("the line");
        let column = line.chars().position(|c| c == 'é').expect("it") + 1;
        assert_eq!(at.column as usize, column + 2);
        assert!(FEED[at.byte as usize..].starts_with("text"));
    }

    #[test]
    fn it_is_read_only_under_a_rule_or_where_it_is_named() {
        let named = ReadOptions {
            named: true,
            ..ReadOptions::default()
        };
        assert_eq!(
            read_all("a.jsonl", FEED.as_bytes(), &named)
                .0
                .articles
                .len(),
            3
        );
        let (read, result) = read_all("a.jsonl", FEED.as_bytes(), &ReadOptions::default());
        let reason = result.map_err(|error| error.reason.name());
        assert_eq!((read.articles.len(), reason), (0, Err("unknown-format")));
    }

    #[test]
    fn damaged_records_are_read_without_a_panic() {
        let options = ReadOptions {
            named: true,
            ..ReadOptions::default()
        };
        for at in 0..FEED.len() {
            let mut bytes = FEED.as_bytes().to_vec();
            bytes[at] = b'\\';
            let (read, _) = read_all("a.jsonl", &bytes, &options);
            assert!(
                read.passed_over
                    .iter()
                    .all(|(_, reason, _)| *reason != "parser-bug")
            );
            bytes.truncate(at);
            let (read, _) = read_all("a.jsonl", &bytes, &options);
            assert!(read.articles.len() <= 3);
        }
    }
}
