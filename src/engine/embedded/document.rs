//! Sections as Tantivy indexes and stores them.

use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, Document, DocumentDeserialize, DocumentDeserializer, ReferenceValue,
    ReferenceValueLeaf, Value, ValueDeserialize, ValueDeserializer, ValueVisitor,
};

use super::backlog::Permit;
use super::inverted::InvertedBatch;
use super::schema::Fields;
use crate::analysis::Language;
use crate::article::Section;
use crate::engine::stored_section::{decode_anchor, encode_section};
use crate::query::Field as TextField;

/// What a section takes beside its text while it waits. Short messages take more of it than text.
const OVERHEAD_BYTES: usize = size_of::<BatchSection>() + size_of::<SectionDocument>();

/// Sections on their way into the index, and their words. They are written one behind the other: what a thread takes for a
/// section while it reads serves it for the next one.
#[derive(Default)]
pub(super) struct SectionBatch {
    sections: Vec<BatchSection>,
    /// The texts of all.
    bodies: String,
    /// What is stored beside them.
    stored: Vec<u8>,
    words: InvertedBatch,
    /// The part of the room for waiting text that they take.
    _permit: Option<Permit>,
}

/// A section of a batch.
struct BatchSection {
    /// Where it ends in [`SectionBatch::bodies`] and [`SectionBatch::stored`].
    body_end: usize,
    stored_end: usize,
    source: u32,
    article: u32,
    order: u32,
    language: u32,
    lens: [u32; TextField::MEASURED],
}

/// A section of a batch, as it is handed to Tantivy.
pub(super) struct SectionDocument {
    batch: Arc<SectionBatch>,
    number: usize,
}

/// What the sections of an article have in common.
pub(super) struct DocumentArticle {
    /// The number of its source.
    pub(super) source: u32,
    /// Its own number.
    pub(super) number: u32,
    pub(super) title: String,
    /// What its first section holds in the field "name".
    pub(super) name: String,
    /// The language that it is told.
    pub(super) language: Option<Language>,
}

impl SectionBatch {
    /// A batch with room for a little more than another one holds: all are about as large.
    pub(super) fn as_large_as(other: &SectionBatch) -> SectionBatch {
        let room = |len: usize| len + len / 8;
        SectionBatch {
            sections: Vec::with_capacity(room(other.sections.len())),
            bodies: String::with_capacity(room(other.bodies.len())),
            stored: Vec::with_capacity(room(other.stored.len())),
            ..SectionBatch::default()
        }
    }

