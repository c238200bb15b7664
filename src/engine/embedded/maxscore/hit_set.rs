//! The sections that a flat query finds in a segment, without frequencies or scores.
//!
//! All words: the documents of the rarest word are held against the lists of the others, one word after the other. Where
//! few are left they are looked up in the lists; where they are many, all lists are laid out as bits, one a document.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::doc_cursor::each_list;
use super::flat::Flat;
use super::mask::{TITLES, bit_of, fields_of};
use super::word_lists::{SegmentLists, WordLists, from_doc};
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::segment::OpenSegment;
use crate::query::Field;

/// To look a document up in a list costs about as much as to lay out so many.
const LOOK_UP_COST: u64 = 12;
/// Documents are listed while they are fewer than this share of the segment: to sort them costs less than to clear its bits.
const FEW_SHARE: u64 = 512;
/// The bits of a word.
const BITS: usize = u64::BITS as usize;

/// A bit for each document of a segment.
pub(super) type DocBits = Vec<u64>;

/// A document, and which of the words that were looked for stand in which of its fields.
#[derive(Clone, Copy)]
pub(super) struct Sighting {
    pub(super) doc: DocId,
    pub(super) mask: u64,
}

/// The hits of a flat query in a segment.
pub(super) enum HitSet {
    /// In order.
    Few(Vec<Sighting>),
    /// A bit for each document, the lowest one first.
    Many(DocBits),
}

/// The required words of a flat query, the rarest first, each with its number.
type RequiredWords<'l> = Vec<(usize, &'l WordLists<'l>)>;

impl HitSet {
    /// The hits of `flat`, whose lists these are.
    pub(super) fn of(flat: &Flat<'_>, lists: &SegmentLists<'_>) -> tantivy::Result<HitSet> {
        let words = lists.words.iter().enumerate();
        let required = words.filter(|&(i, _)| fields_of(flat.optional, i) == 0);
        let mut words: RequiredWords<'_> = required.collect();
        words.sort_by_key(|(_, word)| word.postings);
        let found = match flat.all {
            true => all_of(lists.segment, &words)?,
            false => any_of(lists.segment, &words)?,
        };
        Ok(match found {
            Found::Few(docs) => HitSet::Few(docs),
            Found::Many { all, own } => HitSet::Many(with_own(all, &own, lists.segment)),
        }
        .kept_by(flat, lists.segment))
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        match self {
            HitSet::Few(docs) => docs.len() as u64,
            HitSet::Many(all) => count_bits(all),
        }
    }

    /// The hits, in order; where it is not known which words stand where, they may anywhere.
    pub(super) fn all(&self) -> Vec<Sighting> {
        match self {
            HitSet::Few(docs) => docs.clone(),
            HitSet::Many(all) => sightings(all, u64::MAX),
        }
    }

    /// Which of so many ranges have hits.
    pub(super) fn ranges(&self, count: usize) -> Vec<bool> {
        match self {
            HitSet::Few(docs) => {
                let mut has_hits = vec![false; count];
                for sighting in docs {
                    if let Some(has_hits) = has_hits.get_mut((sighting.doc / RANGE) as usize) {
                        *has_hits = true;
                    }
                }
                has_hits
            }
            HitSet::Many(all) => {
                let mut ranges = all.chunks(RANGE as usize / BITS);
                let has_hits = |range: &[u64]| range.iter().any(|&word| word != 0);
                (0..count)
                    .map(|_| ranges.next().is_some_and(has_hits))
                    .collect()
            }
        }
    }

