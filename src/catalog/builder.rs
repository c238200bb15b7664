//! A catalog in the making, and how it is written; the layout stands in [`crate::catalog`].

use std::collections::{BTreeMap, HashMap};

use super::layout::{FIELDS, MAGIC, VACANT};
use super::{Outcome, Record};
use crate::analysis::Language;
use crate::source::StoredPath;

/// A catalog in the making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CatalogDraft {
    pub(super) records: Vec<Option<Record>>,
}

impl CatalogDraft {
    /// Adds a source and returns its number: the lowest that is free from `from` on.
    pub fn add(&mut self, record: Record, from: u32) -> u32 {
        let mut slot = from as usize;
        while self.records.get(slot).is_some_and(Option::is_some) {
            slot += 1;
        }
        if slot >= self.records.len() {
            self.records.resize(slot + 1, None);
        }
        self.records[slot] = Some(record);
        slot as u32
    }

    /// Forgets a source.
    pub fn remove(&mut self, source: u32) {
        if let Some(slot) = self.records.get_mut(source as usize) {
            *slot = None;
        }
    }

    /// All records, by number.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().flatten()
    }

    /// The record of a source.
    #[must_use]
    pub fn get(&self, source: u32) -> Option<&Record> {
        self.records.get(source as usize)?.as_ref()
    }

    /// The record of a source, to be changed.
    pub fn get_mut(&mut self, source: u32) -> Option<&mut Record> {
        self.records.get_mut(source as usize)?.as_mut()
    }

    /// The encoded catalog.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut order: Vec<u32> = (0..self.records.len() as u32)
            .filter(|&i| self.get(i).is_some())
            .collect();
        order.sort_by(|&a, &b| self.path(a).cmp(&self.path(b)));
        let ranks: HashMap<u32, u32> = order
            .iter()
            .enumerate()
            .map(|(rank, &slot)| (slot, rank as u32))
            .collect();
        let languages = self.languages();
        let mut table = Vec::new();
        let mut sources = Vec::new();
        let mut articles = Articles::default();
        for (slot, record) in self.records.iter().enumerate() {
            let offset = match record {
                Some(_) => sources.len() as u32,
                None => VACANT,
            };
            let rank = ranks.get(&(slot as u32)).copied().unwrap_or(VACANT);
            table.extend(offset.to_le_bytes());
            table.extend(rank.to_le_bytes());
            if let Some(record) = record {
                let first = articles.offsets.len() as u32;
                if record.outcome == Outcome::Indexed {
                    articles.push(slot as u32, record);
                }
                let count = articles.offsets.len() as u32 - first;
                encode_source(record, (first, count), &mut sources);
            }
        }
        let mut out = Vec::new();
        let counts = [
            self.records.len(),
            order.len(),
            articles.offsets.len(),
            FIELDS,
        ];
        self.encode_header(counts, &mut out);
        out.extend((languages.len() as u32).to_le_bytes());
        out.extend((sources.len() as u32).to_le_bytes());
        out.extend(table);
        for number in order.iter().chain(&articles.offsets) {
            out.extend(number.to_le_bytes());
        }
        out.extend(languages.as_bytes());
        out.extend(sources);
        out.extend(articles.heap);
        out
    }

    /// The languages of the indexed sources and how many sections each has, as it is written.
    fn languages(&self) -> String {
        let mut sections: BTreeMap<Language, u64> = BTreeMap::new();
        for record in self
            .records()
            .filter(|record| record.outcome == Outcome::Indexed)
        {
            let tag = record.metadata.lang.as_deref();
            if let Some(language) = tag.and_then(Language::of_tag) {
                *sections.entry(language).or_default() += u64::from(record.sections);
            }
        }
        let listed = sections
            .iter()
            .map(|(language, count)| format!("{}:{count}", language.tag()));
        listed.collect::<Vec<_>>().join(" ")
    }

    fn path(&self, source: u32) -> Option<&StoredPath> {
        self.get(source).map(|record| &record.path)
    }

    fn encode_header(&self, counts: [usize; 4], out: &mut Vec<u8>) {
        out.extend(MAGIC);
        for count in counts {
            out.extend((count as u32).to_le_bytes());
        }
        let sections: u64 = self.records().map(|r| u64::from(r.sections)).sum();
        out.extend(sections.to_le_bytes());
        for field in 0..FIELDS {
            let words: u64 = self.records().map(|r| r.words[field]).sum();
            out.extend(words.to_le_bytes());
        }
    }
}

/// The table of articles.
#[derive(Default)]
struct Articles {
    offsets: Vec<u32>,
    heap: Vec<u8>,
}

impl Articles {
    /// Adds the article of a source that holds one.
    fn push(&mut self, source: u32, record: &Record) {
        self.offsets.push(self.heap.len() as u32);
        let m = &record.metadata;
        let out = &mut self.heap;
        out.extend(source.to_le_bytes());
        // Its order in the source.
        out.extend(0u32.to_le_bytes());
        out.extend(record.sections.to_le_bytes());
        let (outcome, reason) = outcome_codes(record.outcome);
        let language = m.lang.as_deref().and_then(Language::of_tag);
        out.extend([
            outcome,
            reason,
            language.map_or(0, Language::code),
            UNIT_LINE,
        ]);
        out.push(FIELDS as u8);
        for words in record.words {
            out.extend(words.to_le_bytes());
        }
        // An article that is the whole source has no part.
        push_string(b"", out);
        for text in [&m.title, &m.date, &m.lang, &m.url] {
            let marked = text
                .as_ref()
                .map_or(String::new(), |text| format!("={text}"));
            push_string(marked.as_bytes(), out);
        }
        out.push(u8::from(m.author.is_some()));
        if let Some(author) = &m.author {
            push_string(author.as_bytes(), out);
        }
    }
}

/// The code of places that are lines of the source.
const UNIT_LINE: u8 = 0;

fn outcome_codes(outcome: Outcome) -> (u8, u8) {
    match outcome {
        Outcome::Indexed => (0, 0),
        Outcome::Unread(reason) => (1, reason.code()),
    }
}

/// Writes a source's record; `articles` are the number of its first one and how many it has.
fn encode_source(record: &Record, articles: (u32, u32), out: &mut Vec<u8>) {
    let stat = &record.stat;
    out.extend(stat.size.to_le_bytes());
    out.extend(stat.modified_ns.to_le_bytes());
    out.extend(stat.changed_ns.to_le_bytes());
    out.extend(stat.inode.to_le_bytes());
    out.extend(record.hash.to_le_bytes());
    out.extend(record.reading.to_le_bytes());
    out.extend(record.reader.to_le_bytes());
    let (outcome, reason) = outcome_codes(record.outcome);
    let (origin, encoding) = (record.origin as u8, record.encoding.code());
    out.extend([origin, outcome, reason, record.format, encoding, 0]);
    for number in [
        record.invalid_sequences,
        record.sections,
        articles.0,
        articles.1,
    ] {
        out.extend(number.to_le_bytes());
    }
    push_string(record.path.as_bytes(), out);
}

fn push_string(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
