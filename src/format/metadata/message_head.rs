//! What the header of a message says of it, in mail and above a plain text.
//!
//! Source: RFC 5322 (messages), RFC 2047 (words in other encodings), RFC 1036 (news).

use mail_parser::{HeaderName, Message, MessageParser};

use super::dates::read_date;
use super::one_line;
use crate::article::Metadata;

/// A longer header is text, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Fields of messages and memos.
static FIELDS: [&str; 17] = [
    "cc",
    "date",
    "distribution",
    "from",
    "in-reply-to",
    "lines",
    "message-id",
    "newsgroups",
    "organization",
    "path",
    "received",
    "references",
    "reply-to",
    "sender",
    "sent",
    "subject",
    "to",
];

/// Title, authors and date of a message.
pub(in crate::format) fn message_metadata(head: &Message<'_>) -> Metadata {
    Metadata {
        title: head.subject().and_then(one_line),
        date: date(head),
        authors: authors(head),
        ..Metadata::default()
    }
}

fn date(head: &Message<'_>) -> Option<String> {
    let parsed = head.date().filter(|date| {
        (1000..=9999).contains(&date.year)
            && (1..=12).contains(&date.month)
            && (1..=31).contains(&date.day)
    });
    match parsed {
        Some(date) => Some(format!(
            "{:04}-{:02}-{:02}",
            date.year, date.month, date.day
        )),
        None => read_date(head.header_raw(HeaderName::Date)?),
    }
}

/// The names of those whom the message is from, else their addresses.
fn authors(head: &Message<'_>) -> Vec<String> {
    let from = head.from().into_iter().flat_map(|from| from.iter());
    let names = from.filter_map(|author| {
        let name = author.name().map(|name| name.trim_matches(['"', '\'']));
        name.and_then(one_line)
            .or_else(|| author.address().and_then(one_line))
    });
    names.collect()
}

/// Reads the header that a text begins with, and says how many bytes it takes; 0 where there is none. A header has at
/// least two fields that messages have, the first one among them, and a sender or a subject.
pub(in crate::format) fn read_message_head(text: &str, metadata: &mut Metadata) -> usize {
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..).unwrap_or_default();
    let Some((names, head)) = fields(rest) else {
        return 0;
    };
    let is_field = |name: &&str| FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field));
    let has = |own: &str| names.iter().any(|name| name.eq_ignore_ascii_case(own));
    let is_head = names.first().is_some_and(is_field)
        && names.iter().filter(|name| is_field(name)).count() >= 2
        && (has("from") || has("subject"));
    let envelope = envelope_len(head);
    let own = head.get(envelope..).unwrap_or_default();
    let parsed = is_head.then(|| MessageParser::new().parse_headers(own.as_bytes()));
    let Some(parsed) = parsed.flatten() else {
        return 0;
    };
    let found = message_metadata(&parsed);
    metadata.title = found.title;
    metadata.date = found.date;
    metadata.authors = found.authors;
    start + head.len()
}

/// The names of the fields that a text begins with, and its lines up to the blank one behind them; `None` where there is
/// another line among them.
fn fields(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut names = Vec::new();
    let mut len = envelope_len(text);
    for line in text.get(len..)?.split_inclusive('\n') {
        if line.trim_end().is_empty() {
            break;
        }
        (len + line.len() <= MAX_BYTES).then_some(())?;
        if !line.starts_with([' ', '\t']) {
            let (name, _) = line.split_once(':')?;
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
            is_name.then(|| names.push(name))?;
        }
        len += line.len();
    }
    Some((names, text.get(..len)?))
}

/// The length of the line `From ann@a.b Mon Apr  5 …`, which a mailbox puts above a message.
fn envelope_len(text: &str) -> usize {
    let is_envelope = text.starts_with("From ");
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    line.len() * usize::from(is_envelope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (usize, Metadata) {
        let mut metadata = Metadata::default();
        let len = read_message_head(text, &mut metadata);
        (len, metadata)
    }

    #[test]
    fn heads_of_mail_and_news_tell_title_author_and_date() {
        for (head, title, author, date) in [
            (
                "From: ann@a.b (Ann Berg)\nNewsgroups: sci.space\nSubject: Re: The quay\nDate: 5 Apr 93 10:00:00 GMT\nLines: 12\n",
                "Re: The quay",
                "Ann Berg",
                "1993-04-05",
            ),
            (
                "\nSubject: =?iso-8859-1?Q?Gr=FC=DFe_von?=\n =?utf-8?B?IMOcYmVy?=\nFrom: =?utf-8?q?J=C3=BCrgen?= <j@a.b>\nDate: Wed, 05 Mar 2014 10:00:00 +0000\n",
                "Grüße von Über",
                "Jürgen",
                "2014-03-05",
            ),
            (
                "From ann Mon Apr  5 10:00:00 1993\nFrom: Ann Berg <ann@a.b>\nSubject: The quay\nX-Foo:bar\nDate: 5 Apr 93 10:00:00 GMT\n",
                "The quay",
                "Ann Berg",
                "1993-04-05",
            ),
            (
                "TO: All\nFROM: Ann Berg\nDATE: 3 May 2014\nSUBJECT: Parking\n",
                "Parking",
                "Ann Berg",
                "2014-05-03",
            ),
            (
                "From: ann@a.b\nSubject: Grüße\nX-Empty:\nDate: Mon, 3 May 2014 10:00\n",
                "Grüße",
                "ann@a.b",
                "2014-05-03",
            ),
        ] {
            let (len, metadata) = found(&format!("{head}\nText.\n"));
            assert_eq!(len, head.len(), "{head}");
            assert_eq!(metadata.title.as_deref(), Some(title), "{head}");
            assert_eq!(metadata.authors, [author], "{head}");
            assert_eq!(metadata.date.as_deref(), Some(date), "{head}");
        }
    }

    #[test]
    fn text_with_colons_is_no_head() {
        for text in [
            "From: here to there\n\nA walk.\n",
            "From: here\nTo there.\n\nA walk.\n",
            "To: all\nLines: 3\n\nText.\n",
            "From the quay it is far.\nIt: far.\n\nFrom: a\nSubject: b\n",
            "From: a\nSubject: b\nand text goes on here.\n\nText.\n",
            "Note: from here\nFrom: a\nSubject: b\n\nText.\n",
            "",
        ] {
            assert_eq!(found(text), (0, Metadata::default()), "{text}");
        }
    }
}
