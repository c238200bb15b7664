//! Weighs the lines that may be headings; lines of one style stand or fall together.

use std::collections::HashMap;

use super::blocks::TextBlock;
use super::candidates::Candidate;
use super::case::LetterCase;
use super::features::{Feature, MAX_VOTE};
use super::numbers::Number;
use super::shape::{Ending, ending};

/// The mean vote of the others is divided by this.
const VOTE_SHARE: i32 = 5;
/// Indents above this many columns count as this many.
const MAX_INDENT: usize = 20;

/// A line with its points.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub(super) candidate: Candidate,
    /// The points of its features.
    pub(super) own: i32,
    /// What the other lines of its style add.
    pub(super) agreement: i32,
}

impl Scored {
    /// All its points.
    pub(super) fn points(&self) -> i32 {
        self.own + self.agreement
    }
}

/// What makes lines of one style.
#[derive(Debug, PartialEq, Eq, Hash)]
struct HeadingStyle {
    number: Number,
    case: LetterCase,
    indent: usize,
    underline: Option<char>,
    end: Ending,
    has_gap: bool,
    is_uneven: bool,
}

impl HeadingStyle {
    fn of(candidate: &Candidate, blocks: &[TextBlock<'_>]) -> HeadingStyle {
        let block = &blocks[candidate.block];
        let number = match candidate.number {
            Number::Decimal(_) => Number::Decimal(0),
            other => other,
        };
        HeadingStyle {
            number,
            case: candidate.case,
            indent: block.indent.min(MAX_INDENT),
            underline: block.underline,
            end: ending(block.own_text()),
            has_gap: candidate.features.has(Feature::GapAbove),
            is_uneven: candidate.features.has(Feature::GapUneven),
        }
    }
}

/// Scores each candidate: the points of its features, and a share of the mean of the others in its style.
pub(super) fn score(candidates: Vec<Candidate>, blocks: &[TextBlock<'_>]) -> Vec<Scored> {
    let mut styles: HashMap<HeadingStyle, usize> = HashMap::new();
    // The sum and the number of the votes of each style, and the style of each candidate.
    let mut votes: Vec<(i32, i32)> = Vec::new();
    let mut own_styles: Vec<usize> = Vec::with_capacity(candidates.len());
    let mut scored: Vec<Scored> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let own = candidate.features.points();
        let style = HeadingStyle::of(&candidate, blocks);
        let style = *styles.entry(style).or_insert(votes.len());
        if style == votes.len() {
            votes.push((0, 0));
        }
        if let Some((sum, count)) = votes.get_mut(style) {
            *sum += own.clamp(-MAX_VOTE, MAX_VOTE);
            *count += 1;
        }
        own_styles.push(style);
        scored.push(Scored {
            candidate,
            own,
            agreement: 0,
        });
    }
    for (line, style) in scored.iter_mut().zip(own_styles) {
        let (sum, count) = votes.get(style).copied().unwrap_or_default();
        if count > 1 {
            let others = sum - line.own.clamp(-MAX_VOTE, MAX_VOTE);
            line.agreement = others / (count - 1) / VOTE_SHARE;
        }
    }
    scored
}
