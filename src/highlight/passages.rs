//! Chooses passages: runs of sentences that show as much of the query as fits.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::TermSpan;
use crate::analysis::BLOCK_END;
use crate::query::Term;

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
    fn new(range: Range<usize>, all: &[Range<usize>]) -> Passage {
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

/// At most `count` passages of `body`, whose sentences are `all`, of about `width_chars`, in the order of the text. Each begins
/// and ends with a sentence, unless a single one is longer than the width: that is cut between words around its spans.
#[must_use]
pub fn passages(
    body: &str,
    all: &[Range<usize>],
    spans: &[TermSpan],
    terms: &[&Term],
    count: usize,
    width_chars: usize,
) -> Vec<Passage> {
    let mut windows = candidates(body, all, spans, width_chars);
    let mut weights: Vec<f64> = terms
        .iter()
        .map(|term| term.weight * term.words.len() as f64)
        .collect();
    let mut chosen: Vec<Range<usize>> = Vec::new();
    while chosen.len() < count {
        let Some(best) = best_of(&windows, spans, &weights) else {
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
        .into_iter()
        .map(|range| Passage::new(range, all))
        .collect()
}

/// The first sentences of `body`, of `all` that it has, up to `width_chars`; `None` for an empty one.
#[must_use]
pub fn lead(body: &str, all: &[Range<usize>], width_chars: usize) -> Option<Passage> {
    let first = all.first()?.clone();
    if chars(body, &first) > width_chars {
        let range = cut_around(body, &first, first.start..first.start, width_chars);
        return Some(Passage::new(range, all));
    }
    Some(Passage::new(grow(body, all, 0..1, width_chars), all))
}

/// A window for each sentence in which a span begins.
fn candidates(
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
            cut_around(body, &whole, span.range.clone(), width)
        } else {
            grow(body, all, first..last, width)
        };
        if windows.last() != Some(&window) {
            windows.push(window);
        }
    }
    windows
}

/// Adds the sentences behind, then before, while the width allows. A block's end is crossed only by what is shorter
/// than half the width.
fn grow(body: &str, all: &[Range<usize>], core: Range<usize>, width: usize) -> Range<usize> {
    let (mut first, mut last) = (core.start, core.end - 1);
    let allows = |from: usize, to: usize, first: usize, last: usize, gap: Range<usize>| {
        let is_short = chars(body, &(all[first].start..all[last].end)) * 2 < width;
        chars(body, &(all[from].start..all[to].end)) <= width
            && (is_short || !body[gap].contains(BLOCK_END))
    };
    while last + 1 < all.len()
        && allows(
            first,
            last + 1,
            first,
            last,
            all[last].end..all[last + 1].start,
        )
    {
        last += 1;
    }
    while first > 0
        && allows(
            first - 1,
            last,
            first,
            last,
            all[first - 1].end..all[first].start,
        )
    {
        first -= 1;
    }
    all[first].start..all[last].end
}

/// A part of `whole` of about `width` characters around `span`, cut between words, else between characters that are
/// shown as one.
fn cut_around(body: &str, whole: &Range<usize>, span: Range<usize>, width: usize) -> Range<usize> {
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

/// `at`, or where the marks end that stand there on the character before.
fn behind_marks(body: &str, at: usize) -> usize {
    let is_mark = |c: &char| is_combining_mark(*c) || matches!(c, '\u{200c}' | '\u{200d}');
    let marks = body[at..].chars().take_while(is_mark);
    at + marks.map(char::len_utf8).sum::<usize>()
}

fn best_of(windows: &[Range<usize>], spans: &[TermSpan], weights: &[f64]) -> Option<Range<usize>> {
    let mut best: Option<(f64, &Range<usize>)> = None;
    for window in windows {
        let score = score(window, spans, weights);
        if best.is_none_or(|(high, _)| score > high) {
            best = Some((score, window));
        }
    }
    best.map(|(_, window)| window.clone())
}

/// What a window shows: each term once, and a little more for each time again.
fn score(window: &Range<usize>, spans: &[TermSpan], weights: &[f64]) -> f64 {
    let mut counts = vec![0usize; weights.len()];
    for span in spans.iter().filter(|span| lies_in(&span.range, window)) {
        counts[span.term] += 1;
    }
    let share = |n: usize| {
        if n == 0 {
            0.0
        } else {
            1.0 + REPEAT_SHARE * (n - 1).min(MAX_REPEATS) as f64
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentences;
    use crate::query::QueryWord;

    fn term() -> Term {
        let word = QueryWord::exact("x");
        Term {
            words: vec![word],
            slop: 0,
            field: None,
            weight: 1.0,
            is_bare: true,
            is_function: false,
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
        let (a, b) = (term(), term());
        passages(
            body,
            &sentences(body, None),
            &spans,
            &[&a, &b],
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
