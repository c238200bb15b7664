//! The ranges of a segment that a query asks about: those of its hits, where these are known.

use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::segment::OpenSegment;

/// Ranges of a segment, in order; each has a slot, its place among them.
pub(super) struct AskedRanges {
    /// By slot.
    ranges: Vec<u32>,
    /// By range its slot; [`NO_SLOT`] where it is not asked about.
    slots: Vec<u32>,
}

const NO_SLOT: u32 = u32::MAX;

/// How many ranges a segment has.
fn ranges_of(segment: &OpenSegment) -> u32 {
    segment.max_doc().div_ceil(RANGE)
}

impl AskedRanges {
    /// All ranges of a segment.
    pub(super) fn all(segment: &OpenSegment) -> AskedRanges {
        let count = ranges_of(segment);
        AskedRanges::among((0..count).collect(), count)
    }

    /// These ranges of a segment, which are in order.
    pub(super) fn of(ranges: Vec<u32>, segment: &OpenSegment) -> AskedRanges {
        AskedRanges::among(ranges, ranges_of(segment))
    }

    /// These of so many ranges.
    fn among(ranges: Vec<u32>, count: u32) -> AskedRanges {
        let mut slots = vec![NO_SLOT; count as usize];
        for (slot, &range) in (0..).zip(&ranges) {
            if let Some(own) = slots.get_mut(range as usize) {
                *own = slot;
            }
        }
        AskedRanges { ranges, slots }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The ranges, by slot.
    pub(super) fn ranges(&self) -> &[u32] {
        &self.ranges
    }

    /// The slot of a range that is asked about.
    pub(super) fn slot(&self, range: usize) -> Option<usize> {
        let slot = self.slots.get(range).copied();
        slot.filter(|&slot| slot != NO_SLOT)
            .map(|slot| slot as usize)
    }

    /// Calls `each` with the slots of those ranges that lie in a run of ranges, which begins at `first`, and with the byte that
    /// the run has of each.
    pub(super) fn each_in(&self, first: usize, run: &[u8], mut each: impl FnMut(usize, u8)) {
        if let [byte] = run {
            if let Some(slot) = self.slot(first) {
                each(slot, *byte);
            }
            return;
        }
        let before = self
            .ranges
            .partition_point(|&range| (range as usize) < first);
        for (slot, &range) in self.ranges.iter().enumerate().skip(before) {
            let Some(&byte) = run.get(range as usize - first) else {
                return;
            };
            each(slot, byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(asked: &AskedRanges, first: usize, run: &[u8]) -> Vec<(usize, u8)> {
        let mut seen = Vec::new();
        asked.each_in(first, run, |slot, byte| seen.push((slot, byte)));
        seen
    }

    #[test]
    fn a_run_tells_of_the_ranges_that_are_asked_about() {
        let asked = AskedRanges::among(vec![2, 3, 7], 9);
        assert_eq!(asked.len(), 3);
        assert_eq!((asked.slot(2), asked.slot(7)), (Some(0), Some(2)));
        assert_eq!((asked.slot(4), asked.slot(9)), (None, None));
        assert_eq!(seen(&asked, 0, &[1, 2, 3]), [(0, 3)]);
        assert_eq!(seen(&asked, 3, &[4, 0, 0, 0, 5]), [(1, 4), (2, 5)]);
        assert_eq!(seen(&asked, 7, &[6]), [(2, 6)]);
        assert_eq!(seen(&asked, 8, &[7, 8]), []);
        for first in [4, 9, usize::MAX] {
            assert_eq!(seen(&asked, first, &[9]), []);
        }
        assert_eq!(seen(&asked, usize::MAX, &[1, 2]), []);
        assert_eq!(seen(&asked, 2, &[]), []);
        assert_eq!(seen(&AskedRanges::among(Vec::new(), 9), 0, &[1, 2]), []);
    }
}
