//! Mentions: each span of a text with the sentence it stands in.

use std::ops::Range;

use super::measure::PassageMeasure;
use super::passages::{Passage, cut_around};

/// A longer sentence is cut around the span: a table without full stops may be one.
const MAX_SENTENCE_CHARS: usize = 1000;

/// The sentence, or the sentences, of `body` that each of `spans` stands in; `all` are those of the text. The spans are
/// in order and apart from each other.
#[must_use]
pub fn sentences_of(
    body: &str,
    all: &[Range<usize>],
    spans: Vec<Range<usize>>,
) -> Vec<(Passage, Range<usize>)> {
    let measure = PassageMeasure::new(body, all);
    let sentence = |span: Range<usize>| {
        let first = all.partition_point(|sentence| sentence.end <= span.start);
        let behind = all.partition_point(|sentence| sentence.start < span.end);
        let whole = measure.span_of(first, behind.max(first + 1) - 1);
        let whole = whole.unwrap_or_else(|| span.clone());
        let range = match measure.chars(&whole) > MAX_SENTENCE_CHARS {
            true => cut_around(&measure, &whole, span.clone(), MAX_SENTENCE_CHARS),
            false => whole,
        };
        (Passage::new(range, all), span)
    };
    spans.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentences;

    #[test]
    fn each_span_has_the_sentence_or_sentences_that_it_stands_in() {
        let body = "Talks began. War and war again. It ended.";
        let all = sentences(body, None);
        let spans = vec![13..16, 21..24, 25..33];
        let found: Vec<&str> = sentences_of(body, &all, spans)
            .into_iter()
            .map(|(passage, _)| &body[passage.range])
            .collect();
        assert_eq!(
            found,
            [
                "War and war again.",
                "War and war again.",
                "War and war again. It ended."
            ]
        );
    }

    #[test]
    fn a_sentence_without_an_end_is_cut_around_the_span() {
        let body = "word ".repeat(2000);
        let all = sentences(&body, None);
        let found = sentences_of(&body, &all, std::iter::once(5000..5004).collect());
        let (passage, span) = &found[0];
        assert!(passage.range.start <= span.start && span.end <= passage.range.end);
        assert!(passage.range.len() <= MAX_SENTENCE_CHARS + 5, "{passage:?}");
        assert!(!passage.starts_sentence && !passage.ends_sentence);
    }
}
