//! Reads where the forms of a word stand in chosen documents of a segment.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::segment::OpenSegment;

/// The lists of a word with their positions, each opened when it is asked for.
pub(in crate::engine::embedded) struct PositionLists<'a> {
    segment: &'a OpenSegment,
    lists: &'a [FormList],
    /// By the places of the lists. Each is large, and few are opened.
    opened: Vec<Option<Box<SegmentPostings>>>,
}

impl<'a> PositionLists<'a> {
    pub(in crate::engine::embedded) fn new(
        segment: &'a OpenSegment,
        lists: &'a [FormList],
    ) -> PositionLists<'a> {
        PositionLists {
            segment,
            lists,
            opened: Vec::new(),
        }
    }

    /// Adds the positions in a document of the list at this place, which has the document; none is asked for an earlier one
    /// afterwards. They are in order, also with those that were added before. Parts of other words have none.
    pub(in crate::engine::embedded) fn add(
        &mut self,
        place: usize,
        doc: DocId,
        out: &mut Vec<u32>,
    ) -> tantivy::Result<()> {
        self.opened.resize_with(self.lists.len(), || None);
        let postings = match &mut self.opened[place] {
            Some(postings) => postings,
            opened => {
                let list = &self.lists[place];
                let inverted = &self.segment.inverted[list.field];
                let option = IndexRecordOption::WithFreqsAndPositions;
                let read = inverted.read_postings_from_terminfo(&list.info, option)?;
                opened.insert(Box::new(read))
            }
        };
        if postings.doc() < doc {
            postings.seek(doc);
        }
        let is_first = out.is_empty();
        postings.append_positions_with_offset(0, out);
        if !is_first {
            out.sort_unstable();
        }
        Ok(())
    }
}
