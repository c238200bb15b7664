//! Chooses passages: runs of sentences that show as much of the query as fits.
//!
//! Takes time linear in the section and its spans, but for a logarithm, however its sentences and words lie: whoever
//! wrote the text may not make a query slow.

use std::ops::Range;

use super::measure::PassageMeasure;
use super::{Highlights, TermSpan};

/// What a further occurrence of a term adds beside its first.
const REPEAT_SHARE: f64 = 0.1;
/// How many further occurrences count.
const MAX_REPEATS: usize = 5;
/// What a term still counts that an earlier passage shows.
const SHOWN_SHARE: f64 = 0.25;

/// An extract of a section's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Whether it begins where a sentence does.
    pub starts_sentence: bool,
    /// Whether it ends where a sentence does.
    pub ends_sentence: bool,
}

impl Passage {
    pub(super) fn new(range: Range<usize>, all: &[Range<usize>]) -> Passage {
        Passage {
            starts_sentence: all
                .binary_search_by_key(&range.start, |sentence| sentence.start)
                .is_ok(),
            ends_sentence: all
                .binary_search_by_key(&range.end, |sentence| sentence.end)
                .is_ok(),
            range,
        }
    }
}

/// At most `count` passages of `body`, whose sentences are `all`, of about `width_chars`, in the order of the text: those
/// around spans of required terms that show the most of the query by `weights`, the W of each term in the ranking. Each
/// begins and ends with a sentence, unless a single one is longer than the width: that is cut between words around its
/// spans.
#[must_use]
pub fn passages(
    body: &str,
    all: &[Range<usize>],
    found: &Highlights,
    weights: &[f64],
    count: usize,
    width_chars: usize,
) -> Vec<Passage> {
    if found.body.is_empty() {
        return Vec::new();
    }
    let spans: Vec<&TermSpan> = found.body.iter().chain(&found.optional).collect();
    let mut windows = candidates(&PassageMeasure::new(body, all), &found.body, width_chars);
    let counts = TermCounts::new(&spans, weights.len());
    let mut weights = weights.to_vec();
    let mut chosen: Vec<Range<usize>> = Vec::new();
    while chosen.len() < count {
        let Some(best) = best_of(&windows, &counts, &weights) else {
            break;
        };
        for span in spans.iter().filter(|span| lies_in(&span.range, &best)) {
            if let Some(weight) = weights.get_mut(span.term) {
                *weight *= SHOWN_SHARE;
            }
        }
        windows.retain(|window| window.end <= best.start || window.start >= best.end);
        chosen.push(best);
    }
    chosen.sort_by_key(|range| range.start);
    chosen
        .into_iter()
        .map(|range| Passage::new(range, all))
        .collect()
}

/// The first sentences of `body`, of `all` that it has, up to `width_chars`; `None` for an empty one.
#[must_use]
pub fn lead(body: &str, all: &[Range<usize>], width_chars: usize) -> Option<Passage> {
    let first = all.first()?.clone();
    let measure = PassageMeasure::new(body, all);
    if measure.chars(&first) > width_chars {
        let range = cut_around(&measure, &first, first.start..first.start, width_chars);
        return Some(Passage::new(range, all));
    }
    Some(Passage::new(grow(&measure, 0..1, width_chars), all))
}

/// A window for each sentence in which a span begins.
fn candidates(measure: &PassageMeasure<'_>, spans: &[TermSpan], width: usize) -> Vec<Range<usize>> {
    let all = measure.sentences;
    let mut windows: Vec<Range<usize>> = Vec::new();
    // The sentences that were last grown: the next span may stand in them too.
    let mut grown = 0..0;
    for span in spans {
        let first = all.partition_point(|sentence| sentence.end <= span.range.start);
        let last = all
            .partition_point(|sentence| sentence.start < span.range.end)
            .max(first + 1);
        if grown == (first..last) {
            continue;
        }
        let Some(whole) = measure.span_of(first, last - 1) else {
            continue;
        };
        let window = if measure.chars(&whole) > width {
            cut_around(measure, &whole, span.range.clone(), width)
        } else {
            grown = first..last;
            grow(measure, grown.clone(), width)
        };
        if windows.last() != Some(&window) {
            windows.push(window);
        }
    }
    windows
}

