//! What the header of a message says of it, in mail and above a plain text.
//!
//! Source: RFC 5322 (messages), RFC 2047 (words in other encodings), RFC 1036 (news).

use mail_parser::{HeaderName, Message, MessageParser};

use super::dates::read_date;
use super::head_block::key_lines;
use super::one_line;
use crate::article::Metadata;

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
/// least two fields that messages have, and a sender or a subject.
pub(in crate::format) fn read_message_head(text: &str, metadata: &mut Metadata) -> usize {
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..).unwrap_or_default();
    let Some((entries, len)) = key_lines(rest) else {
        return 0;
    };
    let is_field = |key: &str| FIELDS.iter().any(|field| key.eq_ignore_ascii_case(field));
    let begins_so = entries.first().is_some_and(|(key, _)| is_field(key));
    let known = entries.iter().filter(|(key, _)| is_field(key)).count();
    let has = |name: &str| {
        entries
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    if !begins_so || known < 2 || !(has("from") || has("subject")) {
        return 0;
    }
    let head = rest.get(..len).unwrap_or_default();
    let Some(head) = MessageParser::new().parse_headers(head.as_bytes()) else {
        return 0;
    };
    let found = message_metadata(&head);
    metadata.title = found.title;
    metadata.date = found.date;
    metadata.authors = found.authors;
    start + len
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
            "Note: from here\nFrom: a\nSubject: b\n\nText.\n",
            "",
        ] {
            assert_eq!(found(text), (0, Metadata::default()), "{text}");
        }
    }
}
