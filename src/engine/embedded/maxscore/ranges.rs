//! Finds the best sections of a flat query: the ranges that promise most are looked at first, and most never.
//!
//! Source: after Mallia and others, "Faster BlockMax WAND with variable-sized blocks" (2017), and the ranges of document
//! numbers of "Faster learned sparse retrieval with block-max pruning" (Mallia, Suel and Tonellotto, 2024).

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::bounds::SegmentBounds;
use super::candidates::each_hit;
use super::mask::{BITS, fields_of};
use super::run::FlatRun;
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::languages::UncountedDocs;
use crate::engine::embedded::matcher::Matcher;
use crate::engine::embedded::scorer::SegmentScorer;
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
        let mut current: Option<(usize, SegmentScorer<'_>, Matcher<'_>)> = None;
        let mut last = (usize::MAX, 0, 0, false);
        each_hit(self.flat, self.segments, |index, doc, mask| {
            count += 1;
            let (own, range) = (&bounds[index], (doc / RANGE) as usize);
            let most = own.most.get(range).copied().unwrap_or(0.0);
            if most == 0.0 || !best.may_take(f64::from(most)) {
                return Ok(());
            }
            if (last.0, last.1, last.2) != (index, range, mask) {
                let bound = own.masked(range, mask | self.flat.optional, self.context);
                last = (index, range, mask, best.may_take(bound));
            }
            if !last.3 {
                return Ok(());
            }
            if current.as_ref().is_none_or(|(own, ..)| *own != index) {
                let (segment, texts) = (&self.segments[index], &self.context.texts);
                let matcher = Matcher::open(self.plan, texts, segment, index)?;
                current = Some((
                    index,
                    SegmentScorer::new(self.context, segment, index),
                    matcher,
                ));
            }
            if let Some((_, scorer, matcher)) = &mut current {
                matcher.seek(doc);
                scorer.offer(matcher, doc, best);
            }
            Ok(())
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
        let mut lists = self.open_range_lists(index)?;
        let mut scorer = SegmentScorer::new(self.context, segment, index);
        let mut matcher = None;
        for promise in ranges {
            if !best.may_take(f64::from(promise.most)) {
                continue;
            }
            let range = promise.range as usize;
            let masks = masks_of(&mut lists, own, range);
            let mut last = (0, false);
            for (doc, &mask) in (promise.range * RANGE..).zip(&masks) {
                if mask == 0 {
                    continue;
                }
                if last.0 != mask {
                    let may_take = || {
                        let all = mask | self.flat.optional;
                        best.may_take(own.masked(range, all, self.context))
                    };
                    last = (mask, self.flat.matches(mask) && may_take());
                }
                if !last.1 || !segment.is_alive(doc) || !self.flat.passes(segment, doc) {
                    continue;
                }
                let matcher = match &mut matcher {
                    Some(matcher) => matcher,
                    None => {
                        let texts = &self.context.texts;
                        matcher.insert(Matcher::open(self.plan, texts, segment, index)?)
                    }
                };
                matcher.seek(doc);
                scorer.offer(matcher, doc, best);
            }
        }
        Ok(())
    }

    /// The lists of the required words.
    fn open_range_lists(&self, index: usize) -> tantivy::Result<Vec<RangeList>> {
        let mut lists = Vec::new();
        for (word, term) in self.flat.terms.iter().enumerate() {
            if fields_of(self.flat.optional, word) != 0 {
                continue;
            }
            for list in &term.expansions[0].lists[index] {
                let inverted = &self.segments[index].inverted[list.field];
                let option = IndexRecordOption::Basic;
                lists.push(RangeList {
                    word,
                    field: list.field,
                    block: inverted.read_block_postings_from_terminfo(&list.info, option)?,
                    left_out: UncountedDocs::new(&list.left_out),
                });
            }
        }
        Ok(lists)
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
fn masks_of(
    lists: &mut [RangeList],
    bounds: &SegmentBounds,
    range: usize,
) -> [u64; RANGE as usize] {
    let mut masks = [0; RANGE as usize];
    for list in lists {
        if bounds.has(list.word, list.field, range) {
            list.mark(range as DocId * RANGE, &mut masks);
        }
    }
    masks
}

/// The documents of one form in one field.
struct RangeList {
    word: usize,
    field: usize,
    block: BlockSegmentPostings,
    /// The documents that do not count.
    left_out: UncountedDocs,
}

impl RangeList {
    /// Sets the bit of the documents of the range that begins at `base`; no earlier one is asked for later.
    fn mark(&mut self, base: DocId, masks: &mut [u64; RANGE as usize]) {
        let bit = 1 << (BITS * self.word + self.field);
        let mut at = self.block.seek(base);
        loop {
            let docs = self.block.docs();
            let Some(rest) = docs.get(at..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            for &doc in rest {
                let Some(mask) = masks.get_mut((doc - base) as usize) else {
                    return;
                };
                if self.left_out.is_empty() || !self.left_out.has(doc) {
                    *mask |= bit;
                }
            }
            if rest.last() == Some(&TERMINATED) {
                return;
            }
            self.block.advance();
            at = 0;
        }
    }
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
    use crate::source::StoredPath;

    /// Numbers that look random, the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % end
        }

        /// Small numbers more often than large ones.
        fn low(&mut self, end: u64) -> u64 {
            let bound = self.below(end) + 1;
            self.below(bound)
        }
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

    fn text(numbers: &mut Numbers, most: u64) -> String {
        let count = numbers.low(most) + 1;
        let words = (0..count).map(|_| WORDS[numbers.low(WORDS.len() as u64) as usize]);
        words.collect::<Vec<_>>().join(" ")
    }

    fn add(snapshot: &EmbeddedSnapshot, names: std::ops::Range<u64>, gone: &[SourceKey]) {
        let mut numbers = Numbers(names.start + 7);
        let writer = snapshot.write(&WriterOptions::default()).expect("a writer");
        for name in names {
            let path = StoredPath::from_bytes(format!("{name}-quay.md").as_bytes());
            let source = writer.begin(&path, Origin::Walked).expect("a source");
            let rarely = if name % 400 == 7 { "rarely " } else { "" };
            let (title, body) = (text(&mut numbers, 4), text(&mut numbers, 90));
            let mut lines = format!("# {title}\n\n{rarely}{body}\n");
            for _ in 0..numbers.low(6) {
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
