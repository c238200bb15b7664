//! One record: its fields as an article.

use super::fields::{
    AUTHOR, BODY, DATE, ID, LANG, RecordFields, TITLE, URL, authors_of, date_of, line_of,
};
use crate::article::{Metadata, Place};
use crate::format::assembled::Assembled;
use crate::format::options::{Feed, ReadOptions};
use crate::format::record_places::RecordPlaces;
use crate::format::relocate::read_assembled;
use crate::format::text::{self, HTML, PLAIN, ReadArticle};
use crate::source::{Encoding, ReadError, Reason};

/// A longer identifier names nothing that a person could write.
const MAX_ID_BYTES: usize = 1000;

/// Reads the record on `line`, which stands at `start`, and puts what identifies it into `id`.
///
/// # Errors
/// [`Reason::BadRecord`] for what is no object of JSON, [`Reason::NoText`] for one with neither text nor title.
pub(super) fn read_record(
    line: &[u8],
    start: Place,
    options: &ReadOptions,
    id: &mut Option<String>,
) -> Result<ReadArticle, ReadError> {
    let bad = || ReadError::new(Reason::BadRecord);
    let text = std::str::from_utf8(line).map_err(|_| bad())?;
    let fields = RecordFields::of(text).ok_or_else(bad)?;
    let usual = Feed::default();
    let rules = options.feed.as_ref().unwrap_or(&usual);
    *id = fields
        .find(rules.id.as_deref(), &ID)
        .and_then(line_of)
        .filter(|id| id.len() <= MAX_ID_BYTES);
    let metadata = metadata(&fields, rules);
    let mut body = Assembled::new(0);
    let mut reader = &PLAIN;
    if let Some(value) = fields.find(rules.body.as_deref(), &BODY) {
        if fields.is_page(value) {
            reader = &HTML;
        }
        body = Assembled::new(fields.range(value).start);
        fields.push_text(value, &mut body);
    }
    if let Some(name) = rules.format.as_deref() {
        reader = text::named(name).ok_or_else(|| ReadError::new(Reason::UnknownFormat))?;
    }
    // JSON is UTF-8, whatever a page in it says.
    let known = (Some(Encoding::UTF_8), metadata.title.as_deref());
    let places = &RecordPlaces::new(line, start);
    let mut read = read_assembled(reader, &body, known, options, places)?;
    let found = std::mem::take(&mut read.article.metadata);
    read.article.metadata = Metadata {
        title: metadata.title.or(found.title),
        date: metadata.date.or(found.date),
        authors: match metadata.authors.is_empty() {
            true => found.authors,
            false => metadata.authors,
        },
        lang: metadata.lang.or(found.lang),
        url: metadata.url.or(found.url),
    };
    Ok(read)
}

fn metadata(fields: &RecordFields<'_>, rules: &Feed) -> Metadata {
    let find = |rule: &Option<String>, usual: &[&str]| fields.find(rule.as_deref(), usual);
    Metadata {
        title: find(&rules.title, &TITLE).and_then(line_of),
        date: find(&rules.date, &DATE).and_then(date_of),
        authors: find(&rules.author, &AUTHOR)
            .map(authors_of)
            .unwrap_or_default(),
        lang: find(&rules.lang, &LANG)
            .and_then(line_of)
            .map(|lang| lang.to_ascii_lowercase()),
        url: find(&rules.url, &URL).and_then(line_of),
    }
}
