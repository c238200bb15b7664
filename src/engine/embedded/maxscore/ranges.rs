//! Finds the best sections of a flat query: the ranges that promise most are looked at first, and most never.
//!
//! Source: after Mallia and others, "Faster BlockMax WAND with variable-sized blocks" (2017), and the ranges of document
//! numbers of "Faster learned sparse retrieval with block-max pruning" (Mallia, Suel and Tonellotto, 2024).

use tantivy::DocId;

use super::bounds::SegmentBounds;
use super::candidates::each_hit;
use super::doc_lists::{DocList, open_lists};
use super::run::{DocScorer, FlatRun};
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::scorer::Context;
use crate::engine::embedded::top_k::Best;

/// How many ranges are looked at first, and by how much more in each round after.
const FIRST_RANGES: usize = 8;
const MORE_RANGES: usize = 8;

/// A range of a segment, and the most that its sections can score.
#[derive(Clone, Copy)]
struct Promise {
    most: f32,
    segment: u32,
    range: u32,
}

impl FlatRun<'_> {
    /// The bounds of all segments; `None` where they do not tell where hits are.
    pub(super) fn bounds(&self) -> tantivy::Result<Option<Vec<SegmentBounds>>> {
        let all = self.segments.iter().enumerate();
        let of = |(i, segment)| SegmentBounds::of(self.flat, self.context, (segment, i));
        all.map(of).collect()
    }

    /// Finds the best hits among all in one pass that also counts them; the ranges that promise most are looked at before,
    /// so that few others are scored.
    pub(super) fn by_ranges_and_count(
        &self,
        bounds: &mut [SegmentBounds],
        best: &mut Best<'_>,
    ) -> tantivy::Result<u64> {
        self.by_ranges(bounds, best, 1)?;
        let mut count = 0;
        let mut current: Option<(usize, RangeScorer<'_, '_>)> = None;
        each_hit(self.flat, self.segments, |index, doc, mask| {
            count += 1;
            let (own, range) = (&bounds[index], (doc / RANGE) as usize);
            let most = own.most.get(range).copied().unwrap_or(0.0);
            if most == 0.0 || !best.may_take(f64::from(most)) {
                return Ok(());
            }
            let scorer = match &mut current {
                Some((open, scorer)) if *open == index => scorer,
                _ => &mut current.insert((index, self.range_scorer(own, index))).1,
            };
            match scorer.may_take(range, mask, best) {
                true => scorer.docs.offer(doc, best),
                false => Ok(()),
            }
        })?;
        Ok(count)
    }

    /// Finds the best hits in so many rounds at most. A range that was looked at promises nothing more.
    pub(super) fn by_ranges(
        &self,
        bounds: &mut [SegmentBounds],
        best: &mut Best<'_>,
        rounds: usize,
    ) -> tantivy::Result<()> {
        let mut promises = promises(bounds);
        let mut take = FIRST_RANGES;
        for _ in 0..rounds {
            if promises.is_empty() {
                break;
            }
            let count = take.min(promises.len());
            promises.select_nth_unstable_by(count - 1, |a, b| b.most.total_cmp(&a.most));
            let rest = promises.split_off(count);
            promises.sort_unstable_by_key(|own| (own.segment, own.range));
            for own in promises.chunk_by(|a, b| a.segment == b.segment) {
                self.look_at(bounds, own, best)?;
            }
            for own in &promises {
                bounds[own.segment as usize].most[own.range as usize] = 0.0;
            }
            promises = rest;
            promises.retain(|own| best.may_take(f64::from(own.most)));
            take *= MORE_RANGES;
        }
        Ok(())
    }

    /// Scores the sections of these ranges of one segment, in order, that may be among the best.
    fn look_at(
        &self,
        bounds: &[SegmentBounds],
        ranges: &[Promise],
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let Some(&Promise { segment: index, .. }) = ranges.first() else {
            return Ok(());
        };
        let index = index as usize;
        let (segment, own) = (&self.segments[index], &bounds[index]);
        let mut lists = open_lists(self.flat, (segment, index), self.flat.optional, false)?;
        let mut scorer = self.range_scorer(own, index);
        for promise in ranges {
            if !best.may_take(f64::from(promise.most)) {
                continue;
            }
            let range = promise.range as usize;
            let masks = masks_of(&mut lists, own, range);
            for (doc, &mask) in (promise.range * RANGE..).zip(&masks) {
                if mask != 0
                    && self.flat.matches(mask)
                    && scorer.may_take(range, mask, best)
                    && segment.is_alive(doc)
                    && self.flat.passes(segment, doc)
                {
                    scorer.docs.offer(doc, best)?;
                }
            }
        }
        Ok(())
    }
}

