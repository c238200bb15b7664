//! The documents of a segment that hold words, without frequencies.
//!
//! All of several words: the documents of the rarest one are held against the lists of the others, one word after the other.
//! Where few are left they are looked up in the lists; where they are many, lists are laid out as bits, one a document: the first
//! word's as a whole, those of others in the blocks that may have a document that is left.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::doc_bits::DocBits;
use super::doc_cursor::{DocCursor, each_list};
use super::mask::{Sighting, bit_of, fields_of};
use super::word_lists::{WordLists, from_doc};
use crate::engine::embedded::segment::OpenSegment;
use crate::query::Field;

/// To look a document up in a list costs about as much as to lay out so many.
const LOOK_UP_COST: u64 = 12;
/// Documents are listed while they are fewer than this share of the segment: to sort them costs less than to clear its bits.
const FEW_SHARE: u64 = 256;

/// Lists of at least this share of the segment have several documents in each word of its bits.
const DENSE_SHARE: u64 = 24;

/// A word, and its number in masks.
pub(in crate::engine::embedded) type NumberedWord<'l> = (usize, &'l WordLists<'l>);

/// Documents that hold words.
pub(in crate::engine::embedded) enum FoundDocs {
    /// In order.
    Few(Vec<Sighting>),
    /// All, and those that hold a word elsewhere than in the title.
    Many { all: DocBits, own: DocBits },
}

/// Finds the documents of a segment that hold words.
pub(in crate::engine::embedded) struct DocFinder<'s>(
    pub(in crate::engine::embedded) &'s OpenSegment,
);

impl DocFinder<'_> {
    /// The documents that hold any of the words.
    pub(in crate::engine::embedded) fn any_of(
        &self,
        words: &[NumberedWord<'_>],
    ) -> tantivy::Result<FoundDocs> {
        let postings: u64 = words.iter().map(|(_, word)| word.postings).sum();
        if postings < u64::from(self.0.max_doc()) / FEW_SHARE {
            let mut docs = Vec::new();
            for &word in words {
                self.list(word, &mut docs)?;
            }
            return Ok(FoundDocs::Few(merged(docs)));
        }
        let mut own = DocBits::none(self.0.max_doc());
        for (_, word) in words {
            self.lay_out(word, false, None, &mut own)?;
        }
        let mut all = own.clone();
        for (_, word) in words {
            self.lay_out(word, true, None, &mut all)?;
        }
        Ok(FoundDocs::Many { all, own })
    }

    /// The documents that hold all of the words.
    pub(in crate::engine::embedded) fn all_of(
        &self,
        mut words: Vec<NumberedWord<'_>>,
    ) -> tantivy::Result<FoundDocs> {
        words.sort_by_key(|(_, word)| word.postings);
        let mut found = self.any_of(&words[..words.len().min(1)])?;
        for (seen, &next) in words.iter().enumerate().skip(1) {
            found = match found {
                FoundDocs::Few(docs) => FoundDocs::Few(self.with_word(docs, next)?),
                FoundDocs::Many { all, own } => {
                    let look_ups = all.count() * (next.1.long.len() as u64 + 1);
                    match look_ups * LOOK_UP_COST < next.1.postings {
                        true => {
                            let mut docs = all.sightings(0);
                            for &word in &words[..seen] {
                                self.sight(&mut docs, word)?;
                            }
                            FoundDocs::Few(self.with_word(docs, next)?)
                        }
                        false => self.among((all, own), next.1)?,
                    }
                }
            };
        }
        Ok(found)
    }

    /// Those of the documents, laid out as bits, that hold a word too.
    fn among(
        &self,
        (mut all, mut own): (DocBits, DocBits),
        word: &WordLists<'_>,
    ) -> tantivy::Result<FoundDocs> {
        let mut here = DocBits::none(self.0.max_doc());
        self.lay_out(word, false, Some(&all), &mut here)?;
        own.add(&here);
        self.lay_out(word, true, Some(&all), &mut here)?;
        all.keep(&here);
        Ok(FoundDocs::Many { all, own })
    }

    /// Those of these documents that hold a word too.
    fn with_word(
        &self,
        mut docs: Vec<Sighting>,
        (i, word): NumberedWord<'_>,
    ) -> tantivy::Result<Vec<Sighting>> {
        self.sight(&mut docs, (i, word))?;
        docs.retain(|sighting| fields_of(sighting.mask, i) != 0);
        Ok(docs)
    }

    /// Looks up in which fields of these documents, which are in order, a word stands.
    fn sight(&self, docs: &mut [Sighting], (i, word): NumberedWord<'_>) -> tantivy::Result<()> {
        let (lists, option) = (word.long_lists(), IndexRecordOption::Basic);
        each_list(self.0, lists, option, |list, cursor| {
            let bit = bit_of(i, list.field);
            for Sighting { doc, mask } in &mut *docs {
                if *mask & bit == 0 && cursor.has(*doc) {
                    *mask |= bit;
                }
            }
        })?;
        let mut short = word.short.as_slice();
        for Sighting { doc, mask } in docs {
            short = from_doc(short, *doc);
            for posting in short.iter().take_while(|posting| posting.doc == *doc) {
                *mask |= bit_of(i, word.field_of(posting));
            }
        }
        Ok(())
    }

    /// Adds the documents of a word, in no order.
    fn list(&self, (i, word): NumberedWord<'_>, docs: &mut Vec<Sighting>) -> tantivy::Result<()> {
        let (lists, option) = (word.long_lists(), IndexRecordOption::Basic);
        each_list(self.0, lists, option, |list, cursor| {
            let mask = bit_of(i, list.field);
            cursor.each_before(DocId::MAX, |doc| docs.push(Sighting { doc, mask }));
        })?;
        docs.extend(word.short.iter().map(|posting| Sighting {
            doc: posting.doc,
            mask: bit_of(i, word.field_of(posting)),
        }));
        Ok(())
    }

    /// Sets the bits of the documents that hold a word in titles, or elsewhere; where the documents that are left are told, of
    /// those near them.
    fn lay_out(
        &self,
        word: &WordLists<'_>,
        in_titles: bool,
        left: Option<&DocBits>,
        bits: &mut DocBits,
    ) -> tantivy::Result<()> {
        let is_asked = |field: usize| (field == Field::Title.index()) == in_titles;
        let lists = word.long_lists().filter(|list| is_asked(list.field));
        let docs = u64::from(self.0.max_doc());
        each_list(self.0, lists, IndexRecordOption::Basic, |list, cursor| {
            if u64::from(list.info.doc_freq) * DENSE_SHARE < docs {
                each_near(cursor, left, |doc| bits.set(doc));
                return;
            }
            let mut own = bits.in_order();
            each_near(cursor, left, |doc| own.set(doc));
            own.write();
        })?;
        for posting in &word.short {
            if is_asked(word.field_of(posting)) {
                bits.set(posting.doc);
            }
        }
        Ok(())
    }
}

/// Calls `each` for the documents of a list that count, of those blocks alone that may have one that is left.
fn each_near(cursor: &mut DocCursor, left: Option<&DocBits>, each: impl FnMut(DocId)) {
    match left {
        Some(left) => cursor.each_near(|doc| left.next_from(doc), each),
        None => cursor.each_before(DocId::MAX, each),
    }
}

/// In order, each document once.
fn merged(mut docs: Vec<Sighting>) -> Vec<Sighting> {
    docs.sort_unstable_by_key(|sighting| sighting.doc);
    docs.dedup_by(|next, kept| {
        let is_same = next.doc == kept.doc;
        if is_same {
            kept.mask |= next.mask;
        }
        is_same
    });
    docs
}
