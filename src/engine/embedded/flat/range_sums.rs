//! What each of many sections of a range can score at most, by how often the words stand there: for many sections at once,
//! list by list, in numbers shorter than those of scores.

use super::bounds::saturated;
use super::query::SegmentLists;
use super::range_table::{LEN, RangeTable, place};
use super::word_ranges::{SLACK, kind_weights};
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::lists::{Sighting, TITLES};
use crate::engine::embedded::scorer::Context;
use crate::engine::ranking::NEAREST;
use crate::query::{Field, FormKind};

/// How many sections are bounded at once.
const WIDTH: usize = 32;
/// A number for each of so many sections, in their order.
type Lane = [f32; WIDTH];

/// Bounds the sections of ranges.
pub(super) struct RangeSums<'r, 'a> {
    context: &'r Context<'r>,
    lists: &'r SegmentLists<'a>,
    word: WordLanes,
    /// What each word counts in each field for nearness, of the words that nearness asks for.
    near: Vec<[Lane; Field::COUNT]>,
    /// What occurrences in each field are multiplied by.
    inverse_norms: [Lane; Field::COUNT],
    /// The words of title and heading.
    lens: [Lane; 2],
    covers: [CoverLanes; 2],
    base: Lane,
    counted: Lane,
    /// The most that sections score, by their places in the range.
    most: [f32; LEN],
}

/// How often a word stands in each field.
struct WordLanes {
    /// Each kind of occurrences by what it counts.
    n: [Lane; Field::COUNT],
    /// All kinds alike, parts of other words left out.
    whole: [Lane; Field::COUNT],
    /// The fields in which it stands anywhere in the range, as bits.
    fields: u8,
    /// The place of each section in the range, and the number of the section at each place, where there is one.
    places: Vec<usize>,
    numbers: [u8; LEN],
    /// What an occurrence of the forms of each kind counts, by these.
    weights: [[f32; 2]; 3],
}

/// What the words of a title or heading that stand in the query add up to.
struct CoverLanes {
    weight: Lane,
    words: Lane,
}

const ZEROS: Lane = [0.0; WIDTH];
/// No section's number.
const NONE: u8 = u8::MAX;

/// Adds `of` of each number of a lane.
fn add(out: &mut Lane, lane: &Lane, of: impl Fn(f32) -> f32) {
    for (out, &own) in out.iter_mut().zip(lane) {
        *out += of(own);
    }
}

/// Adds `of` of each two numbers of two lanes.
fn add_of(out: &mut Lane, (first, second): (&Lane, &Lane), of: impl Fn(f32, f32) -> f32) {
    for ((out, &first), &second) in out.iter_mut().zip(first).zip(second) {
        *out += of(first, second);
    }
}

/// The lesser of two numbers: `f32::min` asks for NaN too, and takes three times as long.
fn lesser(first: f32, second: f32) -> f32 {
    if first < second { first } else { second }
}

/// `weight` where something is there.
fn if_there(count: f32, weight: f32) -> f32 {
    if count > 0.0 { weight } else { 0.0 }
}

impl<'r, 'a> RangeSums<'r, 'a> {
    pub(super) fn new(context: &'r Context<'r>, lists: &'r SegmentLists<'a>) -> RangeSums<'r, 'a> {
        let no_cover = || CoverLanes {
            weight: ZEROS,
            words: ZEROS,
        };
        RangeSums {
            context,
            lists,
            word: WordLanes::new(context),
            near: vec![[ZEROS; Field::COUNT]; context.scorer.terms().len()],
            inverse_norms: [ZEROS; Field::COUNT],
            lens: [[1.0; WIDTH]; 2],
            covers: [no_cover(), no_cover()],
            base: ZEROS,
            counted: ZEROS,
            most: [0.0; LEN],
        }
    }

    /// Bounds what these sections of the range that the table has read can score; [`RangeSums::most`] tells it. The words of the
    /// mask `unseen` may stand in all of them.
    pub(super) fn bound(&mut self, table: &RangeTable<'_, '_>, sections: &[Sighting], unseen: u64) {
        for some in sections.chunks(WIDTH) {
            self.base = ZEROS;
            self.counted = ZEROS;
            for cover in &mut self.covers {
                (cover.weight, cover.words) = (ZEROS, ZEROS);
            }
            self.measure(some, unseen);
            self.word.begin(some);
            for word in 0..self.lists.words.len() {
                self.word.read(word, table);
                self.add_word(word);
            }
            self.add_pairs();
            self.add_covers(some);
            self.finish(some);
        }
    }

    /// The most that a section scores that was bounded last.
    pub(super) fn most(&self, section: Sighting) -> f64 {
        f64::from(self.most[place(section.doc)])
    }

    fn finish(&mut self, sections: &[Sighting]) {
        let scorer = &self.context.scorer;
        let coordination = scorer.totals().ranking.coordination as f32;
        let all = scorer.weight() as f32;
        for (at, section) in sections.iter().enumerate() {
            let share = self.counted[at] / all;
            let most = (1.0 + coordination * share) * self.base[at] * SLACK;
            // Weights may be too small for these numbers.
            self.most[place(section.doc)] = most.max(f32::MIN_POSITIVE);
        }
    }

    /// Reads the lengths of the fields of these sections in which words may stand.
    fn measure(&mut self, sections: &[Sighting], unseen: u64) {
        self.inverse_norms = [ZEROS; Field::COUNT];
        let totals = self.context.scorer.totals();
        for (at, &Sighting { doc, mask }) in sections.iter().enumerate() {
            for field in 0..Field::MEASURED {
                if (mask | unseen) & (TITLES << field) == 0 {
                    continue;
                }
                let len = self.lists.segment.len_of(doc, field);
                if let Some(lens) = self.lens.get_mut(field) {
                    lens[at] = len as f32;
                }
                // No word stands in an empty field, whose norm may be 0.
                if len > 0 {
                    self.inverse_norms[field][at] = (1.0 / totals.norm(field, len)) as f32;
                }
            }
            self.inverse_norms[Field::Name.index()][at] = 1.0;
        }
    }

