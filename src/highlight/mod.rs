//! Highlights and passages: what satisfied the query in a section, and the extracts that show it.
//!
//! Works on stored text and the query's tree, with the analysis of indexing; it knows no engine.

mod measure;
mod mentions;
mod passages;
mod spans;
mod text_words;

pub use mentions::sentences_of;
pub use passages::{Passage, lead, passages};
pub use spans::{HeadingSpan, Highlighter, Highlights, SectionText, TermSpan, highlights};

use std::ops::Range;

/// Joins spans that overlap; the result is in order.
#[must_use]
pub fn merged(spans: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = spans.into_iter().collect();
    sorted.sort_by_key(|span| (span.start, span.end));
    let mut all: Vec<Range<usize>> = Vec::new();
    for span in sorted {
        match all.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => all.push(span),
        }
    }
    all
}