    /// Adds the `order`-th section of an article, with the words of its fields counted.
    pub(super) fn push(
        &mut self,
        article: &DocumentArticle,
        order: usize,
        section: &Section,
        lens: [u64; TextField::MEASURED],
    ) {
        self.bodies.push_str(&section.text);
        encode_section(section, &mut self.stored);
        self.sections.push(BatchSection {
            body_end: self.bodies.len(),
            stored_end: self.stored.len(),
            source: article.source,
            article: article.number,
            order: order as u32,
            language: article.language.map_or(0, Language::code).into(),
            lens: lens.map(|len| u32::try_from(len).unwrap_or(u32::MAX)),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// About how many bytes it takes while it waits.
    pub(super) fn size_bytes(&self) -> usize {
        let overhead = OVERHEAD_BYTES * self.sections.len();
        overhead + self.bodies.len() + self.stored.len() + self.words.size_bytes()
    }

    /// Sets the words of all of its sections.
    pub(super) fn set_words(&mut self, words: InvertedBatch) {
        self.words = words;
    }

    /// Its sections, in order. They hold the permit until the last of them is indexed.
    pub(super) fn documents(
        self,
        permit: Option<Permit>,
    ) -> impl ExactSizeIterator<Item = SectionDocument> {
        let batch = Arc::new(SectionBatch {
            _permit: permit,
            ..self
        });
        (0..batch.sections.len()).map(move |number| SectionDocument {
            batch: Arc::clone(&batch),
            number,
        })
    }
}

impl SectionDocument {
    /// The words of the batch, where this is its first section.
    pub(super) fn words(&self) -> Option<&InvertedBatch> {
        (self.number == 0).then_some(&self.batch.words)
    }

    fn own(&self) -> Option<&BatchSection> {
        self.batch.sections.get(self.number)
    }

    /// Where it begins, as [`BatchSection`] says where it ends.
    fn starts(&self) -> (usize, usize) {
        let before = self.number.checked_sub(1);
        let before = before.and_then(|before| self.batch.sections.get(before));
        before.map_or((0, 0), |before| (before.body_end, before.stored_end))
    }

    fn body(&self) -> &str {
        let end = self.own().map_or(0, |own| own.body_end);
        (self.batch.bodies)
            .get(self.starts().0..end)
            .unwrap_or_default()
    }

    fn stored(&self) -> &[u8] {
        let end = self.own().map_or(0, |own| own.stored_end);
        (self.batch.stored)
            .get(self.starts().1..end)
            .unwrap_or_default()
    }

    pub(super) fn source(&self) -> u64 {
        self.own().map_or(0, |own| own.source.into())
    }

    pub(super) fn language(&self) -> u64 {
        self.own().map_or(0, |own| own.language.into())
    }

    pub(super) fn anchor(&self) -> &str {
        // It was just encoded.
        decode_anchor(self.stored()).unwrap_or_default()
    }

    pub(super) fn lens(&self) -> [u32; TextField::MEASURED] {
        self.own().map_or_else(Default::default, |own| own.lens)
    }
}

/// What Tantivy's own writers take of a section: what is stored, and the columns.
impl Document for SectionDocument {
    type Value<'a> = FieldValue<'a>;
    type FieldsValuesIter<'a> = std::array::IntoIter<(Field, FieldValue<'a>), 8>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let Fields {
            text: [_, _, body, _],
            stored,
            article,
            order,
            language,
            len,
            ..
        } = Fields::OWN;
        let number = |number| FieldValue::Number(u64::from(number));
        let own = |of: fn(&BatchSection) -> u32| number(self.own().map_or(0, of));
        let lens = self.lens();
        [
            (body, FieldValue::Text(self.body())),
            (stored, FieldValue::Bytes(self.stored())),
            (article, own(|own| own.article)),
            (order, own(|own| own.order)),
            (language, own(|own| own.language)),
            (len[0], number(lens[0])),
            (len[1], number(lens[1])),
            (len[2], number(lens[2])),
        ]
        .into_iter()
    }
}

/// A value of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldValue<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(u64),
}

impl<'a> Value<'a> for FieldValue<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            FieldValue::Text(text) => ReferenceValueLeaf::Str(text),
            FieldValue::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
            FieldValue::Number(number) => ReferenceValueLeaf::U64(number),
        })
    }
}

/// What is stored of a section: its text, and what [`encode_section`] makes of the rest.
#[derive(Default)]
pub(super) struct StoredFields {
    pub(super) body: Option<String>,
    pub(super) stored: Option<Vec<u8>>,
}

/// A stored value.
enum StoredValue {
    Text(String),
    Bytes(Vec<u8>),
}

impl DocumentDeserialize for StoredFields {
    fn deserialize<'de, D>(mut document: D) -> Result<StoredFields, DeserializeError>
    where
        D: DocumentDeserializer<'de>,
    {
        let mut fields = StoredFields::default();
        // Only one field of each kind is stored.
        while let Some((_, value)) = document.next_field()? {
            match value {
                StoredValue::Text(text) => fields.body = Some(text),
                StoredValue::Bytes(bytes) => fields.stored = Some(bytes),
            }
        }
        Ok(fields)
    }
}

impl ValueDeserialize for StoredValue {
    fn deserialize<'de, D>(value: D) -> Result<StoredValue, DeserializeError>
    where
        D: ValueDeserializer<'de>,
    {
        value.deserialize_any(StoredVisitor)
    }
}

/// Takes what a value is.
struct StoredVisitor;

impl ValueVisitor for StoredVisitor {
    type Value = StoredValue;

    fn visit_string(&self, text: String) -> Result<StoredValue, DeserializeError> {
        Ok(StoredValue::Text(text))
    }

    fn visit_bytes(&self, bytes: Vec<u8>) -> Result<StoredValue, DeserializeError> {
        Ok(StoredValue::Bytes(bytes))
    }
}
