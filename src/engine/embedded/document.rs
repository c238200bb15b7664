//! A section as Tantivy indexes and stores it.

use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, Document, DocumentDeserialize, DocumentDeserializer, ReferenceValue,
    ReferenceValueLeaf, Value, ValueDeserialize, ValueDeserializer, ValueVisitor,
};

use super::backlog::Permit;
use super::schema::Fields;
use crate::analysis::{Language, count_words};
use crate::article::Section;
use crate::engine::stored_section::encode_section;
use crate::query::Field as TextField;

/// What a section takes beside its text while it waits: itself and its allocations. Short messages take more of it than
/// text.
const OVERHEAD_BYTES: usize = size_of::<SectionDocument>() + 160;

/// A section on its way into the index. Nothing of it is copied.
pub(super) struct SectionDocument {
    fields: Fields,
    title: Arc<str>,
    heading: String,
    body: String,
    name: String,
    stored: Vec<u8>,
    source: u64,
    article: u64,
    order: u64,
    language: u64,
    pub(super) lens: [u64; TextField::MEASURED],
    /// Held until the section is indexed.
    _permit: Option<Arc<Permit>>,
}

/// What the sections of an article have in common.
pub(super) struct DocumentArticle {
    /// The number of its source.
    pub(super) source: u32,
    /// Its own number.
    pub(super) number: u32,
    pub(super) title: Arc<str>,
    /// The words of the title.
    pub(super) title_len: u64,
    /// What its first section holds in the field "name".
    pub(super) name: String,
    /// The language that it is told.
    pub(super) language: Option<Language>,
}

impl SectionDocument {
    /// A section that is the `order`-th of its article.
    pub(super) fn new(
        fields: Fields,
        article: &DocumentArticle,
        order: usize,
        section: Section,
    ) -> SectionDocument {
        let stored = encode_section(&section);
        let heading = section.heading_text();
        SectionDocument {
            fields,
            title: Arc::clone(&article.title),
            lens: [
                article.title_len,
                count_words(&heading),
                count_words(&section.text),
            ],
            heading,
            body: section.text,
            name: match order {
                0 => article.name.clone(),
                _ => String::new(),
            },
            stored,
            source: u64::from(article.source),
            article: u64::from(article.number),
            order: order as u64,
            language: u64::from(article.language.map_or(0, Language::code)),
            _permit: None,
        }
    }

    /// The section with its part of the room for waiting text.
    pub(super) fn with_permit(mut self, permit: Arc<Permit>) -> SectionDocument {
        self._permit = Some(permit);
        self
    }

    /// About how many bytes it takes while it waits.
    pub(super) fn size_bytes(&self) -> usize {
        OVERHEAD_BYTES + self.body.len() + self.heading.len() + self.stored.len()
    }
}

impl Document for SectionDocument {
    type Value<'a> = FieldValue<'a>;
    type FieldsValuesIter<'a> = std::array::IntoIter<(Field, FieldValue<'a>), 12>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let Fields {
            text,
            stored,
            source,
            article,
            order,
            language,
            len,
        } = self.fields;
        [
            (text[0], FieldValue::Text(&self.title)),
            (text[1], FieldValue::Text(&self.heading)),
            (text[2], FieldValue::Text(&self.body)),
            (text[3], FieldValue::Text(&self.name)),
            (stored, FieldValue::Bytes(&self.stored)),
            (source, FieldValue::Number(self.source)),
            (article, FieldValue::Number(self.article)),
            (order, FieldValue::Number(self.order)),
            (language, FieldValue::Number(self.language)),
            (len[0], FieldValue::Number(self.lens[0])),
            (len[1], FieldValue::Number(self.lens[1])),
            (len[2], FieldValue::Number(self.lens[2])),
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
