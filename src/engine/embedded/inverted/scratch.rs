//! Inverts the sections of a batch, in memory that serves the next batch too.

use std::ops::Range;

use super::batch::{BatchList, FieldLists, InvertedBatch};
use super::written_words::{FieldTokens, FormToken, WrittenWords};
use crate::article::write_varint;
use crate::query::Field as TextField;

/// The sections of a batch, as they come.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct BatchInverter {
    words: WrittenWords,
    fields: [FieldInverter; TextField::COUNT],
}

/// One field of them.
#[derive(Debug, Default)]
struct FieldInverter {
    tokens: FieldTokens,
    /// Where each document ends there.
    doc_ends: Vec<u32>,
    /// Of each form where the next one of its tokens goes, while they are put in order.
    places: Vec<u32>,
    /// The tokens by form.
    sorted: Vec<DocToken>,
}

/// A position in a document.
#[derive(Debug, Clone, Copy, Default)]
struct DocToken {
    doc: u32,
    position: u32,
}

/// A text of a document that was inverted, to be repeated in other documents of its batch.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::embedded) struct InvertedText {
    tokens: Range<usize>,
    /// How many words it has.
    pub(in crate::engine::embedded) words: u64,
}

impl BatchInverter {
    /// Reads a field's text of the document at hand.
    pub(in crate::engine::embedded) fn read(&mut self, field: usize, text: &str) -> InvertedText {
        let Some(own) = self.fields.get_mut(field) else {
            return InvertedText::default();
        };
        let start = own.tokens.all.len();
        let words = self.words.read(text, &mut own.tokens);
        InvertedText {
            tokens: start..own.tokens.all.len(),
            words,
        }
    }

    /// Repeats a text that another document of the batch has in this field.
    pub(in crate::engine::embedded) fn repeat(&mut self, field: usize, text: &InvertedText) {
        if let Some(own) = self.fields.get_mut(field)
            && text.tokens.end <= own.tokens.all.len()
        {
            own.tokens.all.extend_from_within(text.tokens.clone());
        }
    }

    /// What the words of the batch take until they are put in order, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        let tokens: usize = self.fields.iter().map(|own| own.tokens.all.len()).sum();
        // As they come, in order, and as lists.
        tokens * (size_of::<FormToken>() + size_of::<DocToken>() + 2)
    }

    /// Ends the document at hand.
    pub(in crate::engine::embedded) fn end_document(&mut self) {
        for field in &mut self.fields {
            field.doc_ends.push(field.tokens.all.len() as u32);
        }
    }

    /// The lists of the batch; the next one begins.
    pub(in crate::engine::embedded) fn finish(&mut self) -> InvertedBatch {
        InvertedBatch {
            fields: self.fields.each_mut().map(FieldInverter::finish),
        }
    }
}

impl FieldInverter {
    fn finish(&mut self) -> FieldLists {
        self.sort();
        let (forms, hashed) = self.tokens.forms.parts();
        let mut lists = FieldLists {
            forms: forms.to_vec(),
            lists: Vec::with_capacity(hashed.len()),
            // Most take a byte for the document and one for the position.
            bytes: Vec::with_capacity(self.sorted.len() * 2),
            tokens: self.sorted.len() as u64,
        };
        let mut start = 0;
        for (&form, &end) in hashed.iter().zip(&self.places) {
            let end = end as usize;
            let tokens = self.sorted.get(start..end).unwrap_or_default();
            start = end;
            let (first, last, docs) = encode(tokens, &mut lists.bytes);
            lists.lists.push(BatchList {
                form,
                end: lists.bytes.len() as u32,
                first,
                last,
                docs,
            });
        }
        lists.bytes.shrink_to_fit();
        self.tokens.clear();
        self.doc_ends.clear();
        lists
    }

    /// Puts the tokens in order of their forms, by counting them; afterwards `places` says where those of each form end.
    #[allow(
        clippy::indexing_slicing,
        reason = "hot: for each word that is indexed; each form was counted"
    )]
    fn sort(&mut self) {
        self.places.clear();
        self.places.resize(self.tokens.forms.len(), 0);
        for token in &self.tokens.all {
            self.places[token.form as usize] += 1;
        }
        let mut sum = 0;
        for place in &mut self.places {
            sum += std::mem::replace(place, sum);
        }
        self.sorted.clear();
        self.sorted
            .resize(self.tokens.all.len(), DocToken::default());
        let mut start = 0;
        for (doc, &end) in (0..).zip(&self.doc_ends) {
            for token in &self.tokens.all[start..end as usize] {
                let place = &mut self.places[token.form as usize];
                let position = token.position;
                self.sorted[*place as usize] = DocToken { doc, position };
                *place += 1;
            }
            start = end as usize;
        }
    }
}

/// Writes the list of a form; its first document with the bit that goes with it, its last one, and how many they are.
#[inline]
fn encode(tokens: &[DocToken], out: &mut Vec<u8>) -> (u32, u32, u32) {
    let (mut first, mut last, mut docs) = (0, 0, 0);
    for document in tokens.chunk_by(|a, b| a.doc == b.doc) {
        let doc = document.first().map_or(0, |token| token.doc);
        let count = document.len() as u32;
        let head = (doc - last) << 1 | u32::from(count == 1);
        match docs {
            0 => first = head,
            _ => write_varint(out, u64::from(head)),
        }
        if count > 1 {
            write_varint(out, u64::from(count));
        }
        let mut before = 0_u32;
        for token in document {
            write_varint(out, u64::from(token.position.wrapping_sub(before)));
            before = token.position;
        }
        last = doc;
        docs += 1;
    }
    (first, last, docs)
}
