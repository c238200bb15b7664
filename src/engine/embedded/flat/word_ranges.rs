//! How much a word can count in ranges of a segment.

use tantivy::DocId;
use tantivy::schema::IndexRecordOption;

use super::asked_ranges::AskedRanges;
use crate::engine::embedded::bounds::{BoundTable, RANGE, steps};
use crate::engine::embedded::expand::FormList;
use crate::engine::embedded::lists::{DocCursor, ShortPosting, WordLists};
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::ranking::{Ranking, Totals};
use crate::query::{Field, FormKind};

/// What is added for the rounding of the numbers here, which are shorter than those of scores.
pub(super) const SLACK: f32 = 1.0 + 1e-4;

/// By slot, the most that a word can count in each field; empty where no list of the segment has it there.
#[derive(Default)]
pub(super) struct WordRanges {
    /// Σ of x over the lists, each by its kind.
    pub(super) x: [Vec<f32>; Field::COUNT],
    /// The same, all kinds alike, parts of other words left out.
    pub(super) whole: [Vec<f32>; Field::COUNT],
}

/// By how much the x of a table have to be multiplied to hold for other mean lengths and another b: the largest ratio of
/// the norms, which is that of one word or of endless ones. `None` where there is no such number.
pub(super) fn factors(table: &BoundTable, totals: &Totals) -> Option<[f32; Field::MEASURED]> {
    let mut all = [1.0; Field::MEASURED];
    let usual = Ranking::default();
    for (f, factor) in all.iter_mut().enumerate() {
        let ratio = |len: u64| {
            let of_table = usual.norm(f, len, table.averages[f]);
            of_table / totals.ranking.norm(f, len, totals.average_len[f])
        };
        // No field is as long as the longer one.
        let most = ratio(1).max(ratio(1 << 40));
        *factor = most as f32 * SLACK;
        (factor.is_finite() && *factor < 1e3).then_some(())?;
    }
    Some(all)
}

impl WordRanges {
    pub(super) fn of(
        word: &WordLists<'_>,
        (segment, table): (&OpenSegment, &BoundTable),
        (totals, factors): (&Totals, &[f32; Field::MEASURED]),
        asked: &AskedRanges,
    ) -> tantivy::Result<WordRanges> {
        let mut ranges = WordRanges::default();
        if asked.len() == 0 {
            return Ok(ranges);
        }
        for &place in &word.long {
            let list = &word.lists[place];
            let weights = kind_weights(list.kind, &totals.ranking);
            let factor = factors.get(list.field).copied().unwrap_or(1.0);
            let [x, whole] = ranges.of_field(list.field, asked);
            let mut add = |slot: usize, most: f32| {
                x[slot] += weights[0] * most;
                whole[slot] += weights[1] * most;
            };
            let steps = steps();
            let is_listed = table.each_run(list.field, &list.info, |first, bytes| {
                asked.each_in(first, bytes, |slot, byte| {
                    add(slot, steps[usize::from(byte)] * factor);
                });
            });
            if is_listed != Some(true) {
                read_list(segment, list, totals, |range, most| {
                    if let Some(slot) = asked.slot(range) {
                        add(slot, most);
                    }
                })?;
            }
        }
        ranges.add_short(word, segment, (totals, asked));
        Ok(ranges)
    }

    /// What is kept of a field, with room for all ranges that are asked about.
    fn of_field(&mut self, field: usize, asked: &AskedRanges) -> [&mut Vec<f32>; 2] {
        let count = asked.len();
        [&mut self.x, &mut self.whole].map(|all| {
            let own = &mut all[field];
            own.resize(count, 0.0);
            own
        })
    }

    /// Adds the short lists: what they count together in a document, and of the documents of a range the most.
    fn add_short(
        &mut self,
        word: &WordLists<'_>,
        segment: &OpenSegment,
        (totals, asked): (&Totals, &AskedRanges),
    ) {
        for field in Field::INDEXES {
            let own = |posting: &&ShortPosting| word.field_of(posting) == field;
            let mut postings = word.short.iter().filter(own).peekable();
            if postings.peek().is_none() {
                continue;
            }
            let [x, whole] = self.of_field(field, asked);
            let mut add = |slot: Option<usize>, most: [f32; 2]| {
                if let Some(slot) = slot {
                    x[slot] += most[0];
                    whole[slot] += most[1];
                }
            };
            let (mut slot, mut most) = (None, [0.0_f32; 2]);
            while let Some(first) = postings.next() {
                let doc = first.doc;
                let Some(own) = asked.slot((doc / RANGE) as usize) else {
                    continue;
                };
                if Some(own) != slot {
                    add(slot, most);
                    (slot, most) = (Some(own), [0.0; 2]);
                }
                let mut sums = [0.0_f32; 2];
                let mut next = Some(first);
                while let Some(posting) = next {
                    let kind = word.lists[posting.list as usize].kind;
                    let weights = kind_weights(kind, &totals.ranking);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += weight * posting.count as f32;
                    }
                    next = postings.next_if(|posting| posting.doc == doc);
                }
                let norm = norm_of(segment, (doc, field), totals) as f32;
                for (most, sum) in most.iter_mut().zip(sums) {
                    *most = most.max(sum / norm * SLACK);
                }
            }
            add(slot, most);
        }
    }
}

/// What an occurrence of a form counts, and what it does where parts of other words count nothing.
pub(super) fn kind_weights(kind: FormKind, ranking: &Ranking) -> [f32; 2] {
    let (x, whole) = match kind {
        FormKind::Written => (1.0, 1.0),
        FormKind::Other => (ranking.other_form as f32, 1.0),
        FormKind::Part => (ranking.part as f32, 0.0),
    };
    // What counts nothing is there nevertheless.
    [f32::max(x, f32::MIN_POSITIVE), whole]
}

fn norm_of(segment: &OpenSegment, (doc, field): (DocId, usize), totals: &Totals) -> f64 {
    match totals.average_len.get(field) {
        Some(&average) => {
            let len = segment.len_of(doc, field);
            totals.ranking.norm(field, len, average)
        }
        None => 1.0,
    }
}

/// Calls `add` for the ranges of a list that the table does not have, with its x there.
fn read_list(
    segment: &OpenSegment,
    list: &FormList,
    totals: &Totals,
    mut add: impl FnMut(usize, f32),
) -> tantivy::Result<()> {
    let mut cursor = DocCursor::open(segment, list, IndexRecordOption::WithFreqs)?;
    let (mut range, mut most) = (0, 0.0_f32);
    cursor.each(|doc, count| {
        let norm = norm_of(segment, (doc, list.field), totals);
        let own = (doc / RANGE) as usize;
        if own != range {
            add(range, most);
            (range, most) = (own, 0.0);
        }
        most = most.max((f64::from(count) / norm) as f32 * SLACK);
    });
    add(range, most);
    Ok(())
}
