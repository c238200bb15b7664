//! What the header of a message says of it.

use mail_parser::{HeaderName, Message};

use crate::article::Metadata;
use crate::format::metadata::dates::read_date;
use crate::format::metadata::one_line;

/// A longer identifier names nothing: no line of a header is longer.
///
/// Source: RFC 5322, section 2.1.1.
const MAX_ID_BYTES: usize = 998;

/// Fields of which a message has at least one.
static OWN_FIELDS: [HeaderName<'static>; 9] = [
    HeaderName::From,
    HeaderName::Subject,
    HeaderName::Date,
    HeaderName::MessageId,
    HeaderName::To,
    HeaderName::Received,
    HeaderName::ReturnPath,
    HeaderName::Sender,
    HeaderName::ContentType,
];

/// Whether this is the header of a message, not some text with colons.
pub(super) fn is_message(head: &Message<'_>) -> bool {
    OWN_FIELDS
        .iter()
        .any(|field| head.header(field.clone()).is_some())
}

/// The message's identifier, without its angle brackets.
pub(super) fn id_of(head: &Message<'_>) -> Option<String> {
    let id = head.message_id()?.trim();
    let id = id.trim_start_matches('<').trim_end_matches('>').trim();
    (!id.is_empty() && id.len() <= MAX_ID_BYTES).then(|| id.to_string())
}

/// Title, authors and date.
pub(super) fn metadata(head: &Message<'_>) -> Metadata {
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
