//! The passages that are chosen are those of a naive implementation, which counts and searches anew for each span; and
//! hostile texts cost no more than others of their size.

use std::ops::Range;

use excerpt::analysis::{BLOCK_END, Language, sentences};
use excerpt::highlight::{Highlights, Passage, TermSpan, lead, passages};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases::cases;

const REPEAT_SHARE: f64 = 0.1;
const MAX_REPEATS: usize = 5;
const SHOWN_SHARE: f64 = 0.25;
/// What the terms weigh.
const WEIGHTS: [f64; 4] = [1.0, 4.25, 2.5, 0.3];

/// What [`passages`] gives, by definition.
fn naive_passages(
    body: &str,
    all: &[Range<usize>],
    found: &Highlights,
    weights: &[f64],
    count: usize,
    width: usize,
) -> Vec<Range<usize>> {
    let mut windows = naive_windows(body, all, &found.body, width);
    let spans = &[found.body.as_slice(), &found.optional].concat();
    let mut weights = weights.to_vec();
    let mut chosen: Vec<Range<usize>> = Vec::new();
    while chosen.len() < count {
        let mut best: Option<(f64, Range<usize>)> = None;
        for window in &windows {
            let score = naive_score(window, spans, &weights);
            if best.as_ref().is_none_or(|(high, _)| score > *high) {
                best = Some((score, window.clone()));
            }
        }
        let Some((_, best)) = best else {
            break;
        };
        for span in spans.iter().filter(|span| lies_in(&span.range, &best)) {
            weights[span.term] *= SHOWN_SHARE;
        }
        windows.retain(|window| window.end <= best.start || window.start >= best.end);
        chosen.push(best);
    }
    chosen.sort_by_key(|range| range.start);
    chosen
}

fn naive_windows(
    body: &str,
    all: &[Range<usize>],
    spans: &[TermSpan],
    width: usize,
) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for span in spans {
        let first = all.partition_point(|sentence| sentence.end <= span.range.start);
        let last = all
            .partition_point(|sentence| sentence.start < span.range.end)
            .max(first + 1);
        if first >= all.len() {
            continue;
        }
        let whole = all[first].start..all[last - 1].end;
        let window = if chars(body, &whole) > width {
            naive_cut(body, &whole, span.range.clone(), width)
        } else {
            naive_grow(body, all, first..last, width)
        };
        if windows.last() != Some(&window) {
            windows.push(window);
        }
    }
    windows
}

fn naive_grow(body: &str, all: &[Range<usize>], core: Range<usize>, width: usize) -> Range<usize> {
    let (mut first, mut last) = (core.start, core.end - 1);
    let allows = |from: usize, to: usize, first: usize, last: usize, gap: Range<usize>| {
        let is_short = chars(body, &(all[first].start..all[last].end)) * 2 < width;
        chars(body, &(all[from].start..all[to].end)) <= width
            && (is_short || !body[gap].contains(BLOCK_END))
    };
    while last + 1 < all.len() {
        let gap = all[last].end..all[last + 1].start;
        if !allows(first, last + 1, first, last, gap) {
            break;
        }
        last += 1;
    }
    while first > 0 {
        let gap = all[first - 1].end..all[first].start;
        if !allows(first - 1, last, first, last, gap) {
            break;
        }
        first -= 1;
    }
    all[first].start..all[last].end
}

fn naive_cut(body: &str, whole: &Range<usize>, span: Range<usize>, width: usize) -> Range<usize> {
    let before = width.saturating_sub(chars(body, &span)) / 3;
    let start = body[whole.start..span.start]
        .char_indices()
        .rev()
        .nth(before)
        .map_or(whole.start, |(i, c)| {
            let from = whole.start + i + c.len_utf8();
            body[from..span.start]
                .find(' ')
                .map_or(from, |space| from + space + 1)
        });
    let start = behind_marks(body, start).min(span.start);
    let end = body[start..whole.end]
        .char_indices()
        .nth(width)
        .map_or(whole.end, |(i, _)| {
            let to = (start + i).max(span.end);
            body[span.end..to]
                .rfind(' ')
                .map_or(to, |space| span.end + space)
        });
    let end = behind_marks(body, end).min(whole.end);
    start..end.max(span.end)
}

