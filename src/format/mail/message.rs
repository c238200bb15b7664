//! One message: its article, and the files attached to it.

use std::ops::ControlFlow;

use super::body::Body;
use super::head::{id_of, is_message};
use super::mime::{Contents, contents, entity};
use crate::article::{PartPath, Place};
use crate::format::input::Input;
use crate::format::metadata::message_head::message_metadata;
use crate::format::options::ReadOptions;
use crate::format::reader::{Reader, guarded};
use crate::format::record_places::RecordPlaces;
use crate::format::sink::ArticleSink;
use crate::format::text::ReadArticle;
use crate::source::{BYTE_ORDER_MARK, ReadError, Reason};

/// What files in UTF-16 begin with. A header is in ASCII, and its parser passes over the zeros in between.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Reads a file that is one message. Its article's part is that of the file.
///
/// Source: RFC 5322.
#[derive(Debug)]
pub(in crate::format) struct EmlReader;

impl Reader for EmlReader {
    fn read(&self, input: &Input<'_>, sink: &mut dyn ArticleSink) -> Result<(), ReadError> {
        let bytes = input.as_part()?;
        let message = MailMessage {
            record: &bytes,
            start: Place::START,
            is_mailbox: false,
            options: input.options,
        };
        match message.read(|_| input.part.clone(), sink) {
            Ok(_) => Ok(()),
            Err((_, error)) if error.reason == Reason::BadRecord => Err(ReadError {
                reason: Reason::NoText,
                message: "no message: no field of a header is in it".to_string(),
            }),
            Err((_, error)) => Err(error),
        }
    }
}

/// A message as it stands in its source.
pub(super) struct MailMessage<'a> {
    pub(super) record: &'a [u8],
    /// Where its header begins.
    pub(super) start: Place,
    /// Whether lines are escaped that would begin another message.
    pub(super) is_mailbox: bool,
    pub(super) options: &'a ReadOptions,
}

/// What was read of a message.
struct ReadMessage {
    body: Result<ReadArticle, ReadError>,
    contents: Contents,
}

