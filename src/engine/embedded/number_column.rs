//! The numbers of a segment's documents in a fast field.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::{ColumnIndex, ColumnValues};
use tantivy::fastfield::FastFieldReaders;
use tantivy::{DocId, SegmentReader};

use super::storage::checksums::Damage;

/// A column, opened when it is first asked for: the heads of all of its blocks are read then, which takes a third of the start of
/// a query.
pub(super) struct NumberColumn {
    columns: FastFieldReaders,
    name: &'static str,
    damage: Damage,
    /// `None` inside where it cannot be opened.
    values: OnceLock<Option<Arc<dyn ColumnValues<u64>>>>,
}

impl NumberColumn {
    /// The column of this name in a segment of a state in which this damage is noted.
    pub(super) fn of(reader: &SegmentReader, name: &'static str, damage: &Damage) -> NumberColumn {
        NumberColumn {
            columns: reader.fast_fields().clone(),
            name,
            damage: damage.clone(),
            values: OnceLock::new(),
        }
    }

    /// The number of a document; 0 where the column is damaged, which is noted.
    #[inline]
    pub(super) fn get(&self, doc: DocId) -> u64 {
        let values = self.values.get_or_init(|| self.open());
        values.as_ref().map_or(0, |values| values.get_val(doc))
    }

    #[cold]
    fn open(&self) -> Option<Arc<dyn ColumnValues<u64>>> {
        match self.columns.u64(self.name) {
            Ok(column) => Some(match column.index {
                // Each document has one value: they are read without asking where it lies.
                ColumnIndex::Full => column.values,
                _ => column.first_or_default_col(0),
            }),
            Err(error) => {
                let _ = (self.damage).note(format!(
                    "the column `{}` cannot be read: {error}",
                    self.name
                ));
                None
            }
        }
    }
}
