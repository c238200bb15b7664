//! Reads how often and where the words of a flat query stand in chosen documents of a segment.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use super::doc_cursor::DocCursor;
use super::flat::Flat;
use super::hit_set::Sighting;
use super::mask::fields_of;
use super::word_lists::{SegmentLists, from_doc};
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::scorer::SegmentScorer;
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::embedded::top_k::Best;
use crate::engine::ranking::{Counts, Evidence, Scorer};
use crate::query::{Field, FormKind};

/// A long list; what is read of it is opened when it is asked for.
#[derive(Default)]
struct LongList {
    cursor: Option<DocCursor>,
    positions: Option<SegmentPostings>,
}

/// The words of a flat query in chosen documents of a segment, which are asked for in order.
pub(super) struct DocReader<'a> {
    flat: &'a Flat<'a>,
    lists: &'a SegmentLists<'a>,
    /// The long lists of each word.
    long: Vec<Vec<LongList>>,
    doc: DocId,
    /// How often each word stands in the current document; `None` where it does not.
    counts: Vec<Option<Counts>>,
    /// The lists that stand there: word, list, and the place among the long ones.
    here: Vec<(usize, usize, Option<usize>)>,
    failed: Option<tantivy::TantivyError>,
}

impl<'a> DocReader<'a> {
    pub(super) fn new(flat: &'a Flat<'a>, lists: &'a SegmentLists<'a>) -> DocReader<'a> {
        let long = |len: usize| {
            std::iter::repeat_with(LongList::default)
                .take(len)
                .collect()
        };
        DocReader {
            flat,
            lists,
            long: lists
                .words
                .iter()
                .map(|word| long(word.long.len()))
                .collect(),
            doc: 0,
            counts: vec![None; lists.words.len()],
            here: Vec::new(),
            failed: None,
        }
    }

    /// Scores a section that is a hit where it may be among the best. The required words stand in no other fields than in
    /// those of its mask.
    pub(super) fn offer(
        &mut self,
        Sighting { doc, mask }: Sighting,
        scorer: &mut SegmentScorer<'_>,
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        self.read(doc, mask | self.flat.optional)?;
        scorer.offer(self, doc, best);
        self.failed.take().map_or(Ok(()), Err)
    }

    fn read(&mut self, doc: DocId, mask: u64) -> tantivy::Result<()> {
        self.doc = doc;
        self.here.clear();
        for (i, word) in self.lists.words.iter().enumerate() {
            let fields = fields_of(mask, i);
            let mut counts = None;
            if fields != 0 {
                for (at, (&place, long)) in word.long.iter().zip(&mut self.long[i]).enumerate() {
                    let list = &word.lists[place];
                    if fields & 1 << list.field == 0 {
                        continue;
                    }
                    let cursor = opened(self.lists.segment, list, &mut long.cursor)?;
                    if cursor.has(doc) {
                        add(&mut counts, list, cursor.count());
                        self.here.push((i, place, Some(at)));
                    }
                }
                let short = from_doc(&word.short, doc).iter();
                for posting in short.take_while(|posting| posting.doc == doc) {
                    let place = posting.list as usize;
                    add(&mut counts, &word.lists[place], posting.count);
                    self.here.push((i, place, None));
                }
            }
            self.counts[i] = counts;
        }
        Ok(())
    }

    /// Adds the positions in the current document of one of the lists that stand there.
    fn add_positions(
        &mut self,
        (word, place, long): (usize, usize, Option<usize>),
        out: &mut Vec<u32>,
    ) -> tantivy::Result<()> {
        let list = &self.lists.words[word].lists[place];
        let mut short = None;
        let kept = match long {
            Some(at) => &mut self.long[word][at].positions,
            None => &mut short,
        };
        let postings = match kept {
            Some(postings) => postings,
            None => {
                let inverted = &self.lists.segment.inverted[list.field];
                let option = IndexRecordOption::WithFreqsAndPositions;
                kept.insert(inverted.read_postings_from_terminfo(&list.info, option)?)
            }
        };
        if postings.doc() < self.doc {
            postings.seek(self.doc);
        }
        postings.append_positions_with_offset(0, out);
        Ok(())
    }
}

fn opened<'c>(
    segment: &OpenSegment,
    list: &FormList,
    cursor: &'c mut Option<DocCursor>,
) -> tantivy::Result<&'c mut DocCursor> {
    Ok(match cursor {
        Some(cursor) => cursor,
        None => {
            let option = IndexRecordOption::WithFreqs;
            cursor.insert(DocCursor::open(segment, list, option)?)
        }
    })
}

/// Adds the occurrences of a form.
fn add(counts: &mut Option<Counts>, list: &FormList, count: u32) {
    counts.get_or_insert_default().of_kind(list.kind)[list.field] += count;
}

impl Evidence for DocReader<'_> {
    fn order(&self) -> u32 {
        self.lists.segment.order_of(self.doc)
    }

    fn len(&self, field: usize) -> u64 {
        self.lists.segment.len_of(self.doc, field)
    }

    fn terms(&mut self, each: &mut impl FnMut(usize, Counts)) {
        for (term, counts) in self.flat.terms.iter().zip(&self.counts) {
            if let (Some(place), Some(counts)) = (term.index, counts) {
                each(place, *counts);
            }
        }
    }

    fn positions(&mut self, scorer: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]) {
        for at in 0..self.here.len() {
            let (word, place, long) = self.here[at];
            let list = &self.lists.words[word].lists[place];
            let index = self.flat.terms[word].index;
            let Some(index) = index.filter(|&index| scorer.terms()[index].is_paired) else {
                continue;
            };
            // Parts of other words have none.
            if list.kind != FormKind::Part {
                let buffer = &mut out[index][list.field];
                let is_first = buffer.is_empty();
                match self.add_positions((word, place, long), buffer) {
                    Ok(()) if is_first => {}
                    Ok(()) => buffer.sort_unstable(),
                    Err(error) => self.failed = Some(error),
                }
            }
        }
    }
}
