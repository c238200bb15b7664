//! The documents of one form in one field of a segment, block by block.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::languages::UncountedDocs;
use crate::engine::embedded::segment::OpenSegment;

/// Calls `each` for lists of a segment, each at its first document, one after the other; `option` says whether frequencies
/// are read.
pub(in crate::engine::embedded) fn each_list<'l>(
    segment: &OpenSegment,
    lists: impl IntoIterator<Item = &'l FormList>,
    option: IndexRecordOption,
    mut each: impl FnMut(&'l FormList, &mut DocCursor),
) -> tantivy::Result<()> {
    let mut cursor: Option<DocCursor> = None;
    for list in lists {
        let cursor = match &mut cursor {
            Some(cursor) => {
                cursor.reopen(segment, list)?;
                cursor
            }
            None => cursor.insert(DocCursor::open(segment, list, option)?),
        };
        each(list, cursor);
    }
    Ok(())
}

/// A list, at one of its documents.
pub(in crate::engine::embedded) struct DocCursor {
    pub(in crate::engine::embedded) field: usize,
    block: BlockSegmentPostings,
    /// Where in the block it stands.
    at: usize,
    /// The documents that do not count.
    left_out: UncountedDocs,
}

impl DocCursor {
    /// A list at its first document; `option` says whether frequencies are read.
    pub(in crate::engine::embedded) fn open(
        segment: &OpenSegment,
        list: &FormList,
        option: IndexRecordOption,
    ) -> tantivy::Result<DocCursor> {
        let inverted = &segment.inverted[list.field];
        Ok(DocCursor {
            field: list.field,
            block: inverted.read_block_postings_from_terminfo(&list.info, option)?,
            at: 0,
            left_out: UncountedDocs::new(&list.left_out),
        })
    }

    /// Opens another list in its place, which costs less than a new one.
    fn reopen(&mut self, segment: &OpenSegment, list: &FormList) -> tantivy::Result<()> {
        let inverted = &segment.inverted[list.field];
        inverted.reset_block_postings_from_terminfo(&list.info, &mut self.block)?;
        self.field = list.field;
        self.at = 0;
        self.left_out = UncountedDocs::new(&list.left_out);
        Ok(())
    }

    /// The current document, whether it counts or not.
    pub(in crate::engine::embedded) fn doc(&self) -> DocId {
        let doc = self.block.docs().get(self.at);
        doc.copied().unwrap_or(TERMINATED)
    }

    /// How often the form stands in the current document; 1 where frequencies are not read.
    pub(in crate::engine::embedded) fn count(&self) -> u32 {
        self.block.freqs().get(self.at).copied().unwrap_or(1)
    }

    /// Calls `each` for the documents that count, from the current one on, with how often the form stands in each.
    pub(in crate::engine::embedded) fn each(&mut self, mut each: impl FnMut(DocId, u32)) {
        while self.doc() != TERMINATED {
            if !self.left_out.has(self.doc()) {
                each(self.doc(), self.count());
            }
            self.at += 1;
            if self.at >= self.block.docs().len() {
                self.block.advance();
                self.at = 0;
            }
        }
    }

    /// Moves to the first document from `target` on, and not back.
    pub(in crate::engine::embedded) fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
    }

    /// Moves on to `doc`; says whether it is in the list and counts.
    pub(in crate::engine::embedded) fn has(&mut self, doc: DocId) -> bool {
        // Headings that repeat are asked for one after the other.
        match self.block.docs().get(self.at + 1) {
            Some(&next) if next == doc => self.at += 1,
            _ => self.seek(doc),
        }
        self.doc() == doc && !self.left_out.has(doc)
    }

    /// Calls `each` for the documents that count, from the current one on up to `end`, and moves behind them.
    pub(in crate::engine::embedded) fn each_before(
        &mut self,
        end: DocId,
        mut each: impl FnMut(DocId),
    ) {
        self.each_run_before(end, |docs, _, left_out| {
            let is_counted = left_out.is_empty();
            for &doc in docs {
                if is_counted || !left_out.has(doc) {
                    each(doc);
                }
            }
        });
    }

    /// Calls `each` for the documents that count of those blocks that may have one that is asked for: `next` gives the first
    /// of these from a document on. Other blocks are passed by, and not read.
    pub(in crate::engine::embedded) fn each_near(
        &mut self,
        next: impl Fn(DocId) -> Option<DocId>,
        mut each: impl FnMut(DocId),
    ) {
        let mut from = self.doc();
        while let Some(asked) = next(from) {
            self.seek(asked);
            let rest = self.block.docs().get(self.at..).unwrap_or_default();
            let Some(&last) = rest.last() else {
                return;
            };
            let is_counted = self.left_out.is_empty();
            for &doc in rest {
                if is_counted || !self.left_out.has(doc) {
                    each(doc);
                }
            }
            self.at += rest.len() - 1;
            from = last + 1;
        }
    }

    /// As [`DocCursor::each_before`], with how often the form stands in each; of a list whose frequencies are read.
    pub(in crate::engine::embedded) fn each_counted_before(
        &mut self,
        end: DocId,
        mut each: impl FnMut(DocId, u32),
    ) {
        self.each_run_before(end, |docs, counts, left_out| {
            let is_counted = left_out.is_empty();
            for (&doc, &count) in docs.iter().zip(counts) {
                if is_counted || !left_out.has(doc) {
                    each(doc, count);
                }
            }
        });
    }

    /// Calls `each` for the documents from the current one on up to `end`, a block at a time, with how often the form stands
    /// in each, and moves behind them.
    fn each_run_before(
        &mut self,
        end: DocId,
        mut each: impl FnMut(&[DocId], &[u32], &mut UncountedDocs),
    ) {
        loop {
            let docs = self.block.docs();
            let Some(rest) = docs.get(self.at..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            let is_whole = rest[rest.len() - 1] < end;
            let here = match is_whole {
                true => rest.len(),
                false => rest.partition_point(|&doc| doc < end),
            };
            let counts = self.block.freqs().get(self.at..).unwrap_or_default();
            each(&rest[..here], counts, &mut self.left_out);
            if !is_whole {
                self.at += here;
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}
