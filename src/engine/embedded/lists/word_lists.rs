//! The lists of a query word in one segment: the short ones are read at once, for all that is asked of them; the long
//! ones are opened where they are needed.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::doc_cursor::each_list;
use crate::engine::embedded::bounds::LEAST_DOCS;
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::segment::OpenSegment;

/// A document of a short list.
#[derive(Clone, Copy)]
pub(in crate::engine::embedded) struct ShortPosting {
    pub(in crate::engine::embedded) doc: DocId,
    /// The list's place among those of the word.
    pub(in crate::engine::embedded) list: u32,
    /// How often the form stands there.
    pub(in crate::engine::embedded) count: u32,
}

/// The lists of a word in a segment.
pub(in crate::engine::embedded) struct WordLists<'a> {
    pub(in crate::engine::embedded) lists: &'a [FormList],
    /// The long lists, by their places in `lists`.
    pub(in crate::engine::embedded) long: Vec<usize>,
    /// All of the short ones, in order of the documents.
    pub(in crate::engine::embedded) short: Vec<ShortPosting>,
    /// How many entries all have.
    pub(in crate::engine::embedded) postings: u64,
}

impl<'a> WordLists<'a> {
    pub(in crate::engine::embedded) fn open(
        segment: &OpenSegment,
        lists: &'a [FormList],
    ) -> tantivy::Result<WordLists<'a>> {
        let is_short = |list: &FormList| list.info.doc_freq < LEAST_DOCS;
        let places = 0..lists.len();
        let (short_places, long): (Vec<usize>, Vec<usize>) =
            places.partition(|&place| is_short(&lists[place]));
        let all = short_places.iter().map(|&place| &lists[place]);
        let docs = all.clone().map(|list| list.info.doc_freq as usize);
        let mut short = Vec::with_capacity(docs.sum());
        let mut places = short_places.iter();
        each_list(segment, all, IndexRecordOption::WithFreqs, |_, cursor| {
            let list = places.next().map_or(0, |&place| place as u32);
            cursor.each(|doc, count| short.push(ShortPosting { doc, list, count }));
        })?;
        let postings = lists.iter().map(|list| u64::from(list.info.doc_freq)).sum();
        // Each list is in order by itself, which a stable sort makes use of.
        short.sort_by_key(|posting| posting.doc);
        Ok(WordLists {
            lists,
            long,
            short,
            postings,
        })
    }

    /// The long lists.
    pub(in crate::engine::embedded) fn long_lists(&self) -> impl Iterator<Item = &'a FormList> {
        self.long.iter().map(|&place| &self.lists[place])
    }

    /// The field of a short posting.
    pub(in crate::engine::embedded) fn field_of(&self, posting: &ShortPosting) -> usize {
        self.lists[posting.list as usize].field
    }
}

/// Passes by the postings of documents before `doc`.
pub(in crate::engine::embedded) fn from_doc(short: &[ShortPosting], doc: DocId) -> &[ShortPosting] {
    &short[before_doc(short, doc)..]
}

/// How many of the postings are of documents before `doc`, mostly few: the first ones are looked at one by one.
pub(in crate::engine::embedded) fn before_doc(short: &[ShortPosting], doc: DocId) -> usize {
    const ONE_BY_ONE: usize = 8;
    let is_before = |posting: &ShortPosting| posting.doc < doc;
    let first = short.iter().take(ONE_BY_ONE);
    match first.take_while(|posting| is_before(posting)).count() {
        ONE_BY_ONE => short.partition_point(is_before),
        few => few,
    }
}
