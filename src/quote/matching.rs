//! Lays a reading of a quotation on a section: its fragments where they stand, and what lies between them.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use super::align::{Alignment, align};
use super::classify::{Piece, Standing, pieces, standing};
use super::edges::extended;
use super::omission::Omission;
use super::pattern::{Fragment, Link, LinkKind, MAX_REPLACED, Pattern};
use super::sections::KeptSection;
use super::sense::{SectionLanguage, SenseChange, SentenceEnds, change_of_gap};
use super::work::{Limit, Work};
use crate::analysis::{Word, words};
use crate::query::Field;
use crate::search::ReadSection;

/// A gap of more words parts two quotations, not one.
const MAX_GAP_WORDS: usize = 400;
/// How many cells the table of an alignment has at most, for its memory.
const MAX_CELLS: usize = 20_000_000;

/// A text that quotations are looked for in.
pub(super) struct SearchedText<'a> {
    text: &'a str,
    language: SectionLanguage,
    words: Rc<[Word]>,
    ends: Rc<OnceCell<SentenceEnds>>,
}

/// How a quotation stands to a section, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) standing: Standing,
    pub(super) distance: usize,
    /// The stretch that each fragment lies on; `None` where it lies on none.
    pub(super) ranges: Vec<Option<Range<usize>>>,
    /// What lies between each fragment and the next.
    links: Vec<Omission>,
    /// The brackets at the ends.
    outer: Vec<Omission>,
}

/// A place where a fragment stands.
struct Spot {
    range: Range<usize>,
    standing: Standing,
    /// The standing of the best way from the first fragment to here, the words it leaves out, and the spot before.
    way: Option<(Standing, usize, usize)>,
}

