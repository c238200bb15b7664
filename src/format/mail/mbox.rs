//! Mailboxes: messages in one file, each behind a line that begins with `From `.

use std::ops::ControlFlow;

use super::message::MailMessage;
use crate::article::Place;
use crate::format::input::Input;
use crate::format::line_stream::LineStream;
use crate::format::reader::Reader;
use crate::format::sink::ArticleSink;
use crate::source::{ReadError, Reason};

/// What a line begins with that begins a message.
const FROM: &[u8] = b"From ";
/// Such a line is kept up to so many bytes.
const FROM_BYTES: usize = 1 << 10;

/// Fields that stand first in headers, but for those that begin with `X-`.
static FIRST_FIELDS: [&str; 14] = [
    "Return-Path",
    "Received",
    "Delivered-To",
    "Message-ID",
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Sender",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Status",
];

/// Reads a mailbox message by message: memory holds one of them. A message's part is its identifier, else its number.
///
/// A message begins at a line `From …` at the front of the file or below an empty line, where the line has a time of day
/// and a year, or a header follows: `From time to time` in a text that nobody escaped begins none.
///
/// Source: RFC 4155; the variants mboxo and mboxrd, whose lines `>From ` are read as `From `.
#[derive(Debug)]
pub(in crate::format) struct MboxReader;

impl Reader for MboxReader {
    fn read(&self, input: &Input<'_>, sink: &mut dyn ArticleSink) -> Result<(), ReadError> {
        let limit = usize::try_from(input.options.limits.part_bytes).unwrap_or(usize::MAX);
        let mut lines = LineStream::new(input.open()?);
        let mut mailbox = Mailbox {
            input,
            sink,
            open: Opened::default(),
            limit: limit.min(u32::MAX as usize),
            count: 0,
        };
        let mut line = Vec::new();
        let mut is_below_empty = true;
        // A line that begins a message where the next one is a field of a header.
        let mut candidate: Option<(Vec<u8>, Place)> = None;
        while let Some(read) = lines.next(&mut line, mailbox.limit.max(FROM_BYTES))? {
            if let Some((from, start)) = candidate.take() {
                match is_field(&line) {
                    true if mailbox.begin(read.start).is_break() => return Ok(()),
                    true => {}
                    false => mailbox.push(&from, start, true),
                }
            }
            if is_below_empty && line.starts_with(FROM) {
                if has_date(&line) {
                    if mailbox.begin(read.end).is_break() {
                        return Ok(());
                    }
                } else {
                    candidate = Some((line.clone(), read.start));
                }
            } else {
                mailbox.push(&line, read.start, read.is_whole);
            }
            is_below_empty = matches!(line.as_slice(), b"\n" | b"\r\n");
            line.clear();
        }
        if let Some((from, start)) = candidate {
            mailbox.push(&from, start, true);
        }
        let _ = mailbox.end();
        Ok(())
    }
}

/// The message whose lines are being read.
#[derive(Default)]
struct Opened {
    bytes: Vec<u8>,
    start: Option<Place>,
    is_too_large: bool,
}

/// A mailbox being read.
struct Mailbox<'a, 'i> {
    input: &'a Input<'i>,
    sink: &'a mut dyn ArticleSink,
    open: Opened,
    /// The largest message, in bytes.
    limit: usize,
    /// How many messages there were.
    count: u64,
}

impl Mailbox<'_, '_> {
    /// Adds a line to the open message.
    fn push(&mut self, line: &[u8], start: Place, is_whole: bool) {
        let open = &mut self.open;
        if open.start.is_none() {
            // Empty lines before the first message are none.
            if line.trim_ascii().is_empty() {
                return;
            }
            open.start = Some(start);
        }
        if !is_whole || open.bytes.len().saturating_add(line.len()) > self.limit {
            open.is_too_large = true;
            open.bytes = Vec::new();
        }
        if !open.is_too_large {
            open.bytes.extend_from_slice(line);
        }
    }

    /// Ends the open message and begins another one, whose header begins at `start`.
    fn begin(&mut self, start: Place) -> ControlFlow<()> {
        let flow = self.end();
        self.open.start = Some(start);
        flow
    }

    /// Reads the open message, if there is one.
    fn end(&mut self) -> ControlFlow<()> {
        let Opened {
            mut bytes,
            start,
            is_too_large,
        } = std::mem::take(&mut self.open);
        let Some(start) = start else {
            return ControlFlow::Continue(());
        };
        self.count += 1;
        let number = self.count.to_string();
        if is_too_large {
            let part = self.input.part.child(&number);
            self.sink.passed_over(part, Reason::TooLarge, Some(start));
            return ControlFlow::Continue(());
        }
        // The empty line above the next message is not of this one.
        bytes.truncate(bytes.strip_suffix(b"\n").unwrap_or(&bytes).len());
        let message = MailMessage {
            record: &bytes,
            start,
            is_mailbox: true,
            options: self.input.options,
        };
        let part_of = |id: Option<&str>| self.input.part.child(id.unwrap_or(&number));
        match message.read(part_of, self.sink) {
            Ok(flow) => flow,
            Err((part, error)) => {
                self.sink.passed_over(part, error.reason, Some(start));
                ControlFlow::Continue(())
            }
        }
    }
}

