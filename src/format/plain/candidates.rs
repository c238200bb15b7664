//! Says of each line that may be a heading what can be seen of it: its own look, and what stands around it.

use std::collections::HashMap;

use super::blocks::{Kind, TextBlock};
use super::case::{LetterCase, case_of};
use super::code::Signs;
use super::features::{Feature, Features, MAX_VOTE};
use super::habits::{TextHabits, is_marked, is_set_apart};
use super::lines::text_width;
use super::look::{case_feature, ending_of, known, signs, size, story, wording};
use super::numbers::{Number, number_of};
use super::profile::Profile;
use super::repeats::{counts, fingerprint};
use super::shape::{Ending, ending, ends_sentence, item_number, starts_lower};
use super::topic::Topics;

/// A heading has at most this many words on its line, and more on several.
const MAX_WORDS: usize = 22;
const MAX_WRAPPED_WORDS: usize = 28;
/// A heading has at most this many columns on its line, and more on several.
const MAX_COLUMNS: usize = 140;
const MAX_WRAPPED_COLUMNS: usize = 210;
/// A heading has at most this many lines.
const MAX_LINES: usize = 3;
/// A run of short lines is followed at most so far.
const MAX_RUN: usize = 6;
/// The neighbours of a number are looked for in so many blocks.
const NUMBER_REACH: usize = 40;
/// Words below a line are counted up to this many.
const SECTION_WORDS: usize = 80;
/// So many lines with a wide gap above show how a text sets its headings.
const LEAST_SET_APART: usize = 3;
/// The points of [`Feature::TopicWhole`], [`Feature::Topic`], [`Feature::TitleWord`] and [`Feature::Date`], with some to
/// spare.
const MAX_LATE_POINTS: i32 = 40;
/// From this column on a line that is indented stands in the middle.
const CENTRE_COLUMNS: usize = 12;

/// A line that may be a heading.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The block, by its place among all.
    pub(super) block: usize,
    pub(super) number: Number,
    pub(super) case: LetterCase,
    pub(super) features: Features,
}

/// What is seen of all candidates. Where not `is_full`, a line so far from a heading that its wording and the words
/// around it change neither that nor its vote on others is not asked for them.
pub(super) fn candidates(
    blocks: &[TextBlock<'_>],
    profile: &Profile,
    title: Option<usize>,
    is_full: bool,
) -> Vec<Candidate> {
    let may_be: Vec<usize> = (blocks.iter().enumerate())
        .filter(|(_, block)| is_candidate(block, profile))
        .map(|(at, _)| at)
        .collect();
    let prints: Vec<u64> = (may_be.iter())
        .filter_map(|&at| Some(fingerprint(blocks.get(at)?.text)))
        .collect();
    let mut observer = Observer {
        blocks,
        profile,
        title,
        topics: Topics::new(blocks),
        counts: counts(&prints),
        habits: TextHabits::of(blocks, &may_be),
        is_full,
        cases: vec![None; blocks.len()],
    };
    let mut seen: Vec<Candidate> = may_be
        .iter()
        .zip(&prints)
        .filter(|(at, _)| title != Some(**at))
        .map(|(&at, &print)| observer.candidate(at, print))
        .collect();
    let set_apart = seen.iter().filter(|line| is_set_apart(line.features));
    if set_apart.take(LEAST_SET_APART).count() == LEAST_SET_APART {
        for line in &mut seen {
            let f = &mut line.features;
            let has_gap = f.has(Feature::GapUneven) || f.has(Feature::GapAbove);
            f.add_if(!has_gap && !is_marked(*f), Feature::NoGapAsOthers);
        }
    }
    seen
}

/// Whether a block could be a heading at all.
fn is_candidate(block: &TextBlock<'_>, profile: &Profile) -> bool {
    if block.kind == Kind::Rule {
        return false;
    }
    if block.underline.is_some() {
        return true;
    }
    let lines = block.line_count();
    let (words, columns) = match lines {
        1 => (MAX_WORDS, MAX_COLUMNS),
        _ => (MAX_WRAPPED_WORDS, MAX_WRAPPED_COLUMNS),
    };
    lines <= MAX_LINES
        && !(lines > 1 && profile.one_line)
        && block.words <= words
        && text_width(block.text) <= columns
}

struct Observer<'b, 'a> {
    blocks: &'b [TextBlock<'a>],
    profile: &'b Profile,
    title: Option<usize>,
    topics: Topics<'b, 'a>,
    /// How often each short block stands in the text.
    counts: HashMap<u64, u32>,
    habits: TextHabits<'b>,
    /// Whether all features are wanted, also where they cannot change anything.
    is_full: bool,
    /// The case of the blocks that it was asked of.
    cases: Vec<Option<LetterCase>>,
}

