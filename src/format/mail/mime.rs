//! The parts of a message: which of them are its text, and which are attached.

use std::ops::Range;

use mail_parser::{ContentType, Message, MessageParser, MimeHeaders};

use super::lines::{lines, without_end};
use super::transfer::Transfer;
use crate::source::Decoded;

/// How deep parts nest. Deeper ones are left.
const MAX_DEPTH: usize = 32;
/// How many parts a message has. Further ones are left.
const MAX_PARTS: usize = 10_000;

/// A longer name of a file is none: no file system has it.
const MAX_NAME_BYTES: usize = 255;

/// A part of a message, or the whole of it.
pub(super) struct Entity<'m> {
    /// Its header; `None` where it has no field.
    pub(super) head: Option<Message<'m>>,
    /// What it holds, in the record.
    pub(super) body: Range<usize>,
}

/// A part that is text of the message.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) is_html: bool,
    pub(super) charset: Option<String>,
    pub(super) transfer: Transfer,
    pub(super) body: Range<usize>,
}

/// A part that is a file of its own.
#[derive(Debug, Clone)]
pub(super) struct Attached {
    pub(super) name: String,
    pub(super) transfer: Transfer,
    pub(super) body: Range<usize>,
}

/// What a message holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) leaves: Vec<Leaf>,
    pub(super) attached: Vec<Attached>,
    /// Where parts begin that are nested too deep, or are too many.
    pub(super) left: Vec<usize>,
}

/// The header and the body at `range` of a record.
pub(super) fn entity(record: &[u8], range: Range<usize>) -> Entity<'_> {
    let bytes = record.get(range.clone()).unwrap_or_default();
    let mut head_len = bytes.len();
    let mut body_start = bytes.len();
    let is_empty = |line: &Range<usize>| matches!(bytes.get(line.clone()), Some(b"\n" | b"\r\n"));
    if let Some(line) = lines(bytes).find(is_empty) {
        (head_len, body_start) = (line.start, line.end);
    }
    Entity {
        head: header(bytes.get(..head_len).unwrap_or_default()),
        body: range.start + body_start..range.end,
    }
}

/// The fields of a header; `None` where there is none. Bytes that are neither ASCII nor UTF-8, which older programs send,
/// are read as a text's are.
fn header(bytes: &[u8]) -> Option<Message<'_>> {
    let parser = MessageParser::new();
    if std::str::from_utf8(bytes).is_err()
        && let Ok(text) = Decoded::from_bytes(bytes.to_vec())
    {
        return parser.parse_headers(text.text()).map(Message::into_owned);
    }
    parser.parse_headers(bytes)
}

/// What the message with this header and body holds.
pub(super) fn contents(record: &[u8], whole: &Entity<'_>) -> Contents {
    let mut walk = MimeWalk { record, parts: 0 };
    walk.contents(whole, false, 0)
}

/// A walk through the parts of a message.
struct MimeWalk<'m> {
    record: &'m [u8],
    parts: usize,
}

impl<'m> MimeWalk<'m> {
    fn contents(&mut self, entity: &Entity<'m>, is_in_digest: bool, depth: usize) -> Contents {
        self.parts += 1;
        let kind = entity.head.as_ref().and_then(MimeHeaders::content_type);
        if let Some(kind) = kind.filter(|kind| kind.ctype().eq_ignore_ascii_case("multipart"))
            && let Some(boundary) = kind.attribute("boundary")
        {
            return self.multipart(entity, kind, boundary, depth);
        }
        let mut contents = Contents::default();
        match self.leaf(entity, kind, is_in_digest) {
            Ok(leaf) => contents.leaves.push(leaf),
            Err(attached) => contents.attached.push(attached),
        }
        contents
    }

