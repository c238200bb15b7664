//! Finds the best sections of a flat query: the ranges that promise most are looked at first, and most never.
//!
//! Source: after Mallia and others, "Faster BlockMax WAND with variable-sized blocks" (2017), and the ranges of document
//! numbers of "Faster learned sparse retrieval with block-max pruning" (Mallia, Suel and Tonellotto, 2024).

use super::bounds::SegmentBounds;
use super::candidates::Candidates;
use super::hit_set::HitSet;
use super::mask_bounds::MaskBounds;
use super::query::SegmentLists;
use super::range_sums::RangeSums;
use super::range_table::RangeTable;
use super::run::FlatRun;
use crate::engine::embedded::bounds::RANGE;
use crate::engine::embedded::lists::{Sighting, TEXTS, TITLES};
use crate::engine::embedded::top_k::Best;
use crate::engine::ranking::AlikeSections;

/// How many ranges are looked at first, and by how much more in each round after.
const FIRST_RANGES: usize = 8;
const MORE_RANGES: usize = 8;
/// Likenesses are told of the next ranges where more sections a range than this had their words in titles and headings alone.
const MANY_ALIKE: usize = 8;
/// They are told no longer where they spare fewer than one of so many of these being scored.
const LEAST_SPARED: usize = 2;
/// More sections of a range than this are bounded all at once, by how often the words stand there, before one is weighed.
const MANY_SUMMED: usize = 6;

/// A range of a segment, and the most that its sections can score.
#[derive(Clone, Copy)]
struct Promise {
    most: f32,
    segment: u32,
    range: u32,
}