/// Adds the sentences behind, then before, while the width allows. A block's end is crossed only by what is shorter
/// than half the width.
fn grow(measure: &PassageMeasure<'_>, core: Range<usize>, width: usize) -> Range<usize> {
    let all = measure.sentences;
    let block_ends = measure.block_ends();
    let (first, last) = (core.start, core.end - 1);
    let is_long = |from, to| measure.chars_of(from, to) * 2 >= width;
    // The last sentence that the width allows, and the first block's end that what is long enough stops at.
    let fits = last
        + partition(last + 1..all.len(), |to| {
            measure.chars_of(first, to) <= width
        });
    let long = last + partition(last..all.len(), |to| !is_long(first, to));
    let stop = block_ends.get(block_ends.partition_point(|&end| end < long));
    let last = stop.map_or(fits, |&stop| fits.min(stop));
    // The same before the core: a block's end at `i` lies between the sentences `i` and `i + 1`.
    let fits = first
        - partition(0..first, |back| {
            measure.chars_of(first - 1 - back, last) <= width
        });
    let long = partition(0..first + 1, |back| !is_long(first - back, last));
    let before = block_ends.partition_point(|&end| end + 1 + long <= first);
    let stop = before.checked_sub(1).and_then(|i| block_ends.get(i));
    let first = stop.map_or(fits, |&stop| fits.max(stop + 1));
    measure.span_of(first, last).unwrap_or_default()
}

/// How many of `range`, from its start on, `holds` is true of; behind the first that it is false of, it is so of all.
fn partition(range: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end.max(range.start));
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low - range.start
}

/// A part of `whole` of about `width` characters around `span`, cut between words, else between characters that are
/// shown as one.
pub(super) fn cut_around(
    measure: &PassageMeasure<'_>,
    whole: &Range<usize>,
    span: Range<usize>,
    width: usize,
) -> Range<usize> {
    let before = width.saturating_sub(measure.chars(&span)) / 3;
    let start = measure
        .backward(span.start, before, whole.start)
        .map_or(whole.start, |from| {
            let space = measure.first_space(from..span.start);
            space.map_or(from, |space| space + 1)
        });
    let start = measure.behind_marks(start).min(span.start);
    let end = measure
        .forward(start, width, whole.end)
        .map_or(whole.end, |to| {
            let to = to.max(span.end);
            measure.last_space(span.end..to).unwrap_or(to)
        });
    let end = measure.behind_marks(end).min(whole.end);
    start..end.max(span.end)
}

/// The spans of each term, to be counted in any window.
struct TermCounts<'a> {
    /// In order of their starts.
    by_term: Vec<Vec<&'a Range<usize>>>,
}