    fn multipart(
        &mut self,
        entity: &Entity<'m>,
        kind: &ContentType<'_>,
        boundary: &str,
        depth: usize,
    ) -> Contents {
        let is = |subtype: &str| {
            kind.subtype()
                .is_some_and(|own| own.eq_ignore_ascii_case(subtype))
        };
        let mut all = Vec::new();
        let mut left = Vec::new();
        for range in parts(self.record, &entity.body, boundary.as_bytes()) {
            if depth >= MAX_DEPTH || self.parts >= MAX_PARTS {
                left.push(range.start);
                break;
            }
            let part = self::entity(self.record, range);
            all.push(self.contents(&part, is("digest"), depth + 1));
        }
        if is("alternative") {
            let best = best(&all, self.record);
            for (at, other) in all.iter_mut().enumerate() {
                if Some(at) != best {
                    other.leaves.clear();
                }
            }
        }
        let mut contents = Contents {
            left,
            ..Contents::default()
        };
        for part in all {
            contents.leaves.extend(part.leaves);
            contents.attached.extend(part.attached);
            contents.left.extend(part.left);
        }
        contents
    }

    /// A part without parts: text of the message, or attached.
    fn leaf(
        &self,
        entity: &Entity<'m>,
        kind: Option<&ContentType<'_>>,
        is_in_digest: bool,
    ) -> Result<Leaf, Attached> {
        let head = entity.head.as_ref();
        let transfer = Transfer::of(head.and_then(MimeHeaders::content_transfer_encoding));
        let (main, sub) = match kind {
            Some(kind) => (kind.ctype(), kind.subtype().unwrap_or_default()),
            None if is_in_digest => ("message", "rfc822"),
            None => ("text", "plain"),
        };
        let (main, sub) = (main.to_ascii_lowercase(), sub.to_ascii_lowercase());
        let disposition = head.and_then(MimeHeaders::content_disposition);
        let is_attached = disposition.is_some_and(ContentType::is_attachment);
        let name = head
            .and_then(MimeHeaders::attachment_name)
            .map(|name| last_name(name.trim()))
            .filter(|name| !name.is_empty() && name.len() <= MAX_NAME_BYTES);
        let is_text = matches!(
            (main.as_str(), sub.as_str()),
            // A container without a boundary is read as what it is then.
            ("text", "plain" | "html" | "") | ("multipart", _)
        );
        // The only part of a message is its text, whatever it is called.
        if is_text && !is_attached && (name.is_none() || self.parts == 1) {
            return Ok(Leaf {
                is_html: sub == "html",
                charset: kind
                    .and_then(|kind| kind.attribute("charset"))
                    .map(str::to_string),
                transfer,
                body: entity.body.clone(),
            });
        }
        Err(Attached {
            name: self.file_name(name, &main, &sub),
            transfer,
            body: entity.body.clone(),
        })
    }

    /// The name of an attached file: its own, else its number, with the ending of its type.
    fn file_name(&self, name: Option<&str>, main: &str, sub: &str) -> String {
        let ending = match (main, sub) {
            ("message", "rfc822" | "global" | "news") => ".eml",
            ("text", "html") => ".html",
            ("text", "markdown") => ".md",
            ("text", "plain") => ".txt",
            _ => "",
        };
        match name {
            Some(name) if main == "message" && !name.to_ascii_lowercase().ends_with(ending) => {
                format!("{name}{ending}")
            }
            Some(name) => name.to_string(),
            None => format!("part-{}{ending}", self.parts),
        }
    }
}

/// The last name of a path: a file is attached, whatever folders its sender put before its name. Empty where that is
/// none, such as `..`.
fn last_name(path: &str) -> &str {
    match path.rsplit(['/', '\\']).next().unwrap_or_default().trim() {
        "." | ".." => "",
        name => name,
    }
}

/// Which of several versions of one text is read: the plain one, else the page, else the last.
fn best(all: &[Contents], record: &[u8]) -> Option<usize> {
    let is_filled = |leaf: &Leaf| {
        let body = record.get(leaf.body.clone()).unwrap_or_default();
        body.iter().any(|byte| !byte.is_ascii_whitespace())
    };
    let with = |is_html: bool| {
        all.iter().position(|part| {
            part.leaves
                .iter()
                .any(|leaf| leaf.is_html == is_html && is_filled(leaf))
        })
    };
    let last = || all.iter().rposition(|part| !part.leaves.is_empty());
    with(false).or_else(|| with(true)).or_else(last)
}

