//! Highlights by the definition in `highlight::spans`.

use std::ops::Range;

use excerpt::analysis::{Word, fold};
use excerpt::highlight::{HeadingSpan, Highlights, TermSpan};
use excerpt::query::{How, Query, QueryWord, Term, TermRole};

use super::phrase::Spot;
use super::spelling::is_spelled;
use super::view::{View, covers};

/// The spans of the terms that count, of each field in order.
pub(super) fn highlights(query: &Query, view: &View<'_>) -> Highlights {
    let mut counting = Vec::new();
    view.counting(&query.root, &mut counting);
    let mut required: [Vec<(Range<usize>, usize)>; 4] = Default::default();
    let mut optional: [Vec<(Range<usize>, usize)>; 4] = Default::default();
    for (index, term) in query.terms().into_iter().enumerate() {
        let fields = match term.role {
            TermRole::Required => &mut required,
            TermRole::Optional => &mut optional,
        };
        if counting.iter().any(|own| std::ptr::eq(*own, term)) {
            collect(view, term, index, fields);
        }
    }
    let [title, heading, body, _] = required.map(in_order);
    let [_, _, optional, _] = optional.map(in_order);
    let headings = &view.live.section.headings;
    let term_span = |(range, term)| TermSpan { range, term };
    Highlights {
        title: title.into_iter().map(|(range, _)| range).collect(),
        headings: heading
            .into_iter()
            .map(|(range, _)| in_heading(headings, &range))
            .collect(),
        body: body.into_iter().map(term_span).collect(),
        optional: optional.into_iter().map(term_span).collect(),
    }
}

fn in_order(mut spans: Vec<(Range<usize>, usize)>) -> Vec<(Range<usize>, usize)> {
    spans.sort_by_key(|(range, term)| (range.start, range.end, *term));
    spans
}

fn collect(
    view: &View<'_>,
    term: &Term,
    index: usize,
    fields: &mut [Vec<(Range<usize>, usize)>; 4],
) {
    for (field, spans) in fields.iter_mut().enumerate() {
        let text = view.live.text_of(field);
        if let ([word], true) = (term.words.as_slice(), covers(term, field)) {
            let is_meant = |w: &&Word| view.stands_for(word, &w.form) && is_spelled(word, w, &text);
            let own = view.live.all_in(field).filter(is_meant);
            spans.extend(own.map(|w| (w.range.start..end_of(w, &[word], &text), index)));
            continue;
        }
        for spot in view.spelled(term, field) {
            spans.push((range_of(spot, term, (view, field), &text), index));
        }
    }
}

/// Single letters with full stops between them.
fn is_initials(form: &str) -> bool {
    let parts: Vec<Vec<char>> = form.split('.').map(|part| part.chars().collect()).collect();
    let is_one = |part: &Vec<char>| matches!(part.as_slice(), [c] if c.is_alphabetic());
    parts.len() > 1 && parts.iter().all(is_one)
}

/// From the first character of the first word to the last one of the last word, with the stop behind initials; to its first one where the term asks for
/// no more of it.
fn range_of(
    spot: Spot,
    term: &Term,
    (view, field): (&View<'_>, usize),
    text: &str,
) -> Range<usize> {
    let words = &view.live.fields[field];
    let at = |position| {
        words
            .iter()
            .find(|w| w.position == position)
            .expect("a word at this position")
    };
    let last = at(spot.last);
    let meant: Vec<&QueryWord> = term
        .words
        .iter()
        .filter(|word| view.stands_for(word, &last.form))
        .collect();
    at(spot.first).range.start..end_of(last, &meant, text)
}

/// Where a span ends whose last word in the text is this one, for which these words of the query stand.
fn end_of(last: &Word, meant: &[&QueryWord], text: &str) -> usize {
    let form = fold(&text[last.range.clone()]);
    if meant.iter().all(|word| word.how == How::Character) {
        last.lead_end
    } else if is_initials(&form) && text[last.range.end..].starts_with('.') {
        last.range.end + 1
    } else {
        last.range.end
    }
}

/// A range of the joined heading path as one of the only heading that it lies in.
fn in_heading(headings: &[String], range: &Range<usize>) -> HeadingSpan {
    let starts = |heading: usize| {
        headings[..heading]
            .iter()
            .map(|h| h.len() + 1)
            .sum::<usize>()
    };
    let holds = |&heading: &usize| {
        starts(heading) <= range.start && range.end <= starts(heading) + headings[heading].len()
    };
    let heading = (0..headings.len())
        .find(holds)
        .expect("a span within one heading");
    HeadingSpan {
        heading,
        range: range.start - starts(heading)..range.end - starts(heading),
    }
}
