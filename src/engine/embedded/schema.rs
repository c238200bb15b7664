//! The fields of a section in Tantivy.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};

use crate::query::Field as TextField;

/// The name of our tokenizer in the schema.
pub(super) const TOKENIZER: &str = "excerpt";

/// The fields, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fields {
    /// Title, heading path, text and name, as [`crate::query::Field::ALL`] orders them.
    pub(super) text: [Field; TextField::COUNT],
    /// What is stored of a section beside its text.
    pub(super) stored: Field,
    /// The number of the source, by which its sections are removed.
    pub(super) source: Field,
    /// The number of the article.
    pub(super) article: Field,
    /// The order in the article.
    pub(super) order: Field,
    /// The code of the language that the article is told; 0 for none.
    pub(super) language: Field,
    /// The words of each text field.
    pub(super) len: [Field; TextField::MEASURED],
}

/// The names of the fast fields that hold the words of each text field.
pub(super) const LEN_NAMES: [&str; TextField::MEASURED] = ["title_len", "heading_len", "body_len"];

impl Fields {
    /// The fields of [`build`], in its order.
    pub(super) const OWN: Fields = {
        let field = Field::from_field_id;
        Fields {
            text: [field(0), field(1), field(2), field(3)],
            stored: field(4),
            source: field(5),
            article: field(6),
            order: field(7),
            language: field(8),
            len: [field(9), field(10), field(11)],
        }
    };

    /// The fields of an opened index; `None` where they are not those of [`build`].
    pub(super) fn of(schema: &Schema) -> Option<Fields> {
        let field = |name: &str| schema.get_field(name).ok();
        let fields = Fields {
            text: [
                field("title")?,
                field("heading")?,
                field("body")?,
                field("name")?,
            ],
            stored: field("stored")?,
            source: field("source")?,
            article: field("article")?,
            order: field("order")?,
            language: field("language")?,
            len: [
                field(LEN_NAMES[0])?,
                field(LEN_NAMES[1])?,
                field(LEN_NAMES[2])?,
            ],
        };
        (fields == Fields::OWN).then_some(fields)
    }
}

/// The schema. Lengths are exact numbers of our own, so that Tantivy keeps no norms.
pub(super) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    // The lists alone: with `INDEXED` Tantivy keeps a norm for each section too.
    let listed = NumericOptions::default().set_indexed();
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        text: [
            builder.add_text_field("title", text.clone()),
            builder.add_text_field("heading", text.clone()),
            builder.add_text_field("body", text.clone().set_stored()),
            builder.add_text_field("name", text),
        ],
        stored: builder.add_bytes_field("stored", STORED),
        source: builder.add_u64_field("source", listed.clone()),
        // Not indexed: a list for each article costs 2 % of the index, and those of a source are few enough to look through.
        article: builder.add_u64_field("article", FAST),
        order: builder.add_u64_field("order", FAST),
        language: builder.add_u64_field("language", listed.set_fast()),
        len: LEN_NAMES.map(|name| builder.add_u64_field(name, FAST)),
    };
    (builder.build(), fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_have_the_numbers_that_sections_are_written_with() {
        let (schema, fields) = build();
        assert_eq!(fields, Fields::OWN);
        assert_eq!(Fields::of(&schema), Some(Fields::OWN));
    }
}