impl Observer<'_, '_> {
    fn candidate(&mut self, at: usize, print: u64) -> Candidate {
        let block = &self.blocks[at];
        let text = block.own_text();
        let case = match block.underline {
            Some(_) => case_of(text),
            None => self.case(at),
        };
        let (number, seen) = (number_of(text), Signs::of(text));
        let mut features = Features::default();
        size(block, text, &mut features);
        ending_of(text, case, number, &mut features);
        self.number(at, number, &mut features);
        case_feature(text, case, seen, &mut features);
        signs(text, seen, &mut features);
        known(text, &mut features);
        self.repeats(block, print, case, &mut features);
        self.gaps(at, &mut features);
        self.below(at, &mut features);
        self.above(at, number, &mut features);
        self.run(at, text, &mut features);
        story(text, number, &mut features);
        self.habits.observe(at, block, &mut features);
        for late in [Observer::wording, Observer::topic] {
            if self.is_full || features.points() > -MAX_VOTE - MAX_LATE_POINTS {
                late(self, at, &mut features);
            }
        }
        Candidate {
            block: at,
            number,
            case,
            features,
        }
    }

    /// The case of a block's text.
    fn case(&mut self, at: usize) -> LetterCase {
        let text = self.blocks.get(at).map_or("", |block| block.text);
        match self.cases.get_mut(at) {
            Some(known) => *known.get_or_insert_with(|| case_of(text)),
            None => case_of(text),
        }
    }

    fn number(&self, at: usize, number: Number, f: &mut Features) {
        match number {
            Number::Chapter => f.add(Feature::NumberChapter),
            Number::Decimal(_) => f.add(Feature::NumberDecimal),
            Number::One => f.add(Feature::NumberOne),
            Number::Bare => f.add(Feature::NumberBare),
            Number::Roman => f.add(Feature::NumberRoman),
            Number::Letter => f.add(Feature::NumberLetter),
            Number::None => {}
        }
        match self
            .blocks
            .get(at)
            .and_then(|b| item_number(b.text))
            .and_then(|n| self.distance(at, n))
        {
            Some(1) => f.add(Feature::NumbersTogether),
            Some(_) => f.add(Feature::NumbersApart),
            None => {}
        }
    }

    /// How many blocks lie between this number and the next one, or else the one before.
    fn distance(&self, at: usize, number: u32) -> Option<usize> {
        let last = (at + NUMBER_REACH).min(self.blocks.len());
        let first = at.saturating_sub(NUMBER_REACH);
        let is = |i: &usize, wanted: u32| {
            self.blocks.get(*i).and_then(|b| item_number(b.text)) == Some(wanted)
        };
        let next = (at + 1..last).find(|i| is(i, number + 1)).map(|i| i - at);
        next.or_else(|| {
            let before = number.checked_sub(1)?;
            (first..at).rev().find(|i| is(i, before)).map(|i| at - i)
        })
    }

