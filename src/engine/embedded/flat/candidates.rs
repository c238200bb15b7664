//! The sections of a flat query that may be among the best, until it is known where their words stand.
//!
//! What the words of a section add up to bounds its score from below and above. So many low bounds tell what the best ones
//! score at least, and positions are read of those whose high bound reaches that, the highest ones first.

use std::ops::Range;

use tantivy::DocId;

use super::query::SegmentLists;
use super::range_table::{FoundList, RangeTable};
use crate::engine::embedded::lists::{MAX_WORDS, PositionLists, Sighting, WordLists};
use crate::engine::embedded::scorer::{Context, place_among, take_hit};
use crate::engine::embedded::top_k::Best;
use crate::engine::ranking::{Counts, WeighedTerms};
use crate::query::{Field, FormKind};

/// At most so many wait, and at most [`WAITING_A_HIT`] for each hit that is asked for. Of fewer that wait it is known sooner
/// what the best ones score at least; of more, fewer have to be scored.
const MOST_WAITING: usize = 512;
const WAITING_A_HIT: usize = 5;

/// Sections of a segment that wait to be scored.
pub(super) struct Candidates<'r, 'a> {
    context: &'r Context<'r>,
    lists: &'r SegmentLists<'a>,
    /// The segment's index.
    index: u32,
    waiting: Vec<WaitingSection>,
    /// The lists with positions that nearness asks for, of all that wait.
    found: Vec<FoundList>,
    /// Room for the words of a section, for how often they stand there, and for where.
    here: Vec<FoundList>,
    words: Vec<(usize, Counts)>,
    positions: Vec<[Vec<u32>; Field::COUNT]>,
    /// The lists of each word with positions, for the sections that promise most when those that wait are settled, and for the
    /// others: a list goes forward only, and each of the two groups is in order, also behind that of the last time.
    opened: [Vec<PositionLists<'a>>; 2],
}

/// A section that waits.
struct WaitingSection {
    doc: DocId,
    weighed: WeighedTerms,
    /// Its lists among those that were found.
    found: Range<usize>,
}

impl<'r, 'a> Candidates<'r, 'a> {
    pub(super) fn new(
        context: &'r Context<'r>,
        (lists, index): (&'r SegmentLists<'a>, usize),
    ) -> Candidates<'r, 'a> {
        Candidates {
            context,
            lists,
            index: index as u32,
            waiting: Vec::new(),
            found: Vec::new(),
            here: Vec::new(),
            words: Vec::new(),
            positions: context.scorer.positions(),
            opened: [Vec::new(), Vec::new()],
        }
    }

    /// Adds a hit, whose words the table has, and which comes behind those before. Returns the most that it scores.
    pub(super) fn add(
        &mut self,
        hit: Sighting,
        table: &mut RangeTable<'_, '_>,
        best: &mut Best<'_>,
    ) -> tantivy::Result<f64> {
        self.here.clear();
        self.words.clear();
        table.words_of(hit, &mut self.words, &mut self.here);
        let segment = self.lists.segment;
        let weighed = self.context.scorer.weigh(
            &self.words,
            |field| segment.len_of(hit.doc, field),
            || segment.order_of(hit.doc),
        );
        let most = weighed.most;
        if !self.may_take(hit.doc, most, best) {
            return Ok(most);
        }
        if weighed.least() == most {
            // Nothing depends on where its words stand.
            let segment = (self.lists.segment, self.index);
            take_hit(segment, (hit.doc, most), self.context, best);
            return Ok(most);
        }
        best.expect(weighed.least());
        debug_assert!(self.waiting.last().is_none_or(|own| own.doc < hit.doc));
        let from = self.found.len();
        let near = self.near_fields();
        let is_near = |own: &&FoundList| {
            let list = &self.lists.words[own.word as usize].lists[own.place as usize];
            // Parts of other words have no positions.
            near[own.word as usize] & 1 << list.field != 0 && list.kind != FormKind::Part
        };
        self.found.extend(self.here.iter().filter(is_near));
        self.waiting.push(WaitingSection {
            doc: hit.doc,
            weighed,
            found: from..self.found.len(),
        });
        let kept = best.keep().unwrap_or(MOST_WAITING);
        if self.waiting.len() >= MOST_WAITING.min(WAITING_A_HIT.saturating_mul(kept)) {
            self.settle(best)?;
        }
        Ok(most)
    }

    /// The fields of the last section in which each word stands together with one that it pairs with, as bits.
    fn near_fields(&self) -> [u8; MAX_WORDS] {
        let mut fields = [0; MAX_WORDS];
        for (word, counts) in &self.words {
            for field in Field::INDEXES {
                fields[*word] |= u8::from(counts.whole(field) > 0) << field;
            }
        }
        let mut near = [0; MAX_WORDS];
        for &(i, j) in self.context.scorer.pairs() {
            let both = fields[i] & fields[j];
            near[i] |= both;
            near[j] |= both;
        }
        near
    }

    /// Whether a hit that scores so much at most may be among the best.
    pub(super) fn may_take(&self, doc: DocId, most: f64, best: &Best<'_>) -> bool {
        best.may_take_at(most, || place_among(doc, self.lists.segment, self.context))
    }

    /// Scores those that wait, as far as they may still be among the best.
    pub(super) fn settle(&mut self, best: &mut Best<'_>) -> tantivy::Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|own| best.may_take(own.weighed.most));
        let first = best.keep().unwrap_or(usize::MAX).min(waiting.len());
        if first < waiting.len() {
            let most = |own: &WaitingSection| own.weighed.most;
            waiting.select_nth_unstable_by(first, |a, b| most(b).total_cmp(&most(a)));
        }
        let (promising, others) = waiting.split_at_mut(first);
        self.score((promising, 0), best)?;
        self.score((others, 1), best)?;
        waiting.clear();
        self.waiting = waiting;
        self.found.clear();
        Ok(())
    }

    /// Scores the sections of a group, with the lists that are open for it.
    fn score(
        &mut self,
        (some, group): (&mut [WaitingSection], usize),
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        some.sort_unstable_by_key(|own| own.doc);
        let segment = self.lists.segment;
        let of_word = |word: &WordLists<'a>| PositionLists::new(segment, word.lists);
        for own in some {
            if !self.may_take(own.doc, own.weighed.most, best) {
                continue;
            }
            let lists = &mut self.opened[group];
            if lists.is_empty() {
                *lists = self.lists.words.iter().map(of_word).collect();
            }
            self.positions.iter_mut().flatten().for_each(Vec::clear);
            for &FoundList { word, place } in &self.found[own.found.clone()] {
                let (word, place) = (word as usize, place as usize);
                let field = self.lists.words[word].lists[place].field;
                let out = &mut self.positions[word][field];
                lists[word].add(place, own.doc, out)?;
            }
            let near = self.context.scorer.near(&own.weighed, &self.positions);
            let hit = (own.doc, own.weighed.with(near));
            take_hit((segment, self.index), hit, self.context, best);
        }
        Ok(())
    }
}