impl<'a> SearchedText<'a> {
    /// The text of a field of a section in this language.
    pub(super) fn new(
        kept: &'a KeptSection,
        field: Field,
        language: SectionLanguage,
    ) -> SearchedText<'a> {
        let text = text_of(&kept.read, field);
        match field {
            Field::Body => SearchedText {
                text,
                language,
                words: Rc::clone(&kept.words),
                ends: Rc::clone(&kept.ends),
            },
            Field::Heading | Field::Title | Field::Name => SearchedText {
                text,
                language,
                words: words(text).into(),
                ends: Rc::default(),
            },
        }
    }

    /// The best place where all fragments stand as they are quoted or in another dress; `None` where there is none.
    pub(super) fn find(&self, pattern: &Pattern, work: &mut Work) -> Result<Option<Match>, Limit> {
        let mut columns: Vec<Vec<Spot>> = Vec::with_capacity(pattern.fragments.len());
        for (at, fragment) in pattern.fragments.iter().enumerate() {
            let mut column = self.spots(fragment, work)?;
            if let Some(before) = columns.last() {
                let links = pattern.links.get(at - 1).map_or(&[][..], Vec::as_slice);
                for spot in &mut column {
                    spot.way = self.best_way(before, spot, links, work)?;
                }
            } else {
                for (at, spot) in column.iter_mut().enumerate() {
                    spot.way = Some((spot.standing, 0, at));
                }
            }
            column.retain(|spot| spot.way.is_some());
            if column.is_empty() {
                return Ok(None);
            }
            columns.push(column);
        }
        let last = columns.last().map_or(&[][..], Vec::as_slice);
        let ways = last
            .iter()
            .enumerate()
            .filter_map(|(at, spot)| Some((spot.way?, at)));
        let Some((_, mut at)) =
            ways.min_by_key(|((standing, left_out, _), at)| (*standing, *left_out, *at))
        else {
            return Ok(None);
        };
        let mut ranges = Vec::with_capacity(columns.len());
        for column in columns.iter().rev() {
            let Some(spot) = column.get(at) else {
                return Ok(None);
            };
            ranges.push(Some(spot.range.clone()));
            at = spot.way.map_or(0, |(_, _, before)| before);
        }
        ranges.reverse();
        self.assess(pattern, ranges, work).map(Some)
    }

    /// The places where a fragment stands.
    fn spots(&self, fragment: &Fragment, work: &mut Work) -> Result<Vec<Spot>, Limit> {
        let mut spots = Vec::new();
        let count = fragment.forms.len();
        work.spend(self.words.len())?;
        for window in self.words.windows(count.max(1)) {
            let pairs = window.iter().zip(&fragment.forms);
            let same = pairs.take_while(|(word, form)| word.form == **form).count();
            if same > 0 {
                work.spend(same)?;
            }
            if same < count {
                continue;
            }
            let (Some(first), Some(last)) = (window.first(), window.last()) else {
                continue;
            };
            let own = first.range.start..last.range.end;
            let range = self.stretch(fragment, &own);
            work.spend(range.len())?;
            let (standing, _) = standing(fragment, &self.text[range.clone()], work)?;
            if standing <= Standing::Elided {
                spots.push(Spot {
                    range,
                    standing,
                    way: None,
                });
            }
        }
        Ok(spots)
    }

    /// The stretch that stands for a fragment whose words lie on `words`.
    fn stretch(&self, fragment: &Fragment, words: &Range<usize>) -> Range<usize> {
        let own = extended(self.text, words, fragment.has_signs);
        let opens = fragment.text.starts_with('[') && self.text[..own.start].ends_with('[');
        let closes = fragment.text.ends_with(']') && self.text[own.end..].starts_with(']');
        own.start - usize::from(opens)..own.end + usize::from(closes)
    }

    /// The best way to `spot` from those before it: the better standing, then the shorter gap.
    fn best_way(
        &self,
        before: &[Spot],
        spot: &Spot,
        links: &[Link],
        work: &mut Work,
    ) -> Result<Option<(Standing, usize, usize)>, Limit> {
        let mut best: Option<(Standing, usize, usize)> = None;
        let behind = before.partition_point(|own| own.range.end <= spot.range.start);
        for (at, own) in before.iter().enumerate().take(behind).rev() {
            let Some((standing, left_out, _)) = own.way else {
                continue;
            };
            let gap = own.range.end..spot.range.start;
            work.spend(1 + gap.len())?;
            let Some(link) = self.left_out(links, &gap) else {
                // Those further before leave more out.
                break;
            };
            let way = (
                standing.max(spot.standing).max(standing_of(&link)),
                left_out + link.words,
                at,
            );
            if best.is_none_or(|best| (way.0, way.1) < (best.0, best.1)) {
                best = Some(way);
            }
            if way.0 <= Standing::Normalised {
                break;
            }
        }
        Ok(best)
    }

    /// What the links stand for where the stretch `gap` lies between two fragments; `None` where they cannot.
    fn left_out(&self, links: &[Link], gap: &Range<usize>) -> Option<Omission> {
        let source = self.text.get(gap.clone())?;
        let has_gap = links.iter().any(|link| link.kind == LinkKind::Gap);
        let ends = self
            .ends
            .get_or_init(|| SentenceEnds::new(self.text, &self.language));
        let (change, count) = change_of_gap(self.text, gap, &self.language, ends);
        let most = if has_gap {
            MAX_GAP_WORDS
        } else {
            MAX_REPLACED * links.len()
        };
        if count > most || !links.iter().all(|link| allows(link, source, links.len())) {
            return None;
        }
        let quoted: Vec<&str> = links.iter().map(|link| link.quoted.as_str()).collect();
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let brackets = links.iter().filter(|link| link.kind != LinkKind::Gap);
        let change = match (brackets.count(), quoted.as_slice()) {
            (0, _) => change,
            (1, [only]) if is_change_of_case(only, &source) => None,
            _ => Some(SenseChange::Bracket),
        };
        Some(Omission {
            is_gap: has_gap,
            quoted: quoted.join(" "),
            source: Some(source),
            words: count,
            change,
        })
    }

    /// The place where the fewest words differ, and how many do.
    pub(super) fn nearest(
        &self,
        pattern: &Pattern,
        work: &mut Work,
    ) -> Result<(Match, u32), Limit> {
        let tokens = pattern.tokens();
        let cells = (tokens.len() + 1).saturating_mul(self.words.len() + 1);
        if cells > MAX_CELLS {
            return Err(Limit::Work);
        }
        work.spend(cells)?;
        let Alignment { cost, spans } = align(&tokens, pattern.fragments.len(), &self.words);
        let range = |fragment: &Fragment, (first, last): (usize, usize)| {
            let (first, last) = (self.words.get(first)?, self.words.get(last)?);
            Some(self.stretch(fragment, &(first.range.start..last.range.end)))
        };
        let spans = pattern.fragments.iter().zip(spans);
        let ranges = spans
            .map(|(fragment, span)| range(fragment, span?))
            .collect();
        Ok((self.assess(pattern, ranges, work)?, cost))
    }

    /// How a quotation stands whose fragments lie there.
    fn assess(
        &self,
        pattern: &Pattern,
        ranges: Vec<Option<Range<usize>>>,
        work: &mut Work,
    ) -> Result<Match, Limit> {
        let mut matched = Match {
            standing: Standing::Verbatim,
            distance: 0,
            ranges,
            links: Vec::new(),
            outer: pattern
                .outer
                .iter()
                .map(|own| Omission::at_an_end(own))
                .collect(),
        };
        if !matched.outer.is_empty() {
            matched.standing = Standing::Elided;
        }
        for (fragment, range) in pattern.fragments.iter().zip(&matched.ranges) {
            let source = range.clone().map_or("", |range| &self.text[range]);
            let (standing, distance) = standing(fragment, source, work)?;
            matched.standing = matched.standing.max(standing);
            matched.distance += distance;
        }
        for (links, around) in pattern.links.iter().zip(matched.ranges.windows(2)) {
            let link = self.link(links, around, work)?;
            let own = if link.source.is_none() {
                Standing::Near
            } else {
                standing_of(&link)
            };
            matched.standing = matched.standing.max(own);
            matched.links.push(link);
        }
        Ok(matched)
    }

    /// What the links between the two stretches `around` stand for; without a source where they cannot.
    fn link(
        &self,
        links: &[Link],
        around: &[Option<Range<usize>>],
        work: &mut Work,
    ) -> Result<Omission, Limit> {
        let gap = match around {
            [Some(before), Some(behind)] if before.end <= behind.start => {
                Some(before.end..behind.start)
            }
            _ => None,
        };
        work.spend(gap.as_ref().map_or(0, ExactSizeIterator::len))?;
        let found = gap.and_then(|gap| self.left_out(links, &gap));
        let quoted: Vec<&str> = links.iter().map(|link| link.quoted.as_str()).collect();
        Ok(found.unwrap_or_else(|| Omission {
            is_gap: links.iter().any(|link| link.kind == LinkKind::Gap),
            quoted: quoted.join(" "),
            source: None,
            words: 0,
            change: None,
        }))
    }

    /// Both texts beside each other.
    pub(super) fn pieces(&self, pattern: &Pattern, matched: &Match) -> Vec<Piece> {
        let mut all = Vec::new();
        for (at, (fragment, range)) in pattern.fragments.iter().zip(&matched.ranges).enumerate() {
            if let Some(link) = at.checked_sub(1).and_then(|at| matched.links.get(at)) {
                all.push(Piece::LeftOut(link.clone()));
            }
            let source = range.clone().map_or("", |range| &self.text[range]);
            all.extend(pieces(&fragment.text, source));
        }
        all
    }

    /// What the source says where the fragments lie, `[…]` between them.
    pub(super) fn quoted_text(&self, matched: &Match) -> String {
        let fold = |range: &Option<Range<usize>>| {
            let text = range.clone().map_or("", |range| &self.text[range]);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        matched
            .ranges
            .iter()
            .map(fold)
            .collect::<Vec<_>>()
            .join(" […] ")
    }
}

