//! The lists of a flat query's words in one segment: the short ones are read at once, for all that is asked of them; the long
//! ones are opened where they are needed.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::doc_cursor::each_list;
use super::flat::Flat;
use crate::engine::embedded::bounds::LEAST_DOCS;
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::segment::OpenSegment;

/// A document of a short list.
#[derive(Clone, Copy)]
pub(super) struct ShortPosting {
    pub(super) doc: DocId,
    /// The list's place among those of the word.
    pub(super) list: u32,
    /// How often the form stands there.
    pub(super) count: u32,
}

/// The lists of a word in a segment.
pub(super) struct WordLists<'a> {
    pub(super) lists: &'a [FormList],
    /// The long lists, by their places in `lists`.
    pub(super) long: Vec<usize>,
    /// All of the short ones, in order of the documents.
    pub(super) short: Vec<ShortPosting>,
    /// How many entries all have.
    pub(super) postings: u64,
}

/// The lists of a flat query's words in a segment, in order of the words.
pub(super) struct SegmentLists<'a> {
    pub(super) segment: &'a OpenSegment,
    pub(super) words: Vec<WordLists<'a>>,
}

impl<'a> SegmentLists<'a> {
    /// Those in the `index`-th segment.
    pub(super) fn open(
        flat: &Flat<'a>,
        (segment, index): (&'a OpenSegment, usize),
    ) -> tantivy::Result<SegmentLists<'a>> {
        let words = flat.terms.iter();
        let words = words.map(|term| WordLists::open(segment, &term.expansions[0].lists[index]));
        Ok(SegmentLists {
            segment,
            words: words.collect::<tantivy::Result<_>>()?,
        })
    }
}

impl<'a> WordLists<'a> {
    fn open(segment: &OpenSegment, lists: &'a [FormList]) -> tantivy::Result<WordLists<'a>> {
        let is_short = |list: &FormList| list.info.doc_freq < LEAST_DOCS;
        let places = 0..lists.len();
        let (short_places, long): (Vec<usize>, Vec<usize>) =
            places.partition(|&place| is_short(&lists[place]));
        let mut short = Vec::new();
        let mut places = short_places.iter();
        let all = short_places.iter().map(|&place| &lists[place]);
        each_list(segment, all, IndexRecordOption::WithFreqs, |_, cursor| {
            let list = places.next().map_or(0, |&place| place as u32);
            cursor.each(|doc, count| short.push(ShortPosting { doc, list, count }));
        })?;
        let postings = lists.iter().map(|list| u64::from(list.info.doc_freq)).sum();
        short.sort_unstable_by_key(|posting| posting.doc);
        Ok(WordLists {
            lists,
            long,
            short,
            postings,
        })
    }

    /// The long lists.
    pub(super) fn long_lists(&self) -> impl Iterator<Item = &'a FormList> {
        self.long.iter().map(|&place| &self.lists[place])
    }

    /// The field of a short posting.
    pub(super) fn field_of(&self, posting: &ShortPosting) -> usize {
        self.lists[posting.list as usize].field
    }
}

/// Passes by the postings of documents before `doc`.
pub(super) fn from_doc(short: &[ShortPosting], doc: DocId) -> &[ShortPosting] {
    &short[short.partition_point(|posting| posting.doc < doc)..]
}