impl MailMessage<'_> {
    /// Puts the message and what is attached to it into the sink. `part_of` names it by its identifier.
    ///
    /// # Errors
    /// Why it is no article, with its name; what is attached to it may be read all the same.
    pub(super) fn read(
        &self,
        part_of: impl FnOnce(Option<&str>) -> PartPath,
        sink: &mut dyn ArticleSink,
    ) -> Result<ControlFlow<()>, (PartPath, ReadError)> {
        let places = RecordPlaces::new(self.record, self.start);
        let mut id = None;
        // The parser of headers is not ours.
        let read = guarded(|| self.parse(&mut id, &places));
        let part = part_of(id.as_deref());
        let read = match read {
            Ok(read) => read,
            Err(error) => return Err((part, error)),
        };
        let mut flow = ControlFlow::Continue(());
        let mut error = None;
        match read.body {
            Ok(body) => flow = body.put(part.clone(), sink),
            Err(why) => error = Some(why),
        }
        for file in read.contents.attached {
            if flow.is_break() {
                break;
            }
            let file_part = part.child(&file.name);
            let bytes = file
                .transfer
                .decode(self.record, file.body, self.is_mailbox)
                .bytes()
                .to_vec();
            flow = sink.inner(file_part, &file.name, bytes);
        }
        for at in read.contents.left {
            sink.passed_over(part.clone(), Reason::LimitDepth, Some(places.place(at)));
        }
        match error {
            Some(error) => Err((part, error)),
            None => Ok(flow),
        }
    }

    fn parse(
        &self,
        id: &mut Option<String>,
        places: &RecordPlaces<'_>,
    ) -> Result<ReadMessage, ReadError> {
        // A mailbox that a text editor saved so is one long line to what follows.
        if UTF_16_MARKS
            .iter()
            .any(|mark| self.record.starts_with(mark))
        {
            return Err(ReadError::new(Reason::BadRecord));
        }
        let front = match self.record.starts_with(BYTE_ORDER_MARK) {
            true => BYTE_ORDER_MARK.len(),
            false => 0,
        };
        let whole = entity(self.record, front..self.record.len());
        let head = whole.head.as_ref().filter(|head| is_message(head));
        let head = head.ok_or_else(|| ReadError::new(Reason::BadRecord))?;
        *id = id_of(head);
        let contents = contents(self.record, &whole);
        let body = Body {
            record: self.record,
            is_mailbox: self.is_mailbox,
            options: self.options,
            metadata: message_metadata(head),
        };
        Ok(ReadMessage {
            body: body.read(&contents.leaves, whole.body.start, places),
            contents,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::format::{ReadOptions, read_all};
    use crate::random_numbers::RandomNumbers;

    fn read(message: &str) -> (crate::format::Collected, Option<&'static str>) {
        let (read, result) = read_all("a.eml", message.as_bytes(), &ReadOptions::default());
        (read, result.err().map(|error| error.reason.name()))
    }

    const MIXED: &str = "From: Ann <a@b.c>\r\nSubject: Plans\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
--a\r\nContent-Type: text/plain\r\n\r\n   \r\n--a\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\r\n<h2>The pl=E4n</h2><p>All of it &amp; more.</p>\r\n--a--\r\n\
--m\r\nContent-Type: text/markdown; name=\"notes.md\"\r\nContent-Disposition: attachment\r\n\r\n# Notes\r\n\r\nInner text.\r\n\
--m\r\nContent-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n\
--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: Forwarded\r\n\r\nOlder words.\r\n\
--m\r\nContent-Type: text/plain\r\n\r\nA footer.\r\n--m--\r\n";

    #[test]
    fn a_message_gives_its_text_and_what_is_attached_to_it() {
        let (read, error) = read(MIXED);
        assert_eq!(error, None);
        assert_eq!(
            read.titles(),
            [
                ("", Some("Plans")),
                ("notes.md", Some("Notes")),
                ("part-7.eml", Some("Forwarded"))
            ]
        );
        assert_eq!(
            read.passed_over,
            [("x.png".to_string(), "unknown-format", None)]
        );
        let sections = &read.articles[0].1.sections;
        let texts: Vec<_> = sections
            .iter()
            .map(|s| (s.headings.join("/"), s.text.as_str(), s.anchor.as_str()))
            .collect();
        assert_eq!(
            texts,
            [
                ("The plän".to_string(), "All of it & more.", "the-plän"),
                (String::new(), "A footer.", "top")
            ]
        );
        let more = sections[0].text.find("more").expect("the word");
        let place = sections[0].map.place_of(&sections[0].text, more);
        let line = MIXED[..MIXED.find("more").expect("it")]
            .matches('\n')
            .count();
        assert_eq!(place.map(|place| place.line as usize), Some(line + 1));
        assert_eq!(sections[0].heading_line, Some(line as u32 + 1));
    }

    #[test]
    fn a_header_in_the_encoding_of_older_programs_is_read() {
        let mut message =
            b"Subject: Die Hasen und die Fr\xf6sche im sch\xf6nen Gr\xfcn\n\nText.\n".to_vec();
        message.extend_from_slice(b"More of it.\n");
        let (read, _) = read_all("a.eml", &message, &ReadOptions::default());
        let title = read.articles[0].1.metadata.title.as_deref();
        assert_eq!(title, Some("Die Hasen und die Frösche im schönen Grün"));
    }

    #[test]
    fn what_is_no_message_has_no_text() {
        assert_eq!(read("just a text\n").1, Some("no-text"));
        assert_eq!(read("").1, Some("no-text"));
        let marked = "\u{feff}Subject: Marked\n\ntext\n";
        let (read_marked, _) = read(marked);
        let article = &read_marked.articles[0].1;
        assert_eq!(article.metadata.title.as_deref(), Some("Marked"));
        assert_eq!(article.sections[0].start.line, 3);
        let units = "Subject: Wide\n\nwide text\n".encode_utf16();
        let wide: Vec<u8> = std::iter::once(0xfeff)
            .chain(units)
            .flat_map(u16::to_le_bytes)
            .collect();
        let (read_wide, result) = read_all("a.eml", &wide, &ReadOptions::default());
        let reason = result.err().map(|error| error.reason.name());
        assert_eq!((read_wide.articles.len(), reason), (0, Some("no-text")));
        let (read_wide, _) = read_all("a.mbox", &wide, &ReadOptions::default());
        assert_eq!(read_wide.articles.len(), 0);
        let (read, error) = read("Subject: Only this\n");
        assert_eq!((read.articles.len(), error), (1, None));
        assert_eq!(read.articles[0].1.sections[0].start.line, 2);
    }

    #[test]
    fn attached_messages_are_opened_only_so_deep() {
        let mut message = "Subject: innermost\n\ntext\n".to_string();
        for depth in 0..6 {
            message = format!(
                "Subject: s{depth}\nContent-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n\
                 Content-Type: message/rfc822; name=m{depth}.eml\n\n{message}\n--b{depth}--\n"
            );
        }
        let (read, error) = read(&message);
        assert_eq!((read.articles.len(), error), (4, None));
        assert_eq!(
            read.passed_over,
            [(
                "m5.eml!/m4.eml!/m3.eml!/m2.eml".to_string(),
                "limit-depth",
                None
            )]
        );
    }

    fn page_of(headings: &str) -> String {
        format!("--b\nContent-Type: text/html\n\n{headings}\n")
    }

    fn mixed(pages: &[String]) -> String {
        let parts = pages.concat();
        format!("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n")
    }

    #[test]
    fn sections_of_other_parts_take_the_next_free_number_as_their_anchor() {
        let heading = |text: &str| format!("<h2>{text}</h2>x");
        let first = ["a", "section 4", "section-5"].map(heading).concat();
        let second = ["a", "b", "a", "section 4"].map(heading).concat();
        let (read, error) = read(&mixed(&[page_of(&first), page_of(&second)]));
        assert_eq!(error, None);
        let outline = crate::format::outline_of(&read.articles[0].1);
        let anchors: Vec<_> = outline.into_iter().map(|(_, anchor, ..)| anchor).collect();
        let want = [
            "a",
            "section-4",
            "section-5",
            "section-6",
            "b",
            "a-1",
            "section-7",
        ];
        assert_eq!(anchors, want);
    }

    /// Quadratic time would take minutes here.
    #[test]
    fn many_sections_of_many_parts_are_told_apart_in_linear_time() {
        let page = page_of(&"<h2>a</h2>x".repeat(24_000));
        let (taken, error) = read(&mixed(&[page.clone(), page.clone()]));
        assert_eq!((taken.articles[0].1.sections.len(), error), (48_000, None));
        let numbers: String = (24_000..48_000)
            .map(|n| format!("<h2>section {n}</h2>x"))
            .collect();
        let (taken, error) = read(&mixed(&[page_of(&numbers), page_of(&numbers)]));
        assert_eq!((taken.articles[0].1.sections.len(), error), (48_000, None));
        let (_, error) = read(&mixed(&vec![page; 40]));
        assert_eq!(error, Some("limit-sections"));
    }

    /// Cuts and flips everywhere: no panic, and the parser of headers none that is not caught.
    #[test]
    fn cut_and_damaged_messages_are_read_without_a_panic() {
        let mut numbers = RandomNumbers::of(1);
        let mut random = move || numbers.below(usize::MAX);
        for _ in 0..400 {
            let mut bytes = MIXED.as_bytes().to_vec();
            for _ in 0..random() % 8 {
                let at = random() % bytes.len();
                bytes[at] = random() as u8;
            }
            bytes.truncate(random() % (bytes.len() + 1));
            for name in ["a.eml", "a.mbox"] {
                let (read, result) = read_all(name, &bytes, &ReadOptions::default());
                let reasons = read.passed_over.iter().map(|(_, reason, _)| *reason);
                let own = result.err().map(|error| error.reason.name());
                assert!(!reasons.chain(own).any(|reason| reason == "parser-bug"));
            }
        }
    }
}