    /// Leaves out what is deleted, kept back by the filters, or found by its article's title alone without being its first
    /// section.
    fn kept_by(self, flat: &Flat<'_>, segment: &OpenSegment) -> HitSet {
        match self {
            HitSet::Few(mut docs) => {
                docs.retain(|&Sighting { doc, mask }| {
                    let is_own = mask & !TITLES != 0 || segment.order_of(doc) == 0;
                    is_own && segment.is_alive(doc) && flat.passes(segment, doc)
                });
                HitSet::Few(docs)
            }
            HitSet::Many(mut all) => {
                for &doc in segment.deleted() {
                    clear(&mut all, doc);
                }
                if flat.is_filtered() {
                    for Sighting { doc, .. } in sightings(&all, 0) {
                        if !flat.passes(segment, doc) {
                            clear(&mut all, doc);
                        }
                    }
                }
                HitSet::Many(all)
            }
        }
    }
}

/// Those of the documents that hold a word elsewhere than in the title, or are the first of their article.
fn with_own(mut all: DocBits, own: &DocBits, segment: &OpenSegment) -> DocBits {
    let titled: DocBits = all.iter().zip(own).map(|(all, own)| all & !own).collect();
    for Sighting { doc, .. } in sightings(&titled, 0) {
        if segment.order_of(doc) > 0 {
            clear(&mut all, doc);
        }
    }
    all
}

/// Documents, while words are held against them.
enum Found {
    Few(Vec<Sighting>),
    /// Bits, and those of the documents that hold a word elsewhere than in the title.
    Many {
        all: DocBits,
        own: DocBits,
    },
}

/// The documents that hold any of the words.
fn any_of(segment: &OpenSegment, words: &RequiredWords<'_>) -> tantivy::Result<Found> {
    if words.iter().map(|(_, word)| word.postings).sum::<u64>() < few(segment) {
        let mut docs = Vec::new();
        for word in words {
            list_word(segment, word, &mut docs)?;
        }
        return Ok(Found::Few(merged(docs)));
    }
    let mut own = no_docs(segment);
    for (_, word) in words {
        lay_out(segment, word, false, &mut own)?;
    }
    let mut all = own.clone();
    for (_, word) in words {
        lay_out(segment, word, true, &mut all)?;
    }
    Ok(Found::Many { all, own })
}

/// The documents that hold all of the words.
fn all_of(segment: &OpenSegment, words: &RequiredWords<'_>) -> tantivy::Result<Found> {
    let Some(first) = words.first() else {
        return Ok(Found::Few(Vec::new()));
    };
    let mut found = any_of(segment, &vec![*first])?;
    for (seen, &next) in words.iter().enumerate().skip(1) {
        let (mut all, mut own) = match found {
            Found::Few(docs) => {
                found = Found::Few(with_word(docs, segment, next)?);
                continue;
            }
            Found::Many { all, own } => (all, own),
        };
        let (_, word) = next;
        let look_ups = count_bits(&all) * (word.long.len() as u64 + 1);
        if look_ups * LOOK_UP_COST < word.postings {
            let mut docs = sightings(&all, 0);
            for &word in &words[..seen] {
                sight(&mut docs, segment, word)?;
            }
            found = Found::Few(with_word(docs, segment, next)?);
            continue;
        }
        let mut here = no_docs(segment);
        lay_out(segment, word, false, &mut here)?;
        own.iter_mut()
            .zip(&here)
            .for_each(|(own, here)| *own |= here);
        lay_out(segment, word, true, &mut here)?;
        all.iter_mut()
            .zip(&here)
            .for_each(|(all, here)| *all &= here);
        found = Found::Many { all, own };
    }
    Ok(found)
}