impl<'a> TermCounts<'a> {
    fn new(spans: &[&'a TermSpan], terms: usize) -> TermCounts<'a> {
        let mut by_term = vec![Vec::new(); terms];
        for span in spans {
            if let Some(own) = by_term.get_mut(span.term) {
                own.push(&span.range);
            }
        }
        for own in &mut by_term {
            own.sort_by_key(|range| range.start);
        }
        TermCounts { by_term }
    }

    /// How many spans of each term lie in a window, as far as that counts.
    fn within(&self, window: &Range<usize>) -> impl Iterator<Item = usize> {
        self.by_term.iter().map(|own| {
            let from = own.partition_point(|range| range.start < window.start);
            let behind = own.iter().skip(from);
            let starting = behind.take_while(|range| range.start <= window.end);
            let inside = starting.filter(|range| range.end <= window.end);
            inside.take(MAX_REPEATS + 1).count()
        })
    }
}

fn best_of(
    windows: &[Range<usize>],
    counts: &TermCounts<'_>,
    weights: &[f64],
) -> Option<Range<usize>> {
    let mut best: Option<(f64, &Range<usize>)> = None;
    for window in windows {
        let score = score(window, counts, weights);
        if best.is_none_or(|(high, _)| score > high) {
            best = Some((score, window));
        }
    }
    best.map(|(_, window)| window.clone())
}

/// What a window shows: each term once, and a little more for each time again.
fn score(window: &Range<usize>, counts: &TermCounts<'_>, weights: &[f64]) -> f64 {
    let share = |n: usize| {
        if n == 0 {
            0.0
        } else {
            1.0 + REPEAT_SHARE * (n - 1).min(MAX_REPEATS) as f64
        }
    };
    let counted = weights.iter().zip(counts.within(window));
    counted.map(|(weight, count)| weight * share(count)).sum()
}

fn lies_in(span: &Range<usize>, window: &Range<usize>) -> bool {
    window.start <= span.start && span.end <= window.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{sentences, sentences_around};
    use crate::random_numbers::RandomNumbers;

    #[test]
    fn the_sentences_around_the_spans_give_the_same_passages_as_all() {
        let pieces = [
            "alpha ",
            "beta. ",
            "gamma delta ",
            "é. ",
            "x. ",
            "One two three four. ",
            "a\n",
            "\n\n",
            "\tcell",
            "long long ",
        ];
        let mut numbers = RandomNumbers::of(1);
        let mut next = |most| numbers.below(most);
        for _ in 0..2000 {
            let body: String = (0..next(60)).map(|_| pieces[next(pieces.len())]).collect();
            let mut spans = Vec::new();
            for (term, own) in ["alpha", "beta. alpha", "x"].into_iter().enumerate() {
                let found = body.match_indices(own).filter(|_| next(3) == 0);
                spans.extend(found.map(|(at, s)| TermSpan {
                    range: at..at + s.len(),
                    term,
                }));
            }
            spans.sort_by_key(|span| (span.range.start, span.range.end));
            let ranges: Vec<Range<usize>> = spans.iter().map(|span| span.range.clone()).collect();
            let found = Highlights {
                body: spans,
                ..Highlights::default()
            };
            let (all, width) = (sentences(&body, None), next(120));
            let around = sentences_around(&body, None, ranges, width);
            let chosen =
                |all: &[Range<usize>]| passages(&body, all, &found, &[1.0, 2.0, 0.5], 3, width);
            assert_eq!(chosen(&all), chosen(&around), "{width} {body:?}");
            let start = body.len() - body.trim_start().len();
            let around = sentences_around(&body, None, std::iter::once(start..start), width);
            assert_eq!(
                lead(&body, &all, width),
                lead(&body, &around, width),
                "{width} {body:?}"
            );
        }
    }

    /// Passages of `body` for the words in brackets, which are numbered by their letter.
    fn shown(body: &str, count: usize, width: usize) -> Vec<String> {
        let mut spans = Vec::new();
        for (at, name) in [("alpha", 0), ("beta", 1)] {
            spans.extend(body.match_indices(at).map(|(i, s)| TermSpan {
                range: i..i + s.len(),
                term: name,
            }));
        }
        spans.sort_by_key(|span| span.range.start);
        let found = Highlights {
            body: spans,
            ..Highlights::default()
        };
        passages(
            body,
            &sentences(body, None),
            &found,
            &[1.0, 1.0],
            count,
            width,
        )
        .into_iter()
        .map(|p| body[p.range].to_string())
        .collect()
    }

    const BODY: &str = "First sentence here. An alpha stands here. Then nothing of note. \
        Here alpha and beta meet. And so on it goes.\nA block of its own with a beta in it.";

    #[test]
    fn the_sentences_that_show_most_are_chosen_in_the_order_of_the_text() {
        assert_eq!(shown(BODY, 1, 30), ["Here alpha and beta meet."]);
        assert_eq!(
            shown(BODY, 2, 40),
            ["An alpha stands here.", "Here alpha and beta meet."]
        );
        assert_eq!(
            shown(BODY, 1, 48),
            ["Here alpha and beta meet. And so on it goes."]
        );
    }

    #[test]
    fn a_rare_word_shows_more_than_common_ones_and_an_optional_one_makes_no_passage() {
        let body = "The alpha and the alpha of the day. A beta. The end.";
        let spans = |of: &str, term| -> Vec<TermSpan> {
            let found = body.match_indices(of);
            found
                .map(|(at, s)| TermSpan {
                    range: at..at + s.len(),
                    term,
                })
                .collect()
        };
        let found = Highlights {
            body: [spans("alpha", 0), spans("beta", 1)].concat(),
            optional: [spans("The", 2), spans("the", 2)].concat(),
            ..Highlights::default()
        };
        let all = sentences(body, None);
        let best = |weights: &[f64]| {
            let chosen = passages(body, &all, &found, weights, 1, 40);
            chosen.first().map(|p| body[p.range.clone()].to_string())
        };
        assert_eq!(best(&[0.1, 2.0, 0.1]).as_deref(), Some("A beta. The end."));
        assert_eq!(
            best(&[2.0, 2.0, 0.1]).as_deref(),
            Some("The alpha and the alpha of the day.")
        );
        let found = Highlights {
            body: Vec::new(),
            ..found
        };
        assert_eq!(passages(body, &all, &found, &[1.0; 3], 3, 40), []);
    }

    #[test]
    fn a_long_sentence_is_cut_between_words_around_its_span() {
        let long = format!(
            "{} alpha {}",
            "word ".repeat(50).trim_end(),
            "more ".repeat(50).trim_end()
        );
        let all = shown(&long, 1, 40);
        assert_eq!(all, ["word word alpha more more more more"]);
    }

    #[test]
    fn without_a_span_the_first_sentences_lead() {
        let whole = Passage {
            range: 0..20,
            starts_sentence: true,
            ends_sentence: true,
        };
        let lead = |body: &str, width| lead(body, &sentences(body, None), width);
        assert_eq!(lead("One two. Three four. Five six.", 20), Some(whole));
        assert_eq!(lead("", 20), None);
        let cut = Passage {
            range: 0..3,
            starts_sentence: true,
            ends_sentence: false,
        };
        assert_eq!(lead("abc def ghi", 5), Some(cut));
    }
}