    /// Adds what a word earns by itself.
    fn add_word(&mut self, number: usize) {
        let (scorer, ranking) = (&self.context.scorer, &self.context.scorer.totals().ranking);
        let (term, k1) = (&scorer.terms()[number], ranking.k1 as f32);
        let weight = term.weight as f32;
        let (mut tf, mut alone, mut here) = (ZEROS, ZEROS, ZEROS);
        for field in Field::INDEXES {
            let near = &mut self.near[number][field];
            if self.word.fields & 1 << field == 0 {
                if term.is_paired {
                    *near = ZEROS;
                }
                continue;
            }
            let field_weight = ranking.field_weights[field] as f32;
            let (n, whole) = (&self.word.n[field], &self.word.whole[field]);
            let inverse = &self.inverse_norms[field];
            add(&mut here, n, |n| n);
            add_of(&mut tf, (n, inverse), |n, inverse| {
                field_weight * (n * inverse)
            });
            if term.is_paired {
                *near = ZEROS;
                add_of(near, (whole, inverse), |whole, inverse| {
                    field_weight * (whole * inverse)
                });
            }
            if let Some(cover) = self.covers.get_mut(field) {
                add_of(&mut alone, (n, inverse), |n, inverse| {
                    saturated(n * inverse, k1)
                });
                add(&mut cover.weight, whole, |whole| if_there(whole, weight));
                let words = if term.is_again {
                    0.0
                } else {
                    term.words as f32
                };
                add(&mut cover.words, whole, |whole| words * whole);
            }
        }
        let share = ranking.alone as f32;
        add_of(&mut self.base, (&tf, &alone), |tf, alone| {
            weight * (saturated(tf, k1) + share * alone)
        });
        add(&mut self.counted, &here, |here| if_there(here, weight));
    }

    /// Adds what the nearness of the words adds at most.
    fn add_pairs(&mut self) {
        let (scorer, ranking) = (&self.context.scorer, &self.context.scorer.totals().ranking);
        let (nearest, k1) = (NEAREST as f32, ranking.k1 as f32);
        for &(i, j) in scorer.pairs() {
            let factor = ranking.pair_earning(scorer.pair_idf((i, j)), 1.0) as f32;
            let mut tf = ZEROS;
            for lanes in self.near[i].iter().zip(&self.near[j]) {
                add_of(&mut tf, lanes, |first, second| {
                    lesser(first, nearest * second)
                });
            }
            add(&mut self.base, &tf, |tf| factor * saturated(tf, k1));
        }
    }

    /// Adds what title and heading add that the words make up.
    fn add_covers(&mut self, sections: &[Sighting]) {
        let ranking = &self.context.scorer.totals().ranking;
        for (field, cover) in self.covers.iter().enumerate() {
            for (at, &Sighting { doc, .. }) in sections.iter().enumerate() {
                if cover.weight[at] > 0.0 {
                    let order = self.lists.segment.order_of(doc);
                    let factor = ranking.cover_factor(field, order) as f32;
                    let share = (cover.words[at] / self.lens[field][at]).min(1.0);
                    self.base[at] += factor * cover.weight[at] * (share * share);
                }
            }
        }
    }
}

impl WordLanes {
    fn new(context: &Context<'_>) -> WordLanes {
        WordLanes {
            n: [ZEROS; Field::COUNT],
            whole: [ZEROS; Field::COUNT],
            fields: 0,
            places: Vec::with_capacity(WIDTH),
            numbers: [NONE; LEN],
            weights: [FormKind::Written, FormKind::Other, FormKind::Part]
                .map(|kind| kind_weights(kind, &context.scorer.totals().ranking)),
        }
    }

    /// Begins with other sections.
    fn begin(&mut self, sections: &[Sighting]) {
        self.places.clear();
        self.places
            .extend(sections.iter().map(|own| place(own.doc)));
        self.numbers = [NONE; LEN];
        for (number, &place) in (0..).zip(&self.places) {
            self.numbers[place] = number;
        }
    }

    /// Reads a word in these sections.
    fn read(&mut self, word: usize, table: &RangeTable<'_, '_>) {
        self.fields = 0;
        table.each_of(word, self, WordLanes::add_all, WordLanes::add_one);
    }

    /// The weights of a list's kind, where its field has room.
    fn of(&mut self, list: &FormList) -> [f32; 2] {
        let bit = 1 << list.field;
        if self.fields & bit == 0 {
            self.fields |= bit;
            self.n[list.field] = ZEROS;
            self.whole[list.field] = ZEROS;
        }
        self.weights[list.kind as usize]
    }

    fn add_all(&mut self, list: &FormList, counts: &[u32; LEN]) {
        let [n, whole] = self.of(list);
        let lanes = self.n[list.field].iter_mut();
        let lanes = lanes.zip(&mut self.whole[list.field]);
        for ((own_n, own_whole), &place) in lanes.zip(&self.places) {
            let count = counts[place] as f32;
            *own_n += n * count;
            *own_whole += whole * count;
        }
    }

    fn add_one(&mut self, list: &FormList, place: usize, count: u32) {
        let at = usize::from(self.numbers[place]);
        if at < WIDTH {
            let [n, whole] = self.of(list);
            self.n[list.field][at] += n * count as f32;
            self.whole[list.field][at] += whole * count as f32;
        }
    }
}