/// Those of these documents that hold a word too.
fn with_word(
    mut docs: Vec<Sighting>,
    segment: &OpenSegment,
    (i, word): (usize, &WordLists<'_>),
) -> tantivy::Result<Vec<Sighting>> {
    sight(&mut docs, segment, (i, word))?;
    docs.retain(|sighting| fields_of(sighting.mask, i) != 0);
    Ok(docs)
}

/// Looks up in which fields of these documents, which are in order, a word stands.
fn sight(
    docs: &mut [Sighting],
    segment: &OpenSegment,
    (i, word): (usize, &WordLists<'_>),
) -> tantivy::Result<()> {
    let option = IndexRecordOption::Basic;
    each_list(segment, word.long_lists(), option, |list, cursor| {
        let bit = bit_of(i, list.field);
        for Sighting { doc, mask } in &mut *docs {
            if *mask & bit == 0 && cursor.has(*doc) {
                *mask |= bit;
            }
        }
    })?;
    let mut short = word.short.as_slice();
    for Sighting { doc, mask } in docs {
        short = from_doc(short, *doc);
        for posting in short.iter().take_while(|posting| posting.doc == *doc) {
            *mask |= bit_of(i, word.field_of(posting));
        }
    }
    Ok(())
}

/// Adds the documents of a word, in no order.
fn list_word(
    segment: &OpenSegment,
    &(i, word): &(usize, &WordLists<'_>),
    docs: &mut Vec<Sighting>,
) -> tantivy::Result<()> {
    let option = IndexRecordOption::Basic;
    each_list(segment, word.long_lists(), option, |list, cursor| {
        let mask = bit_of(i, list.field);
        cursor.each_before(DocId::MAX, |doc| docs.push(Sighting { doc, mask }));
    })?;
    docs.extend(word.short.iter().map(|posting| Sighting {
        doc: posting.doc,
        mask: bit_of(i, word.field_of(posting)),
    }));
    Ok(())
}

/// Sets the bits of the documents that hold a word in titles, or elsewhere.
fn lay_out(
    segment: &OpenSegment,
    word: &WordLists<'_>,
    in_titles: bool,
    bits: &mut DocBits,
) -> tantivy::Result<()> {
    let is_asked = |field: usize| (field == Field::Title.index()) == in_titles;
    let lists = word.long_lists().filter(|list| is_asked(list.field));
    each_list(segment, lists, IndexRecordOption::Basic, |_, cursor| {
        cursor.each_before(DocId::MAX, |doc| set(bits, doc));
    })?;
    for posting in &word.short {
        if is_asked(word.field_of(posting)) {
            set(bits, posting.doc);
        }
    }
    Ok(())
}

/// In order, each document once.
fn merged(mut docs: Vec<Sighting>) -> Vec<Sighting> {
    docs.sort_unstable_by_key(|sighting| sighting.doc);
    docs.dedup_by(|next, kept| {
        let is_same = next.doc == kept.doc;
        if is_same {
            kept.mask |= next.mask;
        }
        is_same
    });
    docs
}

/// So many documents of a segment are many.
fn few(segment: &OpenSegment) -> u64 {
    u64::from(segment.max_doc()) / FEW_SHARE
}

fn no_docs(segment: &OpenSegment) -> DocBits {
    vec![0; (segment.max_doc() as usize).div_ceil(BITS)]
}

fn set(bits: &mut DocBits, doc: DocId) {
    if let Some(word) = bits.get_mut(doc as usize / BITS) {
        *word |= 1 << (doc as usize % BITS);
    }
}

fn clear(bits: &mut DocBits, doc: DocId) {
    if let Some(word) = bits.get_mut(doc as usize / BITS) {
        *word &= !(1 << (doc as usize % BITS));
    }
}

/// Whether the bit of a document is set.
pub(super) fn has(bits: &DocBits, doc: DocId) -> bool {
    let word = bits.get(doc as usize / BITS).copied().unwrap_or(0);
    word & 1 << (doc as usize % BITS) != 0
}

fn count_bits(bits: &DocBits) -> u64 {
    bits.iter().map(|word| u64::from(word.count_ones())).sum()
}

/// The documents whose bits are set, each with this mask.
fn sightings(bits: &DocBits, mask: u64) -> Vec<Sighting> {
    let mut all = Vec::new();
    for (base, &word) in (0..).step_by(BITS).zip(bits) {
        let mut word = word;
        while word != 0 {
            let doc = base + word.trailing_zeros();
            all.push(Sighting { doc, mask });
            word &= word - 1;
        }
    }
    all
}