/// The marks of [`texts`] are all there is.
fn behind_marks(body: &str, at: usize) -> usize {
    let marks = body[at..]
        .chars()
        .take_while(|c| matches!(c, '\u{301}' | '\u{200d}'));
    at + marks.map(char::len_utf8).sum::<usize>()
}

fn naive_score(window: &Range<usize>, spans: &[TermSpan], weights: &[f64]) -> f64 {
    let mut counts = vec![0usize; weights.len()];
    for span in spans.iter().filter(|span| lies_in(&span.range, window)) {
        counts[span.term] += 1;
    }
    let share = |n: usize| match n {
        0 => 0.0,
        n => 1.0 + REPEAT_SHARE * (n - 1).min(MAX_REPEATS) as f64,
    };
    counts
        .iter()
        .zip(weights)
        .map(|(&n, weight)| weight * share(n))
        .sum()
}

fn lies_in(span: &Range<usize>, window: &Range<usize>) -> bool {
    window.start <= span.start && span.end <= window.end
}

fn chars(body: &str, range: &Range<usize>) -> usize {
    body[range.clone()].chars().count()
}

/// Texts of words, marks, ends of sentences and blocks, long stretches of one kind among them.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("ab "), 4 => Just("cd "), 2 => Just("é"), 2 => Just("北京"), 2 => Just("x. "), 1 => Just("Y? "),
        1 => Just("\u{301}"), 1 => Just("\u{200d}"), 1 => Just("\n"), 1 => Just(" "), 1 => Just("\t"),
    ];
    let run = (piece, prop_oneof![6 => 1usize..3, 1 => 1usize..60])
        .prop_map(|(piece, times)| piece.repeat(times));
    vec(run, 1..40).prop_map(|runs| runs.concat())
}

/// Spans of `terms` terms in a text: each a stretch of characters, none of them white space at its ends.
fn spans(body: &str, picked: &[(usize, usize, usize)]) -> Vec<TermSpan> {
    let places: Vec<usize> = (body.char_indices())
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, _)| at)
        .collect();
    let mut spans: Vec<TermSpan> = Vec::new();
    for &(at, len, term) in picked.iter().filter(|_| !places.is_empty()) {
        let first = at % places.len();
        let last = places[(first + len).min(places.len() - 1)];
        let end = last + body[last..].chars().next().map_or(0, char::len_utf8);
        spans.push(TermSpan {
            range: places[first]..end,
            term,
        });
    }
    spans.sort_by_key(|span| (span.range.start, span.range.end, span.term));
    spans
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn passages_are_those_of_the_naive_implementation(
        body in texts(),
        picked in vec((any::<usize>(), prop_oneof![5 => 0usize..3, 1 => 0usize..40], 0usize..4), 0..40),
        count in 1usize..5,
        width in prop_oneof![20usize..60, 20usize..400],
    ) {
        let all = sentences(&body, Some(Language::ENGLISH));
        // The last of the terms is optional.
        let (optional, body_spans) = spans(&body, &picked).into_iter().partition(|span| span.term == 3);
        let found = Highlights { body: body_spans, optional, ..Highlights::default() };
        let shown = passages(&body, &all, &found, &WEIGHTS, count, width);
        let ranges: Vec<_> = shown.into_iter().map(|passage| passage.range).collect();
        prop_assert_eq!(ranges, naive_passages(&body, &all, &found, &WEIGHTS, count, width));
    }

    #[test]
    fn the_lead_is_that_of_the_naive_implementation(body in texts(), width in 20usize..400) {
        let all = sentences(&body, Some(Language::ENGLISH));
        let naive = all.first().map(|first| match chars(&body, first) > width {
            true => naive_cut(&body, first, first.start..first.start, width),
            false => naive_grow(&body, &all, 0..1, width),
        });
        let found: Option<Passage> = lead(&body, &all, width);
        prop_assert_eq!(found.map(|passage| passage.range), naive);
    }
}