/// Whether a line has a time of day and a year: `10:07:00 2014`.
fn has_date(line: &[u8]) -> bool {
    let has_time = line.windows(4).any(|four| match four {
        [hour, b':', tens, minutes] => {
            hour.is_ascii_digit() && tens.is_ascii_digit() && minutes.is_ascii_digit()
        }
        _ => false,
    });
    let is_year = |word: &[u8]| {
        word.len() == 4
            && word.iter().all(u8::is_ascii_digit)
            && (word.starts_with(b"19") || word.starts_with(b"20"))
    };
    has_time && line.split(u8::is_ascii_whitespace).any(is_year)
}

/// Whether a line is a field that a message's header begins with.
fn is_field(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    let is_named = |field: &&str| name.eq_ignore_ascii_case(field.as_bytes());
    let is_own = name
        .get(..2)
        .is_some_and(|front| front.eq_ignore_ascii_case(b"X-"));
    name.len() < line.len() && (is_own || FIRST_FIELDS.iter().any(is_named))
}

#[cfg(test)]
mod tests {
    use crate::format::{Limits, ReadOptions, assert_runs_read_as_their_source, read_all};

    const MAILBOX: &str = "From ann@x.org Mon Mar  3 10:00:00 2014\n\
Message-ID: <one@x.org>\nFrom: Ann Berg <ann@x.org>, bo@x.org\nSubject: =?utf-8?q?Caf=C3=A9?= and\n more\n\
Date: Mon, 3 Mar 2014 23:10:00 -0500\n\nHello all,\n\n>From here on it is text.\nFrom time to time it is,\n\n\
From 10:30 on that is.\n-- \nAnn\n\n\
From bo@x.org Tue Mar  4 10:00:00 2014\nSubject: Re: Coffee\nFrom: \"bo@x.org\" <bo@x.org>\n\
Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\n\
Ann wrote:\n> Hello all,\n\nVive le caf=C3=\n=A9 cr=C3=A8me =\nand the long line.\n\n\
From nobody Tue Mar  4 10:00:00 2014\nX: no\n\nthis is no message\n\n\
From nobody Tue Mar  4 10:00:00 2014\nMessage-ID: <one@x.org>\nSubject: Base\nContent-Transfer-Encoding: base64\n\
Content-Type: text/plain; charset=koi8-r\n\n8NLJ18XU\nINfT\n\n";

    #[test]
    fn a_mailbox_gives_its_messages_with_true_places() {
        let (read, result) = read_all("a.mbox", MAILBOX.as_bytes(), &ReadOptions::default());
        assert_eq!(result, Ok(()));
        assert_eq!(read.parts(), ["one@x.org", "2", "one@x.org~2"]);
        assert_eq!(
            read.passed_over,
            [("3".to_string(), "bad-record", Some(31))]
        );
        let [(_, first), (_, second), (_, third)] = read.articles.as_slice() else {
            panic!("three messages");
        };
        let metadata = &first.metadata;
        assert_eq!(metadata.title.as_deref(), Some("Café and more"));
        assert_eq!(metadata.authors, ["Ann Berg", "bo@x.org"]);
        assert_eq!(metadata.date.as_deref(), Some("2014-03-03"));
        assert_eq!(
            first.sections[0].text,
            "Hello all,\nFrom here on it is text. From time to time it is,\nFrom 10:30 on that is."
        );
        assert_eq!(
            second.sections[0].text,
            "Vive le café crème and the long line."
        );
        assert_eq!(second.metadata.authors, ["bo@x.org"]);
        assert_eq!(third.sections[0].text, "Привет вс");
        for (_, article) in &read.articles {
            assert_runs_read_as_their_source(MAILBOX, article);
        }
    }

    #[test]
    fn every_word_stands_where_its_place_says() {
        let (read, _) = read_all("a.mbox", MAILBOX.as_bytes(), &ReadOptions::default());
        let place = |article: usize, word: &str| {
            let section = &read.articles[article].1.sections[0];
            let at = section.text.find(word).expect("the word");
            let start = section.map.place_of(&section.text, at).expect("a place");
            let end = section
                .map
                .end_of(&section.text, at + word.len())
                .expect("a place");
            let bytes = &MAILBOX[start.byte as usize..end.byte as usize];
            let line = MAILBOX[..start.byte as usize].matches('\n').count() as u32 + 1;
            assert_eq!(start.line, line, "{word}");
            (start.column, bytes.to_string())
        };
        assert_eq!(place(0, "From here"), (2, "From here".to_string()));
        assert_eq!(place(1, "café"), (9, "caf=C3=\n=A9".to_string()));
        assert_eq!(place(1, "crème"), (5, "cr=C3=A8me".to_string()));
        assert_eq!(place(1, "long"), (9, "long".to_string()));
        assert_eq!(place(2, "вс"), (1, "8NLJ18XU\nINfT".to_string()));
    }

    #[test]
    fn a_message_over_the_limit_is_passed_over_and_its_neighbours_stay() {
        let options = ReadOptions {
            limits: Limits {
                part_bytes: 230,
                ..Limits::default()
            },
            ..ReadOptions::default()
        };
        let (read, result) = read_all("a.mbox", MAILBOX.as_bytes(), &options);
        assert_eq!(result, Ok(()));
        assert_eq!(read.articles.len(), 2);
        assert_eq!(read.passed_over[0], ("1".to_string(), "too-large", Some(2)));
    }
}