/// Scores sections of a segment whose words, by the bounds of their range, may make them some of the best.
struct RangeScorer<'r, 'a> {
    docs: DocScorer<'a>,
    bounds: &'r SegmentBounds,
    context: &'a Context<'a>,
    /// The bits of the optional words, which may stand anywhere.
    optional: u64,
    /// The range and the words that were asked for last, and what was said.
    last: (usize, u64, bool),
}

impl<'a> FlatRun<'a> {
    fn range_scorer<'r>(&self, bounds: &'r SegmentBounds, index: usize) -> RangeScorer<'r, 'a> {
        RangeScorer {
            docs: self.doc_scorer(index),
            bounds,
            context: self.context,
            optional: self.flat.optional,
            last: (usize::MAX, 0, false),
        }
    }
}

impl RangeScorer<'_, '_> {
    /// Whether a section of the range with these words may be among the best.
    fn may_take(&mut self, range: usize, mask: u64, best: &Best<'_>) -> bool {
        if (self.last.0, self.last.1) != (range, mask) {
            let words = mask | self.optional;
            let bound = self.bounds.masked(range, words, self.context);
            self.last = (range, mask, best.may_take(bound));
        }
        self.last.2
    }
}

/// The ranges in which the query's words match.
fn promises(bounds: &[SegmentBounds]) -> Vec<Promise> {
    let mut all = Vec::new();
    for (segment, bounds) in (0..).zip(bounds) {
        let own = (0..).zip(&bounds.most).filter(|(_, most)| **most > 0.0);
        all.extend(own.map(|(range, &most)| Promise {
            most,
            segment,
            range,
        }));
    }
    all
}

