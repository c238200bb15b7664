//! A catalog in the making, and how it is written; the layout stands in [`super::catalog`].

use std::collections::{BTreeMap, HashMap};

use super::catalog::{MAGIC, VACANT};
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
        let mut out = Vec::new();
        self.encode_header(order.len(), &mut out);
        let languages = self.languages();
        out.extend((languages.len() as u32).to_le_bytes());
        let mut heap = Vec::new();
        for (slot, record) in self.records.iter().enumerate() {
            let offset = if record.is_some() {
                heap.len() as u32
            } else {
                VACANT
            };
            out.extend(offset.to_le_bytes());
            out.extend(
                ranks
                    .get(&(slot as u32))
                    .copied()
                    .unwrap_or(VACANT)
                    .to_le_bytes(),
            );
            if let Some(record) = record {
                encode_record(record, &mut heap);
            }
        }
        order.iter().for_each(|slot| out.extend(slot.to_le_bytes()));
        out.extend(languages.as_bytes());
        out.extend(heap);
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

    fn encode_header(&self, live: usize, out: &mut Vec<u8>) {
        out.extend(MAGIC);
        out.extend((self.records.len() as u32).to_le_bytes());
        out.extend((live as u32).to_le_bytes());
        out.extend(
            self.records()
                .map(|r| u64::from(r.sections))
                .sum::<u64>()
                .to_le_bytes(),
        );
        for field in 0..3 {
            out.extend(
                self.records()
                    .map(|r| r.words[field])
                    .sum::<u64>()
                    .to_le_bytes(),
            );
        }
    }
}

fn encode_record(record: &Record, out: &mut Vec<u8>) {
    let (outcome, reason) = match record.outcome {
        Outcome::Indexed => (0, 0),
        Outcome::Unread(reason) => (1, reason.code()),
    };
    out.extend(record.size.to_le_bytes());
    out.extend(record.modified_ns.to_le_bytes());
    out.extend(record.hash.to_le_bytes());
    out.extend([record.origin as u8, outcome, reason, record.format]);
    out.extend(record.invalid_sequences.to_le_bytes());
    out.extend(record.sections.to_le_bytes());
    record
        .words
        .iter()
        .for_each(|words| out.extend(words.to_le_bytes()));
    out.extend(record.reading.to_le_bytes());
    out.push(record.encoding.code());
    push_string(record.path.as_bytes(), out);
    let m = &record.metadata;
    for text in [&m.title, &m.date, &m.author, &m.lang, &m.url] {
        let marked = text
            .as_ref()
            .map_or(String::new(), |text| format!("={text}"));
        push_string(marked.as_bytes(), out);
    }
}

fn push_string(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
