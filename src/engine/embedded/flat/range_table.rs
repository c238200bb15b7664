//! Which words stand in which fields of the sections of a range, and how often.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::bounds::SegmentBounds;
use super::query::{Flat, SegmentLists};
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::lists::{
    DocCursor, ShortPosting, Sighting, TEXTS, TITLES, WordLists, before_doc, bit_of, fields_of,
    from_doc,
};
use crate::engine::ranking::{Counts, Likeness};
use crate::query::Field;

/// The bits of a list's count in a likeness, and how many lists have counts there.
const COUNT_BITS: usize = 4;
const COUNTED_LISTS: usize = u128::BITS as usize / COUNT_BITS;
/// The most that is told: all bits stand for what is not.
const MOST_TOLD: u32 = (1 << COUNT_BITS) - 2;
/// The counts of a section whose likeness is not told.
const UNTOLD: u128 = u128::MAX;
const BODY: usize = Field::Body.index();
/// So many sections of a range are looked up in its lists one by one; of more the lists are read.
const LOOKED_UP: usize = 4;

/// How many documents a range has.
pub(super) const LEN: usize = RANGE as usize;

/// A list of a word that stands in a section.
#[derive(Clone, Copy)]
pub(super) struct FoundList {
    pub(super) word: u32,
    /// Its place among the lists of the word.
    pub(super) place: u32,
}

/// Reads the lists of a flat query range by range, in order.
pub(super) struct RangeTable<'r, 'a> {
    lists: &'r SegmentLists<'a>,
    /// The bits of the optional words.
    optional: u64,
    /// The bits of the words that are read to find hits: of the required ones, of all where likenesses are told.
    sought: u64,
    /// The long lists of all words, in order of the words.
    rows: Vec<Row>,
    /// Those of each word that were read for the current range.
    read: Vec<Vec<u32>>,
    /// Where the current range begins.
    base: DocId,
    /// The bits of the words and fields whose lists were read for it.
    known: u64,
    /// The words that stand in its sections, of those whose lists were read.
    masks: [u64; LEN],
    /// How often these stand in title, heading and name of its sections, where likenesses are told.
    told: Option<Box<[u128; LEN]>>,
    /// How many of each word's short postings lie before the last section that was asked for.
    passed: Vec<usize>,
}

/// A long list.
struct Row {
    word: usize,
    place: usize,
    field: usize,
    /// Its place in the counts of likenesses, where it counts there.
    told_at: Option<usize>,
    /// Opened when it is first read, as some are not.
    opened: Option<OpenList>,
}

/// A list that was opened, and how often its form stands in the sections of the range that it was read for last.
struct OpenList {
    cursor: Box<DocCursor>,
    counts: Box<[u32; LEN]>,
}

impl Row {
    /// The list for a range that begins here, at its first document from there on, with no counts.
    fn at(&mut self, base: DocId, lists: &SegmentLists<'_>) -> tantivy::Result<&mut OpenList> {
        let own = match &mut self.opened {
            Some(own) => {
                own.counts.fill(0);
                own
            }
            closed => {
                let list = &lists.words[self.word].lists[self.place];
                let option = IndexRecordOption::WithFreqs;
                closed.insert(OpenList {
                    cursor: Box::new(DocCursor::open(lists.segment, list, option)?),
                    counts: Box::new([0; LEN]),
                })
            }
        };
        own.cursor.seek(base);
        Ok(own)
    }
}

/// These sections, if they are few.
fn few(sections: &[Sighting]) -> Option<&[Sighting]> {
    Some(sections).filter(|sections| sections.len() <= LOOKED_UP)
}

/// The place of a document in its range.
pub(super) fn place(doc: DocId) -> usize {
    (doc % RANGE) as usize
}