impl FlatRun<'_> {
    /// The bounds of all segments, for the ranges of these hits or for all; `None` where a segment has none.
    pub(super) fn bounds(
        &self,
        lists: &[SegmentLists<'_>],
        hits: Option<&[HitSet]>,
    ) -> tantivy::Result<Option<Vec<SegmentBounds>>> {
        let of = |(i, lists)| {
            let hits = hits.map(|hits: &[HitSet]| &hits[i]);
            SegmentBounds::of(self.flat, self.context, lists, hits)
        };
        lists.iter().enumerate().map(of).collect()
    }

    /// Finds the best hits among these, by segment; without them, those of any of the words.
    pub(super) fn by_ranges(
        &self,
        (lists, bounds): (&[SegmentLists<'_>], &[SegmentBounds]),
        hits: Option<&[HitSet]>,
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let mut promises = promises(bounds);
        let (mut take, mut telling) = (FIRST_RANGES, Telling::NotYet);
        while !promises.is_empty() {
            let count = take.min(promises.len());
            promises.select_nth_unstable_by(count - 1, |a, b| b.most.total_cmp(&a.most));
            let rest = promises.split_off(count);
            promises.sort_unstable_by_key(|own| (own.segment, own.range));
            let mut tally = Tally::default();
            for own in promises.chunk_by(|a, b| a.segment == b.segment) {
                let index = own.first().map_or(0, |own| own.segment as usize);
                let scorer = RangeScorer {
                    run: self,
                    lists: &lists[index],
                    bounds: &bounds[index],
                    hits: hits.map(|hits| &hits[index]),
                    tells_likenesses: telling == Telling::Now,
                };
                scorer.look_at(own, (index, best), &mut tally)?;
            }
            telling = telling.after(&tally, count);
            promises = rest;
            promises.retain(|own| best.may_take(f64::from(own.most)));
            take *= MORE_RANGES;
        }
        Ok(())
    }
}

/// Whether likenesses, which cost something, are told of the ranges that are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    NotYet,
    Now,
    NoLonger,
}

impl Telling {
    /// What follows from so many ranges.
    fn after(self, tally: &Tally, ranges: usize) -> Telling {
        match self {
            Telling::NotYet if tally.headed > MANY_ALIKE * ranges => Telling::Now,
            Telling::Now if tally.spared * LEAST_SPARED < tally.headed => Telling::NoLonger,
            same => same,
        }
    }
}

/// What became of sections that might have been among the best by their words.
#[derive(Default)]
struct Tally {
    /// How many have these in titles and headings alone.
    headed: usize,
    /// How many were not scored as one like them was.
    spared: usize,
}

/// Scores sections of a segment whose words, by the bounds of their range, may make them some of the best.
struct RangeScorer<'r, 'a> {
    run: &'r FlatRun<'a>,
    lists: &'r SegmentLists<'a>,
    bounds: &'r SegmentBounds,
    hits: Option<&'r HitSet>,
    tells_likenesses: bool,
}

impl RangeScorer<'_, '_> {
    /// Scores the sections of these ranges, in order, that may be among the best.
    fn look_at(
        self,
        ranges: &[Promise],
        (index, best): (usize, &mut Best<'_>),
        tally: &mut Tally,
    ) -> tantivy::Result<()> {
        let flat = self.run.flat;
        let tells_likenesses = self.tells_likenesses && !matches!(self.hits, Some(HitSet::Few(_)));
        let mut table = RangeTable::new(flat, self.lists, tells_likenesses);
        let mut candidates = Candidates::new(self.run.context, (self.lists, index));
        let mut alike = AlikeSections::default();
        // Where they are not looked up, optional words may stand anywhere.
        let unseen = if tells_likenesses { 0 } else { flat.optional };
        let mut sighted = Vec::with_capacity(RANGE as usize);
        let mut bounds = MaskBounds::new(self.bounds, self.run.context);
        let mut sums = RangeSums::new(self.run.context, self.lists);
        for promise in ranges {
            if !best.may_take(f64::from(promise.most)) {
                continue;
            }
            table.begin(promise.range);
            self.sight(&mut table, promise.range, &mut sighted)?;
            bounds.begin(promise.range as usize);
            sighted
                .retain(|hit| best.may_take(bounds.most(hit.mask | unseen)) && self.is_own(*hit));
            if sighted.is_empty() {
                continue;
            }
            table.read_rest(&sighted, Some(self.bounds))?;
            // Those of headings that repeat are told by their likenesses.
            let is_summed = |hit: &Sighting| !tells_likenesses || hit.mask & TEXTS != 0;
            let many = sighted.iter().filter(|hit| is_summed(hit)).count() > MANY_SUMMED;
            if many {
                sums.bound(&table, &sighted, unseen);
            }
            for &hit in &sighted {
                let bound = match many && is_summed(&hit) {
                    true => sums.most(hit),
                    false => bounds.most(hit.mask | unseen),
                };
                if !best.may_take(bound) {
                    continue;
                }
                tally.headed += usize::from(hit.mask & TEXTS == 0);
                let likeness = table.likeness(hit);
                let known = likeness.and_then(|own| alike.most_of(own));
                if known.is_some_and(|most| !candidates.may_take(hit.doc, most, best)) {
                    tally.spared += 1;
                    continue;
                }
                let most = candidates.add(hit, &mut table, best)?;
                debug_assert!(most <= bound, "{hit:?}");
                debug_assert!(most <= bounds.most(hit.mask | unseen), "{hit:?}");
                if let Some(own) = likeness {
                    alike.keep(own, most);
                }
            }
        }
        candidates.settle(best)
    }

    /// Finds the hits of a range, which the table has begun.
    fn sight(
        &self,
        table: &mut RangeTable<'_, '_>,
        range: u32,
        sighted: &mut Vec<Sighting>,
    ) -> tantivy::Result<()> {
        let (flat, segment) = (self.run.flat, self.lists.segment);
        let is_asked = |doc| segment.is_alive(doc) && flat.passes(segment, doc);
        match self.hits {
            Some(HitSet::Few(hits)) => {
                sighted.clear();
                sighted.extend_from_slice(in_range(hits, range));
                Ok(())
            }
            Some(HitSet::Many(hits)) => {
                sighted.clear();
                hits.each_of(range * RANGE..(range + 1) * RANGE, |doc| {
                    sighted.push(Sighting { doc, mask: 0 });
                });
                table.sight_hits(self.bounds, sighted)
            }
            None if segment.deleted().is_empty() && !flat.is_filtered() => {
                table.sight(self.bounds, |_| true, sighted)
            }
            None => table.sight(self.bounds, is_asked, sighted),
        }
    }

    /// Whether a section that holds a required word is a hit: the title alone finds the first section of an article.
    fn is_own(&self, Sighting { doc, mask }: Sighting) -> bool {
        let required = mask & !self.run.flat.optional;
        self.hits.is_some() || required & !TITLES != 0 || self.lists.segment.order_of(doc) == 0
    }
}

/// The ranges in which the query's words match.
fn promises(bounds: &[SegmentBounds]) -> Vec<Promise> {
    let mut all = Vec::new();
    for (segment, bounds) in (0..).zip(bounds) {
        let ranges = bounds.asked.ranges().iter().zip(&bounds.most);
        let promised = ranges.filter(|&(_, &most)| most > 0.0);
        all.extend(promised.map(|(&range, &most)| Promise {
            most,
            segment,
            range,
        }));
    }
    all
}

/// Those of a range.
fn in_range(docs: &[Sighting], range: u32) -> &[Sighting] {
    let from = docs.partition_point(|hit| hit.doc / RANGE < range);
    let len = docs[from..].partition_point(|hit| hit.doc / RANGE == range);
    &docs[from..from + len]
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Language, Morphology};
    use crate::engine::embedded::EmbeddedSnapshot;
    use crate::engine::ranking::Ranking;
    use crate::engine::{
        ArticlePart, CatalogChange, Hit, Origin, SearchOptions, SectionWriter, Snapshot, SourceKey,
        WriterOptions,
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

    fn add_article(writer: &dyn SectionWriter, path: &str, lines: &str) {
        let path = StoredPath::from_bytes(path.as_bytes());
        let source = writer.begin(&path, Origin::Walked).expect("a source");
        let article = crate::format::read_str("markdown", lines);
        writer
            .add(source, ArticlePart::default(), article)
            .expect("added");
    }

    fn add(snapshot: &EmbeddedSnapshot, names: std::ops::Range<u64>, gone: &[SourceKey]) {
        let mut numbers = RandomNumbers::of(names.start + 7);
        let writer = snapshot.write(&WriterOptions::default()).expect("a writer");
        for name in names {
            let path = format!("{name}-quay.md");
            let rarely = if name % 400 == 7 { "rarely " } else { "" };
            let (title, body) = (text(&mut numbers, 4), text(&mut numbers, 90));
            let mut lines = format!("# {title}\n\n{rarely}{body}\n");
            for _ in 0..low(&mut numbers, 6) {
                let (heading, body) = (text(&mut numbers, 3), text(&mut numbers, 200));
                lines.push_str(&format!("\n## {heading}\n\n{body}\n"));
            }
            add_article(writer.as_ref(), &path, &lines);
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

    /// Checks that the best hits of a query are the first of all hits, bit for bit.
    fn assert_best(index: &EmbeddedSnapshot, text: &str, mode: Mode, ranking: Ranking) {
        let english = Morphology::of([Language::ENGLISH]);
        let query = parse(text, mode, &english).expect(text);
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
            assert_eq!(bits(&best.hits), bits(first), "{text} {mode:?}");
            assert_eq!(best.matched, all.matched, "{text} {mode:?}");
            let counted = search(Some(limit), Some(1000));
            assert_eq!(bits(&counted.hits), bits(&best.hits), "{text} {mode:?}");
        }
        assert_eq!(
            search(Some(0), None).matched,
            all.matched,
            "{text} {mode:?}"
        );
    }

    fn other_ranking() -> Ranking {
        Ranking {
            k1: 0.4,
            field_b: [0.3, 0.9, 0.5],
            field_weights: [3.0, 0.5, 1.0, 0.0],
            ..Ranking::default()
        }
    }

    /// Weights that short numbers do not hold, and kinds of forms that count nothing.
    fn extreme_ranking() -> Ranking {
        Ranking {
            k1: 100.0,
            field_b: [1.0; 3],
            field_weights: [1e-30, 1e-46, 1e-46, 1e-30],
            part: 0.0,
            other_form: 0.0,
            ..Ranking::default()
        }
    }

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
        for text in QUERIES {
            for any in [false, true] {
                let mode = Mode {
                    any,
                    ..Mode::default()
                };
                assert_best(&index, text, mode, Ranking::default());
                assert_best(&index, text, mode, other_ranking());
                assert_best(&index, text, mode, extreme_ranking());
            }
        }
    }

    /// Articles whose headings repeat, mostly over the same few texts, as those of a reference do.
    fn add_repeating(snapshot: &EmbeddedSnapshot) {
        let mut numbers = RandomNumbers::of(11);
        let writer = snapshot.write(&WriterOptions::default()).expect("a writer");
        for name in 0..1500 {
            // Not in order of the paths.
            let path = format!("{}.md", name * 7919 % 1500);
            let mut lines = format!("# The {} function\n", ["see", "open", "walk"][name % 3]);
            for _ in 0..4 {
                let heading = low(&mut numbers, HEADINGS.len());
                let body = low(&mut numbers, 5);
                let body = [
                    "Nothing.",
                    "None here.",
                    "See also this.",
                    "Also: none.",
                    "",
                ][body];
                lines.push_str(&format!("\n## {}\n\n{body}\n", HEADINGS[heading]));
            }
            add_article(writer.as_ref(), &path, &lines);
        }
        writer.commit(CatalogChange::default()).expect("committed");
    }

    const HEADINGS: [&str; 9] = [
        "See also",
        "Fields",
        "Also see the fields",
        "See",
        "See the fields, see also",
        "Also",
        "See and also see also",
        "Field also seen",
        "See-also fields",
    ];

    #[test]
    fn the_best_of_headings_that_repeat_are_those_of_all() {
        let folder = tempfile::tempdir().expect("a folder");
        add_repeating(&EmbeddedSnapshot::blank(folder.path()).expect("an index"));
        let index = EmbeddedSnapshot::open(folder.path()).expect("the index");
        let texts = [
            "see also",
            "also see",
            "the fields",
            "fields",
            "see function",
        ];
        for text in texts {
            for (any, phrase) in [(false, false), (true, false), (false, true)] {
                let mode = Mode {
                    any,
                    phrase,
                    ..Mode::default()
                };
                assert_best(&index, text, mode, Ranking::default());
                assert_best(&index, text, mode, other_ranking());
            }
        }
    }
}
