//! A section as Tantivy indexes and stores it.

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

/// What a section takes beside its text while it waits: itself and its allocations. Short messages take more of it than
/// text.
const OVERHEAD_BYTES: usize = size_of::<SectionDocument>() + 96;

/// A section on its way into the index. Its words went before it, with the first section of its batch. It is small, since it
/// is moved from hand to hand.
pub(super) struct SectionDocument {
    body: String,
    stored: Vec<u8>,
    source: u32,
    article: u32,
    order: u32,
    language: u32,
    lens: [u32; TextField::MEASURED],
    /// The words of the batch that this section is the first of.
    batch: Option<Box<InvertedBatch>>,
    /// Held until the batch that this section is the last of is indexed.
    _permit: Option<Permit>,
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

impl SectionDocument {
    /// A section that is the `order`-th of its article, with the words of its fields counted.
    pub(super) fn new(
        article: &DocumentArticle,
        order: usize,
        section: Section,
        lens: [u64; TextField::MEASURED],
    ) -> SectionDocument {
        SectionDocument {
            stored: encode_section(&section),
            body: section.text,
            source: article.source,
            article: article.number,
            order: order as u32,
            language: article.language.map_or(0, Language::code).into(),
            lens: lens.map(|len| u32::try_from(len).unwrap_or(u32::MAX)),
            batch: None,
            _permit: None,
        }
    }

    /// Lets the section, the first one of a batch, carry the words of all of them.
    pub(super) fn set_batch(&mut self, batch: InvertedBatch) {
        self.batch = Some(Box::new(batch));
    }

    /// Lets the section, the last one of a batch, carry the batch's part of the room for waiting text.
    pub(super) fn set_permit(&mut self, permit: Permit) {
        self._permit = Some(permit);
    }

    /// The words of the batch that begins with this section.
    pub(super) fn batch(&self) -> Option<&InvertedBatch> {
        self.batch.as_deref()
    }

    pub(super) fn source(&self) -> u64 {
        u64::from(self.source)
    }

    pub(super) fn language(&self) -> u64 {
        u64::from(self.language)
    }

    pub(super) fn anchor(&self) -> &str {
        // It was just encoded.
        decode_anchor(&self.stored).unwrap_or_default()
    }

    pub(super) fn lens(&self) -> [u32; TextField::MEASURED] {
        self.lens
    }

    /// About how many bytes it takes while it waits, its batch's words excepted.
    pub(super) fn size_bytes(&self) -> usize {
        OVERHEAD_BYTES + self.body.len() + self.stored.len()
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
        [
            (body, FieldValue::Text(&self.body)),
            (stored, FieldValue::Bytes(&self.stored)),
            (article, number(self.article)),
            (order, number(self.order)),
            (language, number(self.language)),
            (len[0], number(self.lens[0])),
            (len[1], number(self.lens[1])),
            (len[2], number(self.lens[2])),
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
