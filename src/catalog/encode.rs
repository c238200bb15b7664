//! How the records of a catalog are written; the layout stands in [`crate::catalog`].

use super::layout::{ARTICLE_LEN, FIELDS, MAGIC, SOURCE_LEN, u32_at, u64_at};
use super::records::{ArticleRecord, Outcome, SourceRecord};
use crate::analysis::Language;

/// The code of places that are lines of the source.
const UNIT_LINE: u8 = 0;
/// That of lines of what was unpacked or decoded from it.
pub(super) const UNIT_INNER: u8 = 1;
/// The flag of a source that was cut short.
pub(super) const TRUNCATED: u8 = 1;
/// That of one of which bad records were passed over.
pub(super) const BAD_RECORDS: u8 = 2;
/// The most authors of an article that are kept: their number is one byte.
const MAX_AUTHORS: usize = u8::MAX as usize;
/// Where in a source's record its first article and their number stand, which the catalog as a whole gives.
pub(super) const ARTICLES_AT: std::ops::Range<usize> = 76..SOURCE_LEN;

/// The bytes of a catalog of nothing.
pub(super) fn empty() -> Vec<u8> {
    let header = Header::default();
    header.encode(0, 0)
}

/// What stands before the tables.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Slots of sources, live sources, slots of articles, live articles.
    pub(super) counts: [u32; 4],
    pub(super) sections: u64,
    pub(super) words: [u64; FIELDS],
}

impl Header {
    /// Its bytes; the lengths are those of the list of languages and of the records of sources.
    pub(super) fn encode(&self, languages_len: u32, sources_len: u64) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for count in self.counts {
            out.extend(count.to_le_bytes());
        }
        out.extend(self.sections.to_le_bytes());
        for words in self.words {
            out.extend(words.to_le_bytes());
        }
        out.extend(languages_len.to_le_bytes());
        out.extend(sources_len.to_le_bytes());
        out
    }

    /// Adds the article with these bytes.
    pub(super) fn add(&mut self, article: &[u8]) {
        self.sections += u64::from(sections_of(article));
        for (field, sum) in self.words.iter_mut().enumerate() {
            *sum += u64_at(article, 17 + 8 * field).unwrap_or(0);
        }
    }
}

/// The sections of an article with these bytes.
pub(super) fn sections_of(article: &[u8]) -> u32 {
    u32_at(article, 8).unwrap_or(0)
}

/// The language of an article with these bytes.
pub(super) fn language_of(article: &[u8]) -> Option<Language> {
    Language::of_code(*article.get(14)?)
}

/// The bytes of a source's record; where its articles are listed, zeros.
pub(super) fn encode_source(record: &SourceRecord) -> Vec<u8> {
    let mut out = Vec::with_capacity(SOURCE_LEN + 4 + record.path.as_bytes().len());
    let stat = &record.stat;
    out.extend(stat.size.to_le_bytes());
    out.extend(stat.modified_ns.to_le_bytes());
    out.extend(stat.changed_ns.to_le_bytes());
    out.extend(stat.inode.to_le_bytes());
    out.extend(record.hash.to_le_bytes());
    out.extend(record.reading.to_le_bytes());
    out.extend(record.reader.to_le_bytes());
    let (outcome, reason) = outcome_codes(record.outcome);
    let (origin, encoding) = (record.origin.code(), record.encoding.code());
    let flags = (u8::from(record.is_truncated) * TRUNCATED)
        | (u8::from(record.has_bad_records) * BAD_RECORDS);
    out.extend([origin, outcome, reason, record.format, encoding, flags]);
    for number in [
        record.invalid_sequences,
        record.sections,
        record.passed_over,
    ] {
        out.extend(number.to_le_bytes());
    }
    out.resize(SOURCE_LEN, 0);
    push_string(record.path.as_bytes(), &mut out);
    out
}

/// The bytes of an article's record.
pub(super) fn encode_article(record: &ArticleRecord) -> Vec<u8> {
    let mut out = Vec::with_capacity(ARTICLE_LEN + 96);
    for number in [record.source.0, record.order, record.sections] {
        out.extend(number.to_le_bytes());
    }
    let m = &record.metadata;
    let (outcome, reason) = outcome_codes(Outcome::Indexed);
    out.extend([
        outcome,
        reason,
        record.language().map_or(0, Language::code),
        if record.is_inner {
            UNIT_INNER
        } else {
            UNIT_LINE
        },
        FIELDS as u8,
    ]);
    for words in record.words {
        out.extend(words.to_le_bytes());
    }
    push_string(&record.part.encode(), &mut out);
    for text in [&m.title, &m.date, &m.lang, &m.url] {
        let marked = text
            .as_ref()
            .map_or(String::new(), |text| format!("={text}"));
        push_string(marked.as_bytes(), &mut out);
    }
    let authors = m.authors.get(..MAX_AUTHORS).unwrap_or(&m.authors);
    out.push(authors.len() as u8);
    for author in authors {
        push_string(author.as_bytes(), &mut out);
    }
    out
}

fn outcome_codes(outcome: Outcome) -> (u8, u8) {
    match outcome {
        Outcome::Indexed => (0, 0),
        Outcome::Unread(reason) => (1, reason.code()),
    }
}

fn push_string(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
