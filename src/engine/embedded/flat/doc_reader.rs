//! Reads how often and where the words of a flat query stand in chosen documents of a segment.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::query::{Flat, SegmentLists};
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::lists::{
    DocCursor, PositionLists, Sighting, WordLists, before_doc, fields_of,
};
use crate::engine::embedded::scorer::SegmentScorer;
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::embedded::top_k::Best;
use crate::engine::ranking::{Counts, Evidence, Score, Scorer};
use crate::query::{Field, FormKind};

/// The words of a flat query in chosen documents of a segment, which are asked for in order.
pub(super) struct DocReader<'a> {
    flat: &'a Flat<'a>,
    lists: &'a SegmentLists<'a>,
    /// The long lists of each word, opened when they are asked for. Each is large, and few are opened.
    long: Vec<Vec<Option<Box<DocCursor>>>>,
    /// How many of each word's short postings lie before the current document.
    passed: Vec<usize>,
    positions: Vec<PositionLists<'a>>,
    doc: DocId,
    /// The words that stand in the current document, and how often.
    counts: Vec<(usize, Counts)>,
    /// The words that stand there, and the places of their lists.
    here: Vec<(usize, usize)>,
    failed: Option<tantivy::TantivyError>,
}

impl<'a> DocReader<'a> {
    pub(super) fn new(flat: &'a Flat<'a>, lists: &'a SegmentLists<'a>) -> DocReader<'a> {
        let long = |len: usize| std::iter::repeat_with(|| None).take(len).collect();
        let positions = |word: &WordLists<'a>| PositionLists::new(lists.segment, word.lists);
        DocReader {
            flat,
            lists,
            long: lists
                .words
                .iter()
                .map(|word| long(word.long.len()))
                .collect(),
            positions: lists.words.iter().map(positions).collect(),
            passed: vec![0; lists.words.len()],
            doc: 0,
            counts: Vec::new(),
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
    ) -> tantivy::Result<Score> {
        self.read(doc, mask | self.flat.optional)?;
        let scored = scorer.offer(self, doc, best);
        self.failed.take().map_or(Ok(scored), Err)
    }

    fn read(&mut self, doc: DocId, mask: u64) -> tantivy::Result<()> {
        self.doc = doc;
        self.here.clear();
        self.counts.clear();
        for (i, word) in self.lists.words.iter().enumerate() {
            let fields = fields_of(mask, i);
            if fields == 0 {
                continue;
            }
            let (mut counts, before) = (Counts::default(), self.here.len());
            for (&place, cursor) in word.long.iter().zip(&mut self.long[i]) {
                let list = &word.lists[place];
                if fields & 1 << list.field == 0 {
                    continue;
                }
                let cursor = opened(self.lists.segment, list, cursor)?;
                if cursor.has(doc) {
                    counts.of_kind(list.kind)[list.field] += cursor.count();
                    self.here.push((i, place));
                }
            }
            let passed = &mut self.passed[i];
            *passed += before_doc(&word.short[*passed..], doc);
            let short = word.short[*passed..].iter();
            for posting in short.take_while(|posting| posting.doc == doc) {
                let place = posting.list as usize;
                let list = &word.lists[place];
                counts.of_kind(list.kind)[list.field] += posting.count;
                self.here.push((i, place));
            }
            if self.here.len() > before {
                self.counts.push((i, counts));
            }
        }
        Ok(())
    }
}

fn opened<'c>(
    segment: &OpenSegment,
    list: &FormList,
    cursor: &'c mut Option<Box<DocCursor>>,
) -> tantivy::Result<&'c mut DocCursor> {
    Ok(match cursor {
        Some(cursor) => cursor,
        None => {
            let option = IndexRecordOption::WithFreqs;
            cursor.insert(Box::new(DocCursor::open(segment, list, option)?))
        }
    })
}

impl Evidence for DocReader<'_> {
    fn order(&self) -> u32 {
        self.lists.segment.order_of(self.doc)
    }

    fn len(&self, field: usize) -> u64 {
        self.lists.segment.len_of(self.doc, field)
    }

    fn terms(&mut self, out: &mut Vec<(usize, Counts)>) {
        for &(word, counts) in &self.counts {
            if let Some(place) = self.flat.terms[word].index {
                out.push((place, counts));
            }
        }
    }

    fn positions(&mut self, scorer: &Scorer, out: &mut [[Vec<u32>; Field::COUNT]]) {
        for &(word, place) in &self.here {
            let list = &self.lists.words[word].lists[place];
            let index = self.flat.terms[word].index;
            let Some(index) = index.filter(|&index| scorer.terms()[index].is_paired) else {
                continue;
            };
            // Parts of other words have none.
            if list.kind != FormKind::Part {
                let buffer = &mut out[index][list.field];
                if let Err(error) = self.positions[word].add(place, self.doc, buffer) {
                    self.failed = Some(error);
                }
            }
        }
    }
}