impl<'r, 'a> RangeTable<'r, 'a> {
    pub(super) fn new(
        flat: &Flat<'_>,
        lists: &'r SegmentLists<'a>,
        tells_likenesses: bool,
    ) -> RangeTable<'r, 'a> {
        let mut rows = Vec::new();
        let mut told = 0..COUNTED_LISTS;
        for (word, own) in lists.words.iter().enumerate() {
            for &place in &own.long {
                let field = own.lists[place].field;
                let is_told = tells_likenesses && field != BODY;
                rows.push(Row {
                    word,
                    place,
                    field,
                    told_at: is_told.then(|| told.next().unwrap_or(COUNTED_LISTS)),
                    opened: None,
                });
            }
        }
        RangeTable {
            lists,
            optional: flat.optional,
            sought: match tells_likenesses {
                true => u64::MAX,
                false => !flat.optional,
            },
            rows,
            read: vec![Vec::new(); lists.words.len()],
            base: 0,
            known: 0,
            masks: [0; LEN],
            told: tells_likenesses.then(|| Box::new([0; LEN])),
            passed: vec![0; lists.words.len()],
        }
    }

    /// Begins a range, of which nothing is read yet.
    pub(super) fn begin(&mut self, range: u32) {
        self.base = range * RANGE;
        self.known = 0;
        self.read.iter_mut().for_each(Vec::clear);
    }

    /// Reads the words that are sought, and finds the sections of the range that hold a required one, of those that are asked
    /// for.
    pub(super) fn sight(
        &mut self,
        bounds: &SegmentBounds,
        is_asked: impl Fn(DocId) -> bool,
        sighted: &mut Vec<Sighting>,
    ) -> tantivy::Result<()> {
        self.seek(None, bounds)?;
        sighted.clear();
        for (doc, &mask) in (self.base..).zip(&self.masks) {
            if mask & !self.optional != 0 && is_asked(doc) {
                sighted.push(Sighting { doc, mask });
            }
        }
        Ok(())
    }

    /// Reads the words that are sought in these sections of the range, which are its hits, and notes which stand there.
    pub(super) fn sight_hits(
        &mut self,
        bounds: &SegmentBounds,
        hits: &mut [Sighting],
    ) -> tantivy::Result<()> {
        self.seek(few(hits), bounds)?;
        for hit in hits {
            hit.mask = self.masks[place(hit.doc)];
        }
        Ok(())
    }

    fn seek(
        &mut self,
        sections: Option<&[Sighting]>,
        bounds: &SegmentBounds,
    ) -> tantivy::Result<()> {
        self.masks.fill(0);
        if let Some(told) = &mut self.told {
            told.fill(0);
        }
        let sought = self.sought;
        self.read(sought, sections, Some(bounds))?;
        self.add_short(sought);
        Ok(())
    }

    /// Reads what is not read yet of the words of these sections of the range.
    pub(super) fn read_rest(
        &mut self,
        sections: &[Sighting],
        bounds: Option<&SegmentBounds>,
    ) -> tantivy::Result<()> {
        let wanted = sections.iter().fold(0, |all, own| all | own.mask);
        self.read(wanted | self.optional, few(sections), bounds)
    }

    /// Reads the long lists of the words of a mask that are not read yet, in the whole range or for these sections of it.
    fn read(
        &mut self,
        mask: u64,
        sections: Option<&[Sighting]>,
        bounds: Option<&SegmentBounds>,
    ) -> tantivy::Result<()> {
        let (base, lists) = (self.base, self.lists);
        let end = base.saturating_add(RANGE);
        let range = (base / RANGE) as usize;
        let mask = mask & !self.known;
        self.known |= mask;
        for (number, row) in self.rows.iter_mut().enumerate() {
            let bit = bit_of(row.word, row.field);
            let is_here = || bounds.is_none_or(|own| own.has(row.word, row.field, range));
            if mask & bit == 0 || !is_here() {
                continue;
            }
            self.read[row.word].push(number as u32);
            let told_at = row.told_at;
            let OpenList { cursor, counts } = row.at(base, lists)?;
            if let Some(sections) = sections {
                for &Sighting { doc, .. } in sections {
                    if cursor.has(doc) {
                        let count = cursor.count();
                        counts[place(doc)] = count;
                        self.masks[place(doc)] |= bit;
                        if let Some((at, told)) = told_at.zip(self.told.as_mut()) {
                            told[place(doc)] |= told_count(at, count);
                        }
                    }
                }
                continue;
            }
            let masks = &mut self.masks;
            match told_at.zip(self.told.as_mut()) {
                None => cursor.each_counted_before(end, |doc, count| {
                    masks[place(doc)] |= bit;
                    counts[place(doc)] = count;
                }),
                Some((at, told)) => cursor.each_counted_before(end, |doc, count| {
                    masks[place(doc)] |= bit;
                    counts[place(doc)] = count;
                    told[place(doc)] |= told_count(at, count);
                }),
            }
        }
        Ok(())
    }