/// Which words stand in which fields of the sections of a range.
fn masks_of(lists: &mut [DocList], bounds: &SegmentBounds, range: usize) -> [u64; RANGE as usize] {
    let mut masks = [0; RANGE as usize];
    for list in lists {
        if bounds.has(list.word(), list.field(), range) {
            let base = range as DocId * RANGE;
            list.seek(base);
            list.mark(base, &mut masks, None);
        }
    }
    masks
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Language, Morphology};
    use crate::engine::embedded::EmbeddedSnapshot;
    use crate::engine::ranking::Ranking;
    use crate::engine::{
        ArticlePart, CatalogChange, Hit, Origin, SearchOptions, Snapshot, SourceKey, WriterOptions,
    };
    use crate::query::{Mode, parse};
    use crate::random_numbers::RandomNumbers;
    use crate::source::StoredPath;

    /// A number below `end`, small ones more often than large ones.
    fn low(numbers: &mut RandomNumbers, end: usize) -> usize {
        let bound = numbers.below(end) + 1;
        numbers.below(bound)
    }

    const WORDS: [&str; 14] = [
        "the",
        "harbour",
        "talks",
        "talk",
        "talking",
        "agreement",
        "agreements",
        "Minsk",
        "quay",
        "ferries",
        "listView",
        "wi-fi",
        "wifi",
        "ListTalk",
    ];

    fn text(numbers: &mut RandomNumbers, most: usize) -> String {
        let count = low(numbers, most) + 1;
        let words = (0..count).map(|_| WORDS[low(numbers, WORDS.len())]);
        words.collect::<Vec<_>>().join(" ")
    }

    fn add(snapshot: &EmbeddedSnapshot, names: std::ops::Range<u64>, gone: &[SourceKey]) {
        let mut numbers = RandomNumbers::of(names.start + 7);
        let writer = snapshot.write(&WriterOptions::default()).expect("a writer");
        for name in names {
            let path = StoredPath::from_bytes(format!("{name}-quay.md").as_bytes());
            let source = writer.begin(&path, Origin::Walked).expect("a source");
            let rarely = if name % 400 == 7 { "rarely " } else { "" };
            let (title, body) = (text(&mut numbers, 4), text(&mut numbers, 90));
            let mut lines = format!("# {title}\n\n{rarely}{body}\n");
            for _ in 0..low(&mut numbers, 6) {
                let (heading, body) = (text(&mut numbers, 3), text(&mut numbers, 200));
                lines.push_str(&format!("\n## {heading}\n\n{body}\n"));
            }
            let article = crate::format::read_str("markdown", &lines);
            writer
                .add(source, ArticlePart::default(), article)
                .expect("added");
        }
        gone.iter()
            .for_each(|&source| writer.remove(source).expect("removed"));
        writer.commit(CatalogChange::default()).expect("committed");
    }

    const QUERIES: [&str; 15] = [
        "harbour talks",
        "the minsk agreements",
        "quay",
        "ferries quay minsk talks agreement harbour",
        "listview wifi",
        "wi-fi list",
        "list",
        "title:talks body:minsk",
        "heading:quay ferries",
        "harbour^3 the talk",
        "talks talks minsk",
        "path:1* talks ferries",
        "rarely talks",
        "rarely the quay",
        "harbour^1000 (talks minsk^0.001)^0.001",
    ];

    #[test]
    fn the_best_by_ranges_are_those_of_all() {
        let folder = tempfile::tempdir().expect("a folder");
        add(
            &EmbeddedSnapshot::blank(folder.path()).expect("an index"),
            0..1200,
            &[],
        );
        let first = EmbeddedSnapshot::open(folder.path()).expect("the index");
        let gone: Vec<SourceKey> = (0..300).step_by(3).map(SourceKey).collect();
        add(&first, 1200..1900, &gone);
        let index = EmbeddedSnapshot::open(folder.path()).expect("the index");
        assert!(
            index
                .state
                .segments
                .iter()
                .all(|segment| segment.bounds().is_some())
        );
        let verified = index.verify(crate::engine::Depth::Full).expect("verified");
        let of_bounds = |fault: &&String| fault.contains("bounds-");
        assert_eq!(verified.faults.iter().find(of_bounds), None);
        let english = Morphology::of([Language::ENGLISH]);
        let other = Ranking {
            k1: 0.4,
            field_b: [0.3, 0.9, 0.5],
            field_weights: [3.0, 0.5, 1.0, 0.0],
            ..Ranking::default()
        };
        for (text, any) in QUERIES
            .iter()
            .flat_map(|text| [(text, false), (text, true)])
        {
            let mode = Mode {
                any,
                ..Mode::default()
            };
            let query = parse(text, mode, &english).expect(text);
            for ranking in [Ranking::default(), other] {
                let search = |limit, count_up_to| {
                    let options = SearchOptions {
                        limit,
                        count_up_to,
                        ranking,
                        ..SearchOptions::default()
                    };
                    index.search(&query, &options).expect(text)
                };
                let all = search(None, None);
                assert!(all.hits.len() > 2, "{text}");
                let bits = |hits: &[Hit]| -> Vec<_> {
                    hits.iter()
                        .map(|hit| (hit.score.to_bits(), hit.key))
                        .collect()
                };
                for limit in [1, 10, 700] {
                    let best = search(Some(limit), None);
                    let first = &all.hits[..limit.min(all.hits.len())];
                    assert_eq!(bits(&best.hits), bits(first), "{text} {any}");
                    assert_eq!(best.matched, all.matched, "{text} {any}");
                    let counted = search(Some(limit), Some(1000));
                    assert_eq!(bits(&counted.hits), bits(&best.hits), "{text} {any}");
                }
                assert_eq!(search(Some(0), None).matched, all.matched, "{text} {any}");
            }
        }
    }
}