/// The ranges of a record between the lines that delimit the parts of a container.
fn parts(record: &[u8], body: &Range<usize>, boundary: &[u8]) -> Vec<Range<usize>> {
    let bytes = record.get(body.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut open = None;
    for line in lines(bytes) {
        let content = bytes.get(line.clone()).unwrap_or_default();
        if let Some(is_last) = delimiter(content, boundary) {
            if let Some(start) = open {
                found.push(body.start + start..body.start + end_of_part(bytes, start, line.start));
            }
            open = Some(line.end);
            if is_last {
                return found;
            }
        }
    }
    if let Some(start) = open.filter(|&start| start < bytes.len()) {
        found.push(body.start + start..body.end);
    }
    found
}

/// Whether a line delimits the parts; if so, whether it is the last one to do so.
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let behind = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    let (is_last, behind) = match behind.strip_prefix(b"--") {
        Some(behind) => (true, behind),
        None => (false, behind),
    };
    behind.trim_ascii().is_empty().then_some(is_last)
}

/// The line end before a delimiter belongs to it.
fn end_of_part(bytes: &[u8], start: usize, delimiter: usize) -> usize {
    start + without_end(bytes.get(start..delimiter).unwrap_or_default()).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(message: &str) -> (Vec<String>, Vec<String>, usize) {
        let record = message.as_bytes();
        let whole = entity(record, 0..record.len());
        let contents = contents(record, &whole);
        let text = |body: &Range<usize>| message[body.clone()].to_string();
        (
            contents
                .leaves
                .iter()
                .map(|leaf| text(&leaf.body))
                .collect(),
            contents
                .attached
                .iter()
                .map(|file| file.name.clone())
                .collect(),
            contents.left.len(),
        )
    }

    #[test]
    fn an_attached_file_has_no_folders_in_its_name() {
        for (path, name) in [
            ("notes.md", "notes.md"),
            ("../../etc/x.md", "x.md"),
            ("C:\\Users\\ann\\x.md", "x.md"),
            ("a/..", ""),
            ("/", ""),
        ] {
            assert_eq!(last_name(path), name);
        }
    }

    #[test]
    fn plain_text_goes_before_pages_and_files_are_attached() {
        let message = "Content-Type: multipart/mixed; boundary=m\n\npreamble\n--m\n\
            Content-Type: multipart/alternative; boundary=\"a b\"\n\n--a b\nContent-Type: text/html\n\n<p>page\n--a b\n\n\
            plain\n--a b--\n--m\nContent-Type: text/markdown; name=n.md\n\n# N\n--m\nContent-Type: message/rfc822\n\n\
            Subject: x\n\n--m\nContent-Type: image/png\nContent-Disposition: inline\n\nx\n--m  \r\n\r\nfooter\r\n--m--\nepilogue";
        let (text, files, left) = held(message);
        assert_eq!(text, ["plain", "footer"]);
        assert_eq!(files, ["n.md", "part-6.eml", "part-7"]);
        assert_eq!(left, 0);
    }

    #[test]
    fn what_is_cut_or_has_no_boundary_is_read_as_far_as_it_goes() {
        let (text, ..) =
            held("Content-Type: multipart/mixed; boundary=m\n\n--m\n\none\n--m\n\ntwo");
        assert_eq!(text, ["one", "two"]);
        let (text, ..) = held("Content-Type: multipart/mixed\n\nall of it");
        assert_eq!(text, ["all of it"]);
        assert_eq!(held("Subject: x").0, [""]);
    }

    #[test]
    fn parts_nest_only_so_deep() {
        let mut message = String::new();
        for depth in 0..100 {
            message += &format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
        }
        let (text, files, left) = held(&message);
        assert_eq!((text.len(), files.len(), left), (0, 0, 1));
    }
}