    /// Adds the short lists of the words of a mask to the masks of the range.
    fn add_short(&mut self, mask: u64) {
        for (i, word) in self.lists.words.iter().enumerate() {
            if fields_of(mask, i) == 0 {
                continue;
            }
            for posting in short_in(word, self.base) {
                self.masks[place(posting.doc)] |= bit_of(i, word.field_of(posting));
                if let Some(told) = &mut self.told {
                    told[place(posting.doc)] = UNTOLD;
                }
            }
        }
    }

    /// Adds the words that stand in a section of the range, each with how often it does, and the lists that have them. What may
    /// stand there has been read, and no section before is asked for afterwards.
    pub(super) fn words_of(
        &mut self,
        Sighting { doc, mask }: Sighting,
        words: &mut Vec<(usize, Counts)>,
        found: &mut Vec<FoundList>,
    ) {
        let mask = mask | self.optional;
        for (i, word) in self.lists.words.iter().enumerate() {
            let fields = fields_of(mask, i);
            if fields == 0 {
                continue;
            }
            let (mut counts, before) = (Counts::default(), found.len());
            let mut add = |place: usize, count: u32| {
                let list = &word.lists[place];
                counts.of_kind(list.kind)[list.field] += count;
                found.push(FoundList {
                    word: i as u32,
                    place: place as u32,
                });
            };
            for (place_of_list, counts) in self.read_lists(i) {
                let count = counts[place(doc)];
                if count > 0 {
                    add(place_of_list, count);
                }
            }
            let passed = &mut self.passed[i];
            *passed += before_doc(&word.short[*passed..], doc);
            let short = word.short[*passed..].iter();
            for posting in short.take_while(|posting| posting.doc == doc) {
                add(posting.list as usize, posting.count);
            }
            if found.len() > before {
                words.push((i, counts));
            }
        }
    }

    /// The long lists of a word that were read for the range: the place of each among those of the word, and how often its form
    /// stands in each section.
    fn read_lists(&self, word: usize) -> impl Iterator<Item = (usize, &[u32; LEN])> {
        self.read[word].iter().filter_map(|&number| {
            let row = &self.rows[number as usize];
            let opened = row.opened.as_ref()?;
            Some((row.place, &*opened.counts))
        })
    }

    /// Calls `each` for what was read of a word in the range, with the list, and how often its form stands in the section at a
    /// place: `all` for those of a long list, `one` for that of a short one.
    pub(super) fn each_of<S>(
        &self,
        word: usize,
        state: &mut S,
        all: impl Fn(&mut S, &FormList, &[u32; LEN]),
        one: impl Fn(&mut S, &FormList, usize, u32),
    ) {
        let own = &self.lists.words[word];
        for (place, counts) in self.read_lists(word) {
            all(state, &own.lists[place], counts);
        }
        for posting in short_in(own, self.base) {
            let list = &own.lists[posting.list as usize];
            one(state, list, place(posting.doc), posting.count);
        }
    }

    /// The likeness of a section that was sighted last, where it is told.
    pub(super) fn likeness(&self, Sighting { doc, mask }: Sighting) -> Option<Likeness> {
        let counts = self.told.as_ref()?[place(doc)];
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

/// The short postings of a word in the range that begins here.
fn short_in<'w>(word: &'w WordLists<'_>, base: DocId) -> impl Iterator<Item = &'w ShortPosting> {
    let end = base.saturating_add(RANGE);
    let short = from_doc(&word.short, base).iter();
    short.take_while(move |posting| posting.doc < end)
}

/// How often the form of a list stands in a section, in its likeness.
fn told_count(at: usize, count: u32) -> u128 {
    match at < COUNTED_LISTS && count <= MOST_TOLD {
        true => u128::from(count) << (COUNT_BITS * at),
        false => UNTOLD,
    }
}
