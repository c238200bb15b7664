//! Mail: messages and mailboxes.
//!
//! A message is an article: its subject is the title, From the authors, Date the date. Its text is that of `text/plain`,
//! else of `text/html`; lines quoted from other messages, what introduces them, and the signature are left out. Attached
//! files of a known format are articles inside the message.
//!
//! Source: RFC 5322 (messages), RFC 2045 and RFC 2046 (MIME), RFC 3676 section 4.3 (signatures), RFC 4155 (mbox).

mod body;
mod head;
mod lines;
mod mbox;
mod message;
mod mime;
mod quoted;
mod transfer;

pub(super) use self::mbox::MboxReader;
pub(super) use self::message::EmlReader;