impl Match {
    /// What gaps and brackets stand for, in order.
    pub(super) fn left_out(&self) -> Vec<Omission> {
        self.links.iter().chain(&self.outer).cloned().collect()
    }
}

/// The best that a quotation with this gap or bracket can be.
fn standing_of(link: &Omission) -> Standing {
    match link.change {
        Some(_) => Standing::Elided,
        None if link.is_gap => Standing::Normalised,
        None => Standing::Verbatim,
    }
}

/// Whether a link may stand for `source`, which `count` links share.
fn allows(link: &Link, source: &str, count: usize) -> bool {
    match &link.kind {
        LinkKind::Gap | LinkKind::Bracket => true,
        LinkKind::Word(prefix, suffix) if count == 1 => {
            let word = source.trim_matches(|c: char| !c.is_alphanumeric());
            let is_one =
                !word.contains(char::is_whitespace) && word.len() >= prefix.len() + suffix.len();
            is_one && word.starts_with(prefix.as_str()) && word.ends_with(suffix.as_str())
        }
        LinkKind::Word(prefix, suffix) => {
            source.contains(prefix.as_str()) && source.contains(suffix.as_str())
        }
    }
}

/// Whether a bracket says what the source says, but for the case of one word. One that changes nothing at all claims a
/// change that is none.
fn is_change_of_case(bracket: &str, source: &str) -> bool {
    let inside = bracket.trim_start_matches('[').trim_end_matches(']');
    let plain = |text: &str| text.trim().to_lowercase();
    !source.contains(char::is_whitespace)
        && bracket.starts_with('[')
        && inside.trim() != source.trim()
        && plain(inside) == plain(source)
}

/// The text of a field; of the headings only the section's own.
fn text_of(read: &ReadSection, field: Field) -> &str {
    let text = match field {
        Field::Body => Some(&read.section.text),
        Field::Heading => read.section.headings.last(),
        Field::Title => read.record.article.metadata.title.as_ref(),
        // Nobody quotes the name of a file.
        Field::Name => None,
    };
    text.map_or("", String::as_str)
}
