//! Which words stand in which fields of the sections of ranges.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::bounds::SegmentBounds;
use super::query::{Flat, SegmentLists};
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::lists::{DocCursor, Sighting, TEXTS, TITLES, bit_of, from_doc};
use crate::engine::ranking::Likeness;
use crate::query::Field;

/// The bits of a list's count in a likeness, and how many lists have counts there.
const COUNT_BITS: usize = 4;
const COUNTED_LISTS: usize = u128::BITS as usize / COUNT_BITS;
/// The most that is told: all bits stand for what is not.
const MOST_TOLD: u32 = (1 << COUNT_BITS) - 2;
/// The counts of a section whose likeness is not told.
const UNTOLD: u128 = u128::MAX;
const BODY: usize = Field::Body.index();

/// Tells which words stand in which fields of the sections of ranges, which are asked for in order.
pub(super) struct RangeMasks<'r, 'a> {
    lists: &'r SegmentLists<'a>,
    /// The words that are looked up: the required ones, all where likenesses are told.
    words: Vec<usize>,
    /// The bits of the optional words.
    optional: u64,
    /// The long lists of these words, once they are asked for.
    cursors: Option<Vec<WordCursor>>,
    /// How often they stand in title, heading and name of each section of the range that was looked at last, where likenesses
    /// are told.
    counts: Option<Box<[u128; RANGE as usize]>>,
    /// The sections that are hits.
    sighted: Vec<Sighting>,
}

/// A long list of a word.
struct WordCursor {
    word: usize,
    cursor: DocCursor,
    /// Its place in the counts, where it counts there.
    counted_at: Option<usize>,
}

/// The place of a document in its range.
fn place(doc: DocId) -> usize {
    (doc % RANGE) as usize
}

impl<'r, 'a> RangeMasks<'r, 'a> {
    pub(super) fn new(
        flat: &Flat<'_>,
        lists: &'r SegmentLists<'a>,
        tells_likenesses: bool,
    ) -> RangeMasks<'r, 'a> {
        let all = 0..lists.words.len();
        let is_looked_up = |&i: &usize| tells_likenesses || flat.is_required(i);
        RangeMasks {
            lists,
            words: all.filter(is_looked_up).collect(),
            optional: flat.optional,
            cursors: None,
            counts: tells_likenesses.then(|| Box::new([0; RANGE as usize])),
            sighted: Vec::with_capacity(RANGE as usize),
        }
    }

    fn cursors(&self) -> tantivy::Result<Vec<WordCursor>> {
        let mut cursors = Vec::new();
        let mut places = 0..COUNTED_LISTS;
        for &word in &self.words {
            for list in self.lists.words[word].long_lists() {
                let is_counted = self.counts.is_some() && list.field != BODY;
                let option = match is_counted {
                    true => IndexRecordOption::WithFreqs,
                    false => IndexRecordOption::Basic,
                };
                cursors.push(WordCursor {
                    word,
                    cursor: DocCursor::open(self.lists.segment, list, option)?,
                    counted_at: is_counted.then(|| places.next().unwrap_or(COUNTED_LISTS)),
                });
            }
        }
        Ok(cursors)
    }

    /// Looks at a range, for its hits, of those sections that are asked for.
    pub(super) fn look_at(
        &mut self,
        bounds: &SegmentBounds,
        range: u32,
        is_asked: impl Fn(DocId) -> bool,
    ) -> tantivy::Result<()> {
        let base = range * RANGE;
        let end = base.saturating_add(RANGE);
        if self.cursors.is_none() {
            self.cursors = Some(self.cursors()?);
        }
        let mut masks = [0; RANGE as usize];
        let counts = &mut self.counts;
        if let Some(counts) = counts {
            counts.fill(0);
        }
        for own in self.cursors.iter_mut().flatten() {
            let cursor = &mut own.cursor;
            if !bounds.has(own.word, cursor.field, range as usize) {
                continue;
            }
            let bit = bit_of(own.word, cursor.field);
            cursor.seek(base);
            match own.counted_at.zip(counts.as_mut()) {
                None => cursor.each_before(end, |doc| masks[place(doc)] |= bit),
                Some((at, counts)) => cursor.each_counted_before(end, |doc, count| {
                    masks[place(doc)] |= bit;
                    counts[place(doc)] |= told(at, count);
                }),
            }
        }
        for &i in &self.words {
            let word = &self.lists.words[i];
            let short = from_doc(&word.short, base).iter();
            for posting in short.take_while(|posting| posting.doc < end) {
                masks[place(posting.doc)] |= bit_of(i, word.field_of(posting));
                if let Some(counts) = counts {
                    counts[place(posting.doc)] = UNTOLD;
                }
            }
        }
        self.sight(base..end, &masks, is_asked);
        Ok(())
    }

    fn sight(
        &mut self,
        range: std::ops::Range<DocId>,
        masks: &[u64; RANGE as usize],
        is_asked: impl Fn(DocId) -> bool,
    ) {
        self.sighted.clear();
        let segment = self.lists.segment;
        for (doc, &mask) in range.zip(masks) {
            let required = mask & !self.optional;
            // A title alone finds the first section.
            let is_own = || required & !TITLES != 0 || segment.order_of(doc) == 0;
            if required != 0 && is_own() && is_asked(doc) {
                self.sighted.push(Sighting { doc, mask });
            }
        }
    }

    /// The hits that the last look found, in order.
    pub(super) fn sighted(&self) -> &[Sighting] {
        &self.sighted
    }

    /// The likeness of a hit of the last look, where it is told.
    pub(super) fn likeness(&self, Sighting { doc, mask }: Sighting) -> Option<Likeness> {
        let counts = self.counts.as_ref()?[place(doc)];
        if counts == UNTOLD || mask & TEXTS != 0 {
            return None;
        }
        let is_in = |field: &usize| mask & (TITLES << field) != 0;
        let fields = Field::INDEXES.into_iter().filter(is_in);
        let fields = fields.fold(0, |all, field| all | 1 << field);
        let segment = self.lists.segment;
        Likeness::with(
            (counts, fields),
            |field| segment.len_of(doc, field),
            || segment.order_of(doc),
        )
    }
}

/// How often the form of a list stands in a section, in its likeness.
fn told(at: usize, count: u32) -> u128 {
    match at < COUNTED_LISTS && count <= MOST_TOLD {
        true => u128::from(count) << (COUNT_BITS * at),
        false => UNTOLD,
    }
}