    fn repeats(&self, block: &TextBlock<'_>, print: u64, case: LetterCase, f: &mut Features) {
        let count = self.counts.get(&print).copied().unwrap_or(1);
        let is_known = f.has(Feature::Known);
        f.add_if(count == 2, Feature::Twice);
        f.add_if(count >= 3 && !is_known, Feature::Repeated);
        f.add_if(
            count >= 3 && case == LetterCase::Capitals,
            Feature::RepeatedCapitals,
        );
        let is_apart = count == 1 && block.words >= 2 && ending(block.text) == Ending::Open;
        f.add_if(
            is_apart && case == LetterCase::Capitals && !f.has(Feature::CodeLike),
            Feature::CapitalsApart,
        );
    }

    fn gaps(&self, at: usize, f: &mut Features) {
        let block = &self.blocks[at];
        if self.profile.dense {
            f.add(Feature::Dense);
        } else if let Some(above) = block.gap {
            let usual = self.profile.gap;
            let below = self.blocks.get(at + 1).and_then(|next| next.gap);
            f.add_if(above == 0, Feature::GluedAbove);
            f.add_if(below == Some(0), Feature::GluedBelow);
            f.add_if(above > usual, Feature::GapAbove);
            f.add_if(above >= usual + 2, Feature::WideGapAbove);
            f.add_if(below.is_some_and(|below| above > below), Feature::GapUneven);
            f.add_if(below.is_some_and(|below| below > usual), Feature::GapBelow);
        }
        let indent = self.profile.indent;
        f.add_if(indent > 0 && block.indent >= indent, Feature::InsideIndent);
        if block.indent > indent + 2 {
            let is_far = block.indent >= CENTRE_COLUMNS;
            f.add(if is_far {
                Feature::Centred
            } else {
                Feature::Indented
            });
        }
    }

    fn below(&self, at: usize, f: &mut Features) {
        let Some(next) = self.blocks.get(at + 1) else {
            f.add(Feature::LastBlock);
            return;
        };
        match next.kind {
            Kind::Body => f.add(Feature::BeforeBody),
            Kind::List => f.add(Feature::BeforeList),
            Kind::Code => f.add(Feature::BeforeCode),
            Kind::Short => f.add(Feature::BeforeShort),
            Kind::Rule => {}
        }
        f.add_if(starts_lower(next.text), Feature::BeforeSmall);
        f.add_if(next.words < 4, Feature::BeforeFew);
        f.add_if(next.words >= 30, Feature::BeforeMany);
        let rest: usize = self
            .blocks
            .iter()
            .skip(at + 1)
            .take(3)
            .map(|b| b.words)
            .sum();
        f.add_if(rest < 12, Feature::LittleAfter);
        let section = self.words_below(at);
        f.add_if(section < 10, Feature::SectionEmpty);
        f.add_if(section >= 60, Feature::SectionLong);
    }

    /// The words up to the next short block.
    fn words_below(&self, at: usize) -> usize {
        let mut words = 0;
        for block in self.blocks.iter().skip(at + 1) {
            if block.kind == Kind::Short || block.underline.is_some() || words >= SECTION_WORDS {
                break;
            }
            words += block.words;
        }
        words
    }

    fn above(&self, at: usize, number: Number, f: &mut Features) {
        let Some(above) = at.checked_sub(1).and_then(|i| self.blocks.get(i)) else {
            return;
        };
        match above.kind {
            Kind::Body => f.add(Feature::AfterBody),
            Kind::List => f.add(Feature::AfterList),
            Kind::Code => f.add(Feature::AfterCode),
            Kind::Rule => f.add(Feature::AfterRule),
            Kind::Short => f.add(Feature::AfterShort),
        }
        f.add_if(above.words < 4, Feature::AfterFew);
        f.add_if(above.words >= 30, Feature::AfterMany);
        let leads = above.text.ends_with([':', '：', ',']);
        f.add_if(leads, Feature::AfterColon);
        let is_unfinished = !leads && above.kind == Kind::Body && !ends_sentence(above.text);
        f.add_if(is_unfinished, Feature::AfterUnfinished);
        let is_number = |n| matches!(n, Number::Chapter | Number::Roman);
        let stands_below = above.words <= 4 && is_number(number_of(above.text));
        f.add_if(stands_below && !is_number(number), Feature::AfterNumber);
    }

