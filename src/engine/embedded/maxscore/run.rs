//! Runs a flat query: the groups that promise most are scored first, and most never.

use tantivy::DocId;

use super::candidates::{Group, Sightings, count_hits};
use super::flat::Flat;
use crate::engine::SearchOptions;
use crate::engine::embedded::matcher::Matcher;
use crate::engine::embedded::plan::Plan;
use crate::engine::embedded::scorer::{Context, SegmentScorer};
use crate::engine::embedded::segment::OpenSegment;
use crate::engine::embedded::top_k::Best;

/// By how much more sections are scored in each round.
const MORE_EACH_ROUND: usize = 16;

/// A flat query and what it is asked of.
pub(in crate::engine::embedded) struct FlatRun<'a> {
    pub(in crate::engine::embedded) flat: &'a Flat<'a>,
    pub(in crate::engine::embedded) plan: &'a Plan,
    pub(in crate::engine::embedded) context: &'a Context<'a>,
    pub(in crate::engine::embedded) segments: &'a [OpenSegment],
}

impl FlatRun<'_> {
    /// Finds the best hits and counts all.
    pub(in crate::engine::embedded) fn all(
        &self,
        options: &SearchOptions,
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let keep = best.keep().filter(|&keep| keep > 0);
        let most = options
            .count_up_to
            .filter(|&most| !self.flat.all && keep.is_some_and(|keep| keep as u64 <= most));
        let is_done = match best.keep() {
            Some(0) => {
                best.matched = count_hits(self.flat, self.segments)?;
                false
            }
            Some(_) if self.flat.may_be_many() => self.by_ranges_or_groups(most, best)?,
            _ => self.by_groups(most, best)?,
        };
        if let Some(most) = most.filter(|&most| is_done || best.matched > most) {
            best.matched = most;
            best.is_counted = false;
        }
        Ok(())
    }

    /// Finds the best hits by ranges where their bounds are known, and counts as [`FlatRun::by_groups`] does.
    fn by_ranges_or_groups(&self, most: Option<u64>, best: &mut Best<'_>) -> tantivy::Result<bool> {
        let Some(mut bounds) = self.bounds()? else {
            return self.by_groups(most, best);
        };
        if self.flat.all {
            best.matched = self.by_ranges_and_count(&mut bounds, best)?;
            return Ok(false);
        }
        self.by_ranges(&mut bounds, best, usize::MAX)?;
        let is_done = most.is_some_and(|most| self.has_many(most));
        if !is_done {
            best.matched = count_hits(self.flat, self.segments)?;
        }
        Ok(is_done)
    }

    /// Whether more than so many sections surely hold a required word in heading or text.
    fn has_many(&self, counted: u64) -> bool {
        self.flat.has_many(!self.flat.optional, counted)
    }

    /// Finds the best hits by groups of what matches, and counts all unless they are sure to be more than `most`; says
    /// whether they are.
    fn by_groups(&self, most: Option<u64>, best: &mut Best<'_>) -> tantivy::Result<bool> {
        if let Some(most) = most
            && self.led_by_rare(most, best)?
        {
            return Ok(true);
        }
        best.clear();
        let sightings = self.look(self.read_last())?;
        best.matched = sightings.matched(self.flat);
        self.score(&sightings, best)?;
        Ok(false)
    }

    fn look(&self, assumed: u64) -> tantivy::Result<Sightings> {
        Sightings::of(self.flat, self.context, self.segments, assumed)
    }

    /// What is not looked for where all required words are. Where the rare ones were not enough, bounds have to be tight.
    fn read_last(&self) -> u64 {
        match self.flat.all || self.flat.common(self.context) == 0 {
            true => self.flat.optional,
            false => 0,
        }
    }

    /// Looks for the rare words only; says whether that was enough, and there are more than `counted` hits.
    fn led_by_rare(&self, counted: u64, best: &mut Best<'_>) -> tantivy::Result<bool> {
        let common = self.flat.common(self.context);
        if common == 0 {
            return Ok(false);
        }
        let unseen = common | self.flat.optional;
        let sightings = self.look(unseen)?;
        self.score(&sightings, best)?;
        let has_many =
            sightings.matched(self.flat) > counted || self.flat.has_many(common, counted);
        Ok(has_many && !best.may_take(self.flat.bound(self.context, unseen)))
    }

    /// Scores what was found, the most promising first, until nothing that is left can be among the best.
    fn score(&self, sightings: &Sightings, best: &mut Best<'_>) -> tantivy::Result<()> {
        let groups = sightings.by_bound();
        let mut rest = groups.as_slice();
        let mut most = best.keep().unwrap_or(usize::MAX);
        loop {
            let mut chosen = vec![false; groups.len()];
            let mut sum = 0;
            while let Some((&group, others)) = rest.split_first() {
                let Group { bound, count, .. } = sightings.groups[group as usize];
                if !best.may_take(bound) {
                    rest = &[];
                    break;
                }
                if sum > 0 && sum + count > most {
                    break;
                }
                chosen[group as usize] = true;
                sum += count;
                rest = others;
            }
            if sum == 0 && rest.is_empty() {
                return Ok(());
            }
            for i in 0..self.segments.len() {
                self.score_in(i, sightings, &chosen, best)?;
            }
            most = most.saturating_mul(MORE_EACH_ROUND);
        }
    }

    /// Scores those of the chosen groups in the `i`-th segment that may be among the best.
    fn score_in(
        &self,
        i: usize,
        sightings: &Sightings,
        chosen: &[bool],
        best: &mut Best<'_>,
    ) -> tantivy::Result<()> {
        let segment = &self.segments[i];
        let mut scorer = self.doc_scorer(i);
        let found = sightings.found[i].iter();
        for sighting in found.filter(|sighting| chosen[sighting.group as usize]) {
            let doc = sighting.doc;
            if best.is_full() {
                let mask = sightings.mask_of(sighting.group);
                let len = segment.len_of(doc, 2);
                let bound = self
                    .flat
                    .bound_in(self.context, mask, sighting.in_body, len);
                if !best.may_take(bound) {
                    continue;
                }
            }
            scorer.offer(doc, best)?;
        }
        Ok(())
    }
}

/// Scores chosen documents of one segment, in order. What matches there is opened with the first of them.
pub(super) struct DocScorer<'a> {
    plan: &'a Plan,
    context: &'a Context<'a>,
    segment: &'a OpenSegment,
    index: usize,
    scorer: SegmentScorer<'a>,
    matcher: Option<Matcher<'a>>,
}

impl<'a> FlatRun<'a> {
    /// Scores documents of the `index`-th segment.
    pub(super) fn doc_scorer(&self, index: usize) -> DocScorer<'a> {
        let segment = &self.segments[index];
        DocScorer {
            plan: self.plan,
            context: self.context,
            segment,
            index,
            scorer: SegmentScorer::new(self.context, segment, index),
            matcher: None,
        }
    }
}

impl DocScorer<'_> {
    /// Scores a document that matches where it may be among the best.
    pub(super) fn offer(&mut self, doc: DocId, best: &mut Best<'_>) -> tantivy::Result<()> {
        let matcher = match &mut self.matcher {
            Some(matcher) => matcher,
            None => {
                let texts = &self.context.texts;
                let opened = Matcher::open(self.plan, texts, self.segment, self.index)?;
                self.matcher.insert(opened)
            }
        };
        matcher.seek(doc);
        self.scorer.offer(matcher, doc, best);
        Ok(())
    }
}
