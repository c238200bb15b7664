//! What the header of a message says of it.

use mail_parser::{HeaderName, Message};

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