    /// Where the block stands among short blocks.
    fn run(&mut self, at: usize, text: &str, f: &mut Features) {
        let is_short = |b: &&TextBlock<'_>| {
            matches!(b.kind, Kind::Short | Kind::List) && b.underline.is_none()
        };
        let above = (self.blocks.get(..at).unwrap_or_default().iter())
            .rev()
            .take(MAX_RUN)
            .take_while(is_short)
            .count();
        let below = (self.blocks.iter().skip(at + 1))
            .take(MAX_RUN)
            .take_while(is_short)
            .count();
        let next = self.blocks.get(at + 1);
        let previous = at.checked_sub(1).and_then(|i| self.blocks.get(i));
        f.add_if((2..4).contains(&(above + below)), Feature::Run);
        f.add_if(above + below >= 4, Feature::LongRun);
        f.add_if(below >= 2 && above == 0, Feature::RunFirst);
        f.add_if(below == 0 && above >= 1 && next.is_some(), Feature::RunLast);
        f.add_if(above >= 3 && below == 0, Feature::LongRunLast);
        let is_stacked = next.is_some_and(|b| b.kind == Kind::Short) && below == 1 && above == 0;
        f.add_if(is_stacked, Feature::Stacked);
        let asks =
            |b: Option<&TextBlock<'_>>| b.is_some_and(|b| ending(b.text) == Ending::Question);
        let is_asking = ending(text) == Ending::Question;
        f.add_if(
            is_asking && (asks(next) || asks(previous)),
            Feature::QuestionRun,
        );
        let is_like_below = self.is_like(at, at + 1);
        f.add_if(is_like_below, Feature::LikeBelow);
        let is_like_above = at > 0 && self.is_like(at, at - 1);
        f.add_if(is_like_above, Feature::LikeAbove);
    }

    /// Whether two short blocks look like items of one list.
    fn is_like(&mut self, at: usize, other: usize) -> bool {
        let (Some(a), Some(b)) = (self.blocks.get(at), self.blocks.get(other)) else {
            return false;
        };
        are_alike(a, b) && (ending(a.text) != Ending::Open || self.case(at) == self.case(other))
    }

    fn wording(&mut self, at: usize, f: &mut Features) {
        let text = self.blocks.get(at).map_or("", TextBlock::own_text);
        wording(text, Signs::of(text), f);
    }

    fn topic(&mut self, at: usize, f: &mut Features) {
        let (below, above) = self.topics.shared(at);
        self.topics.read(at + 1);
        if let Some(title) = self.title {
            self.topics.read(title);
        }
        let own = self.topics.words(at);
        if own.is_empty() {
            return;
        }
        f.add_if(below == 0, Feature::NoTopic);
        f.add_if(below > above, Feature::Topic);
        let title = self.title.map(|title| self.topics.words(title));
        let in_title = title.is_some_and(|title| own.iter().any(|word| title.contains(word)));
        f.add_if(in_title, Feature::TitleWord);
        let next = self.blocks.get(at + 1).map(|_| self.topics.words(at + 1));
        let is_named = next.is_some_and(|next| own.iter().all(|word| next.contains(word)));
        f.add_if(is_named && own.len() == 1, Feature::TopicWord);
        f.add_if(is_named && own.len() > 1, Feature::TopicWhole);
    }
}

/// Whether two short blocks look like items of one list, but for their case.
fn are_alike(a: &TextBlock<'_>, b: &TextBlock<'_>) -> bool {
    let is_short = |b: &TextBlock<'_>| matches!(b.kind, Kind::Short | Kind::List);
    if !is_short(a) || !is_short(b) {
        return false;
    }
    let end = ending(a.text);
    end == ending(b.text)
        && a.words <= 2 * b.words + 1
        && b.words <= 2 * a.words + 1
        && item_number(a.text).is_some() == item_number(b.text).is_some()
}
