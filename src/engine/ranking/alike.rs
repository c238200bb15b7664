//! Sections whose headings are alike: they score the same, but for where the words stand.
//!
//! Headings that repeat are many of what a collection has, and where a section under one of them is not among the best, the
//! next one is not either.

use super::counts::Counts;
use crate::query::Field;

/// How many of what was last met are kept, a power of two.
const KEPT: usize = 64;
/// Spreads the bits of a number: 2⁶⁴ by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
/// The bits of a term's place, of a kind of occurrences in a field, and of their number.
const BITS: [u32; 3] = [4, 4, 4];

/// The place of a number among so many, a power of two.
pub(in crate::engine) fn spread(bits: u64, places: usize) -> usize {
    (bits.wrapping_mul(SPREAD) >> (u64::BITS - places.ilog2())) as usize
}

/// What the score of a section depends on, but for where the terms stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Likeness {
    /// How often each term occurs in title, heading and name, in order.
    counts: u128,
    /// The words of title and heading, where terms stand there.
    lens: [u32; 2],
    /// Whether it is the first section of its article, where terms stand in the title.
    is_first: bool,
}

impl Likeness {
    /// That of a section with these terms, of so many words in a field, in this order in its article; `None` of one whose
    /// text has some, as texts of the same length are few, and of one with more than is told apart.
    pub(super) fn of(
        terms: &[(usize, Counts)],
        len: impl Fn(usize) -> u64,
        order: impl Fn() -> u32,
    ) -> Option<Likeness> {
        let mut counts = 0_u128;
        let mut fields = 0;
        for (place, own) in terms {
            // Most sections have some in their text, and are not looked at further.
            if own.all(Field::Body.index()) > 0 || own.misspelled.contains(&true) {
                return None;
            }
            for (kind, own) in [own.exact, own.others, own.parts].iter().enumerate() {
                for (field, &count) in own.iter().enumerate().filter(|(_, count)| **count > 0) {
                    let numbers = [*place, Field::COUNT * kind + field, count as usize];
                    for (number, bits) in numbers.into_iter().zip(BITS) {
                        let fits = number >> bits == 0 && counts.leading_zeros() >= bits;
                        counts = fits.then_some(counts << bits | number as u128)?;
                    }
                    fields |= 1 << field;
                }
            }
        }
        Likeness::with((counts, fields), len, order)
    }

    /// That of a section without terms in its text, with such counts, which tell how often each form of the terms stands in
    /// which field, in these fields as bits.
    pub(in crate::engine) fn with(
        (counts, fields): (u128, u64),
        len: impl Fn(usize) -> u64,
        order: impl Fn() -> u32,
    ) -> Option<Likeness> {
        let has = |field: Field| fields & 1 << field.index() != 0;
        let len_of = |field: Field| match has(field) {
            true => u32::try_from(len(field.index())).ok(),
            false => Some(0),
        };
        Some(Likeness {
            counts,
            lens: [len_of(Field::Title)?, len_of(Field::Heading)?],
            is_first: has(Field::Title) && order() == 0,
        })
    }

    fn place(self) -> usize {
        let counts = (self.counts as u64) ^ (self.counts >> u64::BITS) as u64;
        let [title, heading] = self.lens.map(u64::from);
        let lens = title << u32::BITS | heading;
        spread(counts.wrapping_mul(SPREAD) ^ lens, KEPT)
    }
}

/// The most that sections score, by their likeness; likenesses of one kind of counts.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct AlikeSections {
    /// Each at the place that its bits give; none until one is kept.
    kept: Vec<Option<(Likeness, f64)>>,
}

impl AlikeSections {
    /// The most that a section scores that is like one that was kept.
    pub(in crate::engine) fn most_of(&self, likeness: Likeness) -> Option<f64> {
        let kept = self.kept.get(likeness.place()).copied().flatten();
        kept.filter(|(own, _)| *own == likeness)
            .map(|(_, most)| most)
    }

    pub(in crate::engine) fn keep(&mut self, likeness: Likeness, most: f64) {
        self.kept.resize(KEPT, None);
        if let Some(kept) = self.kept.get_mut(likeness.place()) {
            *kept = Some((likeness, most));
        }
    }
}
