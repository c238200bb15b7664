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
            each_counted(docs, left_out, &mut each);
        });
    }

    /// Calls `each` for documents that count, among them all that are asked for: `next` gives the first of these from a document
    /// on. Blocks without any are passed by, and not decoded. The list is not to be read further afterwards.
    pub(in crate::engine::embedded) fn each_near(
        &mut self,
        mut next: impl FnMut(DocId) -> Option<DocId>,
        mut each: impl FnMut(DocId),
    ) {
        let mut from = self.doc();
        while let Some(asked) = next(from) {
            self.seek(asked);
            let rest = self.block.docs().get(self.at..).unwrap_or_default();
            let Some(&last) = rest.last() else {
                return;
            };
            each_counted(rest, &mut self.left_out, &mut each);
            self.at += rest.len() - 1;
            // A list that was tampered with may not be in order.
            from = last.max(asked).saturating_add(1);
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

/// Calls `each` for those of these documents that count.
#[inline]
fn each_counted(docs: &[DocId], left_out: &mut UncountedDocs, each: &mut impl FnMut(DocId)) {
    let is_counted = left_out.is_empty();
    for &doc in docs {
        if is_counted || !left_out.has(doc) {
            each(doc);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use tantivy::schema::{INDEXED, Schema, Term};
    use tantivy::{Index, IndexWriter, TantivyDocument};

    use super::*;
    use crate::random_numbers::RandomNumbers;

    /// How many documents the index has.
    const DOCS: u32 = 3_000;

    /// An index of lists: a document is in the list of each number that stands in it.
    fn index_of(lists: &[BTreeSet<DocId>]) -> (Index, tantivy::schema::Field) {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("list", INDEXED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index
            .writer_with_num_threads(1, 20_000_000)
            .expect("a writer");
        for doc in 0..DOCS {
            let mut document = TantivyDocument::default();
            for (number, list) in (0..).zip(lists) {
                if list.contains(&doc) {
                    document.add_u64(field, number);
                }
            }
            writer.add_document(document).expect("added");
        }
        writer.commit().expect("committed");
        (index, field)
    }

    fn some(numbers: &mut RandomNumbers, count: usize, from: u32, to: u32) -> BTreeSet<DocId> {
        let mut docs = BTreeSet::new();
        while docs.len() < count {
            docs.insert(from + numbers.below((to - from) as usize) as u32);
        }
        docs
    }

    #[test]
    fn all_that_are_asked_for_are_among_those_of_blocks_near_them() {
        let mut numbers = RandomNumbers::of(5);
        let sizes = [1, 64, 127, 128, 129, 256, 500, 640];
        let lists = sizes.map(|size| some(&mut numbers, size, 300, 2_700));
        let (index, field) = index_of(&lists);
        let searcher = index.reader().expect("a reader").searcher();
        let inverted = searcher
            .segment_reader(0)
            .inverted_index(field)
            .expect("lists");
        let mut passed_by = 0;
        for (number, list) in (0..).zip(&lists) {
            let term = Term::from_field_u64(field, number);
            for (count, from, to) in [
                (0, 0, DOCS),
                (1, 0, DOCS),
                (3, 0, DOCS),
                (40, 0, DOCS),
                (20, 0, 300),
                (20, 2_700, DOCS),
                (30, 1_000, 1_100),
                (900, 0, DOCS),
            ] {
                let asked = some(&mut numbers, count, from, to);
                for gone in [0, list.len() / 3] {
                    let left_out: BTreeSet<DocId> = (0..gone)
                        .map(|i| *list.iter().nth(i * 3).expect("one"))
                        .collect();
                    let block = inverted
                        .read_block_postings(&term, IndexRecordOption::Basic)
                        .expect("a list")
                        .expect("a list");
                    let docs: Arc<[DocId]> = left_out.iter().copied().collect();
                    let mut cursor = DocCursor {
                        field: 0,
                        block,
                        at: 0,
                        left_out: UncountedDocs::new(&docs),
                    };
                    let mut given = Vec::new();
                    cursor.each_near(
                        |doc| asked.range(doc..).next().copied(),
                        |doc| given.push(doc),
                    );
                    assert!(given.is_sorted_by(|a, b| a < b), "{number} {count}");
                    let counted: BTreeSet<DocId> = list - &left_out;
                    let given: BTreeSet<DocId> = given.into_iter().collect();
                    assert!(given.is_subset(&counted), "{number} {count}");
                    assert_eq!(&given & &asked, &counted & &asked, "{number} {count}");
                    passed_by += counted.len() - given.len();
                }
            }
        }
        assert!(passed_by > 5_000, "{passed_by}");
    }
}
