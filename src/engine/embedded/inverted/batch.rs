//! The lists of a batch of sections, ready to be joined to those of a segment.

use super::super::form_table::KeyedForm;
use crate::query::Field as TextField;

/// The lists of a batch of sections, whose documents are numbered from 0.
#[derive(Debug, Default)]
pub(in crate::engine::embedded) struct InvertedBatch {
    pub(super) fields: [FieldLists; TextField::COUNT],
}

/// The lists of a field.
#[derive(Debug, Default)]
pub(super) struct FieldLists {
    /// The forms, one behind the other, in no order.
    pub(super) forms: Vec<u8>,
    pub(super) lists: Vec<BatchList>,
    /// The lists, one behind the other. Of each document that a list holds: the distance to the document before, shifted
    /// by one, with the lowest bit set where the form stands there once (not for the first one, see [`BatchList`]); how
    /// often it stands there, where that is not once; the distance of each position to the one before.
    pub(super) bytes: Vec<u8>,
    /// How many words, parts and joins all of them stand for.
    pub(super) tokens: u64,
}

/// The list of one form.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchList {
    pub(super) form: KeyedForm,
    /// Where its bytes end.
    pub(super) end: u32,
    /// The first document and the bit that goes with it.
    pub(super) first: u32,
    /// The last document.
    pub(super) last: u32,
    /// How many documents it holds.
    pub(super) docs: u32,
}

impl InvertedBatch {
    /// What it takes, in bytes.
    pub(in crate::engine::embedded) fn size_bytes(&self) -> usize {
        let field = |field: &FieldLists| {
            field.forms.len() + size_of::<BatchList>() * field.lists.len() + field.bytes.len()
        };
        self.fields.iter().map(field).sum()
    }
}
